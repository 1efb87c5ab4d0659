/* A mean that forgets: exponential, for values that come at uneven times. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* By value. After a time of @window 63 % of the mean is newer than that. */
typedef struct {
    double value; /* may be read */
    gint64 window;
    gint64 stamp;
    gboolean begun; /* a first value has been given: it counts whole */
} DunlinEma;

void dunlin_ema_init (DunlinEma *self, gint64 window);

/* Begins with @value, as if it had been so for ever until @now. */
void dunlin_ema_init_at (DunlinEma *self, gint64 window, double value, gint64 now);

/* Returns: the new mean. A time before the last one counts as the last one. */
double dunlin_ema_update (DunlinEma *self, double value, gint64 now);

/* Returns: the mean if everything since the last update had been 0. */
double dunlin_ema_faded (const DunlinEma *self, gint64 now);

G_END_DECLS
