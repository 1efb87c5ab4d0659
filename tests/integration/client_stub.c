/* Generated clients as a handler's author uses them, against a service of generated code, over each
 * protocol and encoding. */
#include "conformance_autoptr.h"
#include "conformance_schema.h"
#include "support/client_case.h"
#include "support/service_process.h"

typedef struct {
    const char *name;
    DunlinClientProtocol protocol;
    DunlinEncoding encoding;
} Way;

static const Way ways[] = {
    { "thriftmux-binary", DUNLIN_CLIENT_PROTOCOL_THRIFTMUX, DUNLIN_ENCODING_BINARY },
    { "thriftmux-compact", DUNLIN_CLIENT_PROTOCOL_THRIFTMUX, DUNLIN_ENCODING_COMPACT },
    { "ttwitter-compact", DUNLIN_CLIENT_PROTOCOL_TTWITTER, DUNLIN_ENCODING_COMPACT },
    { "thrift-binary", DUNLIN_CLIENT_PROTOCOL_THRIFT, DUNLIN_ENCODING_BINARY },
};

static TestService *service;

static ConformanceConformanceIf *
stub_of (DunlinClient *client)
{
    return dunlin_client_stub (client, CONFORMANCE_TYPE_CONFORMANCE_CLIENT);
}

static void
texts_and_numbers (DunlinClient *client)
{
    g_autoptr (ConformanceConformanceIf) stub = stub_of (client);
    g_autoptr (GError) error = NULL;
    g_autofree char *pong = NULL;
    gint64 now_ms = 0;

    g_assert_true (conformance_base_client_ping (CONFORMANCE_BASE_IF (stub), &pong, &error));
    g_assert_cmpstr (pong, ==, "pong");
    g_assert_true (conformance_base_client_now_ms (CONFORMANCE_BASE_IF (stub), &now_ms, &error));
    g_assert_cmpint (now_ms, >, G_GINT64_CONSTANT (1700000000000));
    g_assert_true (conformance_conformance_client_nothing (stub, &error));
    g_assert_no_error (error);
}

static void
structs (DunlinClient *client)
{
    g_autoptr (ConformanceConformanceIf) stub = stub_of (client);
    g_autoptr (ConformanceAddress) sent =
        g_object_new (CONFORMANCE_TYPE_ADDRESS, "full_name", "Kn\u00f8tt", NULL);
    g_autoptr (ConformanceAddress) put = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);
    g_autoptr (ConformanceAddress) got = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);
    g_autoptr (ConformanceNotFound) not_found = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (conformance_conformance_client_put (stub, &put, sent, &error));
    g_assert_cmpint (put->id, >=, 1000);
    /* Without a result, and over mux without an answer but an empty one. */
    g_assert_true (conformance_conformance_client_touch (stub, put->id, &error));
    g_assert_true (conformance_conformance_client_get (stub, &got, put->id, &not_found, &error));
    g_assert_no_error (error);
    g_assert_null (not_found);
    g_assert_cmpstr (got->full_name, ==, "Kn\u00f8tt");
}

static void
declared_exceptions (DunlinClient *client)
{
    g_autoptr (ConformanceConformanceIf) stub = stub_of (client);
    g_autoptr (ConformanceAddress) got = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);
    g_autoptr (ConformanceNotFound) not_found = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_false (conformance_conformance_client_get (stub, &got, -7, &not_found, &error));
    g_assert_nonnull (not_found);
    g_assert_error (error, CONFORMANCE_NOT_FOUND_ERROR, CONFORMANCE_NOT_FOUND_ERROR_CODE);
}

static void
other_failures (DunlinClient *client)
{
    g_autoptr (ConformanceConformanceIf) stub = stub_of (client);
    g_autoptr (ConformanceRefused) refused = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;

    g_assert_false (
        conformance_conformance_client_fail (stub, &text, "undeclared", &refused, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL);
    g_assert_nonnull (strstr (error->message, "stub: fail: 127.0.0.1:"));
    g_assert_null (refused);
    g_clear_error (&error);
    /* The same stub goes on. */
    g_assert_true (conformance_conformance_client_fail (stub, &text, "ok", &refused, &error));
    g_assert_no_error (error);
}

static gboolean
sleep_shortly (gpointer data, GError **error)
{
    g_autofree char *text = NULL;

    return conformance_conformance_client_sleep (data, &text, 100, error) &&
           strcmp (text, "slept 100") == 0;
}

/* Fibers of one loop may share a stub. */
static void
shared_stub (DunlinClient *client)
{
    g_autoptr (ConformanceConformanceIf) stub = stub_of (client);
    DunlinTask tasks[8] = { 0 };
    g_autoptr (GError) error = NULL;
    gint64 began = dunlin_clock_now ();

    for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
        tasks[i] = (DunlinTask){ .func = sleep_shortly, .data = stub };
    g_assert_true (dunlin_parallel (tasks, G_N_ELEMENTS (tasks), &error));
    g_assert_no_error (error);
    g_assert_cmpint (dunlin_clock_now () - began, <, 800 * G_TIME_SPAN_MILLISECOND);
    dunlin_tasks_clear (tasks, G_N_ELEMENTS (tasks));
}

static void
body (gpointer data)
{
    DunlinClient *client = data;

    texts_and_numbers (client);
    structs (client);
    declared_exceptions (client);
    other_failures (client);
    if (dunlin_fiber_self () != NULL)
        shared_stub (client);
}

static void
run_case (gconstpointer data)
{
    const Way *way = data;
    g_autoptr (DunlinClient) client = NULL;
    DunlinClientOptions options;

    dunlin_client_options_init (&options);
    options.label = "stub";
    options.protocol = way->protocol;
    options.encoding = way->encoding;
    client = client_of_port (test_service_port (service), &options);
    dunlin_client_set_schema (client, &conformance_schema);
    client_on_fiber (body, client);
    body (client);
}

int
main (int argc, char *argv[])
{
    static const char *const flags[] = { "--tls.mode=off", NULL };
    int status;

    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
        g_autofree char *name = g_strconcat ("/client/stub/", ways[i].name, NULL);

        g_test_add_data_func (name, &ways[i], run_case);
    }
    service = test_service_start ("conformance_server", flags);
    status = g_test_run ();
    test_service_free (service);
    return status;
}
