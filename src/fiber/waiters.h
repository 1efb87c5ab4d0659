/* Those who wait for something that has a lock of its own: fibers of any loop, and threads. First
 * come, first served. Internal to fiber/: semaphores, mutexes, conditions and queues are made of
 * it. */
#pragma once

#include <pthread.h>

#include "fiber/fiber.h"

G_BEGIN_DECLS

typedef struct DunlinWaiter DunlinWaiter;

/* Zeroed at first; guarded by its owner's lock. */
typedef struct {
    DunlinWaiter *first; /* borrowed: on the waiting ones' stacks */
    DunlinWaiter *last;
} DunlinWaiters;

/**
 * dunlin_waiters_wait:
 * @lock: held; let go while waiting, and held again on return
 * @item: (inout): what the waiter holds for those who look at it; what was left there for it
 *
 * What was granted in the moment in which the deadline passed or the fiber was cancelled is taken:
 * nothing is lost on the way.
 *
 * Returns: whether it was granted; or FALSE with DUNLIN_ERROR_DEADLINE or _CANCELLED.
 */
gboolean dunlin_waiters_wait (DunlinWaiters *self, pthread_mutex_t *lock, gpointer *item,
                              gint64 deadline, GError **error);

gboolean dunlin_waiters_is_empty (const DunlinWaiters *self);

/* Returns: what the first one holds. There must be one. */
gpointer dunlin_waiters_peek (const DunlinWaiters *self);

/* Ends the wait of the first one, which then holds @item. There must be one. */
void dunlin_waiters_grant (DunlinWaiters *self, gpointer item);

G_END_DECLS
