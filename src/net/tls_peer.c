/* Reading a verified certificate. */
#include "net/tls_peer.h"

#include "base/error.h"

#include <openssl/x509v3.h>
#include <string.h>

static char *
text_of (const ASN1_STRING *string)
{
    const char *data = (const char *)ASN1_STRING_get0_data (string);
    gsize length = (gsize)ASN1_STRING_length (string);

    if (length == 0 || memchr (data, '\0', length) != NULL ||
        !g_utf8_validate_len (data, length, NULL))
        return NULL;
    return g_strndup (data, length);
}

/* Returns: the first name of @type (GEN_URI, GEN_DNS), or NULL. */
static char *
alternative_name (const GENERAL_NAMES *names, int type)
{
    for (int i = 0; i < sk_GENERAL_NAME_num (names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value (names, i);
        char *text = NULL;

        if (name->type == type)
            text = text_of (type == GEN_URI ? name->d.uniformResourceIdentifier : name->d.dNSName);
        if (text != NULL)
            return text;
    }
    return NULL;
}

static char *
common_name (X509 *certificate)
{
    X509_NAME *subject = X509_get_subject_name (certificate);
    int at = X509_NAME_get_index_by_NID (subject, NID_commonName, -1);
    unsigned char *utf8 = NULL;
    char *name = NULL;
    int length;

    if (at < 0)
        return NULL;
    length =
        ASN1_STRING_to_UTF8 (&utf8, X509_NAME_ENTRY_get_data (X509_NAME_get_entry (subject, at)));
    if (length > 0 && memchr (utf8, '\0', (gsize)length) == NULL)
        name = g_strndup ((const char *)utf8, (gsize)length);
    OPENSSL_free (utf8);
    return name;
}

static void
set_identity (DunlinPeer *peer, X509 *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);

    peer->identity = alternative_name (names, GEN_URI);
    peer->identity_kind = "uri";
    if (peer->identity == NULL) {
        peer->identity = alternative_name (names, GEN_DNS);
        peer->identity_kind = "dns";
    }
    if (peer->identity == NULL) {
        peer->identity = common_name (certificate);
        peer->identity_kind = "cn";
    }
    if (peer->identity == NULL)
        peer->identity_kind = NULL;
    GENERAL_NAMES_free (names);
}

char *
dunlin_tls_subject (X509 *certificate)
{
    BIO *bio = BIO_new (BIO_s_mem ());
    char *data = NULL;
    char *text;
    long length;

    X509_NAME_print_ex (bio, X509_get_subject_name (certificate), 0, XN_FLAG_RFC2253);
    length = BIO_get_mem_data (bio, &data);
    text = g_strndup (data, (gsize)length);
    BIO_free (bio);
    return text;
}

static char *
serial_text (X509 *certificate)
{
    BIGNUM *number = ASN1_INTEGER_to_BN (X509_get0_serialNumber (certificate), NULL);
    char *hex = BN_bn2hex (number);
    char *text = g_strdup (hex);

    OPENSSL_free (hex);
    BN_free (number);
    return text;
}

gboolean
dunlin_tls_peer_complete (DunlinPeer *peer, SSL *ssl, GError **error)
{
    X509 *certificate = SSL_get0_peer_certificate (ssl);
    struct tm end;

    peer->tls_version = SSL_get_version (ssl);
    peer->tls_cipher = SSL_get_cipher_name (ssl);
    if (certificate == NULL)
        return TRUE;
    set_identity (peer, certificate);
    peer->subject = dunlin_tls_subject (certificate);
    peer->serial = serial_text (certificate);
    if (ASN1_TIME_to_tm (X509_get0_notAfter (certificate), &end) == 1)
        peer->not_after = timegm (&end);
    if ((X509_get_extension_flags (certificate) & EXFLAG_CA) == 0)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_DENIED,
                 "the certificate of '%s' is a CA's: a peer needs one of its own", peer->subject);
    return FALSE;
}
