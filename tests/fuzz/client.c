/* A server's hostile bytes, as the client meets them: real connections over a Unix socket, three
 * calls, and whatever the input says. The first byte picks the protocol. However it goes, every
 * call ends, with an answer or an error that says why, and nothing is left behind. */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/endpoint.h"

#define N_CALLS 3

/* Calls that no server ends are ended by their time. */
#define PATIENCE (2 * G_USEC_PER_SEC)

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);
int LLVMFuzzerInitialize (int *argc, char ***argv);

static DunlinLoop *loop;
static int listener;
static char *folder;
static char *path;

typedef struct {
    const guint8 *data;
    gsize size;
    DunlinClientOptions options;
    GArray *accepted; /* of int */
    guint n_failed;
} Input;

static void
clean_up (void)
{
    close (listener);
    g_unlink (path);
    g_rmdir (folder);
    g_free (path);
    g_free (folder);
    dunlin_loop_free (loop);
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };

    folder = g_dir_make_tmp ("fuzz-client-XXXXXX", NULL);
    path = g_build_filename (folder, "socket", NULL);
    g_strlcpy (name.sun_path, path, sizeof name.sun_path);
    listener = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    g_assert_cmpint (bind (listener, (struct sockaddr *)&name, sizeof name), ==, 0);
    g_assert_cmpint (listen (listener, 16), ==, 0);
    loop = dunlin_loop_new ("fuzz", NULL);
    atexit (clean_up);
    return 0;
}

/* Whoever connects is told the input and then nothing more. */
static void
serve (Input *input)
{
    int fd;

    while ((fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (send (fd, input->data, input->size, MSG_NOSIGNAL) < 0)
            g_assert_true (errno == EPIPE || errno == ECONNRESET || errno == EAGAIN);
        shutdown (fd, SHUT_WR);
        g_array_append_val (input->accepted, fd);
    }
}

static void
on_connected (DunlinEndpoint *endpoint, gint64 took, gpointer owner)
{
}

static void
on_connect_failed (DunlinEndpoint *endpoint, const GError *error, gpointer owner)
{
    g_assert_nonnull (error);
    ((Input *)owner)->n_failed++;
}

static void
on_closed (DunlinEndpoint *endpoint, gint64 lived, gpointer owner)
{
}

static const DunlinEndpointEvents events = { .connected = on_connected,
                                             .connect_failed = on_connect_failed,
                                             .closed = on_closed,
                                             .empty = NULL };

static gboolean
all_ended (const DunlinExchange *exchanges)
{
    for (guint i = 0; i < N_CALLS; i++) {
        if (exchanges[i].end == DUNLIN_EXCHANGE_RUNNING)
            return FALSE;
    }
    return TRUE;
}

static void
check_end (DunlinExchange *exchange)
{
    if (exchange->end == DUNLIN_EXCHANGE_ANSWERED) {
        g_assert_null (exchange->error);
        g_assert_cmpuint (exchange->reply_body, <=, dunlin_buffer_length (&exchange->reply));
    } else {
        g_assert_true (exchange->error != NULL && exchange->error->domain == DUNLIN_ERROR);
        g_assert_true (g_utf8_validate (exchange->error->message, -1, NULL));
    }
    dunlin_exchange_clear (exchange);
}

static void
call (Input *input)
{
    const DunlinAddress address = { .host = path, .address = path, .weight = 1.0 };
    DunlinEndpoint *endpoint = dunlin_endpoint_new (&address, &input->options, &events, input);
    gint64 until = dunlin_deadline_in (PATIENCE);
    DunlinExchange exchanges[N_CALLS] = { 0 };
    DunlinContext context = { .has_retries = TRUE };

    for (guint i = 0; i < N_CALLS; i++) {
        exchanges[i] = (DunlinExchange){ .method = "ping",
                                         .method_length = 4,
                                         .arguments = dunlin_slice ("", 1),
                                         .encoding = input->options.encoding,
                                         .oneway = i == 2,
                                         .context = &context,
                                         .fiber = dunlin_fiber_self () };
        dunlin_endpoint_send (endpoint, &exchanges[i]);
    }
    while (!all_ended (exchanges) && dunlin_clock_now () < until) {
        serve (input);
        dunlin_fiber_yield (NULL);
    }
    for (guint i = 0; i < N_CALLS; i++) {
        if (exchanges[i].end == DUNLIN_EXCHANGE_RUNNING) {
            dunlin_exchange_give_up (&exchanges[i], "out of time");
            dunlin_exchange_clear (&exchanges[i]);
        } else {
            check_end (&exchanges[i]);
        }
    }
    dunlin_endpoint_free (endpoint);
}

static void
run (gpointer data)
{
    call (data);
    dunlin_loop_stop (loop);
}

static void
spawn (gpointer data)
{
    g_autoptr (GError) error = NULL;

    dunlin_fiber_spawn ("fuzz", run, data, &error);
    g_assert_no_error (error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
    Input input = { .data = data + 1, .size = size - 1 };

    if (size == 0)
        return 0;
    dunlin_client_options_init (&input.options);
    input.options.max_frame = 4096;
    input.options.protocol = (DunlinClientProtocol)(data[0] % 4);
    input.options.encoding = (DunlinEncoding)(data[0] / 4 % 2);
    input.accepted = g_array_new (FALSE, FALSE, sizeof (int));
    g_random_set_seed (1); /* the sequence ids of seeds are those of every run */
    dunlin_loop_post (loop, spawn, &input);
    dunlin_loop_run (loop);
    for (guint i = 0; i < input.accepted->len; i++)
        close (g_array_index (input.accepted, int, i));
    g_array_unref (input.accepted);
    return 0;
}
