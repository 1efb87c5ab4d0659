/* The monotonic clock, with a fake for unit tests. */
#include "base/clock.h"

#include <time.h>

static const gint64 *fake; /* borrowed: a test's variable */

gint64
dunlin_clock_now (void)
{
    return fake != NULL ? *fake : g_get_monotonic_time ();
}

gint64
dunlin_clock_wall_ns (void)
{
    struct timespec now;

    clock_gettime (CLOCK_REALTIME, &now);
    return (gint64)now.tv_sec * 1000000000 + now.tv_nsec;
}

gint64
dunlin_deadline_in (gint64 microseconds)
{
    gint64 now = dunlin_clock_now ();

    return microseconds > DUNLIN_NEVER - now ? DUNLIN_NEVER : now + microseconds;
}

void
dunlin_clock_set_fake (const gint64 *now)
{
    fake = now;
}
