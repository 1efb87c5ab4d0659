/* A mutex whose line is first come, first served, and a condition that goes with it. */
#include "fiber/mutex.h"

#include "fiber/waiters.h"

struct DunlinMutex {
    pthread_mutex_t lock; /* guards all below; never held while waiting */
    gboolean held;
    gconstpointer owner; /* a fiber, or what only one thread has; borrowed */
    DunlinWaiters waiters;
};

struct DunlinCondition {
    pthread_mutex_t lock; /* guards all below */
    DunlinWaiters waiters;
};

/* Who asks: the fiber, or else something of the thread's own. */
static gconstpointer
myself (void)
{
    static _Thread_local char thread;
    const DunlinFiber *fiber = dunlin_fiber_self ();

    return fiber != NULL ? (gconstpointer)fiber : &thread;
}

DunlinMutex *
dunlin_mutex_new (void)
{
    DunlinMutex *self = g_new0 (DunlinMutex, 1);

    pthread_mutex_init (&self->lock, NULL);
    return self;
}

void
dunlin_mutex_free (DunlinMutex *self)
{
    if (self == NULL)
        return;
    g_return_if_fail (!self->held);
    pthread_mutex_destroy (&self->lock);
    g_free (self);
}

gboolean
dunlin_mutex_lock (DunlinMutex *self, gint64 deadline, GError **error)
{
    gconstpointer me = myself ();
    gpointer nothing = NULL;
    gboolean locked;

    g_return_val_if_fail (self != NULL, FALSE);
    pthread_mutex_lock (&self->lock);
    g_assert (!self->held || self->owner != me);
    locked =
        !self->held || dunlin_waiters_wait (&self->waiters, &self->lock, &nothing, deadline, error);
    if (locked) {
        self->held = TRUE;
        self->owner = me;
    }
    pthread_mutex_unlock (&self->lock);
    return locked;
}

void
dunlin_mutex_unlock (DunlinMutex *self)
{
    g_return_if_fail (self != NULL);
    pthread_mutex_lock (&self->lock);
    g_assert (self->held && self->owner == myself ());
    self->owner = NULL;
    if (dunlin_waiters_is_empty (&self->waiters))
        self->held = FALSE;
    else
        dunlin_waiters_grant (&self->waiters, NULL); /* it stays held: handed on */
    pthread_mutex_unlock (&self->lock);
}

DunlinCondition *
dunlin_condition_new (void)
{
    DunlinCondition *self = g_new0 (DunlinCondition, 1);

    pthread_mutex_init (&self->lock, NULL);
    return self;
}

void
dunlin_condition_free (DunlinCondition *self)
{
    if (self == NULL)
        return;
    g_return_if_fail (dunlin_waiters_is_empty (&self->waiters));
    pthread_mutex_destroy (&self->lock);
    g_free (self);
}

/* The caller relies on holding it: neither deadline nor cancellation counts. */
static void
lock_again (DunlinMutex *mutex)
{
    DunlinFiber *fiber = dunlin_fiber_self ();

    if (fiber != NULL)
        dunlin_fiber_shield (fiber);
    dunlin_mutex_lock (mutex, DUNLIN_NEVER, NULL);
    if (fiber != NULL)
        dunlin_fiber_unshield (fiber);
}

gboolean
dunlin_condition_wait (DunlinCondition *self, DunlinMutex *mutex, gint64 deadline, GError **error)
{
    gpointer nothing = NULL;
    gboolean signalled;

    g_return_val_if_fail (self != NULL && mutex != NULL, FALSE);
    /* Whoever signals has the mutex, and so comes after we are in the line. */
    pthread_mutex_lock (&self->lock);
    dunlin_mutex_unlock (mutex);
    signalled = dunlin_waiters_wait (&self->waiters, &self->lock, &nothing, deadline, error);
    pthread_mutex_unlock (&self->lock);
    lock_again (mutex);
    return signalled;
}

void
dunlin_condition_signal (DunlinCondition *self)
{
    g_return_if_fail (self != NULL);
    pthread_mutex_lock (&self->lock);
    if (!dunlin_waiters_is_empty (&self->waiters))
        dunlin_waiters_grant (&self->waiters, NULL);
    pthread_mutex_unlock (&self->lock);
}

void
dunlin_condition_broadcast (DunlinCondition *self)
{
    g_return_if_fail (self != NULL);
    pthread_mutex_lock (&self->lock);
    while (!dunlin_waiters_is_empty (&self->waiters))
        dunlin_waiters_grant (&self->waiters, NULL);
    pthread_mutex_unlock (&self->lock);
}
