/* Until when a call waits, and each of its tries. Pure. */
#pragma once

#include "base/clock.h"

G_BEGIN_DECLS

/**
 * dunlin_timeouts_end:
 * @deadline: absolute, of whoever waits: the call that this one is made for, or this call when it
 * is about one of its tries; %DUNLIN_NEVER: none
 * @timeout: microseconds from @now; 0: none
 *
 * Returns: what comes first. May have passed already.
 */
static inline gint64
dunlin_timeouts_end (gint64 deadline, gint64 timeout, gint64 now)
{
    if (timeout <= 0 || timeout > DUNLIN_NEVER - now)
        return deadline;
    return MIN (deadline, now + timeout);
}

/**
 * DunlinTimeouts:
 * @total: microseconds for a call with all of its tries; 0: no limit
 * @per_try: microseconds for each; 0: no limit
 */
typedef struct {
    gint64 total;
    gint64 per_try;
} DunlinTimeouts;

/* Returns: until when a call waits that begins now, for a caller that waits until @deadline. */
static inline gint64
dunlin_timeouts_call (const DunlinTimeouts *self, gint64 deadline, gint64 now)
{
    return dunlin_timeouts_end (deadline, self->total, now);
}

/* Returns: until when a try waits that begins now; @call_deadline: as dunlin_timeouts_call() said.
 */
static inline gint64
dunlin_timeouts_try (const DunlinTimeouts *self, gint64 call_deadline, gint64 now)
{
    return dunlin_timeouts_end (call_deadline, self->per_try, now);
}

G_END_DECLS
