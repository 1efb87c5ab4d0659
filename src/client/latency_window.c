/* A ring of histograms, turned when somebody looks. */
#include "client/latency_window.h"

#include <string.h>

void
dunlin_latency_window_init (DunlinLatencyWindow *self, gint64 slice, gint64 now)
{
    memset (self, 0, sizeof *self);
    self->slice = MAX (slice, 1);
    self->current = now / self->slice;
}

static void
turn (DunlinLatencyWindow *self, gint64 now)
{
    gint64 slice = now / self->slice;
    gint64 passed = MIN (slice - self->current, DUNLIN_LATENCY_SLICES);

    for (gint64 i = 1; i <= passed; i++) {
        gint64 old = (self->current + i) % DUNLIN_LATENCY_SLICES;

        self->counts[old] = 0;
        memset (self->buckets[old], 0, sizeof self->buckets[old]);
    }
    self->current = MAX (self->current, slice);
}

void
dunlin_latency_window_record (DunlinLatencyWindow *self, gint64 took, gint64 now)
{
    guint slice = 0;

    turn (self, now);
    slice = (guint)(self->current % DUNLIN_LATENCY_SLICES);
    self->counts[slice]++;
    self->buckets[slice][dunlin_histogram_bucket ((guint64)MAX (took, 0))]++;
}

guint64
dunlin_latency_window_count (DunlinLatencyWindow *self, gint64 now)
{
    guint64 count = 0;

    turn (self, now);
    for (guint slice = 0; slice < DUNLIN_LATENCY_SLICES; slice++)
        count += self->counts[slice];
    return count;
}

gint64
dunlin_latency_window_percentile (DunlinLatencyWindow *self, double fraction, gint64 now)
{
    DunlinHistogramData all;

    all.count = dunlin_latency_window_count (self, now);
    all.sum = 0;
    all.maximum = G_MAXINT64;
    for (guint i = 0; i < DUNLIN_HISTOGRAM_BUCKETS; i++) {
        all.buckets[i] = 0;
        for (guint slice = 0; slice < DUNLIN_LATENCY_SLICES; slice++)
            all.buckets[i] += self->buckets[slice][i];
    }
    return (gint64)dunlin_histogram_percentile (&all, fraction);
}
