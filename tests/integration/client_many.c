/* Ten thousand calls wait at once for a slow service, on two loops of one process. */
#include <stdio.h>
#include <unistd.h>

#include "support/client_case.h"
#include "support/service_process.h"

#define N_LOOPS  2
#define PER_LOOP 5000
#define SLEEP_MS 4000

/* What a waiting call may take, all in: its stack, its message, its reply. */
#define MOST_BYTES (16 * 1024)

typedef struct {
    DunlinLoop *loop;
    DunlinClient *client;
    guint n_running;
    guint n_failed;
    int done; /* atomic */
} Half;

static gsize
resident_bytes (void)
{
    g_autofree char *text = NULL;
    unsigned long total, resident;

    g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
    g_assert_cmpint (sscanf (text, "%lu %lu", &total, &resident), ==, 2);
    return resident * (gsize)sysconf (_SC_PAGESIZE);
}

static void
wait_in_call (gpointer data)
{
    Half *half = data;
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = client_call_number (half->client, "sleep", SLEEP_MS, &error);

    if (answer == NULL) {
        half->n_failed++;
        g_test_message ("%s", error->message);
    }
    if (--half->n_running == 0)
        __atomic_store_n (&half->done, 1, __ATOMIC_SEQ_CST);
}

static void
spawn_all (gpointer data)
{
    Half *half = data;

    half->n_running = PER_LOOP;
    for (guint i = 0; i < PER_LOOP; i++)
        g_assert_nonnull (dunlin_fiber_spawn ("waiting", wait_in_call, half, NULL));
}

static gboolean
is_sanitized (void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return TRUE;
#else
    return FALSE;
#endif
}

static void
ten_thousand_calls_wait (void)
{
    const char *const flags[] = { "--tls.mode=off", "--server.max-concurrency=20000", NULL };
    TestService *service = test_service_start ("conformance_server", flags);
    Half halves[N_LOOPS] = { 0 };
    g_autoptr (DunlinClient) client = client_of_port (test_service_port (service), NULL);
    gsize before, bytes;

    for (guint i = 0; i < N_LOOPS; i++) {
        halves[i].loop = dunlin_loop_new ("many", NULL);
        halves[i].client = client;
        dunlin_loop_start (halves[i].loop);
    }
    before = resident_bytes ();
    for (guint i = 0; i < N_LOOPS; i++)
        dunlin_loop_post (halves[i].loop, spawn_all, &halves[i]);
    g_usleep (SLEEP_MS * 1000 / 2); /* all are under way, none has ended */
    g_assert_cmpint (client_stat (client, "pending"), ==, N_LOOPS * PER_LOOP);
    bytes = (resident_bytes () - before) / (N_LOOPS * PER_LOOP);
    g_test_message ("%" G_GSIZE_FORMAT " bytes for each waiting call", bytes);
    for (guint i = 0; i < N_LOOPS; i++) {
        while (!__atomic_load_n (&halves[i].done, __ATOMIC_SEQ_CST))
            g_usleep (10000);
        g_assert_cmpuint (halves[i].n_failed, ==, 0);
        dunlin_loop_stop (halves[i].loop);
        dunlin_loop_join (halves[i].loop);
        dunlin_loop_free (halves[i].loop);
    }
    test_service_free (service);
    if (!is_sanitized ())
        g_assert_cmpuint (bytes, <, MOST_BYTES);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/many/ten-thousand-calls-wait", ten_thousand_calls_wait);
    return g_test_run ();
}
