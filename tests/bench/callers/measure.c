/* A window of time that all threads look at, and this process's own CPU time in it. */
#include "bench/callers/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

typedef enum { WARMING_UP, MEASURED, OVER } Phase;

static int phase;         /* a Phase; atomic */
static gint64 window_ns;  /* how long it was */
static gint64 window_cpu; /* microseconds in it */

gint64
caller_now (void)
{
    struct timespec now;

    clock_gettime (CLOCK_MONOTONIC, &now);
    return (gint64)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
refuse (const char *why)
{
    fprintf (stderr, "%s: %s\n", g_get_prgname (), why);
    exit (2);
}

void
caller_options_parse (CallerOptions *self, int *argc, char ***argv)
{
    const GOptionEntry entries[] = {
        { "protocol", 0, 0, G_OPTION_ARG_STRING, &self->protocol, "framed or mux", "NAME" },
        { "call", 0, 0, G_OPTION_ARG_STRING, &self->call, "ping or get", "NAME" },
        { "addresses", 0, 0, G_OPTION_ARG_STRING, &self->addresses, "of servers", "HOST:PORT,..." },
        { "at-once", 0, 0, G_OPTION_ARG_INT, &self->at_once, "calls under way", "N" },
        { "warm-up", 0, 0, G_OPTION_ARG_DOUBLE, &self->warm_up, "before the window", "SECONDS" },
        { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &self->seconds, "the window", "SECONDS" },
        { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &self->certificate, "for mutual TLS",
          "FILE" },
        { "key", 0, 0, G_OPTION_ARG_FILENAME, &self->key, "its key", "FILE" },
        { "ca", 0, 0, G_OPTION_ARG_FILENAME, &self->ca, "who signs servers", "FILE" },
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    g_autoptr (GOptionContext) context = g_option_context_new ("- calls servers for a while");
    g_autoptr (GError) error = NULL;

    *self = (CallerOptions){ .at_once = 64, .warm_up = 0.3, .seconds = 1 };
    g_option_context_add_main_entries (context, entries, NULL);
    if (!g_option_context_parse (context, argc, argv, &error))
        refuse (error->message);
    if (self->addresses == NULL || self->call == NULL || self->protocol == NULL)
        refuse ("--protocol, --call and --addresses are needed");
    if (!g_str_equal (self->call, "ping") && !g_str_equal (self->call, "get"))
        refuse ("--call: want ping or get");
    if (self->at_once < 1 || self->at_once > 4096 || self->seconds <= 0 || self->warm_up < 0)
        refuse ("--at-once: want 1 to 4096; --seconds: more than 0; --warm-up: at least 0");
    if (self->certificate != NULL && (self->key == NULL || self->ca == NULL))
        refuse ("--certificate wants --key and --ca");
}

gboolean
caller_goes_on (void)
{
    return g_atomic_int_get (&phase) != OVER;
}

static void
note_error (CallerCount *self, GError *error)
{
    self->errors++;
    if (self->first_error == NULL)
        self->first_error = g_strdup (error->message);
    g_error_free (error);
}

void
caller_count (CallerCount *self, gint64 start, gboolean right, GError *error)
{
    gint64 took = caller_now () - start;

    /* A call that fails before or after the window is a failure just the same. */
    if (error != NULL)
        note_error (self, error);
    else if (!right)
        self->wrong++;
    else if (g_atomic_int_get (&phase) == MEASURED)
        load_histogram_add (&self->latencies, (guint64)took);
}

static gint64
own_cpu (void)
{
    struct rusage usage;

    getrusage (RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

void
caller_wait (const CallerOptions *options)
{
    gint64 begin;
    gint64 cpu;

    g_usleep ((gulong)(options->warm_up * G_USEC_PER_SEC));
    cpu = own_cpu ();
    begin = caller_now ();
    g_atomic_int_set (&phase, MEASURED);
    g_usleep ((gulong)(options->seconds * G_USEC_PER_SEC));
    g_atomic_int_set (&phase, OVER);
    window_ns = caller_now () - begin;
    window_cpu = own_cpu () - cpu;
}

int
caller_report (CallerCount *counts, guint n)
{
    g_autofree CallerCount *all = g_new0 (CallerCount, 1);
    g_autofree char *first = NULL;
    double seconds = (double)window_ns / 1e9;
    guint64 calls;

    for (guint i = 0; i < n; i++) {
        load_histogram_merge (&all->latencies, &counts[i].latencies);
        all->errors += counts[i].errors;
        all->wrong += counts[i].wrong;
        if (first == NULL && counts[i].first_error != NULL)
            first = g_strescape (counts[i].first_error, NULL);
        g_free (counts[i].first_error);
    }
    calls = all->latencies.count;
    printf ("{\"calls\": %" G_GUINT64_FORMAT ", \"errors\": %" G_GUINT64_FORMAT
            ", \"wrong\": %" G_GUINT64_FORMAT ", \"first_error\": \"%s\", \"seconds\": %.6f, "
            "\"calls_per_second\": %.1f, \"cpu_us_per_call\": %.4f, \"p50_us\": %.2f, "
            "\"p99_us\": %.2f}\n",
            calls, all->errors, all->wrong, first == NULL ? "" : first, seconds,
            (double)calls / seconds, calls == 0 ? 0.0 : (double)window_cpu / (double)calls,
            (double)load_histogram_percentile (&all->latencies, 0.5) / 1e3,
            (double)load_histogram_percentile (&all->latencies, 0.99) / 1e3);
    return calls == 0 || all->errors > 0 || all->wrong > 0;
}
