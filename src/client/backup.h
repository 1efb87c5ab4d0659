/* When a call that is slower than most is sent a second time, to whoever answers first: a few
 * percent more load for a much shorter tail. One a method and loop; for idempotent methods only.
 * Pure: time is an argument. */
#pragma once

#include "client/budget.h"
#include "client/latency_window.h"
#include "client/tally.h"

G_BEGIN_DECLS

/**
 * DunlinBackupOptions:
 * @extra_load: of all calls at most such a part is sent twice, 0 to below 1; and calls that are
 *   slower than all but such a part are: 0.01 is the 99th percentile
 * @minimum: microseconds: never earlier than that
 * @maximum: microseconds: when even the percentile takes as long, none is sent
 *
 * As Finagle's BackupRequestFilter.
 */
typedef struct {
    double extra_load;
    gint64 minimum;
    gint64 maximum;
} DunlinBackupOptions;

#define DUNLIN_BACKUP_DEFAULTS                                                                     \
    ((DunlinBackupOptions){ 0.01, G_TIME_SPAN_MILLISECOND, 2 * G_TIME_SPAN_SECOND })

typedef enum {
    DUNLIN_BACKUPS_SENT,
    DUNLIN_BACKUPS_WON, /* the second was faster */
    DUNLIN_BACKUPS_BUDGET_EXHAUSTED,
    DUNLIN_N_BACKUP_COUNTS
} DunlinBackupCount;

/* A client's metrics: backups/backups_sent and so on. */
typedef struct {
    DunlinTallyMetrics tally;
    DunlinHistogram send_after_ms;
} DunlinBackupMetrics;

typedef struct DunlinBackup DunlinBackup;

/* @prefix: such as "clnt/taxa": the names begin with "clnt/taxa/backups/" */
void dunlin_backup_metrics_init (DunlinBackupMetrics *self, const char *prefix);

/**
 * dunlin_backup_new:
 * @options: (nullable): the defaults
 * @metrics: (nullable): borrowed: its client's
 *
 * Returns: (transfer full): of one method.
 */
DunlinBackup *dunlin_backup_new (const DunlinBackupOptions *options,
                                 const DunlinBackupMetrics *metrics, gint64 now);
void dunlin_backup_free (DunlinBackup *self);

/* A call begins. Returns: microseconds after which it may be sent again; DUNLIN_NEVER: it is not.
 */
gint64 dunlin_backup_begin (DunlinBackup *self, gint64 now);

/**
 * dunlin_backup_may_send:
 * @budget: (nullable): the client's retry budget, which backups are paid from as well
 *
 * The time is over and there is no answer.
 *
 * Returns: whether to send it again: it is paid and counted.
 */
gboolean dunlin_backup_may_send (DunlinBackup *self, DunlinBudget *budget, gint64 now);

/* The second was answered first, and well. */
void dunlin_backup_won (DunlinBackup *self);

/* How long a try took: of those that succeeded, of those that reached their time-out, and of those
 * given up because the other one was faster, so that slow ones do not go unseen. */
void dunlin_backup_record (DunlinBackup *self, gint64 took, gint64 now);

guint64 dunlin_backup_get_count (const DunlinBackup *self, DunlinBackupCount what);

/* Adds the state as members of a JSON object that the caller has begun. */
void dunlin_backup_describe (DunlinBackup *self, gint64 now, JsonBuilder *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinBackup, dunlin_backup_free)

G_END_DECLS
