/* One try of a call at one member: sent, waited for, and told to those who judge members. Internal
 * to client/. */
#pragma once

#include "client/outgoing.h"
#include "client/verdict.h"

G_BEGIN_DECLS

/* On the stack of the fiber that waits. Zeroed: not begun. */
typedef struct {
    DunlinOutgoing *call; /* borrowed */
    DunlinNode *node;     /* borrowed: picked; NULL: not begun, or ended */
    DunlinMember *member; /* borrowed: the node's */
    DunlinContext context;
    DunlinExchange exchange;
    gint64 started;
} DunlinAttempt;

/* @node: as the balancer gave it; @backup: the same call is under way elsewhere */
void dunlin_attempt_begin (DunlinAttempt *self, DunlinOutgoing *call, DunlinNode *node,
                           guint requeues, gboolean backup);

static inline gboolean
dunlin_attempt_is_running (const DunlinAttempt *self)
{
    return self->node != NULL && self->exchange.end == DUNLIN_EXCHANGE_RUNNING;
}

/* Gives it up, on the wire too. @reason: (transfer full): of the domain DUNLIN_ERROR */
void dunlin_attempt_give_up (DunlinAttempt *self, GError *reason);

/* Of one that has ended. */
DunlinVerdict dunlin_attempt_verdict (const DunlinAttempt *self);

/* Tells the balancer and the member's health what came of it; its exchange is cleared. */
void dunlin_attempt_end (DunlinAttempt *self);

G_END_DECLS
