/* One SSL_CTX's settings; it serves both directions, each SSL says which it is. */
#include "net/credentials_policy.h"

#include "base/error.h"

#include <openssl/err.h>

/* The first that the caller has too is taken: AES-128 is the cheapest where the processor has
 * instructions for it; PRIORITIZE_CHACHA is for callers whose processor has none. */
#define CIPHERS                                                                                    \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"                                   \
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"                                   \
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
#define CIPHERSUITES "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS       "X25519:P-256:P-384"

/* Whatever list is set: no TLS without a certificate, none without encryption. */
#define NEVER_CIPHERS ":!aNULL:!eNULL"

/* A machine's openssl.cnf may have turned them on. */
#define NEVER_OPTIONS                                                                              \
    (SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_ALLOW_CLIENT_RENEGOTIATION |                            \
     SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION | SSL_OP_LEGACY_SERVER_CONNECT)

/* A chain of a leaf, two between and the CA is long; what a peer sends for one is bounded. */
#define MAX_DEPTH       3
#define MAX_CHAIN_BYTES (32 * 1024)

#define RESUMPTION_SECONDS 3600

/* With a caller's certificate a session takes some KiB. */
#define MAX_SESSIONS 4096

static gboolean
set_ciphers (SSL_CTX *context, const DunlinTlsConfig *config, GError **error)
{
    const char *ciphers = config->ciphers != NULL ? config->ciphers : CIPHERS;
    const char *suites = config->ciphersuites != NULL ? config->ciphersuites : CIPHERSUITES;
    g_autofree char *safe = g_strconcat (ciphers, NEVER_CIPHERS, NULL);

    if (SSL_CTX_set_cipher_list (context, safe) != 1)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "tls.ciphers: OpenSSL knows no usable cipher in '%s': see `openssl ciphers`",
                     ciphers);
    else if (SSL_CTX_set_ciphersuites (context, suites) != 1)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "tls.ciphersuites: OpenSSL does not take '%s': names such as "
                     "TLS_AES_128_GCM_SHA256, with colons between",
                     suites);
    else
        return TRUE;
    return FALSE;
}

static gboolean
set_versions (SSL_CTX *context, const char *oldest, GError **error)
{
    int version = 0;

    if (g_strcmp0 (oldest, "1.2") == 0)
        version = TLS1_2_VERSION;
    else if (g_strcmp0 (oldest, "1.3") == 0)
        version = TLS1_3_VERSION;
    if (version != 0 && SSL_CTX_set_min_proto_version (context, version) == 1 &&
        SSL_CTX_set_max_proto_version (context, 0) == 1)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "tls.min-version: '%s' is neither 1.2 nor 1.3; what is older is not safe",
                 oldest != NULL ? oldest : "");
    return FALSE;
}

/* Sessions stay here, and the caller gets a name for its own. A ticket that holds a session has to
 * be written and read as ASN.1 with the caller's certificate in it, at a multiple of the price. */
static void
set_resumption (SSL_CTX *context, gboolean on)
{
    SSL_CTX_set_session_cache_mode (context, on ? SSL_SESS_CACHE_SERVER : SSL_SESS_CACHE_OFF);
    SSL_CTX_sess_set_cache_size (context, MAX_SESSIONS);
    SSL_CTX_set_timeout (context, RESUMPTION_SECONDS);
    SSL_CTX_set_num_tickets (context, on ? 1 : 0);
    SSL_CTX_set_options (context, SSL_OP_NO_TICKET);
}

SSL_CTX *
dunlin_tls_policy_new (const DunlinTlsConfig *config, GError **error)
{
    SSL_CTX *context = SSL_CTX_new (TLS_method ());

    SSL_CTX_set_security_level (context, 2); /* keys of P-256 or RSA 2048 at least */
    SSL_CTX_clear_options (context, NEVER_OPTIONS);
    SSL_CTX_set_options (context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                      SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode (context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    /* The transport counts records without data itself. */
    SSL_CTX_clear_mode (context, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_verify_depth (context, MAX_DEPTH);
    SSL_CTX_set_max_cert_list (context, MAX_CHAIN_BYTES);
    SSL_CTX_set1_groups_list (context, GROUPS);
    set_resumption (context, config->resumption);
    if (set_versions (context, config->min_version, error) && set_ciphers (context, config, error))
        return context;
    ERR_clear_error ();
    SSL_CTX_free (context);
    return NULL;
}

void
dunlin_tls_policy_set_session_id (SSL_CTX *context, const guint8 *digest, gsize length)
{
    SSL_CTX_set_session_id_context (context, digest,
                                    (unsigned)MIN (length, SSL_MAX_SID_CTX_LENGTH));
}
