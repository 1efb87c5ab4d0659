/* What was logged: see the header. */
#include "support/log_capture.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GArray *lines; /* of Line */

typedef struct {
    GLogLevelFlags level;
    char *text; /* owned */
} Line;

static void
line_clear (gpointer data)
{
    g_free (((Line *)data)->text);
}

static GLogWriterOutput
keep (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
    Line line = { .level = level & G_LOG_LEVEL_MASK };

    if (line.level <= G_LOG_LEVEL_CRITICAL)
        return g_log_writer_default (level, fields, n_fields, data);
    line.text = g_log_writer_format_fields (level, fields, n_fields, FALSE);
    if (g_test_verbose ())
        g_printerr ("# %s\n", line.text);
    pthread_mutex_lock (&lock);
    g_array_append_val (lines, line);
    pthread_mutex_unlock (&lock);
    return G_LOG_WRITER_HANDLED;
}

void
test_log_capture (void)
{
    lines = g_array_new (FALSE, FALSE, sizeof (Line));
    g_array_set_clear_func (lines, line_clear);
    g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
    g_log_set_writer_func (keep, NULL, NULL);
}

guint
test_log_count (GLogLevelFlags level, const char *text)
{
    guint n = 0;

    pthread_mutex_lock (&lock);
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = &g_array_index (lines, Line, i);

        if (line->level <= level && strstr (line->text, text) != NULL)
            n++;
    }
    pthread_mutex_unlock (&lock);
    return n;
}

void
test_log_clear (void)
{
    pthread_mutex_lock (&lock);
    g_array_set_size (lines, 0);
    pthread_mutex_unlock (&lock);
}
