/* The server under test, and the socket's helpers. */
#include "support/test_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define LONG (60 * G_USEC_PER_SEC)

struct TestServer {
    DunlinRouter *router;
    DunlinDispatcher *dispatcher;
    DunlinLoop *control;
    DunlinLoop **loops;
    guint n_loops;
    DunlinServer *server;
    gint64 drain_within;
    int drained; /* atomic */
};

static void
start (gpointer data)
{
    dunlin_server_start (((TestServer *)data)->server);
}

static DunlinChain *
make_chain (TestServer *self, const TestServerOptions *options)
{
    DunlinChain *chain = dunlin_dispatch_chain_new ();

    if (options->access_log != NULL)
        dunlin_filter_access_log (chain, options->access_log);
    dunlin_filter_stats (chain, "test", self->router);
    dunlin_filter_exceptions (chain);
    dunlin_filter_deadline (chain, "test", TRUE);
    dunlin_filter_limit (chain, options->max_concurrency, (int)self->n_loops);
    if (options->add_filters != NULL)
        options->add_filters (chain);
    return chain;
}

static gint64
or_long (gint64 time)
{
    return time != 0 ? time : LONG;
}

TestServer *
test_server_new (const DunlinServiceInfo *service, GObject *handler,
                 const TestServerOptions *options)
{
    static const TestServerOptions defaults;
    TestServer *self = g_new0 (TestServer, 1);
    g_autoptr (GError) error = NULL;
    DunlinDispatchConfig dispatch = { .limits = dunlin_payload_default_limits,
                                      .skew_tolerance = 2 * G_USEC_PER_SEC };
    DunlinServerConfig config = { .host = "127.0.0.1", .label = "test" };

    options = options != NULL ? options : &defaults;
    self->n_loops = options->n_loops != 0 ? options->n_loops : 2;
    self->router = dunlin_router_new ();
    dunlin_router_add (self->router, service, handler, &error);
    g_assert_no_error (error);
    dispatch.router = self->router;
    dispatch.chain = make_chain (self, options);
    self->dispatcher = dunlin_dispatcher_new (&dispatch);
    self->control = dunlin_loop_new ("control", NULL);
    self->loops = g_new0 (DunlinLoop *, self->n_loops);
    for (guint i = 0; i < self->n_loops; i++)
        self->loops[i] = dunlin_loop_new ("data", NULL);
    config.dispatcher = self->dispatcher;
    config.credentials = options->credentials;
    config.control = self->control;
    config.loops = self->loops;
    config.n_loops = self->n_loops;
    config.max_frame = options->max_frame != 0 ? options->max_frame : 16 * 1024 * 1024;
    config.max_connections = options->max_connections;
    config.max_handshakes = options->max_handshakes != 0 ? options->max_handshakes : 64;
    config.handshake_timeout = or_long (options->handshake_timeout);
    config.read_timeout = or_long (options->read_timeout);
    config.write_timeout = or_long (options->write_timeout);
    config.idle_timeout = options->idle_timeout;
    self->server = dunlin_server_new (&config, &error);
    g_assert_no_error (error);
    for (guint i = 0; i < self->n_loops; i++)
        dunlin_loop_start (self->loops[i]);
    dunlin_loop_post (self->control, start, self);
    dunlin_loop_start (self->control);
    return self;
}

guint16
test_server_port (TestServer *self)
{
    return dunlin_server_port (self->server);
}

guint
test_server_n_sessions (TestServer *self)
{
    return dunlin_server_n_sessions (self->server);
}

gint64
test_server_stat (const char *name)
{
    g_autofree char *full = g_strconcat ("srv/test/", name, NULL);
    gint64 value;

    if (!dunlin_stats_find (full, &value))
        g_error ("nothing is counted as %s", full);
    return value;
}

static void
on_drained (gpointer data)
{
    __atomic_store_n (&((TestServer *)data)->drained, 1, __ATOMIC_SEQ_CST);
}

static void
drain (gpointer data)
{
    TestServer *self = data;

    dunlin_server_drain (self->server, dunlin_deadline_in (self->drain_within), on_drained, self);
}

void
test_server_drain (TestServer *self, gint64 within)
{
    self->drain_within = within;
    dunlin_loop_post (self->control, drain, self);
}

static gboolean
is_drained (gpointer data)
{
    return __atomic_load_n (&((TestServer *)data)->drained, __ATOMIC_SEQ_CST);
}

void
test_server_wait_drained (TestServer *self)
{
    test_wait_for (is_drained, self, "the server to be drained");
}

void
test_server_free (TestServer *self)
{
    for (guint i = 0; i < self->n_loops; i++)
        dunlin_loop_stop (self->loops[i]);
    dunlin_loop_stop (self->control);
    for (guint i = 0; i < self->n_loops; i++)
        dunlin_loop_join (self->loops[i]);
    dunlin_loop_join (self->control);
    dunlin_server_free (self->server);
    for (guint i = 0; i < self->n_loops; i++)
        dunlin_loop_free (self->loops[i]);
    dunlin_loop_free (self->control);
    dunlin_dispatcher_free (self->dispatcher);
    dunlin_router_free (self->router);
    g_free (self->loops);
    g_free (self);
}

int
test_connect (guint16 port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons (port),
                                   .sin_addr = { htonl (INADDR_LOOPBACK) } };
    struct timeval limit = { .tv_sec = 10 };
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return fd;
}

void
test_send (int fd, const void *data, gsize n)
{
    const guint8 *at = data;

    while (n > 0) {
        gssize sent = send (fd, at, n, MSG_NOSIGNAL);

        g_assert_cmpint (sent, >, 0);
        at += sent;
        n -= (gsize)sent;
    }
}

GByteArray *
test_bytes (const char *hex)
{
    GByteArray *bytes = g_byte_array_new ();

    while (*hex != '\0') {
        if (g_ascii_isspace (*hex) || *hex == '|') {
            hex++;
        } else if (*hex == '"') {
            const char *end = strchr (hex + 1, '"');

            g_byte_array_append (bytes, (const guint8 *)hex + 1, (guint)(end - hex - 1));
            hex = end + 1;
        } else {
            guint8 byte =
                (guint8)(g_ascii_xdigit_value (hex[0]) * 16 + g_ascii_xdigit_value (hex[1]));

            g_byte_array_append (bytes, &byte, 1);
            hex += 2;
        }
    }
    return bytes;
}

void
test_send_hex (int fd, const char *hex)
{
    g_autoptr (GByteArray) bytes = test_bytes (hex);

    test_send (fd, bytes->data, bytes->len);
}

void
test_send_frame (int fd, const char *hex)
{
    g_autoptr (GByteArray) bytes = test_bytes (hex);
    guint32 size = GUINT32_TO_BE (bytes->len);

    g_byte_array_prepend (bytes, (const guint8 *)&size, sizeof size);
    test_send (fd, bytes->data, bytes->len);
}

/* Reads up to @n bytes; fewer when the peer closes. */
static GByteArray *
receive_up_to (int fd, gsize n)
{
    GByteArray *bytes = g_byte_array_new ();
    guint8 *buffer = g_malloc (n);
    gsize have = 0;

    while (have < n) {
        gssize got = recv (fd, buffer + have, n - have, 0);

        if (got < 0 && errno == EAGAIN)
            g_error ("the peer sent %zu of %zu bytes and then nothing for 10 s", have, n);
        if (got <= 0)
            break;
        have += (gsize)got;
    }
    g_byte_array_append (bytes, buffer, (guint)have);
    g_free (buffer);
    return bytes;
}

GByteArray *
test_receive (int fd, gsize n)
{
    GByteArray *bytes = receive_up_to (fd, n);

    g_assert_cmpuint (bytes->len, ==, n);
    return bytes;
}

GByteArray *
test_receive_frame (int fd)
{
    g_autoptr (GByteArray) size = receive_up_to (fd, 4);

    if (size->len < 4)
        return NULL;
    return test_receive (fd, (gsize)size->data[0] << 24 | (gsize)size->data[1] << 16 |
                                 (gsize)size->data[2] << 8 | (gsize)size->data[3]);
}

gboolean
test_is_closed (int fd)
{
    char byte;
    gssize n = recv (fd, &byte, 1, 0);

    return n == 0 || (n < 0 && errno != EAGAIN); /* at the end errno says nothing */
}

static void
assert_same (const GByteArray *actual, const GByteArray *expected)
{
    g_assert_cmpuint (actual->len, ==, expected->len);
    g_assert_true (memcmp (actual->data, expected->data, expected->len) == 0);
}

void
test_expect_hex (int fd, const char *hex)
{
    g_autoptr (GByteArray) expected = test_bytes (hex);
    g_autoptr (GByteArray) actual = test_receive (fd, expected->len);

    assert_same (actual, expected);
}

void
test_expect_frame (int fd, const char *hex)
{
    g_autoptr (GByteArray) expected = test_bytes (hex);
    g_autoptr (GByteArray) actual = test_receive_frame (fd);

    g_assert_nonnull (actual);
    assert_same (actual, expected);
}

gboolean
test_has (const GByteArray *bytes, const char *text)
{
    return memmem (bytes->data, bytes->len, text, strlen (text)) != NULL;
}

void
test_wait_for (gboolean (*check) (gpointer data), gpointer data, const char *what)
{
    gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

    while (!check (data)) {
        if (g_get_monotonic_time () > until)
            g_error ("waited 10 s for %s", what);
        g_usleep (2000);
    }
}
