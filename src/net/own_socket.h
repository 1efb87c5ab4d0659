/* Whether the other end of a connection over loopback is a socket of this very process. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dunlin_socket_is_to_ourselves:
 * @fd: an accepted TCP socket
 *
 * No secret and no credentials of the peer are needed, so it also works for libraries that connect
 * by address and nothing else. Looks through all our descriptors: for connections that are rare.
 *
 * Returns: whether this process holds the socket that @fd is connected to. %FALSE when that cannot
 * be found out (no /proc).
 */
gboolean dunlin_socket_is_to_ourselves (int fd);

G_END_DECLS
