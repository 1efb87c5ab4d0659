/* Sessions of one loop. Connections over the handshake limit wait in a queue: a storm of callers
 * must not starve those already served of the processor. */
#include "server/server_loop.h"

#include <unistd.h>

#include "server/session.h"

/* How often time limits are looked at: they are promises to within this. */
#define SWEEP (G_USEC_PER_SEC / 4)

typedef struct {
    DunlinServerLoop *home;
    int fd;
    DunlinPeer *peer;
} Arrival;

struct DunlinServerLoop {
    const DunlinServerConfig *config; /* borrowed: the server's */
    DunlinLoop *loop;                 /* borrowed: config's */
    DunlinSession *sessions;          /* owned */
    guint n_sessions;                 /* atomic: also those on their way here */
    guint handshakes;
    guint max_handshakes;
    GQueue waiting;     /* of Arrival */
    DunlinTimer *sweep; /* owned: made when the first session comes */
    gboolean draining;
    gint64 drain_deadline;
    DunlinLoopFunc drained;
    gpointer drained_data;
};

DunlinServerLoop *
dunlin_server_loop_new (const DunlinServerConfig *config, DunlinLoop *loop)
{
    DunlinServerLoop *self = g_new0 (DunlinServerLoop, 1);

    self->config = config;
    self->loop = loop;
    self->max_handshakes = MAX (config->max_handshakes / config->n_loops, 1);
    g_queue_init (&self->waiting);
    return self;
}

static void
drop_arrival (Arrival *arrival)
{
    close (arrival->fd);
    dunlin_peer_unref (arrival->peer);
    g_free (arrival);
}

void
dunlin_server_loop_free (DunlinServerLoop *self)
{
    Arrival *arrival;

    while (self->sessions != NULL)
        dunlin_session_free (self->sessions);
    while ((arrival = g_queue_pop_head (&self->waiting)) != NULL)
        drop_arrival (arrival);
    dunlin_timer_free (self->sweep);
    g_free (self);
}

const DunlinServerConfig *
dunlin_server_loop_config (DunlinServerLoop *self)
{
    return self->config;
}

guint
dunlin_server_loop_n_sessions (DunlinServerLoop *self)
{
    return __atomic_load_n (&self->n_sessions, __ATOMIC_RELAXED);
}

static void
report_drained (DunlinServerLoop *self)
{
    DunlinLoopFunc done = self->drained;

    if (!self->draining || done == NULL || self->sessions != NULL)
        return;
    self->drained = NULL;
    done (self->drained_data);
}

static void
one_less (DunlinServerLoop *self)
{
    __atomic_sub_fetch (&self->n_sessions, 1, __ATOMIC_RELAXED);
}

static void
on_sweep (gpointer data)
{
    DunlinServerLoop *self = data;
    gint64 now = dunlin_clock_now ();
    DunlinSession *next;

    for (DunlinSession *session = self->sessions; session != NULL; session = next) {
        next = session->next;
        if (self->draining && now >= self->drain_deadline)
            dunlin_session_free (session);
        else
            dunlin_session_check_time (session, now);
    }
    if (self->sessions != NULL)
        dunlin_timer_arm (self->sweep, now + SWEEP);
    report_drained (self);
}

static void
begin (DunlinServerLoop *self, Arrival *arrival)
{
    self->handshakes++;
    dunlin_session_new (self, arrival->fd, arrival->peer);
    g_free (arrival);
}

static void
on_arrival (gpointer data)
{
    Arrival *arrival = data;
    DunlinServerLoop *self = arrival->home;

    if (self->draining) {
        drop_arrival (arrival);
        one_less (self);
        return;
    }
    if (self->handshakes >= self->max_handshakes)
        g_queue_push_tail (&self->waiting, arrival);
    else
        begin (self, arrival);
}

void
dunlin_server_loop_give (DunlinServerLoop *self, int fd, DunlinPeer *peer)
{
    Arrival *arrival = g_new (Arrival, 1);

    *arrival = (Arrival){ .home = self, .fd = fd, .peer = peer };
    __atomic_add_fetch (&self->n_sessions, 1, __ATOMIC_RELAXED);
    dunlin_loop_post (self->loop, on_arrival, arrival);
}

void
dunlin_server_loop_handshake_ended (DunlinServerLoop *self)
{
    Arrival *arrival;

    self->handshakes--;
    if (self->handshakes >= self->max_handshakes)
        return;
    arrival = g_queue_pop_head (&self->waiting);
    if (arrival != NULL)
        begin (self, arrival);
}

void
dunlin_server_loop_add (DunlinServerLoop *self, DunlinSession *session)
{
    session->next = self->sessions;
    if (self->sessions != NULL)
        self->sessions->previous = session;
    self->sessions = session;
    if (self->sweep == NULL)
        self->sweep = dunlin_timer_new (self->loop, on_sweep, self);
    if (session->next == NULL)
        dunlin_timer_arm (self->sweep, dunlin_deadline_in (SWEEP));
}

void
dunlin_server_loop_remove (DunlinServerLoop *self, DunlinSession *session)
{
    if (session->next != NULL)
        session->next->previous = session->previous;
    if (session->previous != NULL)
        session->previous->next = session->next;
    else
        self->sessions = session->next;
    one_less (self);
    report_drained (self);
}

typedef struct {
    DunlinServerLoop *home;
    gint64 deadline;
    DunlinLoopFunc done;
    gpointer data;
} Drain;

static void
on_drain (gpointer data)
{
    Drain *drain = data;
    DunlinServerLoop *self = drain->home;
    DunlinSession *next;
    Arrival *arrival;

    self->draining = TRUE;
    self->drain_deadline = drain->deadline;
    self->drained = drain->done;
    self->drained_data = drain->data;
    g_free (drain);
    while ((arrival = g_queue_pop_head (&self->waiting)) != NULL) {
        drop_arrival (arrival);
        one_less (self);
    }
    for (DunlinSession *session = self->sessions; session != NULL; session = next) {
        next = session->next;
        dunlin_session_drain (session);
    }
    report_drained (self);
}

void
dunlin_server_loop_drain (DunlinServerLoop *self, gint64 deadline, DunlinLoopFunc done,
                          gpointer data)
{
    Drain *drain = g_new (Drain, 1);

    *drain = (Drain){ .home = self, .deadline = deadline, .done = done, .data = data };
    dunlin_loop_post (self->loop, on_drain, drain);
}
