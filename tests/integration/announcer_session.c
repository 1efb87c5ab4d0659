/* The announcer with a real ZooKeeper that is well: what it writes, and what others may do to it.
 */
#include "support/announced.h"
#include "support/log_capture.h"
#include "support/zookeeper_client.h"
#include "support/zookeeper_server.h"

#include "base/error.h"

#include <string.h>

#define PORT 9401
#define JSON                                                                                       \
    "{\"serviceEndpoint\":{\"host\":\"127.0.0.1\",\"port\":9401},\"additionalEndpoints\":{},"      \
    "\"status\":\"ALIVE\",\"shard\":0}"
#define OPEN_ACL  "world:anyone 31"
#define OWNED_ACL "digest:svc:" /* and a hash; all rights */

/* One server for all cases: each has a path of its own. */
static TestZookeeperServer *server;

static DunlinAnnounceConfig
config_for (const char *path)
{
    return (DunlinAnnounceConfig){ .servers = test_zookeeper_server_address (server),
                                   .path = path,
                                   .host = "127.0.0.1",
                                   .port = PORT,
                                   .session_timeout_ms = 4000 };
}

static TestAnnounced *
announce (const char *path)
{
    DunlinAnnounceConfig config = config_for (path);
    TestAnnounced *announced = test_announced_new (&config);

    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    return announced;
}

static TestZookeeperClient *
somebody (void)
{
    return test_zookeeper_client_new (test_zookeeper_server_address (server), NULL);
}

static void
assert_n_children (TestZookeeperClient *client, const char *path, guint n)
{
    g_auto (GStrv) children = test_zookeeper_client_children (client, path);

    g_assert_cmpuint (g_strv_length (children), ==, n);
}

static void
member_is_finagles_json_in_an_ephemeral_node (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestAnnounced) announced = announce ("/written/set");
    g_auto (GStrv) children = test_zookeeper_client_children (client, "/written/set");
    g_auto (DunlinAnnouncerStatus) status = { 0 };
    g_autofree char *text = NULL, *acl = NULL;
    gint64 owner = 0;

    dunlin_announcer_get_status (test_announced_announcer (announced), &status);
    g_assert_cmpuint (g_strv_length (children), ==, 1);
    g_assert_cmpstr (children[0], ==, "member_0000000000");
    g_assert_cmpstr (status.node, ==, "/written/set/member_0000000000");
    text = test_zookeeper_client_get (client, status.node, &owner);
    g_assert_cmpstr (text, ==, JSON);
    g_assert_cmpint (owner, ==, status.session_id);
    g_assert_cmpint (status.session_timeout_ms, ==, 4000);
    acl = test_zookeeper_client_get_acl (client, status.node);
    g_assert_cmpstr (acl, ==, OPEN_ACL);
}

static void
endpoints_shard_and_metadata_are_written (void)
{
    DunlinEndpoint admin = { (char *)"admin", (char *)"127.0.0.1", 9990 };
    DunlinMetadata metadata = { (char *)"version", (char *)"1.0" };
    DunlinAnnounceConfig config = config_for ("/full");
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestAnnounced) announced = NULL;
    g_autofree char *node = NULL, *text = NULL;

    config.additional = &admin;
    config.n_additional = 1;
    config.metadata = &metadata;
    config.n_metadata = 1;
    config.shard = 3;
    announced = test_announced_new (&config);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    node = test_announced_node (announced);
    text = test_zookeeper_client_get (client, node, NULL);
    g_assert_cmpstr (text, ==,
                     "{\"serviceEndpoint\":{\"host\":\"127.0.0.1\",\"port\":9401},"
                     "\"additionalEndpoints\":{\"admin\":{\"host\":\"127.0.0.1\",\"port\":9990}},"
                     "\"status\":\"ALIVE\",\"shard\":3,\"metadata\":{\"version\":\"1.0\"}}");
}

static void
parents_and_chroot_are_created_without_data (void)
{
    g_autofree char *servers =
        g_strconcat (test_zookeeper_server_address (server), "/prod/eu", NULL);
    DunlinAnnounceConfig config = config_for ("/services/book");
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestAnnounced) announced = NULL;
    const char *paths[] = { "/prod", "/prod/eu", "/prod/eu/services", "/prod/eu/services/book" };

    config.servers = servers;
    announced = test_announced_new (&config);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
        gint64 owner = -1;
        g_autofree char *text = test_zookeeper_client_get (client, paths[i], &owner);
        g_autofree char *acl = test_zookeeper_client_get_acl (client, paths[i]);

        g_assert_cmpstr (text, ==, "");
        g_assert_cmpint (owner, ==, 0);
        g_assert_cmpstr (acl, ==, OPEN_ACL);
    }
    assert_n_children (client, "/prod/eu/services/book", 1);
}

static void
leaving_deletes_the_member_before_it_tells (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestAnnounced) announced = announce ("/left");

    g_assert_true (test_announced_leave (announced));
    assert_n_children (client, "/left", 0);
    g_assert_cmpint (dunlin_announcer_get_state (test_announced_announcer (announced)), ==,
                     DUNLIN_ANNOUNCER_GONE);
}

static void
leaving_while_joining_leaves_nothing (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();

    for (int i = 0; i < 10; i++) {
        DunlinAnnounceConfig config = config_for ("/hasty");
        g_autoptr (TestAnnounced) announced = test_announced_new (&config);

        if (i % 2 == 1)
            test_announced_wait_count (announced, DUNLIN_ANNOUNCER_RECONCILING, 1);
        g_assert_true (test_announced_leave (announced));
        assert_n_children (client, "/hasty", 0);
    }
}

static void
unhealthy_has_no_member_and_comes_back (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestAnnounced) announced = announce ("/health");

    test_announced_set_healthy (announced, FALSE);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_WITHDRAWN);
    assert_n_children (client, "/health", 0);
    test_announced_set_healthy (announced, TRUE);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    assert_n_children (client, "/health", 1);
    test_announced_set_healthy (announced, FALSE);
    test_announced_set_healthy (announced, TRUE);
    test_announced_set_healthy (announced, FALSE);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_WITHDRAWN);
    assert_n_children (client, "/health", 0);
    g_assert_true (test_announced_leave (announced));
}

static void
deleted_by_somebody_else_comes_back (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestAnnounced) announced = announce ("/deleted");

    for (guint n = 2; n < 5; n++) {
        g_autofree char *node = test_announced_node (announced);

        g_assert_cmpint (test_zookeeper_client_delete (client, node), ==, 0);
        test_announced_wait_count (announced, DUNLIN_ANNOUNCER_REGISTERED, n);
        assert_n_children (client, "/deleted", 1);
    }
}

static void
set_deleted_by_somebody_else_comes_back (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestAnnounced) announced = announce ("/deeply/deleted");
    g_autofree char *node = test_announced_node (announced);

    test_announced_set_healthy (announced, FALSE);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_WITHDRAWN);
    g_assert_cmpint (test_zookeeper_client_delete (client, "/deeply/deleted"), ==, 0);
    g_assert_cmpint (test_zookeeper_client_delete (client, "/deeply"), ==, 0);
    test_announced_set_healthy (announced, TRUE);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    assert_n_children (client, "/deeply/deleted", 1);
}

static void
changed_by_somebody_else_is_mended (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestAnnounced) announced = announce ("/changed");
    g_autofree char *node = test_announced_node (announced);
    g_autofree char *mended = NULL, *text = NULL;

    g_assert_cmpint (test_zookeeper_client_set (client, node, "{}"), ==, 0);
    test_announced_wait_count (announced, DUNLIN_ANNOUNCER_REGISTERED, 2);
    mended = test_announced_node (announced);
    text = test_zookeeper_client_get (client, mended, NULL);
    g_assert_cmpstr (text, ==, JSON);
    assert_n_children (client, "/changed", 1);
}

static void
left_over_of_an_earlier_run_is_removed_and_others_are_not (void)
{
    g_autoptr (TestZookeeperClient) earlier = somebody ();
    g_autoptr (TestAnnounced) announced = NULL;
    g_autofree char *node = NULL, *text = NULL;

    test_zookeeper_client_create (earlier, "/stale", "");
    test_zookeeper_client_create_ephemeral (earlier, "/stale/member_0000000001", JSON);
    test_zookeeper_client_create (earlier, "/stale/member_0000000002", JSON);
    test_zookeeper_client_create_ephemeral (
        earlier, "/stale/member_other",
        "{\"serviceEndpoint\":{\"host\":\"127.0.0.1\",\"port\":9402},\"status\":\"ALIVE\"}");
    test_zookeeper_client_create_ephemeral (earlier, "/stale/member_garbage", "\x01 no JSON");
    test_zookeeper_client_create_ephemeral (earlier, "/stale/vector_0", JSON);
    announced = announce ("/stale");
    node = test_announced_node (announced);
    text = test_zookeeper_client_get (earlier, node, NULL);
    g_assert_cmpstr (text, ==, JSON);
    assert_n_children (earlier, "/stale", 4);
    g_assert_null (test_zookeeper_client_get (earlier, "/stale/member_0000000001", NULL));
    g_assert_null (test_zookeeper_client_get (earlier, "/stale/member_0000000002", NULL));
}

/* What others leave in the set is theirs: nothing of it stops us, and nothing of it is touched. */
static void
malformed_siblings_do_not_matter (void)
{
    static const char *const texts[] = {
        "",
        "{",
        "null",
        "[]",
        "{}",
        "\"ALIVE\"",
        "{\"serviceEndpoint\":null}",
        "{\"serviceEndpoint\":\"127.0.0.1:9401\"}",
        "{\"serviceEndpoint\":{\"host\":\"127.0.0.1\",\"port\":\"9401\"}}",
        "{\"serviceEndpoint\":{\"host\":[],\"port\":9401}}",
        "{\"serviceEndpoint\":{\"port\":9401}}",
        "{\"serviceEndpoint\":{\"host\":\"127.0.0.1\",\"port\":1e99}}",
        "\xff\xfe",
    };
    g_autoptr (TestZookeeperClient) other = somebody ();
    g_autoptr (TestZookeeperClient) owner =
        test_zookeeper_client_new (test_zookeeper_server_address (server), "other:secret");
    g_autofree char *deep = g_strnfill (60000, '[');
    g_autoptr (TestAnnounced) announced = NULL;
    g_autofree char *node = NULL;

    test_zookeeper_client_create (other, "/malformed", "");
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autofree char *path = g_strdup_printf ("/malformed/member_000000%04u", i);

        g_assert_cmpint (test_zookeeper_client_create (other, path, texts[i]), ==, 0);
    }
    g_assert_cmpint (test_zookeeper_client_create (other, "/malformed/member_deep", deep), ==, 0);
    g_assert_cmpint (test_zookeeper_client_create_secret (owner, "/malformed/member_secret"), ==,
                     0);
    g_assert_cmpint (test_zookeeper_client_create (other, "/malformed/member_", "{}"), ==, 0);
    announced = announce ("/malformed");
    assert_n_children (other, "/malformed", G_N_ELEMENTS (texts) + 4);
    node = test_announced_node (announced);
    g_assert_cmpint (test_zookeeper_client_delete (other, node), ==, 0);
    test_announced_wait_count (announced, DUNLIN_ANNOUNCER_REGISTERED, 2);
    g_assert_true (test_announced_leave (announced));
    assert_n_children (other, "/malformed", G_N_ELEMENTS (texts) + 3);
}

static void
members_of_one_set_live_side_by_side (void)
{
    DunlinAnnounceConfig config = config_for ("/many");
    g_autoptr (TestZookeeperClient) client = somebody ();
    TestAnnounced *announced[5];

    for (guint i = 0; i < G_N_ELEMENTS (announced); i++) {
        config.port = (guint16)(PORT + i);
        config.shard = (gint32)i;
        announced[i] = test_announced_new (&config);
    }
    for (guint i = 0; i < G_N_ELEMENTS (announced); i++)
        test_announced_wait (announced[i], DUNLIN_ANNOUNCER_REGISTERED);
    assert_n_children (client, "/many", G_N_ELEMENTS (announced));
    for (guint i = 0; i < G_N_ELEMENTS (announced); i++) {
        g_assert_true (test_announced_leave (announced[i]));
        test_announced_free (announced[i]);
    }
    assert_n_children (client, "/many", 0);
}

/* Two processes that claim one address fight; they must not do it at full speed. */
static void
quarrel_over_an_address_slows_down (void)
{
    g_autoptr (TestAnnounced) one = announce ("/quarrel");
    g_autoptr (TestAnnounced) two = announce ("/quarrel");
    gint64 end = g_get_monotonic_time () + 2 * G_TIME_SPAN_SECOND;

    while (g_get_monotonic_time () < end)
        g_usleep (50 * G_TIME_SPAN_MILLISECOND);
    g_assert_cmpuint (test_announced_count (one, DUNLIN_ANNOUNCER_REGISTERED), <, 12);
    g_assert_cmpuint (test_announced_count (two, DUNLIN_ANNOUNCER_REGISTERED), <, 12);
}

static void
credentials_protect_the_member_and_the_set (void)
{
    DunlinAnnounceConfig config = config_for ("/owned/set");
    g_autoptr (TestZookeeperClient) other =
        test_zookeeper_client_new (test_zookeeper_server_address (server), "svc:wrong");
    g_autoptr (TestAnnounced) announced = NULL;
    g_autofree char *node = NULL, *text = NULL, *acl = NULL, *set_acl = NULL;

    config.digest = "svc:secret";
    announced = test_announced_new (&config);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    node = test_announced_node (announced);
    text = test_zookeeper_client_get (other, node, NULL);
    g_assert_cmpstr (text, ==, JSON);
    acl = test_zookeeper_client_get_acl (other, node);
    g_assert_true (g_str_has_prefix (acl, OWNED_ACL));
    g_assert_nonnull (strstr (acl, " 31, world:anyone 1"));
    set_acl = test_zookeeper_client_get_acl (other, "/owned/set");
    g_assert_cmpstr (set_acl, ==, acl);
    g_assert_cmpint (test_zookeeper_client_delete (other, node), !=, 0);
    g_assert_cmpint (test_zookeeper_client_set (other, node, "{}"), !=, 0);
    g_assert_cmpint (test_zookeeper_client_create (other, "/owned/set/member_1", "x"), !=, 0);
    g_assert_true (test_announced_leave (announced));
    assert_n_children (other, "/owned/set", 0);
}

static void
wrong_credentials_are_named_and_tried_on (void)
{
    DunlinAnnounceConfig config = config_for ("/closed/set");
    g_autoptr (TestZookeeperClient) owner =
        test_zookeeper_client_new (test_zookeeper_server_address (server), "svc:secret");
    g_autoptr (TestAnnounced) announced = NULL;
    g_autofree char *problem = NULL;

    g_assert_cmpint (test_zookeeper_client_create_owned (owner, "/closed"), ==, 0);
    test_log_clear ();
    config.digest = "svc:wrong";
    announced = test_announced_new (&config);
    while (problem == NULL || strstr (problem, "/closed/set") == NULL) {
        g_free (problem);
        problem = test_announced_problem (announced);
        g_usleep (5 * G_TIME_SPAN_MILLISECOND);
    }
    g_assert_nonnull (strstr (problem, "credentials"));
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, "/closed/set"), ==, 1);
    /* The administrator lets us in: no restart is needed. */
    g_assert_cmpint (test_zookeeper_client_create (owner, "/closed/set", ""), ==, 0);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    g_assert_true (test_announced_leave (announced));
}

static void
refused (const DunlinAnnounceConfig *config)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinLoop) loop = dunlin_loop_new ("control", NULL);

    g_assert_null (dunlin_announcer_new (loop, config, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
}

static void
bad_settings_are_refused (void)
{
    DunlinAnnounceConfig config = config_for ("/a");

    config.servers = "zk1:0";
    refused (&config);
    config = config_for ("a");
    refused (&config);
    config = config_for ("/a");
    config.port = 0;
    refused (&config);
    config = config_for ("/a");
    config.session_timeout_ms = 10;
    refused (&config);
    config = config_for ("/a");
    config.digest = "nobody";
    refused (&config);
}

static void
status_can_be_described (void)
{
    g_autoptr (TestAnnounced) announced = announce ("/described");
    g_autoptr (JsonBuilder) json = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    JsonObject *object;

    json_builder_begin_object (json);
    dunlin_announcer_describe (test_announced_announcer (announced), json);
    json_builder_end_object (json);
    root = json_builder_get_root (json);
    object = json_node_get_object (root);
    g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "registered");
    g_assert_cmpstr (json_object_get_string_member (object, "node"), ==,
                     "/described/member_0000000000");
    g_assert_cmpint (json_object_get_int_member (object, "registrations"), ==, 1);
    g_assert_true (json_object_get_null_member (object, "problem"));
}

int
main (int argc, char *argv[])
{
    int rc;

    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    server = test_zookeeper_server_new (NULL);
    g_test_add_func ("/announcer/session/member-is-finagles-json-in-an-ephemeral-node",
                     member_is_finagles_json_in_an_ephemeral_node);
    g_test_add_func ("/announcer/session/endpoints-shard-and-metadata-are-written",
                     endpoints_shard_and_metadata_are_written);
    g_test_add_func ("/announcer/session/parents-and-chroot-are-created-without-data",
                     parents_and_chroot_are_created_without_data);
    g_test_add_func ("/announcer/session/leaving-deletes-the-member-before-it-tells",
                     leaving_deletes_the_member_before_it_tells);
    g_test_add_func ("/announcer/session/leaving-while-joining-leaves-nothing",
                     leaving_while_joining_leaves_nothing);
    g_test_add_func ("/announcer/session/unhealthy-has-no-member-and-comes-back",
                     unhealthy_has_no_member_and_comes_back);
    g_test_add_func ("/announcer/session/deleted-by-somebody-else-comes-back",
                     deleted_by_somebody_else_comes_back);
    g_test_add_func ("/announcer/session/set-deleted-by-somebody-else-comes-back",
                     set_deleted_by_somebody_else_comes_back);
    g_test_add_func ("/announcer/session/changed-by-somebody-else-is-mended",
                     changed_by_somebody_else_is_mended);
    g_test_add_func ("/announcer/session/left-over-of-an-earlier-run-is-removed-and-others-are-not",
                     left_over_of_an_earlier_run_is_removed_and_others_are_not);
    g_test_add_func ("/announcer/session/malformed-siblings-do-not-matter",
                     malformed_siblings_do_not_matter);
    g_test_add_func ("/announcer/session/members-of-one-set-live-side-by-side",
                     members_of_one_set_live_side_by_side);
    g_test_add_func ("/announcer/session/quarrel-over-an-address-slows-down",
                     quarrel_over_an_address_slows_down);
    g_test_add_func ("/announcer/session/credentials-protect-the-member-and-the-set",
                     credentials_protect_the_member_and_the_set);
    g_test_add_func ("/announcer/session/wrong-credentials-are-named-and-tried-on",
                     wrong_credentials_are_named_and_tried_on);
    g_test_add_func ("/announcer/session/bad-settings-are-refused", bad_settings_are_refused);
    g_test_add_func ("/announcer/session/status-can-be-described", status_can_be_described);
    rc = g_test_run ();
    test_zookeeper_server_free (server);
    return rc;
}
