/* The stats filter: counts and latencies, of the server and of each method, under Finagle's names
 * (srv/<label>/requests, srv/<label>/<Service>/<method>/...). Microseconds, since a C handler's
 * millisecond is 0. */
#include "rpc/filters.h"

typedef struct {
    DunlinCounter requests;
    DunlinCounter success;
    DunlinCounter failures;
    DunlinHistogram latency;
} Meter;

typedef struct {
    Meter all;
    Meter unknown; /* calls of methods that do not exist */
    DunlinGauge pending;
    DunlinHistogram request_bytes;
    DunlinHistogram reply_bytes;
    DunlinCounter declared; /* of the failures: exceptions that the IDL declares */
    DunlinCounter by_error[DUNLIN_N_ERRORS];
    guint n_methods;
    Meter methods[]; /* by DunlinMethod.index */
} Stats;

G_GNUC_PRINTF (1, 2)
static DunlinCounter
counter (const char *format, ...)
{
    va_list arguments;
    g_autofree char *name = NULL;

    va_start (arguments, format);
    name = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    return dunlin_counter (name, NULL, NULL);
}

static Meter
make_meter (const char *scope)
{
    g_autofree char *latency = g_strdup_printf ("%s/request_latency_us", scope);

    return (Meter){ .requests = counter ("%s/requests", scope),
                    .success = counter ("%s/success", scope),
                    .failures = counter ("%s/failures", scope),
                    .latency = dunlin_histogram (latency, "microseconds", NULL) };
}

static void
mark (const Meter *meter, gboolean success, guint64 microseconds)
{
    dunlin_counter_increment (meter->requests);
    dunlin_counter_increment (success ? meter->success : meter->failures);
    dunlin_histogram_record (meter->latency, microseconds);
}

static void
mark_failure (const Stats *stats, const DunlinCall *call)
{
    int code = call->error != NULL && call->error->domain == DUNLIN_ERROR ? call->error->code
                                                                          : DUNLIN_ERROR_INTERNAL;

    if (call->outcome == DUNLIN_OUTCOME_DECLARED)
        dunlin_counter_increment (stats->declared);
    else
        dunlin_counter_increment (stats->by_error[code]);
}

static void
measure (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    const Stats *stats = data;
    gboolean success;
    guint64 took;

    dunlin_gauge_add (stats->pending, 1);
    dunlin_next_run (next, call);
    dunlin_gauge_add (stats->pending, -1);
    success = call->outcome == DUNLIN_OUTCOME_OK;
    call->ended = dunlin_loop_refresh_now (dunlin_loop_current ());
    took = (guint64)MAX (call->ended - call->arrived, 0);
    mark (&stats->all, success, took);
    mark (call->method != NULL ? &stats->methods[call->method->index] : &stats->unknown, success,
          took);
    if (!success)
        mark_failure (stats, call);
    dunlin_histogram_record (stats->request_bytes, call->request_bytes);
    dunlin_histogram_record (stats->reply_bytes, call->reply_bytes);
}

void
dunlin_filter_stats (DunlinChain *chain, const char *label, const DunlinRouter *router)
{
    guint n_methods = dunlin_router_n_methods (router);
    Stats *stats = g_malloc0 (sizeof *stats + n_methods * sizeof stats->methods[0]);
    g_autofree char *scope = g_strdup_printf ("srv/%s", label);
    g_autofree char *unknown = g_strdup_printf ("%s/unknown_method", scope);
    g_autofree char *pending = g_strdup_printf ("%s/pending", scope);
    g_autofree char *request = g_strdup_printf ("%s/request_payload_bytes", scope);
    g_autofree char *reply = g_strdup_printf ("%s/response_payload_bytes", scope);

    stats->all = make_meter (scope);
    stats->unknown = make_meter (unknown);
    stats->pending = dunlin_gauge (pending, NULL, "calls that run now");
    stats->request_bytes = dunlin_histogram (request, "bytes", NULL);
    stats->reply_bytes = dunlin_histogram (reply, "bytes", NULL);
    stats->declared = counter ("%s/failures/declared", scope);
    for (int code = 0; code < DUNLIN_N_ERRORS; code++) {
        GError error = { .domain = DUNLIN_ERROR, .code = code };

        stats->by_error[code] = counter ("%s/failures/%s", scope, dunlin_error_row (&error)->name);
    }
    stats->n_methods = n_methods;
    for (guint i = 0; i < n_methods; i++) {
        const DunlinMethod *method = dunlin_router_method (router, i);
        g_autofree char *of_method =
            g_strdup_printf ("%s/%s/%s", scope, method->service, method->info->name);

        stats->methods[i] = make_meter (of_method);
    }
    dunlin_chain_add (chain, "stats", measure, stats, g_free);
}
