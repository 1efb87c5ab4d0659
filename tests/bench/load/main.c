/* bench_load: calls a conformance server and prints what that took, as one JSON object. Every reply
 * is compared with the only right one; the exit code is 0 only when none was wrong or missing. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/load/sampler.h"
#include "bench/load/worker.h"

#define STAND_US         300000
#define OPEN_PATIENCE_NS (60 * G_GINT64_CONSTANT (1000000000))

typedef struct {
    LoadShared shared;
    const LoadOptions *options;
    LoadWorker *workers; /* owned */
    gint64 elapsed_ns;
    gint64 server_cpu_ns;
    gint64 own_cpu_ns;
    gint64 memory_before_kib;
    gint64 memory_standing_kib;
    gint64 memory_peak_kib;
} Report;

static void
raise_file_limit (void)
{
    struct rlimit limit;

    getrlimit (RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
}

static void
set_phase (Report *self, LoadPhase phase)
{
    __atomic_store_n (&self->shared.phase, phase, __ATOMIC_RELEASE);
}

static gint64
memory (const Report *self)
{
    return load_memory_kib (self->options->server_pids, self->options->n_server_pids);
}

static gint64
server_cpu (const Report *self)
{
    return load_cpu_ns (self->options->server_pids, self->options->n_server_pids);
}

/* A share of @n for the worker @i. */
static int
share (const LoadOptions *options, int n, int i)
{
    return n / options->threads + (i < n % options->threads ? 1 : 0);
}

static void
start (Report *self)
{
    const LoadOptions *options = self->options;
    gint64 end = load_now_ns () + OPEN_PATIENCE_NS;

    self->workers = g_new0 (LoadWorker, (gsize)options->threads);
    for (int i = 0; i < options->threads; i++) {
        LoadWorker *worker = &self->workers[i];

        worker->shared = &self->shared;
        worker->connections = share (options, options->connections, i);
        worker->idle = share (options, options->idle, i);
        worker->rate = options->rate / options->threads;
        pthread_create (&worker->thread, NULL, load_worker_run, worker);
    }
    while (__atomic_load_n (&self->shared.opened, __ATOMIC_ACQUIRE) < options->threads &&
           load_now_ns () < end)
        g_usleep (1000);
    set_phase (self, LOAD_STANDING);
    if (options->handshakes == LOAD_NO_HANDSHAKES)
        g_usleep (STAND_US);
    self->memory_standing_kib = memory (self);
}

/* Waits, with a look at the server's memory from time to time. */
static void
wait_watching (Report *self, double seconds)
{
    gint64 end = load_now_ns () + (gint64)(seconds * 1e9);

    for (;;) {
        gint64 left_us = (end - load_now_ns ()) / 1000;

        self->memory_peak_kib = MAX (self->memory_peak_kib, memory (self));
        if (left_us <= 0)
            return;
        g_usleep ((gulong)MIN (left_us, 100000));
    }
}

static void
measure (Report *self)
{
    gint64 server;
    gint64 own;
    gint64 begin;

    set_phase (self, LOAD_WARMING);
    wait_watching (self, self->options->warm_up);
    begin = load_now_ns ();
    server = server_cpu (self);
    own = load_own_cpu_ns ();
    set_phase (self, LOAD_MEASURING);
    wait_watching (self, self->options->seconds);
    set_phase (self, LOAD_ENDING);
    self->server_cpu_ns = server_cpu (self) - server;
    self->own_cpu_ns = load_own_cpu_ns () - own;
    self->elapsed_ns = load_now_ns () - begin;
    for (int i = 0; i < self->options->threads; i++)
        pthread_join (self->workers[i].thread, NULL);
}

/* All workers' into the first one. */
static LoadWorker *
sum_up (Report *self)
{
    LoadWorker *sum = &self->workers[0];

    for (int i = 1; i < self->options->threads; i++) {
        LoadWorker *worker = &self->workers[i];

        load_histogram_merge (&sum->latencies, &worker->latencies);
        sum->calls += worker->calls;
        sum->handshakes += worker->handshakes;
        sum->resumed += worker->resumed;
        sum->errors += worker->errors;
        sum->wrong += worker->wrong;
        sum->unsent += worker->unsent;
        if (sum->first_error == NULL)
            sum->first_error = g_steal_pointer (&worker->first_error);
        if (sum->first_wrong == NULL)
            sum->first_wrong = g_steal_pointer (&worker->first_wrong);
    }
    return sum;
}

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

static void
print_text (const char *name, const char *text)
{
    if (text == NULL)
        printf ("  \"%s\": null,\n", name);
    else
        printf ("  \"%s\": \"%s\",\n", name, text); /* all are ours, without quotes in them */
}

static void
print (const Report *self, const LoadWorker *sum)
{
    double seconds = (double)self->elapsed_ns / 1e9;
    double server_us = (double)self->server_cpu_ns / 1000;

    printf ("{\n  \"calls\": %" G_GUINT64_FORMAT ",\n  \"errors\": %" G_GUINT64_FORMAT
            ",\n  \"wrong\": %" G_GUINT64_FORMAT ",\n  \"unsent\": %" G_GUINT64_FORMAT ",\n",
            sum->calls, sum->errors, sum->wrong, sum->unsent);
    print_text ("first_error", sum->first_error);
    print_text ("first_wrong", sum->first_wrong);
    print_text ("tls", sum->tls);
    print_text ("cipher", sum->cipher);
    printf ("  \"seconds\": %.6f,\n  \"calls_per_second\": %.1f,\n", seconds,
            ratio ((double)sum->calls, seconds));
    printf ("  \"p50_us\": %.1f,\n  \"p90_us\": %.1f,\n  \"p99_us\": %.1f,\n  \"p999_us\": %.1f,\n"
            "  \"max_us\": %.1f,\n",
            microseconds (sum, 0.5), microseconds (sum, 0.9), microseconds (sum, 0.99),
            microseconds (sum, 0.999), (double)sum->latencies.max / 1000);
    printf ("  \"server_cpu_us\": %.1f,\n  \"server_cpu_us_per_call\": %.4f,\n"
            "  \"client_cpu_us_per_call\": %.4f,\n",
            server_us, ratio (server_us, (double)sum->calls),
            ratio ((double)self->own_cpu_ns / 1000, (double)sum->calls));
    printf ("  \"server_rss_kib\": {\"before\": %" G_GINT64_FORMAT
            ", \"standing\": %" G_GINT64_FORMAT ", \"peak\": %" G_GINT64_FORMAT "},\n",
            self->memory_before_kib, self->memory_standing_kib, self->memory_peak_kib);
    printf ("  \"handshakes\": %" G_GUINT64_FORMAT ",\n  \"resumed\": %" G_GUINT64_FORMAT
            ",\n  \"handshakes_per_server_cpu_second\": %.1f\n}\n",
            sum->handshakes, sum->resumed, ratio ((double)sum->handshakes * 1e6, server_us));
}

static gboolean
prepare (Report *self, GError **error)
{
    const LoadOptions *options = self->options;

    self->shared.options = options;
    load_messages_init (&self->shared.messages, options);
    link_init_once ();
    if (strcmp (options->tls, "off") != 0 &&
        (self->shared.context = load_context_new (options, error)) == NULL)
        return FALSE;
    if (!load_prime (&self->shared, error))
        return FALSE;
    if (options->handshakes == LOAD_RESUMED_HANDSHAKES && self->shared.session == NULL) {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                             "the server gives no session that could be resumed");
        return FALSE;
    }
    self->memory_before_kib = memory (self);
    return TRUE;
}

int
main (int argc, char *argv[])
{
    LoadOptions options;
    Report self = { .options = &options };
    g_autoptr (GError) error = NULL;
    LoadWorker *sum;
    gboolean well;

    if (!load_options_parse (&options, &argc, &argv, &error)) {
        fprintf (stderr, "bench_load: %s\n", error->message);
        return 2;
    }
    raise_file_limit ();
    if (!prepare (&self, &error)) {
        fprintf (stderr, "bench_load: %s\n", error->message);
        return 1;
    }
    start (&self);
    measure (&self);
    sum = sum_up (&self);
    print (&self, sum);
    well = sum->errors == 0 && sum->wrong == 0 && (sum->calls > 0 || sum->handshakes > 0);
    for (int i = 0; i < options.threads; i++)
        load_worker_clear (&self.workers[i]);
    return well ? 0 : 1;
}
