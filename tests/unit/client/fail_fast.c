/* Members that cannot be connected to are left to probes. */
#include "client/fail_fast.h"

#include "base/clock.h"

#define SECOND G_TIME_SPAN_SECOND

typedef struct {
    DunlinBackoffOptions options;
    DunlinRandom random;
    DunlinFailFast fail_fast;
    gint64 now;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    self->options = DUNLIN_FAIL_FAST_DEFAULTS;
    self->now = 9 * SECOND;
    dunlin_random_init_with_seed (&self->random, 1);
    dunlin_fail_fast_init (&self->fail_fast, &self->options, &self->random, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
}

static gboolean
is_open (Fixture *self)
{
    return dunlin_fail_fast_is_open (&self->fail_fast, FALSE);
}

static void
one_failure_is_enough (Fixture *self, gconstpointer data)
{
    g_assert_true (is_open (self));
    dunlin_fail_fast_failed (&self->fail_fast, self->now);
    g_assert_false (is_open (self));
    g_assert_cmpint (dunlin_fail_fast_get_next_probe (&self->fail_fast), ==, self->now + SECOND);
}

static void
only_member_is_tried_all_the_same (Fixture *self, gconstpointer data)
{
    dunlin_fail_fast_failed (&self->fail_fast, self->now);
    g_assert_true (dunlin_fail_fast_is_open (&self->fail_fast, TRUE));
}

static void
probe_is_one_and_in_time (Fixture *self, gconstpointer data)
{
    g_assert_false (dunlin_fail_fast_begin_probe (&self->fail_fast, self->now));
    dunlin_fail_fast_failed (&self->fail_fast, self->now);
    g_assert_false (dunlin_fail_fast_begin_probe (&self->fail_fast, self->now + SECOND - 1));
    g_assert_true (dunlin_fail_fast_begin_probe (&self->fail_fast, self->now + SECOND));
    g_assert_false (dunlin_fail_fast_begin_probe (&self->fail_fast, self->now + SECOND));
    g_assert_cmpint (dunlin_fail_fast_get_next_probe (&self->fail_fast), ==, DUNLIN_NEVER);
    g_assert_false (is_open (self)); /* not before it has connected */
}

static void
connection_opens_it (Fixture *self, gconstpointer data)
{
    dunlin_fail_fast_connected (&self->fail_fast);
    dunlin_fail_fast_failed (&self->fail_fast, self->now);
    dunlin_fail_fast_begin_probe (&self->fail_fast, self->now + SECOND);
    dunlin_fail_fast_connected (&self->fail_fast);
    g_assert_true (is_open (self));
    g_assert_cmpint (dunlin_fail_fast_get_next_probe (&self->fail_fast), ==, DUNLIN_NEVER);
    dunlin_fail_fast_failed (&self->fail_fast, self->now); /* and the back-off begins anew */
    g_assert_cmpint (dunlin_fail_fast_get_next_probe (&self->fail_fast), ==, self->now + SECOND);
    g_assert_cmpuint (dunlin_fail_fast_get_count (&self->fail_fast, DUNLIN_FAIL_FAST_MARKED_DEAD),
                      ==, 2);
    g_assert_cmpuint (
        dunlin_fail_fast_get_count (&self->fail_fast, DUNLIN_FAIL_FAST_MARKED_AVAILABLE), ==, 1);
}

static void
probes_come_at_longer_times (Fixture *self, gconstpointer data)
{
    self->options.kind = DUNLIN_BACKOFF_EXPONENTIAL;
    dunlin_fail_fast_failed (&self->fail_fast, self->now);
    for (gint64 wait = 1; wait <= 128; wait *= 2) {
        gint64 next = dunlin_fail_fast_get_next_probe (&self->fail_fast);

        g_assert_cmpint (next - self->now, ==, MIN (wait, 32) * SECOND);
        self->now = next;
        g_assert_true (dunlin_fail_fast_begin_probe (&self->fail_fast, self->now));
        dunlin_fail_fast_failed (&self->fail_fast, self->now);
    }
    g_assert_cmpuint (self->fail_fast.tries, ==, 8);
}

static void
failures_of_calls_do_not_put_probes_off (Fixture *self, gconstpointer data)
{
    gint64 next = 0;

    dunlin_fail_fast_failed (&self->fail_fast, self->now);
    next = dunlin_fail_fast_get_next_probe (&self->fail_fast);
    for (guint i = 0; i < 100; i++)
        dunlin_fail_fast_failed (&self->fail_fast, self->now + i);
    g_assert_cmpint (dunlin_fail_fast_get_next_probe (&self->fail_fast), ==, next);
    g_assert_cmpuint (dunlin_fail_fast_get_count (&self->fail_fast, DUNLIN_FAIL_FAST_MARKED_DEAD),
                      ==, 1);
}

static void
metrics_have_finagles_names (Fixture *self, gconstpointer data)
{
    DunlinTallyMetrics metrics;
    gint64 value = 0;

    dunlin_fail_fast_metrics_init (&metrics, "clnt/t");
    dunlin_fail_fast_init (&self->fail_fast, &self->options, &self->random, &metrics);
    dunlin_fail_fast_failed (&self->fail_fast, self->now);
    g_assert_true (dunlin_stats_find ("clnt/t/failfast/marked_dead", &value));
    g_assert_cmpint (value, ==, 1);
    g_assert_true (dunlin_stats_find ("clnt/t/failfast/marked_available", &value));
    g_assert_cmpint (value, ==, 0);
}

static void
description_says_for_how_long (Fixture *self, gconstpointer data)
{
    g_autoptr (JsonBuilder) json = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    JsonObject *object = NULL;

    dunlin_fail_fast_failed (&self->fail_fast, self->now);
    json_builder_begin_object (json);
    dunlin_fail_fast_describe (&self->fail_fast, self->now + SECOND / 4, json);
    json_builder_end_object (json);
    root = json_builder_get_root (json);
    object = json_node_get_object (root);
    g_assert_true (json_object_get_boolean_member (object, "is_marked_dead"));
    g_assert_cmpint (json_object_get_int_member (object, "unhealthy_for_ms"), ==, 250);
    g_assert_cmpint (json_object_get_int_member (object, "next_probe_in_ms"), ==, 750);
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *claim;
        void (*func) (Fixture *, gconstpointer);
    } tests[] = {
        { "one-failure-is-enough", one_failure_is_enough },
        { "only-member-is-tried-all-the-same", only_member_is_tried_all_the_same },
        { "probe-is-one-and-in-time", probe_is_one_and_in_time },
        { "connection-opens-it", connection_opens_it },
        { "probes-come-at-longer-times", probes_come_at_longer_times },
        { "failures-of-calls-do-not-put-probes-off", failures_of_calls_do_not_put_probes_off },
        { "metrics-have-finagles-names", metrics_have_finagles_names },
        { "description-says-for-how-long", description_says_for_how_long },
    };

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path = g_strconcat ("/client/fail-fast/", tests[i].claim, NULL);

        g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
    return g_test_run ();
}
