/* Calls meet connections. Mux: one connection takes all. Framed: a connection takes one call at a
 * time, and there are as many as there are calls, within limits: Finagle's WatermarkPool. */
#define G_LOG_DOMAIN "dunlin-client"
#include "client/endpoint.h"

#include "base/log.h"
#include "client/mux_channel.h"
#include "client/tally.h"

/* A server that hung up on TTwitter's question is taken for plain Thrift for so long; perhaps it
 * was only restarted. */
#define REMEMBER_HANG_UP (60 * G_USEC_PER_SEC)

static const DunlinChannelEvents events;

static gint64
now_of_loop (void)
{
    return dunlin_loop_now (dunlin_loop_current ());
}

/* --- opening --- */

static gboolean
wants_mux (const DunlinEndpoint *self)
{
    switch (self->options->protocol) {
    case DUNLIN_CLIENT_PROTOCOL_AUTO:
        return self->kind != DUNLIN_ENDPOINT_FRAMED;
    case DUNLIN_CLIENT_PROTOCOL_THRIFTMUX:
        return TRUE;
    default:
        return FALSE;
    }
}

/* Whoever may be a plain Thrift server must not be greeted as mux. */
static gboolean
must_ask (const DunlinEndpoint *self)
{
    return self->options->protocol == DUNLIN_CLIENT_PROTOCOL_AUTO &&
           self->kind == DUNLIN_ENDPOINT_UNKNOWN;
}

static DunlinUpgrade
upgrade_now (DunlinEndpoint *self)
{
    if (self->options->protocol == DUNLIN_CLIENT_PROTOCOL_THRIFT)
        return DUNLIN_UPGRADE_NEVER;
    if (self->upgrade == DUNLIN_UPGRADE_NEVER && now_of_loop () > self->upgrade_forgotten)
        self->upgrade = DUNLIN_UPGRADE_ASK;
    return self->upgrade;
}

/* Ends one that waits, or all of them. */
static void
fail_waiting (DunlinEndpoint *self, guint n, const GError *error)
{
    for (; n > 0 && self->waiting.first != NULL; n--) {
        DunlinExchange *exchange = self->waiting.first;

        dunlin_exchange_list_remove (&self->waiting, exchange);
        dunlin_exchange_finish (exchange, DUNLIN_EXCHANGE_NOT_SENT, g_error_copy (error));
    }
}

static void
note_failure (DunlinEndpoint *self, const GError *error)
{
    g_clear_error (&self->last_error);
    self->last_error = g_error_copy (error);
}

static void
connect_failed (DunlinEndpoint *self, const GError *error)
{
    gboolean mux = wants_mux (self);

    note_failure (self, error);
    /* Whoever is there next may speak otherwise. */
    if (self->channels->len == self->n_opening)
        self->kind = DUNLIN_ENDPOINT_UNKNOWN;
    fail_waiting (self, mux ? G_MAXUINT : 1, error);
    self->events->connect_failed (self, error, self->owner);
}

static void
open_one (DunlinEndpoint *self)
{
    g_autoptr (GError) error = NULL;
    gboolean mux = wants_mux (self);
    DunlinChannel *channel =
        mux ? dunlin_mux_channel_new (&self->address, self->options, self->memory, must_ask (self),
                                      &events, self, &error)
            : dunlin_framed_channel_new (&self->address, self->options, upgrade_now (self),
                                         self->memory, &events, self, &error);

    if (channel == NULL) {
        connect_failed (self, error);
        return;
    }
    g_ptr_array_add (self->channels, channel);
    self->n_opening++;
    if (mux)
        self->mux = channel;
}

static gboolean
may_open (const DunlinEndpoint *self)
{
    return self->options->pool_high == 0 || self->channels->len < self->options->pool_high;
}

/* As many connections under way as those that wait need. */
static void
open_enough (DunlinEndpoint *self)
{
    if (wants_mux (self)) {
        if (self->waiting.n > 0 && self->mux == NULL)
            open_one (self);
        return;
    }
    while (self->waiting.n > self->n_opening && may_open (self)) {
        guint before = self->n_opening;

        open_one (self);
        if (self->n_opening == before)
            return;
    }
}

/* --- calls --- */

static DunlinChannel *
take_channel (DunlinEndpoint *self)
{
    if (self->mux != NULL && self->mux->state == DUNLIN_CHANNEL_OPEN)
        return self->mux;
    return self->idle->len > 0 ? g_ptr_array_steal_index (self->idle, self->idle->len - 1) : NULL;
}

/* A call that needs no answer ends within its sending, and so frees its connection for the next. */
static void
pump (DunlinEndpoint *self)
{
    DunlinChannel *channel;

    if (self->pumping)
        return;
    self->pumping = TRUE;
    while (self->waiting.first != NULL && (channel = take_channel (self)) != NULL) {
        DunlinExchange *exchange = self->waiting.first;

        dunlin_exchange_list_remove (&self->waiting, exchange);
        dunlin_channel_send (channel, exchange);
    }
    self->pumping = FALSE;
    open_enough (self);
}

void
dunlin_endpoint_send (DunlinEndpoint *self, DunlinExchange *exchange)
{
    guint limit = self->options->max_waiters;

    exchange->endpoint = self;
    dunlin_exchange_list_append (&self->waiting, exchange);
    pump (self);
    /* Those that connections are being opened for do not wait for anybody else's. */
    if (limit == 0 || self->waiting.n <= limit + self->n_opening ||
        exchange->end != DUNLIN_EXCHANGE_RUNNING || exchange->channel != NULL)
        return;
    dunlin_exchange_list_remove (&self->waiting, exchange);
    dunlin_exchange_finish (exchange, DUNLIN_EXCHANGE_NOT_SENT,
                            g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED,
                                         "%u calls wait for a connection to %s already", limit,
                                         self->text));
}

void
dunlin_exchange_give_up (DunlinExchange *self, const char *why)
{
    if (self->end != DUNLIN_EXCHANGE_RUNNING)
        return;
    if (self->channel != NULL)
        dunlin_channel_give_up (self->channel, self, why);
    else if (self->endpoint != NULL)
        dunlin_exchange_list_remove (&self->endpoint->waiting, self);
    self->endpoint = NULL;
}

void
dunlin_endpoint_probe (DunlinEndpoint *self)
{
    if (self->n_opening == 0 && self->mux == NULL)
        open_one (self);
}

/* --- what channels tell --- */

static void
on_opened (DunlinChannel *channel, gpointer owner)
{
    DunlinEndpoint *self = owner;

    self->n_opening--;
    if (dunlin_channel_is_mux (channel)) {
        self->kind = DUNLIN_ENDPOINT_MUX;
    } else {
        self->kind = DUNLIN_ENDPOINT_FRAMED;
        if (self->upgrade != DUNLIN_UPGRADE_NEVER) {
            self->upgrade = dunlin_framed_channel_upgrade (channel);
            self->upgrade_forgotten = DUNLIN_NEVER;
        }
        g_ptr_array_add (self->idle, channel);
    }
    g_clear_error (&self->last_error);
    self->events->connected (self, channel->opened - channel->began, self->owner);
    if (self->retired)
        dunlin_channel_leave (channel);
    else
        pump (self);
}

static void
on_free_again (DunlinChannel *channel, gpointer owner)
{
    DunlinEndpoint *self = owner;

    if (!dunlin_channel_is_mux (channel))
        g_ptr_array_add (self->idle, channel);
    pump (self);
}

static void
forget (DunlinEndpoint *self, DunlinChannel *channel)
{
    if (self->mux == channel)
        self->mux = NULL;
    g_ptr_array_remove (self->idle, channel);
}

static void
on_leaving (DunlinChannel *channel, gpointer owner)
{
    forget (owner, channel);
    open_enough (owner);
}

/* The connection itself was fine, but not what was said on it: another protocol may be. */
static gboolean
try_otherwise (DunlinEndpoint *self, DunlinChannel *channel, const GError *reason)
{
    gboolean denied = g_error_matches (reason, DUNLIN_ERROR, DUNLIN_ERROR_DENIED);
    gboolean polite = channel->begun && (channel->stranger || channel->said_nothing) && !denied;

    if (self->retired)
        return FALSE;
    if (channel->spoke_mux) {
        self->kind = DUNLIN_ENDPOINT_MUX;
        return TRUE;
    }
    if (!polite)
        return FALSE;
    if (dunlin_channel_is_mux (channel)) {
        if (self->options->protocol != DUNLIN_CLIENT_PROTOCOL_AUTO ||
            self->kind == DUNLIN_ENDPOINT_MUX)
            return FALSE;
        self->kind = DUNLIN_ENDPOINT_FRAMED;
        self->upgrade = DUNLIN_UPGRADE_ASK;
        dunlin_log_debug ("%s: no ThriftMux there; trying framed Thrift", self->text);
        return TRUE;
    }
    if (self->upgrade != DUNLIN_UPGRADE_ASK ||
        dunlin_framed_channel_upgrade (channel) != DUNLIN_UPGRADE_NEVER)
        return FALSE;
    self->upgrade = DUNLIN_UPGRADE_NEVER;
    self->upgrade_forgotten = now_of_loop () + REMEMBER_HANG_UP;
    dunlin_log_debug ("%s: no TTwitter there; trying plain Thrift", self->text);
    return TRUE;
}

static void
tell_empty (DunlinEndpoint *self)
{
    if (self->retired && self->channels->len == 0)
        self->events->empty (self, self->owner);
}

static void
on_closed (DunlinChannel *channel, const GError *reason, gpointer owner)
{
    DunlinEndpoint *self = owner;
    gint64 opened = channel->opened;
    gboolean otherwise = opened == 0 && try_otherwise (self, channel, reason);

    forget (self, channel);
    if (opened == 0)
        self->n_opening--;
    g_ptr_array_remove (self->channels, channel); /* which frees it */
    if (otherwise)
        open_one (self);
    else if (opened == 0)
        connect_failed (self, reason);
    else
        self->events->closed (self, now_of_loop () - opened, self->owner);
    if (opened != 0 && reason != NULL)
        note_failure (self, reason);
    if (!self->retired)
        open_enough (self);
    tell_empty (self);
}

static const DunlinChannelEvents events = {
    .opened = on_opened, .free_again = on_free_again, .leaving = on_leaving, .closed = on_closed
};

/* --- life --- */

DunlinEndpoint *
dunlin_endpoint_new (const DunlinAddress *address, const DunlinClientOptions *options,
                     const DunlinEndpointEvents *endpoint_events, gpointer owner)
{
    DunlinEndpoint *self = g_new0 (DunlinEndpoint, 1);

    dunlin_address_copy (address, &self->address);
    self->text = dunlin_address_to_string (address);
    self->options = options;
    self->events = endpoint_events;
    self->owner = owner;
    self->memory = options->credentials != NULL ? dunlin_tls_memory_new () : NULL;
    self->idle = g_ptr_array_new ();
    self->channels = g_ptr_array_new_with_free_func ((GDestroyNotify)dunlin_channel_free);
    return self;
}

void
dunlin_endpoint_free (DunlinEndpoint *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref (self->idle);
    g_ptr_array_unref (self->channels);
    dunlin_tls_memory_free (self->memory);
    dunlin_address_clear (&self->address);
    g_clear_error (&self->last_error);
    g_free (self->text);
    g_free (self);
}

/* Calls @func for each channel; it may make any of them leave. */
static void
each_channel (DunlinEndpoint *self, void (*func) (DunlinChannel *channel))
{
    g_autoptr (GPtrArray) all = g_ptr_array_copy (self->channels, NULL, NULL);

    g_ptr_array_set_free_func (all, NULL);
    for (guint i = 0; i < all->len; i++)
        func (g_ptr_array_index (all, i));
}

void
dunlin_endpoint_retire (DunlinEndpoint *self)
{
    self->retired = TRUE;
    each_channel (self, dunlin_channel_leave);
    tell_empty (self);
}

static gboolean
is_too_old (DunlinEndpoint *self, const DunlinChannel *channel, gint64 now)
{
    gint64 limit = self->options->life_time;

    return limit > 0 && channel->state == DUNLIN_CHANNEL_OPEN && now - channel->opened > limit;
}

/* The longest idle come first. Framed connections are kept up to the pool's low mark. */
static void
sweep_idle (DunlinEndpoint *self, gint64 now)
{
    gint64 limit = self->options->idle_timeout;

    if (limit == 0)
        return;
    while (self->idle->len > self->options->pool_low) {
        DunlinChannel *channel = g_ptr_array_index (self->idle, 0);

        if (now - channel->last_used < limit)
            break;
        dunlin_channel_leave (channel);
    }
    if (self->mux != NULL && self->mux->state == DUNLIN_CHANNEL_OPEN &&
        self->mux->exchanges.n == 0 && now - self->mux->last_used > limit)
        dunlin_channel_leave (self->mux);
}

void
dunlin_endpoint_sweep (DunlinEndpoint *self, gint64 now)
{
    if (self->options->life_time > 0) {
        for (guint i = 0; i < self->channels->len; i++) {
            DunlinChannel *channel = g_ptr_array_index (self->channels, i);

            if (is_too_old (self, channel, now))
                dunlin_channel_leave (channel);
        }
    }
    sweep_idle (self, now);
}

gboolean
dunlin_endpoint_is_reluctant (DunlinEndpoint *self, gint64 now)
{
    return self->mux != NULL && self->mux->lease_ends <= now;
}

static const char *
protocol_name (const DunlinEndpoint *self)
{
    if (self->kind == DUNLIN_ENDPOINT_MUX)
        return "thriftmux";
    if (self->kind == DUNLIN_ENDPOINT_FRAMED)
        return self->upgrade == DUNLIN_UPGRADE_DONE ? "ttwitter" : "thrift";
    return "unknown";
}

void
dunlin_endpoint_describe (DunlinEndpoint *self, gint64 now, JsonBuilder *json)
{
    guint calls = 0;

    for (guint i = 0; i < self->channels->len; i++)
        calls += ((DunlinChannel *)g_ptr_array_index (self->channels, i))->exchanges.n;
    dunlin_describe_string (json, "address", self->text);
    dunlin_describe_string (json, "host", self->address.host);
    dunlin_describe_string (json, "protocol", protocol_name (self));
    dunlin_describe_int (json, "connections", self->channels->len - self->n_opening);
    dunlin_describe_int (json, "opening", self->n_opening);
    dunlin_describe_int (json, "idle", self->idle->len);
    dunlin_describe_int (json, "calls", calls);
    dunlin_describe_int (json, "waiting", self->waiting.n);
    dunlin_describe_boolean (json, "reluctant", dunlin_endpoint_is_reluctant (self, now));
    dunlin_describe_string (json, "last_error",
                            self->last_error != NULL ? self->last_error->message : NULL);
}
