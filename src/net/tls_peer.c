/* Reading a verified certificate. */
#include "net/tls_peer.h"

#include "base/clock.h"
#include "base/error.h"

#include <openssl/x509v3.h>
#include <time.h>

/* Longer than any name; SPIFFE allows 2048 bytes. */
#define MAX_NAME 2048

/* A line feed or a zero byte within would make it another name for whoever reads it. */
static char *
clean_text (const void *data, int length)
{
    g_autofree char *text = NULL;

    if (length <= 0 || length > MAX_NAME || !g_utf8_validate_len (data, (gsize)length, NULL))
        return NULL;
    text = g_strndup (data, (gsize)length);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
        if (g_unichar_iscntrl (g_utf8_get_char (at)))
            return NULL;
    return g_steal_pointer (&text);
}

/* Returns: the first name of @type (GEN_URI, GEN_DNS), or NULL; @n: how many there are. */
static char *
alternative_name (const GENERAL_NAMES *names, int type, guint *n)
{
    char *first = NULL;

    *n = 0;
    for (int i = 0; i < sk_GENERAL_NAME_num (names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value (names, i);

        if (name->type == type && (*n)++ == 0)
            first =
                clean_text (ASN1_STRING_get0_data (name->d.ia5), ASN1_STRING_length (name->d.ia5));
    }
    return first;
}

static char *
common_name (X509 *certificate)
{
    X509_NAME *subject = X509_get_subject_name (certificate);
    int at = X509_NAME_get_index_by_NID (subject, NID_commonName, -1);
    unsigned char *utf8 = NULL;
    char *name;
    int length;

    if (at < 0)
        return NULL;
    length =
        ASN1_STRING_to_UTF8 (&utf8, X509_NAME_ENTRY_get_data (X509_NAME_get_entry (subject, at)));
    name = clean_text (utf8, length);
    OPENSSL_free (utf8);
    return name;
}

/* Takes @identity. */
static void
set_identity (DunlinPeer *peer, const char *kind, char *identity)
{
    peer->identity = identity;
    peer->identity_kind = identity != NULL ? kind : NULL;
}

/* Several URIs would be several callers (X509-SVID 2): it is none of them then. */
static void
identify (DunlinPeer *peer, X509 *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);
    guint n_uris;
    guint n_hosts;
    g_autofree char *uri = alternative_name (names, GEN_URI, &n_uris);
    g_autofree char *host = alternative_name (names, GEN_DNS, &n_hosts);

    if (n_uris == 1)
        set_identity (peer, "uri", g_steal_pointer (&uri));
    else if (n_uris == 0 && n_hosts > 0)
        set_identity (peer, "dns", g_steal_pointer (&host));
    else if (n_uris == 0)
        set_identity (peer, "cn", common_name (certificate));
    GENERAL_NAMES_free (names);
}

static char *
subject_text (X509 *certificate)
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

static gint64
seconds_of (const ASN1_TIME *time)
{
    struct tm parts;

    return ASN1_TIME_to_tm (time, &parts) == 1 ? timegm (&parts) : 0;
}

static char *
date_text (const ASN1_TIME *time)
{
    g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds_of (time));

    return date != NULL ? g_date_time_format (date, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("?");
}

char *
dunlin_tls_describe (X509 *certificate)
{
    g_autofree char *subject = subject_text (certificate);
    g_autofree char *serial = serial_text (certificate);
    g_autofree char *begin = date_text (X509_get0_notBefore (certificate));
    g_autofree char *end = date_text (X509_get0_notAfter (certificate));

    return g_strdup_printf ("%s, serial %s, valid from %s to %s", subject, serial, begin, end);
}

gboolean
dunlin_tls_may_sign (X509 *certificate)
{
    guint32 usage = X509_get_key_usage (certificate); /* all bits: no such extension */

    if (X509_check_ca (certificate) != 0)
        return TRUE;
    return usage != G_MAXUINT32 && (usage & (KU_KEY_CERT_SIGN | KU_CRL_SIGN)) != 0;
}

/* A session that is resumed was verified when it began. */
static gboolean
is_still_valid (const DunlinPeer *peer, GError **error)
{
    if (peer->not_after > dunlin_clock_wall_ns () / 1000000000)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_DENIED,
                 "the peer's certificate (%s, serial %s) has expired since its session began: the "
                 "peer needs a new one",
                 peer->subject, peer->serial);
    return FALSE;
}

gboolean
dunlin_tls_peer_complete (DunlinPeer *peer, SSL *ssl, GError **error)
{
    X509 *certificate = SSL_get0_peer_certificate (ssl);

    peer->tls_version = SSL_get_version (ssl);
    peer->tls_cipher = SSL_get_cipher_name (ssl);
    if (certificate == NULL)
        return TRUE;
    identify (peer, certificate);
    peer->subject = subject_text (certificate);
    peer->serial = serial_text (certificate);
    peer->not_after = seconds_of (X509_get0_notAfter (certificate));
    return is_still_valid (peer, error);
}
