/* Whether a member has failed so often that it is better left alone for a while, and the one call
 * that finds out whether it is well again. One a member and loop. Pure: time is an argument, and
 * nothing needs a timer: what time changes is seen when somebody asks. */
#pragma once

#include "client/backoff.h"
#include "client/ema.h"
#include "client/tally.h"
#include "client/window.h"

G_BEGIN_DECLS

/**
 * DunlinAccrualOptions:
 * @failures: so many in a row are too many; 0: any number is fine
 * @success_rate: less than that, 0 to 1, is too little; 0: any is fine
 * @window: microseconds over which the rate is taken; it says nothing before it has passed once
 * @min_requests: in the window, for the rate to say anything
 * @backoff: how long a member is left alone
 *
 * As Finagle's default policy, both ways at once.
 */
typedef struct {
    guint failures;
    double success_rate;
    gint64 window;
    guint min_requests;
    DunlinBackoffOptions backoff;
} DunlinAccrualOptions;

#define DUNLIN_ACCRUAL_DEFAULTS                                                                    \
    ((DunlinAccrualOptions){                                                                       \
        5,                                                                                         \
        0.8,                                                                                       \
        30 * G_TIME_SPAN_SECOND,                                                                   \
        5,                                                                                         \
        { DUNLIN_BACKOFF_EQUAL_JITTER, 5 * G_TIME_SPAN_SECOND, 300 * G_TIME_SPAN_SECOND } })

/**
 * DunlinAccrualState:
 * @DUNLIN_ACCRUAL_ALIVE: called as usual
 * @DUNLIN_ACCRUAL_DEAD: left alone
 * @DUNLIN_ACCRUAL_PROBE_OPEN: waits for the one call that will tell
 * @DUNLIN_ACCRUAL_PROBE_CLOSED: that call is running
 */
typedef enum {
    DUNLIN_ACCRUAL_ALIVE,
    DUNLIN_ACCRUAL_DEAD,
    DUNLIN_ACCRUAL_PROBE_OPEN,
    DUNLIN_ACCRUAL_PROBE_CLOSED
} DunlinAccrualState;

typedef enum {
    DUNLIN_ACCRUAL_REMOVALS,
    DUNLIN_ACCRUAL_REVIVALS,
    DUNLIN_ACCRUAL_PROBES,
    DUNLIN_ACCRUAL_REMOVED_FOR_MS,
    DUNLIN_N_ACCRUAL_COUNTS
} DunlinAccrualCount;

/* By value; read it through the functions. */
typedef struct {
    const DunlinAccrualOptions *options; /* borrowed: its client's */
    DunlinRandom *random;                /* borrowed: its loop's */
    DunlinAccrualState state;
    gint64 dead_until;
    guint failures; /* in a row */
    gint64 begun;   /* when the rate's first window began */
    DunlinEma rate;
    DunlinWindow requests;
    DunlinBackoff backoff;
    DunlinTally tally;
} DunlinAccrual;

/* @prefix: such as "clnt/taxa": the names begin with "clnt/taxa/failure_accrual/" */
void dunlin_accrual_metrics_init (DunlinTallyMetrics *self, const char *prefix);

/**
 * dunlin_accrual_init:
 * @options: borrowed: must outlive it
 * @random: borrowed: likewise
 * @metrics: (nullable): borrowed: likewise
 */
void dunlin_accrual_init (DunlinAccrual *self, const DunlinAccrualOptions *options,
                          DunlinRandom *random, const DunlinTallyMetrics *metrics, gint64 now);

DunlinAccrualState dunlin_accrual_get_state (DunlinAccrual *self, gint64 now);

/* Whether it should be called now. It may be called all the same, when there is no better one. */
gboolean dunlin_accrual_is_open (DunlinAccrual *self, gint64 now);

/* A call goes there: when one is waited for that will tell, this is it. Failing to connect for a
 * call is a call that failed. */
void dunlin_accrual_begin (DunlinAccrual *self, gint64 now);

/* How a call ended; the verdict's business (client/verdict.h) is which it was. Ignored ones tell
 * nothing: given up by their callers, refused by our own policies. */
void dunlin_accrual_succeeded (DunlinAccrual *self, gint64 now);
void dunlin_accrual_failed (DunlinAccrual *self, gint64 now);
void dunlin_accrual_ignored (DunlinAccrual *self, gint64 now);

guint64 dunlin_accrual_get_count (const DunlinAccrual *self, DunlinAccrualCount what);

/* Adds the state as members of a JSON object that the caller has begun. */
void dunlin_accrual_describe (DunlinAccrual *self, gint64 now, JsonBuilder *json);

G_END_DECLS
