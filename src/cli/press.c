/* dunlin press DEST METHOD [JSON] */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/load.h"
#include "cli/screen.h"

#define SECOND G_USEC_PER_SEC

/* With a rate: calls at once are what the answers make of it, but not without end. */
#define LEAST_AT_ONCE 1000

typedef struct {
    const CliContext *context;
    CliLoad *load; /* owned */
    FILE *csv;     /* owned, nullable */
    gint64 start;
    CliLoadCounts last; /* what was told already */
} Press;

/* How soon an interrupt is seen. */
#define GLANCE (100 * G_TIME_SPAN_MILLISECOND)

static volatile sig_atomic_t interrupted;

static void
on_interrupt (int signal_number)
{
    interrupted = 1;
}

static double
milliseconds (const DunlinHistogramData *latency, double fraction)
{
    return (double)dunlin_histogram_percentile (latency, fraction) / 1000;
}

static void
write_csv (const Press *self, double elapsed, const CliLoadCounts *step)
{
    if (self->csv == NULL)
        return;
    fprintf (self->csv,
             "%.3f,%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT
             ",%.3f,%.3f,%.3f,%.3f,%.3f\n",
             elapsed, step->done, step->declared, step->failed, milliseconds (&step->latency, 0.5),
             milliseconds (&step->latency, 0.9), milliseconds (&step->latency, 0.99),
             milliseconds (&step->latency, 0.999), (double)step->latency.maximum / 1000);
    fflush (self->csv);
}

/* One line that the next one takes the place of, on a terminal only. */
static void
write_line (double elapsed, double seconds, const CliLoadCounts *step)
{
    if (!isatty (STDERR_FILENO))
        return;
    fprintf (stderr,
             "\r\033[K%5.0f s  %8.0f calls/s  %" G_GUINT64_FORMAT " failed  p50 %.2f  p99 %.2f ms",
             elapsed, (double)step->done / seconds, step->failed,
             milliseconds (&step->latency, 0.5), milliseconds (&step->latency, 0.99));
}

/* What came since the last time. */
static void
tell_step (Press *self, gint64 since)
{
    gint64 now = dunlin_clock_now ();
    double elapsed = (double)(now - self->start) / SECOND;
    g_autofree CliLoadCounts *counts = g_new0 (CliLoadCounts, 1);
    g_autofree CliLoadCounts *step = g_new0 (CliLoadCounts, 1);

    cli_load_read (self->load, counts);
    *step = *counts;
    step->done -= self->last.done;
    step->declared -= self->last.declared;
    step->failed -= self->last.failed;
    dunlin_histogram_subtract (&step->latency, &self->last.latency);
    self->last = *counts;
    write_line (elapsed, (double)(now - since) / SECOND, step);
    write_csv (self, elapsed, step);
}

static int
tell_sum (Press *self)
{
    const CliLoadCounts *counts = &self->last;
    double elapsed = (double)(dunlin_clock_now () - self->start) / SECOND;
    const DunlinHistogramData *latency = &counts->latency;
    g_autofree char *failures = cli_load_failures (self->load);
    g_autoptr (GString) clean = g_string_new (NULL);

    if (isatty (STDERR_FILENO))
        fputs ("\r\033[K", stderr);
    printf ("%" G_GUINT64_FORMAT " calls in %.1f s, %.0f calls/s, %" G_GUINT64_FORMAT
            " failed, %" G_GUINT64_FORMAT " with a declared exception\n",
            counts->done, elapsed, (double)counts->done / elapsed, counts->failed,
            counts->declared);
    if (latency->count > 0)
        printf ("latency in ms: mean %.3f  p50 %.3f  p90 %.3f  p95 %.3f  p99 %.3f  p99.9 %.3f  max "
                "%.3f\n",
                (double)latency->sum / (double)latency->count / 1000, milliseconds (latency, 0.5),
                milliseconds (latency, 0.9), milliseconds (latency, 0.95),
                milliseconds (latency, 0.99), milliseconds (latency, 0.999),
                (double)latency->maximum / 1000);
    cli_screen_clean (clean, failures);
    fputs (clean->str, stdout);
    return counts->failed > 0 || counts->done == 0 ? CLI_FAILED : CLI_OK;
}

static gboolean
open_csv (Press *self, GError **error)
{
    const char *path = dunlin_settings_get_string (self->context->settings, "press.csv");

    if (path[0] == '\0')
        return TRUE;
    self->csv = fopen (path, "we");
    if (self->csv == NULL) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "press.csv: %s: %s", path,
                     g_strerror (errno));
        return FALSE;
    }
    fputs ("seconds,calls,declared,failed,p50_ms,p90_ms,p99_ms,p999_ms,max_ms\n", self->csv);
    return TRUE;
}

static CliLoadPlan
make_plan (DunlinSettings *settings)
{
    CliLoadPlan plan = {
        .loops = (guint)dunlin_settings_get_int (settings, "press.loops"),
        .rate = (guint64)dunlin_settings_get_int (settings, "press.rate"),
        .concurrency = (guint)dunlin_settings_get_int (settings, "press.concurrency"),
        .requests = (guint64)dunlin_settings_get_int (settings, "press.requests"),
        .duration = dunlin_settings_get_duration (settings, "press.duration"),
    };

    if (plan.rate > 0)
        plan.concurrency = MAX (plan.concurrency, LEAST_AT_ONCE);
    else
        plan.loops = MIN (plan.loops, plan.concurrency);
    return plan;
}

/* A call in peace first: what is wrong with the call itself is told once, and nothing is pressed.
 */
static gboolean
try_once (const CliService *service, const CliRequest *request, GError **error)
{
    g_auto (DunlinRawReply) raw = { 0 };
    DunlinRawCall call = cli_request_call (request);

    return dunlin_client_call_raw (service->client, &call, &raw, error);
}

/* Returns: whether the load has ended before @deadline. */
static gboolean
wait_for (Press *self, gint64 deadline)
{
    while (dunlin_clock_now () < deadline) {
        if (cli_load_wait (self->load, MIN (deadline, dunlin_deadline_in (GLANCE))))
            return TRUE;
        if (interrupted)
            cli_load_stop (self->load);
    }
    return FALSE;
}

static int
press (Press *self, const CliService *service, const CliRequest *request, GError **error)
{
    CliLoadPlan plan = make_plan (self->context->settings);
    gboolean ended = FALSE;

    self->start = dunlin_clock_now ();
    self->load =
        cli_load_start (&plan, service->client, request, service->reach.client.encoding, error);
    if (self->load == NULL)
        return -1;
    signal (SIGINT, on_interrupt);
    signal (SIGTERM, on_interrupt);
    for (gint64 since = self->start; !ended; since += SECOND) {
        ended = wait_for (self, since + SECOND);
        tell_step (self, since);
    }
    return tell_sum (self);
}

static int
run (const CliContext *context, GError **error)
{
    const char *json = context->n_arguments > 2 ? context->arguments[2] : NULL;
    g_auto (CliService) service = { 0 };
    g_auto (CliRequest) request = { 0 };
    g_autofree Press *self = g_new0 (Press, 1);
    int code = -1;

    self->context = context;
    if (cli_service_init (&service, context->settings, context->arguments[0], error) &&
        cli_service_learn (&service, error) &&
        cli_request_init (&request, &service, context->arguments[1], json, error) &&
        try_once (&service, &request, error) && open_csv (self, error))
        code = press (self, &service, &request, error);
    g_clear_pointer (&self->load, cli_load_free);
    if (self->csv != NULL)
        fclose (self->csv);
    return code;
}

static const char help[] =
    "Calls one method again and again, and tells how many calls a second were answered and how\n"
    "fast: a live line on a terminal, percentiles at the end, a line a second in a CSV file.\n"
    "With --rate calls begin on time, whether or not earlier ones have been answered, and their\n"
    "latency counts from then. Begins with one call outside the count. The exit code is 1 when\n"
    "any call failed. Ctrl-C ends it early, with the sum.\n"
    "\n"
    "Examples:\n"
    "  dunlin press inet!127.0.0.1:9090 ping --concurrency=64 --duration=30s\n"
    "  dunlin press zk2!zk1:2181!/services/address_book get '{\"id\": 1}' --rate=500 --csv=x.csv\n";

static const char *const rows[] = { "rate",  "concurrency", "duration", "requests",
                                    "loops", "csv",         NULL };

const CliCommand cli_press = {
    .name = "press",
    .arguments = "DEST METHOD [JSON]",
    .n_least = 2,
    .n_most = 3,
    .summary = "calls a method again and again, and tells how fast",
    .help = help,
    .rows = rows,
    .run = run,
};
