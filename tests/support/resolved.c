/* A resolver on a control loop of its own: see the header. */
#include "support/resolved.h"

#include "base/clock.h"
#include "discovery/zookeeper.h"

#include <pthread.h>
#include <time.h>

/* Only a failing test gets there. */
#define PATIENCE_SECONDS 60

struct TestResolved {
    DunlinLoop *loop;
    DunlinResolver *resolver;     /* owned; freed on the loop */
    DunlinResolution *resolution; /* owned; freed on the loop */
    GPtrArray *others;            /* owned: of DunlinResolution; only on the loop */

    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    DunlinAddressSet *set; /* owned */
    guint count;
    char *description; /* owned, nullable */
};

typedef struct {
    TestResolved *owner;
    DunlinName *name; /* owned */
} Order;

static void
on_resolved (DunlinResolution *resolution, const DunlinAddressSet *set, gpointer data)
{
    TestResolved *self = data;

    pthread_mutex_lock (&self->lock);
    dunlin_address_set_unref (self->set);
    self->set = dunlin_address_set_ref (set);
    self->count++;
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}

static DunlinName *
parse (const char *text)
{
    g_autoptr (GError) error = NULL;
    DunlinName *name = dunlin_name_parse (text, &error);

    g_assert_no_error (error);
    return name;
}

TestResolved *
test_resolved_new (const char *text, const DunlinResolverOptions *options)
{
    TestResolved *self = g_new0 (TestResolved, 1);
    g_autoptr (DunlinName) name = parse (text);
    g_autoptr (GError) error = NULL;

    pthread_mutex_init (&self->lock, NULL);
    pthread_cond_init (&self->changed, NULL);
    self->others = g_ptr_array_new ();
    self->loop = dunlin_loop_new ("control", &error);
    g_assert_no_error (error);
    self->resolver = dunlin_resolver_new (self->loop, options);
    self->resolution = dunlin_resolver_resolve (self->resolver, name, on_resolved, self);
    self->set = dunlin_resolution_get (self->resolution);
    g_assert_cmpint (self->set->state, ==, DUNLIN_ADDRESSES_PENDING);
    dunlin_loop_start (self->loop);
    return self;
}

static void
stop (gpointer data)
{
    TestResolved *self = data;

    dunlin_resolution_free (self->resolution);
    for (guint i = 0; i < self->others->len; i++)
        dunlin_resolution_free (self->others->pdata[i]);
    dunlin_resolver_free (self->resolver);
    dunlin_loop_stop (self->loop);
}

void
test_resolved_free (TestResolved *self)
{
    if (self == NULL)
        return;
    dunlin_loop_post (self->loop, stop, self);
    dunlin_loop_join (self->loop);
    dunlin_loop_free (self->loop);
    g_assert_true (dunlin_zookeeper_wait_closed (dunlin_deadline_in (20 * G_USEC_PER_SEC)));
    g_ptr_array_unref (self->others);
    dunlin_address_set_unref (self->set);
    pthread_mutex_destroy (&self->lock);
    pthread_cond_destroy (&self->changed);
    g_free (self->description);
    g_free (self);
}

static void
add (gpointer data)
{
    Order *order = data;
    TestResolved *self = order->owner;

    g_ptr_array_add (self->others,
                     dunlin_resolver_resolve (self->resolver, order->name, NULL, NULL));
    dunlin_name_free (order->name);
    g_free (order);
}

void
test_resolved_add (TestResolved *self, const char *text)
{
    Order *order = g_new0 (Order, 1);

    order->owner = self;
    order->name = parse (text);
    dunlin_loop_post (self->loop, add, order);
}

static char *
to_text (const DunlinAddressSet *set)
{
    static const char *const states[] = { [DUNLIN_ADDRESSES_PENDING] = "pending",
                                          [DUNLIN_ADDRESSES_BOUND] = "bound",
                                          [DUNLIN_ADDRESSES_EMPTY] = "empty",
                                          [DUNLIN_ADDRESSES_FAILED] = "failed" };
    GString *text = g_string_new (states[set->state]);

    for (guint i = 0; i < set->n_addresses; i++) {
        const DunlinAddress *address = &set->addresses[i];
        g_autofree char *where = dunlin_address_to_string (address);

        g_string_append_printf (text, " %s", where);
        if (address->weight < 1 || address->weight > 1)
            g_string_append_printf (text, "*%g", address->weight);
    }
    return g_string_free (text, FALSE);
}

static struct timespec
patience (void)
{
    struct timespec until;

    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    return until;
}

void
test_resolved_wait (TestResolved *self, const char *expected)
{
    struct timespec until = patience ();
    g_autofree char *text = NULL;

    pthread_mutex_lock (&self->lock);
    text = to_text (self->set);
    while (g_strcmp0 (text, expected) != 0) {
        if (pthread_cond_timedwait (&self->changed, &self->lock, &until) != 0)
            g_error ("waited in vain for '%s': it is '%s'", expected, text);
        g_free (text);
        text = to_text (self->set);
    }
    pthread_mutex_unlock (&self->lock);
}

DunlinAddressSet *
test_resolved_get (TestResolved *self)
{
    return dunlin_resolution_get (self->resolution);
}

char *
test_resolved_text (TestResolved *self)
{
    g_autoptr (DunlinAddressSet) set = test_resolved_get (self);

    return to_text (set);
}

guint
test_resolved_count (TestResolved *self)
{
    guint count;

    pthread_mutex_lock (&self->lock);
    count = self->count;
    pthread_mutex_unlock (&self->lock);
    return count;
}

static void
describe (gpointer data)
{
    TestResolved *self = data;
    g_autoptr (JsonBuilder) json = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;

    json_builder_begin_object (json);
    dunlin_resolution_describe (self->resolution, json);
    json_builder_end_object (json);
    root = json_builder_get_root (json);
    pthread_mutex_lock (&self->lock);
    self->description = json_to_string (root, FALSE);
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}

char *
test_resolved_describe (TestResolved *self)
{
    struct timespec until = patience ();
    char *description;

    dunlin_loop_post (self->loop, describe, self);
    pthread_mutex_lock (&self->lock);
    while (self->description == NULL)
        g_assert_cmpint (pthread_cond_timedwait (&self->changed, &self->lock, &until), ==, 0);
    description = g_steal_pointer (&self->description);
    pthread_mutex_unlock (&self->lock);
    return description;
}
