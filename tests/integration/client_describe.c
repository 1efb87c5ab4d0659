/* What a client says of itself, to whoever asks from wherever. */
#include "support/client_case.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

static JsonObject *
describe (DunlinClient *client, JsonNode **node)
{
    g_autoptr (JsonBuilder) json = json_builder_new ();

    json_builder_begin_object (json);
    dunlin_client_describe (client, json);
    json_builder_end_object (json);
    *node = json_builder_get_root (json);
    return json_node_get_object (*node);
}

static JsonObject *
nth (JsonObject *object, const char *name, guint n)
{
    JsonArray *array = json_object_get_array_member (object, name);

    g_assert_cmpuint (json_array_get_length (array), >, n);
    return json_array_get_object_element (array, n);
}

static void
check (DunlinClient *client)
{
    g_autoptr (JsonNode) node = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = client_call (client, "ping", &error);
    JsonObject *state, *loop, *member;

    g_assert_no_error (error);
    state = describe (client, &node);
    g_assert_cmpstr (json_object_get_string_member (state, "label"), ==, "described");
    g_assert_cmpstr (json_object_get_string_member (state, "state"), ==, "bound");
    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "addresses")), ==,
                      1);
    loop = nth (state, "loops", 0);
    member = nth (loop, "members", 0);
    g_assert_cmpstr (json_object_get_string_member (member, "protocol"), ==, "thriftmux");
    g_assert_cmpint (json_object_get_int_member (member, "connections"), ==, 1);
    g_assert_cmpint (json_object_get_int_member (member, "calls"), ==, 0);
    g_assert_true (json_object_get_null_member (member, "last_error"));
    g_assert_true (json_object_has_member (member, "failure_accrual"));
    g_assert_true (json_object_has_member (member, "fail_fast"));
    g_assert_true (json_object_has_member (loop, "balancer"));
    g_assert_true (json_object_has_member (loop, "retries"));
}

static void
body (gpointer data)
{
    check (data);
}

/* Two loops use it: the test's own, asked from its fiber, and the clients' own. */
static void
test_describe (void)
{
    g_autoptr (GObject) handler = tiny_handler_new ();
    TestServer *server = test_server_new (&tiny_service, handler, NULL);
    DunlinClientOptions options;
    DunlinClient *client;

    dunlin_client_options_init (&options);
    options.label = "described";
    client = client_of_port (test_server_port (server), &options);
    client_on_fiber (body, client);
    check (client);
    dunlin_client_unref (client);
    test_server_free (server);
}

/* Nobody has called yet, and nobody is there. */
static void
test_unreachable (void)
{
    g_autoptr (DunlinClient) client = client_of_port (1, NULL);
    g_autoptr (JsonNode) node = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = client_call (client, "ping", &error);
    JsonObject *state, *member;

    g_assert_null (answer);
    g_test_message ("%s", error->message);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE);
    state = describe (client, &node);
    member = nth (nth (state, "loops", 0), "members", 0);
    g_assert_cmpint (json_object_get_int_member (member, "connections"), ==, 0);
    g_assert_nonnull (
        strstr (json_object_get_string_member (member, "last_error"), "Connection refused"));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/describe/every-loop-answers", test_describe);
    g_test_add_func ("/client/describe/why-nobody-can-be-reached", test_unreachable);
    return g_test_run ();
}
