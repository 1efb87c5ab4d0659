/* Two members by chance, each as likely as its weight says: what the balancer compares. */
#pragma once

#include "base/random.h"

G_BEGIN_DECLS

/* Of weights above 0, in an order; of which the first few may be all that counts. */
typedef struct {
    double *sums; /* owned: of the weights up to and with each */
    guint n;
    gboolean even; /* all weights are the same: no search */
} DunlinDraw;

void dunlin_draw_set (DunlinDraw *self, const double *weights, guint n);
void dunlin_draw_clear (DunlinDraw *self);

/* Returns: one of the first @among; O(1) where weights are even, else O(log n). */
guint dunlin_draw_one (const DunlinDraw *self, guint among, DunlinRandom *random);

/* Returns: another than @first of the first @among, which are at least two. */
guint dunlin_draw_other (const DunlinDraw *self, guint among, guint first, DunlinRandom *random);

G_END_DECLS
