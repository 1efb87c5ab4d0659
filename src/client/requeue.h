/* Whether a call that failed is sent again, and when: as often as one call may, as long as the
 * budget pays. Pure: time and chance are arguments. */
#pragma once

#include "client/backoff.h"
#include "client/budget.h"
#include "client/tally.h"
#include "client/verdict.h"

G_BEGIN_DECLS

/**
 * DunlinRequeueOptions:
 * @maximum: of one call
 * @share: of the budget's balance that one call may use up
 * @backoff: before each; Finagle's default is none
 */
typedef struct {
    guint maximum;
    double share;
    DunlinBackoffOptions backoff;
} DunlinRequeueOptions;

#define DUNLIN_REQUEUE_DEFAULTS                                                                    \
    ((DunlinRequeueOptions){ 20, 0.2, { DUNLIN_BACKOFF_CONSTANT, 0, 0 } })

/**
 * DunlinRequeueAnswer:
 * @DUNLIN_REQUEUE_YES: send it again
 * @DUNLIN_REQUEUE_UNSAFE: it must not be sent again: it may have been run
 * @DUNLIN_REQUEUE_NOT_OPEN: it was refused, and nobody is well
 * @DUNLIN_REQUEUE_LIMIT: it has been sent often enough
 * @DUNLIN_REQUEUE_NO_BUDGET: too many calls have been sent again lately
 * @DUNLIN_REQUEUE_TOO_LATE: the caller will not wait for it any more
 */
typedef enum {
    DUNLIN_REQUEUE_YES,
    DUNLIN_REQUEUE_UNSAFE,
    DUNLIN_REQUEUE_NOT_OPEN,
    DUNLIN_REQUEUE_LIMIT,
    DUNLIN_REQUEUE_NO_BUDGET,
    DUNLIN_REQUEUE_TOO_LATE,
    DUNLIN_N_REQUEUE_ANSWERS
} DunlinRequeueAnswer;

/* Returns: why not, for an error's text: "the retry budget is used up". Static. */
const char *dunlin_requeue_answer_to_string (DunlinRequeueAnswer answer);

typedef enum {
    DUNLIN_REQUEUES,
    DUNLIN_REQUEUES_BUDGET_EXHAUSTED,
    DUNLIN_REQUEUES_REQUEST_LIMIT,
    DUNLIN_REQUEUES_CANNOT_RETRY, /* refused, and nobody is well */
    DUNLIN_N_REQUEUE_COUNTS
} DunlinRequeueCount;

/* A client's metrics: retries/requeues and so on, for all its loops. */
typedef struct {
    DunlinTallyMetrics tally;
    DunlinHistogram per_request;
    DunlinGauge budget;
} DunlinRequeueMetrics;

/* What a loop of a client has for it. */
typedef struct {
    DunlinRequeueOptions options;
    DunlinBudget budget;
    DunlinRandom *random;                /* borrowed: its loop's */
    const DunlinRequeueMetrics *metrics; /* borrowed, nullable */
    DunlinTally tally;
    gint64 published; /* of the budget's balance */
} DunlinRequeuer;

/* Of one call. */
typedef struct {
    guint attempts; /* sent again so far: goes along as Finagle's context Retries */
    guint maximum;
    DunlinBackoff backoff;
} DunlinRequeue;

/* @prefix: such as "clnt/taxa": the names begin with "clnt/taxa/retries/" */
void dunlin_requeue_metrics_init (DunlinRequeueMetrics *self, const char *prefix);

/* @options, @budget: (nullable): the defaults */
void dunlin_requeuer_init (DunlinRequeuer *self, const DunlinRequeueOptions *options,
                           const DunlinBudgetOptions *budget, DunlinRandom *random,
                           const DunlinRequeueMetrics *metrics, gint64 now);

/* Takes its part out of the gauges. */
void dunlin_requeuer_clear (DunlinRequeuer *self);

/* A call begins. */
void dunlin_requeuer_begin (DunlinRequeuer *self, DunlinRequeue *call, gint64 now);

/**
 * dunlin_requeuer_ask:
 * @verdict: of the try that failed
 * @idempotent: whether the call may be run twice
 * @is_open: whether a member is well. Finagle sends nothing again when none is; here only what was
 *   refused is not, since a moment's silence of all members would else fail every call
 * @deadline: until when its caller waits
 * @wait: (out): microseconds before it is sent again, when it is
 *
 * Returns: YES: it is paid and counted. Else the call fails.
 */
DunlinRequeueAnswer dunlin_requeuer_ask (DunlinRequeuer *self, DunlinRequeue *call,
                                         const DunlinVerdict *verdict, gboolean idempotent,
                                         gboolean is_open, gint64 deadline, gint64 now,
                                         gint64 *wait);

/* A call has ended, with @verdict for its last try. */
void dunlin_requeuer_end (DunlinRequeuer *self, const DunlinRequeue *call,
                          const DunlinVerdict *verdict, gint64 now);

/* Brings the gauge up to date; about once a second. */
void dunlin_requeuer_publish (DunlinRequeuer *self, gint64 now);

guint64 dunlin_requeuer_get_count (const DunlinRequeuer *self, DunlinRequeueCount what);

/* Adds the state as members of a JSON object that the caller has begun. */
void dunlin_requeuer_describe (DunlinRequeuer *self, gint64 now, JsonBuilder *json);

G_END_DECLS
