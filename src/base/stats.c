/* The registry of names and the threads' shards. The hot path is inline in stats.h; all here is
 * under one lock, which a counting thread takes only when its shard has to grow. */
#include "base/stats.h"

#include <pthread.h>
#include <string.h>

/* A shard's memory is its own down to the cache line. */
#define CACHE_LINE      64
#define FIRST_VALUES    256
#define FIRST_HISTOGRAM 64

/**
 * Metric:
 * @index: of its cell in every shard: values and histograms are numbered apart, from 1
 * @set: what dunlin_gauge_set() said; atomic
 */
typedef struct {
    char *name;
    char *unit;
    char *help;
    DunlinStatKind kind;
    guint index;
    gint64 set;
    gboolean is_func;
    DunlinGaugeFunc read;
    gpointer data;
} Metric;

typedef struct {
    DunlinStatsShard cells; /* first: what the hot path sees */
    char thread[16];
} Shard;

_Thread_local DunlinStatsShard *dunlin_stats_shard;

static GMutex lock;
static GHashTable *metrics; /* name -> Metric; never shrinks */
static GPtrArray *values;   /* Metric by index, 0 unused; of counters and gauges */
static guint n_histograms = 1;
static GPtrArray *shards; /* of living threads */
static Shard *ended;      /* what threads that have ended counted */

/* Held while a gauge's function runs, so that its data may go after it was removed. Taken before
 * the other lock. */
static GRecMutex func_lock;

static Shard *
shard_new (void)
{
    Shard *shard = g_aligned_alloc0 (1, sizeof (Shard), CACHE_LINE);

    pthread_getname_np (pthread_self (), shard->thread, sizeof shard->thread);
    return shard;
}

static void
ensure_registry (void)
{
    if (metrics != NULL)
        return;
    metrics = g_hash_table_new (g_str_hash, g_str_equal);
    values = g_ptr_array_new ();
    g_ptr_array_add (values, NULL);
    shards = g_ptr_array_new ();
    ended = shard_new ();
}

/* Shards */

/* Readers hold the lock as well, so the old array may go at once. */
static void
grow_values (Shard *shard, guint index)
{
    guint n = MAX (FIRST_VALUES, shard->cells.n_values);
    guint64 *grown = NULL;

    while (n <= index)
        n *= 2;
    grown = g_aligned_alloc0 (n, sizeof *grown, CACHE_LINE);
    for (guint i = 0; i < shard->cells.n_values; i++)
        grown[i] = shard->cells.values[i];
    g_aligned_free (shard->cells.values);
    shard->cells.values = grown;
    shard->cells.n_values = n;
}

static void
grow_histograms (Shard *shard, guint index)
{
    guint n = MAX (FIRST_HISTOGRAM, shard->cells.n_histograms);
    DunlinHistogramCells **grown = NULL;

    while (n <= index)
        n *= 2;
    grown = g_aligned_alloc0 (n, sizeof (DunlinHistogramCells *), CACHE_LINE);
    for (guint i = 0; i < shard->cells.n_histograms; i++)
        grown[i] = shard->cells.histograms[i];
    g_aligned_free (shard->cells.histograms);
    shard->cells.histograms = grown;
    shard->cells.n_histograms = n;
}

static guint64 *
value_of (Shard *shard, guint index)
{
    if (index >= shard->cells.n_values)
        grow_values (shard, index);
    return &shard->cells.values[index];
}

static DunlinHistogramCells *
cells_of (Shard *shard, guint index)
{
    if (index >= shard->cells.n_histograms)
        grow_histograms (shard, index);
    if (shard->cells.histograms[index] == NULL)
        shard->cells.histograms[index] =
            g_aligned_alloc0 (1, sizeof (DunlinHistogramCells), CACHE_LINE);
    return shard->cells.histograms[index];
}

static guint64
load (const guint64 *cell)
{
    return __atomic_load_n (cell, __ATOMIC_RELAXED);
}

static void
fold_cells (DunlinHistogramCells *into, const DunlinHistogramCells *cells)
{
    for (guint i = 0; i < DUNLIN_HISTOGRAM_BUCKETS; i++)
        into->buckets[i] += load (&cells->buckets[i]);
    into->sum += load (&cells->sum);
    into->maximum = MAX (into->maximum, load (&cells->maximum));
}

/* Runs on the thread that ends. */
static void
shard_end (gpointer data)
{
    Shard *shard = data;

    g_mutex_lock (&lock);
    dunlin_stats_shard = NULL;
    g_ptr_array_remove_fast (shards, shard);
    for (guint i = 0; i < shard->cells.n_values; i++)
        *value_of (ended, i) += shard->cells.values[i];
    for (guint i = 0; i < shard->cells.n_histograms; i++) {
        if (shard->cells.histograms[i] != NULL)
            fold_cells (cells_of (ended, i), shard->cells.histograms[i]);
        g_aligned_free (shard->cells.histograms[i]);
    }
    g_mutex_unlock (&lock);
    g_aligned_free (shard->cells.values);
    g_aligned_free (shard->cells.histograms);
    g_aligned_free (shard);
}

static Shard *
own_shard (void)
{
    static GPrivate end_of_thread = G_PRIVATE_INIT (shard_end);

    if (dunlin_stats_shard == NULL) {
        Shard *shard = shard_new ();

        g_ptr_array_add (shards, shard);
        dunlin_stats_shard = &shard->cells;
        g_private_set (&end_of_thread, shard);
    }
    return (Shard *)dunlin_stats_shard;
}

guint64 *
dunlin_stats_value_slow (guint index)
{
    guint64 *value = NULL;

    g_mutex_lock (&lock);
    ensure_registry ();
    value = value_of (own_shard (), index);
    g_mutex_unlock (&lock);
    return value;
}

DunlinHistogramCells *
dunlin_stats_cells_slow (guint index)
{
    DunlinHistogramCells *cells = NULL;

    g_mutex_lock (&lock);
    ensure_registry ();
    cells = cells_of (own_shard (), index);
    g_mutex_unlock (&lock);
    return cells;
}

/* Names */

static guint
next_index (Metric *metric)
{
    if (metric->kind == DUNLIN_STAT_HISTOGRAM)
        return n_histograms++;
    g_ptr_array_add (values, metric);
    return values->len - 1;
}

/* Returns: (nullable): the metric, or %NULL when the name is there as another kind. Locked. */
static Metric *
find_or_add (const char *name, const char *unit, const char *help, DunlinStatKind kind)
{
    Metric *metric = NULL;

    ensure_registry ();
    metric = g_hash_table_lookup (metrics, name);
    if (metric != NULL)
        return metric->kind == kind ? metric : NULL;
    metric = g_new0 (Metric, 1);
    metric->name = g_strdup (name);
    metric->unit = g_strdup (unit != NULL ? unit : "");
    metric->help = g_strdup (help != NULL ? help : "");
    metric->kind = kind;
    metric->index = next_index (metric);
    g_hash_table_insert (metrics, metric->name, metric);
    return metric;
}

static guint
register_metric (const char *name, const char *unit, const char *help, DunlinStatKind kind)
{
    Metric *metric = NULL;
    guint index = 0;

    g_return_val_if_fail (name != NULL, 0);
    g_mutex_lock (&lock);
    metric = find_or_add (name, unit, help, kind);
    if (metric != NULL)
        index = metric->index;
    g_mutex_unlock (&lock);
    if (metric == NULL)
        g_critical ("the statistic %s is there already, as another kind", name);
    return index;
}

DunlinCounter
dunlin_counter (const char *name, const char *unit, const char *help)
{
    return (DunlinCounter){ register_metric (name, unit, help, DUNLIN_STAT_COUNTER) };
}

DunlinGauge
dunlin_gauge (const char *name, const char *unit, const char *help)
{
    return (DunlinGauge){ register_metric (name, unit, help, DUNLIN_STAT_GAUGE) };
}

DunlinHistogram
dunlin_histogram (const char *name, const char *unit, const char *help)
{
    return (DunlinHistogram){ register_metric (name, unit, help, DUNLIN_STAT_HISTOGRAM) };
}

void
dunlin_gauge_func (const char *name, const char *unit, const char *help, DunlinGaugeFunc read,
                   gpointer data)
{
    Metric *metric = NULL;

    g_return_if_fail (name != NULL);
    g_rec_mutex_lock (&func_lock);
    g_mutex_lock (&lock);
    metric = find_or_add (name, unit, help, DUNLIN_STAT_GAUGE);
    if (metric != NULL) {
        metric->is_func = TRUE;
        metric->read = read;
        metric->data = data;
    }
    g_mutex_unlock (&lock);
    g_rec_mutex_unlock (&func_lock);
    if (metric == NULL)
        g_critical ("the statistic %s is there already, as another kind", name);
}

/* Reading */

static guint64
shard_value (const Shard *shard, guint index)
{
    return index < shard->cells.n_values ? load (&shard->cells.values[index]) : 0;
}

/* Of all threads; the lock is held. What was counted into nothing is nothing. */
static guint64
sum_value (guint index)
{
    guint64 sum = 0;

    if (index == 0)
        return 0;
    sum = shard_value (ended, index);
    for (guint i = 0; i < shards->len; i++)
        sum += shard_value (shards->pdata[i], index);
    return sum;
}

static void
add_shard_histogram (const Shard *shard, guint index, DunlinHistogramData *out)
{
    const DunlinHistogramCells *cells = NULL;

    if (index < shard->cells.n_histograms)
        cells = shard->cells.histograms[index];
    if (cells == NULL)
        return;
    for (guint i = 0; i < DUNLIN_HISTOGRAM_BUCKETS; i++) {
        guint64 n = load (&cells->buckets[i]);

        out->buckets[i] += n;
        out->count += n;
    }
    out->sum += load (&cells->sum);
    out->maximum = MAX (out->maximum, load (&cells->maximum));
}

static void
sum_histogram (guint index, DunlinHistogramData *out)
{
    memset (out, 0, sizeof *out);
    if (index == 0)
        return;
    add_shard_histogram (ended, index, out);
    for (guint i = 0; i < shards->len; i++)
        add_shard_histogram (shards->pdata[i], index, out);
}

guint64
dunlin_counter_read (DunlinCounter self)
{
    guint64 sum = 0;

    g_mutex_lock (&lock);
    ensure_registry ();
    sum = sum_value (self.index);
    g_mutex_unlock (&lock);
    return sum;
}

/* A gauge's function is called without the registry's lock: it may read other statistics. */
static gint64
gauge_value (Metric *metric)
{
    gint64 value = 0;

    g_rec_mutex_lock (&func_lock);
    if (metric->read != NULL) {
        value = metric->read (metric->data);
    } else {
        g_mutex_lock (&lock);
        value =
            (gint64)sum_value (metric->index) + __atomic_load_n (&metric->set, __ATOMIC_RELAXED);
        g_mutex_unlock (&lock);
    }
    g_rec_mutex_unlock (&func_lock);
    return value;
}

/* Returns: (nullable): the metric of a value's index. */
static Metric *
metric_at (guint index)
{
    Metric *metric = NULL;

    g_mutex_lock (&lock);
    ensure_registry ();
    metric = index < values->len ? values->pdata[index] : NULL;
    g_mutex_unlock (&lock);
    return metric;
}

gint64
dunlin_gauge_read (DunlinGauge self)
{
    Metric *metric = metric_at (self.index);

    return metric != NULL ? gauge_value (metric) : 0;
}

void
dunlin_gauge_set (DunlinGauge self, gint64 value)
{
    Metric *metric = metric_at (self.index);

    if (metric != NULL)
        __atomic_store_n (&metric->set, value, __ATOMIC_RELAXED);
}

void
dunlin_histogram_read (DunlinHistogram self, DunlinHistogramData *out)
{
    g_mutex_lock (&lock);
    ensure_registry ();
    sum_histogram (self.index, out);
    g_mutex_unlock (&lock);
}

static int
compare_metrics (gconstpointer a, gconstpointer b)
{
    return strcmp ((*(Metric *const *)a)->name, (*(Metric *const *)b)->name);
}

static gboolean
is_visible (const Metric *metric)
{
    return !metric->is_func || metric->read != NULL;
}

/* Those that readers see, sorted. Metrics live for ever, so the list may be used unlocked. */
static GPtrArray *
list_metrics (void)
{
    GPtrArray *list = g_ptr_array_new ();
    GHashTableIter iter;
    gpointer value = NULL;

    g_mutex_lock (&lock);
    ensure_registry ();
    g_hash_table_iter_init (&iter, metrics);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        if (is_visible (value))
            g_ptr_array_add (list, value);
    }
    g_mutex_unlock (&lock);
    g_ptr_array_sort (list, compare_metrics);
    return list;
}

/* @data is scratch for a histogram. */
static DunlinStat
read_metric (Metric *metric, DunlinHistogramData *data)
{
    DunlinStat stat = { metric->name, metric->unit, metric->help, metric->kind, 0, NULL };

    if (metric->kind == DUNLIN_STAT_COUNTER) {
        stat.value = (gint64)dunlin_counter_read ((DunlinCounter){ metric->index });
    } else if (metric->kind == DUNLIN_STAT_GAUGE) {
        stat.value = gauge_value (metric);
    } else {
        dunlin_histogram_read ((DunlinHistogram){ metric->index }, data);
        stat.histogram = data;
        stat.value = (gint64)data->count;
    }
    return stat;
}

void
dunlin_stats_foreach (DunlinStatFunc func, gpointer data)
{
    g_autoptr (GPtrArray) list = list_metrics ();
    g_autofree DunlinHistogramData *histogram = g_new (DunlinHistogramData, 1);

    for (guint i = 0; i < list->len; i++) {
        DunlinStat stat = read_metric (list->pdata[i], histogram);

        func (&stat, data);
    }
}

gboolean
dunlin_stats_find (const char *name, gint64 *value)
{
    g_autofree DunlinHistogramData *histogram = g_new (DunlinHistogramData, 1);
    Metric *metric = NULL;

    g_mutex_lock (&lock);
    ensure_registry ();
    metric = g_hash_table_lookup (metrics, name);
    if (metric != NULL && !is_visible (metric))
        metric = NULL;
    g_mutex_unlock (&lock);
    if (metric == NULL)
        return FALSE;
    if (value != NULL)
        *value = read_metric (metric, histogram).value;
    return TRUE;
}

typedef struct {
    char thread[16];
    guint64 value;
} ThreadValue;

void
dunlin_stats_foreach_thread (DunlinCounter self, DunlinStatsThreadFunc func, gpointer data)
{
    g_autoptr (GArray) list = g_array_new (FALSE, TRUE, sizeof (ThreadValue));
    guint64 of_ended = 0;

    g_mutex_lock (&lock);
    ensure_registry ();
    of_ended = shard_value (ended, self.index);
    for (guint i = 0; i < shards->len; i++) {
        const Shard *shard = shards->pdata[i];
        ThreadValue value = { .value = shard_value (shard, self.index) };

        g_strlcpy (value.thread, shard->thread, sizeof value.thread);
        g_array_append_val (list, value);
    }
    g_mutex_unlock (&lock);
    for (guint i = 0; i < list->len; i++)
        func (g_array_index (list, ThreadValue, i).thread,
              g_array_index (list, ThreadValue, i).value, data);
    func (NULL, of_ended, data);
}
