/* Members that fail too often are left alone, and one call finds out whether they are well again.
 */
#include "client/accrual.h"

#define SECOND G_TIME_SPAN_SECOND

typedef struct {
    DunlinAccrualOptions options;
    DunlinRandom random;
    DunlinAccrual accrual;
    gint64 now;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    self->options = DUNLIN_ACCRUAL_DEFAULTS;
    self->now = 77 * SECOND;
    dunlin_random_init_with_seed (&self->random, 7);
    dunlin_accrual_init (&self->accrual, &self->options, &self->random, NULL, self->now);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
}

static void
fail (Fixture *self, guint n)
{
    for (guint i = 0; i < n; i++) {
        dunlin_accrual_begin (&self->accrual, self->now);
        dunlin_accrual_failed (&self->accrual, self->now);
    }
}

static void
succeed (Fixture *self, guint n)
{
    for (guint i = 0; i < n; i++) {
        dunlin_accrual_begin (&self->accrual, self->now);
        dunlin_accrual_succeeded (&self->accrual, self->now);
    }
}

static gboolean
is_open (Fixture *self)
{
    return dunlin_accrual_is_open (&self->accrual, self->now);
}

static gint64
dead_for (Fixture *self)
{
    return self->accrual.dead_until - self->now;
}

static void
assert_state (Fixture *self, DunlinAccrualState state)
{
    g_assert_cmpint (dunlin_accrual_get_state (&self->accrual, self->now), ==, state);
}

static void
four_in_a_row_are_forgiven (Fixture *self, gconstpointer data)
{
    fail (self, 4);
    g_assert_true (is_open (self));
    succeed (self, 1);
    fail (self, 4);
    g_assert_true (is_open (self));
}

static void
five_in_a_row_are_too_many (Fixture *self, gconstpointer data)
{
    fail (self, 5);
    g_assert_false (is_open (self));
    g_assert_cmpint (dead_for (self), ==, 5 * SECOND);
    g_assert_cmpuint (dunlin_accrual_get_count (&self->accrual, DUNLIN_ACCRUAL_REMOVALS), ==, 1);
    g_assert_cmpuint (dunlin_accrual_get_count (&self->accrual, DUNLIN_ACCRUAL_REMOVED_FOR_MS), ==,
                      5000);
}

/* One of two fails: never five in a row. */
static void
low_rate_is_too_little (Fixture *self, gconstpointer data)
{
    for (guint i = 0; i < 290; i++) {
        self->now += SECOND / 10;
        if (i % 2 == 0)
            fail (self, 1);
        else
            succeed (self, 1);
    }
    g_assert_true (is_open (self)); /* the first window has not passed */
    for (guint i = 0; i < 20; i++) {
        self->now += SECOND / 10;
        if (i % 2 == 0)
            fail (self, 1);
        else if (is_open (self))
            succeed (self, 1);
    }
    g_assert_false (is_open (self));
}

static void
rate_of_nine_in_ten_is_enough (Fixture *self, gconstpointer data)
{
    for (guint i = 0; i < 1000; i++) {
        self->now += SECOND / 10;
        if (i % 10 == 0)
            fail (self, 1);
        else
            succeed (self, 1);
        g_assert_true (is_open (self));
    }
}

static void
few_calls_say_nothing_of_the_rate (Fixture *self, gconstpointer data)
{
    for (guint i = 0; i < 40; i++) {
        self->now += 10 * SECOND;
        if (i % 4 != 3)
            fail (self, 1);
        else
            succeed (self, 1);
        g_assert_true (is_open (self));
    }
}

static void
probe_is_one_call (Fixture *self, gconstpointer data)
{
    fail (self, 5);
    self->now += 5 * SECOND - 1;
    g_assert_false (is_open (self));
    self->now += 1;
    assert_state (self, DUNLIN_ACCRUAL_PROBE_OPEN);
    g_assert_true (is_open (self));
    dunlin_accrual_begin (&self->accrual, self->now);
    assert_state (self, DUNLIN_ACCRUAL_PROBE_CLOSED);
    g_assert_false (is_open (self));
    g_assert_cmpuint (dunlin_accrual_get_count (&self->accrual, DUNLIN_ACCRUAL_PROBES), ==, 1);
}

static void
answered_probe_revives (Fixture *self, gconstpointer data)
{
    fail (self, 5);
    self->now += 5 * SECOND;
    succeed (self, 1);
    assert_state (self, DUNLIN_ACCRUAL_ALIVE);
    g_assert_cmpuint (dunlin_accrual_get_count (&self->accrual, DUNLIN_ACCRUAL_REVIVALS), ==, 1);
    fail (self, 4);
    g_assert_true (is_open (self)); /* counted from the beginning */
    fail (self, 1);
    g_assert_cmpint (dead_for (self), ==, 5 * SECOND); /* and so is the back-off */
}

static void
failed_probe_waits_longer (Fixture *self, gconstpointer data)
{
    gint64 last = 0;

    fail (self, 5);
    for (guint i = 0; i < 12; i++) {
        gint64 pause = dead_for (self);

        g_assert_cmpint (pause, >=, last / 2);
        g_assert_cmpint (pause, <=, 300 * SECOND);
        last = pause;
        self->now += pause;
        fail (self, 1);
    }
    g_assert_cmpint (last, ==, 300 * SECOND);
    g_assert_cmpuint (dunlin_accrual_get_count (&self->accrual, DUNLIN_ACCRUAL_REMOVALS), ==, 1);
    g_assert_cmpuint (dunlin_accrual_get_count (&self->accrual, DUNLIN_ACCRUAL_PROBES), ==, 12);
}

static void
probe_that_tells_nothing_is_sent_again (Fixture *self, gconstpointer data)
{
    fail (self, 5);
    self->now += 5 * SECOND;
    dunlin_accrual_begin (&self->accrual, self->now);
    dunlin_accrual_ignored (&self->accrual, self->now);
    assert_state (self, DUNLIN_ACCRUAL_PROBE_OPEN);
}

static void
late_failures_are_no_news (Fixture *self, gconstpointer data)
{
    gint64 pause = 0;

    fail (self, 5);
    pause = dead_for (self);
    fail (self, 20);
    g_assert_cmpint (dead_for (self), ==, pause);
    self->now += pause;
    dunlin_accrual_failed (&self->accrual, self->now); /* sent before it died */
    assert_state (self, DUNLIN_ACCRUAL_PROBE_OPEN);
}

static void
success_of_a_dead_one_does_not_revive_it (Fixture *self, gconstpointer data)
{
    fail (self, 5);
    succeed (self, 1);
    g_assert_false (is_open (self));
}

static void
either_policy_can_be_off (Fixture *self, gconstpointer data)
{
    self->options.failures = 0;
    fail (self, 100);
    g_assert_true (is_open (self));
    self->now += 31 * SECOND;
    fail (self, 5);
    g_assert_false (is_open (self));
    self->options.success_rate = 0;
    dunlin_accrual_init (&self->accrual, &self->options, &self->random, NULL, self->now);
    fail (self, 100);
    self->now += 31 * SECOND;
    fail (self, 100);
    g_assert_true (is_open (self));
}

static void
metrics_have_finagles_names (Fixture *self, gconstpointer data)
{
    static const char *const names[] = { "removals", "revivals", "probes", "removed_for_ms" };
    static const gint64 values[] = { 1, 1, 1, 5000 };
    DunlinTallyMetrics metrics;
    gint64 value = 0;

    dunlin_accrual_metrics_init (&metrics, "clnt/t");
    dunlin_accrual_init (&self->accrual, &self->options, &self->random, &metrics, self->now);
    fail (self, 5);
    self->now += 5 * SECOND;
    succeed (self, 1);
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *name = g_strconcat ("clnt/t/failure_accrual/", names[i], NULL);

        g_assert_true (dunlin_stats_find (name, &value));
        g_assert_cmpint (value, ==, values[i]);
    }
}

static void
description_says_for_how_long (Fixture *self, gconstpointer data)
{
    g_autoptr (JsonBuilder) json = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    JsonObject *object = NULL;

    fail (self, 5);
    self->now += 2 * SECOND;
    json_builder_begin_object (json);
    dunlin_accrual_describe (&self->accrual, self->now, json);
    json_builder_end_object (json);
    root = json_builder_get_root (json);
    object = json_node_get_object (root);
    g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "dead");
    g_assert_cmpint (json_object_get_int_member (object, "dead_for_ms"), ==, 3000);
    g_assert_cmpstr (json_object_get_string_member (object, "left_alone"), ==,
                     "equal jitter, 5 s to 300 s");
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *path;
        void (*func) (Fixture *, gconstpointer);
    } tests[] = {
        { "/client/accrual/four-in-a-row-are-forgiven", four_in_a_row_are_forgiven },
        { "/client/accrual/five-in-a-row-are-too-many", five_in_a_row_are_too_many },
        { "/client/accrual/low-rate-is-too-little", low_rate_is_too_little },
        { "/client/accrual/rate-of-nine-in-ten-is-enough", rate_of_nine_in_ten_is_enough },
        { "/client/accrual/few-calls-say-nothing-of-the-rate", few_calls_say_nothing_of_the_rate },
        { "/client/accrual/probe-is-one-call", probe_is_one_call },
        { "/client/accrual/answered-probe-revives", answered_probe_revives },
        { "/client/accrual/failed-probe-waits-longer", failed_probe_waits_longer },
        { "/client/accrual/probe-that-tells-nothing-is-sent-again",
          probe_that_tells_nothing_is_sent_again },
        { "/client/accrual/late-failures-are-no-news", late_failures_are_no_news },
        { "/client/accrual/success-of-a-dead-one-does-not-revive-it",
          success_of_a_dead_one_does_not_revive_it },
        { "/client/accrual/either-policy-can-be-off", either_policy_can_be_off },
        { "/client/accrual/metrics-have-finagles-names", metrics_have_finagles_names },
        { "/client/accrual/description-says-for-how-long", description_says_for_how_long },
    };

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
        g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
    return g_test_run ();
}
