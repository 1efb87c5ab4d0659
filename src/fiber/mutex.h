/* One at a time, and until something is so: for code that waits while it holds the lock, which a
 * thread's mutex does not allow. Fibers of any loop, and threads. */
#pragma once

#include "fiber/fiber.h"

G_BEGIN_DECLS

typedef struct DunlinMutex DunlinMutex;
typedef struct DunlinCondition DunlinCondition;

/* Returns: (transfer full): for any thread and the fibers of all loops. */
DunlinMutex *dunlin_mutex_new (void);

/* Nobody may hold it or wait for it. */
void dunlin_mutex_free (DunlinMutex *self);

/**
 * dunlin_mutex_lock:
 * @deadline: absolute, or %DUNLIN_NEVER
 *
 * In the order of asking; a fiber parks, a thread blocks. Not to be taken twice by the same.
 *
 * Returns: %FALSE with DUNLIN_ERROR_DEADLINE or DUNLIN_ERROR_CANCELLED: it is not held.
 */
gboolean dunlin_mutex_lock (DunlinMutex *self, gint64 deadline, GError **error);

/* By whom it is held. */
void dunlin_mutex_unlock (DunlinMutex *self);

DunlinCondition *dunlin_condition_new (void);
/* Nobody may be waiting any more. */
void dunlin_condition_free (DunlinCondition *self);

/**
 * dunlin_condition_wait:
 * @mutex: held; let go while waiting, and held again on return, whatever that is
 *
 * Waits for a signal. What is waited for is to be looked at again after each: somebody else may
 * have been quicker.
 *
 * Returns: %FALSE with DUNLIN_ERROR_DEADLINE or DUNLIN_ERROR_CANCELLED.
 */
gboolean dunlin_condition_wait (DunlinCondition *self, DunlinMutex *mutex, gint64 deadline,
                                GError **error);

/* Ends the wait of the one that waits longest, or of all, while the mutex is held. */
void dunlin_condition_signal (DunlinCondition *self);
void dunlin_condition_broadcast (DunlinCondition *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinMutex, dunlin_mutex_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinCondition, dunlin_condition_free)

G_END_DECLS
