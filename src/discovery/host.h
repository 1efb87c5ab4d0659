/* Hosts as settings name them: "host", "host:port", and the addresses that a name has now. */
#pragma once

#include <glib.h>
#include <netdb.h>

G_BEGIN_DECLS

/**
 * dunlin_host_port_parse:
 * @text: "host", "host:port", "[address]:port" or a bare IPv6 address
 * @port: (inout): left alone when @text names none
 * @error: DUNLIN_ERROR_SETTINGS
 *
 * Returns: (transfer full) (nullable): the host, without brackets.
 */
char *dunlin_host_port_parse (const char *text, guint16 *port, GError **error);

/**
 * dunlin_host_look_up:
 * @host: a name or a literal address without brackets
 * @error: DUNLIN_ERROR_UNAVAILABLE: the resolver's reason, without @host
 *
 * Blocks for as long as name servers take. Free with freeaddrinfo().
 *
 * Returns: (transfer full) (nullable): its addresses for streams, without ports.
 */
struct addrinfo *dunlin_host_look_up (const char *host, GError **error);

G_END_DECLS
