/* What a client's policies come to with real servers: calls spread evenly and by weight, a slow
 * member spared, a sick, silent or unreachable one left alone and taken back, retries that stay
 * within their budget. */
#include "client/client_core.h"
#include "support/client_case.h"
#include "support/client_load.h"
#include "support/relay.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_MAX 10
#define MS    G_TIME_SPAN_MILLISECOND

typedef struct {
    GObject *handler;
    TestServer *servers[N_MAX];
    guint16 ports[N_MAX];
    guint n;
} Members;

static void
add_member (Members *self, void (*add_filters) (DunlinChain *chain))
{
    TestServerOptions options = { .n_loops = 1, .add_filters = add_filters };

    if (self->handler == NULL)
        self->handler = tiny_handler_new ();
    self->servers[self->n] = test_server_new (&tiny_service, self->handler, &options);
    self->ports[self->n] = test_server_port (self->servers[self->n]);
    self->n++;
}

static Members
start_members (guint n)
{
    Members self = { 0 };

    for (guint i = 0; i < n; i++)
        add_member (&self, NULL);
    return self;
}

static void
stop_members (Members *self)
{
    for (guint i = 0; i < self->n; i++)
        test_server_free (self->servers[i]);
    g_clear_object (&self->handler);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Members, stop_members)

/* What the member got, as a part of what its weight says. */
static double
share (const ClientLoad *load, const Members *members, guint member, const double *weights)
{
    double all = 0;

    for (guint i = 0; i < members->n; i++)
        all += weights != NULL ? weights[i] : 1;
    return client_load_count (load, members->ports[member]) / (double)load->n_answered * all /
           (weights != NULL ? weights[member] : 1);
}

/* Marks in @fair who got its share, but for a tenth of it. Returns: whether all are marked now. */
static gboolean
mark_fair (const ClientLoad *load, const Members *members, const double *weights, gboolean *fair)
{
    g_autoptr (GString) shares = g_string_new (NULL);
    gboolean all = TRUE;

    for (guint i = 0; i < members->n; i++) {
        double part = 0;

        if (weights != NULL && weights[i] <= 0) {
            g_assert_cmpuint (client_load_count (load, members->ports[i]), ==, 0);
            continue;
        }
        part = share (load, members, i, weights);
        fair[i] = fair[i] || (part > 0.9 && part < 1.1);
        all = all && fair[i];
        g_string_append_printf (shares, " %.3f", part);
    }
    g_test_message ("%u calls, parts of the share:%s", load->n_answered, shares->str);
    return all;
}

static void
run_load (gpointer data)
{
    client_load_run (data);
}

static void
assert_all_answered (const ClientLoad *load)
{
    g_assert_no_error (load->first_error);
    g_assert_cmpuint (load->n_failed, ==, 0);
    g_assert_cmpuint (load->n_answered, ==, load->n_calls);
}

/* One after the other, calls are spread rightly at once. Side by side a member gets less while its
 * thread is not run, as on a machine that has other work: that is what balancing is for. So some
 * more measurements are made then, and each member must have had its share in one; what leans to
 * one side would in none. */
static void
assert_shares (DunlinClient *client, const Members *members, const double *weights, guint at_once)
{
    guint measurements = at_once == 1 ? 1 : 8;
    gboolean fair[N_MAX] = { FALSE };
    gboolean all = FALSE;

    for (guint i = 0; i < measurements && !all; i++) {
        g_auto (ClientLoad)
            load = { .client = client, .method = "ping", .n_calls = 20000, .at_once = at_once };

        client_on_fiber (run_load, &load);
        assert_all_answered (&load);
        all = mark_fair (&load, members, weights, fair);
    }
    g_assert_true (all);
}

static void
load_is_even_over_ten_members (gconstpointer data)
{
    g_auto (Members) members = start_members (10);
    g_autoptr (DunlinClient) client = client_of_ports (members.ports, 10, NULL);

    assert_shares (client, &members, NULL, GPOINTER_TO_UINT (data));
}

static DunlinAddressSet *
weighted_set (const Members *members, const double *weights)
{
    DunlinAddress addresses[N_MAX];

    for (guint i = 0; i < members->n; i++)
        addresses[i] = (DunlinAddress){ .host = (char *)"127.0.0.1",
                                        .address = (char *)"127.0.0.1",
                                        .port = members->ports[i],
                                        .weight = weights[i] };
    return dunlin_address_set_new (addresses, members->n);
}

static void
weights_are_honoured (gconstpointer data)
{
    static const double weights[] = { 1, 1, 2, 4, 0 };
    g_auto (Members) members = start_members (G_N_ELEMENTS (weights));
    g_autoptr (DunlinAddressSet) set = weighted_set (&members, weights);
    g_autoptr (DunlinClient) client = NULL;
    DunlinClientOptions options;

    dunlin_client_options_init (&options);
    options.label = "weighted";
    client = dunlin_client_new (&options);
    dunlin_client_set_addresses (client, set);
    assert_shares (client, &members, weights, GPOINTER_TO_UINT (data));
}

static void
delay (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    dunlin_sleep (GPOINTER_TO_INT (data) * MS, NULL);
    dunlin_next_run (next, call);
}

static void
add_short_delay (DunlinChain *chain)
{
    dunlin_chain_add (chain, "delay", delay, GINT_TO_POINTER (10), NULL);
}

static void
add_long_delay (DunlinChain *chain)
{
    dunlin_chain_add (chain, "delay", delay, GINT_TO_POINTER (100), NULL);
}

/* Five members, of which one takes 100 ms, and the others 10. */
static double
share_of_a_slow_one (DunlinClientBalancer balancer, const char *label, guint64 *p90)
{
    g_auto (Members) members = { 0 };
    g_auto (ClientLoad) load = { .method = "ping", .n_calls = 1500, .at_once = 10 };
    g_autoptr (DunlinClient) client = NULL;
    DunlinClientOptions options;

    add_member (&members, add_long_delay);
    for (guint i = 0; i < 4; i++)
        add_member (&members, add_short_delay);
    dunlin_client_options_init (&options);
    options.label = label;
    options.balancer = balancer;
    client = client_of_ports (members.ports, members.n, &options);
    load.client = client;
    client_on_fiber (run_load, &load);
    assert_all_answered (&load);
    *p90 = dunlin_histogram_percentile (&load.latency, 0.9);
    return share (&load, &members, 0, NULL);
}

static void
slow_member_gets_less_by_latency (void)
{
    guint64 by_load = 0, by_latency = 0;
    double loaded = share_of_a_slow_one (DUNLIN_CLIENT_BALANCER_P2C, "least", &by_load);
    double latent = share_of_a_slow_one (DUNLIN_CLIENT_BALANCER_EWMA, "ewma", &by_latency);

    g_test_message ("a member that is ten times slower: %.3f of its share by least load, %.3f by "
                    "peak EWMA; 90th percentile %.1f ms and %.1f ms",
                    loaded, latent, (double)by_load / MS, (double)by_latency / MS);
    g_assert_cmpfloat (loaded, <, 0.8);
    g_assert_cmpfloat (latent, <, 0.5);
    g_assert_cmpfloat (latent, <, loaded);
}

static int is_sick;

static void
refuse_when_sick (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    if (__atomic_load_n (&is_sick, __ATOMIC_SEQ_CST))
        dunlin_call_fail (call,
                          g_error_new_literal (DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED, "sick"));
    else
        dunlin_next_run (next, call);
}

static void
add_sickness (DunlinChain *chain)
{
    dunlin_chain_add (chain, "sickness", refuse_when_sick, NULL, NULL);
}

typedef struct {
    Members members; /* the first is the sick one */
    DunlinClient *client;
    ClientLoad load;
} Sickness;

static guint
run_and_count_first (Sickness *self, guint n_calls)
{
    guint before = client_load_count (&self->load, self->members.ports[0]);

    self->load.n_calls = n_calls;
    client_load_run (&self->load);
    return client_load_count (&self->load, self->members.ports[0]) - before;
}

/* Calls until @stat is @n: probes are calls. */
static void
run_until (Sickness *self, const char *stat, gint64 n)
{
    gint64 deadline = dunlin_deadline_in (60 * G_USEC_PER_SEC);

    while (client_stat (self->client, stat) < n) {
        g_assert_cmpint (dunlin_clock_now (), <, deadline);
        run_and_count_first (self, 100);
    }
}

static void
fall_ill_and_recover (gpointer data)
{
    Sickness *self = data;
    gint64 probes = 0;

    self->load.by_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_assert_cmpuint (run_and_count_first (self, 5000), >, 100);
    __atomic_store_n (&is_sick, 1, __ATOMIC_SEQ_CST);
    g_assert_cmpuint (run_and_count_first (self, 600), ==, 0);
    g_assert_cmpint (client_stat (self->client, "failure_accrual/removals"), ==, 1);
    /* Only probes go there now, and each leaves it alone for longer. */
    run_until (self, "failure_accrual/probes", 2);
    g_assert_cmpint (client_stat (self->client, "failure_accrual/revivals"), ==, 0);
    __atomic_store_n (&is_sick, 0, __ATOMIC_SEQ_CST);
    run_until (self, "failure_accrual/revivals", 1);
    probes = client_stat (self->client, "failure_accrual/probes");
    g_assert_cmpuint (run_and_count_first (self, 5000), >, 100);
    g_assert_cmpint (client_stat (self->client, "failure_accrual/probes"), ==, probes);
    g_test_message ("%u calls, none failed; %" G_GINT64_FORMAT " probes, requeued %" G_GINT64_FORMAT
                    " times",
                    self->load.n_answered, probes, client_stat (self->client, "retries/requeues"));
}

static void
sick_member_is_left_alone_and_taken_back (void)
{
    Sickness self = { .load = { .method = "ping", .at_once = 4 } };
    DunlinClientOptions options;

    add_member (&self.members, add_sickness);
    add_member (&self.members, NULL);
    add_member (&self.members, NULL);
    dunlin_client_options_init (&options);
    options.label = "sick";
    self.client = self.load.client = client_of_ports (self.members.ports, 3, &options);
    /* Finagle's 5 s to 300 s, in a fiftieth of the time. */
    self.client->accrual_options.backoff.first = 100 * MS;
    self.client->accrual_options.backoff.maximum = 6000 * MS;
    client_on_fiber (fall_ill_and_recover, &self);
    g_assert_cmpuint (self.load.n_failed, ==, 0);
    client_load_clear (&self.load);
    dunlin_client_unref (self.client);
    stop_members (&self.members);
}

/* All members refuse all: what they get is not a multiple of the calls. */
static void
budget_limits_retries (void)
{
    g_auto (Members) members = { 0 };
    g_auto (ClientLoad) load = { .method = "ping", .n_calls = 2000, .at_once = 4 };
    g_autoptr (DunlinClient) client = NULL;
    DunlinClientOptions options;
    gint64 requeues = 0;

    for (guint i = 0; i < 3; i++)
        add_member (&members, add_sickness);
    __atomic_store_n (&is_sick, 1, __ATOMIC_SEQ_CST);
    dunlin_client_options_init (&options);
    options.label = "refused";
    options.accrual = FALSE;
    client = client_of_ports (members.ports, members.n, &options);
    load.client = client;
    client_on_fiber (run_load, &load);
    __atomic_store_n (&is_sick, 0, __ATOMIC_SEQ_CST);
    requeues = client_stat (client, "retries/requeues");
    g_test_message ("%u calls refused, sent again %" G_GINT64_FORMAT " times", load.n_failed,
                    requeues);
    g_assert_cmpuint (load.n_failed, ==, 2000);
    g_assert_true (g_error_matches (load.first_error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED));
    /* Ten a second for ten seconds, at once; and what comes back while the test runs. */
    g_assert_cmpint (requeues, >=, 90);
    g_assert_cmpint (requeues, <=, 300);
    /* One call may use a fifth of the budget: of nothing, nothing. */
    g_assert_cmpint (client_stat (client, "retries/budget_exhausted") +
                         client_stat (client, "retries/request_limit"),
                     >, 1000);
}

/* Until somebody listens there, connections are refused. */
static int
reserve_port (guint16 *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
    socklen_t length = sizeof address;
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_assert_cmpint (bind (fd, (struct sockaddr *)&address, length), ==, 0);
    g_assert_cmpint (getsockname (fd, (struct sockaddr *)&address, &length), ==, 0);
    *port = ntohs (address.sin_port);
    return fd;
}

typedef struct {
    ClientLoad load;
    int reserved;
} Unreachable;

static void
call_and_be_found_by_a_probe (gpointer data)
{
    Unreachable *self = data;
    DunlinClient *client = self->load.client;

    client_load_run (&self->load);
    assert_all_answered (&self->load);
    g_assert_cmpint (client_stat (client, "failfast/marked_dead"), ==, 1);
    g_assert_cmpint (client_stat (client, "failfast/marked_available"), ==, 0);
    /* Those that were on their way there when the first failed; afterwards, nobody. */
    g_assert_cmpint (client_stat (client, "retries/requeues"), <=, 4);
    g_test_message ("%u calls, %" G_GINT64_FORMAT " of them tried the member that is not there",
                    self->load.n_answered, client_stat (client, "retries/requeues"));
    g_assert_cmpint (listen (self->reserved, 8), ==, 0);
    client_until (client_stat (client, "failfast/marked_available") == 1);
}

static void
unreachable_member_is_left_to_probes (void)
{
    g_auto (Members) members = start_members (2);
    Unreachable self = { .load = { .method = "ping", .n_calls = 3000, .at_once = 4 } };
    guint16 ports[3] = { 0, members.ports[0], members.ports[1] };
    DunlinClientOptions options;

    self.reserved = reserve_port (&ports[0]);
    dunlin_client_options_init (&options);
    options.label = "unreachable";
    options.protocol = DUNLIN_CLIENT_PROTOCOL_THRIFT; /* connected is all that it has to be */
    self.load.client = client_of_ports (ports, 3, &options);
    client_on_fiber (call_and_be_found_by_a_probe, &self);
    client_load_clear (&self.load);
    dunlin_client_unref (self.load.client);
    close (self.reserved);
}

/* Connections to a member that is stopped are made by its kernel; it never says a word on them. */
static void
member_that_is_silent_from_the_beginning_fails_no_call (void)
{
    g_auto (Members) members = start_members (2);
    guint16 ports[3] = { 0, members.ports[0], members.ports[1] };
    int silent = reserve_port (&ports[0]);
    g_auto (ClientLoad) load = { .method = "ping", .n_calls = 500, .at_once = 4 };
    g_autoptr (DunlinClient) client = NULL;
    DunlinClientOptions options;

    g_assert_cmpint (listen (silent, 8), ==, 0);
    dunlin_client_options_init (&options);
    options.label = "silent";
    options.timeout = 4 * G_USEC_PER_SEC;
    options.try_timeout = 200 * MS;
    options.connect_timeout = 300 * MS;
    client = client_of_ports (ports, 3, &options);
    load.client = client;
    client_on_fiber (run_load, &load);
    assert_all_answered (&load);
    g_test_message ("longest call: %.0f ms", (double)load.latency.maximum / MS);
    g_assert_cmpint (client_stat (client, "retries/requeues"), >=, 1);
    close (silent);
}

static int n_late;

/* The first call is run too late, and then rejected for good. */
static void
reject_the_first_late (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    if (__atomic_add_fetch (&n_late, 1, __ATOMIC_SEQ_CST) > 1) {
        dunlin_next_run (next, call);
        return;
    }
    dunlin_sleep (300 * MS, NULL);
    dunlin_call_fail (call, g_error_new_literal (DUNLIN_ERROR, DUNLIN_ERROR_DENIED, "too late"));
}

static void
add_lateness (DunlinChain *chain)
{
    dunlin_chain_add (chain, "lateness", reject_the_first_late, NULL, NULL);
}

static gpointer
release_soon (gpointer relay)
{
    g_usleep (300 * MS);
    test_relay_hold (relay, FALSE);
    return NULL;
}

/* Connecting takes 300 ms of the try's 500, of which the server is told when it gets the call; it
 * rejects it after 600. The try, which counts from its sending, runs until 800. */
static void
rejection_for_the_time_of_a_try_is_not_the_calls (void)
{
    g_auto (Members) members = { 0 };
    g_autoptr (TestRelay) relay = NULL;
    g_autoptr (DunlinClient) client = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = NULL;
    DunlinClientOptions options;
    GThread *thread = NULL;

    add_member (&members, add_lateness);
    relay = test_relay_new (members.ports[0]);
    test_relay_hold (relay, TRUE);
    dunlin_client_options_init (&options);
    options.label = "late";
    options.protocol = DUNLIN_CLIENT_PROTOCOL_THRIFTMUX;
    options.timeout = 10 * G_USEC_PER_SEC;
    options.try_timeout = 500 * MS;
    client = client_of_port (test_relay_port (relay), &options);
    thread = g_thread_new ("release", release_soon, relay);
    answer = client_call (client, "ping", &error);
    g_thread_join (thread);
    g_assert_no_error (error);
    g_assert_cmpstr (answer, ==, "pong");
    g_assert_cmpint (client_stat (client, "retries/requeues"), ==, 1);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_data_func ("/client/policies/load-is-even-over-ten-members/one-call-at-a-time",
                          GUINT_TO_POINTER (1), load_is_even_over_ten_members);
    g_test_add_data_func ("/client/policies/load-is-even-over-ten-members/thirty-at-once",
                          GUINT_TO_POINTER (30), load_is_even_over_ten_members);
    g_test_add_data_func ("/client/policies/weights-are-honoured/one-call-at-a-time",
                          GUINT_TO_POINTER (1), weights_are_honoured);
    g_test_add_data_func ("/client/policies/weights-are-honoured/thirty-at-once",
                          GUINT_TO_POINTER (30), weights_are_honoured);
    g_test_add_func ("/client/policies/slow-member-gets-less-by-latency",
                     slow_member_gets_less_by_latency);
    g_test_add_func ("/client/policies/sick-member-is-left-alone-and-taken-back",
                     sick_member_is_left_alone_and_taken_back);
    g_test_add_func ("/client/policies/budget-limits-retries", budget_limits_retries);
    g_test_add_func ("/client/policies/unreachable-member-is-left-to-probes",
                     unreachable_member_is_left_to_probes);
    g_test_add_func ("/client/policies/member-that-is-silent-from-the-beginning-fails-no-call",
                     member_that_is_silent_from_the_beginning_fails_no_call);
    g_test_add_func ("/client/policies/rejection-for-the-time-of-a-try-is-not-the-calls",
                     rejection_for_the_time_of_a_try_is_not_the_calls);
    return g_test_run ();
}
