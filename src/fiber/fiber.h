/* Fibers: plain blocking-looking code that holds no thread while it waits. A fiber belongs to the
 * loop it was spawned on and never moves. It is never killed: cancelling makes its waits fail. */
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "loop/loop.h"

G_BEGIN_DECLS

typedef struct DunlinFiber DunlinFiber;
typedef void (*DunlinFiberFunc) (gpointer data);

/**
 * dunlin_fiber_spawn:
 * @name: (not owned): static text for logs and debuggers
 * @func: the fiber's whole life
 *
 * Runs @func on a pooled stack of the current loop, at once: returns when @func has finished or
 * waits for the first time. The fiber frees itself when @func returns.
 *
 * Returns: (transfer none) (nullable): the fiber if it still lives, else %NULL; also %NULL with
 * @error set when no stack could be had (DUNLIN_ERROR_OVERLOADED).
 */
DunlinFiber *dunlin_fiber_spawn (const char *name, DunlinFiberFunc func, gpointer data,
                                 GError **error);

/* Returns: (nullable): the running fiber; %NULL on a loop's own stack and on other threads. */
DunlinFiber *dunlin_fiber_self (void);

/**
 * dunlin_fiber_park:
 * @deadline: absolute, or %DUNLIN_NEVER
 *
 * Waits until dunlin_fiber_wake(). A wake that came before the park is not lost: the park returns
 * at once. Also bounded by the fiber's own deadline (dunlin_fiber_set_deadline()).
 *
 * Returns: %FALSE with DUNLIN_ERROR_DEADLINE or DUNLIN_ERROR_CANCELLED.
 */
gboolean dunlin_fiber_park (gint64 deadline, GError **error);

/* Makes a parked fiber of the current loop runnable: it runs before the loop waits again. */
void dunlin_fiber_wake (DunlinFiber *self);

/* Makes the present and every later wait of @self fail with DUNLIN_ERROR_CANCELLED. On its loop. */
void dunlin_fiber_cancel (DunlinFiber *self);
gboolean dunlin_fiber_is_cancelled (DunlinFiber *self);

/* Every wait of @self ends at @deadline at the latest. */
void dunlin_fiber_set_deadline (DunlinFiber *self, gint64 deadline);
gint64 dunlin_fiber_get_deadline (DunlinFiber *self); /* DUNLIN_NEVER: it has none */

/* Shields clean-up code that must wait from cancellation and deadline; nests. */
void dunlin_fiber_shield (DunlinFiber *self);
void dunlin_fiber_unshield (DunlinFiber *self);

/**
 * dunlin_sleep:
 * @microseconds: how long
 *
 * Waits without holding the thread; off fibers it blocks the thread.
 *
 * Returns: %FALSE with an error when cancelled or past the deadline.
 */
gboolean dunlin_sleep (gint64 microseconds, GError **error);

/* Gives other fibers and events of the loop a turn. */
gboolean dunlin_fiber_yield (GError **error);

/**
 * dunlin_fiber_set_local:
 * @data: (not owned): what runs on this fiber; rpc keeps the call here
 */
void dunlin_fiber_set_local (DunlinFiber *self, gpointer data);
gpointer dunlin_fiber_get_local (DunlinFiber *self);

/* @before_park runs on the fiber each time just before it gives up the processor; %NULL: none.
 * rpc uses it to save what is borrowed from a buffer that the next read will overwrite. */
void dunlin_fiber_set_before_park (DunlinFiber *self, DunlinFiberFunc before_park, gpointer data);

/* The running fiber ends in a moment, and has just had the clock read: its end needs no look of its
 * own. */
void dunlin_fiber_ends_now (DunlinFiber *self);

/* What the fiber does now, for logs and debuggers; static text. */
void dunlin_fiber_set_name (DunlinFiber *self, const char *name);
const char *dunlin_fiber_get_name (DunlinFiber *self);

/* @stalled runs after any turn of a fiber that kept its loop busy for longer than @threshold
 * microseconds (time in fibers that it spawned not counted). Before the loops run. */
typedef void (*DunlinStallFunc) (const char *name, gint64 microseconds);
void dunlin_fiber_set_stall_hook (gint64 threshold, DunlinStallFunc stalled);

/* How large a stack every fiber gets, bytes; before the first fiber. Default 256 KiB. */
void dunlin_fiber_set_stack_size (gsize bytes);

/* Fibers alive on the current loop. */
guint dunlin_fiber_count (void);

G_END_DECLS
