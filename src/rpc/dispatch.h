/* The one path of every call: header, method, filters, stub, reply. */
#pragma once

#include "rpc/filter.h"
#include "rpc/router.h"

G_BEGIN_DECLS

/**
 * DunlinDispatchConfig:
 * @router: (not owned): outlives the dispatcher
 * @chain: (transfer full): the filters, made with dunlin_dispatch_chain_new()
 * @limits: what a message may contain
 * @skew_tolerance: microseconds that a caller's clock may be behind ours before the difference
 *   counts as time that the call was under way
 */
typedef struct {
    DunlinRouter *router;
    DunlinChain *chain;
    DunlinPayloadLimits limits;
    gint64 skew_tolerance;
} DunlinDispatchConfig;

/* An empty chain that ends at the stubs. */
DunlinChain *dunlin_dispatch_chain_new (void);

DunlinDispatcher *dunlin_dispatcher_new (const DunlinDispatchConfig *config);
void dunlin_dispatcher_free (DunlinDispatcher *self);

const DunlinPayloadLimits *dunlin_dispatcher_limits (const DunlinDispatcher *self);

/**
 * dunlin_dispatch:
 * @call: (transfer full): filled by its session
 *
 * Runs @call on a fiber of its own, at once: when this returns, the call is over (its wire's
 * finished was called) or it waits. Never fails: whatever is wrong is answered over its wire.
 */
void dunlin_dispatch (DunlinCall *call);

/**
 * dunlin_dispatch_set_deadline:
 * @least_transit_ns: (inout): a session's: the shortest time any of its calls seems to have been
 *   under way, which is mostly the difference of the two clocks; %G_MAXINT64 at first
 *
 * Takes the deadline from the call's context. Clocks of two hosts differ: up to the tolerance, the
 * least apparent time under way is taken for that difference and not held against the call.
 */
void dunlin_dispatch_set_deadline (DunlinCall *call, gint64 *least_transit_ns);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinDispatcher, dunlin_dispatcher_free)

G_END_DECLS
