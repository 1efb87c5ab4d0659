/* Whether the record that get() brings is the one that the load generator has stored. */
#pragma once

#include "conformance_conformance_types.h"

#define CALLER_RECORD_ID 4711

static inline gboolean
caller_record_is_right (const ConformanceAddress *record)
{
    static const char *const emails[] = { "ada@analytical-engine.example",
                                          "countess@lovelace.example", "notes@menabrea.example" };
    const char *field;

    if (record->id != CALLER_RECORD_ID ||
        record->updated_at_ms != G_GINT64_CONSTANT (1700000000000))
        return FALSE;
    if (g_strcmp0 (record->full_name, "Augusta Ada King, Countess of Lovelace") != 0 ||
        record->emails == NULL || record->emails->len != G_N_ELEMENTS (emails))
        return FALSE;
    for (guint i = 0; i < record->emails->len; i++)
        if (g_strcmp0 (g_ptr_array_index (record->emails, i), emails[i]) != 0)
            return FALSE;
    if (record->labels == NULL || g_hash_table_size (record->labels) != 1)
        return FALSE;
    field = g_hash_table_lookup (record->labels, "field");
    return g_strcmp0 (field, "mathematics") == 0;
}
