/* A ring of slices, turned when somebody looks: nothing runs in between. */
#include "client/window.h"

void
dunlin_window_init (DunlinWindow *self, gint64 length, gint64 now)
{
    *self = (DunlinWindow){ .slice = MAX (length / DUNLIN_WINDOW_SLICES, 1) };
    self->current = now / self->slice;
}

/* Forgets what is too old. A time before the last one counts as the last one. */
static void
turn (DunlinWindow *self, gint64 now)
{
    gint64 slice = now / self->slice;
    gint64 passed = MIN (slice - self->current, DUNLIN_WINDOW_SLICES);

    for (gint64 i = 1; i <= passed; i++) {
        gint64 *sum = &self->sums[(self->current + i) % DUNLIN_WINDOW_SLICES];

        self->total -= *sum;
        *sum = 0;
    }
    self->current = MAX (self->current, slice);
}

void
dunlin_window_add (DunlinWindow *self, gint64 n, gint64 now)
{
    turn (self, now);
    self->sums[self->current % DUNLIN_WINDOW_SLICES] += n;
    self->total += n;
}

gint64
dunlin_window_sum (DunlinWindow *self, gint64 now)
{
    turn (self, now);
    return self->total;
}
