/* Callgrind's client requests, and clock_gettime() in front of the C library's. */
#include "meter.h"

#include <dlfcn.h>
#include <time.h>

#ifdef HAVE_CALLGRIND
#include <valgrind/callgrind.h>
#endif

#define N_CLOCKS 16
/* A read moves the time by so much: reading may not look free of time. */
#define STEP_NS 1000

typedef int (*ClockGettime) (clockid_t id, struct timespec *to);

static gboolean counting;
static gboolean frozen;
static struct timespec begun[N_CLOCKS];
static guint64 passed_ns;
static guint64 clock_reads;
static guint64 system_calls;

gboolean
cost_meter_is_there (void)
{
#ifdef HAVE_CALLGRIND
    return RUNNING_ON_VALGRIND != 0;
#else
    return FALSE;
#endif
}

static ClockGettime
real_clock_gettime (void)
{
    static ClockGettime real;

    if (real == NULL)
        real = (ClockGettime)dlsym (RTLD_NEXT, "clock_gettime");
    return real;
}

/* Seen by every library of the process. */
int
clock_gettime (clockid_t id, struct timespec *to)
{
    guint64 ns;

    if (!frozen || id < 0 || id >= N_CLOCKS)
        return real_clock_gettime () (id, to);
    if (counting)
        clock_reads++;
    passed_ns += STEP_NS;
    ns = (guint64)begun[id].tv_nsec + passed_ns;
    to->tv_sec = begun[id].tv_sec + (time_t)(ns / 1000000000);
    to->tv_nsec = (long)(ns % 1000000000);
    return 0;
}

/* Time goes on from now, but only by being read. */
static void
freeze (void)
{
    for (clockid_t id = 0; id < N_CLOCKS; id++)
        real_clock_gettime () (id, &begun[id]);
    frozen = TRUE;
}

void
cost_meter_warm_up (void)
{
    freeze ();
#ifdef HAVE_CALLGRIND
    CALLGRIND_START_INSTRUMENTATION;
#endif
}

void
cost_meter_resume (void)
{
    counting = TRUE;
#ifdef HAVE_CALLGRIND
    CALLGRIND_TOGGLE_COLLECT;
#endif
}

void
cost_meter_pause (void)
{
    if (!counting)
        return;
#ifdef HAVE_CALLGRIND
    CALLGRIND_TOGGLE_COLLECT;
#endif
    counting = FALSE;
}

guint64
cost_meter_clock_reads (void)
{
    return clock_reads;
}

void
cost_meter_note_system_call (void)
{
    if (counting)
        system_calls++;
}

guint64
cost_meter_system_calls (void)
{
    return system_calls;
}
