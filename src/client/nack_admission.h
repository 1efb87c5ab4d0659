/* Whether to send anything at all to a service that refuses most of what it gets: a part of the
 * calls fails here at once, so that the service has time for the rest. One a client and loop. Pure:
 * time and chance are arguments. */
#pragma once

#include "client/ema.h"
#include "client/tally.h"
#include "client/window.h"
#include "base/random.h"

G_BEGIN_DECLS

/**
 * DunlinNackAdmissionOptions:
 * @window: microseconds over which the share of nacks is taken
 * @nack_rate: calls are dropped when more than this part is refused, above 0 to below 1
 * @min_per_second: with fewer calls nothing is dropped, nor any nack counted
 * @max_drop: the largest part that is dropped
 *
 * As Finagle's NackAdmissionFilter.
 */
typedef struct {
    gint64 window;
    double nack_rate;
    guint min_per_second;
    double max_drop;
} DunlinNackAdmissionOptions;

#define DUNLIN_NACK_ADMISSION_DEFAULTS                                                             \
    ((DunlinNackAdmissionOptions){ 2 * G_TIME_SPAN_MINUTE, 0.5, 5, 0.75 })

typedef enum {
    DUNLIN_NACK_ADMISSION_DROPPED,
    DUNLIN_N_NACK_ADMISSION_COUNTS
} DunlinNackAdmissionCount;

/* By value; read it through the functions. */
typedef struct {
    DunlinNackAdmissionOptions options;
    DunlinEma accepted; /* 1: all of it */
    DunlinWindow calls; /* of the last second */
    DunlinTally tally;
} DunlinNackAdmission;

/* @prefix: such as "clnt/taxa": the names begin with "clnt/taxa/nack_admission_control/" */
void dunlin_nack_admission_metrics_init (DunlinTallyMetrics *self, const char *prefix);

/* @options: (nullable): the defaults. @metrics: (nullable): borrowed: its client's */
void dunlin_nack_admission_init (DunlinNackAdmission *self,
                                 const DunlinNackAdmissionOptions *options,
                                 const DunlinTallyMetrics *metrics, gint64 now);

/* A call begins. Returns: whether it is sent; else it fails with OVERLOADED, and is not requeued.
 */
gboolean dunlin_nack_admission_admit (DunlinNackAdmission *self, DunlinRandom *random, gint64 now);

/* A call that was sent has ended. @nacked: as its verdict says (client/verdict.h) */
void dunlin_nack_admission_record (DunlinNackAdmission *self, gboolean nacked, gint64 now);

guint64 dunlin_nack_admission_get_count (const DunlinNackAdmission *self,
                                         DunlinNackAdmissionCount what);

/* Adds the state as members of a JSON object that the caller has begun. */
void dunlin_nack_admission_describe (DunlinNackAdmission *self, gint64 now, JsonBuilder *json);

G_END_DECLS
