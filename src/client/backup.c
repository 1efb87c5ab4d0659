/* Backup requests: see the header. */
#include "client/backup.h"

#include "base/clock.h"

/* How often the percentile is looked up, as Finagle: it costs as much as the histogram has
 * buckets. */
#define REFRESH_INTERVAL (3 * G_TIME_SPAN_SECOND)
#define SLICE            (10 * G_TIME_SPAN_SECOND)

struct DunlinBackup {
    DunlinBackupOptions options;
    const DunlinBackupMetrics *metrics; /* borrowed, nullable */
    gint64 send_after;                  /* DUNLIN_NEVER: too little is known, or all are slow */
    gint64 next_refresh;
    DunlinBudget budget;
    DunlinTally tally;
    DunlinLatencyWindow latencies;
};

static const DunlinTallyRow rows[DUNLIN_N_BACKUP_COUNTS] = {
    [DUNLIN_BACKUPS_SENT] = { "backups_sent", NULL,
                              "Calls sent a second time for their slowness." },
    [DUNLIN_BACKUPS_WON] = { "backups_won", NULL, "Second ones that were faster." },
    [DUNLIN_BACKUPS_BUDGET_EXHAUSTED] = { "budget_exhausted", NULL,
                                          "Slow calls not sent again for want of budget." },
};

void
dunlin_backup_metrics_init (DunlinBackupMetrics *self, const char *prefix)
{
    g_autofree char *scope = g_strconcat (prefix, "/backups", NULL);
    g_autofree char *name = g_strconcat (scope, "/send_backup_after_ms", NULL);

    dunlin_tally_metrics_init (&self->tally, scope, rows, G_N_ELEMENTS (rows));
    self->send_after_ms =
        dunlin_histogram (name, "milliseconds", "After how long a call is sent a second time.");
}

DunlinBackup *
dunlin_backup_new (const DunlinBackupOptions *options, const DunlinBackupMetrics *metrics,
                   gint64 now)
{
    DunlinBackup *self = g_new0 (DunlinBackup, 1);
    DunlinBudgetOptions budget = DUNLIN_BUDGET_DEFAULTS;

    self->options = options != NULL ? *options : DUNLIN_BACKUP_DEFAULTS;
    self->options.extra_load = CLAMP (self->options.extra_load, 0, 0.99);
    self->metrics = metrics;
    self->tally.metrics = metrics != NULL ? &metrics->tally : NULL;
    self->send_after = DUNLIN_NEVER;
    self->next_refresh = now + REFRESH_INTERVAL;
    budget.min_per_second = 0; /* or clients with few calls would send most of them twice */
    budget.fraction = self->options.extra_load;
    dunlin_budget_init (&self->budget, &budget, now);
    dunlin_latency_window_init (&self->latencies, SLICE, now);
    return self;
}

void
dunlin_backup_free (DunlinBackup *self)
{
    g_free (self);
}

/* So many calls that one of them is beyond the percentile. */
static gboolean
knows_enough (DunlinBackup *self, gint64 now)
{
    double n = (double)dunlin_latency_window_count (&self->latencies, now);

    return n * self->options.extra_load >= 1;
}

static void
refresh (DunlinBackup *self, gint64 now)
{
    gint64 after = 0;

    self->next_refresh = now + REFRESH_INTERVAL;
    self->send_after = DUNLIN_NEVER;
    if (!knows_enough (self, now))
        return;
    after = dunlin_latency_window_percentile (&self->latencies, 1 - self->options.extra_load, now);
    after = MAX (after, self->options.minimum);
    if (self->metrics != NULL)
        dunlin_histogram_record (self->metrics->send_after_ms,
                                 (guint64)after / G_TIME_SPAN_MILLISECOND);
    if (after < self->options.maximum)
        self->send_after = after;
}

gint64
dunlin_backup_begin (DunlinBackup *self, gint64 now)
{
    if (now >= self->next_refresh)
        refresh (self, now);
    dunlin_budget_deposit (&self->budget, now);
    return self->send_after;
}

gboolean
dunlin_backup_may_send (DunlinBackup *self, DunlinBudget *budget, gint64 now)
{
    /* Both or none: looked at first, so that what one gives is not lost by the other's refusal. */
    gboolean paid = (budget == NULL || dunlin_budget_balance (budget, now) > 0) &&
                    dunlin_budget_withdraw (&self->budget, now);

    if (paid && budget != NULL)
        dunlin_budget_withdraw (budget, now);
    dunlin_tally_add (&self->tally, paid ? DUNLIN_BACKUPS_SENT : DUNLIN_BACKUPS_BUDGET_EXHAUSTED,
                      1);
    return paid;
}

void
dunlin_backup_won (DunlinBackup *self)
{
    dunlin_tally_add (&self->tally, DUNLIN_BACKUPS_WON, 1);
}

void
dunlin_backup_record (DunlinBackup *self, gint64 took, gint64 now)
{
    dunlin_latency_window_record (&self->latencies, took, now);
}

guint64
dunlin_backup_get_count (const DunlinBackup *self, DunlinBackupCount what)
{
    return self->tally.counts[what];
}

void
dunlin_backup_describe (DunlinBackup *self, gint64 now, JsonBuilder *json)
{
    dunlin_describe_double (json, "max_extra_load", self->options.extra_load);
    if (self->send_after == DUNLIN_NEVER) /* not a number that anybody should take for one */
        dunlin_describe_string (json, "send_backup_after_ms", NULL);
    else
        dunlin_describe_double (json, "send_backup_after_ms",
                                (double)self->send_after / G_TIME_SPAN_MILLISECOND);
    dunlin_describe_int (json, "balance", dunlin_budget_balance (&self->budget, now));
    dunlin_describe_int (json, "calls_in_window",
                         (gint64)dunlin_latency_window_count (&self->latencies, now));
    dunlin_tally_describe (&self->tally, rows, G_N_ELEMENTS (rows), json);
}
