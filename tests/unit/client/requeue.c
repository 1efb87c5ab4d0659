/* Whether a call that failed is sent again. */
#include "client/requeue.h"

#include "base/clock.h"

#define SECOND G_TIME_SPAN_SECOND

static const DunlinVerdict good = { DUNLIN_HEALTH_GOOD, DUNLIN_AGAIN_NEVER, FALSE };
static const DunlinVerdict safe = { DUNLIN_HEALTH_BAD, DUNLIN_AGAIN_ALWAYS, FALSE };
static const DunlinVerdict lost = { DUNLIN_HEALTH_BAD, DUNLIN_AGAIN_IF_IDEMPOTENT, FALSE };

typedef struct {
    DunlinRandom random;
    DunlinRequeuer requeuer;
    DunlinRequeue call;
    gint64 now;
    gint64 wait;
} Fixture;

static void
begin_with (Fixture *self, const DunlinRequeueOptions *options, const DunlinBudgetOptions *budget)
{
    self->now = 50 * SECOND;
    self->wait = -1;
    dunlin_random_init_with_seed (&self->random, 1);
    dunlin_requeuer_init (&self->requeuer, options, budget, &self->random, NULL, self->now);
    dunlin_requeuer_begin (&self->requeuer, &self->call, self->now);
}

static void
set_up (Fixture *self, gconstpointer data)
{
    begin_with (self, NULL, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    dunlin_requeuer_clear (&self->requeuer);
}

static DunlinRequeueAnswer
ask (Fixture *self, const DunlinVerdict *verdict, gboolean idempotent)
{
    return dunlin_requeuer_ask (&self->requeuer, &self->call, verdict, idempotent, TRUE,
                                DUNLIN_NEVER, self->now, &self->wait);
}

static guint64
count (Fixture *self, DunlinRequeueCount what)
{
    return dunlin_requeuer_get_count (&self->requeuer, what);
}

static void
safe_one_is_sent_again_at_once (Fixture *self, gconstpointer data)
{
    g_assert_cmpint (ask (self, &safe, FALSE), ==, DUNLIN_REQUEUE_YES);
    g_assert_cmpint (self->wait, ==, 0);
    g_assert_cmpuint (self->call.attempts, ==, 1);
    g_assert_cmpuint (count (self, DUNLIN_REQUEUES), ==, 1);
    g_assert_cmpint (dunlin_budget_balance (&self->requeuer.budget, self->now), ==, 99);
}

static void
lost_one_only_if_idempotent (Fixture *self, gconstpointer data)
{
    g_assert_cmpint (ask (self, &lost, FALSE), ==, DUNLIN_REQUEUE_UNSAFE);
    g_assert_cmpint (self->wait, ==, -1);
    g_assert_cmpint (dunlin_budget_balance (&self->requeuer.budget, self->now), ==, 100);
    g_assert_cmpint (ask (self, &lost, TRUE), ==, DUNLIN_REQUEUE_YES);
}

static void
answered_one_never (Fixture *self, gconstpointer data)
{
    g_assert_cmpint (ask (self, &good, TRUE), ==, DUNLIN_REQUEUE_UNSAFE);
}

/* A fifth of the balance: one call cannot use it all up. */
static void
one_call_has_its_limit (Fixture *self, gconstpointer data)
{
    for (guint i = 0; i < 20; i++)
        g_assert_cmpint (ask (self, &safe, FALSE), ==, DUNLIN_REQUEUE_YES);
    g_assert_cmpint (ask (self, &safe, FALSE), ==, DUNLIN_REQUEUE_LIMIT);
    g_assert_cmpuint (count (self, DUNLIN_REQUEUES_REQUEST_LIMIT), ==, 1);
    dunlin_requeuer_begin (&self->requeuer, &self->call, self->now);
    g_assert_cmpuint (self->call.maximum, ==, 16);
}

static void
setting_limits_one_call (Fixture *self, gconstpointer data)
{
    DunlinRequeueOptions options = DUNLIN_REQUEUE_DEFAULTS;

    options.maximum = 2;
    begin_with (self, &options, NULL);
    g_assert_cmpint (ask (self, &safe, FALSE), ==, DUNLIN_REQUEUE_YES);
    g_assert_cmpint (ask (self, &safe, FALSE), ==, DUNLIN_REQUEUE_YES);
    g_assert_cmpint (ask (self, &safe, FALSE), ==, DUNLIN_REQUEUE_LIMIT);
    options.maximum = 0;
    begin_with (self, &options, NULL);
    g_assert_cmpint (ask (self, &safe, FALSE), ==, DUNLIN_REQUEUE_LIMIT);
}

static void
budget_limits_all_calls (Fixture *self, gconstpointer data)
{
    guint yes = 0, no = 0;

    for (guint i = 0; i < 1000; i++) {
        DunlinRequeueAnswer answer = DUNLIN_REQUEUE_YES;

        dunlin_requeuer_begin (&self->requeuer, &self->call, self->now);
        self->call.maximum = 5; /* as if it had begun when there was more */
        answer = ask (self, &safe, FALSE);
        yes += answer == DUNLIN_REQUEUE_YES;
        no += answer == DUNLIN_REQUEUE_NO_BUDGET;
    }
    g_assert_cmpuint (yes, ==, 100);
    g_assert_cmpuint (no, ==, 900);
    g_assert_cmpuint (count (self, DUNLIN_REQUEUES_BUDGET_EXHAUSTED), ==, 900);
    self->now += 10 * SECOND;
    dunlin_requeuer_begin (&self->requeuer, &self->call, self->now);
    g_assert_cmpint (ask (self, &safe, FALSE), ==, DUNLIN_REQUEUE_YES);
}

static void
success_pays (Fixture *self, gconstpointer data)
{
    DunlinBudgetOptions budget = { 10 * SECOND, 0, 0.2 };

    begin_with (self, NULL, &budget);
    g_assert_cmpuint (self->call.maximum, ==, 0);
    for (guint i = 0; i < 50; i++) {
        dunlin_requeuer_end (&self->requeuer, &self->call, &good, self->now);
        dunlin_requeuer_end (&self->requeuer, &self->call, &lost, self->now);
    }
    g_assert_cmpint (dunlin_budget_balance (&self->requeuer.budget, self->now), ==, 10);
}

static void
nobody_well_is_the_end_for_what_is_refused (Fixture *self, gconstpointer data)
{
    static const DunlinVerdict nack = { DUNLIN_HEALTH_BAD, DUNLIN_AGAIN_ALWAYS, TRUE };

    g_assert_cmpint (dunlin_requeuer_ask (&self->requeuer, &self->call, &nack, FALSE, FALSE,
                                          DUNLIN_NEVER, self->now, &self->wait),
                     ==, DUNLIN_REQUEUE_NOT_OPEN);
    g_assert_cmpuint (count (self, DUNLIN_REQUEUES_CANNOT_RETRY), ==, 1);
}

static void
nobody_well_does_not_hinder_the_others (Fixture *self, gconstpointer data)
{
    g_assert_cmpint (dunlin_requeuer_ask (&self->requeuer, &self->call, &safe, FALSE, FALSE,
                                          DUNLIN_NEVER, self->now, &self->wait),
                     ==, DUNLIN_REQUEUE_YES);
    g_assert_cmpint (dunlin_requeuer_ask (&self->requeuer, &self->call, &lost, TRUE, FALSE,
                                          DUNLIN_NEVER, self->now, &self->wait),
                     ==, DUNLIN_REQUEUE_YES);
    g_assert_cmpint (dunlin_requeuer_ask (&self->requeuer, &self->call, &lost, FALSE, FALSE,
                                          DUNLIN_NEVER, self->now, &self->wait),
                     ==, DUNLIN_REQUEUE_UNSAFE);
}

static void
waits_as_its_back_off_says_and_not_past_the_deadline (Fixture *self, gconstpointer data)
{
    DunlinRequeueOptions options = DUNLIN_REQUEUE_DEFAULTS;
    gint64 deadline = 0;

    options.backoff = (DunlinBackoffOptions){ DUNLIN_BACKOFF_EXPONENTIAL, SECOND, 60 * SECOND };
    begin_with (self, &options, NULL);
    deadline = self->now + 2 * SECOND;
    g_assert_cmpint (dunlin_requeuer_ask (&self->requeuer, &self->call, &safe, FALSE, TRUE,
                                          deadline, self->now, &self->wait),
                     ==, DUNLIN_REQUEUE_YES);
    g_assert_cmpint (self->wait, ==, SECOND);
    g_assert_cmpint (dunlin_requeuer_ask (&self->requeuer, &self->call, &safe, FALSE, TRUE,
                                          deadline, self->now, &self->wait),
                     ==, DUNLIN_REQUEUE_TOO_LATE);
    g_assert_cmpint (dunlin_budget_balance (&self->requeuer.budget, self->now), ==, 99);
}

static void
every_answer_says_why (Fixture *self, gconstpointer data)
{
    for (guint i = 0; i < DUNLIN_N_REQUEUE_ANSWERS; i++)
        g_assert_nonnull (dunlin_requeue_answer_to_string (i));
}

static void
metrics_have_finagles_names (Fixture *self, gconstpointer data)
{
    DunlinRequeueMetrics metrics;
    gint64 value = 0;

    dunlin_requeue_metrics_init (&metrics, "clnt/t");
    dunlin_requeuer_init (&self->requeuer, NULL, NULL, &self->random, &metrics, self->now);
    dunlin_requeuer_begin (&self->requeuer, &self->call, self->now);
    ask (self, &safe, FALSE);
    dunlin_requeuer_end (&self->requeuer, &self->call, &good, self->now);
    dunlin_requeuer_publish (&self->requeuer, self->now);
    g_assert_true (dunlin_stats_find ("clnt/t/retries/requeues", &value));
    g_assert_cmpint (value, ==, 1);
    g_assert_true (dunlin_stats_find ("clnt/t/retries/budget", &value));
    g_assert_cmpint (value, ==, 99);
    g_assert_true (dunlin_stats_find ("clnt/t/retries/budget_exhausted", &value));
    g_assert_true (dunlin_stats_find ("clnt/t/retries/request_limit", &value));
    g_assert_true (dunlin_stats_find ("clnt/t/retries/cannot_retry", &value));
    g_assert_true (dunlin_stats_find ("clnt/t/retries/requeues_per_request", &value));
    g_assert_cmpint (value, ==, 1);
    dunlin_requeuer_clear (&self->requeuer);
    g_assert_true (dunlin_stats_find ("clnt/t/retries/budget", &value));
    g_assert_cmpint (value, ==, 0);
}

static void
description_has_budget_and_counts (Fixture *self, gconstpointer data)
{
    g_autoptr (JsonBuilder) json = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    JsonObject *object = NULL;

    ask (self, &safe, FALSE);
    json_builder_begin_object (json);
    dunlin_requeuer_describe (&self->requeuer, self->now, json);
    json_builder_end_object (json);
    root = json_builder_get_root (json);
    object = json_node_get_object (root);
    g_assert_cmpint (json_object_get_int_member (object, "requeues"), ==, 1);
    object = json_object_get_object_member (object, "budget");
    g_assert_cmpint (json_object_get_int_member (object, "balance"), ==, 99);
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *claim;
        void (*func) (Fixture *, gconstpointer);
    } tests[] = {
        { "safe-one-is-sent-again-at-once", safe_one_is_sent_again_at_once },
        { "lost-one-only-if-idempotent", lost_one_only_if_idempotent },
        { "answered-one-never", answered_one_never },
        { "one-call-has-its-limit", one_call_has_its_limit },
        { "setting-limits-one-call", setting_limits_one_call },
        { "budget-limits-all-calls", budget_limits_all_calls },
        { "success-pays", success_pays },
        { "nobody-well-is-the-end-for-what-is-refused",
          nobody_well_is_the_end_for_what_is_refused },
        { "nobody-well-does-not-hinder-the-others", nobody_well_does_not_hinder_the_others },
        { "waits-as-its-back-off-says-and-not-past-the-deadline",
          waits_as_its_back_off_says_and_not_past_the_deadline },
        { "every-answer-says-why", every_answer_says_why },
        { "metrics-have-finagles-names", metrics_have_finagles_names },
        { "description-has-budget-and-counts", description_has_budget_and_counts },
    };

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path = g_strconcat ("/client/requeue/", tests[i].claim, NULL);

        g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
    return g_test_run ();
}
