/* Slots are a ring where answers come in order, and a table where they do not. */
#include "bench/load/connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void
load_connection_init (LoadConnection *self, guint slots, SSL_SESSION *session)
{
    *self = (LoadConnection){ .slots = slots, .begun = g_new0 (gint64, slots) };
    if (session != NULL && SSL_SESSION_up_ref (session) == 1)
        self->session = session;
}

void
load_connection_clear (LoadConnection *self)
{
    load_connection_close (self);
    SSL_SESSION_free (self->session);
    g_free (self->begun);
}

gboolean
load_connection_open (LoadConnection *self, int port, SSL_CTX *context)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons ((guint16)port),
                              .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;

    if (fd < 0)
        return FALSE;
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect (fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
        close (fd);
        return FALSE;
    }
    link_open (&self->link, fd, context, FALSE);
    if (self->link.ssl != NULL) {
        SSL_set_app_data (self->link.ssl, &self->session);
        SSL_set_tlsext_host_name (self->link.ssl, "localhost");
        if (self->session != NULL)
            SSL_set_session (self->link.ssl, self->session);
    }
    self->state = CONNECTION_HANDSHAKE;
    self->wants_write = TRUE;
    return TRUE;
}

void
load_connection_close (LoadConnection *self)
{
    /* No TIME_WAIT: a run has more connections than there are ports. */
    struct linger reset = { .l_onoff = 1, .l_linger = 0 };

    if (self->state == CONNECTION_CLOSED)
        return;
    setsockopt (self->link.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    link_close (&self->link);
    memset (self->begun, 0, self->slots * sizeof *self->begun);
    self->in_flight = 0;
    self->first = 0;
    self->state = CONNECTION_CLOSED;
}

guint32
load_connection_take_slot (LoadConnection *self, LoadProtocol protocol, gint64 now)
{
    guint slot = (self->first + self->in_flight) % self->slots;

    if (protocol == LOAD_MUX)
        while (self->begun[slot] != 0)
            slot = (slot + 1) % self->slots;
    self->begun[slot] = now;
    self->in_flight++;
    return protocol == LOAD_MUX ? slot + FIRST_TAG : self->next_id++;
}

gint64
load_connection_free_slot (LoadConnection *self, LoadProtocol protocol, guint32 id)
{
    guint slot = self->first;
    gint64 begun;

    if (self->in_flight == 0)
        return 0;
    if (protocol == LOAD_MUX) {
        slot = id - FIRST_TAG;
        if (slot >= self->slots)
            return 0;
    } else if (id != self->next_id - self->in_flight) {
        return 0;
    }
    begun = self->begun[slot];
    if (begun == 0)
        return 0;
    self->begun[slot] = 0;
    self->in_flight--;
    if (protocol != LOAD_MUX)
        self->first = (self->first + 1) % self->slots;
    return begun;
}

const guint8 *
load_connection_frame (LoadConnection *self, gsize *n)
{
    const LinkBytes *in = &self->link.in;
    gsize length = link_bytes_length (in);
    guint32 size;

    *n = 0;
    if (length < sizeof size)
        return NULL;
    memcpy (&size, in->data + in->start, sizeof size);
    size = GUINT32_FROM_BE (size);
    *n = size;
    return length - sizeof size < size ? NULL : in->data + in->start + sizeof size;
}
