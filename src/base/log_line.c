/* Log lines as text and as JSON. Whatever a peer has sent is escaped: it cannot forge a line. */
#include "base/log_line.h"

#include "base/clock.h"
#include "base/escape.h"

#include <string.h>
#include <time.h>

/* A message may quote what a peer has sent; nobody reads more than this of it. */
#define MESSAGE_LIMIT 8192
#define FIELD_LIMIT   512

gsize
dunlin_log_pairs (const DunlinLogContext *context, DunlinLogPair pairs[DUNLIN_LOG_N_PAIRS])
{
    const DunlinLogPair all[DUNLIN_LOG_N_PAIRS] = {
        { "DUNLIN_SERVICE", "service", context->service },
        { "DUNLIN_METHOD", "method", context->method },
        { "DUNLIN_CLIENT", "client", context->client },
        { "DUNLIN_PEER", "peer", context->peer },
        { "DUNLIN_TRACE_ID", "trace_id", context->trace_id },
        { "DUNLIN_SPAN_ID", "span_id", context->span_id },
    };
    gsize n = 0;

    for (gsize i = 0; i < DUNLIN_LOG_N_PAIRS; i++) {
        if (all[i].value != NULL && all[i].value[0] != '\0')
            pairs[n++] = all[i];
    }
    return n;
}

/* Fields of the program's own, as g_log_structured ("shop", G_LOG_LEVEL_INFO, "ORDER", "7", ...)
 * gives them, are shown; those that GLib and the journal define are not. */
static gboolean
is_extra (const GLogField *field)
{
    static const char *const known[] = { "MESSAGE",     "PRIORITY",         "DUNLIN_LEVEL",
                                         "GLIB_DOMAIN", "GLIB_OLD_LOG_API", "MESSAGE_ID" };

    if (field->length >= 0 || g_str_has_prefix (field->key, "CODE_") ||
        g_str_has_prefix (field->key, "SYSLOG_"))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS (known); i++) {
        if (g_str_equal (known[i], field->key))
            return FALSE;
    }
    return field->key[strspn (field->key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

/* From the source tree's root: a build's own folders say nothing to a reader of logs. */
static const char *
short_file (const char *file)
{
    const char *src = g_strrstr (file, "/src/");

    return src != NULL ? src + strlen ("/src/") : file;
}

static void
append_time (GString *out, const char *date_format, gboolean local, const char *zone)
{
    gint64 now = dunlin_clock_wall_ns ();
    time_t seconds = (time_t)(now / 1000000000);
    struct tm parts;
    char text[40];

    if (local)
        localtime_r (&seconds, &parts);
    else
        gmtime_r (&seconds, &parts);
    strftime (text, sizeof text, date_format, &parts);
    g_string_append_printf (out, "%s.%03d%s", text, (int)(now / 1000000 % 1000), zone);
}

static const struct {
    const char *word;
    const char *colour;
} level_texts[DUNLIN_N_LOG_LEVELS] = {
    [DUNLIN_LOG_ERROR] = { "ERROR  ", "\033[31m" },
    [DUNLIN_LOG_WARNING] = { "WARNING", "\033[33m" },
    [DUNLIN_LOG_NOTICE] = { "NOTICE ", "\033[36m" },
    [DUNLIN_LOG_INFO] = { "INFO   ", "\033[32m" },
    [DUNLIN_LOG_DEBUG] = { "DEBUG  ", "\033[2m" },
};

static void
append_text_pair (GString *out, gsize *n, const char *name, const char *value)
{
    g_string_append (out, (*n)++ == 0 ? "  [" : " ");
    g_string_append (out, name);
    g_string_append_c (out, '=');
    dunlin_escape_text (out, value, strlen (value), FIELD_LIMIT);
}

static void
append_text_pairs (GString *out, const DunlinLogRecord *record)
{
    DunlinLogPair pairs[DUNLIN_LOG_N_PAIRS];
    gsize n_pairs = dunlin_log_pairs (&record->context, pairs);
    gsize n = 0;

    for (gsize i = 0; i < n_pairs; i++)
        append_text_pair (out, &n, pairs[i].name, pairs[i].value);
    for (gsize i = 0; i < record->n_fields; i++) {
        g_autofree char *name = NULL;

        if (!is_extra (&record->fields[i]))
            continue;
        name = g_ascii_strdown (record->fields[i].key, -1);
        append_text_pair (out, &n, name, record->fields[i].value);
    }
    if (n > 0)
        g_string_append_c (out, ']');
}

void
dunlin_log_line_text (GString *out, const DunlinLogRecord *record, gboolean coloured)
{
    if (coloured) {
        append_time (out, "%H:%M:%S", TRUE, " ");
        g_string_append_printf (out, "%s%s\033[0m ", level_texts[record->level].colour,
                                level_texts[record->level].word);
    } else {
        append_time (out, "%Y-%m-%dT%H:%M:%S", FALSE, "Z ");
        g_string_append_printf (out, "%s ", level_texts[record->level].word);
    }
    dunlin_escape_text (out, record->domain, strlen (record->domain), FIELD_LIMIT);
    g_string_append (out, ": ");
    dunlin_escape_text (out, record->message, record->message_length, MESSAGE_LIMIT);
    append_text_pairs (out, record);
    g_string_append_c (out, '\n');
}

static void
append_json_pair (GString *out, const char *name, const char *value, gsize length, gsize limit)
{
    g_string_append_printf (out, ",\"%s\":", name);
    dunlin_escape_json (out, value, length, limit);
}

static void
append_json_pairs (GString *out, const DunlinLogRecord *record)
{
    DunlinLogPair pairs[DUNLIN_LOG_N_PAIRS];
    gsize n = dunlin_log_pairs (&record->context, pairs);

    for (gsize i = 0; i < n; i++)
        append_json_pair (out, pairs[i].name, pairs[i].value, strlen (pairs[i].value), FIELD_LIMIT);
    for (gsize i = 0; i < record->n_fields; i++) {
        const GLogField *field = &record->fields[i];
        g_autofree char *name = NULL;

        if (!is_extra (field))
            continue;
        name = g_ascii_strdown (field->key, -1);
        append_json_pair (out, name, field->value, strlen (field->value), FIELD_LIMIT);
    }
}

void
dunlin_log_line_json (GString *out, const DunlinLogRecord *record)
{
    g_string_append (out, "{\"time\":\"");
    append_time (out, "%Y-%m-%dT%H:%M:%S", FALSE, "Z\"");
    g_string_append_printf (out, ",\"level\":\"%s\"", dunlin_log_level_name (record->level));
    append_json_pair (out, "domain", record->domain, strlen (record->domain), FIELD_LIMIT);
    append_json_pair (out, "message", record->message, record->message_length, MESSAGE_LIMIT);
    append_json_pairs (out, record);
    if (record->file != NULL) {
        g_autofree char *source = g_strdup_printf ("%s:%s", short_file (record->file),
                                                   record->line != NULL ? record->line : "");

        append_json_pair (out, "source", source, strlen (source), FIELD_LIMIT);
    }
    g_string_append (out, "}\n");
}
