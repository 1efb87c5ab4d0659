/* Counters, gauges and histograms by name. Each thread counts in memory of its own, without locks,
 * atomic read-modify-write or shared cache lines; a reader adds the threads up. */
#pragma once

#include "base/histogram.h"

G_BEGIN_DECLS

/* Handles: had once by name, then cheap to use. One that is all zeros counts into nothing. */
typedef struct {
    guint index;
} DunlinCounter;

typedef struct {
    guint index;
} DunlinGauge;

typedef struct {
    guint index;
} DunlinHistogram;

typedef enum { DUNLIN_STAT_COUNTER, DUNLIN_STAT_GAUGE, DUNLIN_STAT_HISTOGRAM } DunlinStatKind;

/**
 * dunlin_counter:
 * @name: parts separated by slashes, as Finagle's: "srv/thrift/requests"
 * @unit: (nullable): "bytes", "microseconds"; %NULL: things
 * @help: (nullable): one sentence
 *
 * Finds or makes the counter; dunlin_gauge() and dunlin_histogram() likewise. From any thread at
 * any time, but under a lock: keep the handle. Names live as long as the process, so what a peer
 * chooses must never become part of one. A name keeps its first kind; asking for it as another
 * kind is the program's mistake and gives the handle that counts into nothing.
 */
DunlinCounter dunlin_counter (const char *name, const char *unit, const char *help);
DunlinGauge dunlin_gauge (const char *name, const char *unit, const char *help);
DunlinHistogram dunlin_histogram (const char *name, const char *unit, const char *help);

/**
 * dunlin_gauge_func:
 * @read: (nullable): gives the value when somebody looks, on any thread
 *
 * A gauge that is computed. Naming it again replaces @read; %NULL removes it from what readers
 * see, and returns only when @read is not running any more, so @data may go then. Hold no lock
 * that @read takes.
 */
typedef gint64 (*DunlinGaugeFunc) (gpointer data);
void dunlin_gauge_func (const char *name, const char *unit, const char *help, DunlinGaugeFunc read,
                        gpointer data);

/* Behind the functions below: what one thread has counted. */
typedef struct {
    guint64 sum;
    guint64 maximum;
    guint64 buckets[DUNLIN_HISTOGRAM_BUCKETS];
} DunlinHistogramCells;

typedef struct {
    guint n_values;
    guint n_histograms;
    guint64 *values;
    DunlinHistogramCells **histograms;
} DunlinStatsShard;

extern _Thread_local DunlinStatsShard *dunlin_stats_shard;
guint64 *dunlin_stats_value_slow (guint index);
DunlinHistogramCells *dunlin_stats_cells_slow (guint index);

/* Only this thread writes there, so a plain read and an untorn write are enough. */
static inline void
dunlin_stats_add_ (guint64 *cell, guint64 n)
{
    __atomic_store_n (cell, *cell + n, __ATOMIC_RELAXED);
}

static inline guint64 *
dunlin_stats_value_ (guint index)
{
    DunlinStatsShard *shard = dunlin_stats_shard;

    if (G_LIKELY (shard != NULL && index < shard->n_values))
        return &shard->values[index];
    return dunlin_stats_value_slow (index);
}

static inline void
dunlin_counter_add (DunlinCounter self, guint64 n)
{
    dunlin_stats_add_ (dunlin_stats_value_ (self.index), n);
}

static inline void
dunlin_counter_increment (DunlinCounter self)
{
    dunlin_counter_add (self, 1);
}

/* @n may be negative; a gauge may go up on one thread and down on another. */
static inline void
dunlin_gauge_add (DunlinGauge self, gint64 n)
{
    dunlin_stats_add_ (dunlin_stats_value_ (self.index), (guint64)n);
}

/* For a gauge that one place sets and nobody adds to; any thread. Not for the hot path. */
void dunlin_gauge_set (DunlinGauge self, gint64 value);

static inline void
dunlin_histogram_record (DunlinHistogram self, guint64 value)
{
    DunlinStatsShard *shard = dunlin_stats_shard;
    DunlinHistogramCells *cells = NULL;

    if (G_LIKELY (shard != NULL && self.index < shard->n_histograms))
        cells = shard->histograms[self.index];
    if (G_UNLIKELY (cells == NULL))
        cells = dunlin_stats_cells_slow (self.index);
    dunlin_stats_add_ (&cells->buckets[dunlin_histogram_bucket (value)], 1);
    dunlin_stats_add_ (&cells->sum, value);
    if (value > cells->maximum)
        __atomic_store_n (&cells->maximum, value, __ATOMIC_RELAXED);
}

/* Reading: from any thread, while the others count. Counters and histograms never go back. */
guint64 dunlin_counter_read (DunlinCounter self);
gint64 dunlin_gauge_read (DunlinGauge self);
void dunlin_histogram_read (DunlinHistogram self, DunlinHistogramData *out);

/**
 * DunlinStat:
 * @value: of counters and gauges
 * @histogram: (nullable): of histograms
 */
typedef struct {
    const char *name;
    const char *unit; /* "" when things are counted */
    const char *help;
    DunlinStatKind kind;
    gint64 value;
    const DunlinHistogramData *histogram;
} DunlinStat;

/* Calls @func for everything registered, sorted by name. @stat lives for the call. */
typedef void (*DunlinStatFunc) (const DunlinStat *stat, gpointer data);
void dunlin_stats_foreach (DunlinStatFunc func, gpointer data);

/**
 * dunlin_stats_find:
 * @value: (out) (optional): of a counter or gauge; of a histogram how many were recorded
 *
 * Returns: whether there is something of that name. For tests and status pages.
 */
gboolean dunlin_stats_find (const char *name, gint64 *value);

/**
 * dunlin_stats_foreach_thread:
 *
 * Calls @func with what each live thread has counted, to see how evenly they work; threads that
 * have ended come as one, %NULL.
 */
typedef void (*DunlinStatsThreadFunc) (const char *thread, guint64 value, gpointer data);
void dunlin_stats_foreach_thread (DunlinCounter self, DunlinStatsThreadFunc func, gpointer data);

G_END_DECLS
