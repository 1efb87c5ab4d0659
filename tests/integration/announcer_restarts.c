/* The announcer when ZooKeeper itself is down, dies, hangs or refuses. */
#include "support/announced.h"
#include "support/log_capture.h"
#include "support/zookeeper_client.h"
#include "support/zookeeper_server.h"

#include "base/clock.h"
#include "discovery/zookeeper.h"

#include <string.h>

#define TIMEOUT_MS 2000
#define PATH       "/services/book"

static DunlinAnnounceConfig
config_for (const char *servers)
{
    return (DunlinAnnounceConfig){ .servers = servers,
                                   .path = PATH,
                                   .host = "127.0.0.1",
                                   .port = 9401,
                                   .session_timeout_ms = TIMEOUT_MS };
}

static TestAnnounced *
announce (TestZookeeperServer *server)
{
    DunlinAnnounceConfig config = config_for (test_zookeeper_server_address (server));

    return test_announced_new (&config);
}

static void
assert_n_members (TestZookeeperServer *server, guint n)
{
    g_autoptr (TestZookeeperClient) client =
        test_zookeeper_client_new (test_zookeeper_server_address (server), NULL);
    gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
    guint seen = G_MAXUINT;

    /* Never more; fewer only while a busy machine has let the session's short time pass. */
    while (seen != n && g_get_monotonic_time () < end) {
        g_auto (GStrv) children = test_zookeeper_client_children (client, PATH);

        seen = g_strv_length (children);
        g_assert_cmpuint (seen, <=, n);
        if (seen != n)
            g_usleep (10 * G_TIME_SPAN_MILLISECOND);
    }
    g_assert_cmpuint (seen, ==, n);
}

static void
wait_for_problem (TestAnnounced *announced, const char *text)
{
    gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
    gboolean found = FALSE;

    while (!found) {
        g_autofree char *problem = test_announced_problem (announced);

        found = problem != NULL && strstr (problem, text) != NULL;
        g_assert_cmpint (g_get_monotonic_time (), <, end);
        g_usleep (5 * G_TIME_SPAN_MILLISECOND);
    }
}

static void
down_at_the_start_joins_when_it_comes_up (void)
{
    g_autoptr (TestZookeeperServer) server = test_zookeeper_server_new_stopped ();
    g_autoptr (TestAnnounced) announced = announce (server);

    test_announced_wait (announced, DUNLIN_ANNOUNCER_CONNECTING);
    test_log_clear ();
    test_zookeeper_server_start (server);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    assert_n_members (server, 1);
    /* The client itself would have said 15 times a second that nobody is there. */
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_INFO, "ZooKeeper's client"), <=, 2);
}

/* ZooKeeper gives every session its full timeout again when it starts. */
static void
killed_and_restarted_keeps_the_member (void)
{
    g_autoptr (TestZookeeperServer) server = test_zookeeper_server_new (NULL);
    g_autoptr (TestAnnounced) announced = announce (server);
    g_autofree char *node = NULL, *same = NULL;

    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    node = test_announced_node (announced);
    test_zookeeper_server_kill (server);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_SUSPENDED);
    test_zookeeper_server_start (server);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    same = test_announced_node (announced);
    g_assert_cmpstr (same, ==, node);
    assert_n_members (server, 1);
}

static void
stopped_longer_than_the_session_joins_anew (void)
{
    g_autoptr (TestZookeeperServer) server = test_zookeeper_server_new (NULL);
    g_autoptr (TestAnnounced) announced = announce (server);

    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    test_zookeeper_server_suspend (server);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_SUSPENDED);
    /* It counts by its own clock, which goes on: two ticks more than the timeout. */
    g_usleep ((TIMEOUT_MS + 1000) * 1000);
    test_zookeeper_server_resume (server);
    test_announced_wait_count (announced, DUNLIN_ANNOUNCER_REGISTERED, 2);
    assert_n_members (server, 1);
}

static void
leaving_a_dead_ensemble_ends_unacknowledged (void)
{
    g_autoptr (TestZookeeperServer) server = test_zookeeper_server_new (NULL);
    g_autoptr (TestAnnounced) announced = announce (server);

    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    test_zookeeper_server_kill (server);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_SUSPENDED);
    g_assert_false (test_announced_leave (announced));
}

static void
leaving_without_ever_having_joined_is_quick (void)
{
    g_autoptr (TestZookeeperServer) server = test_zookeeper_server_new_stopped ();
    g_autoptr (TestAnnounced) announced = announce (server);
    gint64 start;

    test_announced_wait (announced, DUNLIN_ANNOUNCER_CONNECTING);
    start = g_get_monotonic_time ();
    g_assert_true (test_announced_leave (announced));
    g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_TIME_SPAN_SECOND);
}

/* zookeeper_close() waits 1.5 s and more for such a server, and so does nobody else. */
static void
closing_towards_a_hung_server_blocks_nobody (void)
{
    g_autoptr (TestZookeeperServer) server = test_zookeeper_server_new (NULL);
    g_autoptr (TestAnnounced) announced = announce (server);
    gint64 start;

    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    test_zookeeper_server_suspend (server);
    start = g_get_monotonic_time ();
    test_announced_stop (announced);
    g_assert_cmpint (g_get_monotonic_time () - start, <, G_TIME_SPAN_SECOND);
    g_assert_false (dunlin_zookeeper_wait_closed (dunlin_clock_now ()));
    test_zookeeper_server_resume (server);
}

static void
unresolvable_hosts_are_named_and_tried_on (void)
{
    DunlinAnnounceConfig config = config_for ("zookeeper.invalid:2181");
    g_autoptr (TestAnnounced) announced = NULL;
    gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

    test_log_clear ();
    announced = test_announced_new (&config);
    /* The first reminder comes after 5 s; what the client itself says is limited, too. */
    while (test_log_count (G_LOG_LEVEL_WARNING, "zookeeper.invalid:2181 can be made") == 0 &&
           g_get_monotonic_time () < end)
        g_usleep (20 * G_TIME_SPAN_MILLISECOND);
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, "zookeeper.invalid:2181 can be made"),
                      ==, 1);
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_INFO, ""), <, 5);
    g_assert_true (test_announced_leave (announced));
}

static void
one_resolvable_host_is_enough (void)
{
    g_autoptr (TestZookeeperServer) server = test_zookeeper_server_new (NULL);
    g_autofree char *servers = g_strdup_printf ("zookeeper.invalid,127.0.0.1:1,%s",
                                                test_zookeeper_server_address (server));
    DunlinAnnounceConfig config = config_for (servers);
    g_autoptr (TestAnnounced) announced = test_announced_new (&config);

    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    assert_n_members (server, 1);
}

/* The scheme is switched off, which the client cannot know before. */
static void
refused_credentials_are_named_and_tried_on (void)
{
    g_autoptr (TestZookeeperServer) server =
        test_zookeeper_server_new ("-Dzookeeper.DigestAuthenticationProvider.enabled=false");
    DunlinAnnounceConfig config = config_for (test_zookeeper_server_address (server));
    g_autoptr (TestAnnounced) announced = NULL;

    config.digest = "svc:secret";
    test_log_clear ();
    announced = test_announced_new (&config);
    wait_for_problem (announced, "credentials");
    test_announced_wait_count (announced, DUNLIN_ANNOUNCER_AUTH_FAILED, 1);
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, "refused the credentials"), ==, 1);
    g_assert_true (test_announced_leave (announced));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    g_test_add_func ("/announcer/restarts/down-at-the-start-joins-when-it-comes-up",
                     down_at_the_start_joins_when_it_comes_up);
    g_test_add_func ("/announcer/restarts/killed-and-restarted-keeps-the-member",
                     killed_and_restarted_keeps_the_member);
    g_test_add_func ("/announcer/restarts/stopped-longer-than-the-session-joins-anew",
                     stopped_longer_than_the_session_joins_anew);
    g_test_add_func ("/announcer/restarts/leaving-a-dead-ensemble-ends-unacknowledged",
                     leaving_a_dead_ensemble_ends_unacknowledged);
    g_test_add_func ("/announcer/restarts/leaving-without-ever-having-joined-is-quick",
                     leaving_without_ever_having_joined_is_quick);
    g_test_add_func ("/announcer/restarts/closing-towards-a-hung-server-blocks-nobody",
                     closing_towards_a_hung_server_blocks_nobody);
    g_test_add_func ("/announcer/restarts/unresolvable-hosts-are-named-and-tried-on",
                     unresolvable_hosts_are_named_and_tried_on);
    g_test_add_func ("/announcer/restarts/one-resolvable-host-is-enough",
                     one_resolvable_host_is_enough);
    g_test_add_func ("/announcer/restarts/refused-credentials-are-named-and-tried-on",
                     refused_credentials_are_named_and_tried_on);
    return g_test_run ();
}
