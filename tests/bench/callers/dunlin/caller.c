/* Our own client as a caller of the benchmark: a fiber for each call that is under way, all of one
 * loop, with the generated client over dunlin_client_stub(), as a handler would call.
 *
 * usage: bench_caller --protocol=framed|mux --call=ping|get --addresses=HOST:PORT,... [--at-once=N]
 * [--warm-up=S] [--seconds=S] [--certificate=F --key=F --ca=F]. For get() the servers must have
 * been given the record: the load generator does that. */
#include <stdio.h>

#include "bench/callers/check.h"
#include "bench/callers/measure.h"
#include "conformance_autoptr.h"
#include "conformance_conformance.h"
#include "discovery/dest.h"

typedef struct {
    CallerOptions options;
    DunlinClient *client; /* owned */
    CallerCount *count;   /* owned; of the one loop that the fibers run on */
    GError *error;        /* owned: of the whole */
} Caller;

static gboolean
get_once (ConformanceConformanceIf *stub, GError **error)
{
    g_autoptr (ConformanceAddress) record = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);
    g_autoptr (ConformanceNotFound) not_found = NULL;

    return conformance_conformance_if_get (stub, &record, CALLER_RECORD_ID, &not_found, error) &&
           caller_record_is_right (record);
}

static gboolean
ping_once (ConformanceConformanceIf *stub, GError **error)
{
    g_autofree char *answer = NULL;

    return conformance_base_if_ping (CONFORMANCE_BASE_IF (stub), &answer, error) &&
           g_strcmp0 (answer, "pong") == 0;
}

static gboolean
call_on (gpointer data, GError **error)
{
    Caller *self = data;
    g_autoptr (ConformanceConformanceIf) stub =
        dunlin_client_stub (self->client, CONFORMANCE_TYPE_CONFORMANCE_CLIENT);
    gboolean is_get = g_str_equal (self->options.call, "get");

    while (caller_goes_on ()) {
        GError *why = NULL;
        gint64 start = caller_now ();
        gboolean right = is_get ? get_once (stub, &why) : ping_once (stub, &why);

        caller_count (self->count, start, right, why);
    }
    return TRUE;
}

static gpointer
run_calls (gpointer data)
{
    Caller *self = data;
    gsize n = (gsize)self->options.at_once;
    g_autofree DunlinTask *tasks = g_new0 (DunlinTask, n);

    for (gsize i = 0; i < n; i++)
        tasks[i] = (DunlinTask){ .func = call_on, .data = self };
    dunlin_parallel (tasks, n, &self->error);
    dunlin_tasks_clear (tasks, n);
    return NULL;
}

static DunlinClient *
make_client (const CallerOptions *options, GError **error)
{
    g_autofree char *dest = g_strconcat ("fixedinet!", options->addresses, NULL);
    g_autoptr (DunlinCredentials) credentials = NULL;
    DunlinTlsConfig tls = { .certificate = options->certificate,
                            .key = options->key,
                            .ca = options->ca,
                            .min_version = "1.3" };
    DunlinClientOptions how;

    dunlin_client_options_init (&how);
    how.label = "bench";
    how.protocol = g_str_equal (options->protocol, "mux") ? DUNLIN_CLIENT_PROTOCOL_THRIFTMUX
                                                          : DUNLIN_CLIENT_PROTOCOL_THRIFT;
    if (options->certificate != NULL) {
        credentials = dunlin_credentials_new (&tls, error);
        if (credentials == NULL)
            return NULL;
        how.credentials = credentials;
        how.verify_name = TRUE;
    }
    return dunlin_dest_client_new (dest, &how, NULL, error);
}

int
main (int argc, char **argv)
{
    Caller self = { 0 };
    GThread *thread;
    int code;

    caller_options_parse (&self.options, &argc, &argv);
    self.client = make_client (&self.options, &self.error);
    if (self.client == NULL) {
        fprintf (stderr, "bench_caller: %s\n", self.error->message);
        return 2;
    }
    self.count = g_new0 (CallerCount, 1);
    thread = g_thread_new ("calls", run_calls, &self);
    caller_wait (&self.options);
    g_thread_join (thread);
    code = caller_report (self.count, 1);
    if (self.error != NULL)
        fprintf (stderr, "bench_caller: %s\n", self.error->message);
    g_clear_error (&self.error);
    g_clear_pointer (&self.client, dunlin_client_unref);
    g_free (self.count);
    return code;
}
