/* What was logged: see the header. */
#include "support/log_capture.h"

#include "base/log.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* ThreadSanitizer cannot see a GMutex */
static GArray *lines;                                    /* of Line */

typedef struct {
    DunlinLogLevel level;
    char *text; /* owned */
} Line;

static void
line_clear (gpointer data)
{
    g_free (((Line *)data)->text);
}

static void
keep (DunlinLogLevel level, const char *text, gsize length, gpointer data)
{
    Line line = { .level = level, .text = g_strndup (text, length) };

    if (g_test_verbose ())
        g_printerr ("# %s", line.text);
    pthread_mutex_lock (&lock);
    g_array_append_val (lines, line);
    pthread_mutex_unlock (&lock);
}

void
test_log_capture (void)
{
    lines = g_array_new (FALSE, FALSE, sizeof (Line));
    g_array_set_clear_func (lines, line_clear);
    g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
    g_setenv ("G_DEBUG", "fatal-criticals", FALSE); /* for our writer, which is not GLib's */
    dunlin_log_init (DUNLIN_LOG_FORMAT_TEXT);
    dunlin_log_set_sink (keep, NULL);
}

static DunlinLogLevel
our_level (GLogLevelFlags level)
{
    if (level <= G_LOG_LEVEL_CRITICAL)
        return DUNLIN_LOG_ERROR;
    if (level <= G_LOG_LEVEL_WARNING)
        return DUNLIN_LOG_WARNING;
    if (level <= G_LOG_LEVEL_MESSAGE)
        return DUNLIN_LOG_NOTICE;
    return level <= G_LOG_LEVEL_INFO ? DUNLIN_LOG_INFO : DUNLIN_LOG_DEBUG;
}

guint
test_log_count (GLogLevelFlags level, const char *text)
{
    guint n = 0;

    pthread_mutex_lock (&lock);
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = &g_array_index (lines, Line, i);

        if (line->level <= our_level (level) && strstr (line->text, text) != NULL)
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
