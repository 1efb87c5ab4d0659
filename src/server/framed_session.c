/* Plain Thrift: framed or unframed, binary or compact, with TTwitter's headers after the upgrade.
 * Calls of one connection run one after the other, so pipelined ones are answered in order. */
#include "server/session.h"
#include "wire/scan.h"
#include "wire/ttwitter.h"

typedef struct {
    DunlinEncoding encoding;
    DunlinTtwitterEncoding header_encoding;
    gboolean unframed;
    gboolean first; /* the next frame is the connection's first: the only place for an upgrade */
    gboolean upgraded;
    gboolean running; /* a call has been begun and is not over */
    gboolean reading; /* in framed_input(), which goes on by itself after a call */
    gboolean ended;   /* a call has ended since the drain began */
    DunlinScan scan;  /* unframed only: how far the next message has been looked through */
} Framed;

static const struct {
    DunlinEncoding encoding;
    DunlinTtwitterEncoding header_encoding;
    gboolean unframed;
} shapes[DUNLIN_SNIFF_STRANGER] = {
    [DUNLIN_SNIFF_FRAMED_BINARY] = { DUNLIN_ENCODING_BINARY, DUNLIN_TTWITTER_BINARY, FALSE },
    [DUNLIN_SNIFF_FRAMED_BINARY_OLD] = { DUNLIN_ENCODING_BINARY, DUNLIN_TTWITTER_BINARY_OLD,
                                         FALSE },
    [DUNLIN_SNIFF_FRAMED_COMPACT] = { DUNLIN_ENCODING_COMPACT, DUNLIN_TTWITTER_COMPACT, FALSE },
    [DUNLIN_SNIFF_UNFRAMED_BINARY] = { DUNLIN_ENCODING_BINARY, DUNLIN_TTWITTER_BINARY, TRUE },
    [DUNLIN_SNIFF_UNFRAMED_BINARY_OLD] = { DUNLIN_ENCODING_BINARY, DUNLIN_TTWITTER_BINARY_OLD,
                                           TRUE },
    [DUNLIN_SNIFF_UNFRAMED_COMPACT] = { DUNLIN_ENCODING_COMPACT, DUNLIN_TTWITTER_COMPACT, TRUE },
};

static Framed *
state_of (DunlinCall *call)
{
    return ((DunlinSession *)call->session)->protocol_state;
}

static DunlinBuffer *
begin_reply (DunlinCall *call)
{
    DunlinSession *session = call->session;
    const Framed *self = session->protocol_state;
    DunlinBuffer *outbox = dunlin_stream_outbox (session->stream);

    call->reply_mark = dunlin_buffer_length (outbox);
    if (!self->unframed)
        dunlin_buffer_u32 (outbox, 0); /* the size, known at the end */
    if (self->upgraded)
        dunlin_ttwitter_write_response (outbox);
    return outbox;
}

static void
end_reply (DunlinCall *call)
{
    DunlinSession *session = call->session;
    DunlinBuffer *outbox = dunlin_stream_outbox (session->stream);

    call->reply_bytes = dunlin_buffer_length (outbox) - call->reply_mark;
    if (!state_of (call)->unframed)
        dunlin_buffer_patch_u32 (outbox, call->reply_mark, (guint32)(call->reply_bytes - 4));
    dunlin_stream_flush_later (session->stream);
}

static void
abort_reply (DunlinCall *call)
{
    DunlinSession *session = call->session;

    dunlin_buffer_truncate (dunlin_stream_outbox (session->stream), call->reply_mark);
}

/* After bytes that were no request the connection may hold anything: it is closed. Finagle's
 * clients close it themselves then. */
static gboolean
was_malformed (const DunlinCall *call)
{
    return call->error != NULL && call->error->domain == DUNLIN_ERROR &&
           (call->error->code == DUNLIN_ERROR_MALFORMED ||
            call->error->code == DUNLIN_ERROR_TOO_LARGE) &&
           (call->bad_arguments || call->method == NULL);
}

static void
finished (DunlinCall *call)
{
    DunlinSession *session = call->session;
    Framed *self = session->protocol_state;

    dunlin_session_end_call (session, call);
    self->running = FALSE;
    self->ended = TRUE;
    if (was_malformed (call))
        dunlin_session_close (session);
    else if (!self->reading)
        dunlin_session_resume_later (session);
}

static const DunlinCallWire plain_wire = { .protocol = "thrift",
                                           .begin_reply = begin_reply,
                                           .end_reply = end_reply,
                                           .abort_reply = abort_reply,
                                           .finished = finished };
static const DunlinCallWire ttwitter_wire = { .protocol = "ttwitter",
                                              .begin_reply = begin_reply,
                                              .end_reply = end_reply,
                                              .abort_reply = abort_reply,
                                              .finished = finished };

static gpointer
framed_open (DunlinSession *session, DunlinSniff kind)
{
    Framed *self = g_new0 (Framed, 1);

    self->encoding = shapes[kind].encoding;
    self->header_encoding = shapes[kind].header_encoding;
    self->unframed = shapes[kind].unframed;
    self->first = TRUE;
    dunlin_scan_init (&self->scan, self->encoding,
                      dunlin_server_loop_config (session->home)->max_frame);
    return self;
}

static gboolean
upgrade (DunlinSession *session, Framed *self, DunlinSlice frame)
{
    DunlinBuffer *outbox = dunlin_stream_outbox (session->stream);
    gsize mark = dunlin_buffer_length (outbox);
    gint32 sequence;

    if (!dunlin_ttwitter_is_upgrade (frame.data, frame.length, &self->header_encoding, &sequence))
        return FALSE;
    dunlin_buffer_u32 (outbox, 0);
    dunlin_ttwitter_write_upgrade_reply (outbox, self->header_encoding, sequence);
    dunlin_buffer_patch_u32 (outbox, mark, (guint32)(dunlin_buffer_length (outbox) - mark - 4));
    dunlin_stream_flush_later (session->stream);
    self->upgraded = TRUE;
    return TRUE;
}

static DunlinCall *
new_call (DunlinSession *session, Framed *self, const DunlinReader *message, DunlinContext *context)
{
    DunlinCall *call =
        dunlin_session_new_call (session, self->upgraded ? &ttwitter_wire : &plain_wire);

    call->context = dunlin_context_steal (context);
    call->encoding = self->encoding;
    call->strict = self->header_encoding != DUNLIN_TTWITTER_BINARY_OLD;
    call->body = message->data;
    call->body_length = message->left;
    self->running = TRUE;
    return call;
}

/* Runs the call; FALSE when the session is to be closed. */
static gboolean
take_message (DunlinSession *session, Framed *self, DunlinSlice message, GError **error)
{
    DunlinCall *call;
    DunlinReader reader = dunlin_reader (message.data, message.length);
    g_auto (DunlinContext) context = { 0 };

    if (self->upgraded &&
        !dunlin_ttwitter_read_request (&reader, self->header_encoding, &context, error))
        return FALSE;
    call = new_call (session, self, &reader, &context);
    dunlin_dispatch_set_deadline (call, &session->least_transit_ns);
    dunlin_dispatch (call);
    return TRUE;
}

/* The next message, if all of it is there. */
static DunlinProgress
next_message (DunlinSession *session, Framed *self, DunlinSlice *message, GError **error)
{
    gsize limit = dunlin_server_loop_config (session->home)->max_frame;
    gsize length;
    gsize whole = 0;
    DunlinProgress progress;
    const guint8 *data;

    if (!self->unframed)
        return dunlin_session_read_frame (session, limit, message, error);
    data = dunlin_stream_peek (session->stream, &length);
    if (length == 0)
        return DUNLIN_NEED_MORE;
    progress = dunlin_scan_feed (&self->scan, data, length, &whole, error);
    if (progress == DUNLIN_COMPLETE)
        *message = dunlin_slice (data, whole);
    return progress;
}

static void
consume (DunlinSession *session, Framed *self, DunlinSlice message)
{
    if (!self->unframed) {
        dunlin_session_consume_frame (session, message);
        return;
    }
    dunlin_stream_consume (session->stream, message.length);
    session->partial_since = 0;
    dunlin_scan_init (&self->scan, self->encoding,
                      dunlin_server_loop_config (session->home)->max_frame);
}

/* What cannot be read on is answered as far as it can be: with the name and sequence id of the
 * call, when these were in what came. */
static void
answer_broken (DunlinSession *session, Framed *self, const GError *error)
{
    gsize length;
    const guint8 *data = dunlin_stream_peek (session->stream, &length);
    DunlinReader reader = dunlin_reader (data, length);
    DunlinCall *call;
    g_auto (DunlinContext) context = { 0 };

    if (!self->unframed)
        dunlin_reader_take (&reader, 4);
    if (self->upgraded &&
        !dunlin_ttwitter_read_request (&reader, self->header_encoding, &context, NULL))
        reader.left = 0;
    if (!reader.failed && reader.left > 0) {
        call = new_call (session, self, &reader, &context);
        call->bad_arguments = TRUE;
        dunlin_call_fail (call, g_error_copy (error));
        dunlin_dispatch (call);
    }
    dunlin_session_reject (session, error);
}

/* A caller that drains is closed as its last reply goes out: it cannot have sent more by then. */
static void
close_if_drained (DunlinSession *session, Framed *self)
{
    gsize left;

    dunlin_stream_peek (session->stream, &left);
    if (session->draining && self->ended && !self->running && left == 0)
        dunlin_session_close (session);
}

static void
read_messages (DunlinSession *session, Framed *self)
{
    while (!self->running && session->state == DUNLIN_SESSION_OPEN) {
        g_autoptr (GError) error = NULL;
        DunlinSlice message = { 0 };
        DunlinProgress progress;
        gboolean first = self->first;

        if (dunlin_session_is_full (session)) {
            dunlin_session_pause (session);
            return;
        }
        progress = next_message (session, self, &message, &error);
        if (progress == DUNLIN_NEED_MORE)
            return;
        if (progress == DUNLIN_FAILED) {
            answer_broken (session, self, error);
            return;
        }
        self->first = FALSE;
        if (!(first && !self->unframed && upgrade (session, self, message)) &&
            !take_message (session, self, message, &error)) {
            dunlin_session_reject (session, error);
            return;
        }
        consume (session, self, message);
    }
}

static void
framed_input (DunlinSession *session, gpointer state)
{
    Framed *self = state;

    if (self->running) {
        /* Its turn comes after the call that runs; what came waits in the kernel from here on. */
        dunlin_session_pause (session);
        return;
    }
    self->reading = TRUE;
    read_messages (session, self);
    self->reading = FALSE;
    close_if_drained (session, self);
}

/* The peer reads again, or a reply that was large is out. */
static void
framed_drained (DunlinSession *session, gpointer state)
{
    if (session->paused && !((Framed *)state)->running)
        dunlin_session_resume_later (session);
}

/* Idle connections are closed by the sweep once they have been quiet for a moment. */
static void
framed_drain (DunlinSession *session, gpointer state)
{
    ((Framed *)state)->ended = FALSE;
}

static void
framed_free (gpointer state)
{
    g_free (state);
}

const DunlinSessionProtocol dunlin_framed_session = { .name = "thrift",
                                                      .open = framed_open,
                                                      .input = framed_input,
                                                      .drained = framed_drained,
                                                      .drain = framed_drain,
                                                      .free = framed_free };
