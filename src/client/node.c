/* A member's load, in the two ways that it is measured. */
#include "client/node.h"

/* Calls to a node that has not answered yet wait for their first answer: more than any latency. */
#define UNKNOWN_LATENCY 1e12

/* What a node is taken for that has failed and never answered: slow. */
#define NEVER_ANSWERED ((double)G_TIME_SPAN_SECOND)

DunlinNode *
dunlin_node_new (const char *address, gint64 decay, guint32 token, gint64 now)
{
    DunlinNode *self = g_new0 (DunlinNode, 1);

    self->address = g_strdup (address);
    self->token = token;
    self->joined = now;
    dunlin_ema_init (&self->latency, decay);
    return self;
}

void
dunlin_node_free (DunlinNode *self)
{
    g_free (self->address);
    g_free (self);
}

/* A peak counts at once, and fades until a latency is above what is left of it. One that fails
 * keeps its peak, however quickly it fails: else it would look ever faster, and draw all calls. */
void
dunlin_node_observe (DunlinNode *self, gint64 took, gboolean answered, gint64 now)
{
    double value = (double)MAX (took, 1);

    if (!answered)
        value = MAX (value, self->latency.begun ? self->latency.value : NEVER_ANSWERED);
    else
        self->answers++;
    if (value >= dunlin_ema_faded (&self->latency, now))
        dunlin_ema_init_at (&self->latency, self->latency.window, value, now);
}

double
dunlin_node_least_loaded (const DunlinNode *self, gint64 now)
{
    return (double)self->pending;
}

double
dunlin_node_peak_ewma (const DunlinNode *self, gint64 now)
{
    if (!self->latency.begun)
        return self->pending > 0 ? UNKNOWN_LATENCY + (double)self->pending : 0;
    /* What nobody asks is forgotten, so that a node that was slow once is tried again. */
    return dunlin_ema_faded (&self->latency, now) * ((double)self->pending + 1);
}
