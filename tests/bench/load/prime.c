/* What comes before the load: the context of TLS, and one call that is not measured. */
#include "bench/load/worker.h"

#include <openssl/err.h>
#include <poll.h>
#include <string.h>

#include "bench/load/connection.h"
#include "bench/load/sampler.h"

#define PATIENCE_MS 10000

static gboolean
openssl_error (GError **error, const char *what)
{
    char text[256];

    ERR_error_string_n (ERR_get_error (), text, sizeof text);
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", what, text);
    return FALSE;
}

static gboolean
load_files (SSL_CTX *context, const LoadOptions *options, GError **error)
{
    if (SSL_CTX_load_verify_locations (context, options->ca, NULL) != 1)
        return openssl_error (error, options->ca);
    if (SSL_CTX_use_certificate_chain_file (context, options->certificate) != 1)
        return openssl_error (error, options->certificate);
    if (SSL_CTX_use_PrivateKey_file (context, options->key, SSL_FILETYPE_PEM) != 1)
        return openssl_error (error, options->key);
    return TRUE;
}

SSL_CTX *
load_context_new (const LoadOptions *options, GError **error)
{
    int version = strcmp (options->tls, "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
    SSL_CTX *context = SSL_CTX_new (TLS_client_method ());

    SSL_CTX_set_min_proto_version (context, version);
    SSL_CTX_set_max_proto_version (context, version);
    SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode (context,
                                    SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    /* One suite for all: every peer has it. */
    SSL_CTX_set_ciphersuites (context, "TLS_AES_256_GCM_SHA384");
    SSL_CTX_set_cipher_list (context, "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE+AESGCM");
    if (load_files (context, options, error))
        return context;
    SSL_CTX_free (context);
    return NULL;
}

static LoadShared *primed;

static int
on_new_session (SSL *ssl, SSL_SESSION *session)
{
    SSL_SESSION_free (primed->session);
    primed->session = session;
    return 1;
}

static gboolean
failed (GError **error, const char *what)
{
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the first call: %s", what);
    return FALSE;
}

static void
wait_for (LoadConnection *connection, short events)
{
    struct pollfd wait = { .fd = connection->link.fd, .events = events };

    poll (&wait, 1, PATIENCE_MS);
}

/* Waits for one frame. Returns: %NULL with @error. */
static const guint8 *
wait_for_frame (LoadConnection *connection, gsize *n, GError **error)
{
    const guint8 *frame;
    gint64 end = load_now_ns () + PATIENCE_MS * G_GINT64_CONSTANT (1000000);

    while ((frame = load_connection_frame (connection, n)) == NULL) {
        LinkStatus status = link_receive (&connection->link);

        if (status == LINK_CLOSED || status == LINK_FAILED) {
            failed (error, "the server closed the connection");
            return NULL;
        }
        if (load_now_ns () > end) {
            failed (error, "it was not answered in time");
            return NULL;
        }
        if (status == LINK_AGAIN)
            wait_for (connection, POLLIN);
    }
    return frame;
}

static gboolean
handshake (LoadConnection *connection, GError **error)
{
    gint64 end = load_now_ns () + PATIENCE_MS * G_GINT64_CONSTANT (1000000);
    LinkStatus status;

    wait_for (connection, POLLOUT);
    while ((status = link_handshake (&connection->link)) == LINK_AGAIN) {
        if (load_now_ns () > end)
            return failed (error, "the handshake took too long");
        wait_for (connection, POLLIN);
    }
    return status == LINK_OK || openssl_error (error, "the first call: the handshake failed");
}

/* Sends @request and waits for a reply that says yes. */
static gboolean
exchange (LoadConnection *connection, LoadProtocol protocol, gboolean has_header,
          const GByteArray *request, GError **error)
{
    const guint8 *frame;
    gsize n;

    link_write (&connection->link, request->data, request->len);
    while (link_flush (&connection->link) == LINK_AGAIN)
        wait_for (connection, POLLOUT);
    frame = wait_for_frame (connection, &n, error);
    if (frame == NULL)
        return FALSE;
    if (!load_is_reply (protocol, has_header, frame, n))
        return failed (error, "the server refused it");
    link_bytes_consume (&connection->link.in, n + 4);
    return TRUE;
}

static gboolean
prime (LoadShared *shared, LoadConnection *connection, GError **error)
{
    LoadProtocol protocol = shared->options->protocol;
    g_autoptr (GByteArray) upgrade = load_upgrade (protocol);

    if (!load_connection_open (connection, shared->options->port, shared->context, NULL))
        return failed (error, "it cannot connect");
    if (!handshake (connection, error))
        return FALSE;
    if (upgrade != NULL && !exchange (connection, LOAD_FRAMED, FALSE, upgrade, error))
        return FALSE;
    return exchange (connection, protocol, TRUE, shared->messages.put, error);
}

gboolean
load_prime (LoadShared *shared, GError **error)
{
    gint64 slot = 0;
    LoadConnection connection = { .slots = 1, .begun = &slot };
    gboolean done;

    primed = shared;
    if (shared->context != NULL && shared->options->handshakes == LOAD_RESUMED_HANDSHAKES)
        SSL_CTX_sess_set_new_cb (shared->context, on_new_session);
    done = prime (shared, &connection, error);
    if (shared->context != NULL)
        SSL_CTX_sess_set_new_cb (shared->context, NULL);
    load_connection_close (&connection);
    return done;
}
