/* What a policy counts: see the header. */
#include "client/tally.h"

void
dunlin_tally_metrics_init (DunlinTallyMetrics *self, const char *prefix, const DunlinTallyRow *rows,
                           guint n)
{
    g_assert (n <= DUNLIN_TALLY_MAX);
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = g_strconcat (prefix, "/", rows[i].name, NULL);

        self->counters[i] = dunlin_counter (name, rows[i].unit, rows[i].help);
    }
}

void
dunlin_tally_describe (const DunlinTally *self, const DunlinTallyRow *rows, guint n,
                       JsonBuilder *json)
{
    for (guint i = 0; i < n; i++)
        dunlin_describe_int (json, rows[i].name, (gint64)self->counts[i]);
}

void
dunlin_describe_int (JsonBuilder *json, const char *name, gint64 value)
{
    json_builder_set_member_name (json, name);
    json_builder_add_int_value (json, value);
}

void
dunlin_describe_double (JsonBuilder *json, const char *name, double value)
{
    json_builder_set_member_name (json, name);
    json_builder_add_double_value (json, value);
}

void
dunlin_describe_string (JsonBuilder *json, const char *name, const char *value)
{
    json_builder_set_member_name (json, name);
    if (value != NULL)
        json_builder_add_string_value (json, value);
    else
        json_builder_add_null_value (json);
}

void
dunlin_describe_boolean (JsonBuilder *json, const char *name, gboolean value)
{
    json_builder_set_member_name (json, name);
    json_builder_add_boolean_value (json, value);
}

void
dunlin_describe_ms (JsonBuilder *json, const char *name, gint64 microseconds)
{
    dunlin_describe_int (json, name, microseconds / G_TIME_SPAN_MILLISECOND);
}
