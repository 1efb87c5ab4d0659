/* bench_load: calls a conformance server and prints what that took, as one JSON object. Every reply
 * is compared with the only right one; the exit code is 0 only when none was wrong or missing. */
#include <malloc.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/load/report.h"
#include "bench/load/sampler.h"
#include "bench/load/worker.h"
#include "bench/wire/link.h"

/* Connections that were opened come to rest. */
#define STAND_US 300000
/* How often the server's memory is looked at. */
#define WATCH_US 100000
/* Memory that goes back to the kernel has to be zeroed by it when it is used again. */
#define KEPT_BYTES (1 << 28)

typedef struct {
    const LoadOptions *options;
    LoadShared shared;
    LoadWorker *workers; /* owned */
    LoadReport report;
} Run;

static void
raise_file_limit (void)
{
    struct rlimit limit;

    getrlimit (RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
}

static void
set_phase (Run *self, LoadPhase phase)
{
    __atomic_store_n (&self->shared.phase, phase, __ATOMIC_RELEASE);
}

static gint64
server_cpu_ns (const Run *self)
{
    return load_cpu_ns (self->options->server_pids, self->options->n_server_pids);
}

static LoadMemory
server_memory (const Run *self)
{
    return load_memory (self->options->server_pids, self->options->n_server_pids);
}

/* A share of @n for the worker @i. */
static int
share (const LoadOptions *options, int n, int i)
{
    return n / options->threads + (i < n % options->threads ? 1 : 0);
}

static void
start_workers (Run *self)
{
    const LoadOptions *options = self->options;

    self->workers = g_new0 (LoadWorker, (gsize)options->threads);
    for (int i = 0; i < options->threads; i++) {
        LoadWorker *worker = &self->workers[i];

        worker->shared = &self->shared;
        worker->connections = share (options, options->connections, i);
        worker->idle = share (options, options->idle, i);
        worker->rate = options->rate * worker->connections / options->connections;
        pthread_create (&worker->thread, NULL, load_worker_run, worker);
    }
}

static void
open_all (Run *self)
{
    const LoadOptions *options = self->options;

    while (__atomic_load_n (&self->shared.opened, __ATOMIC_ACQUIRE) < options->threads)
        g_usleep (1000);
    set_phase (self, LOAD_STANDING);
    if (options->handshakes == LOAD_NO_HANDSHAKES)
        g_usleep (STAND_US);
    self->report.standing = server_memory (self);
}

/* Waits, with a look at the server's memory from time to time. */
static void
wait_watching (Run *self, double seconds)
{
    const LoadOptions *options = self->options;
    gint64 end = load_now_ns () + (gint64)(seconds * 1e9);

    for (;;) {
        gint64 left_us = (end - load_now_ns ()) / 1000;
        gint64 resident = load_resident_kib (options->server_pids, options->n_server_pids);

        self->report.peak_kib = MAX (self->report.peak_kib, resident);
        if (left_us <= 0)
            return;
        g_usleep ((gulong)MIN (left_us, WATCH_US));
    }
}

static void
measure (Run *self)
{
    LoadReport *report = &self->report;
    LoadShared *shared = &self->shared;

    set_phase (self, LOAD_WARMING);
    wait_watching (self, self->options->warm_up);
    report->server_cpu_ns = -server_cpu_ns (self);
    report->own_cpu_ns = -load_own_cpu_ns ();
    shared->window_begin = load_now_ns ();
    set_phase (self, LOAD_MEASURING);
    wait_watching (self, self->options->seconds);
    shared->window_end = load_now_ns ();
    set_phase (self, LOAD_ENDING);
    report->server_cpu_ns += server_cpu_ns (self);
    report->own_cpu_ns += load_own_cpu_ns ();
    report->elapsed_ns = shared->window_end - shared->window_begin;
}

/* Returns: (transfer none): the first worker, with the figures of all. */
static LoadWorker *
join_workers (Run *self)
{
    LoadWorker *sum = &self->workers[0];

    for (int i = 0; i < self->options->threads; i++) {
        pthread_join (self->workers[i].thread, NULL);
        if (i > 0)
            load_worker_merge (sum, &self->workers[i]);
    }
    return sum;
}

static gboolean
prepare (Run *self, GError **error)
{
    const LoadOptions *options = self->options;
    LoadShared *shared = &self->shared;

    shared->options = options;
    load_message_init (&shared->call, options->protocol, options->method, options->argument);
    load_message_init (&shared->put, options->protocol, LOAD_PUT, 0);
    load_message_init (&shared->hello, options->protocol, LOAD_PING, 0);
    load_opening_init (&shared->opening, options);
    link_init_once ();
    if (strcmp (options->tls, "off") != 0 &&
        (shared->context = load_context_new (options, error)) == NULL)
        return FALSE;
    if (!load_prime (shared, error))
        return FALSE;
    if (options->handshakes == LOAD_RESUMED_HANDSHAKES && shared->session == NULL) {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                             "the server gives no session that could be resumed");
        return FALSE;
    }
    self->report.before = server_memory (self);
    return TRUE;
}

static void
clear (Run *self)
{
    for (int i = 0; self->workers != NULL && i < self->options->threads; i++)
        load_worker_clear (&self->workers[i]);
    g_free (self->workers);
    load_message_clear (&self->shared.call);
    load_message_clear (&self->shared.put);
    load_message_clear (&self->shared.hello);
    load_opening_clear (&self->shared.opening);
    SSL_SESSION_free (self->shared.session);
    SSL_CTX_free (self->shared.context);
    link_end_thread ();
}

/* What a person wants to know of a run that went wrong. */
static gboolean
is_well (const LoadWorker *sum)
{
    if (sum->wrong > 0)
        fprintf (stderr, "bench_load: %" G_GUINT64_FORMAT " wrong replies; the first: %s\n",
                 sum->wrong, sum->first_wrong);
    if (sum->errors > 0)
        fprintf (stderr, "bench_load: %" G_GUINT64_FORMAT " errors; the first: %s\n", sum->errors,
                 sum->first_error);
    if (sum->calls == 0 && sum->handshakes == 0)
        fprintf (stderr, "bench_load: nothing was answered within the measured time\n");
    return sum->errors == 0 && sum->wrong == 0 && (sum->calls > 0 || sum->handshakes > 0);
}

static gboolean
run (Run *self)
{
    const LoadWorker *sum;

    start_workers (self);
    open_all (self);
    measure (self);
    sum = join_workers (self);
    load_report_print (&self->report, sum, stdout);
    return is_well (sum);
}

int
main (int argc, char *argv[])
{
    LoadOptions options;
    Run self = { .options = &options };
    g_autoptr (GError) error = NULL;
    gboolean well = FALSE;

    if (!load_options_parse (&options, &argc, &argv, &error)) {
        fprintf (stderr, "bench_load: %s\n", error->message);
        return 2;
    }
    raise_file_limit ();
    mallopt (M_MMAP_THRESHOLD, KEPT_BYTES);
    mallopt (M_TRIM_THRESHOLD, KEPT_BYTES);
    if (prepare (&self, &error))
        well = run (&self);
    else
        fprintf (stderr, "bench_load: %s\n", error->message);
    clear (&self);
    load_options_clear (&options);
    return well ? 0 : 1;
}
