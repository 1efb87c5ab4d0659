/* Which member a call goes to: of two that chance has drawn, the one that is better off. One a
 * loop, without locks or I/O: time is an argument, members' states are asked for. */
#pragma once

#include "base/random.h"
#include "client/address_set.h"
#include "client/aperture.h"
#include "client/node.h"
#include "client/tally.h"

G_BEGIN_DECLS

typedef struct DunlinBalancer DunlinBalancer;

/**
 * DunlinBalancerFuncs:
 * @add: a member has joined. Returns: what stands for it, such as its channel with its health
 * @remove: it has left and its last call has ended
 * @status: whether it may be called; asked for some members at every pick
 *
 * What the balancer asks of its owner; @data is what dunlin_balancer_new() was given.
 */
typedef struct {
    gpointer (*add) (const DunlinAddress *address, gpointer data);
    void (*remove) (gpointer endpoint, gpointer data);
    DunlinNodeStatus (*status) (gpointer endpoint, gint64 now, gpointer data);
} DunlinBalancerFuncs;

/**
 * DunlinLoadMetric:
 * @DUNLIN_LOAD_LEAST: how many calls a member has now
 * @DUNLIN_LOAD_PEAK_EWMA: how long it takes to answer, times its calls
 */
typedef enum { DUNLIN_LOAD_LEAST, DUNLIN_LOAD_PEAK_EWMA, DUNLIN_N_LOADS } DunlinLoadMetric;

/**
 * DunlinBalancerOptions:
 * @load: what makes a member better off than another
 * @decay: microseconds in which peaks of latency fade
 * @panic_percent: when about so many of the members are not open, calls go to those too, lest
 *   the few that are left get all: 10 to 100; Finagle's PanicMode
 * @aperture: for sets of many hundred members
 */
typedef struct {
    DunlinLoadMetric load;
    gint64 decay;
    guint panic_percent;
    DunlinApertureOptions aperture;
} DunlinBalancerOptions;

#define DUNLIN_BALANCER_DEFAULTS                                                                   \
    ((DunlinBalancerOptions){ .load = DUNLIN_LOAD_LEAST,                                           \
                              .decay = 10 * G_TIME_SPAN_SECOND,                                    \
                              .panic_percent = 50,                                                 \
                              .aperture = { 0, 0.5, 2.0, 5 * G_TIME_SPAN_SECOND } })

/* What is counted. */
typedef enum {
    DUNLIN_BALANCER_ADDS,
    DUNLIN_BALANCER_REMOVES,
    DUNLIN_BALANCER_UPDATES,
    DUNLIN_BALANCER_REBUILDS,
    DUNLIN_BALANCER_MAX_EFFORT_EXHAUSTED, /* no open member was found in all tries */
    DUNLIN_BALANCER_PANICKED,             /* so one that is not open was called */
    DUNLIN_BALANCER_P2C_ZERO,             /* neither of two had anything to do */
    DUNLIN_BALANCER_WIDEN,
    DUNLIN_BALANCER_NARROW,
    DUNLIN_N_BALANCER_COUNTS
} DunlinBalancerCount;

/* The gauges. */
typedef enum {
    DUNLIN_BALANCER_SIZE,
    DUNLIN_BALANCER_AVAILABLE,
    DUNLIN_BALANCER_BUSY,
    DUNLIN_BALANCER_CLOSED,
    DUNLIN_BALANCER_LOAD, /* calls pending */
    DUNLIN_BALANCER_APERTURE,
    DUNLIN_N_BALANCER_GAUGES
} DunlinBalancerGauge;

/* A client's metrics, for all its loops. */
typedef struct {
    DunlinTallyMetrics tally;
    DunlinGauge gauges[DUNLIN_N_BALANCER_GAUGES];
} DunlinBalancerMetrics;

/* @prefix: such as "clnt/taxa": the names begin with "clnt/taxa/loadbalancer/" */
void dunlin_balancer_metrics_init (DunlinBalancerMetrics *self, const char *prefix);

/**
 * dunlin_balancer_new:
 * @options: (nullable): the defaults
 * @funcs: borrowed: static
 * @random: borrowed: its loop's
 * @metrics: (nullable): borrowed: its client's
 *
 * Returns: (transfer full): without members.
 */
DunlinBalancer *dunlin_balancer_new (const DunlinBalancerOptions *options,
                                     const DunlinBalancerFuncs *funcs, gpointer data,
                                     DunlinRandom *random, const DunlinBalancerMetrics *metrics);

/* Removes all members. No call may be pending. */
void dunlin_balancer_free (DunlinBalancer *self);

/**
 * dunlin_balancer_update:
 *
 * From now on calls go to the members of @set. Those that stay (their addresses do) keep their
 * state, whatever their new weight; those that leave get no more calls, and are removed when their
 * last has ended, unless they are back by then. A set that is pending or failed changes nothing.
 */
void dunlin_balancer_update (DunlinBalancer *self, const DunlinAddressSet *set, gint64 now);

/**
 * dunlin_balancer_pick:
 * @avoid: (nullable): a member to be called only when there is no other, such as the one that an
 *   earlier try of this call failed at
 *
 * Returns: (transfer none) (nullable): where the call goes; dunlin_balancer_done() must follow.
 * NULL when there is no member with a weight. It may be one that is not open: see @panic_percent.
 */
DunlinNode *dunlin_balancer_pick (DunlinBalancer *self, const DunlinNode *avoid, gint64 now);

/**
 * dunlin_balancer_done:
 * @node: as picked; it may be gone afterwards
 * @started: when it was picked
 * @answered: whether the member has answered; one that refuses or fails never looks faster by it
 */
void dunlin_balancer_done (DunlinBalancer *self, DunlinNode *node, gint64 started,
                           gboolean answered, gint64 now);

/* Whether one member could be called: the best of the members' states. CLOSED without members. */
DunlinNodeStatus dunlin_balancer_get_status (DunlinBalancer *self, gint64 now);

/* Members of the set, those without weight too. */
guint dunlin_balancer_get_size (const DunlinBalancer *self);
guint64 dunlin_balancer_get_count (const DunlinBalancer *self, DunlinBalancerCount what);

/* Calls @func for each member of the set, in no order that means anything. */
typedef void (*DunlinBalancerNodeFunc) (const DunlinNode *node, gpointer data);
void dunlin_balancer_foreach (DunlinBalancer *self, DunlinBalancerNodeFunc func, gpointer data);

/* Brings the gauges up to date; about once a second. Looks at every member. */
void dunlin_balancer_publish (DunlinBalancer *self, gint64 now);

/* Adds the state, with each member's, as members of a JSON object that the caller has begun. */
void dunlin_balancer_describe (DunlinBalancer *self, gint64 now, JsonBuilder *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinBalancer, dunlin_balancer_free)

G_END_DECLS
