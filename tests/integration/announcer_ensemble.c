/* The announcer with an ensemble of three servers that lose one another. */
#include "support/announced.h"
#include "support/log_capture.h"
#include "support/zookeeper_client.h"
#include "support/zookeeper_server.h"

#define N_SERVERS 3
/* Longer than the election of a leader takes on a busy machine. */
#define TIMEOUT_MS 10000

/* One ensemble for all cases; each has a path of its own. */
static TestZookeeperServer *servers[N_SERVERS];

typedef struct {
    TestAnnounced *announced;
    char *addresses; /* owned */
    char *node;      /* owned: of the registration at the beginning */
    const char *path;
} Fixture;

static void
setup (Fixture *f, gconstpointer path)
{
    DunlinAnnounceConfig config = {
        .path = path, .host = "127.0.0.1", .port = 9401, .session_timeout_ms = TIMEOUT_MS
    };

    f->path = path;
    f->addresses = g_strjoin (",", test_zookeeper_server_address (servers[0]),
                              test_zookeeper_server_address (servers[1]),
                              test_zookeeper_server_address (servers[2]), NULL);
    config.servers = f->addresses;
    f->announced = test_announced_new (&config);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    f->node = test_announced_node (f->announced);
}

static void
teardown (Fixture *f, gconstpointer path)
{
    g_assert_true (test_announced_leave (f->announced));
    test_announced_free (f->announced);
    g_free (f->addresses);
    g_free (f->node);
}

static guint
find_leader (void)
{
    gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

    while (g_get_monotonic_time () < end) {
        for (guint i = 0; i < N_SERVERS; i++) {
            if (test_zookeeper_server_is_leader (servers[i]))
                return i;
        }
        g_usleep (20 * G_TIME_SPAN_MILLISECOND);
    }
    g_error ("the ensemble has no leader");
}

/* The session has survived: the same node, and nobody has looked at the set anew. */
static void
assert_same_member (Fixture *f)
{
    g_autofree char *same = test_announced_node (f->announced);
    g_autoptr (TestZookeeperClient) client = test_zookeeper_client_new (f->addresses, NULL);
    g_auto (GStrv) children = test_zookeeper_client_children (client, f->path);

    g_assert_cmpstr (same, ==, f->node);
    g_assert_cmpuint (g_strv_length (children), ==, 1);
    g_assert_cmpuint (test_announced_count (f->announced, DUNLIN_ANNOUNCER_RECONCILING), ==, 1);
}

/* Without a leader every server hangs up. */
static void
leader_killed_keeps_the_member (Fixture *f, gconstpointer path)
{
    guint leader = find_leader ();

    test_zookeeper_server_kill (servers[leader]);
    test_announced_wait_count (f->announced, DUNLIN_ANNOUNCER_SUSPENDED, 1);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    assert_same_member (f);
    test_zookeeper_server_start (servers[leader]);
}

static void
rolling_restart_keeps_the_member (Fixture *f, gconstpointer path)
{
    for (guint i = 0; i < N_SERVERS; i++) {
        test_zookeeper_server_kill (servers[i]);
        test_zookeeper_server_start (servers[i]);
    }
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    assert_same_member (f);
}

static void
lost_quorum_suspends_and_keeps_the_member (Fixture *f, gconstpointer path)
{
    test_zookeeper_server_kill (servers[0]);
    test_zookeeper_server_kill (servers[1]);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_SUSPENDED);
    test_zookeeper_server_start_unready (servers[0]);
    test_zookeeper_server_start (servers[1]);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    assert_same_member (f);
}

int
main (int argc, char *argv[])
{
    int rc;

    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    test_zookeeper_ensemble_new (servers, N_SERVERS);
    g_test_add ("/announcer/ensemble/leader-killed-keeps-the-member", Fixture, "/leader", setup,
                leader_killed_keeps_the_member, teardown);
    g_test_add ("/announcer/ensemble/rolling-restart-keeps-the-member", Fixture, "/rolling", setup,
                rolling_restart_keeps_the_member, teardown);
    g_test_add ("/announcer/ensemble/lost-quorum-suspends-and-keeps-the-member", Fixture, "/quorum",
                setup, lost_quorum_suspends_and_keeps_the_member, teardown);
    rc = g_test_run ();
    for (guint i = 0; i < N_SERVERS; i++)
        test_zookeeper_server_free (servers[i]);
    return rc;
}
