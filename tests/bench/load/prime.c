/* The first call, waited for: it stores what the load gets, and brings a TLS session. */
#include "bench/load/worker.h"

#include <poll.h>

#include "bench/load/connection.h"
#include "bench/load/reply.h"
#include "bench/load/sampler.h"

#define PATIENCE_MS 10000

static gboolean
failed (GError **error, const char *what, const char *why)
{
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the first call: %s%s%s", what,
                 why == NULL ? "" : ": ", why == NULL ? "" : why);
    return FALSE;
}

static void
wait_for (LoadConnection *connection, short events)
{
    struct pollfd wait = { .fd = connection->link.fd, .events = events };

    poll (&wait, 1, PATIENCE_MS);
}

static gint64
patience_end (void)
{
    return load_now_ns () + PATIENCE_MS * G_GINT64_CONSTANT (1000000);
}

/* Waits for one frame. Returns: %NULL with @error. */
static const guint8 *
wait_for_frame (LoadConnection *connection, gsize *n, GError **error)
{
    gint64 end = patience_end ();
    const guint8 *frame;

    while ((frame = load_connection_frame (connection, n)) == NULL) {
        LinkStatus status = link_receive (&connection->link);

        if (status == LINK_CLOSED || status == LINK_FAILED)
            failed (error, "the server closed the connection", connection->link.why);
        else if (load_now_ns () > end)
            failed (error, "it was not answered in time", NULL);
        else if (*n > LOAD_REPLY_EXTRA_MAX)
            failed (error, "the answer is too large", NULL);
        else {
            if (status == LINK_AGAIN)
                wait_for (connection, POLLIN);
            continue;
        }
        return NULL;
    }
    return frame;
}

/* Sends @request. Returns: the frame that came for it; %NULL with @error. What hinders writing is
 * found while reading: a server says why it hangs up. */
static const guint8 *
exchange (LoadConnection *connection, const guint8 *request, gsize length, gsize *n, GError **error)
{
    link_write (&connection->link, request, length);
    while (link_flush (&connection->link) == LINK_AGAIN)
        wait_for (connection, POLLOUT);
    return wait_for_frame (connection, n, error);
}

static gboolean
handshake (LoadConnection *connection, GError **error)
{
    gint64 end = patience_end ();
    LinkStatus status;

    wait_for (connection, POLLOUT);
    while ((status = link_handshake (&connection->link)) == LINK_AGAIN) {
        if (load_now_ns () > end)
            return failed (error, "the handshake took too long", NULL);
        wait_for (connection, POLLIN);
    }
    return status == LINK_OK || failed (error, "the handshake failed", connection->link.why);
}

static gboolean
open_protocol (const LoadOpening *opening, LoadConnection *connection, GError **error)
{
    for (guint i = 0; i < opening->n_steps; i++) {
        const GByteArray *request = opening->requests[i];
        gsize n;
        const guint8 *frame = exchange (connection, request->data, request->len, &n, error);

        if (frame == NULL)
            return FALSE;
        if (!load_opening_check (opening, i, frame, n))
            return failed (error, "the server does not know the protocol's opening", NULL);
        link_bytes_consume (&connection->link.in, n + 4);
    }
    return TRUE;
}

static gboolean
put (const LoadMessage *message, LoadConnection *connection, GError **error)
{
    g_autofree guint8 *request = g_malloc (message->request->len);
    const guint8 *frame;
    const char *why;
    gsize n;

    load_message_write (message, request, FIRST_TAG);
    frame = exchange (connection, request, message->request->len, &n, error);
    if (frame == NULL)
        return FALSE;
    why = load_reply_check (message, frame, n, FIRST_TAG);
    return why == NULL || failed (error, "the answer is wrong", why);
}

static gboolean
prime (LoadShared *shared, LoadConnection *connection, GError **error)
{
    if (!load_connection_open (connection, shared->options->port, shared->context))
        return failed (error, "it cannot connect", NULL);
    return handshake (connection, error) && open_protocol (&shared->opening, connection, error) &&
           put (&shared->put, connection, error);
}

gboolean
load_prime (LoadShared *shared, GError **error)
{
    LoadConnection connection;
    gboolean done;

    load_connection_init (&connection, 1, NULL);
    done = prime (shared, &connection, error);
    shared->session = g_steal_pointer (&connection.session);
    load_connection_clear (&connection);
    return done;
}
