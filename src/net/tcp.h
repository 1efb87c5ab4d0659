/* TCP: listening, accepting, connecting, and the plain transport. */
#pragma once

#include "fiber/fiber.h"
#include "net/stream.h"

G_BEGIN_DECLS

typedef struct DunlinListener DunlinListener;
/* @fd: (transfer full): non-blocking, close-on-exec. @peer: (transfer full): its address. */
typedef void (*DunlinAcceptFunc) (int fd, DunlinPeer *peer, gpointer data);

/**
 * dunlin_listener_new:
 * @host: a numeric address or name to bind; "" or "*" is every address
 * @port: 0 picks a free one
 *
 * Binds and listens at once; accepts when dunlin_listener_start() is called on a loop. Running out
 * of descriptors pauses it for a while (logged), it never spins.
 */
DunlinListener *dunlin_listener_new (const char *host, guint16 port, int backlog, GError **error);
void dunlin_listener_start (DunlinListener *self, DunlinLoop *loop, DunlinAcceptFunc accept,
                            gpointer data);
/* Stops accepting and closes the socket. On the loop it was started on, or when that has ended. */
void dunlin_listener_stop (DunlinListener *self);
void dunlin_listener_free (DunlinListener *self);
guint16 dunlin_listener_port (DunlinListener *self);
const char *dunlin_listener_host (DunlinListener *self); /* numeric, as bound */

/* The plain transport over @fd (not owned: the stream closes it). */
DunlinTransport *dunlin_tcp_transport_new (int fd);

/* A non-blocking connect to a numeric address; the stream's handshake finishes it.
 * Returns the socket or -1 with @error. */
int dunlin_tcp_connect (const char *address, guint16 port, GError **error);

/* Likewise to the Unix socket @path. */
int dunlin_unix_connect (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinListener, dunlin_listener_free)

G_END_DECLS
