/* Calls in numbers: begun at a rate, or by so many callers, on loops of their own. */
#pragma once

#include "base/histogram.h"
#include "cli/request.h"

G_BEGIN_DECLS

/**
 * CliLoadPlan:
 * @rate: calls a second, begun on time; 0: each caller makes one after the other
 * @concurrency: callers; with @rate the most calls at once
 * @requests: in all; 0: no limit
 * @duration: microseconds during which calls are begun
 */
typedef struct {
    guint loops;
    guint64 rate;
    guint concurrency;
    guint64 requests;
    gint64 duration;
} CliLoadPlan;

/**
 * CliLoadCounts:
 * @done: calls that have ended
 * @declared: of them, with an exception that the method declares
 * @failed: of them, with a failure
 * @late: of the failed, those that were not even begun: too many were under way
 * @latency: of those that were answered, microseconds; with a rate from when they should have begun
 */
typedef struct {
    guint64 done;
    guint64 declared;
    guint64 failed;
    guint64 late;
    DunlinHistogramData latency;
} CliLoadCounts;

typedef struct CliLoad CliLoad;

/* Returns: (transfer full) (nullable): a load that has begun. @client and @request must outlive it.
 */
CliLoad *cli_load_start (const CliLoadPlan *plan, DunlinClient *client, const CliRequest *request,
                         DunlinEncoding encoding, GError **error);

/* Waits until @deadline, or the end. Returns: whether it has ended. */
gboolean cli_load_wait (CliLoad *self, gint64 deadline);

/* Begins no more calls. */
void cli_load_stop (CliLoad *self);

/* What has come so far. */
void cli_load_read (CliLoad *self, CliLoadCounts *counts);

/* Returns: (transfer full): each kind of failure and its number, one a line; "" for none. Once it
 * has ended. */
char *cli_load_failures (CliLoad *self);

/* Stops it and waits for the calls under way. */
void cli_load_free (CliLoad *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliLoad, cli_load_free)

G_END_DECLS
