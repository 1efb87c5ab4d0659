/* The loop: libevent's base, an eventfd for work from other threads, and the deferred work that
 * ends each wake-up. */
#include "loop/loop.h"

#include "base/clock.h"
#include "base/error.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MAX_SLOTS 32
/* Rounds of deferred work before the sockets get a turn again: fibers that wake each other for
 * ever must not shut out the network. */
#define MAX_ROUNDS 64

/* Late work that waits no longer. What some ten connections need stays in the processor's cache
 * until their replies are sealed; what a thousand need does not. Fewer would wake the callers'
 * machine for each reply. */
#define MANY_LATE 32

typedef struct {
    DunlinLoopFunc func;
    gpointer data;
} Posted;

typedef struct {
    DunlinDeferred head; /* of a ring; only its links are used */
} DeferredQueue;

struct DunlinLoop {
    struct event_base *base; /* owned */
    struct event *wakeup;    /* owned: readable when another thread posted */
    int wakeup_fd;           /* owned */
    char name[16];
    GThread *thread;   /* owned: when started */
    gboolean stopping; /* only on the loop's thread */

    pthread_mutex_t lock; /* guards posted; not GMutex, which ThreadSanitizer cannot see */
    GArray *posted;       /* owned: of Posted */
    GArray *running;      /* owned: of Posted: taken from posted, being run */

    DeferredQueue early;
    DeferredQueue late;
    guint n_late;
    gint64 now; /* 0: to be read */
    gpointer slots[MAX_SLOTS];
    GPtrArray *signals; /* owned: of SignalWatch */
};

typedef struct {
    struct event *event; /* owned */
    DunlinLoopFunc func;
    gpointer data;
} SignalWatch;

struct DunlinTimer {
    DunlinLoop *loop;    /* borrowed: outlives its timers */
    struct event *event; /* owned */
    gint64 deadline;
    DunlinLoopFunc func;
    gpointer data;
};

static _Thread_local DunlinLoop *current;
static GDestroyNotify slot_destroy[MAX_SLOTS];
static guint n_slots;

static void
queue_init (DeferredQueue *queue)
{
    queue->head.next = queue->head.previous = &queue->head;
}

static DunlinDeferred *
queue_pop (DeferredQueue *queue)
{
    DunlinDeferred *first = queue->head.next;

    if (first == &queue->head)
        return NULL;
    first->next->previous = first->previous;
    first->previous->next = first->next;
    first->queued = FALSE;
    return first;
}

static gboolean
queue_is_empty (const DeferredQueue *queue)
{
    return queue->head.next == &queue->head;
}

static void
run_posted (DunlinLoop *self)
{
    GArray *batch;

    pthread_mutex_lock (&self->lock);
    batch = self->posted;
    self->posted = self->running;
    self->running = batch;
    pthread_mutex_unlock (&self->lock);
    for (guint i = 0; i < batch->len; i++) {
        Posted *posted = &g_array_index (batch, Posted, i);

        posted->func (posted->data);
    }
    g_array_set_size (batch, 0);
}

static void
on_wakeup (evutil_socket_t fd, short what, void *data)
{
    guint64 count;

    while (read (fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
    run_posted (data);
}

static struct event_base *
new_base (void)
{
    struct event_config *config = event_config_new ();
    struct event_base *base;

    /* A base belongs to one thread: no locks. */
    event_config_set_flag (config, EVENT_BASE_FLAG_NOLOCK);
    event_config_require_features (config, EV_FEATURE_O1);
    base = event_base_new_with_config (config);
    event_config_free (config);
    return base;
}

DunlinLoop *
dunlin_loop_new (const char *name, GError **error)
{
    struct event_base *base = new_base ();
    int fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    DunlinLoop *self;

    if (base == NULL || fd < 0) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                     "cannot make event loop '%s': %s (is the limit on open files too low?)", name,
                     g_strerror (errno));
        if (base != NULL)
            event_base_free (base);
        if (fd >= 0)
            close (fd);
        return NULL;
    }
    self = g_new0 (DunlinLoop, 1);
    self->base = base;
    self->wakeup_fd = fd;
    g_strlcpy (self->name, name, sizeof self->name);
    pthread_mutex_init (&self->lock, NULL);
    self->posted = g_array_new (FALSE, FALSE, sizeof (Posted));
    self->running = g_array_new (FALSE, FALSE, sizeof (Posted));
    queue_init (&self->early);
    queue_init (&self->late);
    self->wakeup = event_new (base, fd, EV_READ | EV_PERSIST, on_wakeup, self);
    event_add (self->wakeup, NULL);
    return self;
}

/* Late work is always finished: it does not breed. */
static void
run_late (DunlinLoop *self)
{
    DunlinDeferred *deferred;

    while ((deferred = queue_pop (&self->late)) != NULL)
        deferred->func (deferred->data);
    self->n_late = 0;
}

/* Runs what is deferred; TRUE when something is left for the next turn. */
static gboolean
run_deferred (DunlinLoop *self)
{
    for (int round = 0; round < MAX_ROUNDS; round++) {
        DunlinDeferred *deferred;

        while ((deferred = queue_pop (&self->early)) != NULL && round < MAX_ROUNDS) {
            deferred->func (deferred->data);
            round++;
        }
        if (deferred != NULL)
            dunlin_loop_defer (self, deferred);
        run_late (self);
        if (queue_is_empty (&self->early))
            return FALSE;
    }
    return TRUE;
}

void
dunlin_loop_run (DunlinLoop *self)
{
    DunlinLoop *outer = current;
    gboolean more = FALSE;

    g_return_if_fail (self != NULL);
    current = self;
    self->stopping = FALSE;
    more = run_deferred (self);
    while (!self->stopping) {
        self->now = 0;
        event_base_loop (self->base, more ? EVLOOP_NONBLOCK : EVLOOP_ONCE);
        more = run_deferred (self);
    }
    current = outer;
}

static gpointer
thread_main (gpointer data)
{
    DunlinLoop *self = data;

    pthread_setname_np (pthread_self (), self->name);
    dunlin_loop_run (self);
    return NULL;
}

void
dunlin_loop_start (DunlinLoop *self)
{
    g_return_if_fail (self->thread == NULL);
    self->thread = g_thread_new (self->name, thread_main, self);
}

void
dunlin_loop_join (DunlinLoop *self)
{
    if (self->thread != NULL)
        g_thread_join (g_steal_pointer (&self->thread));
}

static void
free_watch (gpointer data)
{
    SignalWatch *watch = data;

    event_free (watch->event);
    g_free (watch);
}

static void
on_signal (evutil_socket_t number, short what, void *data)
{
    SignalWatch *watch = data;

    watch->func (watch->data);
}

void
dunlin_loop_watch_signal (DunlinLoop *self, int signal_number, DunlinLoopFunc func, gpointer data)
{
    SignalWatch *watch = g_new0 (SignalWatch, 1);

    watch->func = func;
    watch->data = data;
    watch->event = evsignal_new (self->base, signal_number, on_signal, watch);
    event_add (watch->event, NULL);
    if (self->signals == NULL)
        self->signals = g_ptr_array_new_with_free_func (free_watch);
    g_ptr_array_add (self->signals, watch);
}

static void
set_stopping (gpointer data)
{
    ((DunlinLoop *)data)->stopping = TRUE;
}

void
dunlin_loop_stop (DunlinLoop *self)
{
    dunlin_loop_post (self, set_stopping, self);
}

void
dunlin_loop_free (DunlinLoop *self)
{
    DunlinLoop *outer = current;

    if (self == NULL)
        return;
    g_return_if_fail (self->thread == NULL);
    current = self;
    while (self->posted->len > 0)
        run_posted (self);
    run_deferred (self);
    for (guint i = 0; i < n_slots; i++) {
        if (self->slots[i] != NULL && slot_destroy[i] != NULL)
            slot_destroy[i](g_steal_pointer (&self->slots[i]));
    }
    current = outer == self ? NULL : outer;
    g_clear_pointer (&self->signals, g_ptr_array_unref);
    event_free (self->wakeup);
    event_base_free (self->base);
    close (self->wakeup_fd);
    g_array_unref (self->posted);
    g_array_unref (self->running);
    pthread_mutex_destroy (&self->lock);
    g_free (self);
}

void
dunlin_loop_post (DunlinLoop *self, DunlinLoopFunc func, gpointer data)
{
    const guint64 one = 1;
    Posted posted = { .func = func, .data = data };
    gboolean first;

    pthread_mutex_lock (&self->lock);
    first = self->posted->len == 0;
    g_array_append_val (self->posted, posted);
    pthread_mutex_unlock (&self->lock);
    if (first && write (self->wakeup_fd, &one, sizeof one) < 0)
        g_assert (errno == EAGAIN); /* the counter is full: readable anyway */
}

DunlinLoop *
dunlin_loop_current (void)
{
    return current;
}

const char *
dunlin_loop_name (DunlinLoop *self)
{
    return self->name;
}

struct event_base *
dunlin_loop_event_base (DunlinLoop *self)
{
    return self->base;
}

gint64
dunlin_loop_refresh_now (DunlinLoop *self)
{
    self->now = dunlin_clock_now ();
    return self->now;
}

gint64
dunlin_loop_now (DunlinLoop *self)
{
    return self->now != 0 ? self->now : dunlin_loop_refresh_now (self);
}

void
dunlin_loop_defer (DunlinLoop *self, DunlinDeferred *deferred)
{
    DeferredQueue *queue = deferred->early ? &self->early : &self->late;

    if (deferred->queued)
        return;
    deferred->queued = TRUE;
    deferred->next = &queue->head;
    deferred->previous = queue->head.previous;
    queue->head.previous->next = deferred;
    queue->head.previous = deferred;
    self->n_late += !deferred->early;
}

void
dunlin_loop_undefer (DunlinLoop *self, DunlinDeferred *deferred)
{
    if (!deferred->queued)
        return;
    deferred->next->previous = deferred->previous;
    deferred->previous->next = deferred->next;
    deferred->queued = FALSE;
    self->n_late -= !deferred->early;
}

void
dunlin_loop_settle (DunlinLoop *self)
{
    if (self->n_late >= MANY_LATE)
        run_late (self);
}

guint
dunlin_loop_alloc_slot (GDestroyNotify destroy)
{
    g_assert (n_slots < MAX_SLOTS);
    slot_destroy[n_slots] = destroy;
    return n_slots++;
}

gpointer
dunlin_loop_get_slot (DunlinLoop *self, guint slot)
{
    return self->slots[slot];
}

void
dunlin_loop_set_slot (DunlinLoop *self, guint slot, gpointer data)
{
    self->slots[slot] = data;
}

/* libevent's clock is a coarse one and may be some milliseconds early: ours decides. */
static void
on_timer (evutil_socket_t fd, short what, void *data)
{
    DunlinTimer *self = data;

    if (dunlin_clock_now () < self->deadline) {
        dunlin_timer_arm (self, self->deadline);
        return;
    }
    self->func (self->data);
}

DunlinTimer *
dunlin_timer_new (DunlinLoop *loop, DunlinLoopFunc func, gpointer data)
{
    DunlinTimer *self = g_new0 (DunlinTimer, 1);

    self->loop = loop;
    self->func = func;
    self->data = data;
    self->event = evtimer_new (loop->base, on_timer, self);
    return self;
}

void
dunlin_timer_arm (DunlinTimer *self, gint64 deadline)
{
    gint64 wait = deadline - dunlin_clock_now ();
    struct timeval interval;

    self->deadline = deadline;
    if (deadline == DUNLIN_NEVER) {
        evtimer_del (self->event);
        return;
    }
    wait = MAX (wait, 0);
    interval = (struct timeval){ .tv_sec = (time_t)(wait / G_USEC_PER_SEC),
                                 .tv_usec = (suseconds_t)(wait % G_USEC_PER_SEC) };
    evtimer_add (self->event, &interval);
}

void
dunlin_timer_disarm (DunlinTimer *self)
{
    evtimer_del (self->event);
}

void
dunlin_timer_free (DunlinTimer *self)
{
    if (self == NULL)
        return;
    event_free (self->event);
    g_free (self);
}
