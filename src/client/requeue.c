/* Requeues: see the header. */
#include "client/requeue.h"

#include "base/clock.h"

#include <math.h>

static const DunlinTallyRow rows[DUNLIN_N_REQUEUE_COUNTS] = {
    [DUNLIN_REQUEUES] = { "requeues", NULL, "Calls sent again." },
    [DUNLIN_REQUEUES_BUDGET_EXHAUSTED] = { "budget_exhausted", NULL,
                                           "Calls not sent again for want of budget." },
    [DUNLIN_REQUEUES_REQUEST_LIMIT] = { "request_limit", NULL,
                                        "Calls that had been sent as often as one may." },
    [DUNLIN_REQUEUES_CANNOT_RETRY] = { "cannot_retry", NULL,
                                       "Calls not sent again because no member was open." },
};

static const struct {
    const char *text;
    int count; /* DunlinRequeueCount, -1: none */
} answers[DUNLIN_N_REQUEUE_ANSWERS] = {
    [DUNLIN_REQUEUE_YES] = { "it is sent again", DUNLIN_REQUEUES },
    [DUNLIN_REQUEUE_UNSAFE] = { "it may not be sent again", -1 },
    [DUNLIN_REQUEUE_NOT_OPEN] = { "no member is well", DUNLIN_REQUEUES_CANNOT_RETRY },
    [DUNLIN_REQUEUE_LIMIT] = { "it was sent as often as one call may",
                               DUNLIN_REQUEUES_REQUEST_LIMIT },
    [DUNLIN_REQUEUE_NO_BUDGET] = { "the retry budget is used up",
                                   DUNLIN_REQUEUES_BUDGET_EXHAUSTED },
    [DUNLIN_REQUEUE_TOO_LATE] = { "no time is left", -1 },
};

const char *
dunlin_requeue_answer_to_string (DunlinRequeueAnswer answer)
{
    return answers[answer].text;
}

void
dunlin_requeue_metrics_init (DunlinRequeueMetrics *self, const char *prefix)
{
    g_autofree char *scope = g_strconcat (prefix, "/retries", NULL);
    g_autofree char *per_request = g_strconcat (scope, "/requeues_per_request", NULL);
    g_autofree char *budget = g_strconcat (scope, "/budget", NULL);

    dunlin_tally_metrics_init (&self->tally, scope, rows, G_N_ELEMENTS (rows));
    self->per_request = dunlin_histogram (per_request, NULL, "How often a call was sent again.");
    self->budget = dunlin_gauge (budget, NULL, "Calls that may be sent again now.");
}

void
dunlin_requeuer_init (DunlinRequeuer *self, const DunlinRequeueOptions *options,
                      const DunlinBudgetOptions *budget, DunlinRandom *random,
                      const DunlinRequeueMetrics *metrics, gint64 now)
{
    *self = (DunlinRequeuer){ .options = options != NULL ? *options : DUNLIN_REQUEUE_DEFAULTS,
                              .random = random,
                              .metrics = metrics };
    self->tally.metrics = metrics != NULL ? &metrics->tally : NULL;
    dunlin_budget_init (&self->budget, budget, now);
}

static void
publish (DunlinRequeuer *self, gint64 balance)
{
    if (self->metrics != NULL)
        dunlin_gauge_add (self->metrics->budget, balance - self->published);
    self->published = balance;
}

void
dunlin_requeuer_clear (DunlinRequeuer *self)
{
    publish (self, 0);
}

void
dunlin_requeuer_publish (DunlinRequeuer *self, gint64 now)
{
    publish (self, dunlin_budget_balance (&self->budget, now));
}

void
dunlin_requeuer_begin (DunlinRequeuer *self, DunlinRequeue *call, gint64 now)
{
    double balance = (double)dunlin_budget_balance (&self->budget, now);

    *call = (DunlinRequeue){
        .maximum = (guint)MIN (ceil (self->options.share * balance), self->options.maximum),
    };
}

static DunlinRequeueAnswer
decide (DunlinRequeuer *self, DunlinRequeue *call, const DunlinVerdict *verdict,
        gboolean idempotent, gboolean is_open, gint64 deadline, gint64 now, gint64 *wait)
{
    gint64 pause = 0;

    if (!dunlin_verdict_allows (verdict, idempotent))
        return DUNLIN_REQUEUE_UNSAFE;
    /* That more work is not wanted is believed when nobody is well. When they are merely lost, a
     * new call would be sent all the same (the balancer's panic), and so is this one. */
    if (!is_open && verdict->nack)
        return DUNLIN_REQUEUE_NOT_OPEN;
    if (call->attempts >= call->maximum)
        return DUNLIN_REQUEUE_LIMIT;
    pause = dunlin_backoff_next (&call->backoff, &self->options.backoff, self->random);
    if (deadline != DUNLIN_NEVER && deadline - now <= pause)
        return DUNLIN_REQUEUE_TOO_LATE;
    if (!dunlin_budget_withdraw (&self->budget, now))
        return DUNLIN_REQUEUE_NO_BUDGET;
    *wait = pause;
    return DUNLIN_REQUEUE_YES;
}

DunlinRequeueAnswer
dunlin_requeuer_ask (DunlinRequeuer *self, DunlinRequeue *call, const DunlinVerdict *verdict,
                     gboolean idempotent, gboolean is_open, gint64 deadline, gint64 now,
                     gint64 *wait)
{
    DunlinRequeueAnswer answer =
        decide (self, call, verdict, idempotent, is_open, deadline, now, wait);

    if (answers[answer].count >= 0)
        dunlin_tally_add (&self->tally, (guint)answers[answer].count, 1);
    if (answer == DUNLIN_REQUEUE_YES)
        call->attempts++;
    return answer;
}

void
dunlin_requeuer_end (DunlinRequeuer *self, const DunlinRequeue *call, const DunlinVerdict *verdict,
                     gint64 now)
{
    if (verdict->health == DUNLIN_HEALTH_GOOD)
        dunlin_budget_deposit (&self->budget, now);
    if (self->metrics != NULL)
        dunlin_histogram_record (self->metrics->per_request, call->attempts);
}

guint64
dunlin_requeuer_get_count (const DunlinRequeuer *self, DunlinRequeueCount what)
{
    return self->tally.counts[what];
}

void
dunlin_requeuer_describe (DunlinRequeuer *self, gint64 now, JsonBuilder *json)
{
    g_autofree char *backoff = dunlin_backoff_to_string (&self->options.backoff);

    dunlin_describe_int (json, "maximum", self->options.maximum);
    dunlin_describe_double (json, "share", self->options.share);
    dunlin_describe_string (json, "backoff", backoff);
    dunlin_tally_describe (&self->tally, rows, G_N_ELEMENTS (rows), json);
    json_builder_set_member_name (json, "budget");
    json_builder_begin_object (json);
    dunlin_budget_describe (&self->budget, now, json);
    json_builder_end_object (json);
}
