/* Prints steps, one a line. */
#include "cli/steps.h"

#include <stdio.h>

#include "base/clock.h"
#include "cli/screen.h"

static void
print (const CliSteps *self, const char *mark, CliStyle style, const char *name, gint64 time,
       const char *text)
{
    g_autoptr (GString) out = g_string_new ("  ");
    g_autofree char *took =
        time < 0 ? g_strdup ("") : g_strdup_printf ("%.1f ms", (double)time / 1000);

    cli_screen_style (out, self->colours, style, mark);
    g_string_append_printf (out, " %-10s %10s  ", name, took);
    cli_screen_clean (out, text);
    g_string_append_c (out, '\n');
    fwrite (out->str, 1, out->len, stdout);
    fflush (stdout);
}

void
cli_steps_title (CliSteps *self, const char *format, ...)
{
    g_autoptr (GString) clean = g_string_new (NULL);
    g_autoptr (GString) out = g_string_new (NULL);
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    cli_screen_clean (clean, text);
    cli_screen_style (out, self->colours, CLI_BOLD, clean->str);
    puts (out->str);
}

void
cli_steps_begin (CliSteps *self)
{
    self->begun = dunlin_clock_now ();
}

void
cli_steps_well (CliSteps *self, const char *name, const char *format, ...)
{
    gint64 time = dunlin_clock_now () - self->begun;
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    print (self, "ok   ", CLI_GREEN, name, time, text);
}

void
cli_steps_warn (CliSteps *self, const char *name, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    self->warnings++;
    print (self, "warn ", CLI_YELLOW, name, -1, text);
}

void
cli_steps_fault (CliSteps *self, const char *name, GError *error, const char *remedy)
{
    gint64 time = dunlin_clock_now () - self->begun;

    self->faults++;
    print (self, "FAULT", CLI_RED, name, time, error->message);
    if (remedy != NULL)
        print (self, "     ", CLI_PLAIN, "", -1, remedy);
    g_error_free (error);
}

void
cli_steps_note (CliSteps *self, const char *name, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    print (self, "     ", CLI_PLAIN, name, -1, text);
}
