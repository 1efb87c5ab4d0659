#include "interop/dunlin/tap.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"

static int points;
static int failures;

gboolean
caller_wrong (GError **error, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL, text);
    return FALSE;
}

void
caller_note (const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);
    printf ("# %.1000s\n", g_strdelimit (text, "\n", ' '));
    (void)fflush (stdout);
}

void
caller_point (const char *group, const char *name, CallerCase body, gpointer data)
{
    g_autoptr (GError) error = NULL;
    gint64 start = dunlin_clock_now ();
    gboolean holds = body (data, &error);

    points++;
    failures += !holds;
    printf ("%s %d - %s | %s # %d ms\n", holds ? "ok" : "not ok", points, group, name,
            (int)((dunlin_clock_now () - start) / 1000));
    (void)fflush (stdout);
    if (!holds)
        caller_note ("  %s", error != NULL ? error->message : "it failed without a word");
}

int
caller_end (void)
{
    printf ("1..%d\n# %d passed, %d failed\n", points, points - failures, failures);
    return failures != 0;
}
