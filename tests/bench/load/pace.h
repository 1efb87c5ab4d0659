/* When the calls of a rate are due, whether the ones before are answered or not. */
#pragma once

#include <glib.h>

/**
 * LoadPace:
 * @start: nanoseconds
 * @step_ns: from one call to the next; 0: there is no rate
 * @begun: calls so far
 */
typedef struct {
    gint64 start;
    double step_ns;
    guint64 begun;
} LoadPace;

/* Returns: when the next call is due. */
static inline gint64
load_pace_due (const LoadPace *self)
{
    return self->start + (gint64)((double)self->begun * self->step_ns);
}
