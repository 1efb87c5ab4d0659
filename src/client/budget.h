/* How many of a client's calls may be sent twice: a share of those that succeed, and a few a second
 * besides. What keeps retries from making a bad hour worse. Pure: time is an argument. */
#pragma once

#include "client/window.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * DunlinBudgetOptions:
 * @ttl: microseconds that a deposit (and a withdrawal) counts: 1 s to 60 s
 * @min_per_second: retries that are always allowed; a client with several loops gives each its part
 * @fraction: of deposits that may be retried, 0 to 1000; 0.2 is a fifth
 *
 * As Finagle's RetryBudget, whose defaults are DUNLIN_BUDGET_DEFAULTS.
 */
typedef struct {
    gint64 ttl;
    double min_per_second;
    double fraction;
} DunlinBudgetOptions;

#define DUNLIN_BUDGET_DEFAULTS ((DunlinBudgetOptions){ 10 * G_TIME_SPAN_SECOND, 10, 0.2 })

/* By value; all of it is private. */
typedef struct {
    DunlinBudgetOptions options;
    gint64 deposit; /* tokens of one deposit */
    gint64 price;   /* tokens of one retry */
    gint64 reserve; /* tokens that are always there, but for what was withdrawn */
    DunlinWindow tokens;
} DunlinBudget;

/* @options: (nullable): the defaults; what is out of its bounds is taken to them */
void dunlin_budget_init (DunlinBudget *self, const DunlinBudgetOptions *options, gint64 now);

/* A call has succeeded. */
void dunlin_budget_deposit (DunlinBudget *self, gint64 now);

/* Returns: whether one may be sent again: it is paid. */
gboolean dunlin_budget_withdraw (DunlinBudget *self, gint64 now);

/* Returns: how many may be sent again now; Finagle's gauge retries/budget. */
gint64 dunlin_budget_balance (DunlinBudget *self, gint64 now);

/* Adds the state as members of a JSON object that the caller has begun. */
void dunlin_budget_describe (DunlinBudget *self, gint64 now, JsonBuilder *json);

G_END_DECLS
