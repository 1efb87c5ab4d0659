/* The Thrift server: a listener, sessions spread over the data loops, drain. */
#pragma once

#include "net/credentials.h"
#include "net/tcp.h"
#include "rpc/dispatch.h"

G_BEGIN_DECLS

typedef struct DunlinServer DunlinServer;

/**
 * DunlinServerConfig:
 * @host: to bind
 * @port: 0 picks a free one
 * @credentials: (nullable): %NULL serves without TLS; borrowed, outlives the server
 * @dispatcher: borrowed, outlives the server
 * @label: of the metrics, srv/<label>/...
 * @control: the loop that accepts
 * @loops: (array length=n_loops): the loops that serve; borrowed, must have ended (or not begun)
 *   when the server is freed
 * @max_frame: bytes of one request
 * @max_connections: 0: no limit
 * @max_handshakes: TLS handshakes at once; more connections wait for their turn
 * @handshake_timeout: microseconds for TLS and the first bytes
 * @read_timeout: microseconds for a request from its first byte to its last
 * @write_timeout: microseconds that a peer may leave a reply unread
 * @idle_timeout: microseconds without a byte and without a call; 0: for ever
 */
typedef struct {
    const char *host;
    guint16 port;
    DunlinCredentials *credentials;
    DunlinDispatcher *dispatcher;
    const char *label;
    DunlinLoop *control;
    DunlinLoop **loops;
    guint n_loops;
    gsize max_frame;
    guint max_connections;
    guint max_handshakes;
    gint64 handshake_timeout;
    gint64 read_timeout;
    gint64 write_timeout;
    gint64 idle_timeout;
} DunlinServerConfig;

/* Binds; nothing is accepted yet. */
DunlinServer *dunlin_server_new (const DunlinServerConfig *config, GError **error);

/* Begins to accept. On the control loop's thread (or before that runs), when the data loops run. */
void dunlin_server_start (DunlinServer *self);

/**
 * dunlin_server_drain:
 * @deadline: when whoever is still there is cut off
 * @done: called on the control loop when no session is left
 *
 * Stops accepting and lets every session finish: mux peers are told with Tdrain, framed ones are
 * closed between calls. On the control loop's thread. Not to be freed before @done was called.
 */
void dunlin_server_drain (DunlinServer *self, gint64 deadline, DunlinLoopFunc done, gpointer data);

/* When the data loops have ended. */
void dunlin_server_free (DunlinServer *self);

guint16 dunlin_server_port (DunlinServer *self);
const char *dunlin_server_host (DunlinServer *self);
/* Connections now, over all loops. From any thread. */
guint dunlin_server_n_sessions (DunlinServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinServer, dunlin_server_free)

G_END_DECLS
