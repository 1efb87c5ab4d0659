/* How long calls took in the last half minute, for percentiles. Pure: time is an argument. */
#pragma once

#include "base/histogram.h"

G_BEGIN_DECLS

#define DUNLIN_LATENCY_SLICES 3

/* By value, 14 KiB; all of it is private. */
typedef struct {
    gint64 slice;   /* microseconds */
    gint64 current; /* number of the slice that is written to, since time 0 */
    guint32 counts[DUNLIN_LATENCY_SLICES];
    guint32 buckets[DUNLIN_LATENCY_SLICES][DUNLIN_HISTOGRAM_BUCKETS];
} DunlinLatencyWindow;

/* @slice: microseconds: three of them are the window; Finagle's is 10 s */
void dunlin_latency_window_init (DunlinLatencyWindow *self, gint64 slice, gint64 now);
void dunlin_latency_window_record (DunlinLatencyWindow *self, gint64 took, gint64 now);

/* Returns: how many were recorded in the window. */
guint64 dunlin_latency_window_count (DunlinLatencyWindow *self, gint64 now);

/* Returns: microseconds, at most 3 % off; 0 when nothing was recorded. @fraction: 0 to 1 */
gint64 dunlin_latency_window_percentile (DunlinLatencyWindow *self, double fraction, gint64 now);

G_END_DECLS
