/* What every session does, whatever its protocol: opening, the first bytes, time limits, closing.
 */
#define G_LOG_DOMAIN "dunlin-server"
#include "server/session.h"

#include "base/log.h"
#include "net/tls.h"
#include "server/stranger.h"
#include "wire/frame.h"

/* How long a closing session may take to get its last bytes to the peer. */
#define CLOSE_TIME (5 * G_USEC_PER_SEC)

/* With so much unread by the peer, no more calls are taken from it. */
#define OUTBOX_FULL (8 * 1024 * 1024)

/* A framed session that drains is closed when no call came for so long: the caller may have sent
 * one just before it could know. */
#define DRAIN_QUIET (G_USEC_PER_SEC / 4)

/* Handshakes are few at once to spare the processor. One that takes long waits for its peer, not
 * for us: if it kept its place, some hundred silent callers would keep everybody else out. */
#define HOLDS_PLACE (G_USEC_PER_SEC / 4)

static void
give_place_up (DunlinSession *self)
{
    if (!self->holds_place)
        return;
    self->holds_place = FALSE;
    dunlin_server_loop_handshake_ended (self->home);
}

static void
set_state (DunlinSession *self, DunlinSessionState state)
{
    if (state != DUNLIN_SESSION_OPENING)
        give_place_up (self);
    self->state = state;
}

static void
on_opened (DunlinStream *stream, gpointer owner)
{
    DunlinSession *self = owner;
    const DunlinPeer *peer = dunlin_stream_peer (stream);

    set_state (self, DUNLIN_SESSION_SILENT);
    dunlin_log_debug ("%s: open, %s, identity %s", peer->address,
                      peer->tls_version != NULL ? peer->tls_version : "no TLS",
                      peer->identity != NULL ? peer->identity : "unknown");
}

/* The first bytes decide the protocol for good. FALSE while they are too few, or nobody's. */
static gboolean
pick_protocol (DunlinSession *self)
{
    gsize length;
    const guint8 *data = dunlin_stream_peek (self->stream, &length);
    DunlinSniff kind = dunlin_sniff (data, length);

    if (kind == DUNLIN_SNIFF_NEED_MORE)
        return FALSE;
    self->protocol = kind == DUNLIN_SNIFF_MUX ? &dunlin_mux_session : &dunlin_framed_session;
    if (dunlin_sniff_is_stranger (kind)) {
        self->protocol = NULL;
        dunlin_stranger_answer (self, kind);
        return FALSE;
    }
    set_state (self, DUNLIN_SESSION_OPEN);
    self->protocol_state = self->protocol->open (self, kind);
    if (self->draining)
        self->protocol->drain (self, self->protocol_state);
    return TRUE;
}

static void
note_partial (DunlinSession *self)
{
    gsize left;

    dunlin_stream_peek (self->stream, &left);
    if (left == 0)
        self->partial_since = 0;
    else if (self->partial_since == 0)
        self->partial_since = dunlin_loop_now (dunlin_stream_loop (self->stream));
}

static void
read_on (DunlinSession *self)
{
    if (self->state == DUNLIN_SESSION_CLOSING)
        return;
    if (self->protocol == NULL && !pick_protocol (self)) {
        note_partial (self);
        return;
    }
    self->protocol->input (self, self->protocol_state);
    note_partial (self);
}

static void
on_input (DunlinStream *stream, gpointer owner)
{
    read_on (owner);
}

static void
on_drained (DunlinStream *stream, gpointer owner)
{
    DunlinSession *self = owner;

    if (self->protocol != NULL && self->protocol->drained != NULL)
        self->protocol->drained (self, self->protocol_state);
}

static void
on_closed (DunlinStream *stream, const GError *reason, gpointer owner)
{
    DunlinSession *self = owner;
    const char *address = dunlin_stream_peer (stream)->address;

    if (reason != NULL && self->state == DUNLIN_SESSION_OPENING)
        dunlin_log_warning ("%s: refused: %s", address, reason->message);
    else if (reason != NULL && self->n_calls > 0)
        dunlin_log_info ("%s: lost with %u calls running: %s", address, self->n_calls,
                         reason->message);
    else if (reason != NULL)
        dunlin_log_debug ("%s: closed: %s", address, reason->message);
    dunlin_session_free (self);
}

static const DunlinStreamEvents events = {
    .opened = on_opened, .input = on_input, .drained = on_drained, .closed = on_closed
};

static void
on_resume (gpointer data)
{
    DunlinSession *self = data;

    if (self->paused) {
        self->paused = FALSE;
        dunlin_stream_resume (self->stream);
    }
    read_on (self);
}

DunlinSession *
dunlin_session_new (DunlinServerLoop *home, int fd, DunlinPeer *peer)
{
    const DunlinServerConfig *config = dunlin_server_loop_config (home);
    DunlinSession *self = g_new0 (DunlinSession, 1);
    DunlinTransport *transport =
        config->credentials != NULL
            ? dunlin_tls_server_transport_new (fd, config->credentials, peer)
            : dunlin_tcp_transport_new (fd);

    self->home = home;
    self->holds_place = TRUE;
    self->opened = dunlin_clock_now ();
    self->least_transit_ns = G_MAXINT64;
    self->resume = (DunlinDeferred){ .func = on_resume, .data = self, .early = TRUE };
    self->stream = dunlin_stream_new (fd, transport, peer, &events, self);
    dunlin_server_loop_add (home, self);
    return self;
}

static void
detach_calls (DunlinSession *self)
{
    DunlinCall *next;

    for (DunlinCall *call = self->calls; call != NULL; call = next) {
        next = call->next;
        dunlin_call_detach (call);
    }
    self->calls = NULL;
    self->n_calls = 0;
}

void
dunlin_session_free (DunlinSession *self)
{
    set_state (self, DUNLIN_SESSION_CLOSING);
    dunlin_loop_undefer (dunlin_stream_loop (self->stream), &self->resume);
    detach_calls (self);
    if (self->protocol != NULL)
        self->protocol->free (self->protocol_state);
    dunlin_stream_free (self->stream);
    dunlin_server_loop_remove (self->home, self);
    g_free (self);
}

void
dunlin_session_close (DunlinSession *self)
{
    if (self->state == DUNLIN_SESSION_CLOSING)
        return;
    set_state (self, DUNLIN_SESSION_CLOSING);
    dunlin_stream_close (self->stream, dunlin_deadline_in (CLOSE_TIME));
}

void
dunlin_session_reject (DunlinSession *self, const GError *error)
{
    const DunlinPeer *peer = dunlin_stream_peer (self->stream);

    dunlin_log_warning ("%s (%s): connection refused: %s", peer->address,
                        peer->identity != NULL ? peer->identity : "no identity", error->message);
    dunlin_session_close (self);
}

static void
give_up (DunlinSession *self, const char *what, gint64 limit)
{
    dunlin_log_warning ("%s: cut off: %s within %" G_GINT64_FORMAT " ms",
                        dunlin_stream_peer (self->stream)->address, what, limit / 1000);
    dunlin_session_free (self);
}

/* Whether the peer leaves its replies unread: nothing of them has left for too long. */
static gboolean
is_stuck (DunlinSession *self, gint64 now, gint64 limit)
{
    gsize unsent = dunlin_stream_unsent (self->stream);

    if (unsent == 0) {
        self->unsent_since = 0;
        return FALSE;
    }
    if (self->unsent_since == 0 || unsent < self->unsent_before)
        self->unsent_since = now;
    self->unsent_before = unsent;
    return now - self->unsent_since > limit;
}

static gint64
quiet_time (DunlinSession *self, gint64 now)
{
    return now - MAX (dunlin_stream_last_active (self->stream), self->opened);
}

void
dunlin_session_check_time (DunlinSession *self, gint64 now)
{
    const DunlinServerConfig *config = dunlin_server_loop_config (self->home);
    gboolean waits = self->n_calls > 0 || self->paused;

    if (self->state == DUNLIN_SESSION_OPENING && now - self->opened > config->handshake_timeout)
        give_up (self, "no finished TLS handshake", config->handshake_timeout);
    else if (self->state == DUNLIN_SESSION_OPENING && now - self->opened > HOLDS_PLACE)
        give_place_up (self);
    else if (self->state == DUNLIN_SESSION_CLOSING)
        return; /* the stream has its own deadline */
    else if (self->state == DUNLIN_SESSION_SILENT && now - self->opened > config->read_timeout)
        give_up (self, "nothing was said", config->read_timeout);
    else if (is_stuck (self, now, config->write_timeout))
        give_up (self, "replies were not read", config->write_timeout);
    else if (!waits && self->partial_since != 0 && now - self->partial_since > config->read_timeout)
        give_up (self, "a request was not complete", config->read_timeout);
    else if (self->draining && !waits && self->protocol != &dunlin_mux_session &&
             quiet_time (self, now) > DRAIN_QUIET)
        dunlin_session_close (self);
    else if (config->idle_timeout > 0 && !waits && quiet_time (self, now) > config->idle_timeout)
        dunlin_session_close (self);
}

void
dunlin_session_drain (DunlinSession *self)
{
    self->draining = TRUE;
    if (self->state == DUNLIN_SESSION_OPENING)
        dunlin_session_free (self);
    else if (self->state == DUNLIN_SESSION_OPEN)
        self->protocol->drain (self, self->protocol_state);
}

DunlinCall *
dunlin_session_new_call (DunlinSession *self, const DunlinCallWire *wire)
{
    DunlinCall *call = dunlin_call_new (dunlin_server_loop_config (self->home)->dispatcher);

    call->wire = wire;
    call->protocol = wire->protocol;
    call->session = self;
    call->peer = dunlin_stream_peer (self->stream);
    call->arrived = dunlin_loop_now (dunlin_stream_loop (self->stream));
    call->next = self->calls;
    if (self->calls != NULL)
        self->calls->previous = call;
    self->calls = call;
    self->n_calls++;
    return call;
}

void
dunlin_session_end_call (DunlinSession *self, DunlinCall *call)
{
    if (call->next != NULL)
        call->next->previous = call->previous;
    if (call->previous != NULL)
        call->previous->next = call->next;
    else
        self->calls = call->next;
    call->next = call->previous = NULL;
    self->n_calls--;
}

gboolean
dunlin_session_is_full (DunlinSession *self)
{
    return dunlin_stream_unsent (self->stream) + self->held_back > OUTBOX_FULL;
}

void
dunlin_session_pause (DunlinSession *self)
{
    self->paused = TRUE;
    dunlin_stream_pause (self->stream);
}

void
dunlin_session_resume_later (DunlinSession *self)
{
    dunlin_loop_defer (dunlin_stream_loop (self->stream), &self->resume);
}

DunlinProgress
dunlin_session_read_frame (DunlinSession *self, gsize size_limit, DunlinSlice *frame,
                           GError **error)
{
    gsize length;
    const guint8 *data = dunlin_stream_peek (self->stream, &length);
    DunlinReader reader = dunlin_reader (data, length);
    const guint8 *prefix = dunlin_reader_take (&reader, DUNLIN_FRAME_SIZE_BYTES);
    gsize size;

    if (prefix == NULL)
        return DUNLIN_NEED_MORE;
    if (!dunlin_frame_size (prefix, size_limit, &size, error))
        return DUNLIN_FAILED;
    if (reader.left < size) {
        dunlin_stream_want (self->stream, size + DUNLIN_FRAME_SIZE_BYTES);
        return DUNLIN_NEED_MORE;
    }
    *frame = dunlin_slice (reader.data, size);
    return DUNLIN_COMPLETE;
}

void
dunlin_session_consume_frame (DunlinSession *self, DunlinSlice frame)
{
    dunlin_stream_consume (self->stream, frame.length + DUNLIN_FRAME_SIZE_BYTES);
    self->partial_since = 0;
}
