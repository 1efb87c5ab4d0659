/* Calls that wait hold no thread: ten thousand of them asleep at once on two reactors, most on a
 * few mux connections, the others each on a framed connection of its own. */
#include <sys/socket.h>
#include <unistd.h>

#include "support/test_server.h"
#include "support/tiny_service.h"

#if defined(__SANITIZE_THREAD__)
#define N_SLEEPERS 4000 /* the sanitizer's own limit on fibers */
#else
#define N_SLEEPERS 10000
#endif
#define N_FRAMED  1000
#define N_MUX     3 /* connections */
#define MUX_CALLS ((N_SLEEPERS - N_FRAMED) / N_MUX)
#define FIRST_TAG 2

#define SLEEP_FRAMED     "80010001 00000005 \"sleep\" 00000001 080001 %08x 00"
#define SLEEP_MUX        "02 %06x 0000 0000 0000 80010001 00000005 \"sleep\" 00000000 080001 %08x 00"
#define SLEPT_FRAMED     "80010002 00000005 \"sleep\" 00000001 0b0000 00000005 \"slept\" 00"
#define SLEPT_MUX_LENGTH 37 /* without its size */

typedef struct {
    TestServer *server;
    GObject *handler;
    int framed[N_FRAMED];
    int mux[N_MUX];
} Fixture;

/* A sleeper may take longer to wake than the ten seconds that tests usually wait for a reply. */
static int
connect_patiently (Fixture *f)
{
    struct timeval limit = { .tv_sec = 120 };
    int fd = test_connect (test_server_port (f->server));

    setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return fd;
}

static void
setup (Fixture *f, gconstpointer options)
{
    static const TestServerOptions two_loops = { .n_loops = 2 };

    f->handler = tiny_handler_new ();
    f->server = test_server_new (&tiny_service, f->handler, &two_loops);
    for (int i = 0; i < N_FRAMED; i++)
        f->framed[i] = connect_patiently (f);
    for (int i = 0; i < N_MUX; i++)
        f->mux[i] = connect_patiently (f);
}

static void
teardown (Fixture *f, gconstpointer options)
{
    for (int i = 0; i < N_FRAMED; i++)
        close (f->framed[i]);
    for (int i = 0; i < N_MUX; i++)
        close (f->mux[i]);
    test_server_free (f->server);
    g_object_unref (f->handler);
}

G_GNUC_PRINTF (2, 3)
static void
send_frame (int fd, const char *format, ...)
{
    va_list arguments;
    g_autofree char *hex = NULL;

    va_start (arguments, format);
    hex = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    test_send_frame (fd, hex);
}

static void
send_all (Fixture *f, guint ms)
{
    for (int i = 0; i < N_FRAMED; i++)
        send_frame (f->framed[i], SLEEP_FRAMED, ms);
    for (guint call = 0; call < MUX_CALLS; call++)
        for (int i = 0; i < N_MUX; i++)
            send_frame (f->mux[i], SLEEP_MUX, FIRST_TAG + call, ms);
}

static void
expect_mux_replies (int fd)
{
    g_autofree gboolean *answered = g_new0 (gboolean, FIRST_TAG + MUX_CALLS);

    for (guint call = 0; call < MUX_CALLS; call++) {
        g_autoptr (GByteArray) reply = test_receive_frame (fd);
        guint tag;

        g_assert_nonnull (reply);
        g_assert_cmpuint (reply->len, ==, SLEPT_MUX_LENGTH);
        g_assert_true (test_has (reply, "slept"));
        tag = (guint)reply->data[1] << 16 | (guint)reply->data[2] << 8 | reply->data[3];
        g_assert_cmpuint (tag, >=, FIRST_TAG);
        g_assert_cmpuint (tag, <, FIRST_TAG + MUX_CALLS);
        g_assert_false (answered[tag]);
        answered[tag] = TRUE;
    }
}

static void
expect_all (Fixture *f)
{
    for (int i = 0; i < N_FRAMED; i++)
        test_expect_frame (f->framed[i], SLEPT_FRAMED);
    for (int i = 0; i < N_MUX; i++)
        expect_mux_replies (f->mux[i]);
}

static guint
n_threads (void)
{
    g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
    guint n = 0;

    while (g_dir_read_name (tasks) != NULL)
        n++;
    return n;
}

/* The most that were asleep at once until the first woke up. */
static gint64
watch_them_fall_asleep (gint64 already_done)
{
    gint64 most = 0;

    while (most < N_SLEEPERS && test_server_stat ("requests") == already_done) {
        most = MAX (most, test_server_stat ("pending"));
        g_usleep (1000);
    }
    return most;
}

static void
all_are_asleep_at_once_and_all_are_answered (Fixture *f, gconstpointer options)
{
    guint threads_before = n_threads ();
    gint64 most = 0;

    /* How long it takes until the last sleeps is the machine's business: the first must not have
     * woken up by then. */
    for (guint ms = 4000; most < N_SLEEPERS; ms *= 2) {
        gint64 done = test_server_stat ("requests");

        g_assert_cmpuint (ms, <=, 64000);
        send_all (f, ms);
        most = watch_them_fall_asleep (done);
        g_test_message ("%" G_GINT64_FORMAT " asleep at once for %u ms each", most, ms);
        g_assert_cmpuint (n_threads (), ==, threads_before);
        expect_all (f);
        g_assert_cmpint (test_server_stat ("success"), ==, done + N_SLEEPERS);
    }
    g_assert_cmpint (most, ==, N_SLEEPERS);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add ("/server/sleepers/all-at-once", Fixture, NULL, setup,
                all_are_asleep_at_once_and_all_are_answered, teardown);
    return g_test_run ();
}
