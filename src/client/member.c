/* Connections and health, put together. */
#define G_LOG_DOMAIN "dunlin-client"
#include "client/member.h"

#include "base/log.h"
#include "client/client_loop.h"

static void
on_connected (DunlinEndpoint *endpoint, gint64 took, gpointer owner)
{
    DunlinMember *self = owner;
    const DunlinClientMetrics *metrics = &self->home->client->metrics;

    dunlin_fail_fast_connected (&self->fail_fast);
    dunlin_counter_increment (metrics->connects);
    dunlin_gauge_add (metrics->connections, 1);
    dunlin_histogram_record (metrics->connect_latency, (guint64)MAX (took, 0));
}

static void
on_connect_failed (DunlinEndpoint *endpoint, const GError *error, gpointer owner)
{
    static DunlinLogLimit limit = DUNLIN_LOG_LIMIT (5, 10 * G_USEC_PER_SEC);
    DunlinMember *self = owner;

    dunlin_fail_fast_failed (&self->fail_fast, dunlin_loop_now (self->home->loop));
    dunlin_counter_increment (self->home->client->metrics.connect_failures);
    dunlin_log_limited (DUNLIN_LOG_WARNING, &limit, "%s: %s", self->home->options->label,
                        error->message);
}

static void
on_closed (DunlinEndpoint *endpoint, gint64 lived, gpointer owner)
{
    DunlinMember *self = owner;
    const DunlinClientMetrics *metrics = &self->home->client->metrics;

    dunlin_counter_increment (metrics->closes);
    dunlin_gauge_add (metrics->connections, -1);
    dunlin_histogram_record (metrics->connection_duration, (guint64)MAX (lived, 0));
}

static void
on_empty (DunlinEndpoint *endpoint, gpointer owner)
{
    DunlinMember *self = owner;

    g_ptr_array_remove (self->home->retired, self); /* which frees it */
}

static const DunlinEndpointEvents events = { .connected = on_connected,
                                             .connect_failed = on_connect_failed,
                                             .closed = on_closed,
                                             .empty = on_empty };

DunlinMember *
dunlin_member_new (DunlinClientLoop *home, const DunlinAddress *address)
{
    DunlinMember *self = g_new0 (DunlinMember, 1);
    DunlinClient *client = home->client;

    self->home = home;
    self->endpoint = dunlin_endpoint_new (address, &client->options, &events, self);
    dunlin_accrual_init (&self->accrual, &client->accrual_options, &home->random,
                         &client->metrics.accrual, dunlin_loop_now (home->loop));
    dunlin_fail_fast_init (&self->fail_fast, &client->fail_fast_options, &home->random,
                           &client->metrics.fail_fast);
    return self;
}

void
dunlin_member_free (DunlinMember *self)
{
    guint open = 0;

    for (guint i = 0; i < self->endpoint->channels->len; i++)
        open += ((DunlinChannel *)g_ptr_array_index (self->endpoint->channels, i))->opened != 0;
    dunlin_gauge_add (self->home->client->metrics.connections, -(gint64)open);
    dunlin_endpoint_free (self->endpoint);
    g_free (self);
}

static gboolean
is_well (DunlinMember *self, gint64 now)
{
    const DunlinClientOptions *options = self->home->options;
    gboolean alone = dunlin_balancer_get_size (self->home->balancer) <= 1;

    return (!options->accrual || dunlin_accrual_is_open (&self->accrual, now)) &&
           (!options->fail_fast || dunlin_fail_fast_is_open (&self->fail_fast, alone)) &&
           !dunlin_endpoint_is_reluctant (self->endpoint, now);
}

DunlinNodeStatus
dunlin_member_status (DunlinMember *self, gint64 now)
{
    return is_well (self, now) ? DUNLIN_NODE_OPEN : DUNLIN_NODE_BUSY;
}

void
dunlin_member_send (DunlinMember *self, DunlinExchange *exchange, gint64 now)
{
    dunlin_accrual_begin (&self->accrual, now);
    dunlin_endpoint_send (self->endpoint, exchange);
}

void
dunlin_member_ended (DunlinMember *self, DunlinHealth health, gint64 now)
{
    if (health == DUNLIN_HEALTH_GOOD)
        dunlin_accrual_succeeded (&self->accrual, now);
    else if (health == DUNLIN_HEALTH_BAD)
        dunlin_accrual_failed (&self->accrual, now);
    else
        dunlin_accrual_ignored (&self->accrual, now);
}

void
dunlin_member_sweep (DunlinMember *self, gint64 now)
{
    dunlin_endpoint_sweep (self->endpoint, now);
    if (self->home->options->fail_fast && dunlin_fail_fast_begin_probe (&self->fail_fast, now))
        dunlin_endpoint_probe (self->endpoint);
}

void
dunlin_member_describe (DunlinMember *self, gint64 now, JsonBuilder *json)
{
    dunlin_endpoint_describe (self->endpoint, now, json);
    json_builder_set_member_name (json, "failure_accrual");
    json_builder_begin_object (json);
    dunlin_accrual_describe (&self->accrual, now, json);
    json_builder_end_object (json);
    json_builder_set_member_name (json, "fail_fast");
    json_builder_begin_object (json);
    dunlin_fail_fast_describe (&self->fail_fast, now, json);
    json_builder_end_object (json);
}
