/* Backup requests: a call that is slower than most is sent to another member as well, and the first
 * answer is taken. */
#include "support/client_case.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

#define MS G_TIME_SPAN_MILLISECOND

/* How long the slow one takes once it is slow: longer than any hiccup of the machine. */
#define SLOW (3000 * MS)

static int is_slow; /* atomic */

static void
be_slow (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    if (__atomic_load_n (&is_slow, __ATOMIC_SEQ_CST))
        dunlin_sleep (SLOW, NULL);
    dunlin_next_run (next, call);
}

static void
add_slowness (DunlinChain *chain)
{
    dunlin_chain_add (chain, "slowness", be_slow, NULL, NULL);
}

typedef struct {
    DunlinClient *client;
    const char *method;
    guint n;
    gint64 longest;
} Calls;

static void
run_calls (gpointer data)
{
    Calls *self = data;

    for (guint i = 0; i < self->n; i++) {
        gint64 began = dunlin_clock_now ();
        g_autoptr (GError) error = NULL;
        g_autofree char *answer = client_call (self->client, self->method, &error);

        g_assert_no_error (error);
        self->longest = MAX (self->longest, dunlin_clock_now () - began);
    }
}

static void
make_slow (gpointer data)
{
    Calls *self = data;
    gint64 until = dunlin_deadline_in (5 * G_USEC_PER_SEC);

    /* Until it is known what is slow; where nothing is looked at, a while. */
    while (dunlin_clock_now () < until &&
           client_stat (self->client, "backups/send_backup_after_ms") == 0)
        run_calls (self);
    __atomic_store_n (&is_slow, 1, __ATOMIC_SEQ_CST);
    self->n = 20;
    self->longest = 0;
    run_calls (self);
}

static gint64
longest_call (const char *label, const char *idempotent)
{
    static const TestServerOptions slow = { .add_filters = add_slowness };
    g_autoptr (GObject) handler = tiny_handler_new ();
    TestServer *servers[] = { test_server_new (&tiny_service, handler, &slow),
                              test_server_new (&tiny_service, handler, NULL) };
    const guint16 ports[] = { test_server_port (servers[0]), test_server_port (servers[1]) };
    DunlinClientOptions options;
    Calls calls = { .method = "ping", .n = 100 };

    __atomic_store_n (&is_slow, 0, __ATOMIC_SEQ_CST);
    dunlin_client_options_init (&options);
    options.label = label;
    options.idempotent = idempotent;
    options.backup_percentile = 90;
    calls.client = client_of_ports (ports, G_N_ELEMENTS (ports), &options);
    client_on_fiber (make_slow, &calls);
    g_test_message ("%s: the longest call took %.1f ms, %" G_GINT64_FORMAT
                    " backups were sent, %" G_GINT64_FORMAT " won",
                    label, (double)calls.longest / MS,
                    client_stat (calls.client, "backups/backups_sent"),
                    client_stat (calls.client, "backups/backups_won"));
    dunlin_client_unref (calls.client);
    test_server_free (servers[0]);
    test_server_free (servers[1]);
    return calls.longest;
}

static void
backups_cut_the_tail (void)
{
    g_assert_cmpint (longest_call ("with", "ping"), <, SLOW / 2);
}

/* What may not run twice is not sent twice. */
static void
only_idempotent_calls (void)
{
    g_assert_cmpint (longest_call ("without", "other"), >=, SLOW);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/backup/cuts-the-tail", backups_cut_the_tail);
    g_test_add_func ("/client/backup/only-idempotent-calls", only_idempotent_calls);
    return g_test_run ();
}
