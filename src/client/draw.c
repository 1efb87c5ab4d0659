/* Chance by weight: sums of weights, and a search in them. */
#include "client/draw.h"

void
dunlin_draw_set (DunlinDraw *self, const double *weights, guint n)
{
    double sum = 0;

    dunlin_draw_clear (self);
    *self = (DunlinDraw){ .sums = g_new (double, n), .n = n, .even = TRUE };
    for (guint i = 0; i < n; i++) {
        sum += weights[i];
        self->sums[i] = sum;
        if (weights[i] < weights[0] || weights[i] > weights[0])
            self->even = FALSE;
    }
}

void
dunlin_draw_clear (DunlinDraw *self)
{
    g_free (self->sums);
    *self = (DunlinDraw){ 0 };
}

/* Returns: the first whose sum is above @x; the last when rounding has left none. */
static guint
find (const DunlinDraw *self, guint among, double x)
{
    guint low = 0, high = among - 1;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (self->sums[middle] > x)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

guint
dunlin_draw_one (const DunlinDraw *self, guint among, DunlinRandom *random)
{
    if (self->even)
        return (guint)dunlin_random_below (random, among);
    return find (self, among, dunlin_random_fraction (random) * self->sums[among - 1]);
}

guint
dunlin_draw_other (const DunlinDraw *self, guint among, guint first, DunlinRandom *random)
{
    double before = first > 0 ? self->sums[first - 1] : 0;
    double weight = self->sums[first] - before;
    double x = 0;
    guint other = 0;

    /* As if the first were not there: the rest moves up to close the hole. */
    if (self->even) {
        other = (guint)dunlin_random_below (random, among - 1);
        return other < first ? other : other + 1;
    }
    x = dunlin_random_fraction (random) * (self->sums[among - 1] - weight);
    other = find (self, among, x < before ? x : x + weight);
    if (other == first) /* rounding at the hole's edges */
        other = first + 1 < among ? first + 1 : first - 1;
    return other;
}
