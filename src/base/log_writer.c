/* GLib's writer function: how a log line looks and where it goes. */
#include "base/clock.h"
#include "base/escape.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A message may quote what a peer has sent; nobody reads more than this of it. */
#define MESSAGE_LIMIT 8192
#define FIELD_LIMIT   512

/**
 * Record:
 *
 * A message taken apart. All borrowed from GLib's fields.
 */
typedef struct {
    DunlinLogLevel level;
    const char *message;
    gsize message_length;
    const char *domain;
    const char *file;
    const char *line;
    gboolean ours; /* from dunlin_log_*(), whose level was looked at already */
    gboolean old_api;
    const GLogField *fields;
    gsize n_fields;
    DunlinLogContext context;
} Record;

static int format = DUNLIN_LOG_FORMAT_AUTO; /* atomic; never AUTO once the writer is in place */
static gboolean coloured;                   /* written before the writer is in place */
static GLogLevelFlags fatal_levels;         /* likewise: G_DEBUG's */
static DunlinLogContextFunc provider;       /* atomic */
static guint64 dropped;                     /* atomic */

static GMutex sink_lock; /* guards the sink and its data, and keeps its calls apart */
static DunlinLogSink sink;
static gpointer sink_data;
static gboolean has_sink; /* atomic */

static const char *
string_field (const GLogField *field)
{
    return field->length < 0 ? field->value : NULL;
}

static void
take_field (Record *record, const GLogField *field)
{
    const char *text = string_field (field);

    if (g_str_equal (field->key, "MESSAGE")) {
        record->message = field->value;
        record->message_length = field->length < 0 ? strlen (field->value) : (gsize)field->length;
    } else if (g_str_equal (field->key, "GLIB_DOMAIN")) {
        record->domain = text;
    } else if (g_str_equal (field->key, "CODE_FILE")) {
        record->file = text;
    } else if (g_str_equal (field->key, "CODE_LINE")) {
        record->line = text;
    } else if (g_str_equal (field->key, "GLIB_OLD_LOG_API")) {
        record->old_api = TRUE;
    } else if (g_str_equal (field->key, "DUNLIN_LEVEL")) {
        record->ours = TRUE;
    }
}

static DunlinLogLevel
level_of (GLogLevelFlags flags)
{
    if (flags & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
        return DUNLIN_LOG_ERROR;
    if (flags & G_LOG_LEVEL_WARNING)
        return DUNLIN_LOG_WARNING;
    if (flags & G_LOG_LEVEL_MESSAGE)
        return DUNLIN_LOG_NOTICE;
    return flags & G_LOG_LEVEL_INFO ? DUNLIN_LOG_INFO : DUNLIN_LOG_DEBUG;
}

static Record
record_of (GLogLevelFlags flags, const GLogField *fields, gsize n_fields)
{
    Record record = { .level = level_of (flags),
                      .message = "",
                      .domain = NULL,
                      .fields = fields,
                      .n_fields = n_fields };
    DunlinLogContextFunc fill = __atomic_load_n (&provider, __ATOMIC_ACQUIRE);

    for (gsize i = 0; i < n_fields; i++)
        take_field (&record, &fields[i]);
    if (record.domain == NULL)
        record.domain = "app";
    if (fill != NULL)
        fill (&record.context);
    return record;
}

/* What every line says of the running call, by name. */
typedef struct {
    const char *key; /* the journal's; JSON and text use what follows "DUNLIN_" in lower case */
    const char *name;
    const char *value; /* "" or NULL: not said */
} Pair;

#define N_PAIRS 6

static void
context_pairs (const DunlinLogContext *context, Pair pairs[N_PAIRS])
{
    const Pair all[N_PAIRS] = {
        { "DUNLIN_SERVICE", "service", context->service },
        { "DUNLIN_METHOD", "method", context->method },
        { "DUNLIN_CLIENT", "client", context->client },
        { "DUNLIN_PEER", "peer", context->peer },
        { "DUNLIN_TRACE_ID", "trace_id", context->trace_id },
        { "DUNLIN_SPAN_ID", "span_id", context->span_id },
    };

    memcpy (pairs, all, sizeof all);
}

static gboolean
is_said (const Pair *pair)
{
    return pair->value != NULL && pair->value[0] != '\0';
}

/* Fields of the program's own, as g_log_structured ("shop", G_LOG_LEVEL_INFO, "ORDER", "7", ...)
 * gives them, are shown; those that GLib and the journal define are not. */
static gboolean
is_extra (const GLogField *field)
{
    static const char *const known[] = { "MESSAGE",     "PRIORITY",         "DUNLIN_LEVEL",
                                         "GLIB_DOMAIN", "GLIB_OLD_LOG_API", "MESSAGE_ID" };

    if (string_field (field) == NULL || g_str_has_prefix (field->key, "CODE_") ||
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

/* text */

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
append_text_pairs (GString *out, const Record *record)
{
    Pair pairs[N_PAIRS];
    gsize n = 0;

    context_pairs (&record->context, pairs);
    for (gsize i = 0; i < N_PAIRS; i++) {
        if (is_said (&pairs[i]))
            append_text_pair (out, &n, pairs[i].name, pairs[i].value);
    }
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

static void
format_text (GString *out, const Record *record)
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

/* JSON */

static void
append_json_pair (GString *out, const char *name, const char *value, gsize length, gsize limit)
{
    g_string_append_printf (out, ",\"%s\":", name);
    dunlin_escape_json (out, value, length, limit);
}

static void
append_json_pairs (GString *out, const Record *record)
{
    Pair pairs[N_PAIRS];

    context_pairs (&record->context, pairs);
    for (gsize i = 0; i < N_PAIRS; i++) {
        if (is_said (&pairs[i]))
            append_json_pair (out, pairs[i].name, pairs[i].value, strlen (pairs[i].value),
                              FIELD_LIMIT);
    }
    for (gsize i = 0; i < record->n_fields; i++) {
        const GLogField *field = &record->fields[i];
        g_autofree char *name = NULL;

        if (!is_extra (field))
            continue;
        name = g_ascii_strdown (field->key, -1);
        append_json_pair (out, name, field->value, strlen (field->value), FIELD_LIMIT);
    }
}

static void
format_json (GString *out, const Record *record)
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

/* Where it goes. */

static GLogWriterOutput
write_journal (GLogLevelFlags flags, const Record *record)
{
    g_autofree GLogField *fields = g_new (GLogField, record->n_fields + N_PAIRS);
    Pair pairs[N_PAIRS];
    gsize n = record->n_fields;

    memcpy (fields, record->fields, n * sizeof *fields);
    context_pairs (&record->context, pairs);
    for (gsize i = 0; i < N_PAIRS; i++) {
        if (is_said (&pairs[i]))
            fields[n++] = (GLogField){ pairs[i].key, pairs[i].value, -1 };
    }
    return g_log_writer_journald (flags, fields, n, NULL);
}

static gboolean
give_to_sink (const GString *line)
{
    gboolean given = FALSE;

    if (!__atomic_load_n (&has_sink, __ATOMIC_RELAXED))
        return FALSE;
    g_mutex_lock (&sink_lock);
    if (sink != NULL) {
        sink (line->str, line->len, sink_data);
        given = TRUE;
    }
    g_mutex_unlock (&sink_lock);
    return given;
}

/* One line, one write: lines of several threads and processes do not mix. */
static void
write_line (const GString *line)
{
    if (give_to_sink (line))
        return;
    if (write (STDERR_FILENO, line->str, line->len) != (gssize)line->len)
        __atomic_fetch_add (&dropped, 1, __ATOMIC_RELAXED);
}

static void
emit (GLogLevelFlags flags, const Record *record)
{
    int now = __atomic_load_n (&format, __ATOMIC_RELAXED);
    g_autoptr (GString) line = NULL;

    if (now == DUNLIN_LOG_FORMAT_JOURNALD && write_journal (flags, record) == G_LOG_WRITER_HANDLED)
        return;
    line = g_string_sized_new (256);
    if (now == DUNLIN_LOG_FORMAT_TEXT)
        format_text (line, record);
    else
        format_json (line, record);
    write_line (line);
}

static gboolean
is_wanted (GLogLevelFlags flags, const Record *record)
{
    DunlinLogDomain *domain = NULL;

    if (record->ours || flags & (G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR)) /* last words */
        return TRUE;
    domain = dunlin_log_find_domain (record->domain);
    return (int)record->level <= __atomic_load_n (&domain->level, __ATOMIC_RELAXED);
}

static GLogWriterOutput
writer (GLogLevelFlags flags, const GLogField *fields, gsize n_fields, gpointer data)
{
    static _Thread_local gboolean inside; /* the provider or the sink may log by mistake */
    Record record;

    if (inside)
        return G_LOG_WRITER_HANDLED;
    inside = TRUE;
    record = record_of (flags, fields, n_fields);
    if (is_wanted (flags, &record))
        emit (flags, &record);
    inside = FALSE;
    /* As GLib's own writer does; old-style messages and G_LOG_LEVEL_ERROR end in GLib itself. */
    if (flags & fatal_levels && !record.ours && !record.old_api)
        abort ();
    return G_LOG_WRITER_HANDLED;
}

static GLogLevelFlags
levels_of_g_debug (void)
{
    static const GDebugKey keys[] = {
        { "fatal-warnings", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL },
        { "fatal-criticals", G_LOG_LEVEL_CRITICAL },
    };

    return (GLogLevelFlags)g_parse_debug_string (g_getenv ("G_DEBUG"), keys, G_N_ELEMENTS (keys));
}

static gboolean
wants_colours (void)
{
    const char *terminal = g_getenv ("TERM");
    const char *no_color = g_getenv ("NO_COLOR");

    return isatty (STDERR_FILENO) && g_strcmp0 (terminal, "dumb") != 0 &&
           (no_color == NULL || no_color[0] == '\0');
}

static int
choose_format (DunlinLogFormat wanted)
{
    if (wanted != DUNLIN_LOG_FORMAT_AUTO)
        return (int)wanted;
    if (g_log_writer_is_journald (STDERR_FILENO))
        return DUNLIN_LOG_FORMAT_JOURNALD;
    return isatty (STDERR_FILENO) ? DUNLIN_LOG_FORMAT_TEXT : DUNLIN_LOG_FORMAT_JSON;
}

/* GLib takes a writer function only once in a process. */
void
dunlin_log_ensure_writer (void)
{
    static gsize done;

    if (!g_once_init_enter (&done))
        return;
    coloured = wants_colours ();
    fatal_levels = levels_of_g_debug ();
    if (__atomic_load_n (&format, __ATOMIC_RELAXED) == DUNLIN_LOG_FORMAT_AUTO)
        __atomic_store_n (&format, choose_format (DUNLIN_LOG_FORMAT_AUTO), __ATOMIC_RELAXED);
    g_log_set_writer_func (writer, NULL, NULL);
    g_once_init_leave (&done, 1);
}

void
dunlin_log_init (DunlinLogFormat wanted)
{
    g_return_if_fail (wanted < DUNLIN_N_LOG_FORMATS);

    __atomic_store_n (&format, choose_format (wanted), __ATOMIC_RELAXED);
    dunlin_log_ensure_writer ();
}

void
dunlin_log_set_context_provider (DunlinLogContextFunc fill)
{
    __atomic_store_n (&provider, fill, __ATOMIC_RELEASE);
}

void
dunlin_log_set_sink (DunlinLogSink to, gpointer data)
{
    g_mutex_lock (&sink_lock);
    sink = to;
    sink_data = data;
    __atomic_store_n (&has_sink, to != NULL, __ATOMIC_RELAXED);
    g_mutex_unlock (&sink_lock);
}

guint64
dunlin_log_dropped (void)
{
    return __atomic_load_n (&dropped, __ATOMIC_RELAXED);
}
