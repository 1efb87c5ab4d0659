/* A mean that forgets: see the header. */
#include "client/ema.h"

#include <math.h>

void
dunlin_ema_init (DunlinEma *self, gint64 window)
{
    *self = (DunlinEma){ .window = MAX (window, 1) };
}

void
dunlin_ema_init_at (DunlinEma *self, gint64 window, double value, gint64 now)
{
    *self = (DunlinEma){ .window = MAX (window, 1), .value = value, .stamp = now, .begun = TRUE };
}

/* What is left of the old mean. */
static double
weight (const DunlinEma *self, gint64 now)
{
    gint64 passed = MAX (now - self->stamp, 0);

    return exp (-(double)passed / (double)self->window);
}

double
dunlin_ema_update (DunlinEma *self, double value, gint64 now)
{
    double old = self->begun ? weight (self, now) : 0;

    self->value = value * (1 - old) + self->value * old;
    self->stamp = self->begun ? MAX (now, self->stamp) : now;
    self->begun = TRUE;
    return self->value;
}

double
dunlin_ema_faded (const DunlinEma *self, gint64 now)
{
    return self->begun ? self->value * weight (self, now) : 0;
}
