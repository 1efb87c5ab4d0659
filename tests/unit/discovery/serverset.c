/* Members and paths of a serverset: Finagle's bytes, and what its zk2! resolver makes of others. */
#include "discovery/serverset.h"

#include "base/error.h"

#include <string.h>

/* Recorded from Finagle 22.7.0's announcer. */
#define GOLDEN                                                                                     \
    "{\"serviceEndpoint\":{\"host\":\"127.0.0.1\",\"port\":9401},\"additionalEndpoints\":{},"      \
    "\"status\":\"ALIVE\",\"shard\":0}"

static void
assert_encodes (const DunlinMember *member, const char *expected)
{
    g_autoptr (GBytes) json = dunlin_member_encode (member);
    g_autofree char *text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));

    g_assert_cmpstr (text, ==, expected);
}

static void
decode (const char *json, DunlinMember *member)
{
    g_autoptr (GError) error = NULL;

    dunlin_member_decode (json, strlen (json), member, &error);
    g_assert_no_error (error);
}

static void
member_is_finagles_bytes (void)
{
    DunlinMember member = { .service = { NULL, (char *)"127.0.0.1", 9401 }, .has_shard = TRUE };

    assert_encodes (&member, GOLDEN);
    g_assert_cmpuint (strlen (GOLDEN), ==, 104);
}

static void
additional_endpoints_and_metadata_keep_their_order (void)
{
    DunlinEndpoint additional[] = { { (char *)"http", (char *)"h1", 8080 },
                                    { (char *)"admin", (char *)"h1", 9990 } };
    DunlinMetadata metadata[] = { { (char *)"z", (char *)"1" }, { (char *)"a", (char *)"2" } };
    DunlinMember member = { .service = { NULL, (char *)"h1", 1 },
                            .additional = additional,
                            .n_additional = 2,
                            .has_shard = TRUE,
                            .shard = 7,
                            .metadata = metadata,
                            .n_metadata = 2 };

    assert_encodes (&member,
                    "{\"serviceEndpoint\":{\"host\":\"h1\",\"port\":1},\"additionalEndpoints\":{"
                    "\"http\":{\"host\":\"h1\",\"port\":8080},\"admin\":{\"host\":\"h1\","
                    "\"port\":9990}},\"status\":\"ALIVE\",\"shard\":7,\"metadata\":{\"z\":\"1\","
                    "\"a\":\"2\"}}");
}

static void
strings_are_escaped_as_gson_does (void)
{
    DunlinMetadata metadata[] = { { (char *)"q",
                                    (char *)"\"\\\n\t\x01<a>&='\xc3\xa9\xe2\x80\xa8" } };
    DunlinMember member = { .service = { NULL, (char *)"h", 1 },
                            .metadata = metadata,
                            .n_metadata = 1 };

    assert_encodes (
        &member, "{\"serviceEndpoint\":{\"host\":\"h\",\"port\":1},\"additionalEndpoints\":{},"
                 "\"status\":\"ALIVE\",\"metadata\":{\"q\":\"\\\"\\\\\\n\\t\\u0001\\u003ca\\u003e"
                 "\\u0026\\u003d\\u0027\xc3\xa9\\u2028\"}}");
}

static void
what_is_encoded_decodes_to_the_same (void)
{
    const char *json =
        "{\"serviceEndpoint\":{\"host\":\"h\",\"port\":9},\"additionalEndpoints\":{\"admin\":{"
        "\"host\":\"i\",\"port\":65535}},\"status\":\"ALIVE\",\"shard\":-3,\"metadata\":{\"k\":"
        "\"\\u003c\"}}";
    g_auto (DunlinMember) member = { 0 };
    g_auto (DunlinMember) copy = { 0 };

    decode (json, &member);
    dunlin_member_copy (&member, &copy);
    assert_encodes (&copy, json);
}

typedef struct {
    const char *name;
    const char *json;
    const char *endpoint; /* NULL: the service */
    const char *reason;   /* part of it; NULL: usable */
} Row;

/* The table of interop.md, column zk2!. */
#define SERVICE "\"serviceEndpoint\":{\"host\":\"h\",\"port\":9401}"
static const Row rows[] = {
    { "as-finagle-writes-it", GOLDEN, NULL, NULL },
    { "no-additional-endpoints", "{" SERVICE ",\"status\":\"ALIVE\"}", NULL, NULL },
    { "no-service-endpoint", "{\"additionalEndpoints\":{},\"status\":\"ALIVE\"}", NULL,
      "serviceEndpoint" },
    { "no-status", "{" SERVICE "}", NULL, "status is missing" },
    { "status-starting", "{" SERVICE ",\"status\":\"STARTING\"}", NULL, "STARTING" },
    { "status-lower-case", "{" SERVICE ",\"status\":\"alive\"}", NULL, "alive" },
    { "status-a-number", "{" SERVICE ",\"status\":1}", NULL, "status is missing" },
    { "shard-a-string", "{" SERVICE ",\"status\":\"ALIVE\",\"shard\":\"0\"}", NULL, NULL },
    { "unknown-fields", "{" SERVICE ",\"x\":[{}],\"status\":\"ALIVE\"}", NULL, NULL },
    { "port-a-string", "{\"serviceEndpoint\":{\"host\":\"h\",\"port\":\"9\"},\"status\":\"ALIVE\"}",
      NULL, "serviceEndpoint" },
    { "port-a-float", "{\"serviceEndpoint\":{\"host\":\"h\",\"port\":9.0},\"status\":\"ALIVE\"}",
      NULL, "serviceEndpoint" },
    { "port-70000", "{\"serviceEndpoint\":{\"host\":\"h\",\"port\":70000},\"status\":\"ALIVE\"}",
      NULL, "serviceEndpoint" },
    { "host-a-number", "{\"serviceEndpoint\":{\"host\":1,\"port\":9},\"status\":\"ALIVE\"}", NULL,
      "serviceEndpoint" },
    { "endpoint-is-null", "{\"serviceEndpoint\":null,\"status\":\"ALIVE\"}", NULL,
      "serviceEndpoint" },
    { "additional-endpoint-picked",
      "{\"additionalEndpoints\":{\"admin\":{\"host\":\"h\",\"port\":1}},\"status\":\"ALIVE\"}",
      "admin", NULL },
    { "additional-endpoint-missing", GOLDEN, "admin", "'admin'" },
    { "additional-endpoint-with-bad-port",
      "{\"additionalEndpoints\":{\"admin\":{\"host\":\"h\",\"port\":\"1\"}},\"status\":\"ALIVE\"}",
      "admin", "'admin'" },
};

static void
picked_as_zk2_does (gconstpointer data)
{
    const Row *row = data;
    g_auto (DunlinMember) member = { 0 };
    g_autoptr (GError) error = NULL;
    const DunlinEndpoint *endpoint;

    decode (row->json, &member);
    endpoint = dunlin_member_pick (&member, row->endpoint, &error);
    if (row->reason == NULL) {
        g_assert_no_error (error);
        g_assert_nonnull (endpoint);
        return;
    }
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE);
    g_assert_nonnull (strstr (error->message, row->reason));
}

static void
refused (const char *json, gsize length, DunlinError code)
{
    DunlinMember member = { 0 };
    g_autoptr (GError) error = NULL;

    g_assert_false (dunlin_member_decode (json, length, &member, &error));
    g_assert_error (error, DUNLIN_ERROR, (int)code);
    g_assert_null (member.service.host);
}

static void
what_is_no_json_object_fails (void)
{
    const char *bad[] = { "",          "hello",      "[]",
                          "7",         "{",          "{\"a\":}",
                          "{} // x",   "/* { */ {}", "{\"a\":1 /* \" */ }",
                          "var a={};", "{'a':1}",    "{\"a\":\"\xff\"}",
                          "\"x\"",     "{\"a\":\"}", "null" };

    for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
        refused (bad[i], strlen (bad[i]), DUNLIN_ERROR_MALFORMED);
    refused ("{\"a\":\"\0\"}", 9, DUNLIN_ERROR_MALFORMED);
}

static void
deep_nesting_fails_without_recursing (void)
{
    gsize depth = 500000;
    g_autofree char *json = g_malloc (depth);

    memset (json, '[', depth);
    memcpy (json, "{\"a\":", 5);
    refused (json, depth, DUNLIN_ERROR_MALFORMED);
}

static void
more_than_a_node_can_hold_fails (void)
{
    gsize length = 1024 * 1024 + 1;
    g_autofree char *json = g_malloc (length);

    memset (json, ' ', length);
    refused (json, length, DUNLIN_ERROR_TOO_LARGE);
}

/* Every prefix of a real member: no crash, no leak, a reason each. */
static void
truncated_members_fail (void)
{
    for (gsize length = 0; length < strlen (GOLDEN); length++)
        refused (GOLDEN, length, DUNLIN_ERROR_MALFORMED);
}

static void
members_without_host_or_port_are_refused_before_writing (void)
{
    DunlinEndpoint nameless = { NULL, (char *)"h", 1 };
    DunlinMember members[] = {
        { .service = { NULL, NULL, 1 } },
        { .service = { NULL, (char *)"", 1 } },
        { .service = { NULL, (char *)"h", 0 } },
        { .service = { NULL, (char *)"\xff", 1 } },
        { .service = { NULL, (char *)"h", 1 }, .additional = &nameless, .n_additional = 1 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
        g_autoptr (GError) error = NULL;

        g_assert_false (dunlin_member_check (&members[i], &error));
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    }
}

static void
only_member_nodes_are_members (void)
{
    g_assert_true (dunlin_serverset_is_member ("member_0000000000"));
    g_assert_true (dunlin_serverset_is_member ("member_abc"));
    g_assert_false (dunlin_serverset_is_member ("node_0000000000"));
    g_assert_false (dunlin_serverset_is_member ("vector_0"));
}

static void
paths_are_checked (void)
{
    const char *good[] = { "/a", "/services/address_book", "/a/.b", "/a/zookeeper", "/\xc3\xa9" };
    const char *bad[] = { "",        "a/b",  "/",     "/a/",          "//a",
                          "/a/../b", "/./a", "/a\nb", "/zookeeper/q", "/\xff" };

    for (guint i = 0; i < G_N_ELEMENTS (good); i++)
        g_assert_true (dunlin_serverset_check_path (good[i], NULL));
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autoptr (GError) error = NULL;

        g_assert_false (dunlin_serverset_check_path (bad[i], &error));
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/discovery/serverset/member-is-finagles-bytes", member_is_finagles_bytes);
    g_test_add_func ("/discovery/serverset/additional-endpoints-and-metadata-keep-their-order",
                     additional_endpoints_and_metadata_keep_their_order);
    g_test_add_func ("/discovery/serverset/strings-are-escaped-as-gson-does",
                     strings_are_escaped_as_gson_does);
    g_test_add_func ("/discovery/serverset/what-is-encoded-decodes-to-the-same",
                     what_is_encoded_decodes_to_the_same);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *path =
            g_strconcat ("/discovery/serverset/picked-as-zk2-does/", rows[i].name, NULL);

        g_test_add_data_func (path, &rows[i], picked_as_zk2_does);
    }
    g_test_add_func ("/discovery/serverset/what-is-no-json-object-fails",
                     what_is_no_json_object_fails);
    g_test_add_func ("/discovery/serverset/deep-nesting-fails-without-recursing",
                     deep_nesting_fails_without_recursing);
    g_test_add_func ("/discovery/serverset/more-than-a-node-can-hold-fails",
                     more_than_a_node_can_hold_fails);
    g_test_add_func ("/discovery/serverset/truncated-members-fail", truncated_members_fail);
    g_test_add_func ("/discovery/serverset/members-without-host-or-port-are-refused-before-writing",
                     members_without_host_or_port_are_refused_before_writing);
    g_test_add_func ("/discovery/serverset/only-member-nodes-are-members",
                     only_member_nodes_are_members);
    g_test_add_func ("/discovery/serverset/paths-are-checked", paths_are_checked);
    return g_test_run ();
}
