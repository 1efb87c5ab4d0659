/* Runs a blocking or CPU-heavy function on a bounded pool of threads while the fiber waits. */
#pragma once

#include "fiber/fiber.h"

G_BEGIN_DECLS

typedef void (*DunlinOffloadFunc) (gpointer data);

/**
 * dunlin_offload:
 * @func: runs on a thread of the pool; may block; must not touch fibers, streams or the call
 *
 * The fiber waits until @func has returned, even when it is cancelled or its deadline passes
 * meanwhile (since @func uses the caller's data). Off fibers @func is simply called.
 *
 * Returns: %FALSE and @func was not run: DUNLIN_ERROR_OVERLOADED when the queue is full,
 * DUNLIN_ERROR_CANCELLED or _DEADLINE when the fiber had already been given up.
 */
gboolean dunlin_offload (DunlinOffloadFunc func, gpointer data, GError **error);

/**
 * DunlinPriority:
 * @DUNLIN_PRIORITY_HIGH: goes before all others: short work that calls wait for
 * @DUNLIN_PRIORITY_NORMAL: what dunlin_offload() does
 * @DUNLIN_PRIORITY_LOW: after all others, and never on more than half of the threads (nor half of
 *   the queue), so that long work leaves room for short work
 */
typedef enum { DUNLIN_PRIORITY_HIGH, DUNLIN_PRIORITY_NORMAL, DUNLIN_PRIORITY_LOW } DunlinPriority;

/* Likewise; work that has begun is never interrupted. Now and then one of lower priority goes
 * first, so that it is done at last even when there is always something else. */
gboolean dunlin_offload_with_priority (DunlinPriority priority, DunlinOffloadFunc func,
                                       gpointer data, GError **error);

/* The pool's bounds; before the first use. Defaults 16 threads, 10,000 waiting jobs. */
void dunlin_offload_configure (int threads, int queue_limit);

/* Waits for all jobs and ends the threads. At the process's end. */
void dunlin_offload_shutdown (void);

/* What the pool does now, for status pages. From any thread. */
void dunlin_offload_describe (int *running, int *waiting);

G_END_DECLS
