/* TLS as a stream's transport. */
#include "net/tls.h"

#include "base/clock.h"
#include "net/socket.h"
#include "net/tls_bio.h"
#include "net/tls_peer.h"
#include "net/tls_reason.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

/* Records that carry no data, such as key updates, in one turn: a peer that sends nothing else
 * must not keep us. */
#define MAX_EMPTY_RECORDS 16

/* Sealed at once at the most: with its records' frames it fits into the loop's buffer. */
#define MAX_SEALED (112 * 1024)

/* A ticket comes with the first replies or never. */
#define LOOKS_FOR_TICKET 8

/* A session is not continued for longer, whatever the server allows. */
#define REMEMBERED_SECONDS 3600

/* Answers to key updates that a peer does not read. */
#define MAX_UNSENT (512 * 1024)

struct DunlinTlsMemory {
    SSL_SESSION *session; /* owned, nullable */
    SSL_CTX *context;     /* owned reference: the credentials of its time */
};

typedef struct {
    DunlinTransport base;
    SSL *ssl;         /* owned */
    DunlinPeer *peer; /* borrowed: the stream's */
    DunlinTlsBio bio;
    gboolean connecting;
    gboolean broken;         /* OpenSSL forbids further calls after a failure */
    char *refused;           /* owned, nullable: whose certificate did not verify */
    DunlinTlsMemory *memory; /* borrowed, nullable */
    guint looks;             /* for a ticket that are left */
} Tls;

static DunlinIo
fail (Tls *self, GError **error)
{
    self->broken = TRUE;
    if (self->bio.lost != NULL)
        g_propagate_error (error, g_error_copy (self->bio.lost));
    else
        dunlin_tls_explain (self->ssl, &self->bio, self->refused, error);
    return DUNLIN_IO_FAILED;
}

/* A socket that ends without a goodbye is how many clients leave; whether something is missing the
 * protocol above can tell. Within a record, something is. */
static DunlinIo
ended (Tls *self, GError **error)
{
    self->broken = TRUE;
    if (SSL_has_pending (self->ssl) == 0)
        return DUNLIN_IO_CLOSED;
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED,
                         "the connection was cut off within a TLS record");
    return DUNLIN_IO_FAILED;
}

static DunlinIo
outcome (Tls *self, int result, GError **error)
{
    switch (SSL_get_error (self->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return self->bio.lost != NULL ? fail (self, error) : DUNLIN_IO_WANT_READ;
    case SSL_ERROR_ZERO_RETURN:
        return DUNLIN_IO_CLOSED;
    case SSL_ERROR_SYSCALL:
        return self->bio.ended && self->bio.lost == NULL ? ended (self, error) : fail (self, error);
    default:
        return fail (self, error);
    }
}

/* --- handshake --- */

static DunlinIo
hung_up (Tls *self, GError **error)
{
    self->broken = TRUE;
    if (self->bio.n_first == 0 && SSL_is_server (self->ssl))
        return DUNLIN_IO_CLOSED; /* nobody was there: a port check */
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED,
                         "the peer hung up during the TLS handshake: it may not like our "
                         "certificate, or have none of its own");
    return DUNLIN_IO_FAILED;
}

static DunlinIo
step (Tls *self, GError **error)
{
    int result;

    if (self->bio.lost != NULL)
        return fail (self, error);
    ERR_clear_error ();
    result = SSL_do_handshake (self->ssl);
    if (result == 1)
        return dunlin_tls_peer_complete (self->peer, self->ssl, error) ? DUNLIN_IO_DONE
                                                                       : DUNLIN_IO_FAILED;
    if (SSL_get_error (self->ssl, result) == SSL_ERROR_WANT_READ)
        return DUNLIN_IO_WANT_READ;
    if (self->bio.ended && ERR_GET_LIB (ERR_peek_last_error ()) != ERR_LIB_SSL)
        return hung_up (self, error);
    if (self->bio.ended &&
        ERR_GET_REASON (ERR_peek_last_error ()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return hung_up (self, error);
    return fail (self, error);
}

static DunlinIo
tls_handshake (DunlinTransport *base, GError **error)
{
    Tls *self = (Tls *)base;
    DunlinIo io;

    if (self->connecting) {
        io = dunlin_socket_finish_connect (self->bio.fd, error);
        if (io != DUNLIN_IO_DONE)
            return io;
        self->connecting = FALSE;
    }
    dunlin_tls_bio_begin (&self->bio);
    io = step (self, error);
    dunlin_tls_bio_end (&self->bio);
    if (io == DUNLIN_IO_WANT_READ && dunlin_tls_bio_unsent (&self->bio) > 0)
        return DUNLIN_IO_WANT_WRITE;
    return io;
}

/* --- what a client remembers --- */

DunlinTlsMemory *
dunlin_tls_memory_new (void)
{
    return g_new0 (DunlinTlsMemory, 1);
}

static void
forget (DunlinTlsMemory *self)
{
    SSL_SESSION_free (self->session);
    SSL_CTX_free (self->context);
    *self = (DunlinTlsMemory){ 0 };
}

void
dunlin_tls_memory_free (DunlinTlsMemory *self)
{
    if (self == NULL)
        return;
    forget (self);
    g_free (self);
}

static gboolean
is_fresh (const SSL_SESSION *session)
{
    gint64 age = dunlin_clock_wall_ns () / 1000000000 - (gint64)SSL_SESSION_get_time (session);

    return age >= 0 && age < REMEMBERED_SECONDS;
}

void
dunlin_tls_transport_remember (DunlinTransport *base, DunlinTlsMemory *memory)
{
    Tls *self = (Tls *)base;

    self->memory = memory;
    self->looks = LOOKS_FOR_TICKET;
    SSL_clear_options (self->ssl, SSL_OP_NO_TICKET); /* which speaks of what we give as a server */
    /* With other credentials than now the session was another's: OpenSSL would end the handshake.
     */
    if (memory->session != NULL &&
        (memory->context != SSL_get_SSL_CTX (self->ssl) || !is_fresh (memory->session)))
        forget (memory);
    if (memory->session != NULL) {
        SSL_SESSION *copy = SSL_SESSION_dup (memory->session);

        SSL_set_session (self->ssl, copy);
        SSL_SESSION_free (copy);
    }
    ERR_clear_error ();
}

gboolean
dunlin_tls_transport_is_resumed (DunlinTransport *base)
{
    return SSL_session_reused (((Tls *)base)->ssl) == 1;
}

/* After a read: the server's ticket may have been among the records. A copy is kept, for OpenSSL
 * spoils the session of a connection that ends without a goodbye. */
static void
look_for_ticket (Tls *self)
{
    SSL_SESSION *session = SSL_get0_session (self->ssl);

    self->looks--;
    if (session == NULL || SSL_SESSION_is_resumable (session) != 1)
        return;
    self->looks = 0;
    forget (self->memory);
    self->memory->session = SSL_SESSION_dup (session);
    self->memory->context = SSL_get_SSL_CTX (self->ssl);
    SSL_CTX_up_ref (self->memory->context);
}

/* --- data --- */

/* OpenSSL takes whatever lies in its queue for the last call's. Somebody else's hardly ever does,
 * and to clear an empty queue costs ten times what it costs to look. */
static void
clear_errors (void)
{
    if (G_UNLIKELY (ERR_peek_error () != 0))
        ERR_clear_error ();
}

/* Neither the socket nor the buffers have more. */
static gboolean
is_exhausted (Tls *self)
{
    return self->bio.dry && dunlin_tls_bio_unread (&self->bio) == 0;
}

/* Record after record until @n bytes are there or the socket has no more. */
static DunlinIo
read_records (Tls *self, guint8 *data, gsize n, gsize *done, GError **error)
{
    guint n_empty = 0;

    clear_errors ();
    while (*done < n) {
        gsize got = 0;
        int result = SSL_read_ex (self->ssl, data + *done, n - *done, &got);
        DunlinIo io;

        *done += got;
        if (result == 1) {
            /* To hear the same from OpenSSL would take it as long as half a record. */
            if (is_exhausted (self) && !self->bio.ended && self->bio.lost == NULL &&
                SSL_has_pending (self->ssl) == 0)
                return DUNLIN_IO_WANT_READ;
            continue;
        }
        io = outcome (self, result, error);
        if (io != DUNLIN_IO_WANT_READ || is_exhausted (self))
            return io;
        if (++n_empty > MAX_EMPTY_RECORDS)
            return DUNLIN_IO_DONE;
    }
    return DUNLIN_IO_DONE;
}

static DunlinIo
tls_read (DunlinTransport *base, guint8 *data, gsize n, gsize *done, GError **error)
{
    Tls *self = (Tls *)base;
    DunlinIo io;

    *done = 0;
    dunlin_tls_bio_begin (&self->bio);
    io = read_records (self, data, n, done, error);
    dunlin_tls_bio_end (&self->bio);
    if (G_UNLIKELY (self->looks > 0) && io != DUNLIN_IO_FAILED)
        look_for_ticket (self);
    if (io != DUNLIN_IO_FAILED && dunlin_tls_bio_unsent (&self->bio) > MAX_UNSENT) {
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                             "the peer sends key updates and does not read our answers");
        return DUNLIN_IO_FAILED;
    }
    return io;
}

static DunlinIo
seal (Tls *self, const guint8 *data, gsize n, gsize *done, GError **error)
{
    n = MIN (n, MAX_SEALED);
    clear_errors ();
    while (*done < n) {
        gsize sealed = 0;
        int result = SSL_write_ex (self->ssl, data + *done, n - *done, &sealed);

        *done += sealed;
        if (result != 1)
            return outcome (self, result, error);
    }
    return DUNLIN_IO_DONE;
}

static DunlinIo
tls_write (DunlinTransport *base, const guint8 *data, gsize n, gsize *done, GError **error)
{
    Tls *self = (Tls *)base;
    DunlinIo io = DUNLIN_IO_DONE;

    *done = 0;
    dunlin_tls_bio_begin (&self->bio);
    /* What waits goes first; sealing more now would only be memory. */
    if (dunlin_tls_bio_unsent (&self->bio) == 0)
        io = seal (self, data, n, done, error);
    dunlin_tls_bio_end (&self->bio);
    if (io == DUNLIN_IO_DONE && self->bio.lost != NULL)
        return fail (self, error);
    if (io == DUNLIN_IO_DONE && dunlin_tls_bio_unsent (&self->bio) > 0)
        return DUNLIN_IO_WANT_WRITE;
    return io;
}

static gboolean
tls_pending (DunlinTransport *base)
{
    Tls *self = (Tls *)base;

    return SSL_pending (self->ssl) > 0 || dunlin_tls_bio_unread (&self->bio) > 0;
}

static gsize
tls_unsent (DunlinTransport *base)
{
    return dunlin_tls_bio_unsent (&((Tls *)base)->bio);
}

/* One way: the peer's goodbye is not waited for (RFC 8446 6.1 does not ask for it). */
static void
tls_shutdown (DunlinTransport *base)
{
    Tls *self = (Tls *)base;

    if (self->broken || !SSL_is_init_finished (self->ssl))
        return;
    dunlin_tls_bio_begin (&self->bio);
    ERR_clear_error ();
    SSL_shutdown (self->ssl);
    ERR_clear_error ();
    dunlin_tls_bio_end (&self->bio);
}

static void
tls_free (DunlinTransport *base)
{
    Tls *self = (Tls *)base;

    /* A connection that just ended says nothing against its session, which OpenSSL would forget
     * then; after an alert it has done so. */
    SSL_set_shutdown (self->ssl, SSL_SENT_SHUTDOWN);
    SSL_free (self->ssl);
    g_free (self->refused);
    dunlin_tls_bio_clear (&self->bio);
    g_free (self);
}

static const DunlinTransportClass tls_class = {
    .handshake = tls_handshake,
    .read = tls_read,
    .write = tls_write,
    .pending = tls_pending,
    .unsent = tls_unsent,
    .shutdown = tls_shutdown,
    .free = tls_free,
};

static gboolean
is_a_signers (X509_STORE_CTX *check)
{
    return X509_STORE_CTX_get_error_depth (check) == 0 &&
           dunlin_tls_may_sign (X509_STORE_CTX_get_current_cert (check));
}

/* OpenSSL forgets a certificate that it refuses; the operator wants to know whose it was. */
static int
on_verified (int good, X509_STORE_CTX *check)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data (check, SSL_get_ex_data_X509_STORE_CTX_idx ());
    Tls *self = SSL_get_app_data (ssl);
    X509 *certificate = X509_STORE_CTX_get_current_cert (check);

    if (good && is_a_signers (check)) {
        X509_STORE_CTX_set_error (check, DUNLIN_TLS_SIGNER);
        good = 0;
    }
    if (!good && self->refused == NULL && certificate != NULL)
        self->refused = dunlin_tls_describe (certificate);
    return good;
}

static Tls *
tls_new (int fd, DunlinCredentials *credentials, gboolean is_server, DunlinPeer *peer)
{
    Tls *self = g_new0 (Tls, 1);
    BIO *bio;

    self->base.class = &tls_class;
    self->peer = peer;
    self->connecting = !is_server;
    dunlin_tls_bio_init (&self->bio, fd);
    self->ssl = dunlin_credentials_new_ssl (credentials, is_server);
    SSL_set_app_data (self->ssl, self);
    SSL_set_verify (self->ssl, SSL_get_verify_mode (self->ssl), on_verified);
    bio = dunlin_tls_bio_wrap (&self->bio);
    SSL_set_bio (self->ssl, bio, bio); /* takes it */
    return self;
}

DunlinTransport *
dunlin_tls_server_transport_new (int fd, DunlinCredentials *credentials, DunlinPeer *peer)
{
    return &tls_new (fd, credentials, TRUE, peer)->base;
}

static gboolean
is_address (const char *name)
{
    guint8 bytes[sizeof (struct in6_addr)];

    return inet_pton (AF_INET, name, bytes) == 1 || inet_pton (AF_INET6, name, bytes) == 1;
}

/* No addresses in SNI (RFC 6066 3); names only from the subject alternative names. An empty name
 * would turn OpenSSL's check off. */
static gboolean
expect (Tls *self, const char *name)
{
    if (name[0] == '\0')
        return FALSE;
    if (is_address (name))
        return X509_VERIFY_PARAM_set1_ip_asc (SSL_get0_param (self->ssl), name) == 1;
    SSL_set_hostflags (self->ssl,
                       X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return SSL_set1_host (self->ssl, name) == 1 && SSL_set_tlsext_host_name (self->ssl, name) == 1;
}

DunlinTransport *
dunlin_tls_client_transport_new (int fd, DunlinCredentials *credentials, const char *server_name,
                                 DunlinPeer *peer)
{
    Tls *self = tls_new (fd, credentials, FALSE, peer);

    if (server_name != NULL && !expect (self, server_name))
        g_set_error (&self->bio.lost, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "'%s' is no name that a server's certificate could have", server_name);
    return &self->base;
}
