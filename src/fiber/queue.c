/* A ring of items between two lines: those who wait for one, and those who wait with one. At most
 * one of the lines is not empty. Items go from hand to hand, so nobody who waits is passed over. */
#include "fiber/queue.h"

#include "fiber/waiters.h"

struct DunlinQueue {
    pthread_mutex_t lock; /* guards all below; never held while waiting */
    gpointer *ring;       /* owned: of capacity places */
    guint capacity;
    guint first;
    guint length;
    gboolean closed;
    GDestroyNotify free_item;
    DunlinWaiters poppers; /* each is granted its item, or NULL: closed */
    DunlinWaiters pushers; /* each holds its item; granted NULL when it was taken */
};

DunlinQueue *
dunlin_queue_new (guint capacity, GDestroyNotify free_item)
{
    DunlinQueue *self;

    g_return_val_if_fail (capacity > 0, NULL);
    self = g_new0 (DunlinQueue, 1);
    pthread_mutex_init (&self->lock, NULL);
    self->ring = g_new0 (gpointer, capacity);
    self->capacity = capacity;
    self->free_item = free_item;
    return self;
}

static void
put (DunlinQueue *self, gpointer item)
{
    self->ring[(self->first + self->length++) % self->capacity] = item;
}

static gpointer
take (DunlinQueue *self)
{
    gpointer item = self->ring[self->first];

    self->first = (self->first + 1) % self->capacity;
    self->length--;
    return item;
}

void
dunlin_queue_free (DunlinQueue *self)
{
    if (self == NULL)
        return;
    g_return_if_fail (dunlin_waiters_is_empty (&self->poppers) &&
                      dunlin_waiters_is_empty (&self->pushers));
    while (self->length > 0) {
        gpointer item = take (self);

        if (self->free_item != NULL)
            self->free_item (item);
    }
    pthread_mutex_destroy (&self->lock);
    g_free (self->ring);
    g_free (self);
}

static gboolean
fail_closed (GError **error)
{
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED, "the queue is closed");
    return FALSE;
}

/* With the lock held, like all static functions here. FALSE: it is closed or full. */
static gboolean
push_now (DunlinQueue *self, gpointer item)
{
    if (self->closed)
        return FALSE;
    if (!dunlin_waiters_is_empty (&self->poppers)) {
        dunlin_waiters_grant (&self->poppers, item);
        return TRUE;
    }
    if (self->length == self->capacity)
        return FALSE;
    put (self, item);
    return TRUE;
}

static gboolean
push_later (DunlinQueue *self, gpointer item, gint64 deadline, GError **error)
{
    if (self->closed)
        return fail_closed (error);
    if (!dunlin_waiters_wait (&self->pushers, &self->lock, &item, deadline, error))
        return FALSE;
    return item == NULL || fail_closed (error);
}

gboolean
dunlin_queue_push (DunlinQueue *self, gpointer item, gint64 deadline, GError **error)
{
    gboolean pushed;

    g_return_val_if_fail (self != NULL && item != NULL, FALSE);
    pthread_mutex_lock (&self->lock);
    pushed = push_now (self, item) || push_later (self, item, deadline, error);
    pthread_mutex_unlock (&self->lock);
    return pushed;
}

gboolean
dunlin_queue_try_push (DunlinQueue *self, gpointer item)
{
    gboolean pushed;

    g_return_val_if_fail (self != NULL && item != NULL, FALSE);
    pthread_mutex_lock (&self->lock);
    pushed = push_now (self, item);
    pthread_mutex_unlock (&self->lock);
    return pushed;
}

/* Takes the oldest, and then lets in the item of whoever waits longest to push. */
static gpointer
pop_now (DunlinQueue *self)
{
    gpointer item;

    if (self->length == 0)
        return NULL;
    item = take (self);
    if (!dunlin_waiters_is_empty (&self->pushers)) {
        put (self, dunlin_waiters_peek (&self->pushers));
        dunlin_waiters_grant (&self->pushers, NULL);
    }
    return item;
}

static gpointer
pop_later (DunlinQueue *self, gint64 deadline, GError **error)
{
    gpointer item = NULL;

    if (self->closed) {
        fail_closed (error);
        return NULL;
    }
    if (dunlin_waiters_wait (&self->poppers, &self->lock, &item, deadline, error) && item == NULL)
        fail_closed (error);
    return item;
}

gpointer
dunlin_queue_pop (DunlinQueue *self, gint64 deadline, GError **error)
{
    gpointer item;

    g_return_val_if_fail (self != NULL, NULL);
    pthread_mutex_lock (&self->lock);
    item = pop_now (self);
    if (item == NULL)
        item = pop_later (self, deadline, error);
    pthread_mutex_unlock (&self->lock);
    return item;
}

gpointer
dunlin_queue_try_pop (DunlinQueue *self)
{
    gpointer item;

    g_return_val_if_fail (self != NULL, NULL);
    pthread_mutex_lock (&self->lock);
    item = pop_now (self);
    pthread_mutex_unlock (&self->lock);
    return item;
}

void
dunlin_queue_close (DunlinQueue *self)
{
    g_return_if_fail (self != NULL);
    pthread_mutex_lock (&self->lock);
    self->closed = TRUE;
    while (!dunlin_waiters_is_empty (&self->poppers))
        dunlin_waiters_grant (&self->poppers, NULL);
    while (!dunlin_waiters_is_empty (&self->pushers))
        dunlin_waiters_grant (&self->pushers, dunlin_waiters_peek (&self->pushers));
    pthread_mutex_unlock (&self->lock);
}

guint
dunlin_queue_length (DunlinQueue *self)
{
    guint length;

    g_return_val_if_fail (self != NULL, 0);
    pthread_mutex_lock (&self->lock);
    length = self->length;
    pthread_mutex_unlock (&self->lock);
    return length;
}
