/* Nack admission: see the header. */
#include "client/nack_admission.h"

static const DunlinTallyRow rows[DUNLIN_N_NACK_ADMISSION_COUNTS] = {
    [DUNLIN_NACK_ADMISSION_DROPPED] = { "dropped_requests", NULL,
                                        "Calls not sent because most of them are refused." },
};

void
dunlin_nack_admission_metrics_init (DunlinTallyMetrics *self, const char *prefix)
{
    g_autofree char *scope = g_strconcat (prefix, "/nack_admission_control", NULL);

    dunlin_tally_metrics_init (self, scope, rows, G_N_ELEMENTS (rows));
}

void
dunlin_nack_admission_init (DunlinNackAdmission *self, const DunlinNackAdmissionOptions *options,
                            const DunlinTallyMetrics *metrics, gint64 now)
{
    *self = (DunlinNackAdmission){
        .options = options != NULL ? *options : DUNLIN_NACK_ADMISSION_DEFAULTS,
        .tally.metrics = metrics,
    };
    self->options.nack_rate = CLAMP (self->options.nack_rate, 0.01, 0.99);
    dunlin_ema_init_at (&self->accepted, self->options.window, 1, now);
    dunlin_window_init (&self->calls, G_TIME_SPAN_SECOND, now);
}

static gboolean
has_enough_calls (DunlinNackAdmission *self, gint64 now)
{
    return dunlin_window_sum (&self->calls, now) >= (gint64)self->options.min_per_second;
}

/* None at the threshold, and the more the fewer are accepted. */
static double
part_to_drop (const DunlinNackAdmission *self)
{
    double threshold = 1 - self->options.nack_rate;

    if (self->accepted.value >= threshold)
        return 0;
    return MIN (self->options.max_drop, 1 - self->accepted.value / threshold);
}

gboolean
dunlin_nack_admission_admit (DunlinNackAdmission *self, DunlinRandom *random, gint64 now)
{
    double part = part_to_drop (self);

    dunlin_window_add (&self->calls, 1, now);
    if (part <= 0 || !has_enough_calls (self, now) || dunlin_random_fraction (random) >= part)
        return TRUE;
    dunlin_tally_add (&self->tally, DUNLIN_NACK_ADMISSION_DROPPED, 1);
    return FALSE;
}

void
dunlin_nack_admission_record (DunlinNackAdmission *self, gboolean nacked, gint64 now)
{
    gboolean counts = nacked && has_enough_calls (self, now);

    dunlin_ema_update (&self->accepted, counts ? 0 : 1, now);
}

guint64
dunlin_nack_admission_get_count (const DunlinNackAdmission *self, DunlinNackAdmissionCount what)
{
    return self->tally.counts[what];
}

void
dunlin_nack_admission_describe (DunlinNackAdmission *self, gint64 now, JsonBuilder *json)
{
    dunlin_describe_double (json, "accepted", self->accepted.value);
    dunlin_describe_double (json, "dropped_part", part_to_drop (self));
    dunlin_describe_double (json, "nack_rate_threshold", self->options.nack_rate);
    dunlin_describe_int (json, "calls_last_second", dunlin_window_sum (&self->calls, now));
    dunlin_tally_describe (&self->tally, rows, G_N_ELEMENTS (rows), json);
}
