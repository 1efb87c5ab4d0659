/* Five members of a serverset are restarted one after the other, one of them killed and one stopped
 * for a while, and ZooKeeper with them, while a client calls 500 times a second: it must not
 * notice.
 *
 * To a scale of one to five in time: 16 seconds for what takes a minute and a half with the
 * defaults (sessions of 2 s for 10, drain grace of 2 s for 20 s, limbo 2 s for 10). The members are
 * Dunlin's own; Finagle's are tested against from outside. */
#include "discovery/dest.h"
#include "support/client_case.h"
#include "support/client_load.h"
#include "support/log_capture.h"
#include "support/service_process.h"
#include "support/zookeeper_client.h"
#include "support/zookeeper_server.h"

#include <signal.h>

#define N_MEMBERS 5
#ifdef __SANITIZE_THREAD__ /* which is many times slower */
#define PER_SECOND 100
#else
#define PER_SECOND 500
#endif
#define SECONDS 16
#define PATH    "/services/rolling"
#define MS      G_TIME_SPAN_MILLISECOND

typedef struct {
    TestZookeeperServer *zookeeper;
    char *flag; /* owned: where it is */
    TestService *members[N_MEMBERS];
    guint n_events;
    int load_is_over; /* atomic */
} Service;

static TestService *
start_member (const Service *self)
{
    const char *flags[] = { self->flag,
                            "--zookeeper.path=/services/rolling", /* PATH */
                            "--zookeeper.session-timeout=2s",
                            "--server.drain-grace=2s",
                            "--server.drain-timeout=5s",
                            "--server.reactors=1",
                            "--tls.mode=off",
                            NULL };

    return test_service_start_logged ("conformance_server", flags, "/dev/null");
}

static void
wait_members (const Service *self, guint n)
{
    g_autoptr (TestZookeeperClient) client =
        test_zookeeper_client_new (test_zookeeper_server_address (self->zookeeper), NULL);
    gint64 deadline = dunlin_deadline_in (60 * G_USEC_PER_SEC);

    for (;;) {
        g_auto (GStrv) children = test_zookeeper_client_children (client, PATH);

        if (g_strv_length (children) == n)
            return;
        g_assert_cmpint (dunlin_clock_now (), <, deadline);
        g_usleep (20 * MS);
    }
}

static void
start_all (Service *self)
{
    self->zookeeper = test_zookeeper_server_new (NULL);
    self->flag =
        g_strconcat ("--zookeeper.servers=", test_zookeeper_server_address (self->zookeeper), NULL);
    for (guint i = 0; i < N_MEMBERS; i++)
        self->members[i] = start_member (self);
    wait_members (self, N_MEMBERS);
}

static void
stop_all (Service *self)
{
    for (guint i = 0; i < N_MEMBERS; i++)
        test_service_free (self->members[i]);
    test_zookeeper_server_free (self->zookeeper);
    g_free (self->flag);
}

/* As an operator does it: end, wait, begin. */
static void
restart (Service *self, guint i)
{
    test_service_terminate (self->members[i]);
    g_assert_cmpint (test_service_wait (self->members[i]), ==, 0);
    test_service_free (self->members[i]);
    self->members[i] = start_member (self);
    self->n_events++;
}

static void
kill_and_start (Service *self, guint i)
{
    test_service_kill (self->members[i]);
    test_service_free (self->members[i]);
    self->members[i] = start_member (self);
    self->n_events++;
}

/* Longer than its session with ZooKeeper lives. */
static void
stop_for_a_while (Service *self, guint i)
{
    test_service_signal (self->members[i], SIGSTOP);
    g_usleep (3000 * MS);
    test_service_signal (self->members[i], SIGCONT);
    self->n_events++;
}

static void
restart_zookeeper (Service *self)
{
    test_zookeeper_server_kill (self->zookeeper);
    test_zookeeper_server_start (self->zookeeper);
    self->n_events++;
}

/* On a thread of its own, while calls run: which ends last, since the processes that it has started
 * end with it. */
static gpointer
disturb (gpointer data)
{
    Service *self = data;

    g_usleep (500 * MS);
    restart (self, 0);
    kill_and_start (self, 1);
    restart (self, 2);
    restart_zookeeper (self);
    stop_for_a_while (self, 3);
    restart (self, 4);
    while (!__atomic_load_n (&self->load_is_over, __ATOMIC_SEQ_CST))
        g_usleep (10 * MS);
    return NULL;
}

static void
run_load (gpointer data)
{
    client_load_run (data);
}

static DunlinClient *
new_client (const Service *self)
{
    static const DunlinResolverOptions resolving = { .session_timeout_ms = 2000, .limbo_ms = 2000 };
    g_autofree char *dest =
        g_strdup_printf ("zk2!%s!" PATH, test_zookeeper_server_address (self->zookeeper));
    g_autoptr (GError) error = NULL;
    DunlinClientOptions options;
    DunlinClient *client = NULL;

    dunlin_client_options_init (&options);
    options.label = "rolling";
    options.timeout = 5 * G_USEC_PER_SEC;
    options.try_timeout = 500 * MS;
    options.ping_interval = 1000 * MS;
    options.ping_timeout = 800 * MS;
    client = dunlin_dest_client_new (dest, &options, &resolving, &error);
    g_assert_no_error (error);
    return client;
}

static void
report (DunlinClient *client, const ClientLoad *load)
{
    g_test_message (
        "%u calls in %d s, %u failed; median %.2f ms, 99th percentile %.2f ms, longest %.0f ms",
        load->n_begun, SECONDS, load->n_failed,
        (double)dunlin_histogram_percentile (&load->latency, 0.5) / MS,
        (double)dunlin_histogram_percentile (&load->latency, 0.99) / MS,
        (double)load->latency.maximum / MS);
    if (load->first_error != NULL)
        g_test_message ("the first that failed: %s", load->first_error->message);
    g_test_message (
        "sent again %" G_GINT64_FORMAT " times, %" G_GINT64_FORMAT " connects, %" G_GINT64_FORMAT
        " failed; members taken out %" G_GINT64_FORMAT ", taken back %" G_GINT64_FORMAT,
        client_stat (client, "retries/requeues"), client_stat (client, "connects"),
        client_stat (client, "failed_connects"), client_stat (client, "failure_accrual/removals"),
        client_stat (client, "failure_accrual/revivals"));
}

static void
rolling_restart_fails_no_idempotent_call (void)
{
    Service service = { 0 };
    g_auto (ClientLoad) load = { .method = "ping",
                                 .idempotent = TRUE,
                                 .n_calls = PER_SECOND * SECONDS,
                                 .per_second = PER_SECOND };
    GThread *thread = NULL;

    start_all (&service);
    load.client = new_client (&service);
    thread = g_thread_new ("disturb", disturb, &service);
    client_on_fiber (run_load, &load);
    report (load.client, &load);
    __atomic_store_n (&service.load_is_over, 1, __ATOMIC_SEQ_CST);
    g_thread_join (thread);
    g_assert_cmpuint (service.n_events, ==, 6);
    g_assert_no_error (load.first_error);
    g_assert_cmpuint (load.n_answered, ==, PER_SECOND * SECONDS);
    dunlin_client_unref (load.client);
    stop_all (&service);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    /* That members and ZooKeeper are away is worth a warning each. */
    test_log_capture ();
    g_test_add_func ("/client/restarts/rolling-restart-fails-no-idempotent-call",
                     rolling_restart_fails_no_idempotent_call);
    return g_test_run ();
}
