/* ThriftMux: many calls at once on one connection, each with a tag. What Finagle's server answers,
 * this answers (finagle-mux pushsession/MuxServerSession.scala, ServerTracker.scala). */
#define G_LOG_DOMAIN "dunlin-server"
#include "base/log.h"
#include "server/session.h"
#include "server/tag_table.h"
#include "wire/mux.h"
#include "wire/mux_fragment.h"
#include "wire/ttwitter.h"

/* Contexts, destination and delegations come on top of the Thrift message. */
#define HEADER_ROOM (64 * 1024)
/* What a client may send in one fragment: any size, the frame limit decides. */
#define OUR_WINDOW DUNLIN_MUX_WINDOW_MAX
/* Messages whose fragments a client may have open at once. */
#define MAX_FRAGMENTED 1024
/* Undecodable arguments that one session is forgiven: generated code may leak some bytes with
 * each, and a client that sends more is broken or worse. */
#define MAX_MALFORMED 64

typedef struct {
    DunlinTagTable calls; /* by tag; borrowed: also in the session's list */
    DunlinMuxDefrag defrag;
    guint32 peer_window;
    gboolean drain_acknowledged;
    GQueue fragmented; /* owned: of DunlinMuxFragmenter: replies going out in turns */
} Mux;

static Mux *
state_of (DunlinSession *session)
{
    return session->protocol_state;
}

static DunlinBuffer *
outbox_of (DunlinSession *session)
{
    dunlin_stream_flush_later (session->stream);
    return dunlin_stream_outbox (session->stream);
}

static void
free_fragmenter (gpointer data)
{
    dunlin_mux_fragmenter_clear (data);
    g_free (data);
}

static gboolean
send_fragment (DunlinSession *session, DunlinMuxFragmenter *fragmenter)
{
    gsize before = dunlin_buffer_length (&fragmenter->body);
    gboolean more = dunlin_mux_fragmenter_next (fragmenter, outbox_of (session));

    session->held_back -= before - dunlin_buffer_length (&fragmenter->body);
    return more;
}

/* One fragment of each message in turn while there is room, so that small replies get between;
 * then the stream's drained event goes on. */
static void
send_fragments (DunlinSession *session, Mux *self)
{
    while (!g_queue_is_empty (&self->fragmented) &&
           dunlin_stream_unsent (session->stream) <= DUNLIN_STREAM_SOFT_LIMIT) {
        DunlinMuxFragmenter *fragmenter = g_queue_pop_head (&self->fragmented);

        if (send_fragment (session, fragmenter))
            g_queue_push_tail (&self->fragmented, fragmenter);
        else
            free_fragmenter (fragmenter);
    }
}

static DunlinBuffer *
begin_reply (DunlinCall *call)
{
    DunlinBuffer *outbox = dunlin_stream_outbox (((DunlinSession *)call->session)->stream);

    call->reply_mark =
        dunlin_mux_begin_reply (outbox, call->kind, call->tag, DUNLIN_MUX_OK, NULL, 0);
    return outbox;
}

/* Takes the frame just written out of the outbox again, to go out piece by piece. */
static void
fragment_reply (DunlinSession *session, Mux *self, DunlinBuffer *outbox, gsize mark)
{
    DunlinMuxFragmenter *fragmenter = g_new0 (DunlinMuxFragmenter, 1);

    dunlin_mux_fragmenter_init (fragmenter, outbox, mark, self->peer_window);
    session->held_back += dunlin_buffer_length (&fragmenter->body);
    g_queue_push_tail (&self->fragmented, fragmenter);
    send_fragments (session, self);
}

static void
end_reply (DunlinCall *call)
{
    DunlinSession *session = call->session;
    Mux *self = state_of (session);
    DunlinBuffer *outbox = outbox_of (session);

    call->reply_bytes = dunlin_mux_end (outbox, call->reply_mark);
    if (G_UNLIKELY (dunlin_mux_needs_fragments (dunlin_buffer_bytes (outbox) + call->reply_mark,
                                                call->reply_bytes, self->peer_window)))
        fragment_reply (session, self, outbox, call->reply_mark);
}

static void
abort_reply (DunlinCall *call)
{
    DunlinSession *session = call->session;

    dunlin_buffer_truncate (dunlin_stream_outbox (session->stream), call->reply_mark);
}

static void
refuse (DunlinCall *call, const DunlinErrorRow *row)
{
    dunlin_mux_write_failure (outbox_of (call->session), call->kind, call->tag, DUNLIN_MUX_NACK,
                              row->mux_flags, NULL);
}

/* Every tag needs an answer, also that of a oneway call: an empty one. */
static void
answer_empty (DunlinCall *call)
{
    DunlinBuffer *outbox = outbox_of (call->session);
    gsize mark = dunlin_mux_begin_reply (outbox, call->kind, call->tag, DUNLIN_MUX_OK, NULL, 0);

    dunlin_mux_end (outbox, mark);
}

static void
close_when_done (DunlinSession *session, Mux *self)
{
    if (self->drain_acknowledged && session->n_calls == 0 && g_queue_is_empty (&self->fragmented))
        dunlin_session_close (session);
}

static void
finished (DunlinCall *call)
{
    DunlinSession *session = call->session;
    Mux *self = state_of (session);

    if (!call->replied)
        answer_empty (call);
    dunlin_tag_table_remove (&self->calls, call->tag);
    dunlin_session_end_call (session, call);
    if (call->bad_arguments && ++session->malformed > MAX_MALFORMED) {
        g_autoptr (GError) error =
            g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                         "%d calls whose arguments could not be decoded", MAX_MALFORMED);

        dunlin_session_reject (session, error);
        return;
    }
    close_when_done (session, self);
}

static const DunlinCallWire wire = { .protocol = "thriftmux",
                                     .begin_reply = begin_reply,
                                     .end_reply = end_reply,
                                     .abort_reply = abort_reply,
                                     .refuse = refuse,
                                     .finished = finished };

/* A reply that is going out in fragments; NULL: none of @tag is. */
static GList *
find_fragmented (Mux *self, guint32 tag)
{
    GList *link = self->fragmented.head;

    while (link != NULL && ((DunlinMuxFragmenter *)link->data)->tag != tag)
        link = link->next;
    return link;
}

/* Rerr to @tag and the end of the session. */
static void
fail_session (DunlinSession *session, guint32 tag, const GError *error)
{
    dunlin_mux_write_rerr (outbox_of (session), tag, error->message);
    dunlin_session_reject (session, error);
}

static void
on_duplicate_tag (DunlinSession *session, guint32 tag)
{
    g_autoptr (GError) error =
        g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "tag %u is in use by a call that has not been answered", tag);

    for (DunlinCall *call = session->calls; call != NULL; call = call->next)
        dunlin_mux_write_rerr (outbox_of (session), call->tag, error->message);
    if (find_fragmented (state_of (session), tag) != NULL)
        dunlin_mux_write_rerr (outbox_of (session), tag, error->message);
    dunlin_session_reject (session, error);
}

static void
on_tag_0 (DunlinSession *session, DunlinMuxKind kind)
{
    g_autoptr (GError) error =
        g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "a %s of tag 0 cannot be answered",
                     dunlin_mux_kind_name (kind));

    fail_session (session, 0, error);
}

static void
on_dispatch (DunlinSession *session, DunlinMuxMessage *message)
{
    Mux *self = state_of (session);
    DunlinCall *call;

    if (message->tag == 0) {
        on_tag_0 (session, message->kind);
        return;
    }
    if (dunlin_tag_table_find (&self->calls, message->tag) != NULL ||
        find_fragmented (self, message->tag) != NULL) {
        on_duplicate_tag (session, message->tag);
        return;
    }
    if (self->drain_acknowledged) {
        dunlin_mux_write_failure (outbox_of (session), message->kind, message->tag, DUNLIN_MUX_NACK,
                                  DUNLIN_MUX_FAILURE_RETRYABLE, NULL);
        return;
    }
    call = dunlin_session_new_call (session, &wire);
    call->tag = message->tag;
    call->kind = message->kind;
    call->context = dunlin_context_steal (&message->context);
    call->body = message->body.data;
    call->body_length = message->body.length;
    /* Compact's protocol id is 0x82; binary begins with 0x80 or, without version, with 0. */
    call->encoding = call->body_length > 0 && call->body[0] == 0x82 ? DUNLIN_ENCODING_COMPACT
                                                                    : DUNLIN_ENCODING_BINARY;
    dunlin_dispatch_set_deadline (call, &session->least_transit_ns);
    dunlin_tag_table_insert (&self->calls, call->tag, call);
    dunlin_dispatch (call);
}

/* A client that does not know what is spoken here asks in a way that other servers survive: whether
 * TTwitter is known (client/mux_channel.c). Any answer says that this is mux; it is no call. */
static gboolean
answer_question (DunlinSession *session, const DunlinMuxMessage *message)
{
    DunlinBuffer *outbox;
    DunlinTtwitterEncoding encoding;
    gint32 sequence;
    gsize mark;

    if (message->tag == 0 || !dunlin_ttwitter_is_upgrade (message->body.data, message->body.length,
                                                          &encoding, &sequence))
        return FALSE;
    outbox = outbox_of (session);
    mark = dunlin_mux_begin_reply (outbox, message->kind, message->tag, DUNLIN_MUX_OK, NULL, 0);
    dunlin_ttwitter_write_upgrade_reply (outbox, encoding, sequence);
    dunlin_mux_end (outbox, mark);
    return TRUE;
}

static void
on_treq (DunlinSession *session, DunlinMuxMessage *message)
{
    if (!answer_question (session, message))
        on_dispatch (session, message);
}

static void
on_tping (DunlinSession *session, DunlinMuxMessage *message)
{
    dunlin_mux_write_empty (outbox_of (session), DUNLIN_MUX_RPING, message->tag);
}

static void
on_tdrain (DunlinSession *session, DunlinMuxMessage *message)
{
    dunlin_mux_write_empty (outbox_of (session), DUNLIN_MUX_RDRAIN, message->tag);
}

static void
on_rdrain (DunlinSession *session, DunlinMuxMessage *message)
{
    Mux *self = state_of (session);

    if (!session->draining)
        return;
    self->drain_acknowledged = TRUE;
    close_when_done (session, self);
}

/* Drops what is left to send of a reply that is going out in fragments. */
static gboolean
drop_fragmented (DunlinSession *session, Mux *self, guint32 tag)
{
    GList *link = find_fragmented (self, tag);

    if (link == NULL)
        return FALSE;
    session->held_back -= dunlin_buffer_length (&((DunlinMuxFragmenter *)link->data)->body);
    free_fragmenter (link->data);
    g_queue_delete_link (&self->fragmented, link);
    return TRUE;
}

/* The caller gave up: it gets its Rdiscarded at once, and nothing else for this tag. */
static void
on_tdiscarded (DunlinSession *session, DunlinMuxMessage *message)
{
    Mux *self = state_of (session);
    DunlinCall *call = dunlin_tag_table_find (&self->calls, message->which);
    gboolean partial = dunlin_mux_defrag_drop (&self->defrag, message->which);

    if (call != NULL) {
        dunlin_tag_table_remove (&self->calls, call->tag);
        dunlin_session_end_call (session, call);
        dunlin_call_detach (call);
    } else if (!partial && !drop_fragmented (session, self, message->which)) {
        return; /* answered already: the reply is the answer */
    }
    dunlin_mux_write_empty (outbox_of (session), DUNLIN_MUX_RDISCARDED, message->which);
    close_when_done (session, self);
}

static void
on_tinit (DunlinSession *session, DunlinMuxMessage *message)
{
    Mux *self = state_of (session);
    gboolean encrypted = dunlin_stream_peer (session->stream)->tls_version != NULL;
    g_autoptr (GError) error = NULL;

    if (!dunlin_mux_negotiate (message, encrypted, OUR_WINDOW, &self->peer_window,
                               outbox_of (session), &error))
        dunlin_session_reject (session, error);
}

/* "tinit check": a client asks whether we know Tinit; the same Rerr back means yes. */
static void
on_rerr (DunlinSession *session, DunlinMuxMessage *message)
{
    g_autofree char *text = dunlin_slice_to_utf8 (message->body);

    if (message->tag == DUNLIN_MUX_TAG_CONTROL) {
        dunlin_mux_write_rerr (outbox_of (session), message->tag, text);
        return;
    }
    dunlin_log_info ("%s: Rerr for tag %u: %s", dunlin_stream_peer (session->stream)->address,
                     message->tag, text);
}

static void
ignore (DunlinSession *session, DunlinMuxMessage *message)
{
}

static void
on_unexpected (DunlinSession *session, DunlinMuxMessage *message)
{
    g_autofree char *text =
        g_strdup_printf ("Unexpected mux message type %d (%s)", (gint8)message->type,
                         dunlin_mux_kind_name (message->kind));

    dunlin_mux_write_rerr (outbox_of (session), message->tag, text);
}

static void (*const on_message[DUNLIN_MUX_N_KINDS]) (DunlinSession *, DunlinMuxMessage *) = {
    [DUNLIN_MUX_UNKNOWN] = on_unexpected,
    [DUNLIN_MUX_TREQ] = on_treq,
    [DUNLIN_MUX_RREQ] = on_unexpected,
    [DUNLIN_MUX_TDISPATCH] = on_dispatch,
    [DUNLIN_MUX_RDISPATCH] = on_unexpected,
    [DUNLIN_MUX_TDRAIN] = on_tdrain,
    [DUNLIN_MUX_RDRAIN] = on_rdrain,
    [DUNLIN_MUX_TPING] = on_tping,
    [DUNLIN_MUX_RPING] = ignore,
    [DUNLIN_MUX_TDISCARDED] = on_tdiscarded,
    [DUNLIN_MUX_RDISCARDED] = ignore,
    [DUNLIN_MUX_TLEASE] = ignore,
    [DUNLIN_MUX_TINIT] = on_tinit,
    [DUNLIN_MUX_RINIT] = on_unexpected,
    [DUNLIN_MUX_RERR] = on_rerr,
};

static void
take_whole (DunlinSession *session, DunlinSlice frame)
{
    g_auto (DunlinMuxMessage) message = { 0 };
    g_autoptr (GError) error = NULL;

    if (!dunlin_mux_decode (frame.data, frame.length, &message, &error)) {
        fail_session (session, message.tag, error);
        return;
    }
    on_message[message.kind](session, &message);
}

static void
take_frame (DunlinSession *session, Mux *self, DunlinSlice frame)
{
    g_auto (DunlinBuffer) whole = { 0 };
    g_autoptr (GError) error = NULL;
    guint32 tag = 0;

    switch (
        dunlin_mux_defrag_take (&self->defrag, frame.data, frame.length, &whole, &tag, &error)) {
    case DUNLIN_MUX_DEFRAG_FRAME:
        take_whole (session, frame);
        return;
    case DUNLIN_MUX_DEFRAG_WHOLE:
        take_whole (session,
                    dunlin_slice (dunlin_buffer_bytes (&whole), dunlin_buffer_length (&whole)));
        return;
    case DUNLIN_MUX_DEFRAG_TAKEN:
        return;
    case DUNLIN_MUX_DEFRAG_REFUSED:
        dunlin_mux_write_failure (outbox_of (session), DUNLIN_MUX_TDISPATCH, tag, DUNLIN_MUX_ERROR,
                                  0, error->message);
        return;
    case DUNLIN_MUX_DEFRAG_FAILED:
        fail_session (session, tag, error);
        return;
    }
}

static gpointer
mux_open (DunlinSession *session, DunlinSniff kind)
{
    const DunlinServerConfig *config = dunlin_server_loop_config (session->home);
    Mux *self = g_new0 (Mux, 1);

    self->peer_window = DUNLIN_MUX_WINDOW_MAX;
    self->defrag = (DunlinMuxDefrag){ .max_message = config->max_frame + HEADER_ROOM,
                                      .max_total = 2 * (config->max_frame + HEADER_ROOM),
                                      .max_tags = MAX_FRAGMENTED };
    g_queue_init (&self->fragmented);
    return self;
}

static void
mux_input (DunlinSession *session, gpointer state)
{
    Mux *self = state;
    gsize limit = dunlin_server_loop_config (session->home)->max_frame + HEADER_ROOM;

    while (session->state == DUNLIN_SESSION_OPEN && !session->paused) {
        g_autoptr (GError) error = NULL;
        DunlinSlice frame;
        DunlinProgress progress = dunlin_session_read_frame (session, limit, &frame, &error);

        if (progress == DUNLIN_NEED_MORE)
            return;
        if (progress == DUNLIN_FAILED) {
            fail_session (session, 0, error);
            return;
        }
        take_frame (session, self, frame);
        dunlin_session_consume_frame (session, frame);
        if (dunlin_session_is_full (session))
            dunlin_session_pause (session);
    }
}

static void
mux_drained (DunlinSession *session, gpointer state)
{
    Mux *self = state;

    send_fragments (session, self);
    close_when_done (session, self);
    if (session->paused && !dunlin_session_is_full (session))
        dunlin_session_resume_later (session);
}

static void
mux_drain (DunlinSession *session, gpointer state)
{
    dunlin_mux_write_empty (outbox_of (session), DUNLIN_MUX_TDRAIN, DUNLIN_MUX_TAG_CONTROL);
}

static void
mux_free (gpointer state)
{
    Mux *self = state;

    dunlin_tag_table_clear (&self->calls);
    dunlin_mux_defrag_clear (&self->defrag);
    g_queue_clear_full (&self->fragmented, free_fragmenter);
    g_free (self);
}

const DunlinSessionProtocol dunlin_mux_session = { .name = "thriftmux",
                                                   .open = mux_open,
                                                   .input = mux_input,
                                                   .drained = mux_drained,
                                                   .drain = mux_drain,
                                                   .free = mux_free };
