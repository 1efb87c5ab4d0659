/* Random numbers that a seed gives again. */
#include "base/random.h"

static void
seed_gives_them_again (void)
{
    DunlinRandom a, b, c;
    guint same = 0;

    dunlin_random_init_with_seed (&a, 1);
    dunlin_random_init_with_seed (&b, 1);
    dunlin_random_init_with_seed (&c, 2);
    for (guint i = 0; i < 1000; i++) {
        guint64 x = dunlin_random_next (&a);

        g_assert_cmpuint (x, ==, dunlin_random_next (&b));
        same += x == dunlin_random_next (&c);
    }
    g_assert_cmpuint (same, ==, 0);
}

/* From the authors' own program: state 1, 2, 3, 4. */
static void
numbers_are_the_generators (void)
{
    static const guint64 expected[] = { 11520, 0, 1509978240,
                                        G_GUINT64_CONSTANT (1215971899390074240) };
    DunlinRandom random = { { 1, 2, 3, 4 } };

    for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
        g_assert_cmpuint (dunlin_random_next (&random), ==, expected[i]);
}

static void
without_a_seed_they_differ (void)
{
    DunlinRandom a, b;

    dunlin_random_init (&a);
    dunlin_random_init (&b);
    g_assert_cmpuint (dunlin_random_next (&a), !=, dunlin_random_next (&b));
}

static void
below_is_even (void)
{
    DunlinRandom random;
    guint counts[7] = { 0 };

    dunlin_random_init_with_seed (&random, 3);
    for (guint i = 0; i < 70000; i++)
        counts[dunlin_random_below (&random, 7)]++;
    for (guint i = 0; i < 7; i++) {
        g_assert_cmpuint (counts[i], >, 9500);
        g_assert_cmpuint (counts[i], <, 10500);
    }
    g_assert_cmpuint (dunlin_random_below (&random, 1), ==, 0);
}

/* Nearly all 64 bits: a plain remainder would give the lower third twice as often. */
static void
below_is_even_for_large_numbers (void)
{
    const guint64 n = G_GUINT64_CONSTANT (3) << 62;
    DunlinRandom random;
    guint low = 0;

    dunlin_random_init_with_seed (&random, 4);
    for (guint i = 0; i < 30000; i++)
        low += dunlin_random_below (&random, n) < n / 3;
    g_assert_cmpuint (low, >, 9500);
    g_assert_cmpuint (low, <, 10500);
}

static void
fraction_is_from_0_to_below_1 (void)
{
    DunlinRandom random, all = { { G_MAXUINT64, G_MAXUINT64, G_MAXUINT64, G_MAXUINT64 } };
    double sum = 0;

    dunlin_random_init_with_seed (&random, 5);
    for (guint i = 0; i < 10000; i++) {
        double x = dunlin_random_fraction (&random);

        g_assert_true (x >= 0 && x < 1);
        g_assert_cmpfloat (dunlin_random_fraction (&all), <, 1);
        sum += x;
    }
    g_assert_cmpfloat_with_epsilon (sum / 10000, 0.5, 0.02);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/random/seed-gives-them-again", seed_gives_them_again);
    g_test_add_func ("/base/random/numbers-are-the-generators", numbers_are_the_generators);
    g_test_add_func ("/base/random/without-a-seed-they-differ", without_a_seed_they_differ);
    g_test_add_func ("/base/random/below-is-even", below_is_even);
    g_test_add_func ("/base/random/below-is-even-for-large-numbers",
                     below_is_even_for_large_numbers);
    g_test_add_func ("/base/random/fraction-is-from-0-to-below-1", fraction_is_from_0_to_below_1);
    return g_test_run ();
}
