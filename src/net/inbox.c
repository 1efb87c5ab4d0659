/* Received bytes: borrowed scratch first, own storage when they must stay. */
#include "net/inbox.h"

/* A read into own storage asks for as much as is there already, within these. */
#define LEAST_ROOM (DUNLIN_SCRATCH_BYTES / 2)
#define MOST_ROOM  (1024 * 1024)

/* How far an announced size is believed: so many times what has come of it. With every growth all
 * of that is copied, so that growing by less would cost a large frame more than its decryption. */
#define BELIEVED 4

const guint8 *
dunlin_inbox_peek (const DunlinInbox *self, gsize *length)
{
    *length = dunlin_inbox_length (self);
    return self->view != NULL ? self->view + self->start : dunlin_buffer_bytes (&self->own);
}

void
dunlin_inbox_consume (DunlinInbox *self, gsize n)
{
    if (self->view == NULL) {
        dunlin_buffer_consume (&self->own, n);
        if (self->own.end == 0)
            dunlin_buffer_clear (&self->own);
        return;
    }
    g_assert (n <= self->end - self->start);
    self->start += n;
    if (self->start == self->end)
        self->start = self->end = 0;
}

static void
borrow (DunlinInbox *self, DunlinScratch *scratch)
{
    self->view = dunlin_scratch_plain (scratch);
    self->start = 0;
    self->end = dunlin_buffer_length (&self->own);
    if (self->end > 0)
        memcpy (self->view, dunlin_buffer_bytes (&self->own), self->end);
    dunlin_buffer_clear (&self->own);
}

/* Storage for @n more, and for what is to come after it as far as that is believed. */
static guint8 *
reserve (DunlinInbox *self, gsize length, gsize n)
{
    gsize believed = MIN (self->want, length * BELIEVED);

    return dunlin_buffer_reserve (&self->own, MAX (n, believed > length ? believed - length : 0));
}

guint8 *
dunlin_inbox_room (DunlinInbox *self, DunlinScratch *scratch, gsize *n)
{
    gsize length = dunlin_inbox_length (self);

    if (self->want > DUNLIN_SCRATCH_BYTES || length > DUNLIN_SCRATCH_BYTES / 2) {
        dunlin_inbox_settle (self);
        *n = CLAMP (length, LEAST_ROOM, MOST_ROOM);
        return reserve (self, length, *n);
    }
    if (self->view == NULL)
        borrow (self, scratch);
    if (self->end > DUNLIN_SCRATCH_BYTES / 2 && self->start > 0) {
        memmove (self->view, self->view + self->start, length);
        self->start = 0;
        self->end = length;
    }
    *n = DUNLIN_SCRATCH_BYTES - self->end;
    return self->view + self->end;
}

void
dunlin_inbox_received (DunlinInbox *self, gsize n)
{
    if (n == 0)
        return;
    self->fresh = TRUE;
    if (self->view != NULL)
        self->end += n;
    else
        dunlin_buffer_commit (&self->own, n);
}

void
dunlin_inbox_settle (DunlinInbox *self)
{
    if (self->view != NULL) {
        dunlin_buffer_append (&self->own, self->view + self->start, self->end - self->start);
        self->view = NULL;
        self->start = self->end = 0;
    } else if (self->own.end == 0) {
        dunlin_buffer_clear (&self->own); /* was reserved, but nothing came */
    }
}

void
dunlin_inbox_clear (DunlinInbox *self)
{
    dunlin_buffer_clear (&self->own);
    *self = (DunlinInbox){ 0 };
}
