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

/* Returns: what they have in memory, all together; KiB. */
gint64 load_memory_kib (const int *pids, gsize n);

/* Returns: the monotonic clock, nanoseconds. */
gint64 load_now_ns (void);
