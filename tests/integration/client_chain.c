/* A service that calls another: what of a call goes along, and what its end ends. */
#include "dunlin.h"
#include "rpc/stub_reader.h"
#include "rpc/stub_writer.h"
#include "support/client_case.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

/* What the middle service calls: set before any call. */
static DunlinClient *next;

static DunlinStubOutcome
read_nothing (DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    return DUNLIN_STUB_OK;
}

static DunlinStubOutcome
answer (DunlinCall *call, char *text, GError **error)
{
    g_autofree char *owned = text;

    return text != NULL ? dunlin_stub_reply_string (call, text, error) : DUNLIN_STUB_FAILED;
}

/* What the next one is told. */
static DunlinStubOutcome
pass_on (DunlinCall *call, GObject *handler, GError **error)
{
    if (read_nothing (call, error) != DUNLIN_STUB_OK)
        return DUNLIN_STUB_BAD_ARGUMENTS;
    return answer (call, client_call (next, "context", error), error);
}

static DunlinStubOutcome
wait_long (DunlinCall *call, GObject *handler, GError **error)
{
    if (read_nothing (call, error) != DUNLIN_STUB_OK)
        return DUNLIN_STUB_BAD_ARGUMENTS;
    return answer (call, client_call_number (next, "sleep", 60000, error), error);
}

static gboolean
sleep_task (gpointer data, GError **error)
{
    g_autofree char *text = client_call_number (next, "sleep", 60000, error);

    return text != NULL;
}

static gboolean
context_task (gpointer data, GError **error)
{
    *(char **)data = client_call (next, "context", error);
    return *(char **)data != NULL;
}

static DunlinStubOutcome
wait_long_twice (DunlinCall *call, GObject *handler, GError **error)
{
    DunlinTask tasks[] = { { sleep_task, NULL, NULL }, { sleep_task, NULL, NULL } };
    gboolean well;

    if (read_nothing (call, error) != DUNLIN_STUB_OK)
        return DUNLIN_STUB_BAD_ARGUMENTS;
    well = dunlin_parallel (tasks, G_N_ELEMENTS (tasks), error);
    dunlin_tasks_clear (tasks, G_N_ELEMENTS (tasks));
    return answer (call, well ? g_strdup ("both") : NULL, error);
}

static DunlinStubOutcome
pass_on_in_parallel (DunlinCall *call, GObject *handler, GError **error)
{
    char *texts[2] = { 0 };
    DunlinTask tasks[] = { { context_task, &texts[0], NULL }, { context_task, &texts[1], NULL } };
    char *text = NULL;

    if (read_nothing (call, error) != DUNLIN_STUB_OK)
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (dunlin_parallel (tasks, G_N_ELEMENTS (tasks), error))
        text = g_strjoin ("\n", texts[0], texts[1], NULL);
    dunlin_tasks_clear (tasks, G_N_ELEMENTS (tasks));
    g_free (texts[0]);
    g_free (texts[1]);
    return answer (call, text, error);
}

static const DunlinMethodInfo methods[] = {
    { "pass_on", FALSE, "", "string", "", "", pass_on, NULL },
    { "pass_on_in_parallel", FALSE, "", "string", "", "", pass_on_in_parallel, NULL },
    { "wait_long", FALSE, "", "string", "", "", wait_long, NULL },
    { "wait_long_twice", FALSE, "", "string", "", "", wait_long_twice, NULL },
};

static GType
object_type (void)
{
    return G_TYPE_OBJECT;
}

static void
no_types (void)
{
}

static const DunlinServiceInfo middle_service = { .name = "Middle",
                                                  .doc = "",
                                                  .handler_type = object_type,
                                                  .methods = methods,
                                                  .n_methods = G_N_ELEMENTS (methods),
                                                  .ensure_types = no_types,
                                                  .idl_name = "middle",
                                                  .idl_json = "{}",
                                                  .idl_sha256 = "" };

/* A caller, a service in the middle, and one at the end. */
typedef struct {
    GObject *handler;
    TestServer *last;
    TestServer *middle;
    DunlinClient *client;
    DunlinClientProtocol protocol;
} Fixture;

static const DunlinClientProtocol mux = DUNLIN_CLIENT_PROTOCOL_THRIFTMUX;
static const DunlinClientProtocol ttwitter = DUNLIN_CLIENT_PROTOCOL_TTWITTER;

static void
set_up (Fixture *self, gconstpointer data)
{
    DunlinClientOptions options;

    self->protocol = *(const DunlinClientProtocol *)data;
    dunlin_client_options_init (&options);
    options.protocol = self->protocol;
    self->handler = tiny_handler_new ();
    self->last = test_server_new (&tiny_service, self->handler, NULL);
    self->middle = test_server_new (&middle_service, self->handler, NULL);
    options.label = "next";
    next = client_of_port (test_server_port (self->last), &options);
    options.label = "first";
    self->client = client_of_port (test_server_port (self->middle), &options);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    dunlin_client_unref (self->client);
    test_server_free (self->middle);
    dunlin_client_unref (next);
    test_server_free (self->last);
    g_object_unref (self->handler);
}

/* Calls with a context as a Finagle caller may send it. */
static char *
call_with_context (Fixture *self, const char *method, gint64 deadline, GError **error)
{
    static const guint8 nothing[] = { 0 };
    g_auto (DunlinContext) context = { .has_trace = TRUE,
                                       .trace_id = 0x1111,
                                       .parent_id = 0x1111,
                                       .span_id = 0x2222,
                                       .trace_flags = DUNLIN_TRACE_DECIDED | DUNLIN_TRACE_SAMPLED,
                                       .client_id = dunlin_slice_of ("caller.prod") };
    g_auto (DunlinRawReply) reply = { 0 };
    DunlinRawCall call = { .method = method,
                           .arguments = nothing,
                           .n_arguments = sizeof nothing,
                           .deadline = deadline,
                           .context = &context };

    dunlin_context_put (&context, dunlin_slice_of ("app.key"), dunlin_slice_of ("knot"), NULL);
    dunlin_context_put_dtab (&context, dunlin_slice_of ("/s"), dunlin_slice_of ("/t"), NULL);
    return dunlin_client_call_raw (self->client, &call, &reply, error) ? client_result (&reply)
                                                                       : NULL;
}

static void
check_told (const char *text)
{
    g_test_message ("%s", text);
    g_assert_nonnull (strstr (text, " client=caller.prod"));
    g_assert_nonnull (strstr (text, " trace=1111 "));
    g_assert_nonnull (strstr (text, " parent=2222 decided sampled"));
    g_assert_null (strstr (text, " span=2222"));
    g_assert_nonnull (strstr (text, " from=/s to=/t"));
    g_assert_nonnull (strstr (text, " other=knot"));
    g_assert_nonnull (strstr (text, " retries=0"));
    g_assert_nonnull (strstr (text, " seconds=30"));
}

static void
pass_on_body (gpointer data)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *text =
        call_with_context (data, "pass_on", dunlin_deadline_in (30 * G_USEC_PER_SEC), &error);

    g_assert_no_error (error);
    check_told (text);
}

static void
test_pass_on (Fixture *self, gconstpointer data)
{
    client_on_fiber (pass_on_body, self);
}

static void
parallel_body (gpointer data)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *text = call_with_context (data, "pass_on_in_parallel",
                                               dunlin_deadline_in (30 * G_USEC_PER_SEC), &error);
    g_auto (GStrv) lines = NULL;

    g_assert_no_error (error);
    lines = g_strsplit (text, "\n", -1);
    g_assert_cmpuint (g_strv_length (lines), ==, 2);
    check_told (lines[0]);
    check_told (lines[1]);
    g_assert_cmpstr (lines[0], !=, lines[1]); /* spans of their own */
}

static void
test_parallel (Fixture *self, gconstpointer data)
{
    client_on_fiber (parallel_body, self);
}

/* --- who gives up --- */

static gboolean
is_cancelled (gpointer data)
{
    return tiny_cancelled () >= GPOINTER_TO_INT (data);
}

static void
deadline_body (gpointer data)
{
    g_autoptr (GError) error = NULL;
    gint64 began = dunlin_clock_now ();

    g_assert_null (call_with_context (data, "wait_long",
                                      dunlin_deadline_in (300 * G_TIME_SPAN_MILLISECOND), &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    g_assert_cmpint (dunlin_clock_now () - began, <, 5 * G_USEC_PER_SEC);
}

/* The last one is told: Tdiscarded, or a connection that closes. */
static void
test_deadline (Fixture *self, gconstpointer data)
{
    int before = tiny_cancelled ();

    client_on_fiber (deadline_body, self);
    test_wait_for (is_cancelled, GINT_TO_POINTER (before + 1), "the last service to be told");
}

static void
wait_long_fiber (gpointer data)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (client_call (data, "wait_long_twice", &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED);
}

static void
cancel_body (gpointer data)
{
    Fixture *self = data;
    g_autoptr (GError) error = NULL;
    DunlinFiber *fiber =
        dunlin_fiber_spawn ("to be cancelled", wait_long_fiber, self->client, &error);

    g_assert_no_error (error);
    client_until (test_server_stat ("pending") == 3); /* of both services */
    dunlin_fiber_cancel (fiber);
    client_until (client_stat (next, "pending") == 0);
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
    int before = tiny_cancelled ();

    client_on_fiber (cancel_body, self);
    test_wait_for (is_cancelled, GINT_TO_POINTER (before + 2), "both to be told");
}

/* --- who ends --- */

static void
call_in_thread (Fixture *self)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = client_call (self->client, "wait_long_twice", &error);

    g_assert_null (answer);
}

static gpointer
run_thread (gpointer data)
{
    call_in_thread (data);
    return NULL;
}

static gboolean
all_wait (gpointer data)
{
    return test_server_stat ("pending") == 3;
}

/* The middle's loops are freed while its handler waits for the last one. */
static void
test_end (Fixture *self, gconstpointer data)
{
    GThread *thread = g_thread_new ("caller", run_thread, self);

    test_wait_for (all_wait, NULL, "all to wait");
    test_server_free (self->middle);
    g_thread_join (thread);
    g_assert_cmpint (client_stat (next, "pending"), ==, 0);
    self->middle = test_server_new (&middle_service, self->handler, NULL);
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *name;
        const DunlinClientProtocol *protocol;
    } ways[] = { { "thriftmux", &mux }, { "ttwitter", &ttwitter } };

    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
        g_autofree char *pass =
            g_strdup_printf ("/client/chain/%s/context-goes-along", ways[i].name);
        g_autofree char *parallel =
            g_strdup_printf ("/client/chain/%s/and-with-parallel-calls", ways[i].name);
        g_autofree char *deadline =
            g_strdup_printf ("/client/chain/%s/a-deadline-ends-the-next-call", ways[i].name);
        g_autofree char *cancel =
            g_strdup_printf ("/client/chain/%s/a-caller-that-leaves-ends-all", ways[i].name);

        g_test_add (pass, Fixture, ways[i].protocol, set_up, test_pass_on, tear_down);
        g_test_add (parallel, Fixture, ways[i].protocol, set_up, test_parallel, tear_down);
        g_test_add (deadline, Fixture, ways[i].protocol, set_up, test_deadline, tear_down);
        g_autofree char *end =
            g_strdup_printf ("/client/chain/%s/a-loop-that-ends-ends-its-calls", ways[i].name);

        g_test_add (end, Fixture, ways[i].protocol, set_up, test_end, tear_down);
        g_test_add (cancel, Fixture, ways[i].protocol, set_up, test_cancel, tear_down);
    }
    return g_test_run ();
}
