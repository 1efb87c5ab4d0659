/* Framed Thrift from the caller's side: a request, its reply, the next request. Whoever does not
 * wait for the reply closes the connection, for there is no other way to say so (finagle-thrift
 * transport/ThriftClientPreparer.scala, ThriftClientFramedCodec). */
#define G_LOG_DOMAIN "dunlin-client"
#include "client/framed_channel.h"

#include "base/log.h"
#include "client/application_exception.h"
#include "wire/frame.h"
#include "wire/ttwitter.h"

typedef struct {
    DunlinChannel base;
    DunlinUpgrade upgrade;
    gboolean asking;        /* the upgrade's answer is still to come */
    gboolean oneway_before; /* the call before drew no reply, and should not have */
} Framed;

static DunlinTtwitterEncoding
header_encoding (DunlinChannel *base)
{
    return base->options->encoding == DUNLIN_ENCODING_COMPACT ? DUNLIN_TTWITTER_COMPACT
                                                              : DUNLIN_TTWITTER_BINARY;
}

static gboolean
is_upgraded (Framed *self)
{
    return self->upgrade == DUNLIN_UPGRADE_DONE;
}

static void
framed_begin (DunlinChannel *base)
{
    Framed *self = (Framed *)base;
    DunlinBuffer *outbox;
    gsize begun;

    if (self->upgrade == DUNLIN_UPGRADE_NEVER) {
        dunlin_channel_opened (base);
        return;
    }
    self->asking = TRUE;
    outbox = dunlin_channel_outbox (base);
    begun = dunlin_frame_begin (outbox);
    dunlin_ttwitter_write_upgrade (outbox, header_encoding (base));
    dunlin_frame_end (outbox, begun);
}

static gboolean
on_upgrade_reply (DunlinChannel *base, DunlinSlice frame, GError **error)
{
    Framed *self = (Framed *)base;
    gboolean upgraded;

    if (!dunlin_ttwitter_read_upgrade_reply (frame.data, frame.length, &upgraded, error))
        return FALSE;
    self->asking = FALSE;
    self->upgrade = upgraded ? DUNLIN_UPGRADE_DONE : DUNLIN_UPGRADE_NEVER;
    dunlin_channel_opened (base);
    return TRUE;
}

static void
framed_send (DunlinChannel *base, DunlinExchange *exchange)
{
    Framed *self = (Framed *)base;
    DunlinBuffer *outbox = dunlin_channel_outbox (base);
    gsize begun = dunlin_frame_begin (outbox);

    exchange->protocol = is_upgraded (self) ? "ttwitter" : "thrift";
    if (is_upgraded (self))
        dunlin_ttwitter_write_request (outbox, header_encoding (base), exchange->context);
    dunlin_exchange_write (exchange, outbox);
    dunlin_frame_end (outbox, begun);
    self->oneway_before = exchange->oneway;
    if (exchange->oneway)
        dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_ANSWERED, NULL);
}

/* Finagle's ThriftMux server, serving a plain caller, answers oneway calls with a bare header. */
static gboolean
is_answer_to_oneway (Framed *self, DunlinSlice frame)
{
    return self->oneway_before && frame.length <= 1;
}

/* Finagle's clients hang up after any exception of the protocol's own (types but 1 and 6): what the
 * server has made of the rest of the stream is anybody's guess. */
static gboolean
is_usable_after (const DunlinExchange *exchange)
{
    DunlinSlice message;
    int type;

    if (exchange->reply_type != DUNLIN_MESSAGE_EXCEPTION)
        return TRUE;
    dunlin_application_exception_read (dunlin_exchange_body (exchange), exchange->encoding, &type,
                                       &message);
    return type == DUNLIN_TAPP_UNKNOWN_METHOD || type == DUNLIN_TAPP_INTERNAL_ERROR;
}

static gboolean
on_reply (DunlinChannel *base, DunlinSlice frame, GError **error)
{
    Framed *self = (Framed *)base;
    DunlinReader reader = dunlin_reader (frame.data, frame.length);
    DunlinExchange *exchange = base->exchanges.first;
    gboolean usable;

    if (exchange == NULL) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "it sends %" G_GSIZE_FORMAT " bytes that nobody has asked for", frame.length);
        return FALSE;
    }
    if (is_upgraded (self) &&
        !dunlin_ttwitter_skip_response (&reader, header_encoding (base), error))
        return FALSE;
    if (!dunlin_exchange_answer (exchange, dunlin_slice (reader.data, reader.left), error))
        return FALSE;
    usable = is_usable_after (exchange);
    if (!usable)
        dunlin_channel_leave (base);
    dunlin_channel_finish (base, exchange, DUNLIN_EXCHANGE_ANSWERED, NULL);
    return TRUE;
}

static gboolean
framed_frame (DunlinChannel *base, DunlinSlice frame, GError **error)
{
    Framed *self = (Framed *)base;

    if (self->asking)
        return on_upgrade_reply (base, frame, error);
    if (is_answer_to_oneway (self, frame)) {
        self->oneway_before = FALSE;
        return TRUE;
    }
    return on_reply (base, frame, error);
}

static void
framed_give_up (DunlinChannel *base, DunlinExchange *exchange, const char *why)
{
    g_autoptr (GError) error = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED, "%s: %s",
                                            dunlin_channel_address (base), why);

    dunlin_channel_fail (base, error);
}

static void
framed_timer (DunlinChannel *base)
{
}

static void
framed_clear (DunlinChannel *base)
{
}

static const DunlinChannelProtocol protocol = { .name = "thrift",
                                                .begin = framed_begin,
                                                .frame = framed_frame,
                                                .send = framed_send,
                                                .give_up = framed_give_up,
                                                .timer = framed_timer,
                                                .clear = framed_clear };

DunlinChannel *
dunlin_framed_channel_new (const DunlinAddress *address, const DunlinClientOptions *options,
                           DunlinUpgrade upgrade, DunlinTlsMemory *memory,
                           const DunlinChannelEvents *events, gpointer owner, GError **error)
{
    Framed *self = g_new0 (Framed, 1);

    self->upgrade = upgrade;
    if (!dunlin_channel_start (&self->base, &protocol, address, options, memory, events, owner,
                               error)) {
        g_free (self);
        return NULL;
    }
    return &self->base;
}

DunlinUpgrade
dunlin_framed_channel_upgrade (DunlinChannel *base)
{
    Framed *self = (Framed *)base;

    /* It hung up, in good order, on a question that it does not know. */
    if (self->asking && base->begun)
        return DUNLIN_UPGRADE_NEVER;
    return self->upgrade;
}

gboolean
dunlin_framed_channel_is_busy (DunlinChannel *base)
{
    return base->exchanges.n > 0;
}
