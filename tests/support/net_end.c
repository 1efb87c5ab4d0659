/* Both ends of a connection on one loop. */
#include "support/net_end.h"

#include "base/clock.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Whether the stream is gone. */
static gboolean
act (NetEnd *self, NetMoment moment)
{
    if (self->pause_at == moment)
        dunlin_stream_pause (self->stream);
    if (self->close_at == moment)
        dunlin_stream_close (self->stream, dunlin_deadline_in (5 * G_USEC_PER_SEC));
    if (self->free_at == moment)
        net_free (self);
    return self->stream == NULL;
}

static void
on_opened (DunlinStream *stream, gpointer owner)
{
    NetEnd *self = owner;

    self->n_opened++;
    act (self, NET_OPENED);
}

static void
on_input (DunlinStream *stream, gpointer owner)
{
    NetEnd *self = owner;
    gsize length;
    const guint8 *data = dunlin_stream_peek (stream, &length);

    self->n_input++;
    self->longest = MAX (self->longest, length);
    if (act (self, NET_INPUT))
        return;
    if (self->want > 0)
        dunlin_stream_want (stream, self->want);
    if (self->keep || length < self->want)
        return;
    g_byte_array_append (self->received, data, (guint)length);
    if (self->echo) {
        dunlin_buffer_append (dunlin_stream_outbox (stream), data, length);
        dunlin_stream_flush_later (stream);
    }
    dunlin_stream_consume (stream, length);
}

static void
on_drained (DunlinStream *stream, gpointer owner)
{
    NetEnd *self = owner;

    self->n_drained++;
    act (self, NET_DRAINED);
}

static void
on_closed (DunlinStream *stream, const GError *reason, gpointer owner)
{
    NetEnd *self = owner;

    self->n_closed++;
    if (reason != NULL)
        self->reason = g_error_copy (reason);
    act (self, NET_CLOSED);
}

static const DunlinStreamEvents events = {
    .opened = on_opened, .input = on_input, .drained = on_drained, .closed = on_closed
};

static void
start (NetEnd *self, int fd, DunlinPeer *peer, NetWrap wrap, gpointer data)
{
    DunlinTransport *transport =
        wrap != NULL ? wrap (fd, peer, data) : dunlin_tcp_transport_new (fd);

    g_assert_null (self->stream);
    self->stream = dunlin_stream_new (fd, transport, peer, &events, self);
}

static void
on_accept (int fd, DunlinPeer *peer, gpointer data)
{
    Net *net = data;

    net->n_accepted++;
    start (&net->server, fd, peer, net->wrap_server, net->data);
}

void
net_free (NetEnd *end)
{
    g_clear_pointer (&end->stream, dunlin_stream_free);
}

static void
clear_end (NetEnd *end)
{
    net_free (end);
    g_clear_error (&end->reason);
    g_clear_pointer (&end->received, g_byte_array_unref);
    *end = (NetEnd){ 0 };
}

void
net_reset (Net *net)
{
    clear_end (&net->server);
    clear_end (&net->client);
    net->server.received = g_byte_array_new ();
    net->client.received = g_byte_array_new ();
}

typedef struct {
    Net net;
    void (*body) (Net *net);
} Run;

static void
run_body (gpointer data)
{
    Run *run = data;

    run->body (&run->net);
    clear_end (&run->net.server);
    clear_end (&run->net.client);
    dunlin_listener_stop (run->net.listener);
    dunlin_loop_stop (run->net.loop);
}

static void
begin (gpointer data)
{
    Run *run = data;
    g_autoptr (GError) error = NULL;

    dunlin_listener_start (run->net.listener, run->net.loop, on_accept, &run->net);
    dunlin_fiber_spawn ("test", run_body, run, &error);
    g_assert_no_error (error);
}

void
net_run (void (*body) (Net *net), NetWrap wrap_server, NetWrap wrap_client, gpointer data)
{
    g_autoptr (GError) error = NULL;
    Run run = { .body = body };

    run.net.wrap_server = wrap_server;
    run.net.wrap_client = wrap_client;
    run.net.data = data;
    run.net.loop = dunlin_loop_new ("test", &error);
    g_assert_no_error (error);
    run.net.listener = dunlin_listener_new ("127.0.0.1", 0, 16, &error);
    g_assert_no_error (error);
    net_reset (&run.net);
    dunlin_loop_post (run.net.loop, begin, &run);
    dunlin_loop_run (run.net.loop);
    dunlin_listener_free (run.net.listener);
    dunlin_loop_free (run.net.loop);
}

void
net_connect (Net *net)
{
    g_autoptr (GError) error = NULL;
    int fd = dunlin_tcp_connect ("127.0.0.1", dunlin_listener_port (net->listener), &error);

    g_assert_no_error (error);
    start (&net->client, fd, dunlin_peer_new ("server"), net->wrap_client, net->data);
}

int
net_connect_raw (Net *net)
{
    g_autoptr (GError) error = NULL;
    guint before = net->n_accepted;
    int fd = dunlin_tcp_connect ("127.0.0.1", dunlin_listener_port (net->listener), &error);

    g_assert_no_error (error);
    net_until (net->n_accepted == before + 1);
    return fd;
}

void
net_open (Net *net)
{
    net_connect (net);
    net_until (net->client.n_opened == 1 && net->server.n_opened == 1);
}

void
net_send (NetEnd *end, const void *data, gsize n)
{
    dunlin_buffer_append (dunlin_stream_outbox (end->stream), data, n);
    dunlin_stream_flush_later (end->stream);
}

void
net_send_raw (int fd, const void *data, gsize n)
{
    const guint8 *at = data;
    gint64 deadline = dunlin_clock_now () + NET_PATIENCE;

    while (n > 0) {
        gssize sent = send (fd, at, n, MSG_NOSIGNAL);

        if (sent < 0) {
            g_assert_cmpint (errno, ==, EAGAIN);
            net_wait ("room to send", deadline);
            continue;
        }
        at += sent;
        n -= (gsize)sent;
    }
}

GByteArray *
net_read_raw (int fd, gsize n)
{
    GByteArray *all = g_byte_array_new ();
    gint64 deadline = dunlin_clock_now () + NET_PATIENCE;
    guint8 piece[65536];

    while (all->len < n) {
        gssize got = recv (fd, piece, MIN (sizeof piece, n - all->len), 0);

        if (got == 0)
            break;
        if (got < 0 && errno == ECONNRESET)
            break;
        if (got < 0) {
            g_assert_cmpint (errno, ==, EAGAIN);
            net_wait ("bytes", deadline);
            continue;
        }
        g_byte_array_append (all, piece, (guint)got);
    }
    return all;
}

gboolean
net_was_reset (int fd)
{
    int code = 0;
    socklen_t length = sizeof code;
    guint8 byte;

    getsockopt (fd, SOL_SOCKET, SO_ERROR, &code, &length);
    return code == ECONNRESET || (recv (fd, &byte, 1, 0) < 0 && errno == ECONNRESET);
}

GByteArray *
net_pattern (gsize n)
{
    GByteArray *pattern = g_byte_array_sized_new ((guint)n);
    guint32 state = 1;

    g_byte_array_set_size (pattern, (guint)n);
    for (gsize i = 0; i < n; i++) {
        state = state * 1664525 + 1013904223;
        pattern->data[i] = (guint8)(state >> 24);
    }
    return pattern;
}

void
net_assert_same (const GByteArray *got, const GByteArray *expected)
{
    g_assert_cmpuint (got->len, ==, expected->len);
    g_assert_true (memcmp (got->data, expected->data, got->len) == 0);
}

void
net_assert_text (const GByteArray *got, const char *expected)
{
    g_autofree char *text = g_strndup ((const char *)got->data, got->len);

    g_assert_cmpstr (text, ==, expected);
}

void
net_assert_left (NetEnd *end, const char *expected)
{
    gsize length;
    const guint8 *data = dunlin_stream_peek (end->stream, &length);
    g_autofree char *text = g_strndup ((const char *)data, length);

    g_assert_cmpstr (text, ==, expected);
}

void
net_wait (const char *what, gint64 deadline)
{
    if (dunlin_clock_now () > deadline)
        g_error ("waited in vain for: %s", what);
    dunlin_sleep (500, NULL);
}
