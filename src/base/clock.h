/* Time: deadlines are absolute monotonic microseconds. Tests replace the clock. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A deadline that never comes. */
#define DUNLIN_NEVER G_MAXINT64

/**
 * dunlin_clock_now:
 *
 * Returns: monotonic microseconds, the base of every deadline. Thread-safe.
 */
gint64 dunlin_clock_now (void);

/**
 * dunlin_clock_wall_ns:
 *
 * Returns: nanoseconds since 1970, UTC, for what people and other hosts read; never for waiting.
 */
gint64 dunlin_clock_wall_ns (void);

/**
 * dunlin_deadline_in:
 * @microseconds: from now; %DUNLIN_NEVER (or anything that would overflow) means never
 *
 * Returns: an absolute deadline.
 */
gint64 dunlin_deadline_in (gint64 microseconds);

/**
 * dunlin_clock_set_fake:
 * @now: (nullable): where tests keep the time, or %NULL for the real clock again
 *
 * For unit tests of one thread only.
 */
void dunlin_clock_set_fake (const gint64 *now);

G_END_DECLS
