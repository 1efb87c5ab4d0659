/* Deadlines do not overflow; the fake clock is the clock while it is set. */
#include "base/clock.h"

static void
test_real_clock_does_not_go_back (void)
{
    gint64 before = dunlin_clock_now ();

    for (int i = 0; i < 1000; i++) {
        gint64 now = dunlin_clock_now ();

        g_assert_cmpint (now, >=, before);
        before = now;
    }
}

static void
test_fake_clock_is_the_clock (void)
{
    gint64 now = 1000;

    dunlin_clock_set_fake (&now);
    g_assert_cmpint (dunlin_clock_now (), ==, 1000);
    g_assert_cmpint (dunlin_deadline_in (500), ==, 1500);
    now += 7;
    g_assert_cmpint (dunlin_clock_now (), ==, 1007);
    dunlin_clock_set_fake (NULL);
    g_assert_cmpint (dunlin_clock_now (), !=, 1007);
}

static void
test_far_deadlines_are_never (void)
{
    gint64 now = 1000;

    dunlin_clock_set_fake (&now);
    g_assert_cmpint (dunlin_deadline_in (DUNLIN_NEVER), ==, DUNLIN_NEVER);
    g_assert_cmpint (dunlin_deadline_in (DUNLIN_NEVER - 999), ==, DUNLIN_NEVER);
    g_assert_cmpint (dunlin_deadline_in (DUNLIN_NEVER - 1001), ==, DUNLIN_NEVER - 1);
    g_assert_cmpint (dunlin_deadline_in (-5), ==, 995);
    dunlin_clock_set_fake (NULL);
}

static void
test_wall_clock_is_nanoseconds_since_1970 (void)
{
    gint64 seconds = g_get_real_time () / G_USEC_PER_SEC;
    gint64 wall = dunlin_clock_wall_ns () / 1000000000;

    g_assert_cmpint (ABS (wall - seconds), <=, 1);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/clock/real-clock-does-not-go-back", test_real_clock_does_not_go_back);
    g_test_add_func ("/base/clock/fake-clock-is-the-clock", test_fake_clock_is_the_clock);
    g_test_add_func ("/base/clock/far-deadlines-are-never", test_far_deadlines_are_never);
    g_test_add_func ("/base/clock/wall-clock-is-nanoseconds-since-1970",
                     test_wall_clock_is_nanoseconds_since_1970);
    return g_test_run ();
}
