/* The power of two choices, over members that come and go. */
#include "client/balancer_private.h"

#include <string.h>

/* In a set that stays sick, how often its members are looked through for an order: each time costs
 * as much as the set has members. */
#define REORDER_INTERVAL (100 * G_TIME_SPAN_MILLISECOND)

/* A member as it stands now. */
typedef struct {
    DunlinNode *node;
    guint status; /* DunlinNodeStatus, or AVOIDED */
} Candidate;

/* Worse than any status. */
#define AVOIDED (DUNLIN_NODE_CLOSED + 1U)

/* @far_above: whether a load is so much above another, for @ratio times its weight, that chance
 * does not explain it. */
typedef struct {
    double (*get) (const DunlinNode *node, gint64 now);
    gboolean (*far_above) (double load, double other, double ratio);
} Load;

static gboolean
far_more_calls (double load, double other, double ratio)
{
    return load > 1 + 2 * ratio * (other + 1);
}

static gboolean
far_slower (double load, double other, double ratio)
{
    return load > 2 * MAX (ratio, 1) * other;
}

static const Load loads[DUNLIN_N_LOADS] = {
    [DUNLIN_LOAD_LEAST] = { dunlin_node_least_loaded, far_more_calls },
    [DUNLIN_LOAD_PEAK_EWMA] = { dunlin_node_peak_ewma, far_slower },
};

/* With so many percent unhealthy, so many pairs of two unhealthy ones in a row have a chance of one
 * in a hundred (0.5 squared to the fourth is 0.004): PanicMode.scala. */
static guint
effort_for (guint panic_percent)
{
    static const struct {
        guint percent;
        guint effort;
    } table[] = { { 10, 1 }, { 30, 2 }, { 40, 3 }, { 50, 4 } };

    for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
        if (panic_percent <= table[i].percent)
            return table[i].effort;
    }
    return 5;
}

DunlinBalancer *
dunlin_balancer_new (const DunlinBalancerOptions *options, const DunlinBalancerFuncs *funcs,
                     gpointer data, DunlinRandom *random, const DunlinBalancerMetrics *metrics)
{
    DunlinBalancer *self = g_new0 (DunlinBalancer, 1);

    self->options = options != NULL ? *options : DUNLIN_BALANCER_DEFAULTS;
    self->funcs = funcs;
    self->data = data;
    self->random = random;
    self->metrics = metrics;
    self->tally.metrics = metrics != NULL ? &metrics->tally : NULL;
    self->nodes = g_hash_table_new (g_str_hash, g_str_equal);
    self->order = g_ptr_array_new ();
    self->max_effort = effort_for (self->options.panic_percent);
    self->ordered = G_MININT64 / 2;
    dunlin_aperture_init (&self->aperture, &self->options.aperture);
    return self;
}

static void
forget (DunlinBalancer *self, DunlinNode *node)
{
    g_hash_table_remove (self->nodes, node->address);
    self->funcs->remove (node->endpoint, self->data);
    dunlin_node_free (node);
}

void
dunlin_balancer_free (DunlinBalancer *self)
{
    g_autoptr (GList) nodes = NULL;

    if (self == NULL)
        return;
    g_assert (self->pending == 0);
    nodes = g_hash_table_get_values (self->nodes);
    dunlin_tally_add (&self->tally, DUNLIN_BALANCER_REMOVES, self->size);
    for (GList *i = nodes; i != NULL; i = i->next)
        forget (self, i->data);
    dunlin_balancer_unpublish (self);
    dunlin_draw_clear (&self->draw);
    g_ptr_array_unref (self->order);
    g_hash_table_unref (self->nodes);
    g_free (self);
}

/* ---- The order ---- */

/* By chance, but the same as long as the members live: so that of many clients with few calls each
 * does not call the same few members. */
static int
compare_tokens (gconstpointer a, gconstpointer b)
{
    const DunlinNode *left = *(DunlinNode *const *)a, *right = *(DunlinNode *const *)b;

    if (left->token != right->token)
        return left->token < right->token ? -1 : 1;
    return strcmp (left->address, right->address);
}

/* Appends those of @from that have @status. */
static void
append_those (DunlinBalancer *self, const GPtrArray *from, const guint8 *statuses, guint8 status)
{
    for (guint i = 0; i < from->len; i++) {
        if (statuses[i] == status)
            g_ptr_array_add (self->order, from->pdata[i]);
    }
}

/* With an aperture, those that are open come first. */
static void
put_open_first (DunlinBalancer *self, gint64 now)
{
    g_autoptr (GPtrArray) members = g_ptr_array_copy (self->order, NULL, NULL);
    g_autofree guint8 *statuses = g_new (guint8, members->len + 1);

    for (guint i = 0; i < members->len; i++)
        statuses[i] = (guint8)dunlin_balancer_status_of (self, members->pdata[i], now);
    g_ptr_array_set_size (self->order, 0);
    append_those (self, members, statuses, DUNLIN_NODE_OPEN);
    self->n_well = self->order->len;
    append_those (self, members, statuses, DUNLIN_NODE_BUSY);
    append_those (self, members, statuses, DUNLIN_NODE_CLOSED);
}

static void
make_order (DunlinBalancer *self, gint64 now)
{
    g_autofree double *weights = g_new (double, self->order->len + 1);

    g_ptr_array_sort (self->order, compare_tokens);
    self->n_well = self->order->len;
    if (self->options.aperture.minimum > 0)
        put_open_first (self, now);
    for (guint i = 0; i < self->order->len; i++)
        weights[i] = ((DunlinNode *)self->order->pdata[i])->weight;
    dunlin_draw_set (&self->draw, weights, self->order->len);
    self->next_sick = self->n_well;
    self->ordered = now;
    dunlin_tally_add (&self->tally, DUNLIN_BALANCER_REBUILDS, 1);
}

static void
reorder_sometimes (DunlinBalancer *self, gint64 now)
{
    if (self->options.aperture.minimum > 0 && now - self->ordered >= REORDER_INTERVAL)
        make_order (self, now);
}

/* Whether a member that the order has put last is well again; one is looked at each time. */
static gboolean
one_has_recovered (DunlinBalancer *self, gint64 now)
{
    guint i = self->next_sick;

    if (self->n_well == self->order->len)
        return FALSE;
    self->next_sick = i + 1 < self->order->len ? i + 1 : self->n_well;
    return dunlin_balancer_status_of (self, self->order->pdata[i], now) == DUNLIN_NODE_OPEN;
}

/* ---- The set ---- */

static DunlinNode *
add_node (DunlinBalancer *self, const char *text, const DunlinAddress *address, gint64 now)
{
    DunlinNode *node = dunlin_node_new (text, self->options.decay,
                                        (guint32)dunlin_random_next (self->random), now);

    node->endpoint = self->funcs->add (address, self->data);
    g_hash_table_insert (self->nodes, node->address, node);
    return node;
}

static void
join (DunlinBalancer *self, const DunlinAddress *address, gint64 now)
{
    g_autofree char *text = dunlin_address_to_string (address);
    DunlinNode *node = g_hash_table_lookup (self->nodes, text);

    if (node == NULL)
        node = add_node (self, text, address, now);
    if (!node->in_set)
        dunlin_tally_add (&self->tally, DUNLIN_BALANCER_ADDS, 1);
    node->in_set = TRUE;
    node->update = self->update;
    node->weight = address->weight > 0 ? address->weight : 0; /* not a number: none */
    if (node->weight > 0)
        g_ptr_array_add (self->order, node);
}

static void
leave (DunlinBalancer *self, DunlinNode *node)
{
    node->in_set = FALSE;
    dunlin_tally_add (&self->tally, DUNLIN_BALANCER_REMOVES, 1);
    if (node->pending == 0)
        forget (self, node);
}

void
dunlin_balancer_update (DunlinBalancer *self, const DunlinAddressSet *set, gint64 now)
{
    g_autoptr (GList) nodes = NULL;

    dunlin_tally_add (&self->tally, DUNLIN_BALANCER_UPDATES, 1);
    if (set->state != DUNLIN_ADDRESSES_BOUND && set->state != DUNLIN_ADDRESSES_EMPTY)
        return;
    self->update++;
    self->size = set->n_addresses;
    g_ptr_array_set_size (self->order, 0);
    for (guint i = 0; i < set->n_addresses; i++)
        join (self, &set->addresses[i], now);
    make_order (self, now);
    nodes = g_hash_table_get_values (self->nodes);
    for (GList *i = nodes; i != NULL; i = i->next) {
        DunlinNode *node = i->data;

        if (node->in_set && node->update != self->update)
            leave (self, node);
    }
}

/* ---- The pick ---- */

static Candidate
candidate (DunlinBalancer *self, guint i, const DunlinNode *avoid, gint64 now)
{
    DunlinNode *node = self->order->pdata[i];

    if (node == avoid)
        return (Candidate){ node, AVOIDED };
    return (Candidate){ node, dunlin_balancer_status_of (self, node, now) };
}

/* Both were drawn as often as their weights say. So with even weights any difference in load may
 * decide; with uneven ones it would shift their shares (a member that gets little is idle more
 * often), and only a difference that is no accident does. */
static gboolean
second_is_better (DunlinBalancer *self, const DunlinNode *first, const DunlinNode *second,
                  gint64 now)
{
    const Load *load = &loads[self->options.load];
    double a = load->get (first, now), b = load->get (second, now);

    if (a <= 0 && b <= 0) {
        dunlin_tally_add (&self->tally, DUNLIN_BALANCER_P2C_ZERO, 1);
        return FALSE;
    }
    if (first->weight < second->weight || first->weight > second->weight)
        return load->far_above (a, b, first->weight / second->weight);
    return b < a;
}

static Candidate
better_of_two (DunlinBalancer *self, guint among, const DunlinNode *avoid, gint64 now)
{
    guint first = dunlin_draw_one (&self->draw, among, self->random);
    Candidate a = candidate (self, first, avoid, now), b = a;

    if (among == 1)
        return a;
    b = candidate (self, dunlin_draw_other (&self->draw, among, first, self->random), avoid, now);
    if (a.status != b.status)
        return a.status < b.status ? a : b;
    return second_is_better (self, a.node, b.node, now) ? b : a;
}

/* Returns: one that is open, or else whatever the last try found. */
static Candidate
find (DunlinBalancer *self, const DunlinNode *avoid, gint64 now)
{
    guint among = dunlin_aperture_get (&self->aperture, self->order->len);
    Candidate found = { NULL, AVOIDED };

    for (guint i = 0; i < self->max_effort && found.status != DUNLIN_NODE_OPEN; i++)
        found = better_of_two (self, among, avoid, now);
    if (found.status == DUNLIN_NODE_OPEN)
        return found;
    dunlin_tally_add (&self->tally, DUNLIN_BALANCER_MAX_EFFORT_EXHAUSTED, 1);
    reorder_sometimes (self, now);
    return better_of_two (self, among, avoid, now);
}

static void
count_call (DunlinBalancer *self, int change, gint64 now)
{
    static const DunlinBalancerCount counts[] = {
        [DUNLIN_APERTURE_WIDER] = DUNLIN_BALANCER_WIDEN,
        [DUNLIN_APERTURE_NARROWER] = DUNLIN_BALANCER_NARROW,
    };
    DunlinApertureChange changed =
        dunlin_aperture_adjust (&self->aperture, change, self->order->len, now);

    self->pending = (guint)((int)self->pending + change);
    if (changed != DUNLIN_APERTURE_SAME)
        dunlin_tally_add (&self->tally, counts[changed], 1);
}

DunlinNode *
dunlin_balancer_pick (DunlinBalancer *self, const DunlinNode *avoid, gint64 now)
{
    Candidate found = { NULL, AVOIDED };

    if (self->order->len == 0)
        return NULL;
    if (one_has_recovered (self, now))
        reorder_sometimes (self, now);
    found = find (self, avoid, now);
    if (found.status != DUNLIN_NODE_OPEN)
        dunlin_tally_add (&self->tally, DUNLIN_BALANCER_PANICKED, 1);
    found.node->pending++;
    found.node->picks++;
    count_call (self, 1, now);
    return found.node;
}

void
dunlin_balancer_done (DunlinBalancer *self, DunlinNode *node, gint64 started, gboolean answered,
                      gint64 now)
{
    g_assert (node->pending > 0);
    node->pending--;
    count_call (self, -1, now);
    dunlin_node_observe (node, now - started, answered, now);
    if (!node->in_set && node->pending == 0)
        forget (self, node);
}
