/* The load band: one member more or less at a time. */
#include "client/aperture.h"

void
dunlin_aperture_init (DunlinAperture *self, const DunlinApertureOptions *options)
{
    *self = (DunlinAperture){ .options = *options, .size = 1 };
    dunlin_ema_init (&self->demand, options->smooth);
}

guint
dunlin_aperture_get (const DunlinAperture *self, guint n)
{
    guint minimum = MIN (self->options.minimum, n);

    return self->options.minimum == 0 ? n : CLAMP (self->size, minimum, n);
}

DunlinApertureChange
dunlin_aperture_adjust (DunlinAperture *self, int change, guint n, gint64 now)
{
    guint size = dunlin_aperture_get (self, n);
    double load = 0;

    if (self->options.minimum == 0 || n == 0)
        return DUNLIN_APERTURE_SAME;
    self->calls = (guint)((int)self->calls + change);
    load = dunlin_ema_update (&self->demand, (double)self->calls, now) / (double)size;
    self->size = size;
    if (load >= self->options.high && size < n) {
        self->size = size + 1;
        return DUNLIN_APERTURE_WIDER;
    }
    if (load <= self->options.low && size > MIN (self->options.minimum, n)) {
        self->size = size - 1;
        return DUNLIN_APERTURE_NARROWER;
    }
    return DUNLIN_APERTURE_SAME;
}
