/* Failure accrual: counts that kill, time that pardons, a probe that revives. */
#include "client/accrual.h"

static const DunlinTallyRow rows[DUNLIN_N_ACCRUAL_COUNTS] = {
    [DUNLIN_ACCRUAL_REMOVALS] = { "removals", NULL, "Members that have failed too often." },
    [DUNLIN_ACCRUAL_REVIVALS] = { "revivals", NULL, "Members whose probe was answered." },
    [DUNLIN_ACCRUAL_PROBES] = { "probes", NULL, "Calls sent to see whether a member is well." },
    [DUNLIN_ACCRUAL_REMOVED_FOR_MS] = { "removed_for_ms", "milliseconds",
                                        "For how long members were to be left alone." },
};

static const char *const state_names[] = {
    [DUNLIN_ACCRUAL_ALIVE] = "alive",
    [DUNLIN_ACCRUAL_DEAD] = "dead",
    [DUNLIN_ACCRUAL_PROBE_OPEN] = "probe_open",
    [DUNLIN_ACCRUAL_PROBE_CLOSED] = "probe_closed",
};

void
dunlin_accrual_metrics_init (DunlinTallyMetrics *self, const char *prefix)
{
    g_autofree char *scope = g_strconcat (prefix, "/failure_accrual", NULL);

    dunlin_tally_metrics_init (self, scope, rows, G_N_ELEMENTS (rows));
}

/* As if nothing had happened. */
static void
start_afresh (DunlinAccrual *self, gint64 now)
{
    self->state = DUNLIN_ACCRUAL_ALIVE;
    self->failures = 0;
    self->begun = now;
    self->backoff = (DunlinBackoff){ 0 };
    /* In good faith: else a first call that fails would weigh as much as all before it. */
    dunlin_ema_init_at (&self->rate, self->options->window, 1, now);
    dunlin_window_init (&self->requests, self->options->window, now);
}

void
dunlin_accrual_init (DunlinAccrual *self, const DunlinAccrualOptions *options, DunlinRandom *random,
                     const DunlinTallyMetrics *metrics, gint64 now)
{
    *self = (DunlinAccrual){ .options = options, .random = random, .tally.metrics = metrics };
    start_afresh (self, now);
}

DunlinAccrualState
dunlin_accrual_get_state (DunlinAccrual *self, gint64 now)
{
    if (self->state == DUNLIN_ACCRUAL_DEAD && now >= self->dead_until)
        self->state = DUNLIN_ACCRUAL_PROBE_OPEN;
    return self->state;
}

gboolean
dunlin_accrual_is_open (DunlinAccrual *self, gint64 now)
{
    DunlinAccrualState state = dunlin_accrual_get_state (self, now);

    return state == DUNLIN_ACCRUAL_ALIVE || state == DUNLIN_ACCRUAL_PROBE_OPEN;
}

void
dunlin_accrual_begin (DunlinAccrual *self, gint64 now)
{
    if (dunlin_accrual_get_state (self, now) != DUNLIN_ACCRUAL_PROBE_OPEN)
        return;
    self->state = DUNLIN_ACCRUAL_PROBE_CLOSED;
    dunlin_tally_add (&self->tally, DUNLIN_ACCRUAL_PROBES, 1);
}

static void
record (DunlinAccrual *self, double success, gint64 now)
{
    dunlin_window_add (&self->requests, 1, now);
    dunlin_ema_update (&self->rate, success, now);
}

void
dunlin_accrual_succeeded (DunlinAccrual *self, gint64 now)
{
    if (dunlin_accrual_get_state (self, now) == DUNLIN_ACCRUAL_PROBE_CLOSED) {
        dunlin_tally_add (&self->tally, DUNLIN_ACCRUAL_REVIVALS, 1);
        start_afresh (self, now);
    }
    self->failures = 0;
    record (self, 1, now);
}

static gboolean
rate_is_too_low (DunlinAccrual *self, gint64 now)
{
    return now - self->begun >= self->options->window &&
           self->rate.value < self->options->success_rate &&
           dunlin_window_sum (&self->requests, now) >= self->options->min_requests;
}

static void
kill_it (DunlinAccrual *self, gint64 now)
{
    gint64 pause = dunlin_backoff_next (&self->backoff, &self->options->backoff, self->random);

    if (self->state == DUNLIN_ACCRUAL_ALIVE)
        dunlin_tally_add (&self->tally, DUNLIN_ACCRUAL_REMOVALS, 1);
    dunlin_tally_add (&self->tally, DUNLIN_ACCRUAL_REMOVED_FOR_MS,
                      (guint64)pause / G_TIME_SPAN_MILLISECOND);
    self->state = DUNLIN_ACCRUAL_DEAD;
    self->dead_until = now + pause;
}

void
dunlin_accrual_failed (DunlinAccrual *self, gint64 now)
{
    DunlinAccrualState state = dunlin_accrual_get_state (self, now);
    gboolean in_a_row = FALSE;

    /* What fails of the calls that were sent before it died is no news. */
    if (state == DUNLIN_ACCRUAL_DEAD || state == DUNLIN_ACCRUAL_PROBE_OPEN)
        return;
    self->failures++;
    record (self, 0, now);
    in_a_row = self->options->failures > 0 && self->failures >= self->options->failures;
    if (in_a_row || rate_is_too_low (self, now) || state == DUNLIN_ACCRUAL_PROBE_CLOSED)
        kill_it (self, now);
}

void
dunlin_accrual_ignored (DunlinAccrual *self, gint64 now)
{
    if (dunlin_accrual_get_state (self, now) == DUNLIN_ACCRUAL_PROBE_CLOSED)
        self->state = DUNLIN_ACCRUAL_PROBE_OPEN;
}

guint64
dunlin_accrual_get_count (const DunlinAccrual *self, DunlinAccrualCount what)
{
    return self->tally.counts[what];
}

void
dunlin_accrual_describe (DunlinAccrual *self, gint64 now, JsonBuilder *json)
{
    DunlinAccrualState state = dunlin_accrual_get_state (self, now);
    g_autofree char *backoff = dunlin_backoff_to_string (&self->options->backoff);

    dunlin_describe_string (json, "state", state_names[state]);
    dunlin_describe_ms (json, "dead_for_ms",
                        state == DUNLIN_ACCRUAL_DEAD ? self->dead_until - now : 0);
    dunlin_describe_int (json, "failures_in_a_row", self->failures);
    dunlin_describe_int (json, "failures_allowed", self->options->failures);
    dunlin_describe_double (json, "success_rate", self->rate.value);
    dunlin_describe_double (json, "success_rate_required", self->options->success_rate);
    dunlin_describe_string (json, "left_alone", backoff);
    dunlin_tally_describe (&self->tally, rows, G_N_ELEMENTS (rows), json);
}
