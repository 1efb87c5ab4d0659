/* What every channel does: connecting, time limits, frames, the end. */
#define G_LOG_DOMAIN "dunlin-client"
#include "client/channel.h"

#include "base/log.h"
#include "net/socket.h"
#include "net/tcp.h"
#include "net/tls.h"
#include "wire/frame.h"

/* Contexts and headers come on top of a reply's Thrift message. */
#define HEADER_ROOM (64 * 1024)

/* TLS and the protocol's first words, after TCP is connected. Handshakes in a crowd are slow. */
#define OPENING_TIME (5 * G_USEC_PER_SEC)

/* How long a closing channel may take to get its last bytes to the peer. */
#define CLOSE_TIME (1 * G_USEC_PER_SEC)

/* A peer that leaves so much unread gets no more. */
#define OUTBOX_FULL (8 * 1024 * 1024)

static void
enter (DunlinChannel *self)
{
    self->busy++;
}

static void
leave (DunlinChannel *self)
{
    if (--self->busy == 0 && self->freed)
        g_free (self);
}

static gint64
now_of (DunlinChannel *self)
{
    return dunlin_loop_now (dunlin_loop_current ());
}

const char *
dunlin_channel_address (DunlinChannel *self)
{
    return dunlin_stream_peer (self->stream)->address;
}

DunlinBuffer *
dunlin_channel_outbox (DunlinChannel *self)
{
    dunlin_stream_flush_later (self->stream);
    return dunlin_stream_outbox (self->stream);
}

gboolean
dunlin_channel_is_full (DunlinChannel *self)
{
    return dunlin_stream_unsent (self->stream) > OUTBOX_FULL;
}

void
dunlin_channel_opened (DunlinChannel *self)
{
    g_clear_pointer (&self->opening, dunlin_timer_free);
    self->state = DUNLIN_CHANNEL_OPEN;
    self->opened = self->last_used = now_of (self);
    dunlin_log_debug ("%s: open, %s", dunlin_channel_address (self), self->protocol->name);
    self->events->opened (self, self->owner);
}

static GError *
explain_end (DunlinChannel *self)
{
    return g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_CLOSED,
                        self->said_nothing
                            ? "%s closed the connection without a word: does it speak Thrift, and "
                              "do both sides want TLS, or neither?"
                            : "%s closed the connection before it answered",
                        dunlin_channel_address (self));
}

/* Everything that was on its way is lost. */
static void
lose_exchanges (DunlinChannel *self, const GError *error)
{
    while (self->exchanges.first != NULL) {
        DunlinExchange *exchange = self->exchanges.first;

        dunlin_exchange_list_remove (&self->exchanges, exchange);
        dunlin_exchange_finish (exchange, DUNLIN_EXCHANGE_LOST,
                                error != NULL ? g_error_copy (error) : explain_end (self));
    }
}

static void
end (DunlinChannel *self, const GError *reason)
{
    if (self->state == DUNLIN_CHANNEL_CLOSED)
        return;
    self->state = DUNLIN_CHANNEL_CLOSED;
    g_clear_pointer (&self->opening, dunlin_timer_free);
    g_clear_pointer (&self->timer, dunlin_timer_free);
    lose_exchanges (self, reason);
    self->events->closed (self, reason, self->owner);
}

void
dunlin_channel_fail (DunlinChannel *self, const GError *error)
{
    enter (self);
    end (self, error);
    leave (self);
}

void
dunlin_channel_close_when_done (DunlinChannel *self)
{
    if (self->state == DUNLIN_CHANNEL_LEAVING && self->exchanges.n == 0)
        dunlin_stream_close (self->stream, dunlin_deadline_in (CLOSE_TIME));
}

void
dunlin_channel_leave (DunlinChannel *self)
{
    if (self->state != DUNLIN_CHANNEL_OPEN)
        return;
    self->state = DUNLIN_CHANNEL_LEAVING;
    self->events->leaving (self, self->owner);
    dunlin_channel_close_when_done (self);
}

void
dunlin_channel_finish (DunlinChannel *self, DunlinExchange *exchange, DunlinExchangeEnd how,
                       GError *error)
{
    dunlin_exchange_list_remove (&self->exchanges, exchange);
    dunlin_exchange_finish (exchange, how, error);
    self->last_used = now_of (self);
    if (self->state == DUNLIN_CHANNEL_OPEN)
        self->events->free_again (self, self->owner);
    dunlin_channel_close_when_done (self);
}

void
dunlin_channel_send (DunlinChannel *self, DunlinExchange *exchange)
{
    g_assert (self->state == DUNLIN_CHANNEL_OPEN);
    exchange->endpoint = NULL;
    exchange->channel = self;
    exchange->protocol = self->protocol->name;
    exchange->sequence = self->sequence = (gint32)(((guint32)self->sequence + 1) & G_MAXINT32);
    exchange->sent_at = self->last_used = now_of (self);
    dunlin_exchange_list_append (&self->exchanges, exchange);
    if (exchange->tell_sent && exchange->fiber != dunlin_fiber_self ())
        dunlin_fiber_wake (exchange->fiber);
    self->protocol->send (self, exchange);
}

void
dunlin_channel_give_up (DunlinChannel *self, DunlinExchange *exchange, const char *why)
{
    enter (self);
    dunlin_exchange_list_remove (&self->exchanges, exchange);
    exchange->channel = NULL;
    self->protocol->give_up (self, exchange, why);
    if (self->state == DUNLIN_CHANNEL_OPEN)
        self->events->free_again (self, self->owner);
    if (!self->freed)
        dunlin_channel_close_when_done (self);
    leave (self);
}

/* --- the stream --- */

static void
on_opened (DunlinStream *stream, gpointer owner)
{
    DunlinChannel *self = owner;

    enter (self);
    self->connected = self->begun = TRUE;
    dunlin_timer_arm (self->opening, dunlin_deadline_in (OPENING_TIME));
    self->protocol->begin (self);
    leave (self);
}

/* In the words of a client's settings. */
static void
explain_size (DunlinChannel *self, const guint8 *prefix, GError **error)
{
    DunlinReader reader = dunlin_reader (prefix, DUNLIN_FRAME_SIZE_BYTES);

    g_clear_error (error);
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                 "a reply of %u bytes, at most %" G_GSIZE_FORMAT
                 " are taken: if such replies are meant, raise client.%s.max-frame",
                 dunlin_reader_u32 (&reader), self->options->max_frame, self->options->label);
}

static DunlinProgress
read_frame (DunlinChannel *self, DunlinSlice *frame, GError **error)
{
    gsize length;
    const guint8 *data = dunlin_stream_peek (self->stream, &length);
    DunlinReader reader = dunlin_reader (data, length);
    const guint8 *prefix = dunlin_reader_take (&reader, DUNLIN_FRAME_SIZE_BYTES);
    gsize size;

    if (prefix == NULL)
        return DUNLIN_NEED_MORE;
    if (!dunlin_frame_size (prefix, self->options->max_frame + HEADER_ROOM, &size, error)) {
        self->stranger = self->state == DUNLIN_CHANNEL_OPENING;
        if (!self->stranger)
            explain_size (self, prefix, error);
        return DUNLIN_FAILED;
    }
    if (reader.left < size) {
        dunlin_stream_want (self->stream, size + DUNLIN_FRAME_SIZE_BYTES);
        return DUNLIN_NEED_MORE;
    }
    *frame = dunlin_slice (reader.data, size);
    return DUNLIN_COMPLETE;
}

static gboolean
is_reading (DunlinChannel *self)
{
    return self->state != DUNLIN_CHANNEL_CLOSED && !self->freed;
}

static void
prefix_error (DunlinChannel *self, GError **error)
{
    g_prefix_error (error, "%s: ", dunlin_channel_address (self));
}

static void
on_input (DunlinStream *stream, gpointer owner)
{
    DunlinChannel *self = owner;

    enter (self);
    self->last_input = now_of (self);
    self->said_nothing = FALSE;
    while (is_reading (self)) {
        g_autoptr (GError) error = NULL;
        DunlinSlice frame = { 0 };
        DunlinProgress progress = read_frame (self, &frame, &error);

        if (progress == DUNLIN_NEED_MORE)
            break;
        if (progress == DUNLIN_FAILED || !self->protocol->frame (self, frame, &error)) {
            prefix_error (self, &error);
            end (self, error);
        } else if (is_reading (self)) {
            dunlin_stream_consume (stream, frame.length + DUNLIN_FRAME_SIZE_BYTES);
        }
    }
    leave (self);
}

static void
on_drained (DunlinStream *stream, gpointer owner)
{
    DunlinChannel *self = owner;

    enter (self);
    if (self->protocol->drained != NULL)
        self->protocol->drained (self);
    leave (self);
}

static void
on_closed (DunlinStream *stream, const GError *reason, gpointer owner)
{
    DunlinChannel *self = owner;
    g_autoptr (GError) error = reason != NULL ? g_error_copy (reason) : NULL;

    enter (self);
    if (error == NULL && self->state == DUNLIN_CHANNEL_OPENING)
        error = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE,
                             "the connection was closed while it was being opened");
    if (error != NULL)
        prefix_error (self, &error);
    end (self, error);
    leave (self);
}

static const DunlinStreamEvents events = {
    .opened = on_opened, .input = on_input, .drained = on_drained, .closed = on_closed
};

/* --- connecting --- */

/* TCP has its own, short time; what follows may take longer. */
static void
on_opening_late (gpointer data)
{
    DunlinChannel *self = data;
    g_autoptr (GError) error = NULL;

    if (!self->connected && dunlin_socket_finish_connect (self->fd, NULL) == DUNLIN_IO_DONE) {
        self->connected = TRUE;
        dunlin_timer_arm (self->opening,
                          self->began + self->options->connect_timeout + OPENING_TIME);
        return;
    }
    g_set_error (&error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE,
                 "%s: %s within %" G_GINT64_FORMAT " ms", dunlin_channel_address (self),
                 !self->connected ? "cannot connect"
                 : !self->begun   ? "no finished TLS handshake"
                                  : "no answer to the first words",
                 (now_of (self) - self->began) / 1000);
    dunlin_channel_fail (self, error);
}

static void
on_timer (gpointer data)
{
    DunlinChannel *self = data;

    enter (self);
    self->protocol->timer (self);
    leave (self);
}

static DunlinTransport *
make_transport (DunlinChannel *self, const DunlinAddress *address, DunlinTlsMemory *memory,
                DunlinPeer *peer)
{
    const DunlinClientOptions *options = self->options;
    const char *name = options->server_name != NULL ? options->server_name : address->host;
    DunlinTransport *transport;

    if (options->credentials == NULL)
        return dunlin_tcp_transport_new (self->fd);
    transport = dunlin_tls_client_transport_new (self->fd, options->credentials,
                                                 options->verify_name ? name : NULL, peer);
    if (memory != NULL && options->resumption)
        dunlin_tls_transport_remember (transport, memory);
    return transport;
}

static int
connect_to (const DunlinAddress *address, GError **error)
{
    return address->port == 0 ? dunlin_unix_connect (address->address, error)
                              : dunlin_tcp_connect (address->address, address->port, error);
}

gboolean
dunlin_channel_start (DunlinChannel *self, const DunlinChannelProtocol *protocol,
                      const DunlinAddress *address, const DunlinClientOptions *options,
                      DunlinTlsMemory *memory, const DunlinChannelEvents *channel_events,
                      gpointer owner, GError **error)
{
    g_autofree char *text = dunlin_address_to_string (address);
    DunlinPeer *peer;

    self->fd = connect_to (address, error);
    if (self->fd < 0)
        return FALSE;
    peer = dunlin_peer_new (text);
    self->protocol = protocol;
    self->events = channel_events;
    self->owner = owner;
    self->options = options;
    self->said_nothing = TRUE;
    self->lease_ends = DUNLIN_NEVER;
    self->sequence = (gint32)(g_random_int () & G_MAXINT32);
    self->began = now_of (self);
    self->stream = dunlin_stream_new (self->fd, make_transport (self, address, memory, peer), peer,
                                      &events, self);
    self->opening = dunlin_timer_new (dunlin_loop_current (), on_opening_late, self);
    self->timer = dunlin_timer_new (dunlin_loop_current (), on_timer, self);
    dunlin_timer_arm (self->opening, self->began + options->connect_timeout);
    return TRUE;
}

void
dunlin_channel_free (DunlinChannel *self)
{
    if (self == NULL)
        return;
    self->state = DUNLIN_CHANNEL_CLOSED;
    g_clear_pointer (&self->opening, dunlin_timer_free);
    g_clear_pointer (&self->timer, dunlin_timer_free);
    self->protocol->clear (self);
    g_clear_pointer (&self->stream, dunlin_stream_free);
    self->freed = TRUE;
    if (self->busy == 0)
        g_free (self);
}
