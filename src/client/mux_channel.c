/* ThriftMux from the caller's side: what Finagle's client says, this says (finagle-mux
 * pushsession/MuxClientSession.scala, MuxClientNegotiatingSession.scala, ClientTracker.scala). */
#define G_LOG_DOMAIN "dunlin-client"
#include "client/mux_channel.h"

#include "base/log.h"
#include "wire/mux.h"
#include "wire/mux_fragment.h"

/* What a server may send in one fragment, so that a small reply need not wait for a large one. */
#define OUR_WINDOW (1024u * 1024u)

/* Tag 1 is for mux itself, as in Finagle. */
#define FIRST_TAG 2u

/* Calls at once on one connection. More than this is no load but a mistake. */
#define MAX_TAGS 1000000u

/* Messages whose fragments a server may have open at once; bytes of them, in largest replies. */
#define MAX_FRAGMENTED      1024
#define MAX_FRAGMENTED_FULL 8

/* Contexts come on top of a reply's Thrift message. */
#define HEADER_ROOM (64 * 1024)

typedef enum {
    ASKING,   /* only whether it speaks mux: a Treq is on its way */
    CHECKING, /* "tinit check" is said */
    INITIALISING,
    READY
} Phase;

/* What a tag stands for. */
typedef struct {
    DunlinExchange *exchange; /* borrowed; NULL: free, or given up */
    gboolean given_up;        /* kept until the server answers it one way or the other */
    gboolean plain;           /* went out as a Treq */
    guint32 next_free;
} Tag;

/* A request that goes out piece by piece. */
typedef struct {
    DunlinMuxFragmenter fragmenter;
    gboolean begun;
} Outgoing;

typedef struct {
    DunlinChannel base;
    Phase phase;
    GArray *tags;     /* owned: of Tag, from FIRST_TAG on */
    guint32 free_tag; /* 0: none */
    DunlinMuxDefrag defrag;
    guint32 peer_window;
    GQueue fragmented;    /* owned: of Outgoing, in turns */
    gboolean plain_calls; /* the server does not know Tdispatch: Treq */
    gboolean proven;      /* a dispatch has succeeded */
    gint64 ping_sent;     /* 0: none is under way */
} Mux;

/* --- tags --- */

static Tag *
tag_at (Mux *self, guint32 tag)
{
    if (tag < FIRST_TAG || tag - FIRST_TAG >= self->tags->len)
        return NULL;
    return &g_array_index (self->tags, Tag, tag - FIRST_TAG);
}

/* The last one freed, or the smallest new one. 0: there is none. */
static guint32
take_tag (Mux *self, DunlinExchange *exchange)
{
    Tag fresh = { 0 };
    guint32 tag = self->free_tag;

    if (tag != 0) {
        self->free_tag = tag_at (self, tag)->next_free;
    } else {
        if (self->tags->len >= MAX_TAGS)
            return 0;
        g_array_append_val (self->tags, fresh);
        tag = FIRST_TAG + self->tags->len - 1;
    }
    *tag_at (self, tag) = (Tag){ .exchange = exchange };
    return tag;
}

static void
free_tag (Mux *self, guint32 tag)
{
    *tag_at (self, tag) = (Tag){ .next_free = self->free_tag };
    self->free_tag = tag;
}

/* --- calls out --- */

static void
free_outgoing (gpointer data)
{
    dunlin_mux_fragmenter_clear (&((Outgoing *)data)->fragmenter);
    g_free (data);
}

/* One fragment of each message in turn while there is room, so that small calls get between; then
 * the stream's drained event goes on. */
static void
send_fragments (DunlinChannel *base)
{
    Mux *self = (Mux *)base;

    while (!g_queue_is_empty (&self->fragmented) &&
           dunlin_stream_unsent (base->stream) <= DUNLIN_STREAM_SOFT_LIMIT) {
        Outgoing *outgoing = g_queue_pop_head (&self->fragmented);

        outgoing->begun = TRUE;
        if (dunlin_mux_fragmenter_next (&outgoing->fragmenter, dunlin_channel_outbox (base)))
            g_queue_push_tail (&self->fragmented, outgoing);
        else
            free_outgoing (outgoing);
    }
}

static void
write_call (DunlinChannel *base, DunlinExchange *exchange)
{
    Mux *self = (Mux *)base;
    DunlinBuffer *outbox = dunlin_channel_outbox (base);
    gsize mark = self->plain_calls
                     ? dunlin_mux_begin_treq (outbox, exchange->tag, exchange->context)
                     : dunlin_mux_begin_tdispatch (outbox, exchange->tag, exchange->context);
    gsize bytes;

    tag_at (self, exchange->tag)->plain = self->plain_calls;
    dunlin_exchange_write (exchange, outbox);
    bytes = dunlin_mux_end (outbox, mark);
    if (dunlin_mux_needs_fragments (dunlin_buffer_bytes (outbox) + mark, bytes,
                                    self->peer_window)) {
        Outgoing *outgoing = g_new0 (Outgoing, 1);

        dunlin_mux_fragmenter_init (&outgoing->fragmenter, outbox, mark, self->peer_window);
        g_queue_push_tail (&self->fragmented, outgoing);
        send_fragments (base);
    }
}

static void
mux_send (DunlinChannel *base, DunlinExchange *exchange)
{
    Mux *self = (Mux *)base;

    exchange->tag = dunlin_channel_is_full (base) ? 0 : take_tag (self, exchange);
    if (exchange->tag == 0) {
        dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_NOT_SENT,
                               g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED,
                                            "%s does not read what it is sent",
                                            dunlin_channel_address (base)));
        return;
    }
    write_call (base, exchange);
}

typedef enum { ALL_SENT, HALF_SENT, NOT_BEGUN } Progress;

/* Drops what is left to send of a request that goes out in fragments. */
static Progress
drop_fragments (Mux *self, guint32 tag)
{
    for (GList *link = self->fragmented.head; link != NULL; link = link->next) {
        Outgoing *outgoing = link->data;
        Progress progress = outgoing->begun ? HALF_SENT : NOT_BEGUN;

        if (outgoing->fragmenter.tag != tag)
            continue;
        free_outgoing (outgoing);
        g_queue_delete_link (&self->fragmented, link);
        return progress;
    }
    return ALL_SENT;
}

/* The tag stays taken until some answer to it comes: it must not meet the next call's. */
static void
discard (DunlinChannel *base, guint32 number, const char *why)
{
    Tag *tag = tag_at ((Mux *)base, number);

    tag->exchange = NULL;
    tag->given_up = TRUE;
    dunlin_mux_write_tdiscarded (dunlin_channel_outbox (base), number, why);
}

static void
mux_give_up (DunlinChannel *base, DunlinExchange *exchange, const char *why)
{
    Mux *self = (Mux *)base;

    dunlin_mux_defrag_drop (&self->defrag, exchange->tag);
    if (drop_fragments (self, exchange->tag) == NOT_BEGUN)
        free_tag (self, exchange->tag); /* the server has never heard of it */
    else
        discard (base, exchange->tag, why);
}

/* --- pings: Finagle's threshold failure detector --- */

static void
ping (DunlinChannel *base)
{
    Mux *self = (Mux *)base;

    self->ping_sent = dunlin_loop_now (dunlin_stream_loop (base->stream));
    dunlin_mux_write_empty (dunlin_channel_outbox (base), DUNLIN_MUX_TPING, DUNLIN_MUX_TAG_CONTROL);
    dunlin_timer_arm (base->timer, self->ping_sent + base->options->ping_timeout);
}

/* Calls that may run twice do not wait any longer; the others may still be answered. */
static void
give_silent_peer_up (DunlinChannel *base)
{
    DunlinExchange *next;

    dunlin_log_warning ("%s: no answer to a ping within %" G_GINT64_FORMAT
                        " ms: it gets no new calls",
                        dunlin_channel_address (base), base->options->ping_timeout / 1000);
    dunlin_channel_leave (base);
    for (DunlinExchange *exchange = base->exchanges.first; exchange != NULL; exchange = next) {
        next = exchange->next;
        if (!exchange->idempotent)
            continue;
        mux_give_up (base, exchange, "no answer to pings");
        dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_LOST,
                               g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "%s is silent",
                                            dunlin_channel_address (base)));
    }
}

static void
mux_timer (DunlinChannel *base)
{
    Mux *self = (Mux *)base;

    if (base->state != DUNLIN_CHANNEL_OPEN)
        return;
    if (self->ping_sent == 0)
        ping (base);
    else if (base->last_input > self->ping_sent)
        /* It talks: its answer waits behind something large. */
        dunlin_timer_arm (base->timer, base->last_input + base->options->ping_timeout);
    else
        give_silent_peer_up (base);
}

/* --- the opening --- */

static void
ready (DunlinChannel *base)
{
    Mux *self = (Mux *)base;

    self->phase = READY;
    if (base->options->ping_interval > 0)
        ping (base);
    dunlin_channel_opened (base);
}

/* The first words to whoever may not speak mux at all. What is a type and a tag to mux, a server of
 * old binary Thrift takes for a text's size and allocates: a gigabyte for Rerr, Tinit or Tping, of
 * which Finagle's own Thrift server dies, but 16 MiB for Treq. Any answer to it is mux. */
static void
ask (DunlinChannel *base)
{
    static const DunlinContext none;
    static const char method[] = "__can__finagle__trace__v3__";
    const DunlinMessageHeader header = { .name = method,
                                         .name_length = sizeof method - 1,
                                         .type = DUNLIN_MESSAGE_CALL,
                                         .strict = TRUE };
    DunlinBuffer *out = dunlin_channel_outbox (base);
    gsize mark = dunlin_mux_begin_treq (out, DUNLIN_MUX_TAG_CONTROL, &none);

    dunlin_message_write (out, &header);
    dunlin_buffer_u8 (out, 0); /* no arguments */
    dunlin_mux_end (out, mark);
}

static void
mux_begin (DunlinChannel *base)
{
    if (((Mux *)base)->phase == ASKING) {
        ask (base);
        return;
    }
    dunlin_mux_write_rerr (dunlin_channel_outbox (base), DUNLIN_MUX_TAG_CONTROL,
                           DUNLIN_MUX_TINIT_CHECK);
}

static gboolean
fail (GError **error, int code, const char *text)
{
    g_set_error_literal (error, DUNLIN_ERROR, code, text);
    return FALSE;
}

/* This connection has done its part, however it is answered: Tinit must be the first words. */
static gboolean
on_asked (DunlinChannel *base, const DunlinMuxMessage *message, GError **error)
{
    gboolean is_answer = message->kind == DUNLIN_MUX_RREQ || message->kind == DUNLIN_MUX_RERR;

    base->spoke_mux = is_answer && message->tag == DUNLIN_MUX_TAG_CONTROL;
    base->stranger = !base->spoke_mux;
    return fail (error, DUNLIN_ERROR_MALFORMED,
                 base->spoke_mux ? "it speaks ThriftMux" : "what it answers is not ThriftMux");
}

/* The same words back: it knows Tinit. Other words: it does not, and there is nothing to settle. */
static gboolean
on_checked (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    Mux *self = (Mux *)base;
    guint32 window = MIN (OUR_WINDOW, (guint32)MIN (base->options->max_frame, G_MAXINT32));

    if (message->kind != DUNLIN_MUX_RERR || message->tag != DUNLIN_MUX_TAG_CONTROL) {
        base->stranger = TRUE;
        return fail (error, DUNLIN_ERROR_MALFORMED,
                     "what it answers to the first words is not ThriftMux");
    }
    if (!dunlin_mux_is_tinit_check (message)) {
        ready (base);
        return TRUE;
    }
    self->phase = INITIALISING;
    dunlin_mux_write_tinit (dunlin_channel_outbox (base), DUNLIN_MUX_TAG_CONTROL, window);
    return TRUE;
}

static gboolean
on_initialised (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    Mux *self = (Mux *)base;
    gboolean encrypted = dunlin_stream_peer (base->stream)->tls_version != NULL;

    if (message->kind == DUNLIN_MUX_RERR) {
        g_autofree char *text = dunlin_slice_to_utf8 (message->body);

        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "it refuses the session: %s",
                     text);
        return FALSE;
    }
    if (message->kind != DUNLIN_MUX_RINIT)
        return fail (error, DUNLIN_ERROR_MALFORMED, "it does not answer Tinit");
    if (!dunlin_mux_read_init (message, encrypted, &self->peer_window, error))
        return FALSE;
    ready (base);
    return TRUE;
}

/* --- replies --- */

/* Whom an answer is for: @exchange is NULL for one given up. FALSE: nobody has asked. */
static gboolean
answered_tag (DunlinChannel *base, const DunlinMuxMessage *message, DunlinExchange **exchange,
              GError **error)
{
    Mux *self = (Mux *)base;
    Tag *tag = tag_at (self, message->tag);

    if (tag == NULL || (tag->exchange == NULL && !tag->given_up)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "it sends %s for tag %u, which no call has",
                     dunlin_mux_kind_name (message->kind), message->tag);
        return FALSE;
    }
    *exchange = tag->exchange;
    if (drop_fragments (self, message->tag) == HALF_SENT)
        discard (base, message->tag, "answered before all of it was sent");
    else
        free_tag (self, message->tag);
    return TRUE;
}

static char *
text_of (const DunlinMuxMessage *message)
{
    return dunlin_slice_to_utf8 (
        dunlin_slice (message->body.data, MIN (message->body.length, 512)));
}

/* Not run, or so it says. What came to be NACK and MuxFailure in Finagle (MuxFailure.scala). */
static void
finish_refused (DunlinChannel *base, DunlinExchange *exchange, guint64 failure)
{
    gboolean final = (failure & DUNLIN_MUX_FAILURE_NON_RETRYABLE) != 0;

    dunlin_channel_finish (
        base, exchange, final ? DUNLIN_EXCHANGE_REJECTED : DUNLIN_EXCHANGE_REFUSED,
        g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED, "%s refused it%s",
                     dunlin_channel_address (base), final ? " and asks for no other try" : ""));
}

static gboolean
finish_answered (DunlinChannel *base, DunlinExchange *exchange, const DunlinMuxMessage *message,
                 GError **error)
{
    GError *reason = NULL;

    /* A oneway call is answered by nothing, or by what some servers think of it. */
    if (exchange->oneway || dunlin_exchange_answer (exchange, message->body, &reason)) {
        ((Mux *)base)->proven = TRUE;
        dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_ANSWERED, NULL);
        return TRUE;
    }
    /* An answer that is not this call's is perhaps another's: nothing can be trusted any more. */
    if (error != NULL)
        *error = g_error_copy (reason);
    g_prefix_error (&reason, "%s: ", dunlin_channel_address (base));
    dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_FAILED, reason);
    return FALSE;
}

static gboolean
on_reply (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    const guint64 not_run = DUNLIN_MUX_FAILURE_RETRYABLE | DUNLIN_MUX_FAILURE_REJECTED;
    DunlinExchange *exchange;

    if (!answered_tag (base, message, &exchange, error))
        return FALSE;
    if (exchange == NULL)
        return TRUE;
    if (message->status == DUNLIN_MUX_OK)
        return finish_answered (base, exchange, message, error);
    if (message->status == DUNLIN_MUX_NACK || (message->failure & not_run) != 0) {
        finish_refused (base, exchange, message->failure);
    } else {
        g_autofree char *text = text_of (message);

        dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_FAILED,
                               g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL, "%s failed: %s",
                                            dunlin_channel_address (base), text));
    }
    return TRUE;
}

static gboolean
on_rdiscarded (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    DunlinExchange *exchange;

    dunlin_mux_defrag_drop (&((Mux *)base)->defrag, message->tag);
    if (!answered_tag (base, message, &exchange, error))
        return FALSE;
    if (exchange != NULL)
        dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_LOST,
                               g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_CLOSED, "%s discarded it",
                                            dunlin_channel_address (base)));
    return TRUE;
}

/* "I do not know this message": where nothing has ever worked, Tdispatch may be what it does not
 * know; else the call has failed. */
static gboolean
on_rerr (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    Mux *self = (Mux *)base;
    g_autofree char *text = text_of (message);
    Tag *tag = tag_at (self, message->tag);
    DunlinExchange *exchange;

    if (tag != NULL && tag->exchange != NULL && !tag->plain && !self->proven) {
        self->plain_calls = TRUE;
        write_call (base, tag->exchange);
        return TRUE;
    }
    dunlin_mux_defrag_drop (&self->defrag, message->tag);
    if (tag == NULL) {
        static DunlinLogLimit limit = DUNLIN_LOG_LIMIT (5, 10 * G_USEC_PER_SEC);

        dunlin_log_limited (DUNLIN_LOG_INFO, &limit, "%s: Rerr for tag %u: %s",
                            dunlin_channel_address (base), message->tag, text);
        return TRUE;
    }
    if (!answered_tag (base, message, &exchange, error))
        return FALSE;
    if (exchange != NULL)
        dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_FAILED,
                               g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL, "%s failed: %s",
                                            dunlin_channel_address (base), text));
    return TRUE;
}

/* --- what the server says of itself --- */

/* Whoever asks and does not read the answers must not fill our memory. */
static gboolean
has_room (DunlinChannel *base, GError **error)
{
    if (!dunlin_channel_is_full (base))
        return TRUE;
    return fail (error, DUNLIN_ERROR_TOO_LARGE, "it asks and does not read our answers");
}

static gboolean
on_rping (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    Mux *self = (Mux *)base;

    if (self->ping_sent == 0)
        return TRUE;
    self->ping_sent = 0;
    dunlin_timer_arm (base->timer, dunlin_deadline_in (base->options->ping_interval));
    return TRUE;
}

static gboolean
on_tping (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    if (!has_room (base, error))
        return FALSE;
    dunlin_mux_write_empty (dunlin_channel_outbox (base), DUNLIN_MUX_RPING, message->tag);
    return TRUE;
}

static gboolean
on_tdrain (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    if (!has_room (base, error))
        return FALSE;
    dunlin_log_debug ("%s: drains", dunlin_channel_address (base));
    dunlin_mux_write_empty (dunlin_channel_outbox (base), DUNLIN_MUX_RDRAIN, message->tag);
    dunlin_channel_leave (base);
    return TRUE;
}

static gboolean
on_tlease (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    const guint64 longest = 365ull * 24 * 3600 * 1000;

    if (message->lease_unit == 0)
        base->lease_ends = dunlin_deadline_in ((gint64)MIN (message->lease, longest) * 1000);
    return TRUE;
}

static gboolean
ignore (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    return TRUE;
}

static gboolean
on_unexpected (DunlinChannel *base, DunlinMuxMessage *message, GError **error)
{
    g_autofree char *text =
        g_strdup_printf ("Unexpected mux message type %d (%s)", (gint8)message->type,
                         dunlin_mux_kind_name (message->kind));

    if (!has_room (base, error))
        return FALSE;
    dunlin_mux_write_rerr (dunlin_channel_outbox (base), message->tag, text);
    return TRUE;
}

static gboolean (*const on_message[DUNLIN_MUX_N_KINDS]) (DunlinChannel *, DunlinMuxMessage *,
                                                         GError **) = {
    [DUNLIN_MUX_UNKNOWN] = on_unexpected,
    [DUNLIN_MUX_TREQ] = on_unexpected,
    [DUNLIN_MUX_RREQ] = on_reply,
    [DUNLIN_MUX_TDISPATCH] = on_unexpected,
    [DUNLIN_MUX_RDISPATCH] = on_reply,
    [DUNLIN_MUX_TDRAIN] = on_tdrain,
    [DUNLIN_MUX_RDRAIN] = ignore,
    [DUNLIN_MUX_TPING] = on_tping,
    [DUNLIN_MUX_RPING] = on_rping,
    [DUNLIN_MUX_TDISCARDED] = ignore,
    [DUNLIN_MUX_RDISCARDED] = on_rdiscarded,
    [DUNLIN_MUX_TLEASE] = on_tlease,
    [DUNLIN_MUX_TINIT] = on_unexpected,
    [DUNLIN_MUX_RINIT] = ignore,
    [DUNLIN_MUX_RERR] = on_rerr,
};

static gboolean
take_whole (DunlinChannel *base, DunlinSlice frame, GError **error)
{
    Mux *self = (Mux *)base;
    g_auto (DunlinMuxMessage) message = { 0 };

    if (!dunlin_mux_decode (frame.data, frame.length, &message, error)) {
        base->stranger = self->phase <= CHECKING;
        return FALSE;
    }
    if (self->phase == ASKING)
        return on_asked (base, &message, error);
    if (self->phase == CHECKING)
        return on_checked (base, &message, error);
    if (self->phase == INITIALISING)
        return on_initialised (base, &message, error);
    return on_message[message.kind](base, &message, error);
}

/* The whole message was too large to keep; its call fails, the session goes on. */
static gboolean
refuse_reply (DunlinChannel *base, guint32 tag, GError *reason, GError **error)
{
    DunlinMuxMessage message = { .kind = DUNLIN_MUX_RDISPATCH, .tag = tag };
    DunlinExchange *exchange;

    if (!answered_tag (base, &message, &exchange, error)) {
        g_error_free (reason);
        return FALSE;
    }
    if (exchange != NULL)
        dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_FAILED, reason);
    else
        g_error_free (reason);
    return TRUE;
}

static gboolean
mux_frame (DunlinChannel *base, DunlinSlice frame, GError **error)
{
    Mux *self = (Mux *)base;
    g_auto (DunlinBuffer) whole = { 0 };
    GError *reason = NULL;
    guint32 tag = 0;

    if (self->phase != READY)
        return take_whole (base, frame, error);
    switch (
        dunlin_mux_defrag_take (&self->defrag, frame.data, frame.length, &whole, &tag, &reason)) {
    case DUNLIN_MUX_DEFRAG_FRAME:
        return take_whole (base, frame, error);
    case DUNLIN_MUX_DEFRAG_WHOLE:
        return take_whole (
            base, dunlin_slice (dunlin_buffer_bytes (&whole), dunlin_buffer_length (&whole)),
            error);
    case DUNLIN_MUX_DEFRAG_TAKEN:
        return TRUE;
    case DUNLIN_MUX_DEFRAG_REFUSED:
        return refuse_reply (base, tag, reason, error);
    default:
        g_propagate_error (error, reason);
        return FALSE;
    }
}

static void
mux_drained (DunlinChannel *base)
{
    send_fragments (base);
}

static void
mux_clear (DunlinChannel *base)
{
    Mux *self = (Mux *)base;

    g_array_unref (self->tags);
    dunlin_mux_defrag_clear (&self->defrag);
    g_queue_clear_full (&self->fragmented, free_outgoing);
}

static const DunlinChannelProtocol protocol = { .name = "thriftmux",
                                                .begin = mux_begin,
                                                .frame = mux_frame,
                                                .send = mux_send,
                                                .give_up = mux_give_up,
                                                .drained = mux_drained,
                                                .timer = mux_timer,
                                                .clear = mux_clear };

DunlinChannel *
dunlin_mux_channel_new (const DunlinAddress *address, const DunlinClientOptions *options,
                        DunlinTlsMemory *memory, gboolean ask_only,
                        const DunlinChannelEvents *events, gpointer owner, GError **error)
{
    Mux *self = g_new0 (Mux, 1);
    gsize largest = options->max_frame + HEADER_ROOM;

    self->phase = ask_only ? ASKING : CHECKING;

    if (!dunlin_channel_start (&self->base, &protocol, address, options, memory, events, owner,
                               error)) {
        g_free (self);
        return NULL;
    }
    self->tags = g_array_new (FALSE, TRUE, sizeof (Tag));
    self->peer_window = DUNLIN_MUX_WINDOW_MAX;
    self->defrag = (DunlinMuxDefrag){ .max_message = largest,
                                      .max_total = MAX_FRAGMENTED_FULL * largest,
                                      .max_tags = MAX_FRAGMENTED };
    return &self->base;
}

gboolean
dunlin_channel_is_mux (const DunlinChannel *self)
{
    return self->protocol == &protocol;
}
