/* Percentiles of the last while. */
#include "client/latency_window.h"

#define SECOND G_TIME_SPAN_SECOND

static DunlinLatencyWindow *
window_new (void)
{
    DunlinLatencyWindow *self = g_new (DunlinLatencyWindow, 1);

    dunlin_latency_window_init (self, 10 * SECOND, 0);
    return self;
}

static void
assert_about (gint64 value, gint64 expected)
{
    g_assert_cmpfloat_with_epsilon ((double)value, (double)expected, (double)expected * 0.03);
}

static void
empty_one_says_0 (void)
{
    g_autofree DunlinLatencyWindow *window = window_new ();

    g_assert_cmpint (dunlin_latency_window_percentile (window, 0.99, 0), ==, 0);
    g_assert_cmpuint (dunlin_latency_window_count (window, 0), ==, 0);
}

static void
percentiles_are_within_3_percent (void)
{
    g_autofree DunlinLatencyWindow *window = window_new ();

    for (gint64 i = 1; i <= 10000; i++)
        dunlin_latency_window_record (window, i * 10, 0);
    assert_about (dunlin_latency_window_percentile (window, 0.5, 0), 50000);
    assert_about (dunlin_latency_window_percentile (window, 0.99, 0), 99000);
    assert_about (dunlin_latency_window_percentile (window, 1, 0), 100000);
    g_assert_cmpuint (dunlin_latency_window_count (window, 0), ==, 10000);
}

static void
half_a_minute_is_remembered (void)
{
    g_autofree DunlinLatencyWindow *window = window_new ();

    dunlin_latency_window_record (window, 1000, 0);
    dunlin_latency_window_record (window, 5000, 10 * SECOND);
    g_assert_cmpuint (dunlin_latency_window_count (window, 29 * SECOND), ==, 2);
    g_assert_cmpuint (dunlin_latency_window_count (window, 30 * SECOND), ==, 1);
    assert_about (dunlin_latency_window_percentile (window, 0, 30 * SECOND), 5000);
    g_assert_cmpuint (dunlin_latency_window_count (window, 40 * SECOND), ==, 0);
    dunlin_latency_window_record (window, 7000, 10000 * SECOND);
    g_assert_cmpuint (dunlin_latency_window_count (window, 10000 * SECOND), ==, 1);
}

static void
odd_values_have_a_place (void)
{
    g_autofree DunlinLatencyWindow *window = window_new ();

    dunlin_latency_window_record (window, -5, 0);
    g_assert_cmpint (dunlin_latency_window_percentile (window, 0.5, 0), ==, 0);
    dunlin_latency_window_record (window, G_MAXINT64, 0);
    g_assert_cmpint (dunlin_latency_window_percentile (window, 1, 0), >, G_TIME_SPAN_DAY);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/latency-window/empty-one-says-0", empty_one_says_0);
    g_test_add_func ("/client/latency-window/percentiles-are-within-3-percent",
                     percentiles_are_within_3_percent);
    g_test_add_func ("/client/latency-window/half-a-minute-is-remembered",
                     half_a_minute_is_remembered);
    g_test_add_func ("/client/latency-window/odd-values-have-a-place", odd_values_have_a_place);
    return g_test_run ();
}
