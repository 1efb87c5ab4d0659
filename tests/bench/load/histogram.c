/* Buckets by the highest bits, as HdrHistogram has them. */
#include "bench/load/histogram.h"

static gsize
bucket_of (guint64 value)
{
    int octave;
    gsize index;

    if (value < LOAD_BUCKETS_PER_OCTAVE)
        return (gsize)value;
    octave = 63 - __builtin_clzll (value) - LOAD_BUCKETS_LOG2;
    index = (gsize)(octave + 1) * LOAD_BUCKETS_PER_OCTAVE +
            (gsize)((value >> octave) & (LOAD_BUCKETS_PER_OCTAVE - 1));
    return MIN (index, LOAD_OCTAVES * LOAD_BUCKETS_PER_OCTAVE - 1);
}

static guint64
middle_of (gsize bucket)
{
    gsize octave = bucket / LOAD_BUCKETS_PER_OCTAVE;
    guint64 low = bucket % LOAD_BUCKETS_PER_OCTAVE;

    if (octave == 0)
        return low;
    low = (low + LOAD_BUCKETS_PER_OCTAVE) << (octave - 1);
    return low + (G_GUINT64_CONSTANT (1) << (octave - 1)) / 2;
}

void
load_histogram_add (LoadHistogram *self, guint64 value)
{
    self->buckets[bucket_of (value)]++;
    self->count++;
    self->max = MAX (self->max, value);
}

void
load_histogram_merge (LoadHistogram *self, const LoadHistogram *other)
{
    for (gsize i = 0; i < G_N_ELEMENTS (self->buckets); i++)
        self->buckets[i] += other->buckets[i];
    self->count += other->count;
    self->max = MAX (self->max, other->max);
}

guint64
load_histogram_percentile (const LoadHistogram *self, double fraction)
{
    guint64 wanted = (guint64)(fraction * (double)self->count);
    guint64 seen = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (self->buckets); i++) {
        seen += self->buckets[i];
        if (seen > wanted)
            return MIN (middle_of (i), self->max);
    }
    return self->max;
}
