/* How many calls may be sent again. */
#include "client/budget.h"

#define SECOND G_TIME_SPAN_SECOND

static guint
withdraw_all (DunlinBudget *budget, gint64 now)
{
    guint n = 0;

    while (n < 1000000 && dunlin_budget_withdraw (budget, now))
        n++;
    return n;
}

static void
deposit (DunlinBudget *budget, guint n, gint64 now)
{
    for (guint i = 0; i < n; i++)
        dunlin_budget_deposit (budget, now);
}

static void
begins_with_ten_a_second (void)
{
    DunlinBudget budget;

    dunlin_budget_init (&budget, NULL, 0);
    g_assert_cmpint (dunlin_budget_balance (&budget, 0), ==, 100);
    g_assert_cmpuint (withdraw_all (&budget, 0), ==, 100);
    g_assert_cmpint (dunlin_budget_balance (&budget, 0), ==, 0);
    g_assert_false (dunlin_budget_withdraw (&budget, 9 * SECOND));
    g_assert_cmpuint (withdraw_all (&budget, 10 * SECOND), ==, 100);
}

static void
fifth_of_the_calls_may_be_repeated (void)
{
    DunlinBudget budget;
    DunlinBudgetOptions options = DUNLIN_BUDGET_DEFAULTS;

    options.min_per_second = 0;
    dunlin_budget_init (&budget, &options, 0);
    g_assert_false (dunlin_budget_withdraw (&budget, 0));
    deposit (&budget, 4, SECOND);
    g_assert_false (dunlin_budget_withdraw (&budget, SECOND));
    deposit (&budget, 996, SECOND);
    g_assert_cmpuint (withdraw_all (&budget, SECOND), ==, 200);
}

static void
deposits_expire (void)
{
    DunlinBudget budget;
    DunlinBudgetOptions options = DUNLIN_BUDGET_DEFAULTS;

    options.min_per_second = 0;
    dunlin_budget_init (&budget, &options, 0);
    deposit (&budget, 100, 0);
    deposit (&budget, 100, 5 * SECOND);
    g_assert_cmpint (dunlin_budget_balance (&budget, 9 * SECOND), ==, 40);
    g_assert_cmpint (dunlin_budget_balance (&budget, 10 * SECOND), ==, 20);
    g_assert_cmpint (dunlin_budget_balance (&budget, 15 * SECOND), ==, 0);
}

/* What a backend that fails for good gets: not twice the load, but a fifth more and ten a second.
 */
static void
bad_hour_is_not_made_worse (void)
{
    DunlinBudget budget;
    guint calls = 0, retries = 0;
    gint64 now = 0;

    dunlin_budget_init (&budget, NULL, now);
    for (guint i = 0; i < 60000; i++) {
        now += SECOND / 1000;
        calls++;
        if (i < 30000)
            dunlin_budget_deposit (&budget, now); /* half a minute of success, then none */
        else
            retries += dunlin_budget_withdraw (&budget, now) ? 1 : 0;
    }
    g_test_message ("%u calls, %u retries", calls, retries);
    g_assert_cmpuint (retries, <=, 2000 + 400);
    g_assert_cmpuint (retries, >=, 300);
}

static void
nothing_is_allowed_by_nothing (void)
{
    DunlinBudgetOptions options = { 10 * SECOND, 0, 0 };
    DunlinBudget budget;

    dunlin_budget_init (&budget, &options, 0);
    deposit (&budget, 100000, 0);
    g_assert_false (dunlin_budget_withdraw (&budget, 0));
    g_assert_cmpint (dunlin_budget_balance (&budget, 0), ==, 0);
}

static void
only_a_rate_is_possible (void)
{
    DunlinBudgetOptions options = { 2 * SECOND, 2.5, 0 };
    DunlinBudget budget;

    dunlin_budget_init (&budget, &options, 0);
    deposit (&budget, 1000, 0);
    g_assert_cmpuint (withdraw_all (&budget, 0), ==, 5);
    g_assert_cmpuint (withdraw_all (&budget, 2 * SECOND), ==, 5);
}

static void
more_than_every_call_is_possible (void)
{
    DunlinBudgetOptions options = { 10 * SECOND, 0, 2 };
    DunlinBudget budget;

    dunlin_budget_init (&budget, &options, 0);
    deposit (&budget, 10, 0);
    g_assert_cmpuint (withdraw_all (&budget, 0), ==, 20);
}

static void
nonsense_is_bounded (void)
{
    DunlinBudgetOptions options = { 0, -5, 1e9 };
    DunlinBudget budget;

    dunlin_budget_init (&budget, &options, 0);
    g_assert_cmpint (budget.options.ttl, ==, SECOND);
    deposit (&budget, 1, 0);
    g_assert_cmpuint (withdraw_all (&budget, 0), ==, 1000);
}

static void
description_has_the_balance (void)
{
    g_autoptr (JsonBuilder) json = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    DunlinBudget budget;

    dunlin_budget_init (&budget, NULL, 0);
    json_builder_begin_object (json);
    dunlin_budget_describe (&budget, 0, json);
    json_builder_end_object (json);
    root = json_builder_get_root (json);
    g_assert_cmpint (json_object_get_int_member (json_node_get_object (root), "balance"), ==, 100);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/budget/begins-with-ten-a-second", begins_with_ten_a_second);
    g_test_add_func ("/client/budget/fifth-of-the-calls-may-be-repeated",
                     fifth_of_the_calls_may_be_repeated);
    g_test_add_func ("/client/budget/deposits-expire", deposits_expire);
    g_test_add_func ("/client/budget/bad-hour-is-not-made-worse", bad_hour_is_not_made_worse);
    g_test_add_func ("/client/budget/nothing-is-allowed-by-nothing", nothing_is_allowed_by_nothing);
    g_test_add_func ("/client/budget/only-a-rate-is-possible", only_a_rate_is_possible);
    g_test_add_func ("/client/budget/more-than-every-call-is-possible",
                     more_than_every_call_is_possible);
    g_test_add_func ("/client/budget/nonsense-is-bounded", nonsense_is_bounded);
    g_test_add_func ("/client/budget/description-has-the-balance", description_has_the_balance);
    return g_test_run ();
}
