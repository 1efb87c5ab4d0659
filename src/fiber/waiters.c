/* Waiting in line. A fiber of the present loop is woken directly, one of another loop by a post to
 * it, a thread by a condition variable. Plain POSIX, which ThreadSanitizer can follow. */
#include "fiber/waiters.h"

#include <time.h>

/* On the stack of who waits, until it returns: who grants may have posted to it. */
struct DunlinWaiter {
    DunlinWaiter *previous;
    DunlinWaiter *next;
    DunlinLoop *loop;    /* borrowed, nullable: a thread waits */
    DunlinFiber *fiber;  /* borrowed, nullable: likewise */
    pthread_cond_t cond; /* a thread's */
    gpointer item;
    gboolean granted; /* guarded by the owner's lock */
    gboolean arrived; /* the news of it; only on the fiber's loop */
};

static void
append (DunlinWaiters *self, DunlinWaiter *waiter)
{
    waiter->previous = self->last;
    if (self->last != NULL)
        self->last->next = waiter;
    else
        self->first = waiter;
    self->last = waiter;
}

static void
take_out (DunlinWaiters *self, DunlinWaiter *waiter)
{
    if (waiter->previous != NULL)
        waiter->previous->next = waiter->next;
    else
        self->first = waiter->next;
    if (waiter->next != NULL)
        waiter->next->previous = waiter->previous;
    else
        self->last = waiter->previous;
}

/* With the lock held, or nobody else there. */
static void
wait_for_news (DunlinWaiter *waiter)
{
    dunlin_fiber_shield (waiter->fiber);
    while (!waiter->arrived)
        dunlin_fiber_park (DUNLIN_NEVER, NULL);
    dunlin_fiber_unshield (waiter->fiber);
}

static gboolean
wait_as_fiber (DunlinWaiters *self, pthread_mutex_t *lock, DunlinWaiter *waiter, gint64 deadline,
               GError **error)
{
    g_autoptr (GError) reason = NULL;
    gboolean granted;

    pthread_mutex_unlock (lock);
    /* Others may wake the fiber, too. */
    while (!waiter->arrived && dunlin_fiber_park (deadline, &reason))
        ;
    pthread_mutex_lock (lock);
    granted = waiter->granted;
    if (granted && !waiter->arrived) { /* the news is on its way to our stack */
        pthread_mutex_unlock (lock);
        wait_for_news (waiter);
        pthread_mutex_lock (lock);
    }
    if (granted)
        return TRUE;
    take_out (self, waiter);
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

static void
init_cond (pthread_cond_t *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init (&attributes);
    pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
    pthread_cond_init (cond, &attributes);
    pthread_condattr_destroy (&attributes);
}

static int
wait_on_cond (pthread_cond_t *cond, pthread_mutex_t *lock, gint64 deadline)
{
    struct timespec until = { .tv_sec = (time_t)(deadline / G_USEC_PER_SEC),
                              .tv_nsec = (long)(deadline % G_USEC_PER_SEC) * 1000 };

    return deadline == DUNLIN_NEVER ? pthread_cond_wait (cond, lock)
                                    : pthread_cond_timedwait (cond, lock, &until);
}

static gboolean
wait_as_thread (DunlinWaiters *self, pthread_mutex_t *lock, DunlinWaiter *waiter, gint64 deadline,
                GError **error)
{
    int rc = 0;

    init_cond (&waiter->cond);
    while (!waiter->granted && rc == 0)
        rc = wait_on_cond (&waiter->cond, lock, deadline);
    pthread_cond_destroy (&waiter->cond);
    if (waiter->granted)
        return TRUE;
    take_out (self, waiter);
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE,
                         "the deadline passed while waiting");
    return FALSE;
}

gboolean
dunlin_waiters_wait (DunlinWaiters *self, pthread_mutex_t *lock, gpointer *item, gint64 deadline,
                     GError **error)
{
    DunlinWaiter waiter = { .loop = dunlin_loop_current (),
                            .fiber = dunlin_fiber_self (),
                            .item = *item };
    gboolean granted;

    /* A loop's own stack cannot wait: it is what would have to bring the news. */
    g_assert (waiter.loop == NULL || waiter.fiber != NULL);
    append (self, &waiter);
    granted = waiter.fiber != NULL ? wait_as_fiber (self, lock, &waiter, deadline, error)
                                   : wait_as_thread (self, lock, &waiter, deadline, error);
    *item = waiter.item;
    return granted;
}

gboolean
dunlin_waiters_is_empty (const DunlinWaiters *self)
{
    return self->first == NULL;
}

gpointer
dunlin_waiters_peek (const DunlinWaiters *self)
{
    return self->first->item;
}

static void
on_granted (gpointer data)
{
    DunlinWaiter *waiter = data;

    waiter->arrived = TRUE;
    dunlin_fiber_wake (waiter->fiber);
}

void
dunlin_waiters_grant (DunlinWaiters *self, gpointer item)
{
    DunlinWaiter *waiter = self->first;

    take_out (self, waiter);
    waiter->item = item;
    waiter->granted = TRUE;
    if (waiter->fiber == NULL)
        pthread_cond_signal (&waiter->cond);
    else if (waiter->loop == dunlin_loop_current ())
        on_granted (waiter);
    else
        dunlin_loop_post (waiter->loop, on_granted, waiter);
}
