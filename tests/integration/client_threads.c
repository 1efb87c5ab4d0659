/* One client, many threads: those of loops and those without, while its addresses change. */
#include "support/client_case.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

#define N_THREADS 4
#define N_LOOPS   2
#define N_FIBERS  8
#define N_CALLS   100
#define N_CHANGES 200

typedef struct {
    DunlinClient *client;
    DunlinLoop *loop;
    guint n_running;
    int n_failed; /* atomic */
} Caller;

static void
call_often (Caller *self)
{
    for (guint i = 0; i < N_CALLS; i++) {
        g_autoptr (GError) error = NULL;
        g_autofree char *answer = client_call_text (self->client, "echo", "knot", &error);

        if (g_strcmp0 (answer, "knot") == 0)
            continue;
        __atomic_add_fetch (&self->n_failed, 1, __ATOMIC_SEQ_CST);
        g_test_message ("%s", error != NULL ? error->message : answer);
    }
}

static gpointer
run_thread (gpointer data)
{
    call_often (data);
    return NULL;
}

static void
run_fiber (gpointer data)
{
    Caller *self = data;

    call_often (self);
    if (--self->n_running == 0)
        dunlin_loop_stop (self->loop);
}

static void
spawn_fibers (gpointer data)
{
    Caller *self = data;

    self->n_running = N_FIBERS;
    for (guint i = 0; i < N_FIBERS; i++)
        dunlin_fiber_spawn ("caller", run_fiber, self, NULL);
}

/* One server, the other, both, in turns. */
static void
change_addresses (DunlinClient *client, const guint16 *ports)
{
    const DunlinAddress both[] = {
        { .host = (char *)"127.0.0.1", .address = (char *)"127.0.0.1", .port = ports[0], 1.0 },
        { .host = (char *)"127.0.0.1", .address = (char *)"127.0.0.1", .port = ports[1], 1.0 },
    };

    for (guint i = 0; i < N_CHANGES; i++) {
        DunlinAddressSet *set = i % 3 == 2 ? dunlin_address_set_new (both, 2)
                                           : dunlin_address_set_new (&both[i % 3], 1);

        dunlin_client_set_addresses (client, set);
        dunlin_address_set_unref (set);
        g_usleep (500);
    }
}

static void
start_loop (Caller *self, DunlinClient *client)
{
    self->client = client;
    self->loop = dunlin_loop_new ("calls", NULL);
    dunlin_loop_post (self->loop, spawn_fibers, self);
    dunlin_loop_start (self->loop);
}

static void
test_threads (void)
{
    g_autoptr (GObject) handler = tiny_handler_new ();
    TestServer *servers[] = { test_server_new (&tiny_service, handler, NULL),
                              test_server_new (&tiny_service, handler, NULL) };
    const guint16 ports[] = { test_server_port (servers[0]), test_server_port (servers[1]) };
    GThread *threads[N_THREADS];
    Caller callers[N_LOOPS + 1] = { 0 };
    Caller *outside = &callers[N_LOOPS];
    DunlinClientOptions options;
    DunlinClient *client;

    dunlin_client_options_init (&options);
    options.label = "threads";
    client = dunlin_client_new (&options);
    for (guint i = 0; i < N_LOOPS; i++)
        start_loop (&callers[i], client);
    outside->client = client;
    for (guint i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new ("caller", run_thread, outside);
    change_addresses (client, ports);
    for (guint i = 0; i < N_THREADS; i++)
        g_thread_join (threads[i]);
    for (guint i = 0; i < N_LOOPS; i++)
        dunlin_loop_join (callers[i].loop);
    g_assert_cmpint (client_stat (client, "success"), ==,
                     (N_LOOPS * N_FIBERS + N_THREADS) * N_CALLS);
    dunlin_client_unref (client); /* before the loops go, and after they have stopped */
    for (guint i = 0; i < N_LOOPS; i++)
        dunlin_loop_free (callers[i].loop);
    for (guint i = 0; i <= N_LOOPS; i++)
        g_assert_cmpint (callers[i].n_failed, ==, 0);
    test_server_free (servers[0]);
    test_server_free (servers[1]);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    /* GLib makes a lock at the first of these, out of a thread sanitizer's sight. */
    g_error_free (g_error_new_literal (DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL, "the first"));
    g_test_add_func ("/client/threads/calls-while-addresses-change", test_threads);
    return g_test_run ();
}
