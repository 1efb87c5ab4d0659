/* Until when calls and their tries wait. */
#include "client/timeouts.h"

static const struct {
    const char *claim;
    DunlinTimeouts timeouts;
    gint64 deadline; /* of the caller */
    gint64 call;     /* expected, at 1000 */
    gint64 first;    /* expected: of a try that begins at 1000 */
    gint64 later;    /* and of one at 1400 */
} cases[] = {
    { "nothing-limits-nothing", { 0, 0 }, DUNLIN_NEVER, DUNLIN_NEVER, DUNLIN_NEVER, DUNLIN_NEVER },
    { "caller-limits-all", { 0, 0 }, 1500, 1500, 1500, 1500 },
    { "total-limits-all", { 500, 0 }, DUNLIN_NEVER, 1500, 1500, 1500 },
    { "earlier-one-counts", { 500, 0 }, 1300, 1300, 1300, 1300 },
    { "later-deadline-does-not-prolong", { 500, 0 }, 9000, 1500, 1500, 1500 },
    { "try-has-its-own", { 0, 200 }, DUNLIN_NEVER, DUNLIN_NEVER, 1200, 1600 },
    { "last-try-ends-with-the-call", { 500, 200 }, DUNLIN_NEVER, 1500, 1200, 1500 },
    { "passed-deadline-stays-passed", { 500, 200 }, 900, 900, 900, 900 },
    { "end-of-time-does-not-overflow",
      { DUNLIN_NEVER, DUNLIN_NEVER - 1 },
      DUNLIN_NEVER,
      DUNLIN_NEVER,
      DUNLIN_NEVER,
      DUNLIN_NEVER },
};

static void
is_as_said (gconstpointer data)
{
    guint i = GPOINTER_TO_UINT (data);
    const DunlinTimeouts *timeouts = &cases[i].timeouts;
    gint64 call = dunlin_timeouts_call (timeouts, cases[i].deadline, 1000);

    g_assert_cmpint (call, ==, cases[i].call);
    g_assert_cmpint (dunlin_timeouts_try (timeouts, call, 1000), ==, cases[i].first);
    g_assert_cmpint (dunlin_timeouts_try (timeouts, call, 1400), ==, cases[i].later);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strconcat ("/client/timeouts/", cases[i].claim, NULL);

        g_test_add_data_func (path, GUINT_TO_POINTER (i), is_as_said);
    }
    return g_test_run ();
}
