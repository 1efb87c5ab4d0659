/* The received bytes of one stream: in the loop's scratch buffer while a wake-up lasts, in storage
 * of its own only for what must outlast it. */
#pragma once

#include "net/scratch.h"

G_BEGIN_DECLS

/**
 * DunlinInbox:
 * @own: (owned): bytes kept between wake-ups; empty while there is a view
 * @view: (nullable): the loop's scratch buffer while this stream uses it
 * @start: of what is not consumed, in @view
 * @end: of what was received, in @view
 * @want: shown only from so many bytes on
 * @fresh: there are bytes that were not shown yet
 *
 * Zeroed is empty.
 */
typedef struct {
    DunlinBuffer own;
    guint8 *view;
    gsize start;
    gsize end;
    gsize want;
    gboolean fresh;
} DunlinInbox;

const guint8 *dunlin_inbox_peek (const DunlinInbox *self, gsize *length);
void dunlin_inbox_consume (DunlinInbox *self, gsize n);

/* Returns: where to put up to @n received bytes; tell dunlin_inbox_received() how many came. */
guint8 *dunlin_inbox_room (DunlinInbox *self, DunlinScratch *scratch, gsize *n);
void dunlin_inbox_received (DunlinInbox *self, gsize n);

static inline gsize
dunlin_inbox_length (const DunlinInbox *self)
{
    return self->view != NULL ? self->end - self->start : dunlin_buffer_length (&self->own);
}

/* Whether the owner should look: something new, and as much as it wants. */
static inline gboolean
dunlin_inbox_is_due (const DunlinInbox *self)
{
    return self->fresh && dunlin_inbox_length (self) >= MAX (self->want, 1);
}

/* Ends the use of the scratch buffer: what is left moves to storage of our own. */
void dunlin_inbox_settle (DunlinInbox *self);
void dunlin_inbox_clear (DunlinInbox *self);

G_END_DECLS
