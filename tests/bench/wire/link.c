/* The BIO reads from what link_receive() read from the socket, and writes to the link's queue. */
#include "bench/wire/link.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A record's plain bytes. */
#define RECORD_BYTES 16384

static BIO_METHOD *method;
static __thread guint8 raw_scratch[LINK_READ_BYTES];
/* The buffers that links use in turn. */
static __thread LinkBytes spare_in;
static __thread LinkBytes spare_out;

guint8 *
link_bytes_reserve (LinkBytes *self, gsize n)
{
    gsize length = link_bytes_length (self);

    if (self->end + n > self->capacity) {
        if (self->start > 0) {
            memmove (self->data, self->data + self->start, length);
            self->start = 0;
            self->end = length;
        }
        if (length + n > self->capacity) {
            self->capacity = MAX (length + n, 2 * self->capacity);
            self->data = g_realloc (self->data, self->capacity);
        }
    }
    return self->data + self->end;
}

void
link_bytes_append (LinkBytes *self, const void *data, gsize n)
{
    if (n == 0)
        return;
    memcpy (link_bytes_reserve (self, n), data, n);
    self->end += n;
}

void
link_bytes_consume (LinkBytes *self, gsize n)
{
    self->start += n;
    if (self->start == self->end)
        self->start = self->end = 0;
}

void
link_bytes_clear (LinkBytes *self)
{
    g_free (self->data);
    *self = (LinkBytes){ 0 };
}

static void
borrow (LinkBytes *self, LinkBytes *spare)
{
    if (self->data != NULL)
        return;
    *self = *spare;
    *spare = (LinkBytes){ 0 };
}

/* Of two buffers the larger one is kept. */
static void
give_back (LinkBytes *self, LinkBytes *spare)
{
    LinkBytes smaller = *self;

    if (self->data == NULL || link_bytes_length (self) > 0)
        return;
    if (self->capacity > spare->capacity) {
        smaller = *spare;
        *spare = (LinkBytes){ .data = self->data, .capacity = self->capacity };
    }
    g_free (smaller.data);
    *self = (LinkBytes){ 0 };
}

/* Returns: how many bytes the socket took. */
static gsize
send_some (Link *self, const guint8 *data, gsize n)
{
    gssize sent = send (self->fd, data, n, MSG_NOSIGNAL);

    self->is_broken = sent < 0 && errno != EAGAIN && errno != EINTR;
    self->is_full = !self->is_broken && sent < (gssize)n;
    return sent > 0 ? (gsize)sent : 0;
}

static void
send_out (Link *self)
{
    link_bytes_consume (&self->out, send_some (self, self->out.data + self->out.start,
                                               link_bytes_length (&self->out)));
}

/* Gathers for one write; a great deal goes while it is still in the cache. */
static void
put_out (Link *self, const guint8 *data, gsize n)
{
    if (self->is_broken)
        return;
    borrow (&self->out, &spare_out);
    if (n >= LINK_WRITE_BYTES && link_bytes_length (&self->out) == 0) {
        gsize sent = send_some (self, data, n);

        data += sent;
        n -= sent;
    }
    link_bytes_append (&self->out, data, n);
    if (link_bytes_length (&self->out) >= LINK_WRITE_BYTES && !self->is_full && !self->is_broken)
        send_out (self);
}

static int
bio_read (BIO *bio, char *data, int n)
{
    Link *self = BIO_get_data (bio);
    int taken = (int)MIN ((gsize)n, self->raw_length);

    BIO_clear_retry_flags (bio);
    if (taken == 0) {
        if (self->ended)
            return 0;
        BIO_set_retry_read (bio);
        return -1;
    }
    memcpy (data, self->raw, (gsize)taken);
    self->raw += taken;
    self->raw_length -= (gsize)taken;
    return taken;
}

static int
bio_write (BIO *bio, const char *data, int n)
{
    Link *self = BIO_get_data (bio);

    BIO_clear_retry_flags (bio);
    put_out (self, (const guint8 *)data, (gsize)n);
    return n;
}

static long
bio_control (BIO *bio, int command, long number, void *data)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

void
link_init_once (void)
{
    method = BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "bench link");
    BIO_meth_set_read (method, bio_read);
    BIO_meth_set_write (method, bio_write);
    BIO_meth_set_ctrl (method, bio_control);
}

void
link_end_thread (void)
{
    link_bytes_clear (&spare_in);
    link_bytes_clear (&spare_out);
}

void
link_open (Link *self, int fd, SSL_CTX *context, gboolean is_server)
{
    BIO *bio;

    *self = (Link){ .fd = fd };
    if (context == NULL)
        return;
    self->ssl = SSL_new (context);
    bio = BIO_new (method);
    BIO_set_data (bio, self);
    BIO_set_init (bio, 1);
    SSL_set_bio (self->ssl, bio, bio);
    if (is_server)
        SSL_set_accept_state (self->ssl);
    else
        SSL_set_connect_state (self->ssl);
}

void
link_close (Link *self)
{
    if (self->fd >= 0)
        close (self->fd);
    self->fd = -1;
    if (self->ssl != NULL) /* else OpenSSL holds the session for unfit to be resumed */
        SSL_set_shutdown (self->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    g_clear_pointer (&self->ssl, SSL_free);
    link_bytes_clear (&self->in);
    link_bytes_clear (&self->out);
}

/* One read from the socket, into the thread's scratch. */
static LinkStatus
fill (Link *self)
{
    gssize n = recv (self->fd, raw_scratch, sizeof raw_scratch, 0);

    if (n > 0) {
        self->raw = raw_scratch;
        self->raw_length = (gsize)n;
        return LINK_OK;
    }
    if (n == 0) {
        self->ended = TRUE;
        return LINK_CLOSED;
    }
    return errno == EAGAIN || errno == EINTR ? LINK_AGAIN : LINK_FAILED;
}

static LinkStatus
status_of (Link *self, int result)
{
    switch (SSL_get_error (self->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return LINK_AGAIN;
    case SSL_ERROR_ZERO_RETURN:
        return LINK_CLOSED;
    case SSL_ERROR_SSL:
        if (!self->ended ||
            ERR_GET_REASON (ERR_peek_error ()) != SSL_R_UNEXPECTED_EOF_WHILE_READING)
            self->why = ERR_reason_error_string (ERR_peek_error ());
        break;
    default:
        break;
    }
    ERR_clear_error ();
    return self->ended && self->why == NULL ? LINK_CLOSED : LINK_FAILED;
}

LinkStatus
link_handshake (Link *self)
{
    LinkStatus status = LINK_OK;
    int result;

    if (self->ssl == NULL)
        return LINK_OK;
    if (self->raw_length == 0 && (SSL_is_server (self->ssl) || !SSL_in_before (self->ssl)))
        status = fill (self);
    if (status == LINK_FAILED)
        return status;
    result = SSL_do_handshake (self->ssl);
    status = result == 1 ? LINK_OK : status_of (self, result);
    return link_flush (self) == LINK_FAILED ? LINK_FAILED : status;
}

/* A record at a time, until nothing is left of what was read: OpenSSL takes whole records out of
 * it, or keeps the beginning of one. */
static LinkStatus
decrypt (Link *self)
{
    do {
        guint8 *room = link_bytes_reserve (&self->in, RECORD_BYTES);
        int n = SSL_read (self->ssl, room, (int)(self->in.capacity - self->in.end));

        if (n <= 0)
            return status_of (self, n);
        self->in.end += (gsize)n;
    } while (self->raw_length > 0 || SSL_pending (self->ssl) > 0);
    return LINK_OK;
}

static LinkStatus
receive_tls (Link *self)
{
    /* What came with the handshake's last bytes. */
    LinkStatus status = self->raw_length > 0 ? LINK_OK : fill (self);

    if (status == LINK_AGAIN || status == LINK_FAILED)
        return status;
    borrow (&self->in, &spare_in);
    status = decrypt (self);
    return status == LINK_AGAIN ? LINK_OK : status;
}

LinkStatus
link_receive (Link *self)
{
    gssize n;

    if (self->ssl != NULL)
        return receive_tls (self);
    borrow (&self->in, &spare_in);
    n = recv (self->fd, link_bytes_reserve (&self->in, LINK_READ_BYTES), LINK_READ_BYTES, 0);
    if (n > 0) {
        self->in.end += (gsize)n;
        return LINK_OK;
    }
    if (n == 0)
        return LINK_CLOSED;
    return errno == EAGAIN || errno == EINTR ? LINK_AGAIN : LINK_FAILED;
}

void
link_settle (Link *self)
{
    give_back (&self->in, &spare_in);
}

LinkStatus
link_write (Link *self, const void *data, gsize n)
{
    if (self->ssl == NULL)
        put_out (self, data, n);
    else if (n > 0 && SSL_write (self->ssl, data, (int)n) <= 0)
        return LINK_FAILED;
    return self->is_broken ? LINK_FAILED : LINK_OK;
}

LinkStatus
link_flush (Link *self)
{
    if (link_bytes_length (&self->out) > 0 && !self->is_broken)
        send_out (self);
    if (self->is_broken)
        return LINK_FAILED;
    if (link_bytes_length (&self->out) > 0)
        return LINK_AGAIN;
    give_back (&self->out, &spare_out);
    return LINK_OK;
}

void
link_goodbye (Link *self)
{
    if (self->ssl != NULL)
        SSL_shutdown (self->ssl);
    link_flush (self);
    shutdown (self->fd, SHUT_WR);
}
