/* Items from some to others, in order, with a bound on how many wait in between: fibers of any
 * loop, and threads. */
#pragma once

#include "fiber/fiber.h"

G_BEGIN_DECLS

typedef struct DunlinQueue DunlinQueue;

/**
 * dunlin_queue_new:
 * @capacity: how many items may wait; at least 1
 * @free_item: (nullable): for items that are still there when the queue is freed
 *
 * Returns: (transfer full): for any thread and the fibers of all loops.
 */
DunlinQueue *dunlin_queue_new (guint capacity, GDestroyNotify free_item);

/* Nobody may be waiting any more. */
void dunlin_queue_free (DunlinQueue *self);

/**
 * dunlin_queue_push:
 * @item: (transfer full): not %NULL; stays the caller's on failure
 * @deadline: absolute, or %DUNLIN_NEVER
 *
 * Waits while the queue is full: a fiber parks, a thread blocks.
 *
 * Returns: %FALSE with DUNLIN_ERROR_CLOSED, DUNLIN_ERROR_DEADLINE or DUNLIN_ERROR_CANCELLED.
 */
gboolean dunlin_queue_push (DunlinQueue *self, gpointer item, gint64 deadline, GError **error);

/* Without waiting; also where nobody can wait, as on a loop's own stack. Returns: whether @item was
 * taken: not when the queue is full or closed. */
gboolean dunlin_queue_try_push (DunlinQueue *self, gpointer item);

/**
 * dunlin_queue_pop:
 * @deadline: absolute, or %DUNLIN_NEVER
 *
 * Waits while the queue is empty: a fiber parks, a thread blocks.
 *
 * Returns: (transfer full) (nullable): the oldest item; or %NULL with DUNLIN_ERROR_CLOSED (and
 * empty), DUNLIN_ERROR_DEADLINE or DUNLIN_ERROR_CANCELLED.
 */
gpointer dunlin_queue_pop (DunlinQueue *self, gint64 deadline, GError **error);

/* Without waiting. Returns: (transfer full) (nullable): the oldest item, if there is one. */
gpointer dunlin_queue_try_pop (DunlinQueue *self);

/* No more items are taken; those that are there can still be had. Those who wait to push, and those
 * who would wait for ever, are told. */
void dunlin_queue_close (DunlinQueue *self);

/* Items that are there. */
guint dunlin_queue_length (DunlinQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinQueue, dunlin_queue_free)

G_END_DECLS
