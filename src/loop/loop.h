/* One event base on one thread: sockets, timers, work posted from other threads, and the work that
 * is put off to the end of a wake-up so that everything it brought is answered with one write. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

struct event_base;

typedef struct DunlinLoop DunlinLoop;
typedef struct DunlinTimer DunlinTimer;
typedef void (*DunlinLoopFunc) (gpointer data);

/**
 * DunlinDeferred:
 *
 * Something to do once at the end of the present wake-up. Embedded in its owner, zeroed at first;
 * queueing it twice does it once. @early work (running fibers) goes before the rest (sending what
 * they wrote), also when it is queued later.
 */
typedef struct DunlinDeferred {
    struct DunlinDeferred *next;     /* private */
    struct DunlinDeferred *previous; /* private */
    DunlinLoopFunc func;
    gpointer data;
    gboolean early;
    gboolean queued; /* private */
} DunlinDeferred;

/**
 * dunlin_loop_new:
 * @name: of its thread, at most 15 characters, such as "data-1"
 *
 * Returns: (transfer full) (nullable): a loop that nobody runs yet.
 */
DunlinLoop *dunlin_loop_new (const char *name, GError **error);

/* Frees a loop that has stopped. Work still posted to it is run first, here. */
void dunlin_loop_free (DunlinLoop *self);

/* Runs on the calling thread until dunlin_loop_stop(). */
void dunlin_loop_run (DunlinLoop *self);

/* Runs the loop on a thread of its own; dunlin_loop_join() waits for that thread's end. */
void dunlin_loop_start (DunlinLoop *self);
void dunlin_loop_join (DunlinLoop *self);

/* Ends dunlin_loop_run() after the present wake-up. From any thread. */
void dunlin_loop_stop (DunlinLoop *self);

/**
 * dunlin_loop_post:
 * @func: called once on the loop's thread, in the order of posting
 *
 * The only way between threads. From any thread, also before the loop runs.
 */
void dunlin_loop_post (DunlinLoop *self, DunlinLoopFunc func, gpointer data);

/* Returns: (nullable): the loop of the calling thread while it runs one. */
DunlinLoop *dunlin_loop_current (void);

const char *dunlin_loop_name (DunlinLoop *self);

/* For those few that hang their own events on it (net/tcp, http). On the loop's thread only. */
struct event_base *dunlin_loop_event_base (DunlinLoop *self);

/* Monotonic microseconds, read once a wake-up and after each fiber's turn: cheap, slightly old. */
gint64 dunlin_loop_now (DunlinLoop *self);

/* Reads the clock anew for dunlin_loop_now(), and returns it. */
gint64 dunlin_loop_refresh_now (DunlinLoop *self);

/* Queues @deferred for the end of the wake-up; what is queued while that runs, runs too. */
void dunlin_loop_defer (DunlinLoop *self, DunlinDeferred *deferred);
void dunlin_loop_undefer (DunlinLoop *self, DunlinDeferred *deferred);

/* To be called between two of a wake-up's events: runs the late work when there is much of it. */
void dunlin_loop_settle (DunlinLoop *self);

/**
 * dunlin_timer_new:
 *
 * Returns: (transfer full): a timer of @loop, not armed. On the loop's thread only, like all of
 * the timer's functions, or before the loop runs.
 */
DunlinTimer *dunlin_timer_new (DunlinLoop *loop, DunlinLoopFunc func, gpointer data);
/* Fires once at @deadline (dunlin_clock_now() time); arming again moves it. */
void dunlin_timer_arm (DunlinTimer *self, gint64 deadline);
void dunlin_timer_disarm (DunlinTimer *self);
void dunlin_timer_free (DunlinTimer *self);

/**
 * dunlin_loop_watch_signal:
 * @func: called on @self's thread at each @signal_number
 *
 * For one loop of the process only (libevent's rule): the control loop, before it runs. Watches
 * end with the loop.
 */
void dunlin_loop_watch_signal (DunlinLoop *self, int signal_number, DunlinLoopFunc func,
                               gpointer data);

/**
 * dunlin_loop_alloc_slot:
 *
 * Slots are where layers above keep what they have once a loop (protocol objects, buffers,
 * pools). A slot's number is had once a process, before any loop runs.
 */
guint dunlin_loop_alloc_slot (GDestroyNotify destroy);
gpointer dunlin_loop_get_slot (DunlinLoop *self, guint slot);
void dunlin_loop_set_slot (DunlinLoop *self, guint slot, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinLoop, dunlin_loop_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinTimer, dunlin_timer_free)

G_END_DECLS
