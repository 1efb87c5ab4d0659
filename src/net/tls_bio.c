/* A BIO over a non-blocking socket and the loop's scratch buffers. */
#include "net/tls_bio.h"

#include "net/socket.h"

#include <string.h>

static void
lose (DunlinTlsBio *self, GError *error)
{
    if (self->lost == NULL)
        self->lost = error;
    else
        g_error_free (error);
}

/* --- in --- */

static void
note_first (DunlinTlsBio *self, const guint8 *data, gsize n)
{
    gsize more = MIN (n, sizeof self->first - self->n_first);

    memcpy (self->first + self->n_first, data, more);
    self->n_first += more;
}

/* One read of the socket into the loop's buffer. */
static void
fill (DunlinTlsBio *self)
{
    guint8 *to = dunlin_scratch_sealed_in (self->scratch);
    GError *error = NULL;
    gsize n = 0;
    DunlinIo io = dunlin_socket_read (self->fd, to, DUNLIN_SCRATCH_BYTES, &n, &error);

    note_first (self, to, n);
    self->view = to;
    self->view_length = n;
    self->dry = io != DUNLIN_IO_DONE;
    self->ended = self->ended || io == DUNLIN_IO_CLOSED;
    if (io == DUNLIN_IO_FAILED)
        lose (self, error);
}

static gsize
take (DunlinTlsBio *self, char *to, gsize n)
{
    gsize kept = MIN (n, dunlin_buffer_length (&self->in));
    gsize viewed = MIN (n - kept, self->view_length);

    if (kept > 0) {
        memcpy (to, dunlin_buffer_bytes (&self->in), kept);
        dunlin_buffer_consume (&self->in, kept);
    }
    if (viewed > 0) {
        memcpy (to + kept, self->view, viewed);
        self->view += viewed;
        self->view_length -= viewed;
    }
    return kept + viewed;
}

static int
bio_read (BIO *bio, char *to, int n)
{
    DunlinTlsBio *self = BIO_get_data (bio);
    gsize taken;

    BIO_clear_retry_flags (bio);
    taken = take (self, to, (gsize)n);
    if (taken > 0)
        return (int)taken;
    if (!self->dry)
        fill (self);
    taken = take (self, to, (gsize)n);
    if (taken > 0)
        return (int)taken;
    if (self->ended)
        return 0;
    if (self->lost == NULL)
        BIO_set_retry_read (bio);
    return -1;
}

/* --- out --- */

/* Always takes everything: net/tls bounds what it gives. */
static int
bio_write (BIO *bio, const char *data, int n)
{
    DunlinTlsBio *self = BIO_get_data (bio);
    gsize size = (gsize)n;

    BIO_clear_retry_flags (bio);
    if (dunlin_buffer_length (&self->out) == 0 && self->n_gathered + size <= DUNLIN_SCRATCH_BYTES) {
        memcpy (dunlin_scratch_sealed_out (self->scratch) + self->n_gathered, data, size);
        self->n_gathered += size;
        return n;
    }
    /* Too much for one write: in order, so what was gathered goes in front. */
    dunlin_buffer_append (&self->out, dunlin_scratch_sealed_out (self->scratch), self->n_gathered);
    self->n_gathered = 0;
    dunlin_buffer_append (&self->out, data, size);
    return n;
}

static gsize
send_some (DunlinTlsBio *self, const guint8 *data, gsize n)
{
    GError *error = NULL;
    gsize done = 0;

    if (n > 0 && self->lost == NULL &&
        dunlin_socket_write (self->fd, data, n, &done, &error) == DUNLIN_IO_FAILED)
        lose (self, error);
    return done;
}

static void
send_gathered (DunlinTlsBio *self)
{
    const guint8 *data;
    gsize done;

    if (self->n_gathered == 0)
        return;
    data = dunlin_scratch_sealed_out (self->scratch);
    done = send_some (self, data, self->n_gathered);
    dunlin_buffer_append (&self->out, data + done, self->n_gathered - done);
    self->n_gathered = 0;
}

static void
send_kept (DunlinTlsBio *self)
{
    gsize length = dunlin_buffer_length (&self->out);

    if (length == 0)
        return;
    dunlin_buffer_consume (&self->out, send_some (self, dunlin_buffer_bytes (&self->out), length));
    if (dunlin_buffer_length (&self->out) == 0)
        dunlin_scratch_take_back (self->scratch, &self->out);
}

/* --- the BIO --- */

static long
bio_ctrl (BIO *bio, int command, long number, void *data)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static int
bio_create (BIO *bio)
{
    BIO_set_init (bio, 1);
    return 1;
}

static BIO_METHOD *method; /* for the life of the process */

/* Before any thread: all connections share it. */
__attribute__ ((constructor)) static void
make_method (void)
{
    method = BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "dunlin socket");
    BIO_meth_set_read (method, bio_read);
    BIO_meth_set_write (method, bio_write);
    BIO_meth_set_ctrl (method, bio_ctrl);
    BIO_meth_set_create (method, bio_create);
}

void
dunlin_tls_bio_init (DunlinTlsBio *self, int fd)
{
    *self = (DunlinTlsBio){ .fd = fd, .scratch = dunlin_scratch_of (dunlin_loop_current ()) };
}

void
dunlin_tls_bio_clear (DunlinTlsBio *self)
{
    dunlin_buffer_clear (&self->in);
    dunlin_buffer_clear (&self->out);
    g_clear_error (&self->lost);
}

BIO *
dunlin_tls_bio_wrap (DunlinTlsBio *self)
{
    BIO *bio = BIO_new (method);

    BIO_set_data (bio, self);
    return bio;
}

void
dunlin_tls_bio_begin (DunlinTlsBio *self)
{
    self->dry = self->ended;
    send_kept (self);
}

void
dunlin_tls_bio_end (DunlinTlsBio *self)
{
    if (dunlin_buffer_length (&self->out) > 0)
        send_kept (self);
    else
        send_gathered (self);
    dunlin_buffer_append (&self->in, self->view, self->view_length);
    self->view = NULL;
    self->view_length = 0;
    if (dunlin_buffer_length (&self->in) == 0)
        dunlin_scratch_take_back (self->scratch, &self->in);
}

gsize
dunlin_tls_bio_unread (const DunlinTlsBio *self)
{
    return dunlin_buffer_length (&self->in) + self->view_length;
}

gsize
dunlin_tls_bio_unsent (const DunlinTlsBio *self)
{
    return dunlin_buffer_length (&self->out) + self->n_gathered;
}
