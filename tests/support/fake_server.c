/* The server that lies. */
#include "support/fake_server.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/test_server.h"

struct FakeServer {
    int listener;
    guint16 port;
    FakeServe serve;
    gpointer data;
    GThread *thread;
    GMutex lock; /* guards fd and stopping */
    int fd;      /* being served; -1: none */
    gboolean stopping;
    int n_connections; /* atomic */
};

static gboolean
begin (FakeServer *self, int fd)
{
    gboolean go_on;

    g_mutex_lock (&self->lock);
    go_on = !self->stopping;
    self->fd = go_on ? fd : -1;
    g_mutex_unlock (&self->lock);
    return go_on;
}

static void
end (FakeServer *self, int fd)
{
    g_mutex_lock (&self->lock);
    self->fd = -1;
    g_mutex_unlock (&self->lock);
    close (fd);
}

static gpointer
run (gpointer data)
{
    FakeServer *self = data;
    struct timeval limit = { .tv_sec = 10 };
    int fd;

    while ((fd = accept (self->listener, NULL, NULL)) >= 0) {
        int n = __atomic_fetch_add (&self->n_connections, 1, __ATOMIC_SEQ_CST);

        setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        if (begin (self, fd))
            self->serve (fd, (guint)n, self->data);
        end (self, fd);
    }
    return NULL;
}

FakeServer *
fake_server_new (FakeServe serve, gpointer data)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
    socklen_t length = sizeof address;
    FakeServer *self = g_new0 (FakeServer, 1);

    self->serve = serve;
    self->data = data;
    self->fd = -1;
    g_mutex_init (&self->lock);
    self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint (bind (self->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint (listen (self->listener, 64), ==, 0);
    g_assert_cmpint (getsockname (self->listener, (struct sockaddr *)&address, &length), ==, 0);
    self->port = ntohs (address.sin_port);
    self->thread = g_thread_new ("fake", run, self);
    return self;
}

guint16
fake_server_port (FakeServer *self)
{
    return self->port;
}

guint
fake_server_n_connections (FakeServer *self)
{
    return (guint)__atomic_load_n (&self->n_connections, __ATOMIC_SEQ_CST);
}

void
fake_server_free (FakeServer *self)
{
    if (self == NULL)
        return;
    g_mutex_lock (&self->lock);
    self->stopping = TRUE;
    if (self->fd >= 0)
        shutdown (self->fd, SHUT_RDWR);
    g_mutex_unlock (&self->lock);
    shutdown (self->listener, SHUT_RDWR);
    g_thread_join (self->thread);
    close (self->listener);
    g_mutex_clear (&self->lock);
    g_free (self);
}

void
fake_mux_open (int fd, const char *init)
{
    g_autofree char *rinit = g_strconcat ("bc 00 00 01 00 01", init != NULL ? init : "", NULL);
    g_autoptr (GByteArray) tinit = NULL;

    test_expect_frame (fd, "7f 00 00 01 \"tinit check\"");
    test_send_frame (fd, "7f 00 00 01 \"tinit check\"");
    tinit = test_receive_frame (fd);
    g_assert_nonnull (tinit);
    g_assert_cmpint (tinit->data[0], ==, 0x44);
    test_send_frame (fd, rinit);
    test_expect_frame (fd, "41 00 00 01");
    test_send_frame (fd, "bf 00 00 01");
}

GByteArray *
fake_mux_receive (int fd)
{
    for (;;) {
        GByteArray *frame = test_receive_frame (fd);

        if (frame == NULL || frame->data[0] != 0x41)
            return frame;
        g_byte_array_unref (frame);
        test_send_frame (fd, "bf 00 00 01");
    }
}

guint32
fake_mux_tag (const GByteArray *frame)
{
    g_assert_cmpuint (frame->len, >=, 4);
    return (guint32)frame->data[1] << 16 | (guint32)frame->data[2] << 8 | frame->data[3];
}

guint32
fake_sequence (const GByteArray *frame, const char *method)
{
    const guint8 *name = memmem (frame->data, frame->len, method, strlen (method));
    guint32 sequence;

    g_assert_nonnull (name);
    memcpy (&sequence, name + strlen (method), sizeof sequence);
    return GUINT32_FROM_BE (sequence);
}

void
fake_mux_pong (int fd, guint32 tag, guint32 sequence)
{
    g_autofree char *text = g_strdup_printf (
        "fe %06x 00 0000 80010002 00000004 \"ping\" %08x 0b 0000 00000004 \"pong\" "
        "00",
        tag, sequence);

    test_send_frame (fd, text);
}
