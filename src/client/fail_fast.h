/* Whether a member can be connected to at all: after one failure nobody tries for a call's sake,
 * only probes do, until one connects. One a member and loop. Pure: time is an argument. */
#pragma once

#include "client/backoff.h"
#include "client/tally.h"

G_BEGIN_DECLS

/* Between probes, as Finagle's. */
#define DUNLIN_FAIL_FAST_DEFAULTS                                                                  \
    ((DunlinBackoffOptions){ DUNLIN_BACKOFF_FULL_JITTER, G_TIME_SPAN_SECOND,                       \
                             32 * G_TIME_SPAN_SECOND })

typedef enum {
    DUNLIN_FAIL_FAST_MARKED_DEAD,
    DUNLIN_FAIL_FAST_MARKED_AVAILABLE,
    DUNLIN_N_FAIL_FAST_COUNTS
} DunlinFailFastCount;

/* By value; read it through the functions. */
typedef struct {
    const DunlinBackoffOptions *options; /* borrowed: its client's */
    DunlinRandom *random;                /* borrowed: its loop's */
    gboolean down;
    gboolean probing;
    gint64 since;      /* it has been down */
    gint64 next_probe; /* DUNLIN_NEVER: none is due, or one is running */
    guint tries;       /* probes that failed */
    DunlinBackoff backoff;
    DunlinTally tally;
} DunlinFailFast;

/* @prefix: such as "clnt/taxa": the names begin with "clnt/taxa/failfast/" */
void dunlin_fail_fast_metrics_init (DunlinTallyMetrics *self, const char *prefix);

/* @options, @random, @metrics: borrowed: must outlive it; @metrics may be NULL */
void dunlin_fail_fast_init (DunlinFailFast *self, const DunlinBackoffOptions *options,
                            DunlinRandom *random, const DunlinTallyMetrics *metrics);

/* Whether calls may go there. @alone: there is no other member, and so nothing is gained by not
 * trying. */
gboolean dunlin_fail_fast_is_open (const DunlinFailFast *self, gboolean alone);

/* A connection was opened, or could not be: a call's or a probe's. */
void dunlin_fail_fast_connected (DunlinFailFast *self);
void dunlin_fail_fast_failed (DunlinFailFast *self, gint64 now);

/* Returns: when a probe is due; DUNLIN_NEVER: none is. */
gint64 dunlin_fail_fast_get_next_probe (const DunlinFailFast *self);

/* Returns: whether to connect now, without a call; its end is told as any connection's. */
gboolean dunlin_fail_fast_begin_probe (DunlinFailFast *self, gint64 now);

guint64 dunlin_fail_fast_get_count (const DunlinFailFast *self, DunlinFailFastCount what);

/* Adds the state as members of a JSON object that the caller has begun. */
void dunlin_fail_fast_describe (const DunlinFailFast *self, gint64 now, JsonBuilder *json);

G_END_DECLS
