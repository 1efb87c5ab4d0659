/* Sums over the last while. */
#include "client/window.h"

static void
sum_is_of_the_last_while (void)
{
    DunlinWindow window;

    dunlin_window_init (&window, 1000, 0);
    for (gint64 now = 0; now < 1000; now += 100)
        dunlin_window_add (&window, 1, now);
    g_assert_cmpint (dunlin_window_sum (&window, 999), ==, 10);
    g_assert_cmpint (dunlin_window_sum (&window, 1000), ==, 9);
    g_assert_cmpint (dunlin_window_sum (&window, 1550), ==, 4);
    g_assert_cmpint (dunlin_window_sum (&window, 1900), ==, 0);
}

static void
long_silence_forgets_all (void)
{
    DunlinWindow window;

    dunlin_window_init (&window, 1000, 5000);
    dunlin_window_add (&window, 7, 5500);
    g_assert_cmpint (dunlin_window_sum (&window, G_MAXINT64 / 2), ==, 0);
    dunlin_window_add (&window, 3, G_MAXINT64 / 2);
    g_assert_cmpint (dunlin_window_sum (&window, G_MAXINT64 / 2 + 1), ==, 3);
}

static void
time_that_goes_back_is_now (void)
{
    DunlinWindow window;

    dunlin_window_init (&window, 1000, 5000);
    dunlin_window_add (&window, 1, 5500);
    dunlin_window_add (&window, 1, 100);
    g_assert_cmpint (dunlin_window_sum (&window, 5500), ==, 2);
}

static void
what_is_taken_out_comes_back (void)
{
    DunlinWindow window;

    dunlin_window_init (&window, 1000, 0);
    dunlin_window_add (&window, -5, 0);
    g_assert_cmpint (dunlin_window_sum (&window, 999), ==, -5);
    g_assert_cmpint (dunlin_window_sum (&window, 1000), ==, 0);
}

static void
shortest_window_is_possible (void)
{
    DunlinWindow window;

    dunlin_window_init (&window, 0, 0);
    dunlin_window_add (&window, 1, 0);
    g_assert_cmpint (dunlin_window_sum (&window, 9), ==, 1);
    g_assert_cmpint (dunlin_window_sum (&window, 10), ==, 0);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/window/sum-is-of-the-last-while", sum_is_of_the_last_while);
    g_test_add_func ("/client/window/long-silence-forgets-all", long_silence_forgets_all);
    g_test_add_func ("/client/window/time-that-goes-back-is-now", time_that_goes_back_is_now);
    g_test_add_func ("/client/window/what-is-taken-out-comes-back", what_is_taken_out_comes_back);
    g_test_add_func ("/client/window/shortest-window-is-possible", shortest_window_is_possible);
    return g_test_run ();
}
