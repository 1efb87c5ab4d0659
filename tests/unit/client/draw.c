/* Chance by weight. */
#include "client/draw.h"

#define N_DRAWS 100000

static void
assert_share (guint got, double expected)
{
    g_assert_cmpfloat_with_epsilon ((double)got / N_DRAWS, expected, 0.01);
}

static void
one_is_drawn_by_weight (void)
{
    static const double weights[] = { 1, 2, 3, 4 };
    DunlinRandom random;
    DunlinDraw draw = { 0 };
    guint got[4] = { 0 };

    dunlin_random_init_with_seed (&random, 1);
    dunlin_draw_set (&draw, weights, 4);
    g_assert_false (draw.even);
    for (guint i = 0; i < N_DRAWS; i++)
        got[dunlin_draw_one (&draw, 4, &random)]++;
    for (guint i = 0; i < 4; i++)
        assert_share (got[i], weights[i] / 10);
    dunlin_draw_clear (&draw);
}

static void
even_ones_are_drawn_evenly (void)
{
    static const double weights[] = { 3, 3, 3, 3, 3 };
    DunlinRandom random;
    DunlinDraw draw = { 0 };
    guint got[5] = { 0 };

    dunlin_random_init_with_seed (&random, 2);
    dunlin_draw_set (&draw, weights, 5);
    g_assert_true (draw.even);
    for (guint i = 0; i < N_DRAWS; i++)
        got[dunlin_draw_one (&draw, 5, &random)]++;
    for (guint i = 0; i < 5; i++)
        assert_share (got[i], 0.2);
    dunlin_draw_clear (&draw);
}

static void
only_the_first_few_can_count (void)
{
    static const double weights[] = { 1, 3, 5, 7 };
    DunlinRandom random;
    DunlinDraw draw = { 0 };
    guint got[4] = { 0 };

    dunlin_random_init_with_seed (&random, 3);
    dunlin_draw_set (&draw, weights, 4);
    for (guint i = 0; i < N_DRAWS; i++)
        got[dunlin_draw_one (&draw, 2, &random)]++;
    assert_share (got[0], 0.25);
    assert_share (got[1], 0.75);
    g_assert_cmpuint (got[2] + got[3], ==, 0);
    dunlin_draw_clear (&draw);
}

static void
other_is_by_weight_and_never_the_first (gconstpointer data)
{
    gboolean even = GPOINTER_TO_INT (data);
    double weights[] = { 1, 2, 3, 4 };
    DunlinRandom random;
    DunlinDraw draw = { 0 };

    for (guint i = 0; i < 4 && even; i++)
        weights[i] = 1;
    dunlin_random_init_with_seed (&random, 4);
    dunlin_draw_set (&draw, weights, 4);
    for (guint first = 0; first < 4; first++) {
        double rest = even ? 3 : 10 - weights[first];
        guint got[4] = { 0 };

        for (guint i = 0; i < N_DRAWS; i++)
            got[dunlin_draw_other (&draw, 4, first, &random)]++;
        for (guint i = 0; i < 4; i++)
            assert_share (got[i], i == first ? 0 : weights[i] / rest);
        g_assert_cmpuint (got[first], ==, 0);
    }
    dunlin_draw_clear (&draw);
}

/* Where sums lose the small ones: still somebody else, and within bounds. */
static void
extreme_weights_leave_another (void)
{
    static const double weights[] = { 1e-300, 1e300, 5e-324, 1e300, 1e-300 };
    DunlinRandom random;
    DunlinDraw draw = { 0 };

    dunlin_random_init_with_seed (&random, 5);
    dunlin_draw_set (&draw, weights, 5);
    for (guint first = 0; first < 5; first++) {
        for (guint i = 0; i < 1000; i++) {
            guint other = dunlin_draw_other (&draw, 5, first, &random);

            g_assert_cmpuint (other, <, 5);
            g_assert_cmpuint (other, !=, first);
            g_assert_cmpuint (dunlin_draw_one (&draw, 5, &random), <, 5);
        }
    }
    for (guint i = 0; i < 1000; i++)
        g_assert_cmpuint (dunlin_draw_other (&draw, 2, 1, &random), ==, 0);
    dunlin_draw_clear (&draw);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/draw/one-is-drawn-by-weight", one_is_drawn_by_weight);
    g_test_add_func ("/client/draw/even-ones-are-drawn-evenly", even_ones_are_drawn_evenly);
    g_test_add_func ("/client/draw/only-the-first-few-can-count", only_the_first_few_can_count);
    g_test_add_data_func ("/client/draw/other-is-by-weight-and-never-the-first",
                          GINT_TO_POINTER (FALSE), other_is_by_weight_and_never_the_first);
    g_test_add_data_func ("/client/draw/other-of-even-ones-is-even-and-never-the-first",
                          GINT_TO_POINTER (TRUE), other_is_by_weight_and_never_the_first);
    g_test_add_func ("/client/draw/extreme-weights-leave-another", extreme_weights_leave_another);
    return g_test_run ();
}
