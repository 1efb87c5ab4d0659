/* A counter and a line of those who found it at zero. A permit that comes back goes to the first
 * in the line, never to somebody who comes by at that moment. */
#include "fiber/semaphore.h"

#include "fiber/waiters.h"

struct DunlinSemaphore {
    pthread_mutex_t lock; /* guards all below; never held while waiting */
    guint permits;        /* 0 while anybody waits */
    DunlinWaiters waiters;
};

DunlinSemaphore *
dunlin_semaphore_new (guint permits)
{
    DunlinSemaphore *self = g_new0 (DunlinSemaphore, 1);

    pthread_mutex_init (&self->lock, NULL);
    self->permits = permits;
    return self;
}

void
dunlin_semaphore_free (DunlinSemaphore *self)
{
    if (self == NULL)
        return;
    g_return_if_fail (dunlin_waiters_is_empty (&self->waiters));
    pthread_mutex_destroy (&self->lock);
    g_free (self);
}

/* With the lock held. */
static gboolean
take (DunlinSemaphore *self)
{
    if (self->permits == 0)
        return FALSE;
    self->permits--;
    return TRUE;
}

gboolean
dunlin_semaphore_acquire (DunlinSemaphore *self, gint64 deadline, GError **error)
{
    gpointer nothing = NULL;
    gboolean acquired;

    g_return_val_if_fail (self != NULL, FALSE);
    pthread_mutex_lock (&self->lock);
    acquired =
        take (self) || dunlin_waiters_wait (&self->waiters, &self->lock, &nothing, deadline, error);
    pthread_mutex_unlock (&self->lock);
    return acquired;
}

gboolean
dunlin_semaphore_try_acquire (DunlinSemaphore *self)
{
    gboolean acquired;

    g_return_val_if_fail (self != NULL, FALSE);
    pthread_mutex_lock (&self->lock);
    acquired = take (self);
    pthread_mutex_unlock (&self->lock);
    return acquired;
}

void
dunlin_semaphore_release (DunlinSemaphore *self)
{
    g_return_if_fail (self != NULL);
    pthread_mutex_lock (&self->lock);
    if (dunlin_waiters_is_empty (&self->waiters))
        self->permits++;
    else
        dunlin_waiters_grant (&self->waiters, NULL);
    pthread_mutex_unlock (&self->lock);
}

guint
dunlin_semaphore_available (DunlinSemaphore *self)
{
    guint permits;

    g_return_val_if_fail (self != NULL, 0);
    pthread_mutex_lock (&self->lock);
    permits = self->permits;
    pthread_mutex_unlock (&self->lock);
    return permits;
}
