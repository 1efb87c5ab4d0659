/* How many of a large set's members a client uses: so many that each has about one call at a time.
 * Fewer connections, and members that are worth comparing. Pure: time is an argument. */
#pragma once

#include "client/ema.h"

G_BEGIN_DECLS

/**
 * DunlinApertureOptions:
 * @minimum: members at least; 0: no aperture, all are used
 * @low: calls a member under which there is one member less
 * @high: from which there is one more
 * @smooth: microseconds: how slowly what is asked for is followed
 *
 * As Finagle's LoadBand with a random aperture.
 */
typedef struct {
    guint minimum;
    double low;
    double high;
    gint64 smooth;
} DunlinApertureOptions;

/* By value. */
typedef struct {
    DunlinApertureOptions options;
    guint size;       /* what was found so far; dunlin_aperture_get() bounds it */
    guint calls;      /* now */
    DunlinEma demand; /* of @calls */
} DunlinAperture;

typedef enum {
    DUNLIN_APERTURE_SAME,
    DUNLIN_APERTURE_WIDER,
    DUNLIN_APERTURE_NARROWER
} DunlinApertureChange;

void dunlin_aperture_init (DunlinAperture *self, const DunlinApertureOptions *options);

/* Returns: how many of @n members are used: at least 1 if there is one. */
guint dunlin_aperture_get (const DunlinAperture *self, guint n);

/* A call has begun (@change 1) or ended (-1). */
DunlinApertureChange dunlin_aperture_adjust (DunlinAperture *self, int change, guint n, gint64 now);

G_END_DECLS
