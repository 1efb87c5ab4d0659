/* How long to wait before the next attempt. */
#include "client/backoff.h"

#define N 200

/* Bounds of the wait after @attempts others, the last of which was @last. */
typedef void (*Bounds) (guint attempts, gint64 last, gint64 *low, gint64 *high);

#define FIRST   5
#define MAXIMUM 300

static gint64
power (guint times)
{
    return times < 6 ? FIRST << times : MAXIMUM;
}

static void
constant (guint attempts, gint64 last, gint64 *low, gint64 *high)
{
    *low = *high = FIRST;
}

static void
exponential (guint attempts, gint64 last, gint64 *low, gint64 *high)
{
    *low = *high = power (attempts);
}

static void
full_jitter (guint attempts, gint64 last, gint64 *low, gint64 *high)
{
    *low = 0;
    *high = power (attempts);
}

static void
equal_jitter (guint attempts, gint64 last, gint64 *low, gint64 *high)
{
    *low = power (attempts - 1);
    *high = MIN (2 * *low, MAXIMUM);
}

static void
decorrelated (guint attempts, gint64 last, gint64 *low, gint64 *high)
{
    *low = last;
    *high = MIN (last * 3, MAXIMUM);
}

static const struct {
    const char *name;
    const char *text;
    Bounds bounds;
} kinds[] = {
    [DUNLIN_BACKOFF_CONSTANT] = { "constant", "constant, 5e-06 s", constant },
    [DUNLIN_BACKOFF_EXPONENTIAL] = { "exponential", "exponential, 5e-06 s to 0.0003 s",
                                     exponential },
    [DUNLIN_BACKOFF_FULL_JITTER] = { "full-jitter", "full jitter, 5e-06 s to 0.0003 s",
                                     full_jitter },
    [DUNLIN_BACKOFF_EQUAL_JITTER] = { "equal-jitter", "equal jitter, 5e-06 s to 0.0003 s",
                                      equal_jitter },
    [DUNLIN_BACKOFF_DECORRELATED] = { "decorrelated", "decorrelated, 5e-06 s to 0.0003 s",
                                      decorrelated },
};

static void
keeps_its_bounds (gconstpointer data)
{
    DunlinBackoffKind kind = GPOINTER_TO_UINT (data);
    DunlinBackoffOptions options = { kind, FIRST, MAXIMUM };
    g_autofree char *text = dunlin_backoff_to_string (&options);
    DunlinRandom random;

    g_assert_cmpstr (text, ==, kinds[kind].text);
    dunlin_random_init_with_seed (&random, kind);
    for (guint round = 0; round < 50; round++) {
        DunlinBackoff backoff = { 0 };
        gint64 last = dunlin_backoff_next (&backoff, &options, &random);

        g_assert_cmpint (last, ==, FIRST);
        for (guint i = 1; i < N; i++) {
            gint64 low = 0, high = 0;

            kinds[kind].bounds (i, last, &low, &high);
            last = dunlin_backoff_next (&backoff, &options, &random);
            g_assert_cmpint (last, >=, low);
            g_assert_cmpint (last, <=, high);
        }
    }
}

static void
waits_of_two_differ (gconstpointer data)
{
    DunlinBackoffOptions options = { GPOINTER_TO_UINT (data), G_TIME_SPAN_SECOND,
                                     G_TIME_SPAN_HOUR };
    DunlinBackoff a = { 0 }, b = { 0 };
    DunlinRandom random;
    guint same = 0;

    dunlin_random_init_with_seed (&random, 9);
    for (guint i = 0; i < 8; i++)
        same += dunlin_backoff_next (&a, &options, &random) ==
                dunlin_backoff_next (&b, &options, &random);
    g_assert_cmpuint (same, ==, 1); /* the first */
}

static void
nothing_waits_for_nothing (gconstpointer data)
{
    DunlinBackoffOptions options = { GPOINTER_TO_UINT (data), 0, 0 };
    DunlinBackoff backoff = { 0 };
    DunlinRandom random;

    dunlin_random_init_with_seed (&random, 9);
    for (guint i = 0; i < N; i++)
        g_assert_cmpint (dunlin_backoff_next (&backoff, &options, &random), ==, 0);
}

static void
largest_numbers_do_not_overflow (gconstpointer data)
{
    DunlinBackoffOptions options = { GPOINTER_TO_UINT (data), G_MAXINT64 / 3, G_MAXINT64 - 1 };
    DunlinBackoff backoff = { .attempts = 0 };
    DunlinRandom random;

    dunlin_random_init_with_seed (&random, 9);
    for (guint i = 0; i < N; i++)
        g_assert_cmpint (dunlin_backoff_next (&backoff, &options, &random), >=, 0);
    backoff.attempts = G_MAXUINT;
    g_assert_cmpint (dunlin_backoff_next (&backoff, &options, &random), >=, 0);
    g_assert_cmpuint (backoff.attempts, ==, G_MAXUINT);
}

static void
add (const char *claim, guint kind, GTestDataFunc func)
{
    g_autofree char *path = g_strconcat ("/client/backoff/", kinds[kind].name, "/", claim, NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (kind), func);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
        add ("keeps-its-bounds", kind, keeps_its_bounds);
        add ("nothing-waits-for-nothing", kind, nothing_waits_for_nothing);
        add ("largest-numbers-do-not-overflow", kind, largest_numbers_do_not_overflow);
        if (kind >= DUNLIN_BACKOFF_FULL_JITTER)
            add ("waits-of-two-differ", kind, waits_of_two_differ);
    }
    return g_test_run ();
}
