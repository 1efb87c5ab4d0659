/* A member as the balancer sees it: how well it is, how much it has to do, how fast it is. Internal
 * to the balancer, which owns it; the client sees what dunlin_balancer_pick() gives. */
#pragma once

#include "client/ema.h"

G_BEGIN_DECLS

/**
 * DunlinNodeStatus:
 * @DUNLIN_NODE_OPEN: may be called
 * @DUNLIN_NODE_BUSY: better not now: it has failed too often, cannot be reached, or drains
 * @DUNLIN_NODE_CLOSED: is of no use any more
 *
 * From best to worst; as Finagle's Status.
 */
typedef enum { DUNLIN_NODE_OPEN, DUNLIN_NODE_BUSY, DUNLIN_NODE_CLOSED } DunlinNodeStatus;

typedef struct {
    char *address;     /* owned: what makes it the same node again */
    gpointer endpoint; /* owned by whoever made it */
    double weight;     /* 0: gets no calls */
    gboolean in_set;   /* else it has left, and waits for its calls to end */
    guint update;      /* the balancer's last one that had it */
    guint32 token;     /* by chance: its place in the order, the same as long as it lives */
    guint pending;     /* calls that it has now */
    guint64 picks;
    guint64 answers; /* calls that it answered */
    gint64 joined;
    DunlinEma latency; /* peaks count at once and fade; microseconds */
} DunlinNode;

DunlinNode *dunlin_node_new (const char *address, gint64 decay, guint32 token, gint64 now);
void dunlin_node_free (DunlinNode *self);

/* A call took so long. One that failed quickly does not make a node look fast. */
void dunlin_node_observe (DunlinNode *self, gint64 took, gboolean answered, gint64 now);

/* How much there is to do: its calls. */
double dunlin_node_least_loaded (const DunlinNode *self, gint64 now);

/* How long one more call would take: Finagle's PeakEwma. */
double dunlin_node_peak_ewma (const DunlinNode *self, gint64 now);

G_END_DECLS
