/* From OpenSSL's codes and the peer's first bytes to a sentence. */
#include "net/tls_reason.h"

#include "base/error.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

/* What speaks first without TLS; the port is one that wants it. */
typedef struct {
    const char *bytes;
    gsize length;
    const char *who;
} Plain;

static const Plain plain[] = {
    { "GET ", 4, "an HTTP request" },
    { "POST", 4, "an HTTP request" },
    { "HEAD", 4, "an HTTP request" },
    { "PUT ", 4, "an HTTP request" },
    { "OPTI", 4, "an HTTP request" },
    { "DELE", 4, "an HTTP request" },
    { "PRI ", 4, "HTTP/2" },
    { "SSH-", 4, "an SSH client" },
    { "PROX", 4, "a PROXY header (a load balancer's setting)" },
    { "\r\n\r\n", 4, "a PROXY header (a load balancer's setting)" },
    { "\x80\x01", 2, "buffered Thrift" },
    { "\x82", 1, "buffered Thrift (compact)" },
    { "\x00", 1, "framed Thrift or ThriftMux" },
};

#define TLS_HANDSHAKE_RECORD 0x16
#define TLS_ALERT_RECORD     0x15

static const char *
who_speaks_plainly (const DunlinTlsBio *bio)
{
    if (bio->n_first == 0 || bio->first[0] == TLS_HANDSHAKE_RECORD ||
        bio->first[0] == TLS_ALERT_RECORD)
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
        if (bio->n_first >= plain[i].length &&
            memcmp (bio->first, plain[i].bytes, plain[i].length) == 0)
            return plain[i].who;
    return "something else";
}

/* The remedy that goes with a verification's result, X509_V_ERR_*. */
static const char *
remedy (long result)
{
    switch (result) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "it comes from no CA in tls.ca, or those between are missing";
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "the peer needs a new one";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "is a clock wrong?";
    case X509_V_ERR_CERT_REVOKED:
        return "tls.crl names it";
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_UNABLE_TO_GET_CRL:
        return "every caller is refused until tls.crl has a present list of this CA";
    case X509_V_ERR_INVALID_PURPOSE:
        return "its extended key usage is not meant for this side";
    case DUNLIN_TLS_SIGNER:
        return "it may sign others, as a CA does: a peer needs one of its own that may not";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "it is not for the name or address that was called";
    default:
        return "see the certificate";
    }
}

static void
explain_certificate (long result, const char *refused, GError **error)
{
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_DENIED,
                 "the peer's certificate (%s) was refused: %s: %s",
                 refused != NULL ? refused : "no subject", X509_verify_cert_error_string (result),
                 remedy (result));
}

/* SSL_R_*_ALERT_*: the code is the alert's number after an offset (openssl/sslerr.h). */
static gboolean
is_alert (int reason)
{
    return reason >= SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256;
}

static void
explain_alert (int reason, GError **error)
{
    int alert = reason - SSL_AD_REASON_OFFSET;
    const char *name = SSL_alert_desc_string_long (alert);

    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_DENIED,
                 "the peer ended TLS with the alert '%s': %s", name,
                 alert == SSL_AD_UNKNOWN_CA || alert == SSL_AD_BAD_CERTIFICATE ||
                         alert == SSL_AD_CERTIFICATE_UNKNOWN
                     ? "it does not trust our certificate's CA"
                     : "its log should say why");
}

static const char *
cause (int reason)
{
    switch (reason) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
        return "the peer showed no certificate: it needs one of a CA in tls.ca";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
        return "the peer's TLS version is older than tls.min-version";
    case SSL_R_NO_SHARED_CIPHER:
        return "no cipher in common: see tls.ciphers";
    case SSL_R_EXCESSIVE_MESSAGE_SIZE:
        return "the peer's certificates are larger than 32 KiB";
    default:
        return NULL;
    }
}

void
dunlin_tls_explain (SSL *ssl, const DunlinTlsBio *bio, const char *refused, GError **error)
{
    unsigned long code = ERR_peek_last_error ();
    int reason = ERR_GET_REASON (code);
    long result = SSL_get_verify_result (ssl);
    const char *who = who_speaks_plainly (bio);

    if (who != NULL && SSL_is_server (ssl))
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "%s without TLS on a TLS port: the caller must use TLS, or this service "
                     "tls.mode=off",
                     who);
    else if (who != NULL)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "the server does not speak TLS: is the port the right one?");
    else if (is_alert (reason))
        explain_alert (reason, error);
    else if (result != X509_V_OK)
        explain_certificate (result, refused, error);
    else if (cause (reason) != NULL)
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_DENIED, cause (reason));
    else
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "TLS failed: %s",
                     code != 0 ? ERR_reason_error_string (code) : "no reason given");
    ERR_clear_error ();
}
