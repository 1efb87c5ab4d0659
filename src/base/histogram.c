/* Reading histograms. Pure. */
#include "base/histogram.h"

guint64
dunlin_histogram_low (guint bucket)
{
    guint exponent = 0;
    guint step = 0;

    if (bucket < DUNLIN_HISTOGRAM_LINEAR)
        return bucket;
    exponent = (bucket - DUNLIN_HISTOGRAM_LINEAR) / DUNLIN_HISTOGRAM_STEPS + 6;
    step = (bucket - DUNLIN_HISTOGRAM_LINEAR) % DUNLIN_HISTOGRAM_STEPS;
    return (guint64)(DUNLIN_HISTOGRAM_STEPS + step) << (exponent - 5);
}

/* The middle says a bucket best: at most half its width off. */
static guint64
middle (const DunlinHistogramData *self, guint bucket)
{
    guint64 low = dunlin_histogram_low (bucket);
    guint64 value = low + (dunlin_histogram_low (bucket + 1) - low) / 2;

    if (bucket == DUNLIN_HISTOGRAM_BUCKETS - 1) /* open to above: only the maximum says anything */
        return MAX (low, self->maximum);
    return MIN (value, self->maximum);
}

guint64
dunlin_histogram_percentile (const DunlinHistogramData *self, double fraction)
{
    guint64 seen = 0;
    guint64 rank = 0;

    if (self->count == 0)
        return 0;
    rank = (guint64)(CLAMP (fraction, 0, 1) * (double)self->count);
    rank = MIN (rank, self->count - 1);
    for (guint i = 0; i < DUNLIN_HISTOGRAM_BUCKETS; i++) {
        seen += self->buckets[i];
        if (seen > rank)
            return middle (self, i);
    }
    return self->maximum;
}

void
dunlin_histogram_subtract (DunlinHistogramData *self, const DunlinHistogramData *older)
{
    guint64 highest = 0;

    for (guint i = 0; i < DUNLIN_HISTOGRAM_BUCKETS; i++) {
        self->buckets[i] -= older->buckets[i];
        if (self->buckets[i] != 0)
            highest = dunlin_histogram_low (i + 1) - 1;
    }
    if (self->buckets[DUNLIN_HISTOGRAM_BUCKETS - 1] == 0)
        self->maximum = MIN (self->maximum, highest);
    self->count -= older->count;
    self->sum -= older->sum;
}
