/* TLS between ZooKeeper's C client and an ensemble, by a tunnel of ours: the client's own TLS can
 * hang for ever, checks no host's name, and dies when a process has many descriptors. */
#pragma once

#include "discovery/ensemble.h"
#include "net/credentials.h"
#include "net/tunnel.h"

G_BEGIN_DECLS

/**
 * DunlinZookeeperTls:
 * @credentials: what we show, and the CA whose servers we believe; may be reloaded at any time
 * @server_name: (nullable): what every server's certificate must be for; %NULL: its own host, as
 *   the ensemble's setting names it
 */
typedef struct {
    DunlinCredentials *credentials;
    const char *server_name;
} DunlinZookeeperTls;

/* Returns: (transfer full) (nullable): a copy with a reference; %NULL of %NULL. */
DunlinZookeeperTls *dunlin_zookeeper_tls_copy (const DunlinZookeeperTls *self);
void dunlin_zookeeper_tls_free (DunlinZookeeperTls *self);

/**
 * dunlin_zookeeper_tls_open:
 * @addresses: of DunlinEnsembleAddress, borrowed
 * @session_timeout_ms: shared by the servers: one that is silent must leave time for the next
 * @func: told of every connection; its end is the number of an address
 *
 * Returns: (transfer full) (nullable): a tunnel with a port on loopback for each address.
 */
DunlinTunnel *dunlin_zookeeper_tls_open (const DunlinZookeeperTls *self, const GArray *addresses,
                                         int session_timeout_ms, DunlinTunnelFunc func,
                                         gpointer data, GError **error);

/* Returns: (transfer full): the tunnel's ports, as ZooKeeper's C client takes them. */
char *dunlin_zookeeper_tls_addresses (DunlinTunnel *tunnel, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinZookeeperTls, dunlin_zookeeper_tls_free)

G_END_DECLS
