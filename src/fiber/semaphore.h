/* So many at once, and no more: fibers of any loop, and threads. */
#pragma once

#include "fiber/fiber.h"

G_BEGIN_DECLS

typedef struct DunlinSemaphore DunlinSemaphore;

/**
 * dunlin_semaphore_new:
 * @permits: how many there are at first
 *
 * Returns: (transfer full): for any thread and the fibers of all loops.
 */
DunlinSemaphore *dunlin_semaphore_new (guint permits);

/* Nobody may be waiting any more. */
void dunlin_semaphore_free (DunlinSemaphore *self);

/**
 * dunlin_semaphore_acquire:
 * @deadline: absolute, or %DUNLIN_NEVER
 *
 * Takes a permit; waits for one in the order of asking. A fiber parks, a thread blocks.
 *
 * Returns: %FALSE with DUNLIN_ERROR_DEADLINE or DUNLIN_ERROR_CANCELLED, and no permit.
 */
gboolean dunlin_semaphore_acquire (DunlinSemaphore *self, gint64 deadline, GError **error);

/* Without waiting. Returns: whether there was a permit to be had. */
gboolean dunlin_semaphore_try_acquire (DunlinSemaphore *self);

/* Gives a permit back, from anywhere; it need not be the one who took it. */
void dunlin_semaphore_release (DunlinSemaphore *self);

/* Permits that nobody has. */
guint dunlin_semaphore_available (DunlinSemaphore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinSemaphore, dunlin_semaphore_free)

G_END_DECLS
