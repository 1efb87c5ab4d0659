/* base/nearest: which names are near. */
#include "base/nearest.h"

static void
test_distance (void)
{
    static const struct {
        const char *a;
        const char *b;
        gsize distance;
    } cases[] = {
        { "", "", 0 },
        { "a", "", 1 },
        { "", "abc", 3 },
        { "port", "port", 0 },
        { "nmber", "number", 1 },
        { "numbre", "number", 2 },
        { "kitten", "sitting", 3 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_assert_cmpuint (dunlin_nearest_distance (cases[i].a, cases[i].b), ==, cases[i].distance);
        g_assert_cmpuint (dunlin_nearest_distance (cases[i].b, cases[i].a), ==, cases[i].distance);
    }
}

/* Two slips in a short name, one in three bytes of a long one. */
static void
test_near (void)
{
    g_assert_true (dunlin_nearest_is_near ("get", 2));
    g_assert_false (dunlin_nearest_is_near ("get", 3));
    g_assert_true (dunlin_nearest_is_near ("connect-timeout", 5));
    g_assert_false (dunlin_nearest_is_near ("connect-timeout", 6));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/nearest/distance-counts-slips", test_distance);
    g_test_add_func ("/base/nearest/near-depends-on-length", test_near);
    return g_test_run ();
}
