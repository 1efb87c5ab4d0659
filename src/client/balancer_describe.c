/* What a balancer says of itself: metrics, gauges, and the page of an operator. */
#include "client/balancer_private.h"

static const DunlinTallyRow rows[DUNLIN_N_BALANCER_COUNTS] = {
    [DUNLIN_BALANCER_ADDS] = { "adds", NULL, "Members that have joined." },
    [DUNLIN_BALANCER_REMOVES] = { "removes", NULL, "Members that have left." },
    [DUNLIN_BALANCER_UPDATES] = { "updates", NULL, "Sets of members that were given." },
    [DUNLIN_BALANCER_REBUILDS] = { "rebuilds", NULL, "New orders of the members." },
    [DUNLIN_BALANCER_MAX_EFFORT_EXHAUSTED] = { "max_effort_exhausted", NULL,
                                               "Calls for which no open member was found." },
    [DUNLIN_BALANCER_PANICKED] = { "panicked", NULL,
                                   "Calls that went to a member that was not open." },
    [DUNLIN_BALANCER_P2C_ZERO] = { "p2c/zero", NULL, "Comparisons of two idle members." },
    [DUNLIN_BALANCER_WIDEN] = { "loadband/widen", NULL, "Members taken into the aperture." },
    [DUNLIN_BALANCER_NARROW] = { "loadband/narrow", NULL, "Members left out of the aperture." },
};

static const struct {
    const char *name;
    const char *help;
} gauge_rows[DUNLIN_N_BALANCER_GAUGES] = {
    [DUNLIN_BALANCER_SIZE] = { "size", "Members, counted once a loop." },
    [DUNLIN_BALANCER_AVAILABLE] = { "available", "Members that may be called." },
    [DUNLIN_BALANCER_BUSY] = { "busy", "Members that are better not called now." },
    [DUNLIN_BALANCER_CLOSED] = { "closed", "Members that are of no use any more." },
    [DUNLIN_BALANCER_LOAD] = { "load", "Calls that wait for their answers." },
    [DUNLIN_BALANCER_APERTURE] = { "logical_aperture", "Members that calls go to." },
};

static const char *const load_names[DUNLIN_N_LOADS] = {
    [DUNLIN_LOAD_LEAST] = "p2c_least_loaded",
    [DUNLIN_LOAD_PEAK_EWMA] = "p2c_peak_ewma",
};

static const char *const status_names[] = {
    [DUNLIN_NODE_OPEN] = "open",
    [DUNLIN_NODE_BUSY] = "busy",
    [DUNLIN_NODE_CLOSED] = "closed",
};

void
dunlin_balancer_metrics_init (DunlinBalancerMetrics *self, const char *prefix)
{
    g_autofree char *scope = g_strconcat (prefix, "/loadbalancer", NULL);

    dunlin_tally_metrics_init (&self->tally, scope, rows, G_N_ELEMENTS (rows));
    for (guint i = 0; i < G_N_ELEMENTS (gauge_rows); i++) {
        g_autofree char *name = g_strconcat (scope, "/", gauge_rows[i].name, NULL);

        self->gauges[i] = dunlin_gauge (name, NULL, gauge_rows[i].help);
    }
}

static void
take_census (DunlinBalancer *self, gint64 now, gint64 *gauges)
{
    static const DunlinBalancerGauge by_status[] = {
        [DUNLIN_NODE_OPEN] = DUNLIN_BALANCER_AVAILABLE,
        [DUNLIN_NODE_BUSY] = DUNLIN_BALANCER_BUSY,
        [DUNLIN_NODE_CLOSED] = DUNLIN_BALANCER_CLOSED,
    };
    GHashTableIter iter;
    gpointer node = NULL;

    gauges[DUNLIN_BALANCER_SIZE] = self->size;
    gauges[DUNLIN_BALANCER_LOAD] = self->pending;
    gauges[DUNLIN_BALANCER_APERTURE] = dunlin_aperture_get (&self->aperture, self->order->len);
    g_hash_table_iter_init (&iter, self->nodes);
    while (g_hash_table_iter_next (&iter, NULL, &node)) {
        if (((DunlinNode *)node)->in_set)
            gauges[by_status[dunlin_balancer_status_of (self, node, now)]]++;
    }
}

static void
publish (DunlinBalancer *self, const gint64 *gauges)
{
    for (guint i = 0; i < DUNLIN_N_BALANCER_GAUGES && self->metrics != NULL; i++) {
        dunlin_gauge_add (self->metrics->gauges[i], gauges[i] - self->published[i]);
        self->published[i] = gauges[i];
    }
}

void
dunlin_balancer_publish (DunlinBalancer *self, gint64 now)
{
    gint64 gauges[DUNLIN_N_BALANCER_GAUGES] = { 0 };

    take_census (self, now, gauges);
    publish (self, gauges);
}

void
dunlin_balancer_unpublish (DunlinBalancer *self)
{
    publish (self, (const gint64[DUNLIN_N_BALANCER_GAUGES]){ 0 });
}

DunlinNodeStatus
dunlin_balancer_get_status (DunlinBalancer *self, gint64 now)
{
    DunlinNodeStatus best = DUNLIN_NODE_CLOSED;

    for (guint i = 0; i < self->order->len && best != DUNLIN_NODE_OPEN; i++)
        best = MIN (best, dunlin_balancer_status_of (self, self->order->pdata[i], now));
    return best;
}

guint
dunlin_balancer_get_size (const DunlinBalancer *self)
{
    return self->size;
}

guint64
dunlin_balancer_get_count (const DunlinBalancer *self, DunlinBalancerCount what)
{
    return self->tally.counts[what];
}

void
dunlin_balancer_foreach (DunlinBalancer *self, DunlinBalancerNodeFunc func, gpointer data)
{
    GHashTableIter iter;
    gpointer node = NULL;

    g_hash_table_iter_init (&iter, self->nodes);
    while (g_hash_table_iter_next (&iter, NULL, &node)) {
        if (((DunlinNode *)node)->in_set)
            func (node, data);
    }
}

static void
describe_node (DunlinBalancer *self, const DunlinNode *node, gint64 now, JsonBuilder *json)
{
    DunlinNodeStatus status = dunlin_balancer_status_of (self, node, now);

    json_builder_begin_object (json);
    dunlin_describe_string (json, "address", node->address);
    dunlin_describe_double (json, "weight", node->weight);
    dunlin_describe_string (json, "status", status_names[status]);
    dunlin_describe_boolean (json, "leaving", !node->in_set);
    dunlin_describe_int (json, "pending", node->pending);
    dunlin_describe_int (json, "picks", (gint64)node->picks);
    dunlin_describe_int (json, "answers", (gint64)node->answers);
    dunlin_describe_double (json, "latency_ms",
                            dunlin_ema_faded (&node->latency, now) / G_TIME_SPAN_MILLISECOND);
    dunlin_describe_ms (json, "joined_ms_ago", now - node->joined);
    json_builder_end_object (json);
}

static int
compare_addresses (gconstpointer a, gconstpointer b)
{
    return g_strcmp0 (((const DunlinNode *)a)->address, ((const DunlinNode *)b)->address);
}

void
dunlin_balancer_describe (DunlinBalancer *self, gint64 now, JsonBuilder *json)
{
    gint64 gauges[DUNLIN_N_BALANCER_GAUGES] = { 0 };
    g_autoptr (GList) nodes = NULL;

    take_census (self, now, gauges);
    dunlin_describe_string (json, "algorithm", load_names[self->options.load]);
    dunlin_describe_int (json, "panic_percent", self->options.panic_percent);
    for (guint i = 0; i < DUNLIN_N_BALANCER_GAUGES; i++)
        dunlin_describe_int (json, gauge_rows[i].name, gauges[i]);
    dunlin_tally_describe (&self->tally, rows, G_N_ELEMENTS (rows), json);
    json_builder_set_member_name (json, "nodes");
    json_builder_begin_array (json);
    nodes = g_list_sort (g_hash_table_get_values (self->nodes), compare_addresses);
    for (GList *i = nodes; i != NULL; i = i->next)
        describe_node (self, i->data, now, json);
    json_builder_end_array (json);
}
