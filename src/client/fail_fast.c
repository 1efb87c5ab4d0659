/* Fail fast: see the header. */
#include "client/fail_fast.h"

#include "base/clock.h"

static const DunlinTallyRow rows[DUNLIN_N_FAIL_FAST_COUNTS] = {
    [DUNLIN_FAIL_FAST_MARKED_DEAD] = { "marked_dead", NULL,
                                       "Members that could not be connected to." },
    [DUNLIN_FAIL_FAST_MARKED_AVAILABLE] = { "marked_available", NULL,
                                            "Members that could be connected to again." },
};

void
dunlin_fail_fast_metrics_init (DunlinTallyMetrics *self, const char *prefix)
{
    g_autofree char *scope = g_strconcat (prefix, "/failfast", NULL);

    dunlin_tally_metrics_init (self, scope, rows, G_N_ELEMENTS (rows));
}

void
dunlin_fail_fast_init (DunlinFailFast *self, const DunlinBackoffOptions *options,
                       DunlinRandom *random, const DunlinTallyMetrics *metrics)
{
    *self = (DunlinFailFast){
        .options = options, .random = random, .next_probe = DUNLIN_NEVER, .tally.metrics = metrics
    };
}

gboolean
dunlin_fail_fast_is_open (const DunlinFailFast *self, gboolean alone)
{
    return !self->down || alone;
}

void
dunlin_fail_fast_connected (DunlinFailFast *self)
{
    if (!self->down)
        return;
    self->down = self->probing = FALSE;
    self->next_probe = DUNLIN_NEVER;
    self->tries = 0;
    self->backoff = (DunlinBackoff){ 0 };
    dunlin_tally_add (&self->tally, DUNLIN_FAIL_FAST_MARKED_AVAILABLE, 1);
}

void
dunlin_fail_fast_failed (DunlinFailFast *self, gint64 now)
{
    /* Calls that were connecting at the same time, or in panic, do not put probes off. */
    if (self->down && !self->probing)
        return;
    if (!self->down) {
        self->since = now;
        dunlin_tally_add (&self->tally, DUNLIN_FAIL_FAST_MARKED_DEAD, 1);
    } else {
        self->tries++;
    }
    self->down = TRUE;
    self->probing = FALSE;
    self->next_probe = now + dunlin_backoff_next (&self->backoff, self->options, self->random);
}

gint64
dunlin_fail_fast_get_next_probe (const DunlinFailFast *self)
{
    return self->next_probe;
}

gboolean
dunlin_fail_fast_begin_probe (DunlinFailFast *self, gint64 now)
{
    if (now < self->next_probe)
        return FALSE;
    self->probing = TRUE;
    self->next_probe = DUNLIN_NEVER;
    return TRUE;
}

guint64
dunlin_fail_fast_get_count (const DunlinFailFast *self, DunlinFailFastCount what)
{
    return self->tally.counts[what];
}

void
dunlin_fail_fast_describe (const DunlinFailFast *self, gint64 now, JsonBuilder *json)
{
    gboolean waits = self->next_probe != DUNLIN_NEVER;

    dunlin_describe_boolean (json, "is_marked_dead", self->down);
    dunlin_describe_ms (json, "unhealthy_for_ms", self->down ? now - self->since : 0);
    dunlin_describe_int (json, "unhealthy_num_tries", self->tries);
    dunlin_describe_ms (json, "next_probe_in_ms", waits ? MAX (self->next_probe - now, 0) : 0);
    dunlin_tally_describe (&self->tally, rows, G_N_ELEMENTS (rows), json);
}
