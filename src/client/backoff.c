/* The kinds of back-off, one function each. */
#include "client/backoff.h"

/* The first, doubled @times, and never above the maximum, nor around the end of 64 bits. */
static gint64
doubled (const DunlinBackoffOptions *options, guint times)
{
    if (times >= 62 || options->first > options->maximum >> times)
        return options->maximum;
    return options->first << times;
}

static gint64
up_to (DunlinRandom *random, gint64 limit)
{
    return limit > 0 ? (gint64)dunlin_random_below (random, (guint64)limit + 1) : 0;
}

static gint64
constant (const DunlinBackoff *self, const DunlinBackoffOptions *options, DunlinRandom *random)
{
    return options->first;
}

static gint64
exponential (const DunlinBackoff *self, const DunlinBackoffOptions *options, DunlinRandom *random)
{
    return doubled (options, self->attempts);
}

static gint64
full_jitter (const DunlinBackoff *self, const DunlinBackoffOptions *options, DunlinRandom *random)
{
    return up_to (random, doubled (options, self->attempts));
}

static gint64
equal_jitter (const DunlinBackoff *self, const DunlinBackoffOptions *options, DunlinRandom *random)
{
    gint64 half = doubled (options, self->attempts - 1);

    return half + up_to (random, MIN (half, options->maximum - half));
}

static gint64
decorrelated (const DunlinBackoff *self, const DunlinBackoffOptions *options, DunlinRandom *random)
{
    gint64 limit = self->last > options->maximum / 3 ? options->maximum : self->last * 3;

    return self->last + up_to (random, limit - self->last);
}

static const struct {
    const char *name;
    gint64 (*next) (const DunlinBackoff *, const DunlinBackoffOptions *, DunlinRandom *);
} kinds[] = {
    [DUNLIN_BACKOFF_CONSTANT] = { "constant", constant },
    [DUNLIN_BACKOFF_EXPONENTIAL] = { "exponential", exponential },
    [DUNLIN_BACKOFF_FULL_JITTER] = { "full jitter", full_jitter },
    [DUNLIN_BACKOFF_EQUAL_JITTER] = { "equal jitter", equal_jitter },
    [DUNLIN_BACKOFF_DECORRELATED] = { "decorrelated", decorrelated },
};

gint64
dunlin_backoff_next (DunlinBackoff *self, const DunlinBackoffOptions *options, DunlinRandom *random)
{
    gint64 wait = options->first;

    if (self->attempts > 0)
        wait = kinds[options->kind].next (self, options, random);
    self->last = CLAMP (wait, 0, options->maximum);
    if (self->attempts < G_MAXUINT)
        self->attempts++;
    return self->last;
}

char *
dunlin_backoff_to_string (const DunlinBackoffOptions *options)
{
    double first = (double)options->first / G_TIME_SPAN_SECOND;
    double maximum = (double)options->maximum / G_TIME_SPAN_SECOND;

    if (options->kind == DUNLIN_BACKOFF_CONSTANT)
        return g_strdup_printf ("constant, %g s", MIN (first, maximum));
    return g_strdup_printf ("%s, %g s to %g s", kinds[options->kind].name, first, maximum);
}
