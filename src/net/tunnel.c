/* Listeners on loopback, and links: the library's connection to us, ours to the far end, and the
 * bytes between. A link begins with the library's connection and ends with either of the two. */
#define G_LOG_DOMAIN "dunlin-tls"
#include "net/tunnel.h"

#include "base/clock.h"
#include "base/log.h"
#include "net/own_socket.h"
#include "net/tcp.h"
#include "net/tls.h"

#include <unistd.h>

#define LOOPBACK "127.0.0.1"
/* One process with few connections at once. */
#define BACKLOG   16
#define MAX_LINKS 64
/* For what is left to be sent when the other side has ended. */
#define CLOSING_TIME G_USEC_PER_SEC
/* For all links together, when the tunnel is freed. */
#define STOPPING_TIME (2 * G_USEC_PER_SEC)
/* The library comes back at once after a handshake that failed, many times a second, and each one
 * costs the far end more than us: it waits so long, doubled with every failure. */
#define MIN_BACKOFF (100 * G_TIME_SPAN_MILLISECOND)
#define MAX_BACKOFF (2 * G_TIME_SPAN_SECOND)
/* Between two log lines about strangers. */
#define STRANGER_LOG (10 * G_TIME_SPAN_SECOND)

/* One far end, and the listener that leads to it. */
typedef struct {
    DunlinTunnel *tunnel; /* borrowed: it owns us */
    guint number;
    char *address; /* owned */
    guint16 port;
    char *name;               /* owned */
    DunlinListener *listener; /* owned */
    gint64 backoff;           /* 0 after a success */
    gint64 not_before;        /* no attempt before then */
} End;

typedef enum { WAITING, DIALLING, OPEN, ENDING } State;

typedef struct {
    End *end; /* borrowed: outlives its links */
    State state;
    gboolean answered;   /* the far end has said something */
    DunlinStream *near;  /* owned, nullable: the library's */
    DunlinStream *far;   /* owned, nullable */
    DunlinTimer *timer;  /* owned: the wait before dialling, then its limit */
    GError *dial_failed; /* owned, nullable */
} Link;

struct DunlinTunnel {
    DunlinLoop *loop; /* owned; everything below is its thread's */
    End *ends;        /* owned: n_ends of them */
    guint n_ends;
    gint64 timeout;
    DunlinCredentials *credentials; /* owned reference */
    DunlinTunnelFunc func;
    gpointer data;
    GPtrArray *links;  /* owned: of Link */
    DunlinTimer *stop; /* owned: made when we are to end: not later than that */
    gint64 next_stranger_log;
};

static const DunlinStreamEvents near_events;
static const DunlinStreamEvents far_events;

static void
link_free (gpointer data)
{
    Link *link = data;

    dunlin_stream_free (link->near);
    dunlin_stream_free (link->far);
    dunlin_timer_free (link->timer);
    g_clear_error (&link->dial_failed);
    g_free (link);
}

static void
drop_link (Link *link)
{
    DunlinTunnel *self = link->end->tunnel;

    g_ptr_array_remove_fast (self->links, link);
    if (self->stop != NULL && self->links->len == 0)
        dunlin_loop_stop (self->loop);
}

/* --- bytes --- */

/* All that @from has goes to @to, as long as that one gets rid of it. */
static void
pass (DunlinStream *from, DunlinStream *to)
{
    gsize length;
    const guint8 *bytes = dunlin_stream_peek (from, &length);

    dunlin_buffer_append (dunlin_stream_outbox (to), bytes, length);
    dunlin_stream_consume (from, length);
    dunlin_stream_flush_later (to);
    if (dunlin_stream_unsent (to) > DUNLIN_STREAM_SOFT_LIMIT)
        dunlin_stream_pause (from);
}

/* One side has ended: the other gets what there is for it, and the end. */
static void
end_other (Link *link, DunlinStream **ended, DunlinStream *other)
{
    link->state = ENDING;
    g_clear_pointer (ended, dunlin_stream_free);
    if (other != NULL)
        dunlin_stream_close (other, dunlin_deadline_in (CLOSING_TIME));
    else
        drop_link (link);
}

/* --- the far side --- */

static void
back_off (End *end)
{
    end->backoff = CLAMP (end->backoff * 2, MIN_BACKOFF, MAX_BACKOFF);
    end->not_before = dunlin_deadline_in (end->backoff);
}

static void
report (End *end, const GError *failure)
{
    end->tunnel->func (end->number, failure, end->tunnel->data);
}

static void
fail_dialling (Link *link, const GError *reason)
{
    g_autoptr (GError) unknown = NULL;

    if (reason == NULL)
        reason = unknown = g_error_new_literal (DUNLIN_ERROR, DUNLIN_ERROR_CLOSED,
                                                "the server hung up during the TLS handshake");
    back_off (link->end);
    report (link->end, reason);
}

static void
on_far_opened (DunlinStream *stream, gpointer owner)
{
    Link *link = owner;

    link->state = OPEN;
    dunlin_timer_disarm (link->timer);
    report (link->end, NULL);
    if (link->near != NULL)
        dunlin_stream_resume (link->near);
}

static void
on_far_input (DunlinStream *stream, gpointer owner)
{
    Link *link = owner;

    link->answered = TRUE;
    link->end->backoff = 0;
    if (link->near != NULL)
        pass (stream, link->near);
}

static void
on_far_drained (DunlinStream *stream, gpointer owner)
{
    Link *link = owner;

    if (link->near != NULL)
        dunlin_stream_resume (link->near);
}

static void
on_far_closed (DunlinStream *stream, const GError *reason, gpointer owner)
{
    Link *link = owner;

    /* In TLS 1.3 a server judges our certificate when the handshake is over for us. */
    if (link->state == DIALLING || (link->state == OPEN && !link->answered && reason != NULL))
        fail_dialling (link, reason);
    else if (reason != NULL)
        dunlin_log_info ("TLS to %s port %u has ended: %s", link->end->name, link->end->port,
                         reason->message);
    end_other (link, &link->far, link->near);
}

static gboolean
open_far (Link *link, GError **error)
{
    End *end = link->end;
    g_autofree char *text = g_strdup_printf ("%s:%u", end->address, end->port);
    int fd = dunlin_tcp_connect (end->address, end->port, error);
    DunlinPeer *peer;

    if (fd < 0)
        return FALSE;
    peer = dunlin_peer_new (text);
    link->far = dunlin_stream_new (
        fd, dunlin_tls_client_transport_new (fd, end->tunnel->credentials, end->name, peer), peer,
        &far_events, link);
    return TRUE;
}

static void
dial (Link *link)
{
    g_autoptr (GError) error = NULL;

    link->state = DIALLING;
    dunlin_timer_arm (link->timer, dunlin_deadline_in (link->end->tunnel->timeout));
    if (open_far (link, &error))
        return;
    fail_dialling (link, error);
    end_other (link, &link->far, link->near);
}

static void
on_timer (gpointer data)
{
    Link *link = data;
    g_autoptr (GError) error = NULL;

    if (link->state == WAITING) {
        dial (link);
        return;
    }
    error = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE,
                         "no TLS connection within %" G_GINT64_FORMAT " ms",
                         link->end->tunnel->timeout / 1000);
    fail_dialling (link, error);
    end_other (link, &link->far, link->near);
}

static const DunlinStreamEvents far_events = { .opened = on_far_opened,
                                               .input = on_far_input,
                                               .drained = on_far_drained,
                                               .closed = on_far_closed };

/* --- the near side --- */

static void
on_near_opened (DunlinStream *stream, gpointer owner)
{
    Link *link = owner;

    /* What the library says first waits in the kernel until the far side is open. */
    if (link->state != OPEN)
        dunlin_stream_pause (stream);
}

static void
on_near_input (DunlinStream *stream, gpointer owner)
{
    Link *link = owner;

    if (link->far != NULL)
        pass (stream, link->far);
}

static void
on_near_drained (DunlinStream *stream, gpointer owner)
{
    Link *link = owner;

    if (link->far != NULL)
        dunlin_stream_resume (link->far);
}

static void
on_near_closed (DunlinStream *stream, const GError *reason, gpointer owner)
{
    Link *link = owner;

    dunlin_timer_disarm (link->timer);
    end_other (link, &link->near, link->far);
}

static const DunlinStreamEvents near_events = { .opened = on_near_opened,
                                                .input = on_near_input,
                                                .drained = on_near_drained,
                                                .closed = on_near_closed };

static void
refuse_stranger (End *end, const DunlinPeer *peer)
{
    DunlinTunnel *self = end->tunnel;
    gint64 now = dunlin_clock_now ();

    if (now < self->next_stranger_log)
        return;
    self->next_stranger_log = now + STRANGER_LOG;
    dunlin_log_warning ("%s connected to this process's private way to %s:%u and was refused: it "
                        "is another process (or /proc cannot be read)",
                        peer->address, end->name, end->port);
}

/* Takes both. */
static void
on_accepted (int fd, DunlinPeer *peer, gpointer data)
{
    End *end = data;
    DunlinTunnel *self = end->tunnel;
    gboolean ours = dunlin_socket_is_to_ourselves (fd);
    Link *link;

    if (!ours)
        refuse_stranger (end, peer);
    if (!ours || self->links->len >= MAX_LINKS) {
        close (fd);
        dunlin_peer_unref (peer);
        return;
    }
    link = g_new0 (Link, 1);
    link->end = end;
    link->timer = dunlin_timer_new (self->loop, on_timer, link);
    link->near = dunlin_stream_new (fd, dunlin_tcp_transport_new (fd), peer, &near_events, link);
    g_ptr_array_add (self->links, link);
    if (end->backoff > 0 && end->not_before > dunlin_clock_now ())
        dunlin_timer_arm (link->timer, end->not_before);
    else
        dial (link);
}

/* --- life --- */

static void
start (gpointer data)
{
    DunlinTunnel *self = data;

    for (guint i = 0; i < self->n_ends; i++)
        dunlin_listener_start (self->ends[i].listener, self->loop, on_accepted, &self->ends[i]);
}

static void
on_stop_now (gpointer data)
{
    dunlin_loop_stop (((DunlinTunnel *)data)->loop);
}

/* The library has closed its connections, and its last words may still be on their way. */
static void
stop (gpointer data)
{
    DunlinTunnel *self = data;

    for (guint i = 0; i < self->n_ends; i++)
        dunlin_listener_stop (self->ends[i].listener);
    self->stop = dunlin_timer_new (self->loop, on_stop_now, self);
    if (self->links->len == 0)
        dunlin_loop_stop (self->loop);
    else
        dunlin_timer_arm (self->stop, dunlin_deadline_in (STOPPING_TIME));
}

static void
destroy (DunlinTunnel *self)
{
    g_ptr_array_unref (self->links);
    dunlin_timer_free (self->stop);
    for (guint i = 0; i < self->n_ends; i++) {
        dunlin_listener_free (self->ends[i].listener);
        g_free (self->ends[i].address);
        g_free (self->ends[i].name);
    }
    g_clear_pointer (&self->loop, dunlin_loop_free);
    dunlin_credentials_unref (self->credentials);
    g_free (self->ends);
    g_free (self);
}

static gboolean
listen_for (DunlinTunnel *self, const DunlinTunnelEnd *far, GError **error)
{
    End *end = &self->ends[self->n_ends];

    end->listener = dunlin_listener_new (LOOPBACK, 0, BACKLOG, error);
    if (end->listener == NULL)
        return FALSE;
    end->tunnel = self;
    end->number = self->n_ends++;
    end->address = g_strdup (far->address);
    end->port = far->port;
    end->name = g_strdup (far->name);
    return TRUE;
}

DunlinTunnel *
dunlin_tunnel_new (const DunlinTunnelEnd *ends, guint n, gint64 timeout,
                   DunlinCredentials *credentials, DunlinTunnelFunc func, gpointer data,
                   GError **error)
{
    DunlinTunnel *self = g_new0 (DunlinTunnel, 1);

    self->ends = g_new0 (End, n);
    self->timeout = timeout;
    self->credentials = dunlin_credentials_ref (credentials);
    self->func = func;
    self->data = data;
    self->links = g_ptr_array_new_with_free_func (link_free);
    self->loop = dunlin_loop_new ("tunnel", error);
    for (guint i = 0; i < n && self->loop != NULL; i++) {
        if (!listen_for (self, &ends[i], error))
            g_clear_pointer (&self->loop, dunlin_loop_free);
    }
    if (self->loop == NULL) {
        destroy (self);
        return NULL;
    }
    dunlin_loop_post (self->loop, start, self);
    dunlin_loop_start (self->loop);
    return self;
}

void
dunlin_tunnel_free (DunlinTunnel *self)
{
    if (self == NULL)
        return;
    dunlin_loop_post (self->loop, stop, self);
    dunlin_loop_join (self->loop);
    destroy (self);
}

guint16
dunlin_tunnel_port (DunlinTunnel *self, guint end)
{
    return dunlin_listener_port (self->ends[end].listener);
}
