/* One loop's part of a client. */
#define G_LOG_DOMAIN "dunlin-client"
#include "client/client_loop.h"

#include "base/log.h"

/* How often idle connections are looked at and gauges brought up to date. */
#define SWEEP G_USEC_PER_SEC

static guint slot;

static void free_part (DunlinClientLoop *self);

/* The loop ends: client -> its part. */
static void
free_parts (gpointer data)
{
    GHashTable *parts = data;
    GHashTableIter iter;
    gpointer part;

    g_hash_table_iter_init (&iter, parts);
    while (g_hash_table_iter_next (&iter, NULL, &part)) {
        g_hash_table_iter_steal (&iter);
        free_part (part);
    }
    g_hash_table_unref (parts);
}

/* Before any thread: a slot's number must not change under a loop. The first of all: slots go in
 * their order, and our streams need what net keeps in its own. */
__attribute__ ((constructor (200))) static void
alloc_slot (void)
{
    slot = dunlin_loop_alloc_slot (free_parts);
}

/* --- the balancer's members --- */

static gpointer
add_member (const DunlinAddress *address, gpointer data)
{
    return dunlin_member_new (data, address);
}

/* Its last call has ended; its connections still have to say goodbye. */
static void
remove_member (gpointer endpoint, gpointer data)
{
    DunlinClientLoop *self = data;
    DunlinMember *member = endpoint;

    g_ptr_array_add (self->retired, member);
    dunlin_endpoint_retire (member->endpoint);
}

static DunlinNodeStatus
member_status (gpointer endpoint, gint64 now, gpointer data)
{
    return dunlin_member_status (endpoint, now);
}

static const DunlinBalancerFuncs funcs = { .add = add_member,
                                           .remove = remove_member,
                                           .status = member_status };

static void
sweep_node (const DunlinNode *node, gpointer data)
{
    DunlinMember *member = node->endpoint;

    dunlin_member_sweep (member, *(const gint64 *)data);
}

static void
on_sweep (gpointer data)
{
    DunlinClientLoop *self = data;
    gint64 now = dunlin_loop_now (self->loop);

    dunlin_balancer_foreach (self->balancer, sweep_node, &now);
    dunlin_balancer_publish (self->balancer, now);
    dunlin_requeuer_publish (&self->requeuer, now);
    dunlin_timer_arm (self->sweep, now + SWEEP);
}

/* --- addresses --- */

static void
wake_waiters (DunlinClientLoop *self)
{
    DunlinAddressWaiter *waiter = g_steal_pointer (&self->waiters);

    while (waiter != NULL) {
        DunlinAddressWaiter *next = waiter->next;

        waiter->woken = TRUE;
        dunlin_fiber_wake (waiter->fiber);
        waiter = next;
    }
}

/* @set: (transfer full) */
static void
use_set (DunlinClientLoop *self, DunlinAddressSet *set)
{
    /* Who was there once is better than nobody. */
    if (self->set != NULL && self->set->state == DUNLIN_ADDRESSES_BOUND &&
        (set->state == DUNLIN_ADDRESSES_PENDING || set->state == DUNLIN_ADDRESSES_FAILED)) {
        dunlin_address_set_unref (set);
        return;
    }
    dunlin_address_set_unref (self->set);
    self->set = set;
    dunlin_balancer_update (self->balancer, set, dunlin_loop_now (self->loop));
    if (set->state != DUNLIN_ADDRESSES_PENDING)
        wake_waiters (self);
}

void
dunlin_client_loop_update (gpointer data)
{
    DunlinClientLoop *self = data;

    use_set (self, dunlin_client_get_addresses (self->client));
}

static void
forget_waiter (DunlinClientLoop *self, DunlinAddressWaiter *waiter)
{
    DunlinAddressWaiter **at = &self->waiters;

    if (waiter->woken)
        return;
    while (*at != waiter)
        at = &(*at)->next;
    *at = waiter->next;
}

static gboolean
wait_for_set (DunlinClientLoop *self, gint64 deadline, GError **error)
{
    DunlinAddressWaiter waiter = { .fiber = dunlin_fiber_self () };

    while (self->set->state == DUNLIN_ADDRESSES_PENDING) {
        waiter.woken = FALSE;
        waiter.next = self->waiters;
        self->waiters = &waiter;
        if (!dunlin_fiber_park (deadline, error)) {
            forget_waiter (self, &waiter);
            g_prefix_error (error, "the addresses are not known yet: ");
            return FALSE;
        }
        forget_waiter (self, &waiter);
    }
    return TRUE;
}

DunlinNode *
dunlin_client_loop_pick (DunlinClientLoop *self, const DunlinNode *avoid, gint64 deadline,
                         GError **error)
{
    DunlinNode *node;

    if (!wait_for_set (self, deadline, error))
        return NULL;
    node = dunlin_balancer_pick (self->balancer, avoid, dunlin_loop_now (self->loop));
    if (node == NULL)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "nobody can be called: %s",
                     self->set->reason != NULL ? self->set->reason
                                               : "no member of the set has any weight");
    return node;
}

/* Only methods that may run twice, so the table is no longer than the schema and the settings. */
DunlinBackup *
dunlin_client_loop_backups (DunlinClientLoop *self, const DunlinRequest *request)
{
    g_autofree char *name = NULL;
    DunlinBackup *backup;

    if (self->options->backup_percentile == 0 || request->oneway ||
        (request->flags & DUNLIN_METHOD_IDEMPOTENT) == 0)
        return NULL;
    name = g_strndup (request->method, request->method_length);
    if (self->backups == NULL)
        self->backups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                               (GDestroyNotify)dunlin_backup_free);
    backup = g_hash_table_lookup (self->backups, name);
    if (backup == NULL) {
        backup = dunlin_backup_new (&self->client->backup_options, &self->client->metrics.backup,
                                    dunlin_loop_now (self->loop));
        g_hash_table_insert (self->backups, g_steal_pointer (&name), backup);
    }
    return backup;
}

/* --- telling --- */

typedef struct {
    JsonBuilder *json;
    gint64 now;
} Telling;

static void
describe_member (const DunlinNode *node, gpointer data)
{
    Telling *telling = data;

    json_builder_begin_object (telling->json);
    dunlin_member_describe (node->endpoint, telling->now, telling->json);
    json_builder_end_object (telling->json);
}

void
dunlin_client_loop_describe (DunlinClientLoop *self, gint64 now, JsonBuilder *json)
{
    Telling telling = { .json = json, .now = now };

    json_builder_set_member_name (json, "balancer");
    json_builder_begin_object (json);
    dunlin_balancer_describe (self->balancer, now, json);
    json_builder_end_object (json);
    json_builder_set_member_name (json, "retries");
    json_builder_begin_object (json);
    dunlin_requeuer_describe (&self->requeuer, now, json);
    json_builder_end_object (json);
    json_builder_set_member_name (json, "nack_admission");
    json_builder_begin_object (json);
    dunlin_nack_admission_describe (&self->admission, now, json);
    json_builder_end_object (json);
    json_builder_set_member_name (json, "members");
    json_builder_begin_array (json);
    dunlin_balancer_foreach (self->balancer, describe_member, &telling);
    json_builder_end_array (json);
}

/* --- life --- */

static DunlinClientLoop *
make_part (DunlinClient *client, DunlinLoop *loop)
{
    DunlinClientLoop *self = g_new0 (DunlinClientLoop, 1);
    gint64 now = dunlin_loop_now (loop);

    self->client = dunlin_client_hold (client);
    self->loop = loop;
    self->options = &client->options;
    dunlin_random_init (&self->random);
    dunlin_requeuer_init (&self->requeuer, &client->requeue_options, &client->budget_options,
                          &self->random, &client->metrics.requeue, now);
    dunlin_nack_admission_init (&self->admission, NULL, &client->metrics.admission, now);
    self->retired = g_ptr_array_new_with_free_func ((GDestroyNotify)dunlin_member_free);
    self->balancer = dunlin_balancer_new (&client->balancer_options, &funcs, self, &self->random,
                                          &client->metrics.balancer);
    self->sweep = dunlin_timer_new (loop, on_sweep, self);
    dunlin_timer_arm (self->sweep, now + SWEEP);
    use_set (self, dunlin_client_attach (client, self));
    return self;
}

DunlinClientLoop *
dunlin_client_loop_of (DunlinClient *client)
{
    DunlinLoop *loop = dunlin_loop_current ();
    GHashTable *parts = dunlin_loop_get_slot (loop, slot);
    DunlinClientLoop *self;

    if (G_UNLIKELY (parts == NULL)) {
        parts = g_hash_table_new (NULL, NULL);
        dunlin_loop_set_slot (loop, slot, parts);
    }
    self = g_hash_table_lookup (parts, client);
    if (G_UNLIKELY (self == NULL)) {
        self = make_part (client, loop);
        g_hash_table_insert (parts, client, self);
    }
    return self;
}

static void
free_part (DunlinClientLoop *self)
{
    dunlin_client_detach (self->client, self);
    g_clear_pointer (&self->sweep, dunlin_timer_free);
    if (self->n_calls > 0) {
        /* Their fibers will not run again, but what they wait for must stay what it is. */
        dunlin_log_warning ("%s: %u calls were under way when loop '%s' ended",
                            self->options->label, self->n_calls, dunlin_loop_name (self->loop));
        return;
    }
    g_clear_pointer (&self->balancer, dunlin_balancer_free);
    g_ptr_array_unref (self->retired);
    dunlin_requeuer_clear (&self->requeuer);
    g_clear_pointer (&self->backups, g_hash_table_unref);
    dunlin_address_set_unref (self->set);
    dunlin_client_release (self->client);
    g_free (self);
}

void
dunlin_client_loop_drop (gpointer data)
{
    DunlinClientLoop *self = data;

    g_hash_table_remove (dunlin_loop_get_slot (self->loop, slot), self->client);
    free_part (self);
}
