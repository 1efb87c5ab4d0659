/* What names lead to, with a real ZooKeeper and the machine's own name service. */
#include "support/announced.h"
#include "support/log_capture.h"
#include "support/relay.h"
#include "support/resolved.h"
#include "support/zookeeper_client.h"
#include "support/zookeeper_server.h"

#include <string.h>

#define LIMBO_MS 300

/* One server for all cases; each has a path of its own. */
static TestZookeeperServer *server;

static const DunlinResolverOptions options = { .session_timeout_ms = 4000, .limbo_ms = LIMBO_MS };

static TestZookeeperClient *
somebody (void)
{
    return test_zookeeper_client_new (test_zookeeper_server_address (server), NULL);
}

/* @path: with what may follow it in a name */
static TestResolved *
follow (const char *path)
{
    g_autofree char *name =
        g_strdup_printf ("zk2!%s!%s", test_zookeeper_server_address (server), path);

    return test_resolved_new (name, &options);
}

static void
put (TestZookeeperClient *client, const char *path, const char *text)
{
    g_assert_cmpint (test_zookeeper_client_create (client, path, text), ==, 0);
}

/* What Finagle's announcer would write. */
static void
put_member (TestZookeeperClient *client, const char *path, guint port, int shard)
{
    g_autofree char *text =
        g_strdup_printf ("{\"serviceEndpoint\":{\"host\":\"10.0.0.1\",\"port\":%u},"
                         "\"additionalEndpoints\":{\"admin\":{\"host\":\"10.0.0.1\",\"port\":%u}},"
                         "\"status\":\"ALIVE\",\"shard\":%d,\"metadata\":{\"version\":\"%d\"}}",
                         port, port + 1000, shard, shard);

    put (client, path, text);
}

static void delete (TestZookeeperClient *client, const char *path)
{
    g_assert_cmpint (test_zookeeper_client_delete (client, path), ==, 0);
}

static void
members_come_with_all_they_say (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) resolved = NULL;
    g_autoptr (DunlinAddressSet) set = NULL;

    put (client, "/all", "");
    put_member (client, "/all/member_0000000007", 9001, 3);
    resolved = follow ("/all");
    test_resolved_wait (resolved, "bound 10.0.0.1:9001");
    set = test_resolved_get (resolved);
    g_assert_cmpstr (set->addresses[0].host, ==, "10.0.0.1");
    g_assert_cmpstr (set->addresses[0].node, ==, "member_0000000007");
    g_assert_true (set->addresses[0].has_shard);
    g_assert_cmpint (set->addresses[0].shard, ==, 3);
    g_assert_cmpstr (set->addresses[0].metadata[0], ==, "version");
    g_assert_cmpstr (set->addresses[0].metadata[1], ==, "3");
}

static void
endpoint_and_shard_are_picked (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) admin = NULL, shard = NULL, nobody = NULL;

    put (client, "/pick", "");
    put_member (client, "/pick/member_0000000000", 1, 0);
    put_member (client, "/pick/member_0000000001", 2, 1);
    admin = follow ("/pick!admin");
    shard = follow ("/pick!#1");
    nobody = follow ("/pick!http");
    test_resolved_wait (admin, "bound 10.0.0.1:1001 10.0.0.1:1002");
    test_resolved_wait (shard, "bound 10.0.0.1:2");
    test_resolved_wait (nobody, "empty");
}

static void
weights_of_all_vectors_are_multiplied_and_followed (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) resolved = NULL;

    put (client, "/weights", "");
    put_member (client, "/weights/member_0000000000", 1, 0);
    put_member (client, "/weights/member_0000000001", 2, 1);
    put (client, "/weights/vector_0000000002",
         "{\"vector\":[{\"select\":\"shard=0\",\"weight\":0.5}]}");
    resolved = follow ("/weights");
    test_resolved_wait (resolved, "bound 10.0.0.1:1*0.5 10.0.0.1:2");
    put (client, "/weights/vector_0000000003",
         "{\"vector\":[{\"select\":\"inet=10.0.0.1:1\",\"weight\":0.5},"
         "{\"select\":\"member=member_0000000001\",\"weight\":3.0}]}");
    test_resolved_wait (resolved, "bound 10.0.0.1:1*0.25 10.0.0.1:2*3");
    g_assert_cmpint (test_zookeeper_client_set (client, "/weights/vector_0000000003", "{}"), ==, 0);
    test_resolved_wait (resolved, "bound 10.0.0.1:1*0.5 10.0.0.1:2");
    delete (client, "/weights/vector_0000000002");
    test_resolved_wait (resolved, "bound 10.0.0.1:1 10.0.0.1:2");
}

static void
new_ones_come_at_once_and_others_go_after_the_limbo (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) resolved = NULL;
    gint64 start;

    put (client, "/limbo", "");
    put_member (client, "/limbo/member_0000000000", 1, 0);
    resolved = follow ("/limbo");
    test_resolved_wait (resolved, "bound 10.0.0.1:1");
    put_member (client, "/limbo/member_0000000001", 2, 0);
    test_resolved_wait (resolved, "bound 10.0.0.1:1 10.0.0.1:2");
    start = g_get_monotonic_time ();
    delete (client, "/limbo/member_0000000000");
    test_resolved_wait (resolved, "bound 10.0.0.1:2");
    g_assert_cmpint (g_get_monotonic_time () - start, >=, LIMBO_MS * G_TIME_SPAN_MILLISECOND);
    delete (client, "/limbo/member_0000000001");
    test_resolved_wait (resolved, "empty");
}

/* A server that starts again at its address gets a new number: nobody is to notice. */
static void
restart_at_the_same_address_is_never_a_loss (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) resolved = NULL;

    put (client, "/restart", "");
    put_member (client, "/restart/member_0000000000", 1, 0);
    put_member (client, "/restart/member_0000000001", 2, 0);
    resolved = follow ("/restart");
    test_resolved_wait (resolved, "bound 10.0.0.1:1 10.0.0.1:2");
    delete (client, "/restart/member_0000000000");
    put_member (client, "/restart/member_0000000002", 1, 0);
    put_member (client, "/restart/member_0000000003", 3, 0);
    test_resolved_wait (resolved, "bound 10.0.0.1:1 10.0.0.1:2 10.0.0.1:3");
    g_usleep (2 * LIMBO_MS * 1000);
    test_resolved_wait (resolved, "bound 10.0.0.1:1 10.0.0.1:2 10.0.0.1:3");
}

static void
missing_set_is_empty_until_it_is_made (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) resolved = follow ("/later/set");

    test_resolved_wait (resolved, "empty");
    put (client, "/later", "");
    put (client, "/later/set", "");
    put_member (client, "/later/set/member_0000000000", 1, 0);
    test_resolved_wait (resolved, "bound 10.0.0.1:1");
}

/* Numbers begin anew then: the same name is another member. */
static void
set_made_anew_is_read_anew (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) resolved = NULL;

    put (client, "/anew", "");
    put_member (client, "/anew/member_0000000000", 1, 0);
    resolved = follow ("/anew");
    test_resolved_wait (resolved, "bound 10.0.0.1:1");
    delete (client, "/anew/member_0000000000");
    delete (client, "/anew");
    put (client, "/anew", "");
    put_member (client, "/anew/member_0000000000", 2, 0);
    test_resolved_wait (resolved, "bound 10.0.0.1:2");
}

static void
changed_member_is_read_anew (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) resolved = NULL;

    put (client, "/edited", "");
    put_member (client, "/edited/member_0000000000", 1, 0);
    resolved = follow ("/edited");
    test_resolved_wait (resolved, "bound 10.0.0.1:1");
    test_zookeeper_client_set (client, "/edited/member_0000000000",
                               "{\"serviceEndpoint\":{\"host\":\"10.0.0.2\",\"port\":5},"
                               "\"status\":\"ALIVE\"}");
    test_resolved_wait (resolved, "bound 10.0.0.2:5");
}

static void
malformed_members_are_passed_over (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestZookeeperClient) owner =
        test_zookeeper_client_new (test_zookeeper_server_address (server), "other:secret");
    g_autofree char *deep = g_strnfill (60000, '[');
    g_autoptr (TestResolved) resolved = NULL;

    put (client, "/malformed", "");
    put (client, "/malformed/member_0000000000", "");
    put (client, "/malformed/member_0000000001", "{");
    put (client, "/malformed/member_0000000002", deep);
    put (client, "/malformed/member_0000000003",
         "{\"serviceEndpoint\":{\"host\":\"10.0.0.9\",\"port\":\"9\"},\"status\":\"ALIVE\"}");
    put (client, "/malformed/member_0000000004",
         "{\"serviceEndpoint\":{\"host\":\"10.0.0.9\",\"port\":9},\"status\":\"DEAD\"}");
    put (client, "/malformed/vector_0000000005", "not JSON");
    put (client, "/malformed/node_0000000006", "{}");
    test_zookeeper_client_create_secret (owner, "/malformed/member_0000000007");
    put_member (client, "/malformed/member_0000000008", 1, 0);
    resolved = follow ("/malformed");
    test_resolved_wait (resolved, "bound 10.0.0.1:1");
}

static void
host_name_of_a_member_is_looked_up (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) resolved = NULL;
    g_autoptr (DunlinAddressSet) set = NULL;

    put (client, "/names", "");
    put (client, "/names/member_0000000000",
         "{\"serviceEndpoint\":{\"host\":\"nowhere.invalid\",\"port\":9},\"status\":\"ALIVE\"}");
    resolved = follow ("/names");
    test_resolved_wait (resolved, "empty");
    set = test_resolved_get (resolved);
    g_assert_nonnull (strstr (set->reason, "nowhere.invalid"));
    put_member (client, "/names/member_0000000001", 1, 0);
    test_resolved_wait (resolved, "bound 10.0.0.1:1");
}

static void
set_that_may_not_be_read_is_pending_and_says_so (void)
{
    g_autoptr (TestZookeeperClient) owner =
        test_zookeeper_client_new (test_zookeeper_server_address (server), "other:secret");
    g_autoptr (TestResolved) resolved = NULL;
    g_autofree char *description = NULL;
    DunlinResolverOptions trusted = options;

    g_assert_cmpint (test_zookeeper_client_create_secret (owner, "/secret"), ==, 0);
    resolved = follow ("/secret");
    while (description == NULL || strstr (description, "access list") == NULL) {
        g_free (description);
        g_usleep (5000);
        description = test_resolved_describe (resolved);
    }
    g_assert_nonnull (strstr (description, "\"state\":\"pending\""));
    g_clear_pointer (&resolved, test_resolved_free);
    trusted.digest = "other:secret";
    g_free (description);
    description = g_strdup_printf ("zk!%s!/secret", test_zookeeper_server_address (server));
    resolved = test_resolved_new (description, &trusted);
    test_resolved_wait (resolved, "empty");
}

static void
names_of_one_set_share_its_watch (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestResolved) resolved = NULL;
    g_autoptr (TestRelay) relay = test_relay_new (test_zookeeper_server_port (server));
    g_autofree char *name = g_strdup_printf ("zk2!127.0.0.1:%u!/shared", test_relay_port (relay));
    g_autofree char *endpoint = g_strconcat (name, "!admin", NULL);

    put (client, "/shared", "");
    resolved = test_resolved_new (name, &options);
    test_resolved_wait (resolved, "empty");
    test_resolved_add (resolved, name);
    test_resolved_add (resolved, endpoint);
    put_member (client, "/shared/member_0000000000", 1, 0);
    test_resolved_wait (resolved, "bound 10.0.0.1:1");
    g_assert_cmpuint (test_relay_n_accepted (relay), ==, 1);
    g_assert_cmpuint (test_resolved_count (resolved), ==, 2);
}

static void
expired_session_disturbs_nobody (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestRelay) relay = test_relay_new (test_zookeeper_server_port (server));
    g_autofree char *name = g_strdup_printf ("zk2!127.0.0.1:%u!/expired", test_relay_port (relay));
    g_autoptr (TestResolved) resolved = NULL;
    guint8 password[16];
    gint64 session_id;

    put (client, "/expired", "");
    put_member (client, "/expired/member_0000000000", 1, 0);
    resolved = test_resolved_new (name, &options);
    test_resolved_wait (resolved, "bound 10.0.0.1:1");
    test_relay_get_session (relay, &session_id, password);
    test_zookeeper_client_expire (test_zookeeper_server_address (server), session_id, password);
    put_member (client, "/expired/member_0000000001", 2, 0);
    test_resolved_wait (resolved, "bound 10.0.0.1:1 10.0.0.1:2");
    g_assert_cmpuint (test_resolved_count (resolved), ==, 2);
}

/* Until the resolution says @text of itself. */
static void
wait_described (TestResolved *resolved, const char *text)
{
    gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
    g_autofree char *description = test_resolved_describe (resolved);

    while (strstr (description, text) == NULL) {
        g_assert_cmpint (g_get_monotonic_time (), <, end);
        g_usleep (5000);
        g_free (description);
        description = test_resolved_describe (resolved);
    }
}

/* Who is in limbo then stays, and begins it anew afterwards; who leaves meanwhile is missed later.
 */
static void
cut_off_it_keeps_all_and_catches_up (void)
{
    g_autoptr (TestZookeeperClient) client = somebody ();
    g_autoptr (TestRelay) relay = test_relay_new (test_zookeeper_server_port (server));
    g_autofree char *name = g_strdup_printf ("zk2!127.0.0.1:%u!/cut", test_relay_port (relay));
    DunlinResolverOptions slow = options;
    g_autoptr (TestResolved) resolved = NULL;

    slow.limbo_ms = 1000;
    put (client, "/cut", "");
    put_member (client, "/cut/member_0000000000", 1, 0);
    put_member (client, "/cut/member_0000000001", 2, 0);
    put_member (client, "/cut/member_0000000002", 3, 0);
    resolved = test_resolved_new (name, &slow);
    test_resolved_wait (resolved, "bound 10.0.0.1:1 10.0.0.1:2 10.0.0.1:3");
    delete (client, "/cut/member_0000000000");
    wait_described (resolved, "\"limbo\":1");
    test_relay_hold (relay, TRUE);
    test_relay_cut (relay);
    wait_described (resolved, "is lost");
    delete (client, "/cut/member_0000000001");
    g_usleep (1500 * 1000);
    test_resolved_wait (resolved, "bound 10.0.0.1:1 10.0.0.1:2 10.0.0.1:3");
    test_relay_hold (relay, FALSE);
    test_resolved_wait (resolved, "bound 10.0.0.1:3");
}

static void
zookeeper_killed_keeps_all (void)
{
    g_autoptr (TestZookeeperServer) own = test_zookeeper_server_new_stopped ();
    g_autofree char *name = g_strdup_printf ("zk2!%s!/kept", test_zookeeper_server_address (own));
    g_autoptr (TestResolved) resolved = test_resolved_new (name, &options);
    g_autofree char *at_start = test_resolved_text (resolved);
    g_autofree char *description = NULL;
    TestZookeeperClient *client;

    g_assert_cmpstr (at_start, ==, "pending");
    test_zookeeper_server_start (own);
    test_resolved_wait (resolved, "empty");
    client = test_zookeeper_client_new (test_zookeeper_server_address (own), NULL);
    put (client, "/kept", "");
    put_member (client, "/kept/member_0000000000", 1, 0);
    test_zookeeper_client_free (client);
    test_resolved_wait (resolved, "bound 10.0.0.1:1");
    test_log_clear ();
    test_zookeeper_server_kill (own);
    while (test_log_count (G_LOG_LEVEL_WARNING, "the last known addresses stay in use") == 0)
        g_usleep (5000);
    description = test_resolved_describe (resolved);
    g_assert_nonnull (strstr (description, "\"state\":\"bound\""));
    g_assert_nonnull (strstr (description, "is lost"));
    test_zookeeper_server_start (own);
    client = test_zookeeper_client_new (test_zookeeper_server_address (own), NULL);
    put_member (client, "/kept/member_0000000001", 2, 0);
    test_zookeeper_client_free (client);
    test_resolved_wait (resolved, "bound 10.0.0.1:1 10.0.0.1:2");
}

static void
what_is_announced_is_resolved_until_it_leaves (void)
{
    DunlinAnnounceConfig config = { .servers = test_zookeeper_server_address (server),
                                    .path = "/announced/set",
                                    .host = "127.0.0.1",
                                    .port = 9401,
                                    .session_timeout_ms = 4000 };
    g_autoptr (TestResolved) resolved = follow ("/announced/set");
    g_autoptr (TestAnnounced) announced = NULL;

    test_resolved_wait (resolved, "empty");
    announced = test_announced_new (&config);
    test_resolved_wait (resolved, "bound 127.0.0.1:9401");
    g_assert_true (test_announced_leave (announced));
    test_resolved_wait (resolved, "empty");
}

typedef struct {
    const char *title;
    const char *name;
    const char *expected;
    const char *reason; /* a part of it, or NULL */
} Row;

static const Row rows[] = {
    { "literal-addresses-are-taken", "inet!10.0.0.2:2,10.0.0.1:1,[::1]:3",
      "bound 10.0.0.1:1 10.0.0.2:2 [::1]:3", NULL },
    { "names-without-address-are-passed-over", "inet!nowhere.invalid:1,10.0.0.1:1",
      "bound 10.0.0.1:1", NULL },
    { "no-name-with-an-address-is-empty", "inet!nowhere.invalid:1", "empty", "nowhere.invalid" },
    { "fixed-addresses-are-taken", "fixedinet!10.0.0.1:1", "bound 10.0.0.1:1", NULL },
    { "socket-is-taken", "unix!/run/book.sock", "bound /run/book.sock", NULL },
    { "nil-is-empty", "nil!", "empty", NULL },
    { "fail-has-its-reason", "fail!not today", "failed", "not today" },
};

static void
resolves_to (gconstpointer data)
{
    const Row *row = data;
    g_autoptr (TestResolved) resolved = test_resolved_new (row->name, &options);
    g_autoptr (DunlinAddressSet) set = NULL;

    test_resolved_wait (resolved, row->expected);
    set = test_resolved_get (resolved);
    if (row->reason != NULL)
        g_assert_nonnull (strstr (set->reason, row->reason));
}

/* Of one family or of two. */
static void
localhost_is_looked_up (void)
{
    g_autoptr (TestResolved) resolved = test_resolved_new ("localhost:80", &options);
    gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
    gboolean found = FALSE;

    while (!found && g_get_monotonic_time () < end) {
        g_autofree char *text = test_resolved_text (resolved);

        found = strstr (text, "127.0.0.1:80") != NULL || strstr (text, "[::1]:80") != NULL;
        g_usleep (5000);
    }
    g_assert_true (found);
}

static void
look_ups_go_on_and_change_nothing (void)
{
    DunlinResolverOptions quick = { .lookup_ms = 10 };
    g_autoptr (TestResolved) resolved = test_resolved_new ("localhost:80", &quick);

    g_usleep (500 * 1000); /* long enough to be forgotten, if it could be */
    g_assert_cmpuint (test_resolved_count (resolved), ==, 1);
}

#define ADD(title, function) g_test_add_func ("/resolver/" title, function)

int
main (int argc, char *argv[])
{
    int rc;

    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    server = test_zookeeper_server_new (NULL);
    ADD ("members-come-with-all-they-say", members_come_with_all_they_say);
    ADD ("endpoint-and-shard-are-picked", endpoint_and_shard_are_picked);
    ADD ("weights-of-all-vectors-are-multiplied-and-followed",
         weights_of_all_vectors_are_multiplied_and_followed);
    ADD ("new-ones-come-at-once-and-others-go-after-the-limbo",
         new_ones_come_at_once_and_others_go_after_the_limbo);
    ADD ("restart-at-the-same-address-is-never-a-loss",
         restart_at_the_same_address_is_never_a_loss);
    ADD ("missing-set-is-empty-until-it-is-made", missing_set_is_empty_until_it_is_made);
    ADD ("set-made-anew-is-read-anew", set_made_anew_is_read_anew);
    ADD ("changed-member-is-read-anew", changed_member_is_read_anew);
    ADD ("malformed-members-are-passed-over", malformed_members_are_passed_over);
    ADD ("host-name-of-a-member-is-looked-up", host_name_of_a_member_is_looked_up);
    ADD ("set-that-may-not-be-read-is-pending-and-says-so",
         set_that_may_not_be_read_is_pending_and_says_so);
    ADD ("names-of-one-set-share-its-watch", names_of_one_set_share_its_watch);
    ADD ("expired-session-disturbs-nobody", expired_session_disturbs_nobody);
    ADD ("cut-off-it-keeps-all-and-catches-up", cut_off_it_keeps_all_and_catches_up);
    ADD ("zookeeper-killed-keeps-all", zookeeper_killed_keeps_all);
    ADD ("what-is-announced-is-resolved-until-it-leaves",
         what_is_announced_is_resolved_until_it_leaves);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *path = g_strconcat ("/resolver/", rows[i].title, NULL);

        g_test_add_data_func (path, &rows[i], resolves_to);
    }
    ADD ("localhost-is-looked-up", localhost_is_looked_up);
    ADD ("look-ups-go-on-and-change-nothing", look_ups_go_on_and_change_nothing);
    rc = g_test_run ();
    test_zookeeper_server_free (server);
    return rc;
}
