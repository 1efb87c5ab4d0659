/* Buckets for latencies and sizes: exact up to 63, then 32 a power of two (3 % wide), to 2^40. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DUNLIN_HISTOGRAM_LINEAR   64 /* values below have a bucket each */
#define DUNLIN_HISTOGRAM_STEPS    32 /* buckets a power of two */
#define DUNLIN_HISTOGRAM_MAX_BITS 40 /* 2^40 microseconds are twelve days */
#define DUNLIN_HISTOGRAM_BUCKETS                                                                   \
    (DUNLIN_HISTOGRAM_LINEAR + (DUNLIN_HISTOGRAM_MAX_BITS - 6) * DUNLIN_HISTOGRAM_STEPS)

/* Returns: the bucket of @value; what is too large shares the last. */
static inline guint
dunlin_histogram_bucket (guint64 value)
{
    guint exponent;

    if (value < DUNLIN_HISTOGRAM_LINEAR)
        return (guint)value;
    exponent = 63U - (guint)__builtin_clzll (value);
    if (exponent >= DUNLIN_HISTOGRAM_MAX_BITS)
        return DUNLIN_HISTOGRAM_BUCKETS - 1;
    return DUNLIN_HISTOGRAM_LINEAR + (exponent - 6) * DUNLIN_HISTOGRAM_STEPS +
           ((guint)(value >> (exponent - 5)) - DUNLIN_HISTOGRAM_STEPS);
}

/* The values of a bucket: @low to below @low of the next one. */
guint64 dunlin_histogram_low (guint bucket);

/**
 * DunlinHistogramData:
 * @count: values recorded
 * @sum: of them
 * @maximum: since the process began
 * @buckets: how many fell into each
 *
 * All that was recorded since the process began. What a window brought is the difference of two.
 */
typedef struct {
    guint64 count;
    guint64 sum;
    guint64 maximum;
    guint64 buckets[DUNLIN_HISTOGRAM_BUCKETS];
} DunlinHistogramData;

/**
 * dunlin_histogram_percentile:
 * @fraction: 0 to 1: 0.5, 0.99, 0.999
 *
 * Returns: a value that is at most 3 % off; 0 when nothing was recorded.
 */
guint64 dunlin_histogram_percentile (const DunlinHistogramData *self, double fraction);

/* Leaves in @self what came since @older; its maximum becomes that of the highest bucket. */
void dunlin_histogram_subtract (DunlinHistogramData *self, const DunlinHistogramData *older);

G_END_DECLS
