/* A leaky bucket of tokens: deposits and withdrawals both leave it after the ttl. */
#include "client/budget.h"

#include "client/tally.h"

/* Tokens of a deposit: what makes fractions down to a thousandth exact. */
#define SCALE 1000

void
dunlin_budget_init (DunlinBudget *self, const DunlinBudgetOptions *options, gint64 now)
{
    DunlinBudgetOptions given = options != NULL ? *options : DUNLIN_BUDGET_DEFAULTS;

    given.ttl = CLAMP (given.ttl, G_TIME_SPAN_SECOND, 60 * G_TIME_SPAN_SECOND);
    given.min_per_second = CLAMP (given.min_per_second, 0, 1e6);
    given.fraction = CLAMP (given.fraction, 0, SCALE);
    *self = (DunlinBudget){ .options = given, .deposit = 0, .price = SCALE };
    if (given.fraction > 1e-6) {
        self->deposit = SCALE;
        self->price = MAX ((gint64)(SCALE / given.fraction), 1);
    }
    self->reserve = (gint64)(given.min_per_second * ((double)given.ttl / G_TIME_SPAN_SECOND) *
                             (double)self->price);
    dunlin_window_init (&self->tokens, given.ttl, now);
}

static gint64
tokens (DunlinBudget *self, gint64 now)
{
    return dunlin_window_sum (&self->tokens, now) + self->reserve;
}

void
dunlin_budget_deposit (DunlinBudget *self, gint64 now)
{
    dunlin_window_add (&self->tokens, self->deposit, now);
}

gboolean
dunlin_budget_withdraw (DunlinBudget *self, gint64 now)
{
    if (tokens (self, now) < self->price)
        return FALSE;
    dunlin_window_add (&self->tokens, -self->price, now);
    return TRUE;
}

gint64
dunlin_budget_balance (DunlinBudget *self, gint64 now)
{
    return MAX (tokens (self, now), 0) / self->price;
}

void
dunlin_budget_describe (DunlinBudget *self, gint64 now, JsonBuilder *json)
{
    dunlin_describe_int (json, "balance", dunlin_budget_balance (self, now));
    dunlin_describe_ms (json, "ttl_ms", self->options.ttl);
    dunlin_describe_double (json, "min_per_second", self->options.min_per_second);
    dunlin_describe_double (json, "fraction", self->options.fraction);
}
