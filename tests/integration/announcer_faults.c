/* The announcer when the network between it and a healthy ZooKeeper misbehaves. */
#include "support/announced.h"
#include "support/log_capture.h"
#include "support/relay.h"
#include "support/zookeeper_client.h"
#include "support/zookeeper_server.h"

#include <string.h>

#define TIMEOUT_MS 2000

/* One server for all cases; each case has a relay and a path of its own. */
static TestZookeeperServer *server;

typedef struct {
    TestRelay *relay;
    TestZookeeperClient *client; /* goes past the relay */
    TestAnnounced *announced;
    char *servers;
    const char *path;
} Fixture;

static void
announce (Fixture *f, int timeout_ms, int renew_after_ms)
{
    DunlinAnnounceConfig config = { .servers = f->servers,
                                    .path = f->path,
                                    .host = "127.0.0.1",
                                    .port = 9401,
                                    .session_timeout_ms = timeout_ms,
                                    .renew_after_ms = renew_after_ms };

    f->announced = test_announced_new (&config);
}

static void
setup (Fixture *f, gconstpointer path)
{
    f->path = path;
    f->client = test_zookeeper_client_new (test_zookeeper_server_address (server), NULL);
    f->relay = test_relay_new (test_zookeeper_server_port (server));
    f->servers = g_strdup_printf ("127.0.0.1:%u", test_relay_port (f->relay));
    test_log_clear ();
}

static void
setup_registered (Fixture *f, gconstpointer path)
{
    setup (f, path);
    announce (f, TIMEOUT_MS, 0);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
}

/* A session that survives the time that the client takes to notice a silence: two thirds of it,
 * and some. */
static void
setup_long (Fixture *f, gconstpointer path)
{
    setup (f, path);
    announce (f, 2 * TIMEOUT_MS, 0);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
}

static void
teardown (Fixture *f, gconstpointer path)
{
    test_announced_free (f->announced);
    test_relay_free (f->relay);
    test_zookeeper_client_free (f->client);
    g_free (f->servers);
}

/* Never more; fewer only for as long as a machine that was too busy for the session's time, which
 * is short here, needs to register anew. */
static void
assert_n_members (Fixture *f, guint n)
{
    gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
    guint seen = G_MAXUINT;

    while (seen != n && g_get_monotonic_time () < end) {
        g_auto (GStrv) children = test_zookeeper_client_children (f->client, f->path);

        seen = g_strv_length (children);
        g_assert_cmpuint (seen, <=, n);
        if (seen != n)
            g_usleep (10 * G_TIME_SPAN_MILLISECOND);
    }
    g_assert_cmpuint (seen, ==, n);
}

/* A blind retry would make a second member: ZooKeeper has done what it could not answer. */
static void
create_without_reply_makes_one_member (Fixture *f, gconstpointer path)
{
    test_relay_swallow (f->relay, "serviceEndpoint", "member_");
    announce (f, TIMEOUT_MS, 0);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    g_assert_true (test_relay_has_swallowed (f->relay));
    assert_n_members (f, 1);
    g_assert_true (test_announced_leave (f->announced));
    assert_n_members (f, 0);
}

static void
wait_for_members (Fixture *f, guint n)
{
    gint64 end = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
    guint seen = G_MAXUINT;

    while (seen != n && g_get_monotonic_time () < end) {
        g_auto (GStrv) children = test_zookeeper_client_children (f->client, f->path);

        seen = g_strv_length (children);
        g_usleep (10 * G_TIME_SPAN_MILLISECOND);
    }
    g_assert_cmpuint (seen, ==, n);
}

/* The client then says that the time is over, not that the connection is lost. */
static void
create_answered_too_late_makes_one_member (Fixture *f, gconstpointer path)
{
    test_relay_hold_after (f->relay, "serviceEndpoint");
    announce (f, TIMEOUT_MS, 0);
    wait_for_members (f, 1);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_SUSPENDED);
    test_relay_hold (f->relay, FALSE);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    assert_n_members (f, 1);
}

/* Less than the session's time: it is the same one, and nothing is written. */
static void
short_silence_keeps_the_member (Fixture *f, gconstpointer path)
{
    g_autofree char *node = test_announced_node (f->announced);
    g_autofree char *same = NULL;

    test_relay_hold (f->relay, TRUE);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_SUSPENDED);
    test_relay_hold (f->relay, FALSE);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    same = test_announced_node (f->announced);
    g_assert_cmpstr (same, ==, node);
    g_assert_cmpuint (test_announced_count (f->announced, DUNLIN_ANNOUNCER_RECONCILING), ==, 1);
    assert_n_members (f, 1);
}

static void
delete_without_reply_is_repeated (Fixture *f, gconstpointer path)
{
    g_autofree char *node = test_announced_node (f->announced);

    /* Any answer of the server to it will do. */
    test_relay_swallow (f->relay, node, "");
    g_assert_true (test_announced_leave (f->announced));
    g_assert_true (test_relay_has_swallowed (f->relay));
    assert_n_members (f, 0);
}

static void
expired_session_joins_anew (Fixture *f, gconstpointer path)
{
    g_autofree char *node = test_announced_node (f->announced);
    g_autofree char *next = NULL;
    guint8 password[16];
    gint64 session_id, start;

    test_relay_get_session (f->relay, &session_id, password);
    start = g_get_monotonic_time ();
    test_zookeeper_client_expire (test_zookeeper_server_address (server), session_id, password);
    test_announced_wait_count (f->announced, DUNLIN_ANNOUNCER_EXPIRED, 1);
    /* Not the second time: while its session was being stolen it may have registered twice. */
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    g_test_minimized_result ((double)(g_get_monotonic_time () - start) / 1e6,
                             "expiry to registration, seconds");
    g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_TIME_SPAN_SECOND);
    next = test_announced_node (f->announced);
    g_assert_cmpstr (next, !=, node);
    assert_n_members (f, 1);
}

static void
cut_connection_keeps_the_member (Fixture *f, gconstpointer path)
{
    g_autofree char *node = test_announced_node (f->announced);
    g_autofree char *same = NULL;

    for (guint n = 2; n < 5; n++) {
        test_relay_cut (f->relay);
        test_announced_wait_count (f->announced, DUNLIN_ANNOUNCER_REGISTERED, n);
    }
    same = test_announced_node (f->announced);
    g_assert_cmpstr (same, ==, node);
    g_assert_cmpuint (test_announced_count (f->announced, DUNLIN_ANNOUNCER_RECONCILING), ==, 1);
    assert_n_members (f, 1);
}

static void
deleted_while_cut_off_comes_back (Fixture *f, gconstpointer path)
{
    g_autofree char *node = test_announced_node (f->announced);

    test_relay_hold (f->relay, TRUE);
    g_assert_cmpint (test_zookeeper_client_delete (f->client, node), ==, 0);
    test_relay_cut (f->relay);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_SUSPENDED);
    test_relay_hold (f->relay, FALSE);
    test_announced_wait_count (f->announced, DUNLIN_ANNOUNCER_REGISTERED, 2);
    assert_n_members (f, 1);
}

/* Longer than the session: the ensemble expires it, and only tells when it is reached again. */
static void
long_partition_joins_anew (Fixture *f, gconstpointer path)
{
    test_relay_hold (f->relay, TRUE);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_SUSPENDED);
    wait_for_members (f, 0);
    g_assert_cmpint (dunlin_announcer_get_state (test_announced_announcer (f->announced)), ==,
                     DUNLIN_ANNOUNCER_SUSPENDED);
    test_relay_hold (f->relay, FALSE);
    test_announced_wait_count (f->announced, DUNLIN_ANNOUNCER_REGISTERED, 2);
    g_assert_cmpuint (test_announced_count (f->announced, DUNLIN_ANNOUNCER_EXPIRED), ==, 1);
    assert_n_members (f, 1);
}

/* Not acknowledged: done only when the member cannot be there any more. */
static void
leaving_in_a_partition_waits_for_the_expiry (Fixture *f, gconstpointer path)
{
    gint64 start = g_get_monotonic_time ();

    test_relay_hold (f->relay, TRUE);
    g_assert_false (test_announced_leave (f->announced));
    g_assert_cmpint (g_get_monotonic_time () - start, >=, 5 * G_TIME_SPAN_SECOND);
    assert_n_members (f, 0);
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, "has not confirmed"), ==, 1);
}

static void
leaving_in_a_short_partition_is_acknowledged (Fixture *f, gconstpointer path)
{
    test_relay_hold (f->relay, TRUE);
    test_relay_cut (f->relay);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_SUSPENDED);
    test_relay_hold (f->relay, FALSE);
    g_assert_true (test_announced_leave (f->announced));
    assert_n_members (f, 0);
}

/* Gives up the old session, whose member lives on for its timeout: still exactly one. */
static void
silence_is_escaped_with_a_new_session (Fixture *f, gconstpointer path)
{
    g_autofree char *node = NULL, *next = NULL;

    announce (f, 10000, 300);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    node = test_announced_node (f->announced);
    test_relay_hold (f->relay, TRUE);
    test_relay_cut (f->relay);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_CONNECTING);
    assert_n_members (f, 1);
    test_relay_hold (f->relay, FALSE);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    next = test_announced_node (f->announced);
    g_assert_cmpstr (next, !=, node);
    assert_n_members (f, 1);
}

static void
leaving_after_a_new_session_removes_the_former_member (Fixture *f, gconstpointer path)
{
    announce (f, 10000, 300);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_REGISTERED);
    test_relay_hold (f->relay, TRUE);
    test_relay_cut (f->relay);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_CONNECTING);
    test_announced_set_healthy (f->announced, FALSE);
    test_relay_hold (f->relay, FALSE);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_WITHDRAWN);
    assert_n_members (f, 0);
}

static void
lost_connection_is_said_once (Fixture *f, gconstpointer path)
{
    test_relay_hold (f->relay, TRUE);
    test_relay_cut (f->relay);
    test_announced_wait (f->announced, DUNLIN_ANNOUNCER_SUSPENDED);
    test_relay_hold (f->relay, FALSE);
    test_announced_wait_count (f->announced, DUNLIN_ANNOUNCER_REGISTERED, 2);
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, "no connection to ZooKeeper"), ==, 1);
}

static void
add (const char *name, const char *path, void (*before) (Fixture *, gconstpointer),
     void (*test) (Fixture *, gconstpointer))
{
    g_autofree char *full = g_strconcat ("/announcer/faults/", name, NULL);

    g_test_add (full, Fixture, path, before, test, teardown);
}

int
main (int argc, char *argv[])
{
    int rc;

    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    server = test_zookeeper_server_new (NULL);
    add ("create-without-reply-makes-one-member", "/create", setup,
         create_without_reply_makes_one_member);
    add ("create-answered-too-late-makes-one-member", "/late", setup,
         create_answered_too_late_makes_one_member);
    add ("short-silence-keeps-the-member", "/short", setup_long, short_silence_keeps_the_member);
    add ("delete-without-reply-is-repeated", "/delete", setup_registered,
         delete_without_reply_is_repeated);
    add ("expired-session-joins-anew", "/expired", setup_registered, expired_session_joins_anew);
    add ("cut-connection-keeps-the-member", "/cut", setup_registered,
         cut_connection_keeps_the_member);
    add ("deleted-while-cut-off-comes-back", "/deleted", setup_registered,
         deleted_while_cut_off_comes_back);
    add ("long-partition-joins-anew", "/partition", setup_registered, long_partition_joins_anew);
    add ("leaving-in-a-partition-waits-for-the-expiry", "/leaving", setup_registered,
         leaving_in_a_partition_waits_for_the_expiry);
    add ("leaving-in-a-short-partition-is-acknowledged", "/leaving_short", setup_registered,
         leaving_in_a_short_partition_is_acknowledged);
    add ("silence-is-escaped-with-a-new-session", "/silence", setup,
         silence_is_escaped_with_a_new_session);
    add ("leaving-after-a-new-session-removes-the-former-member", "/former", setup,
         leaving_after_a_new_session_removes_the_former_member);
    add ("lost-connection-is-said-once", "/said", setup_registered, lost_connection_is_said_once);
    rc = g_test_run ();
    test_zookeeper_server_free (server);
    return rc;
}
