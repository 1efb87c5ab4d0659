/* The balancer's own state: for balancer.c and balancer_describe.c only. */
#pragma once

#include "client/balancer.h"
#include "client/draw.h"

struct DunlinBalancer {
    DunlinBalancerOptions options;
    const DunlinBalancerFuncs *funcs; /* borrowed: static */
    gpointer data;
    DunlinRandom *random;                 /* borrowed: its loop's */
    const DunlinBalancerMetrics *metrics; /* borrowed, nullable: its client's */
    GHashTable *nodes; /* owned: address to DunlinNode: those of the set, and those that leave */
    GPtrArray *order;  /* those of the set that have a weight: all that is ever called */
    DunlinDraw draw;   /* by their weights, in their order */
    guint size;        /* of the set */
    guint update;      /* number of the last one */
    guint pending;     /* calls */
    guint max_effort;  /* pairs looked at before panic */
    DunlinAperture aperture;
    guint n_well;    /* of the order's first, that were open when it was made */
    guint next_sick; /* of the others: whose turn it is to be looked at again */
    gint64 ordered;  /* when the order was made */
    DunlinTally tally;
    gint64 published[DUNLIN_N_BALANCER_GAUGES];
};

static inline DunlinNodeStatus
dunlin_balancer_status_of (DunlinBalancer *self, const DunlinNode *node, gint64 now)
{
    return self->funcs->status (node->endpoint, now, self->data);
}

/* Takes this balancer's part out of the gauges. */
void dunlin_balancer_unpublish (DunlinBalancer *self);
