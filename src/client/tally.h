/* What a policy counts: by itself, for whoever looks at one member of one loop, and into the
 * metrics of its client, which add up members and loops. */
#pragma once

#include "base/stats.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define DUNLIN_TALLY_MAX 10

/* One thing that is counted. The name comes after the client's in metrics. */
typedef struct {
    const char *name;
    const char *unit; /* nullable */
    const char *help;
} DunlinTallyRow;

/* The metrics of a client that a kind of policy counts into: made once, shared by all instances. */
typedef struct {
    DunlinCounter counters[DUNLIN_TALLY_MAX];
} DunlinTallyMetrics;

typedef struct {
    const DunlinTallyMetrics *metrics; /* borrowed, nullable */
    guint64 counts[DUNLIN_TALLY_MAX];
} DunlinTally;

/* @prefix: such as "clnt/taxa/failure_accrual" */
void dunlin_tally_metrics_init (DunlinTallyMetrics *self, const char *prefix,
                                const DunlinTallyRow *rows, guint n);

static inline void
dunlin_tally_add (DunlinTally *self, guint row, guint64 n)
{
    self->counts[row] += n;
    if (self->metrics != NULL)
        dunlin_counter_add (self->metrics->counters[row], n);
}

/* Adds the counts as members of a JSON object that the caller has begun. */
void dunlin_tally_describe (const DunlinTally *self, const DunlinTallyRow *rows, guint n,
                            JsonBuilder *json);

/* For what else policies say of themselves. */
void dunlin_describe_int (JsonBuilder *json, const char *name, gint64 value);
void dunlin_describe_double (JsonBuilder *json, const char *name, double value);
void dunlin_describe_string (JsonBuilder *json, const char *name, const char *value);
void dunlin_describe_boolean (JsonBuilder *json, const char *name, gboolean value);
/* In milliseconds: @name should end in "_ms". */
void dunlin_describe_ms (JsonBuilder *json, const char *name, gint64 microseconds);

G_END_DECLS
