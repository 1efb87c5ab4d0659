/* Durations in buckets, 64 to every power of two: at most 1.6 % wide. */
#pragma once

#include <glib.h>

#define LOAD_BUCKETS_LOG2       6
#define LOAD_BUCKETS_PER_OCTAVE (1 << LOAD_BUCKETS_LOG2)
#define LOAD_OCTAVES            40

typedef struct {
    guint64 buckets[LOAD_OCTAVES * LOAD_BUCKETS_PER_OCTAVE];
    guint64 count;
    guint64 max;
} LoadHistogram;

/* Zeroed is empty. @value: nanoseconds. */
void load_histogram_add (LoadHistogram *self, guint64 value);
void load_histogram_merge (LoadHistogram *self, const LoadHistogram *other);
/* @fraction: 0.5 for the median. Returns: nanoseconds: the middle of the bucket; 0 when empty. */
guint64 load_histogram_percentile (const LoadHistogram *self, double fraction);
