/* The growing byte queue. */
#include "base/bytes.h"

/* Small replies fit without a second allocation. */
#define FIRST_CAPACITY 512

guint8 *
dunlin_buffer_reserve_slow (DunlinBuffer *self, gsize n)
{
    gsize length = self->end - self->start;
    gsize capacity = self->capacity;

    if (n <= capacity - self->end)
        return self->data + self->end;
    /* Moving to the front is cheaper than growing when at least half has been consumed. */
    if (n <= capacity - length && self->start >= length) {
        memcpy (self->data, self->data + self->start, length);
        self->start = 0;
        self->end = length;
        return self->data + length;
    }
    g_assert (n <= G_MAXSIZE / 4 && length <= G_MAXSIZE / 4);
    if (capacity < FIRST_CAPACITY)
        capacity = FIRST_CAPACITY;
    while (capacity - length < n)
        capacity *= 2;
    if (self->start == 0) {
        self->data = g_realloc (self->data, capacity);
    } else {
        guint8 *data = g_malloc (capacity);

        memcpy (data, self->data + self->start, length);
        g_free (self->data);
        self->data = data;
    }
    self->start = 0;
    self->end = length;
    self->capacity = capacity;
    return self->data + length;
}

void
dunlin_buffer_consume (DunlinBuffer *self, gsize n)
{
    g_assert (n <= dunlin_buffer_length (self));
    self->start += n;
    if (self->start == self->end)
        self->start = self->end = 0;
}

void
dunlin_buffer_clear (DunlinBuffer *self)
{
    g_free (self->data);
    *self = (DunlinBuffer){ 0 };
}
