/* A process's CPU clock can be read from outside, to the nanosecond: clock_getcpuclockid(3). */
#include "bench/load/sampler.h"

#include <stdio.h>
#include <time.h>

static gint64
read_clock (clockid_t clock)
{
    struct timespec time = { 0 };

    if (clock_gettime (clock, &time) != 0)
        return 0;
    return (gint64)time.tv_sec * 1000000000 + time.tv_nsec;
}

gint64
load_now_ns (void)
{
    return read_clock (CLOCK_MONOTONIC);
}

gint64
load_own_cpu_ns (void)
{
    return read_clock (CLOCK_PROCESS_CPUTIME_ID);
}

gint64
load_cpu_ns (const int *pids, gsize n)
{
    gint64 sum = 0;

    for (gsize i = 0; i < n; i++) {
        clockid_t clock;

        if (clock_getcpuclockid (pids[i], &clock) == 0)
            sum += read_clock (clock);
    }
    return sum;
}

static gint64
memory_of (int pid)
{
    g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
    FILE *file = fopen (path, "re");
    char line[256];
    long kib = 0;

    if (file == NULL)
        return 0;
    while (fgets (line, sizeof line, file) != NULL)
        if (g_str_has_prefix (line, "VmRSS:"))
            kib = (long)g_ascii_strtoll (line + 6, NULL, 10);
    (void)fclose (file);
    return kib;
}

gint64
load_memory_kib (const int *pids, gsize n)
{
    gint64 sum = 0;

    for (gsize i = 0; i < n; i++)
        sum += memory_of (pids[i]);
    return sum;
}
