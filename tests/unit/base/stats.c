/* What threads count apart is one number for a reader, while they count and after they have ended.
 */
#include "base/stats.h"

#include <string.h>

enum { N_THREADS = 4, N_ROUNDS = 20000 };

static void
run_threads (GThreadFunc func, gpointer data)
{
    GThread *threads[N_THREADS];

    for (gsize i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new ("counting", func, data);
    for (gsize i = 0; i < N_THREADS; i++)
        g_thread_join (threads[i]);
}

static void
test_a_counter_counts (void)
{
    DunlinCounter counter = dunlin_counter ("test/one", NULL, NULL);

    g_assert_cmpuint (dunlin_counter_read (counter), ==, 0);
    dunlin_counter_increment (counter);
    dunlin_counter_add (counter, 41);
    g_assert_cmpuint (dunlin_counter_read (counter), ==, 42);
}

static void
test_a_name_is_one_statistic (void)
{
    DunlinCounter first = dunlin_counter ("test/same", NULL, NULL);
    DunlinCounter second = dunlin_counter ("test/same", "bytes", "Said too late.");

    dunlin_counter_increment (first);
    dunlin_counter_increment (second);
    g_assert_cmpuint (dunlin_counter_read (first), ==, 2);
}

static gpointer
count (gpointer data)
{
    for (int i = 0; i < N_ROUNDS; i++)
        dunlin_counter_increment (*(DunlinCounter *)data);
    return NULL;
}

static void
test_threads_that_ended_still_count (void)
{
    DunlinCounter counter = dunlin_counter ("test/ended", NULL, NULL);

    run_threads (count, &counter);
    g_assert_cmpuint (dunlin_counter_read (counter), ==, N_THREADS * N_ROUNDS);
    run_threads (count, &counter);
    g_assert_cmpuint (dunlin_counter_read (counter), ==, 2 * N_THREADS * N_ROUNDS);
}

static void
test_a_counter_never_goes_back (void)
{
    DunlinCounter counter = dunlin_counter ("test/live", NULL, NULL);
    GThread *threads[N_THREADS];
    guint64 last = 0;

    for (gsize i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new ("counting", count, &counter);
    while (last < N_ROUNDS) {
        guint64 now = dunlin_counter_read (counter);

        g_assert_cmpuint (now, >=, last);
        last = now;
    }
    for (gsize i = 0; i < N_THREADS; i++) { /* and not when a thread ends, either */
        guint64 now = 0;

        g_thread_join (threads[i]);
        now = dunlin_counter_read (counter);
        g_assert_cmpuint (now, >=, last);
        last = now;
    }
    g_assert_cmpuint (last, ==, N_THREADS * N_ROUNDS);
}

static gpointer
add_three (gpointer data)
{
    dunlin_gauge_add (*(DunlinGauge *)data, 3);
    return NULL;
}

static void
test_a_gauge_falls_elsewhere (void)
{
    DunlinGauge gauge = dunlin_gauge ("test/open", NULL, NULL);

    run_threads (add_three, &gauge);
    dunlin_gauge_add (gauge, -3 * N_THREADS - 5);
    g_assert_cmpint (dunlin_gauge_read (gauge), ==, -5);
}

static void
test_a_gauge_is_set (void)
{
    DunlinGauge gauge = dunlin_gauge ("test/set", NULL, NULL);

    dunlin_gauge_set (gauge, 7);
    dunlin_gauge_set (gauge, -9);
    g_assert_cmpint (dunlin_gauge_read (gauge), ==, -9);
}

static gint64
read_number (gpointer data)
{
    return *(int *)data;
}

static void
test_a_gauge_is_computed (void)
{
    int number = 5;
    int other = 11;
    gint64 value = 0;

    dunlin_gauge_func ("test/computed", NULL, NULL, read_number, &number);
    g_assert_true (dunlin_stats_find ("test/computed", &value));
    g_assert_cmpint (value, ==, 5);
    number = 6;
    g_assert_cmpint (dunlin_gauge_read (dunlin_gauge ("test/computed", NULL, NULL)), ==, 6);
    dunlin_gauge_func ("test/computed", NULL, NULL, read_number, &other);
    g_assert_true (dunlin_stats_find ("test/computed", &value));
    g_assert_cmpint (value, ==, 11);
    dunlin_gauge_func ("test/computed", NULL, NULL, NULL, NULL);
}

static void
note_seen (const DunlinStat *stat, gpointer data)
{
    if (g_str_equal (stat->name, "test/removed"))
        *(gboolean *)data = TRUE;
}

static void
test_a_removed_gauge_is_not_seen (void)
{
    int number = 5;
    gboolean seen = FALSE;

    dunlin_gauge_func ("test/removed", NULL, NULL, read_number, &number);
    dunlin_stats_foreach (note_seen, &seen);
    g_assert_true (seen);
    seen = FALSE;
    dunlin_gauge_func ("test/removed", NULL, NULL, NULL, NULL);
    dunlin_stats_foreach (note_seen, &seen);
    g_assert_false (seen);
    g_assert_false (dunlin_stats_find ("test/removed", NULL));
}

/* Reads other statistics, as computed gauges may. */
static gint64
read_others (gpointer data)
{
    gint64 value = 0;

    dunlin_stats_find ("test/number", &value);
    return value + (gint64)dunlin_counter_read (dunlin_counter ("test/below", NULL, NULL));
}

static void
test_a_computed_gauge_reads_others (void)
{
    int number = 5;
    gint64 value = 0;

    dunlin_gauge_func ("test/number", NULL, NULL, read_number, &number);
    dunlin_counter_add (dunlin_counter ("test/below", NULL, NULL), 3);
    dunlin_gauge_func ("test/sum", NULL, NULL, read_others, NULL);
    g_assert_true (dunlin_stats_find ("test/sum", &value));
    g_assert_cmpint (value, ==, 8);
    dunlin_gauge_func ("test/sum", NULL, NULL, NULL, NULL);
    dunlin_gauge_func ("test/number", NULL, NULL, NULL, NULL);
}

static gpointer
read_until_removed (gpointer data)
{
    const int *stop = data;

    while (!__atomic_load_n (stop, __ATOMIC_RELAXED))
        dunlin_stats_find ("test/short", NULL);
    return NULL;
}

/* For the sanitizers: the data goes at once. */
static void
test_a_removed_gauges_data_may_go (void)
{
    int stop = FALSE;
    GThread *reader = g_thread_new ("reading", read_until_removed, &stop);

    for (int i = 0; i < 500; i++) {
        int *number = g_new (int, 1);

        *number = i;
        dunlin_gauge_func ("test/short", NULL, NULL, read_number, number);
        dunlin_gauge_func ("test/short", NULL, NULL, NULL, NULL);
        g_free (number);
    }
    __atomic_store_n (&stop, TRUE, __ATOMIC_RELAXED);
    g_thread_join (reader);
}

static gpointer
record (gpointer data)
{
    for (guint64 i = 1; i <= 1000; i++)
        dunlin_histogram_record (*(DunlinHistogram *)data, i);
    return NULL;
}

static void
test_a_histogram_adds_up_threads (void)
{
    DunlinHistogram histogram = dunlin_histogram ("test/latency", "microseconds", NULL);
    g_autofree DunlinHistogramData *data = g_new (DunlinHistogramData, 1);

    run_threads (record, &histogram); /* ended */
    record (&histogram);              /* living */
    dunlin_histogram_record (histogram, 70000);
    dunlin_histogram_read (histogram, data);
    g_assert_cmpuint (data->count, ==, (N_THREADS + 1) * 1000 + 1);
    g_assert_cmpuint (data->sum, ==, (N_THREADS + 1) * 500500 + 70000);
    g_assert_cmpuint (data->maximum, ==, 70000);
    g_assert_cmpuint (dunlin_histogram_percentile (data, 0.5), >=, 485);
    g_assert_cmpuint (dunlin_histogram_percentile (data, 0.5), <=, 515);
}

static gpointer
record_live (gpointer data)
{
    for (int i = 0; i < N_ROUNDS; i++)
        dunlin_histogram_record (*(DunlinHistogram *)data, 10);
    return NULL;
}

static void
test_a_histogram_is_read_while_it_grows (void)
{
    DunlinHistogram histogram = dunlin_histogram ("test/growing", NULL, NULL);
    g_autofree DunlinHistogramData *data = g_new0 (DunlinHistogramData, 1);
    GThread *thread = g_thread_new ("recording", record_live, &histogram);
    guint64 last = 0;

    while (last < N_ROUNDS) {
        dunlin_histogram_read (histogram, data);
        g_assert_cmpuint (data->count, >=, last);
        g_assert_cmpuint (data->buckets[10], ==, data->count);
        last = data->count;
    }
    g_thread_join (thread);
}

enum { N_NAMES = 700 }; /* more than a shard begins with, twice over */

static gpointer
count_names (gpointer data)
{
    DunlinCounter *counters = data;

    for (int i = 0; i < N_NAMES; i++)
        dunlin_counter_add (counters[i], (guint64)i);
    return NULL;
}

static void
test_shards_grow (void)
{
    DunlinCounter counters[N_NAMES];

    for (int i = 0; i < N_NAMES; i++) {
        g_autofree char *name = g_strdup_printf ("test/many/%d", i);

        counters[i] = dunlin_counter (name, NULL, NULL);
        dunlin_counter_add (counters[i], 1); /* this thread's shard grows a little at a time */
    }
    run_threads (count_names, counters);
    for (int i = 0; i < N_NAMES; i++)
        g_assert_cmpuint (dunlin_counter_read (counters[i]), ==, (guint64)(N_THREADS * i + 1));
}

static void
test_histograms_grow (void)
{
    DunlinHistogram histograms[150];
    g_autofree DunlinHistogramData *data = g_new (DunlinHistogramData, 1);

    for (gsize i = 0; i < G_N_ELEMENTS (histograms); i++) {
        g_autofree char *name = g_strdup_printf ("test/many-histograms/%d", (int)i);

        histograms[i] = dunlin_histogram (name, NULL, NULL);
        dunlin_histogram_record (histograms[i], i);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (histograms); i++) {
        dunlin_histogram_read (histograms[i], data);
        g_assert_cmpuint (data->count, ==, 1);
        g_assert_cmpuint (data->sum, ==, i);
    }
}

static void
test_no_handle_counts_into_nothing (void)
{
    g_autofree DunlinHistogramData *data = g_new (DunlinHistogramData, 1);

    dunlin_counter_increment ((DunlinCounter){ 0 });
    dunlin_gauge_add ((DunlinGauge){ 0 }, 5);
    dunlin_gauge_set ((DunlinGauge){ 0 }, 5);
    dunlin_histogram_record ((DunlinHistogram){ 0 }, 5);
    g_assert_cmpuint (dunlin_counter_read ((DunlinCounter){ 0 }), ==, 0);
    g_assert_cmpint (dunlin_gauge_read ((DunlinGauge){ 0 }), ==, 0);
    dunlin_histogram_read ((DunlinHistogram){ 0 }, data);
    g_assert_cmpuint (data->count, ==, 0);
}

static void
use_a_name_twice (void)
{
    DunlinCounter counter = dunlin_counter ("test/kind", NULL, NULL);
    DunlinGauge gauge = dunlin_gauge ("test/kind", NULL, NULL);

    g_assert_cmpuint (gauge.index, ==, 0);
    dunlin_gauge_add (gauge, 5);
    g_assert_cmpuint (dunlin_counter_read (counter), ==, 0);
    dunlin_gauge_func ("test/kind", NULL, NULL, read_number, NULL);
    g_assert_true (dunlin_stats_find ("test/kind", NULL));
}

static void
test_a_name_keeps_its_kind (void)
{
    if (g_test_subprocess ()) {
        g_log_set_always_fatal (G_LOG_FATAL_MASK);
        g_unsetenv ("G_DEBUG");
        use_a_name_twice ();
        return;
    }
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*test/kind is there already, as another kind*");
}

static void
describe (const DunlinStat *stat, gpointer data)
{
    if (g_str_has_prefix (stat->name, "shown/"))
        g_string_append_printf (data, "%s %s %d \"%s\" %s %s\n", stat->name, stat->unit,
                                (int)stat->value, stat->help,
                                stat->kind == DUNLIN_STAT_COUNTER ? "counter"
                                : stat->kind == DUNLIN_STAT_GAUGE ? "gauge"
                                                                  : "histogram",
                                stat->histogram != NULL ? "with buckets" : "");
}

static void
test_all_are_listed_in_order (void)
{
    g_autoptr (GString) list = g_string_new (NULL);

    dunlin_gauge_set (dunlin_gauge ("shown/b", NULL, "Sentence."), -4);
    dunlin_histogram_record (dunlin_histogram ("shown/c", "microseconds", NULL), 9);
    dunlin_counter_add (dunlin_counter ("shown/a", "bytes", NULL), 3);
    dunlin_stats_foreach (describe, list);
    g_assert_cmpstr (list->str, ==,
                     "shown/a bytes 3 \"\" counter \n"
                     "shown/b  -4 \"Sentence.\" gauge \n"
                     "shown/c microseconds 1 \"\" histogram with buckets\n");
}

static void
test_what_is_not_there_is_not_found (void)
{
    gint64 value = 7;

    g_assert_false (dunlin_stats_find ("test/nowhere", &value));
    g_assert_cmpint (value, ==, 7);
}

typedef struct {
    guint64 counting;
    guint64 ended;
    guint64 others;
} Shares;

static void
take_share (const char *thread, guint64 value, gpointer data)
{
    Shares *shares = data;

    if (thread == NULL)
        shares->ended += value;
    else if (g_str_equal (thread, "counting"))
        shares->counting += value;
    else
        shares->others += value;
}

typedef struct {
    DunlinCounter counter;
    GMutex lock;
    GCond changed;
    gboolean counted;
    gboolean may_end;
} Waiting;

static gpointer
count_and_wait (gpointer data)
{
    Waiting *self = data;

    dunlin_counter_add (self->counter, 5);
    g_mutex_lock (&self->lock);
    self->counted = TRUE;
    g_cond_broadcast (&self->changed);
    while (!self->may_end)
        g_cond_wait (&self->changed, &self->lock);
    g_mutex_unlock (&self->lock);
    return NULL;
}

static Shares
shares_of (DunlinCounter counter)
{
    Shares shares = { 0 };

    dunlin_stats_foreach_thread (counter, take_share, &shares);
    return shares;
}

static void
test_threads_are_told_apart (void)
{
    Waiting waiting = { .counter = dunlin_counter ("test/shares", NULL, NULL) };
    GThread *thread = g_thread_new ("counting", count_and_wait, &waiting);
    Shares shares = { 0 };

    dunlin_counter_add (waiting.counter, 2);
    g_mutex_lock (&waiting.lock);
    while (!waiting.counted)
        g_cond_wait (&waiting.changed, &waiting.lock);
    shares = shares_of (waiting.counter);
    waiting.may_end = TRUE;
    g_cond_broadcast (&waiting.changed);
    g_mutex_unlock (&waiting.lock);
    g_thread_join (thread);
    g_assert_cmpuint (shares.counting, ==, 5);
    g_assert_cmpuint (shares.others, ==, 2);
    g_assert_cmpuint (shares.ended, ==, 0);
    shares = shares_of (waiting.counter);
    g_assert_cmpuint (shares.counting, ==, 0);
    g_assert_cmpuint (shares.ended, ==, 5);
}

static const struct {
    const char *path;
    void (*run) (void);
} tests[] = {
    { "a-counter-counts", test_a_counter_counts },
    { "a-name-is-one-statistic", test_a_name_is_one_statistic },
    { "threads-that-ended-still-count", test_threads_that_ended_still_count },
    { "a-counter-never-goes-back", test_a_counter_never_goes_back },
    { "a-gauge-falls-on-another-thread", test_a_gauge_falls_elsewhere },
    { "a-gauge-is-set", test_a_gauge_is_set },
    { "a-gauge-is-computed", test_a_gauge_is_computed },
    { "a-removed-gauge-is-not-seen", test_a_removed_gauge_is_not_seen },
    { "a-computed-gauge-reads-others", test_a_computed_gauge_reads_others },
    { "a-removed-gauges-data-may-go", test_a_removed_gauges_data_may_go },
    { "a-histogram-adds-up-threads", test_a_histogram_adds_up_threads },
    { "a-histogram-is-read-while-it-grows", test_a_histogram_is_read_while_it_grows },
    { "shards-grow", test_shards_grow },
    { "histograms-grow", test_histograms_grow },
    { "no-handle-counts-into-nothing", test_no_handle_counts_into_nothing },
    { "a-name-keeps-its-kind", test_a_name_keeps_its_kind },
    { "all-are-listed-in-order", test_all_are_listed_in_order },
    { "what-is-not-there-is-not-found", test_what_is_not_there_is_not_found },
    { "threads-are-told-apart", test_threads_are_told_apart },
};

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path = g_strconcat ("/base/stats/", tests[i].path, NULL);

        g_test_add_func (path, tests[i].run);
    }
    return g_test_run ();
}
