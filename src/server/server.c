/* Accepting, spreading connections over the loops, draining them all. */
#define G_LOG_DOMAIN "dunlin-server"
#include "server/server.h"

#include <unistd.h>

#include "base/log.h"
#include "server/server_loop.h"

/* Finished handshakes wait in the kernel while all loops are busy. */
#define BACKLOG 4096

struct DunlinServer {
    DunlinServerConfig config;
    DunlinListener *listener; /* owned */
    DunlinServerLoop **loops; /* owned: config.n_loops of them */
    guint loops_left;         /* to drain; on the control loop */
    DunlinLoopFunc done;
    gpointer done_data;
};

DunlinServer *
dunlin_server_new (const DunlinServerConfig *config, GError **error)
{
    DunlinListener *listener = dunlin_listener_new (config->host, config->port, BACKLOG, error);
    DunlinServer *self;

    if (listener == NULL)
        return NULL;
    self = g_new0 (DunlinServer, 1);
    self->config = *config;
    self->listener = listener;
    self->loops = g_new0 (DunlinServerLoop *, config->n_loops);
    for (guint i = 0; i < config->n_loops; i++)
        self->loops[i] = dunlin_server_loop_new (&self->config, config->loops[i]);
    return self;
}

/* Finagle keeps few, long-lived connections: counting them beats hashing them. */
static DunlinServerLoop *
emptiest (DunlinServer *self)
{
    DunlinServerLoop *best = self->loops[0];

    for (guint i = 1; i < self->config.n_loops; i++) {
        if (dunlin_server_loop_n_sessions (self->loops[i]) < dunlin_server_loop_n_sessions (best))
            best = self->loops[i];
    }
    return best;
}

static void
on_accept (int fd, DunlinPeer *peer, gpointer data)
{
    DunlinServer *self = data;
    guint max = self->config.max_connections;

    if (max > 0 && dunlin_server_n_sessions (self) >= max) {
        static DunlinLogLimit limit = DUNLIN_LOG_LIMIT (5, 10 * G_USEC_PER_SEC);

        dunlin_log_limited (DUNLIN_LOG_WARNING, &limit,
                            "refused %s: %u connections are open already, which is "
                            "thrift.max-connections",
                            peer->address, max);
        close (fd);
        dunlin_peer_unref (peer);
        return;
    }
    dunlin_server_loop_give (emptiest (self), fd, peer);
}

void
dunlin_server_start (DunlinServer *self)
{
    dunlin_listener_start (self->listener, self->config.control, on_accept, self);
}

static void
on_loop_drained (gpointer data)
{
    DunlinServer *self = data;

    if (--self->loops_left == 0)
        self->done (self->done_data);
}

/* On a data loop: says so to the control loop. */
static void
report_loop_drained (gpointer data)
{
    DunlinServer *self = data;

    dunlin_loop_post (self->config.control, on_loop_drained, self);
}

void
dunlin_server_drain (DunlinServer *self, gint64 deadline, DunlinLoopFunc done, gpointer data)
{
    dunlin_listener_stop (self->listener);
    self->done = done;
    self->done_data = data;
    self->loops_left = self->config.n_loops;
    for (guint i = 0; i < self->config.n_loops; i++)
        dunlin_server_loop_drain (self->loops[i], deadline, report_loop_drained, self);
}

void
dunlin_server_free (DunlinServer *self)
{
    if (self == NULL)
        return;
    dunlin_listener_free (self->listener);
    for (guint i = 0; i < self->config.n_loops; i++)
        dunlin_server_loop_free (self->loops[i]);
    g_free (self->loops);
    g_free (self);
}

guint16
dunlin_server_port (DunlinServer *self)
{
    return dunlin_listener_port (self->listener);
}

const char *
dunlin_server_host (DunlinServer *self)
{
    return dunlin_listener_host (self->listener);
}

guint
dunlin_server_n_sessions (DunlinServer *self)
{
    guint n = 0;

    for (guint i = 0; i < self->config.n_loops; i++)
        n += dunlin_server_loop_n_sessions (self->loops[i]);
    return n;
}
