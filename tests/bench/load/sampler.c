/* A process's CPU clock can be read from outside, to the nanosecond: clock_getcpuclockid(3). */
#include "bench/load/sampler.h"

#include <stdio.h>
#include <string.h>
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

/* Returns: the number after @name in /proc/<pid>/<file>; 0 when it is not there. */
static gint64
read_kib (int pid, const char *file, const char *name)
{
    g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, file);
    FILE *stream = fopen (path, "re");
    char line[256];
    gint64 kib = 0;

    if (stream == NULL)
        return 0;
    while (kib == 0 && fgets (line, sizeof line, stream) != NULL)
        if (g_str_has_prefix (line, name))
            kib = g_ascii_strtoll (line + strlen (name), NULL, 10);
    (void)fclose (stream);
    return kib;
}

gint64
load_resident_kib (const int *pids, gsize n)
{
    gint64 sum = 0;

    for (gsize i = 0; i < n; i++)
        sum += read_kib (pids[i], "status", "VmRSS:");
    return sum;
}

LoadMemory
load_memory (const int *pids, gsize n)
{
    LoadMemory sum = { 0 };

    for (gsize i = 0; i < n; i++) {
        gint64 resident = read_kib (pids[i], "smaps_rollup", "Rss:");

        sum.resident_kib += resident != 0 ? resident : read_kib (pids[i], "status", "VmRSS:");
        sum.proportional_kib += read_kib (pids[i], "smaps_rollup", "Pss:");
    }
    return sum;
}
