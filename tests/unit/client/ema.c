/* Means that forget. */
#include "client/ema.h"

#include <math.h>

static void
first_value_counts_whole (void)
{
    DunlinEma ema;

    dunlin_ema_init (&ema, 1000);
    g_assert_cmpfloat (dunlin_ema_faded (&ema, 5), ==, 0);
    g_assert_cmpfloat (dunlin_ema_update (&ema, 8, 1000000), ==, 8);
}

static void
after_a_window_a_third_is_left (void)
{
    DunlinEma ema;

    dunlin_ema_init_at (&ema, 1000, 8, 0);
    g_assert_cmpfloat_with_epsilon (dunlin_ema_update (&ema, 0, 1000), 8 * exp (-1), 1e-9);
    g_assert_cmpfloat_with_epsilon (dunlin_ema_update (&ema, 4, 1000000), 4, 1e-9);
}

static void
fading_changes_nothing (void)
{
    DunlinEma ema;

    dunlin_ema_init_at (&ema, 1000, 8, 0);
    g_assert_cmpfloat_with_epsilon (dunlin_ema_faded (&ema, 1000), 8 * exp (-1), 1e-9);
    g_assert_cmpfloat (dunlin_ema_faded (&ema, 0), ==, 8);
    g_assert_cmpfloat (ema.value, ==, 8);
}

static void
time_that_goes_back_is_now (void)
{
    DunlinEma ema;

    dunlin_ema_init_at (&ema, 1000, 8, 500);
    g_assert_cmpfloat (dunlin_ema_update (&ema, 0, 100), ==, 8);
    g_assert_cmpint (ema.stamp, ==, 500);
    g_assert_cmpfloat (dunlin_ema_faded (&ema, 100), ==, 8);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/ema/first-value-counts-whole", first_value_counts_whole);
    g_test_add_func ("/client/ema/after-a-window-a-third-is-left", after_a_window_a_third_is_left);
    g_test_add_func ("/client/ema/fading-changes-nothing", fading_changes_nothing);
    g_test_add_func ("/client/ema/time-that-goes-back-is-now", time_that_goes_back_is_now);
    return g_test_run ();
}
