/* One cipher for all servers, so that they can be compared. */
#include "bench/load/tls.h"

#include <gio/gio.h>
#include <openssl/err.h>
#include <string.h>

static gboolean
openssl_error (GError **error, const char *what)
{
    const char *reason = ERR_reason_error_string (ERR_peek_last_error ());

    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", what,
                 reason != NULL ? reason : "it cannot be read");
    ERR_clear_error ();
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

/* A ticket may be good for one time only: the newest is kept. */
static int
on_new_session (SSL *ssl, SSL_SESSION *session)
{
    SSL_SESSION **newest = SSL_get_app_data (ssl);

    SSL_SESSION_free (*newest);
    *newest = session;
    return 1;
}

SSL_CTX *
load_context_new (const LoadOptions *options, GError **error)
{
    int version = strcmp (options->tls, "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
    SSL_CTX *context = SSL_CTX_new (TLS_client_method ());

    SSL_CTX_set_min_proto_version (context, version);
    SSL_CTX_set_max_proto_version (context, version);
    SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_session_cache_mode (context,
                                    SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    if (options->handshakes == LOAD_RESUMED_HANDSHAKES)
        SSL_CTX_sess_set_new_cb (context, on_new_session);
    SSL_CTX_set_ciphersuites (context, "TLS_AES_256_GCM_SHA384");
    SSL_CTX_set_cipher_list (context, "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE+AESGCM");
    if (load_files (context, options, error))
        return context;
    SSL_CTX_free (context);
    return NULL;
}
