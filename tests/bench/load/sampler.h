/* What other processes have used, as the kernel counts it. */
#pragma once

#include <glib.h>

/**
 * load_cpu_ns:
 * @pids: (array length=n): processes
 *
 * Returns: user and system time of all of them so far, of threads that have ended too;
 * nanoseconds. One that is gone counts nothing.
 */
gint64 load_cpu_ns (const int *pids, gsize n);

/* Returns: of this process. */
gint64 load_own_cpu_ns (void);

/**
 * LoadMemory:
 * @resident_kib: pages that are there; those of libraries are other processes' as well
 * @proportional_kib: those of others shared out; 0 where the kernel does not tell
 */
typedef struct {
    gint64 resident_kib;
    gint64 proportional_kib;
} LoadMemory;

/* Returns: of all of them together, counted page by page, which stops them for a moment. */
LoadMemory load_memory (const int *pids, gsize n);

/* Returns: what is resident of all of them, by the kernel's counters, which costs them nothing. */
gint64 load_resident_kib (const int *pids, gsize n);

/* Returns: the monotonic clock, nanoseconds. */
gint64 load_now_ns (void);
