/* A stream whose events wake the fiber. */
#include "cli/talk.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "net/tcp.h"
#include "net/tls.h"
#include "wire/frame.h"

/* What comes here are openings, pings and small replies. */
#define MAX_FRAME ((gsize)16 * 1024 * 1024)

struct CliTalk {
    DunlinFiber *fiber;   /* borrowed: waits for us */
    DunlinStream *stream; /* owned */
    gboolean is_open;
    gboolean is_closed;
    GError *reason; /* owned, nullable: why it is closed */
};

static gboolean
wait_connected (int fd, gint64 deadline, GError **error)
{
    struct pollfd wanted = { .fd = fd, .events = POLLOUT };
    gint64 left = deadline - dunlin_clock_now ();
    int problem = 0;
    socklen_t length = sizeof problem;

    if (left <= 0 || poll (&wanted, 1, (int)MIN (left / 1000 + 1, G_MAXINT)) <= 0) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE,
                     "no answer: is a firewall dropping packets, or the host down?");
        return FALSE;
    }
    getsockopt (fd, SOL_SOCKET, SO_ERROR, &problem, &length);
    if (problem == 0)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "%s%s", g_strerror (problem),
                 problem == ECONNREFUSED ? ": nobody listens there" : "");
    return FALSE;
}

int
cli_talk_connect (const DunlinAddress *address, gint64 deadline, GError **error)
{
    int fd = address->port == 0 ? dunlin_unix_connect (address->address, error)
                                : dunlin_tcp_connect (address->address, address->port, error);

    if (fd < 0)
        return -1;
    if (wait_connected (fd, deadline, error))
        return fd;
    close (fd);
    return -1;
}

static void
on_opened (DunlinStream *stream, gpointer owner)
{
    CliTalk *self = owner;

    self->is_open = TRUE;
    dunlin_fiber_wake (self->fiber);
}

static void
on_input (DunlinStream *stream, gpointer owner)
{
    dunlin_fiber_wake (((CliTalk *)owner)->fiber);
}

static void
on_closed (DunlinStream *stream, const GError *reason, gpointer owner)
{
    CliTalk *self = owner;

    self->is_closed = TRUE;
    if (reason != NULL)
        self->reason = g_error_copy (reason);
    dunlin_fiber_wake (self->fiber);
}

static const DunlinStreamEvents events = { .opened = on_opened,
                                           .input = on_input,
                                           .closed = on_closed };

static gboolean
fail_closed (CliTalk *self, const char *when, GError **error)
{
    if (self->reason != NULL)
        g_propagate_error (error, g_error_copy (self->reason));
    else
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED, "the service hung up %s", when);
    return FALSE;
}

static gboolean
wait_open (CliTalk *self, gint64 deadline, GError **error)
{
    while (!self->is_open && !self->is_closed)
        if (!dunlin_fiber_park (deadline, error))
            return FALSE;
    return self->is_open || fail_closed (self, "during the handshake", error);
}

CliTalk *
cli_talk_open (int fd, const DunlinAddress *address, DunlinCredentials *credentials,
               const char *server_name, gint64 deadline, GError **error)
{
    g_autoptr (CliTalk) self = g_new0 (CliTalk, 1);
    g_autofree char *text = dunlin_address_to_string (address);
    DunlinPeer *peer = dunlin_peer_new (text);
    DunlinTransport *transport =
        credentials == NULL ? dunlin_tcp_transport_new (fd)
                            : dunlin_tls_client_transport_new (fd, credentials, server_name, peer);

    self->fiber = dunlin_fiber_self ();
    self->stream = dunlin_stream_new (fd, transport, peer, &events, self);
    return wait_open (self, deadline, error) ? g_steal_pointer (&self) : NULL;
}

void
cli_talk_free (CliTalk *self)
{
    if (self == NULL)
        return;
    dunlin_stream_free (self->stream);
    g_clear_error (&self->reason);
    g_free (self);
}

const DunlinPeer *
cli_talk_peer (CliTalk *self)
{
    return dunlin_stream_peer (self->stream);
}

DunlinBuffer *
cli_talk_outbox (CliTalk *self)
{
    return dunlin_stream_outbox (self->stream);
}

/* The frame, when all of it is there. FALSE with @error when it is none. */
static gboolean
take_frame (CliTalk *self, GBytes **frame, GError **error)
{
    gsize n;
    gsize size;
    const guint8 *data = dunlin_stream_peek (self->stream, &n);

    if (n < DUNLIN_FRAME_SIZE_BYTES)
        return TRUE;
    if (!dunlin_frame_size (data, MAX_FRAME, &size, error))
        return FALSE;
    if (n - DUNLIN_FRAME_SIZE_BYTES < size)
        return TRUE;
    *frame = g_bytes_new (data + DUNLIN_FRAME_SIZE_BYTES, size);
    dunlin_stream_consume (self->stream, DUNLIN_FRAME_SIZE_BYTES + size);
    return TRUE;
}

GBytes *
cli_talk_frame (CliTalk *self, gint64 deadline, GError **error)
{
    GBytes *frame = NULL;

    dunlin_stream_flush_later (self->stream);
    for (;;) {
        if (!take_frame (self, &frame, error))
            return NULL;
        if (frame != NULL)
            return frame;
        if (self->is_closed) {
            fail_closed (self, "without an answer", error);
            return NULL;
        }
        if (!dunlin_fiber_park (deadline, error))
            return NULL;
    }
}
