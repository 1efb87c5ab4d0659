/* The address that a service tells its callers: a setting's, or found by itself; never one that
 * callers cannot use. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dunlin_advertise_find:
 * @setting: (nullable): zookeeper.advertise: "host" or "host:port"; %NULL or "": to be found
 * @bound_host: what the service listens on, a literal address
 * @bound_port: and its port, which is advertised unless @setting names one
 * @servers: zookeeper.servers
 * @host: (out) (transfer full): a name or an address, IPv6 without brackets
 * @port: (out):
 * @error: DUNLIN_ERROR_SETTINGS, with the setting, its value and the remedy
 *
 * Found is what the service is bound to or, when it is bound to every address of the machine
 * (0.0.0.0, ::), the one from which this machine reaches ZooKeeper. Refused are names without
 * address, 0.0.0.0 and ::, multicast, IPv6 addresses that hold on one link only, and loopback
 * unless ZooKeeper itself is on loopback. Blocks for as long as name servers take.
 *
 * Returns: whether there is an address to advertise.
 */
gboolean dunlin_advertise_find (const char *setting, const char *bound_host, guint16 bound_port,
                                const char *servers, char **host, guint16 *port, GError **error);

G_END_DECLS
