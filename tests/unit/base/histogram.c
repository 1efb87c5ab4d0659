/* Buckets cover every value once, and percentiles are at most 3 % off. */
#include "base/histogram.h"

#include <string.h>

static void
record (DunlinHistogramData *self, guint64 value)
{
    self->buckets[dunlin_histogram_bucket (value)]++;
    self->count++;
    self->sum += value;
    self->maximum = MAX (self->maximum, value);
}

static void
test_buckets_are_gapless (void)
{
    for (guint i = 0; i + 1 < DUNLIN_HISTOGRAM_BUCKETS; i++) {
        guint64 low = dunlin_histogram_low (i);
        guint64 next = dunlin_histogram_low (i + 1);

        g_assert_cmpuint (low, <, next);
        g_assert_cmpuint (dunlin_histogram_bucket (low), ==, i);
        g_assert_cmpuint (dunlin_histogram_bucket (next - 1), ==, i);
    }
}

static void
test_small_values_are_exact (void)
{
    for (guint64 value = 0; value < DUNLIN_HISTOGRAM_LINEAR; value++) {
        DunlinHistogramData data = { 0 };

        record (&data, value);
        record (&data, 1000);
        g_assert_cmpuint (dunlin_histogram_percentile (&data, 0), ==, value);
    }
}

static void
test_buckets_are_narrow (void)
{
    for (guint i = DUNLIN_HISTOGRAM_LINEAR; i + 1 < DUNLIN_HISTOGRAM_BUCKETS; i++) {
        guint64 low = dunlin_histogram_low (i);
        guint64 width = dunlin_histogram_low (i + 1) - low;

        g_assert_cmpuint (width * 32, <=, low);
    }
}

static void
test_huge_values_share_the_last (void)
{
    const guint last = DUNLIN_HISTOGRAM_BUCKETS - 1;

    g_assert_cmpuint (dunlin_histogram_bucket ((G_GUINT64_CONSTANT (1) << 40) - 1), ==, last);
    g_assert_cmpuint (dunlin_histogram_bucket (G_GUINT64_CONSTANT (1) << 40), ==, last);
    g_assert_cmpuint (dunlin_histogram_bucket (G_MAXUINT64), ==, last);
}

static void
test_nothing_is_zero (void)
{
    DunlinHistogramData data = { 0 };

    g_assert_cmpuint (dunlin_histogram_percentile (&data, 0.5), ==, 0);
    g_assert_cmpuint (dunlin_histogram_percentile (&data, 1), ==, 0);
}

static void
assert_near (guint64 value, guint64 expected)
{
    g_assert_cmpuint (value * 100, >=, expected * 97);
    g_assert_cmpuint (value * 100, <=, expected * 103);
}

static void
test_percentiles_are_near (void)
{
    g_autofree DunlinHistogramData *data = g_new0 (DunlinHistogramData, 1);

    for (guint64 value = 1; value <= 1000000; value++)
        record (data, value);
    assert_near (dunlin_histogram_percentile (data, 0.1), 100000);
    assert_near (dunlin_histogram_percentile (data, 0.5), 500000);
    assert_near (dunlin_histogram_percentile (data, 0.9), 900000);
    assert_near (dunlin_histogram_percentile (data, 0.99), 990000);
    assert_near (dunlin_histogram_percentile (data, 0.9999), 999900);
    assert_near (dunlin_histogram_percentile (data, 1), 1000000);
}

static void
test_rare_values_show_in_the_tail (void)
{
    DunlinHistogramData data = { 0 };

    for (int i = 0; i < 999; i++)
        record (&data, 10);
    record (&data, 50000);
    g_assert_cmpuint (dunlin_histogram_percentile (&data, 0.99), ==, 10);
    g_assert_cmpuint (dunlin_histogram_percentile (&data, 0.998), ==, 10);
    assert_near (dunlin_histogram_percentile (&data, 0.999), 50000);
}

static void
test_percentiles_never_pass_the_maximum (void)
{
    DunlinHistogramData data = { 0 };

    record (&data, 100001); /* low in its bucket: the middle is above */
    g_assert_cmpuint (dunlin_histogram_percentile (&data, 0.5), <=, 100001);
    g_assert_cmpuint (dunlin_histogram_percentile (&data, 1), <=, 100001);
}

static void
test_the_last_bucket_says_the_maximum (void)
{
    DunlinHistogramData data = { 0 };

    record (&data, G_GUINT64_CONSTANT (1) << 50);
    g_assert_cmpuint (dunlin_histogram_percentile (&data, 0.5), ==, G_GUINT64_CONSTANT (1) << 50);
}

static void
test_fractions_outside_are_the_ends (void)
{
    DunlinHistogramData data = { 0 };

    record (&data, 1);
    record (&data, 60);
    g_assert_cmpuint (dunlin_histogram_percentile (&data, -1), ==, 1);
    g_assert_cmpuint (dunlin_histogram_percentile (&data, 7), ==, 60);
}

static void
test_a_window_is_a_difference (void)
{
    g_autofree DunlinHistogramData *data = g_new0 (DunlinHistogramData, 1);
    g_autofree DunlinHistogramData *older = g_new0 (DunlinHistogramData, 1);

    record (data, 70000); /* before the window */
    *older = *data;
    record (data, 10);
    record (data, 20);
    dunlin_histogram_subtract (data, older);
    g_assert_cmpuint (data->count, ==, 2);
    g_assert_cmpuint (data->sum, ==, 30);
    g_assert_cmpuint (data->maximum, ==, 20);
    g_assert_cmpuint (dunlin_histogram_percentile (data, 1), ==, 20);
}

static void
test_a_windows_maximum_is_near (void)
{
    g_autofree DunlinHistogramData *data = g_new0 (DunlinHistogramData, 1);
    g_autofree DunlinHistogramData *older = g_new0 (DunlinHistogramData, 1);

    record (data, 900000);
    *older = *data;
    record (data, 5000);
    dunlin_histogram_subtract (data, older);
    assert_near (data->maximum, 5000);
}

static void
test_an_empty_window_is_empty (void)
{
    g_autofree DunlinHistogramData *data = g_new0 (DunlinHistogramData, 1);
    g_autofree DunlinHistogramData *older = g_new0 (DunlinHistogramData, 1);

    record (data, 900000);
    *older = *data;
    dunlin_histogram_subtract (data, older);
    g_assert_cmpuint (data->count, ==, 0);
    g_assert_cmpuint (data->maximum, ==, 0);
    g_assert_cmpuint (dunlin_histogram_percentile (data, 0.99), ==, 0);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/histogram/buckets-are-gapless", test_buckets_are_gapless);
    g_test_add_func ("/base/histogram/small-values-are-exact", test_small_values_are_exact);
    g_test_add_func ("/base/histogram/buckets-are-narrow", test_buckets_are_narrow);
    g_test_add_func ("/base/histogram/huge-values-share-the-last", test_huge_values_share_the_last);
    g_test_add_func ("/base/histogram/nothing-is-zero", test_nothing_is_zero);
    g_test_add_func ("/base/histogram/percentiles-are-near", test_percentiles_are_near);
    g_test_add_func ("/base/histogram/rare-values-show-in-the-tail",
                     test_rare_values_show_in_the_tail);
    g_test_add_func ("/base/histogram/percentiles-never-pass-the-maximum",
                     test_percentiles_never_pass_the_maximum);
    g_test_add_func ("/base/histogram/the-last-bucket-says-the-maximum",
                     test_the_last_bucket_says_the_maximum);
    g_test_add_func ("/base/histogram/fractions-outside-are-the-ends",
                     test_fractions_outside_are_the_ends);
    g_test_add_func ("/base/histogram/a-window-is-a-difference", test_a_window_is_a_difference);
    g_test_add_func ("/base/histogram/a-windows-maximum-is-near", test_a_windows_maximum_is_near);
    g_test_add_func ("/base/histogram/an-empty-window-is-empty", test_an_empty_window_is_empty);
    return g_test_run ();
}
