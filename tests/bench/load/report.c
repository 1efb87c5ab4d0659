/* Figures by their names, with the unit at the end of each. */
#include "bench/load/report.h"

#define COUNT "  \"%s\": %" G_GUINT64_FORMAT ",\n"

static double
microseconds (const LoadWorker *sum, double fraction)
{
    return (double)load_histogram_percentile (&sum->latencies, fraction) / 1000;
}

static double
ratio (double a, double b)
{
    return b > 0 ? a / b : 0;
}

/* All texts are the C library's, OpenSSL's and ours, without quotes in them. */
static void
print_text (const char *name, const char *text, FILE *to)
{
    if (text == NULL)
        fprintf (to, "  \"%s\": null,\n", name);
    else
        fprintf (to, "  \"%s\": \"%s\",\n", name, text);
}

static void
print_counts (const LoadWorker *sum, FILE *to)
{
    fprintf (to, COUNT COUNT COUNT COUNT, "calls", sum->calls, "errors", sum->errors, "wrong",
             sum->wrong, "unsent", sum->unsent);
    print_text ("first_error", sum->first_error, to);
    print_text ("first_wrong", sum->first_wrong, to);
    print_text ("tls", sum->tls, to);
    print_text ("cipher", sum->cipher, to);
}

static void
print_latencies (const LoadWorker *sum, FILE *to)
{
    fprintf (to, "  \"p50_us\": %.1f,\n  \"p90_us\": %.1f,\n  \"p99_us\": %.1f,\n",
             microseconds (sum, 0.5), microseconds (sum, 0.9), microseconds (sum, 0.99));
    fprintf (to, "  \"p999_us\": %.1f,\n  \"max_us\": %.1f,\n", microseconds (sum, 0.999),
             (double)sum->latencies.max / 1000);
}

static void
print_cpu (const LoadReport *self, const LoadWorker *sum, FILE *to)
{
    double server_us = (double)self->server_cpu_ns / 1000;
    double own_us = (double)self->own_cpu_ns / 1000;
    double calls = (double)sum->calls;

    fprintf (to, "  \"server_cpu_us\": %.1f,\n  \"server_cpu_us_per_call\": %.4f,\n", server_us,
             ratio (server_us, calls));
    fprintf (to, "  \"client_cpu_us_per_call\": %.4f,\n", ratio (own_us, calls));
    fprintf (to, COUNT COUNT, "handshakes", sum->handshakes, "resumed", sum->resumed);
    fprintf (to, "  \"handshakes_per_server_cpu_second\": %.1f,\n",
             ratio ((double)sum->handshakes * 1e6, server_us));
}

static void
print_memory (const LoadReport *self, FILE *to)
{
    fprintf (to,
             "  \"server_rss_kib\": {\"before\": %" G_GINT64_FORMAT
             ", \"standing\": %" G_GINT64_FORMAT ", \"peak\": %" G_GINT64_FORMAT "},\n",
             self->before.resident_kib, self->standing.resident_kib, self->peak_kib);
    fprintf (to,
             "  \"server_pss_kib\": {\"before\": %" G_GINT64_FORMAT
             ", \"standing\": %" G_GINT64_FORMAT "}\n",
             self->before.proportional_kib, self->standing.proportional_kib);
}

void
load_report_print (const LoadReport *self, const LoadWorker *sum, FILE *to)
{
    double seconds = (double)self->elapsed_ns / 1e9;

    fprintf (to, "{\n");
    print_counts (sum, to);
    fprintf (to, "  \"seconds\": %.6f,\n  \"calls_per_second\": %.1f,\n", seconds,
             ratio ((double)sum->calls, seconds));
    print_latencies (sum, to);
    print_cpu (self, sum, to);
    print_memory (self, to);
    fprintf (to, "}\n");
}
