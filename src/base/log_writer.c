/* Also GLib's writer function: takes a message apart, and brings its line to where it belongs. */
#include "base/log_line.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
take_field (DunlinLogRecord *record, const GLogField *field)
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

static DunlinLogRecord
record_of (GLogLevelFlags flags, const GLogField *fields, gsize n_fields)
{
    DunlinLogRecord record = { .level = level_of (flags),
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

static GLogWriterOutput
write_journal (GLogLevelFlags flags, const DunlinLogRecord *record)
{
    g_autofree GLogField *fields = g_new (GLogField, record->n_fields + DUNLIN_LOG_N_PAIRS);
    DunlinLogPair pairs[DUNLIN_LOG_N_PAIRS];
    gsize n_pairs = dunlin_log_pairs (&record->context, pairs);
    gsize n = record->n_fields;

    memcpy (fields, record->fields, n * sizeof *fields);
    for (gsize i = 0; i < n_pairs; i++)
        fields[n++] = (GLogField){ pairs[i].key, pairs[i].value, -1 };
    return g_log_writer_journald (flags, fields, n, NULL);
}

static gboolean
give_to_sink (DunlinLogLevel level, const GString *line)
{
    gboolean given = FALSE;

    if (!__atomic_load_n (&has_sink, __ATOMIC_RELAXED))
        return FALSE;
    g_mutex_lock (&sink_lock);
    if (sink != NULL) {
        sink (level, line->str, line->len, sink_data);
        given = TRUE;
    }
    g_mutex_unlock (&sink_lock);
    return given;
}

/* One line, one write: lines of several threads and processes do not mix. */
static void
write_line (DunlinLogLevel level, const GString *line)
{
    if (give_to_sink (level, line))
        return;
    if (write (STDERR_FILENO, line->str, line->len) != (gssize)line->len)
        __atomic_fetch_add (&dropped, 1, __ATOMIC_RELAXED);
}

static void
emit (GLogLevelFlags flags, const DunlinLogRecord *record)
{
    int now = __atomic_load_n (&format, __ATOMIC_RELAXED);
    g_autoptr (GString) line = NULL;

    if (now == DUNLIN_LOG_FORMAT_JOURNALD && write_journal (flags, record) == G_LOG_WRITER_HANDLED)
        return;
    line = g_string_sized_new (256);
    if (now == DUNLIN_LOG_FORMAT_TEXT)
        dunlin_log_line_text (line, record, coloured);
    else
        dunlin_log_line_json (line, record);
    write_line (record->level, line);
}

static gboolean
is_wanted (GLogLevelFlags flags, const DunlinLogRecord *record)
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
    DunlinLogRecord record;

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

/* What is asked of the surroundings once. */
static void
look_around (void)
{
    static gsize done;

    if (!g_once_init_enter (&done))
        return;
    coloured = wants_colours ();
    fatal_levels = levels_of_g_debug ();
    if (__atomic_load_n (&format, __ATOMIC_RELAXED) == DUNLIN_LOG_FORMAT_AUTO)
        __atomic_store_n (&format, choose_format (DUNLIN_LOG_FORMAT_AUTO), __ATOMIC_RELAXED);
    g_once_init_leave (&done, 1);
}

void
dunlin_log_init (DunlinLogFormat wanted)
{
    static gsize done; /* GLib takes a writer function only once in a process */

    g_return_if_fail (wanted < DUNLIN_N_LOG_FORMATS);

    look_around ();
    __atomic_store_n (&format, choose_format (wanted), __ATOMIC_RELAXED);
    if (g_once_init_enter (&done)) {
        g_log_set_writer_func (writer, NULL, NULL);
        g_once_init_leave (&done, 1);
    }
}

/* Not by way of GLib: without dunlin_log_init() its writer is somebody else's, and may be one that
 * ends the process at every warning, as under g_test_init(); and of a line that is logged while
 * another is written it makes an unreadable one. */
void
dunlin_log_emit (GLogLevelFlags flags, const GLogField *fields, gsize n_fields)
{
    look_around ();
    writer (flags, fields, n_fields, NULL);
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
