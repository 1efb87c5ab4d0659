/* The buffers that the streams of a loop share, and the queue of those that want another turn. */
#include "net/scratch.h"

#include "base/clock.h"

/* Storage that is kept: enough for the replies of one wake-up. What has grown beyond the usual
 * reply goes back to the system. */
#define MAX_KEPT       32
#define MAX_KEPT_BYTES (256 * 1024)

struct DunlinScratch {
    guint8 *plain;               /* owned */
    guint8 *sealed_in;           /* owned: made by the first TLS connection */
    guint8 *sealed_out;          /* owned: likewise */
    DunlinBuffer kept[MAX_KEPT]; /* owned */
    guint n_kept;
    DunlinTurn turns;   /* head of a ring; only its links are used */
    DunlinTimer *timer; /* owned: fires on the next turn */
};

static guint scratch_slot;

static void
free_scratch (gpointer data)
{
    DunlinScratch *self = data;

    for (guint i = 0; i < self->n_kept; i++)
        dunlin_buffer_clear (&self->kept[i]);
    while (self->turns.next != &self->turns)
        dunlin_scratch_forget_turn (self->turns.next);
    dunlin_timer_free (self->timer);
    g_free (self->plain);
    g_free (self->sealed_in);
    g_free (self->sealed_out);
    g_free (self);
}

/* Before any thread: a slot's number must not change under a loop. */
__attribute__ ((constructor)) static void
alloc_slot (void)
{
    scratch_slot = dunlin_loop_alloc_slot (free_scratch);
}

static void
ring_init (DunlinTurn *head)
{
    head->next = head->previous = head;
}

static void
ring_append (DunlinTurn *head, DunlinTurn *turn)
{
    turn->next = head;
    turn->previous = head->previous;
    head->previous->next = turn;
    head->previous = turn;
    turn->queued = TRUE;
}

/* Only those that were queued before: who queues itself again waits for the turn after. */
static void
run_turns (gpointer data)
{
    DunlinScratch *self = data;
    DunlinTurn now;

    if (self->turns.next == &self->turns)
        return;
    now.next = self->turns.next;
    now.previous = self->turns.previous;
    now.next->previous = now.previous->next = &now;
    ring_init (&self->turns);
    while (now.next != &now) {
        DunlinTurn *turn = now.next;

        dunlin_scratch_forget_turn (turn);
        turn->func (turn->data);
    }
}

DunlinScratch *
dunlin_scratch_of (DunlinLoop *loop)
{
    DunlinScratch *self = dunlin_loop_get_slot (loop, scratch_slot);

    if (self == NULL) {
        self = g_new0 (DunlinScratch, 1);
        self->timer = dunlin_timer_new (loop, run_turns, self);
        ring_init (&self->turns);
        dunlin_loop_set_slot (loop, scratch_slot, self);
    }
    return self;
}

static guint8 *
made (guint8 **buffer)
{
    if (*buffer == NULL)
        *buffer = g_malloc (DUNLIN_SCRATCH_BYTES);
    return *buffer;
}

guint8 *
dunlin_scratch_plain (DunlinScratch *self)
{
    return made (&self->plain);
}

guint8 *
dunlin_scratch_sealed_in (DunlinScratch *self)
{
    return made (&self->sealed_in);
}

guint8 *
dunlin_scratch_sealed_out (DunlinScratch *self)
{
    return made (&self->sealed_out);
}

void
dunlin_scratch_lend (DunlinScratch *self, DunlinBuffer *buffer)
{
    if (buffer->data == NULL && self->n_kept > 0)
        *buffer = self->kept[--self->n_kept];
}

void
dunlin_scratch_take_back (DunlinScratch *self, DunlinBuffer *buffer)
{
    if (buffer->data == NULL)
        return;
    if (self->n_kept == MAX_KEPT || buffer->capacity > MAX_KEPT_BYTES) {
        dunlin_buffer_clear (buffer);
        return;
    }
    buffer->start = buffer->end = 0;
    self->kept[self->n_kept++] = *buffer;
    *buffer = (DunlinBuffer){ 0 };
}

void
dunlin_scratch_next_turn (DunlinScratch *self, DunlinTurn *turn)
{
    if (turn->queued)
        return;
    if (self->turns.next == &self->turns)
        dunlin_timer_arm (self->timer, dunlin_clock_now ());
    ring_append (&self->turns, turn);
}

void
dunlin_scratch_forget_turn (DunlinTurn *turn)
{
    if (!turn->queued)
        return;
    turn->next->previous = turn->previous;
    turn->previous->next = turn->next;
    turn->queued = FALSE;
}
