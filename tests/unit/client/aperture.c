/* How many of many members are used. */
#include "client/aperture.h"

static const DunlinApertureOptions options = { 3, 0.5, 2.0, 5 * G_TIME_SPAN_SECOND };

static void
without_a_minimum_all_are_used (void)
{
    DunlinApertureOptions off = options;
    DunlinAperture aperture;

    off.minimum = 0;
    dunlin_aperture_init (&aperture, &off);
    g_assert_cmpuint (dunlin_aperture_get (&aperture, 1000), ==, 1000);
    g_assert_cmpint (dunlin_aperture_adjust (&aperture, 1, 1000, 0), ==, DUNLIN_APERTURE_SAME);
}

static void
minimum_and_set_bound_it (void)
{
    DunlinAperture aperture;

    dunlin_aperture_init (&aperture, &options);
    g_assert_cmpuint (dunlin_aperture_get (&aperture, 1000), ==, 3);
    g_assert_cmpuint (dunlin_aperture_get (&aperture, 2), ==, 2);
    g_assert_cmpuint (dunlin_aperture_get (&aperture, 0), ==, 0);
    for (guint i = 0; i < 100; i++)
        dunlin_aperture_adjust (&aperture, 1, 5, i * G_TIME_SPAN_SECOND);
    g_assert_cmpuint (dunlin_aperture_get (&aperture, 1000), ==, 5);
}

/* Twenty calls at once: about ten members at two calls each. */
static void
follows_what_is_asked (void)
{
    DunlinAperture aperture;
    gint64 now = 0;

    dunlin_aperture_init (&aperture, &options);
    for (guint i = 0; i < 20; i++)
        dunlin_aperture_adjust (&aperture, 1, 1000, now);
    for (guint i = 0; i < 1000; i++) {
        now += 30 * G_TIME_SPAN_MILLISECOND;
        dunlin_aperture_adjust (&aperture, -1, 1000, now);
        dunlin_aperture_adjust (&aperture, 1, 1000, now);
    }
    g_assert_cmpuint (dunlin_aperture_get (&aperture, 1000), >=, 10);
    g_assert_cmpuint (dunlin_aperture_get (&aperture, 1000), <=, 12);
    for (guint i = 0; i < 20; i++)
        dunlin_aperture_adjust (&aperture, -1, 1000, now);
    for (guint i = 0; i < 1000; i++) {
        now += 30 * G_TIME_SPAN_MILLISECOND;
        dunlin_aperture_adjust (&aperture, 1, 1000, now);
        dunlin_aperture_adjust (&aperture, -1, 1000, now);
    }
    g_assert_cmpuint (dunlin_aperture_get (&aperture, 1000), ==, 3);
}

static void
moment_changes_nothing (void)
{
    DunlinAperture aperture;

    dunlin_aperture_init (&aperture, &options);
    dunlin_aperture_adjust (&aperture, 1, 1000, 0);
    for (guint i = 0; i < 200; i++)
        g_assert_cmpint (dunlin_aperture_adjust (&aperture, 1, 1000, 1000), ==,
                         DUNLIN_APERTURE_SAME);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/aperture/without-a-minimum-all-are-used",
                     without_a_minimum_all_are_used);
    g_test_add_func ("/client/aperture/minimum-and-set-bound-it", minimum_and_set_bound_it);
    g_test_add_func ("/client/aperture/follows-what-is-asked", follows_what_is_asked);
    g_test_add_func ("/client/aperture/moment-changes-nothing", moment_changes_nothing);
    return g_test_run ();
}
