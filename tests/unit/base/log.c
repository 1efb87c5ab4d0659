/* Levels of domains, which may change at any time, and limits. */
#define G_LOG_DOMAIN "test-log"
#include "base/log.h"

#include "base/clock.h"
#include "base/error.h"

#include <string.h>

static GMutex lock;
static GPtrArray *lines;

static void
keep (DunlinLogLevel level, const char *line, gsize length, gpointer data)
{
    g_mutex_lock (&lock);
    g_ptr_array_add (lines, g_strndup (line, length));
    g_mutex_unlock (&lock);
}

static void
set_up (gpointer *fixture, gconstpointer data)
{
    lines = g_ptr_array_new_with_free_func (g_free);
    dunlin_log_set_sink (keep, NULL);
    g_assert_true (dunlin_log_set_levels ("info", NULL));
}

static void
tear_down (gpointer *fixture, gconstpointer data)
{
    dunlin_log_set_sink (NULL, NULL);
    dunlin_clock_set_fake (NULL);
    g_clear_pointer (&lines, g_ptr_array_unref);
}

static guint
count (const char *text)
{
    guint n = 0;

    for (guint i = 0; i < lines->len; i++)
        n += strstr (lines->pdata[i], text) != NULL;
    return n;
}

static void
set_levels (const char *levels)
{
    g_autoptr (GError) error = NULL;

    dunlin_log_set_levels (levels, &error);
    g_assert_no_error (error);
}

static void
test_names_and_levels_are_one_to_one (gpointer *fixture, gconstpointer data)
{
    for (int i = 0; i < DUNLIN_N_LOG_LEVELS; i++)
        g_assert_cmpint (dunlin_log_level_by_name (dunlin_log_level_name ((DunlinLogLevel)i)), ==,
                         i);
    g_assert_cmpint (dunlin_log_level_by_name ("loud"), ==, -1);
    g_assert_cmpint (dunlin_log_level_by_name (""), ==, -1);
    g_assert_null (dunlin_log_level_name (DUNLIN_N_LOG_LEVELS));
}

static void
log_at_all_levels (void)
{
    dunlin_log_error ("an error");
    dunlin_log_warning ("a warning");
    dunlin_log_notice ("a notice");
    dunlin_log_info ("an info");
    dunlin_log_debug ("a debug");
}

static void
test_a_level_takes_those_above (gpointer *fixture, gconstpointer data)
{
    for (guint level = DUNLIN_LOG_OFF; level < DUNLIN_N_LOG_LEVELS; level++) {
        dunlin_log_set_level (NULL, (int)level);
        g_ptr_array_set_size (lines, 0);
        log_at_all_levels ();
        g_assert_cmpuint (lines->len, ==, level);
    }
}

static void
test_a_level_changes_while_running (gpointer *fixture, gconstpointer data)
{
    for (int i = 0; i < 6; i++) { /* the same place in the source: its domain is remembered */
        dunlin_log_set_level ("test-log", i % 2 == 1 ? DUNLIN_LOG_DEBUG : -1);
        dunlin_log_debug ("round %d", i);
    }
    g_assert_cmpuint (lines->len, ==, 3);
    g_assert_cmpuint (count ("round 1"), ==, 1);
    g_assert_cmpuint (count ("round 3"), ==, 1);
    g_assert_cmpuint (count ("round 5"), ==, 1);
}

static int
note_evaluated (int *n)
{
    return ++*n;
}

static void
test_arguments_wait_for_the_level (gpointer *fixture, gconstpointer data)
{
    int n = 0;

    dunlin_log_debug ("%d", note_evaluated (&n));
    g_assert_cmpint (n, ==, 0);
    dunlin_log_info ("%d", note_evaluated (&n));
    g_assert_cmpint (n, ==, 1);
}

static void
test_a_beginning_covers_its_domains (gpointer *fixture, gconstpointer data)
{
    set_levels ("a=debug,notice");
    g_assert_cmpint (dunlin_log_get_level ("a"), ==, DUNLIN_LOG_DEBUG);
    g_assert_cmpint (dunlin_log_get_level ("a-b"), ==, DUNLIN_LOG_DEBUG);
    g_assert_cmpint (dunlin_log_get_level ("a-b-c"), ==, DUNLIN_LOG_DEBUG);
    g_assert_cmpint (dunlin_log_get_level ("ab"), ==, DUNLIN_LOG_NOTICE);
    g_assert_cmpint (dunlin_log_get_level ("b-a"), ==, DUNLIN_LOG_NOTICE);
    g_assert_cmpint (dunlin_log_get_level (NULL), ==, DUNLIN_LOG_NOTICE);
}

static void
test_the_longest_beginning_wins (gpointer *fixture, gconstpointer data)
{
    set_levels ("a-b-c=off,a=debug,a-b=error");
    g_assert_cmpint (dunlin_log_get_level ("a-x"), ==, DUNLIN_LOG_DEBUG);
    g_assert_cmpint (dunlin_log_get_level ("a-b"), ==, DUNLIN_LOG_ERROR);
    g_assert_cmpint (dunlin_log_get_level ("a-b-x"), ==, DUNLIN_LOG_ERROR);
    g_assert_cmpint (dunlin_log_get_level ("a-b-c-x"), ==, DUNLIN_LOG_OFF);
}

static void
test_setting_levels_replaces_them (gpointer *fixture, gconstpointer data)
{
    set_levels ("a=debug,off");
    set_levels (" b=error , warning ");
    g_assert_cmpint (dunlin_log_get_level ("a"), ==, DUNLIN_LOG_WARNING);
    g_assert_cmpint (dunlin_log_get_level ("b"), ==, DUNLIN_LOG_ERROR);
}

static void
test_wrong_levels_change_nothing (gpointer *fixture, gconstpointer data)
{
    static const char *const wrong[] = { "loud",   "a=loud", "=info",      "info,",   "a=",
                                         "info,=", "INFO",   "a=info,a=b", "a=b=info" };

    set_levels ("a=debug,notice");
    for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
        g_autoptr (GError) error = NULL;

        g_test_message ("\"%s\"", wrong[i]);
        g_assert_false (dunlin_log_levels_valid (wrong[i]));
        g_assert_false (dunlin_log_set_levels (wrong[i], &error));
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
        g_assert_cmpint (dunlin_log_get_level ("a"), ==, DUNLIN_LOG_DEBUG);
        g_assert_cmpint (dunlin_log_get_level (NULL), ==, DUNLIN_LOG_NOTICE);
    }
    g_assert_true (dunlin_log_levels_valid ("a=info,b=off,error"));
}

static void
test_a_wrong_level_is_named (gpointer *fixture, gconstpointer data)
{
    g_autoptr (GError) error = NULL;

    g_assert_false (dunlin_log_set_levels ("info,a=loud", &error));
    g_assert_nonnull (strstr (error->message, "\"a=loud\""));
    g_assert_nonnull (strstr (error->message, "off, error, warning, notice, info or debug"));
}

static void
describe (const char *domain, DunlinLogLevel level, gboolean overridden, gpointer data)
{
    if (g_str_has_prefix (domain, "seen"))
        g_string_append_printf (data, "%s %s%s\n", domain, dunlin_log_level_name (level),
                                overridden ? " by itself" : "");
    dunlin_log_set_level ("seen-d", DUNLIN_LOG_ERROR); /* a viewer may change levels */
}

static void
test_domains_are_listed (gpointer *fixture, gconstpointer data)
{
    g_autoptr (GString) list = g_string_new (NULL);

    dunlin_log_find_domain ("seen-c");
    dunlin_log_find_domain ("seen-a");
    set_levels ("seen-b=debug,seen-c=off,notice");
    dunlin_log_foreach_domain (describe, list);
    g_assert_cmpstr (list->str, ==,
                     "seen-a notice\nseen-b debug by itself\nseen-c off by itself\n");
}

static void
log_limited (DunlinLogLimit *limit, int n)
{
    for (int i = 0; i < n; i++)
        dunlin_log_limited (DUNLIN_LOG_WARNING, limit, "again");
}

static void
test_a_limit_lets_a_burst_through (gpointer *fixture, gconstpointer data)
{
    DunlinLogLimit limit = DUNLIN_LOG_LIMIT (3, 1000);
    gint64 now = 5000;

    dunlin_clock_set_fake (&now);
    log_limited (&limit, 10);
    g_assert_cmpuint (lines->len, ==, 3);
    now += 999;
    log_limited (&limit, 1);
    g_assert_cmpuint (lines->len, ==, 3);
}

static void
test_a_limit_says_what_it_left_out (gpointer *fixture, gconstpointer data)
{
    DunlinLogLimit limit = DUNLIN_LOG_LIMIT (3, 1000);
    gint64 now = 5000;

    dunlin_clock_set_fake (&now);
    log_limited (&limit, 10);
    now += 1000;
    log_limited (&limit, 2);
    g_assert_cmpuint (lines->len, ==, 5);
    g_assert_nonnull (strstr (lines->pdata[3], "again (7 such lines were left out)"));
    g_assert_null (strstr (lines->pdata[4], "left out"));
}

static void
test_a_line_that_is_off_uses_no_limit (gpointer *fixture, gconstpointer data)
{
    DunlinLogLimit limit = DUNLIN_LOG_LIMIT (1, G_USEC_PER_SEC);
    gint64 now = 5000;

    dunlin_clock_set_fake (&now);
    dunlin_log_limited (DUNLIN_LOG_DEBUG, &limit, "off");
    dunlin_log_limited (DUNLIN_LOG_INFO, &limit, "on");
    g_assert_cmpuint (count ("on"), ==, 1);
}

enum { N_THREADS = 4, N_LINES = 2000 };

static gpointer
run_limited (gpointer data)
{
    log_limited (data, N_LINES);
    return NULL;
}

static void
test_a_limit_holds_for_all_threads (gpointer *fixture, gconstpointer data)
{
    DunlinLogLimit limit = DUNLIN_LOG_LIMIT (7, G_TIME_SPAN_HOUR);
    GThread *threads[N_THREADS];
    guint suppressed = 0;

    for (gsize i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new ("limited", run_limited, &limit);
    for (gsize i = 0; i < N_THREADS; i++)
        g_thread_join (threads[i]);
    g_assert_cmpuint (lines->len, ==, 7);
    g_assert_false (dunlin_log_limit_pass (&limit, &suppressed));
    g_assert_cmpuint (limit.suppressed, ==, N_THREADS * N_LINES - 7 + 1);
}

static gpointer
run_debugging (gpointer data)
{
    const int *stop = data;

    while (!__atomic_load_n (stop, __ATOMIC_RELAXED))
        dunlin_log_debug ("a line of a thread");
    return NULL;
}

/* For the thread sanitizer above all. */
static void
test_levels_change_under_threads_that_log (gpointer *fixture, gconstpointer data)
{
    GThread *threads[N_THREADS];
    int stop = FALSE;

    for (gsize i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new ("debugging", run_debugging, &stop);
    for (int i = 0; i < 200; i++) {
        set_levels (i % 2 == 0 ? "test-log=debug,info" : "info");
        g_assert_cmpint (dunlin_log_get_level ("test-log"), ==,
                         i % 2 == 0 ? DUNLIN_LOG_DEBUG : DUNLIN_LOG_INFO);
    }
    __atomic_store_n (&stop, TRUE, __ATOMIC_RELAXED);
    for (gsize i = 0; i < N_THREADS; i++)
        g_thread_join (threads[i]);
    for (guint i = 0; i < lines->len; i++)
        g_assert_true (g_str_has_suffix (lines->pdata[i], "\n"));
}

static void
test_no_words_are_the_default (gpointer *fixture, gconstpointer data)
{
    set_levels ("a=debug,error");
    set_levels ("");
    g_assert_cmpint (dunlin_log_get_level ("a"), ==, DUNLIN_LOG_INFO);
    g_assert_cmpint (dunlin_log_get_level (NULL), ==, DUNLIN_LOG_INFO);
}

static const struct {
    const char *path;
    void (*run) (gpointer *fixture, gconstpointer data);
} tests[] = {
    { "names-and-levels-are-one-to-one", test_names_and_levels_are_one_to_one },
    { "a-level-takes-those-above", test_a_level_takes_those_above },
    { "a-level-changes-while-running", test_a_level_changes_while_running },
    { "arguments-wait-for-the-level", test_arguments_wait_for_the_level },
    { "a-beginning-covers-its-domains", test_a_beginning_covers_its_domains },
    { "the-longest-beginning-wins", test_the_longest_beginning_wins },
    { "setting-levels-replaces-them", test_setting_levels_replaces_them },
    { "wrong-levels-change-nothing", test_wrong_levels_change_nothing },
    { "no-words-are-the-default", test_no_words_are_the_default },
    { "a-wrong-level-is-named", test_a_wrong_level_is_named },
    { "domains-are-listed", test_domains_are_listed },
    { "a-limit-lets-a-burst-through", test_a_limit_lets_a_burst_through },
    { "a-limit-says-what-it-left-out", test_a_limit_says_what_it_left_out },
    { "a-line-that-is-off-uses-no-limit", test_a_line_that_is_off_uses_no_limit },
    { "a-limit-holds-for-all-threads", test_a_limit_holds_for_all_threads },
    { "levels-change-under-threads-that-log", test_levels_change_under_threads_that_log },
};

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path = g_strconcat ("/base/log/", tests[i].path, NULL);

        g_test_add (path, gpointer, NULL, set_up, tests[i].run, tear_down);
    }
    return g_test_run ();
}
