/* Sets of files: each is loaded and checked whole, and only then takes the place of the last. */
#define G_LOG_DOMAIN "dunlin-tls"
#include "net/credentials.h"

#include "base/error.h"
#include "base/log.h"
#include "net/credentials_files.h"
#include "net/credentials_policy.h"
#include "net/tls_peer.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

enum { CERTIFICATE, KEY, CA, CRL, N_FILES };

/* What tells a file from the one that was there before; the change time tells even of the chmod
 * that mends a refused key. */
typedef struct {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified;
    struct timespec changed;
} Stamp;

/* One consistent set of files, as loaded. */
typedef struct {
    SSL_CTX *context; /* owned */
    gboolean may_act_as_client;
    gint64 not_after;
    gint64 crl_next_update;
} Set;

struct DunlinCredentials {
    gatomicrefcount refs;
    char *paths[N_FILES];   /* owned, nullable */
    DunlinTlsConfig config; /* its texts are owned */
    Stamp stamps[N_FILES];  /* of the last try to load */
    pthread_mutex_t lock;   /* guards the fields below */
    Set set;
    guint generation;
};

static void
set_clear (Set *set)
{
    SSL_CTX_free (set->context);
    *set = (Set){ 0 };
}

static void
free_certificates (STACK_OF (X509) * all)
{
    sk_X509_pop_free (all, X509_free);
}

static gboolean fail (GError **error, const char *path, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
fail (GError **error, const char *path, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    ERR_clear_error ();
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "%s: %s", path, text);
    return FALSE;
}

static const char *
last_reason (void)
{
    const char *text = ERR_reason_error_string (ERR_peek_last_error ());

    return text != NULL ? text : "OpenSSL does not say why";
}

static gboolean
load_ca (DunlinCredentials *self, Set *set, GError **error)
{
    X509_STORE *store = SSL_CTX_get_cert_store (set->context);
    STACK_OF (X509) *all = dunlin_read_certificates (self->paths[CA], error);

    if (all == NULL)
        return FALSE;
    for (int i = 0; i < sk_X509_num (all); i++) {
        X509_STORE_add_cert (store, sk_X509_value (all, i));
        /* Shown to callers, so that they can choose among their certificates. */
        SSL_CTX_add_client_CA (set->context, sk_X509_value (all, i));
    }
    free_certificates (all);
    return TRUE;
}

static gint64
earliest (gint64 a, gint64 b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

static gboolean
load_crl (DunlinCredentials *self, Set *set, GError **error)
{
    X509_STORE *store = SSL_CTX_get_cert_store (set->context);
    STACK_OF (X509_CRL) * all;

    if (self->paths[CRL] == NULL)
        return TRUE;
    all = dunlin_read_crls (self->paths[CRL], error);
    if (all == NULL)
        return FALSE;
    for (int i = 0; i < sk_X509_CRL_num (all); i++) {
        X509_CRL *crl = sk_X509_CRL_value (all, i);

        X509_STORE_add_crl (store, crl);
        set->crl_next_update =
            earliest (set->crl_next_update, dunlin_asn1_time (X509_CRL_get0_nextUpdate (crl)));
    }
    sk_X509_CRL_pop_free (all, X509_CRL_free);
    X509_STORE_set_flags (store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    return TRUE;
}

/* All that can be told of a certificate whose CA is not known here. */
static gboolean
check_time (DunlinCredentials *self, X509 *leaf, GError **error)
{
    if (X509_cmp_current_time (X509_get0_notAfter (leaf)) < 0)
        return fail (error, self->paths[CERTIFICATE], "the certificate has expired");
    if (X509_cmp_current_time (X509_get0_notBefore (leaf)) > 0)
        return fail (error, self->paths[CERTIFICATE],
                     "the certificate is not valid yet: is a clock wrong?");
    return TRUE;
}

/* Whoever checks us has the same CA in our world: what does not verify here does not there. */
static gboolean
verify_own (DunlinCredentials *self, Set *set, STACK_OF (X509) * chain, GError **error)
{
    X509_STORE_CTX *check = X509_STORE_CTX_new ();
    gboolean good;
    int code;

    X509_STORE_CTX_init (check, SSL_CTX_get_cert_store (set->context), sk_X509_value (chain, 0),
                         chain);
    good = X509_verify_cert (check) == 1;
    code = X509_STORE_CTX_get_error (check);
    X509_STORE_CTX_free (check);
    if (good)
        return TRUE;
    return fail (error, self->paths[CERTIFICATE],
                 "the certificate does not verify against tls.ca: %s. The file must hold the "
                 "certificate first, then those between it and the CA",
                 X509_verify_cert_error_string (code));
}

static gboolean
use_certificate (DunlinCredentials *self, Set *set, STACK_OF (X509) * chain, GError **error)
{
    X509 *leaf = sk_X509_value (chain, 0);

    if (dunlin_tls_may_sign (leaf))
        return fail (error, self->paths[CERTIFICATE],
                     "it is a CA's certificate, or may sign as one: peers refuse that. Let the CA "
                     "sign one of its own for this service, which comes first in the file");
    if (SSL_CTX_use_certificate (set->context, leaf) != 1)
        return fail (error, self->paths[CERTIFICATE], "the certificate is not taken: %s",
                     last_reason ());
    for (int i = 1; i < sk_X509_num (chain); i++)
        SSL_CTX_add1_chain_cert (set->context, sk_X509_value (chain, i));
    set->not_after = dunlin_asn1_time (X509_get0_notAfter (leaf));
    set->may_act_as_client = X509_check_purpose (leaf, X509_PURPOSE_SSL_CLIENT, 0) == 1;
    return TRUE;
}

static gboolean
use_key (DunlinCredentials *self, Set *set, GError **error)
{
    EVP_PKEY *key = dunlin_read_key (self->paths[KEY], error);
    gboolean fits;

    if (key == NULL)
        return FALSE;
    fits = SSL_CTX_use_PrivateKey (set->context, key) == 1 &&
           SSL_CTX_check_private_key (set->context) == 1;
    EVP_PKEY_free (key);
    return fits || fail (error, self->paths[KEY], "not the key of the certificate in %s",
                         self->paths[CERTIFICATE]);
}

static gboolean
load_own (DunlinCredentials *self, Set *set, GError **error)
{
    STACK_OF (X509) *chain = dunlin_read_certificates (self->paths[CERTIFICATE], error);
    gboolean good;

    if (chain == NULL)
        return FALSE;
    good = use_certificate (self, set, chain, error) && use_key (self, set, error) &&
           (self->config.foreign_ca ? check_time (self, sk_X509_value (chain, 0), error)
                                    : verify_own (self, set, chain, error));
    free_certificates (chain);
    return good;
}

/* Made of all that decides who may come in: a session of another set is not resumed. */
static void
set_session_id (DunlinCredentials *self, Set *set)
{
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    X509_STORE *store = SSL_CTX_get_cert_store (set->context);
    STACK_OF (X509_OBJECT) *all = X509_STORE_get0_objects (store);
    guint8 digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    gsize size = sizeof digest;

    X509_digest (SSL_CTX_get0_certificate (set->context), EVP_sha256 (), digest, &length);
    g_checksum_update (sum, digest, length);
    for (int i = 0; i < sk_X509_OBJECT_num (all); i++) {
        X509_OBJECT *object = sk_X509_OBJECT_value (all, i);

        if (X509_OBJECT_get_type (object) == X509_LU_X509)
            X509_digest (X509_OBJECT_get0_X509 (object), EVP_sha256 (), digest, &length);
        else
            X509_CRL_digest (X509_OBJECT_get0_X509_CRL (object), EVP_sha256 (), digest, &length);
        g_checksum_update (sum, digest, length);
    }
    g_checksum_update (sum, (const guchar *)&self->generation, sizeof self->generation);
    g_checksum_get_digest (sum, digest, &size);
    dunlin_tls_policy_set_session_id (set->context, digest, size);
}

static gboolean
load_set (DunlinCredentials *self, Set *set, GError **error)
{
    set->context = dunlin_tls_policy_new (&self->config, error);
    return set->context != NULL && load_ca (self, set, error) && load_crl (self, set, error) &&
           load_own (self, set, error);
}

static Stamp
stamp_of (const char *path)
{
    struct stat info;

    if (path == NULL || stat (path, &info) != 0)
        return (Stamp){ 0 };
    return (Stamp){ info.st_dev, info.st_ino, info.st_size, info.st_mtim, info.st_ctim };
}

static gboolean
same_time (struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static gboolean
same_stamp (Stamp a, Stamp b)
{
    return a.device == b.device && a.inode == b.inode && a.size == b.size &&
           same_time (a.modified, b.modified) && same_time (a.changed, b.changed);
}

static void
warn_of_names (DunlinCredentials *self, Set *set)
{
    X509 *leaf = SSL_CTX_get0_certificate (set->context);

    if (X509_get_ext_by_NID (leaf, NID_subject_alt_name, -1) < 0)
        dunlin_log_warning ("%s: the certificate has no subject alternative name: clients that "
                            "check the host's name will refuse it",
                            self->paths[CERTIFICATE]);
}

gboolean
dunlin_credentials_reload (DunlinCredentials *self, GError **error)
{
    Set set = { 0 };
    Set old;

    /* Before reading: a file that changes in between differs from its stamp later. */
    for (int i = 0; i < N_FILES; i++)
        self->stamps[i] = stamp_of (self->paths[i]);
    if (!load_set (self, &set, error)) {
        set_clear (&set);
        return FALSE;
    }
    set_session_id (self, &set);
    warn_of_names (self, &set);
    pthread_mutex_lock (&self->lock);
    old = self->set;
    self->set = set;
    self->generation++;
    pthread_mutex_unlock (&self->lock);
    set_clear (&old);
    return TRUE;
}

DunlinCredentials *
dunlin_credentials_new (const DunlinTlsConfig *config, GError **error)
{
    g_autoptr (DunlinCredentials) self = g_new0 (DunlinCredentials, 1);

    g_atomic_ref_count_init (&self->refs);
    pthread_mutex_init (&self->lock, NULL);
    self->config = *config;
    self->config.min_version = g_strdup (config->min_version);
    self->config.ciphers = g_strdup (config->ciphers);
    self->config.ciphersuites = g_strdup (config->ciphersuites);
    self->paths[CERTIFICATE] = g_strdup (config->certificate);
    self->paths[KEY] = g_strdup (config->key);
    self->paths[CA] = g_strdup (config->ca);
    self->paths[CRL] = g_strdup (config->crl);
    return dunlin_credentials_reload (self, error) ? g_steal_pointer (&self) : NULL;
}

DunlinCredentials *
dunlin_credentials_ref (DunlinCredentials *self)
{
    g_atomic_ref_count_inc (&self->refs);
    return self;
}

void
dunlin_credentials_unref (DunlinCredentials *self)
{
    if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
        return;
    set_clear (&self->set);
    pthread_mutex_destroy (&self->lock);
    for (int i = 0; i < N_FILES; i++)
        g_free (self->paths[i]);
    g_free ((char *)self->config.min_version);
    g_free ((char *)self->config.ciphers);
    g_free ((char *)self->config.ciphersuites);
    g_free (self);
}

gboolean
dunlin_credentials_have_changed (DunlinCredentials *self)
{
    for (int i = 0; i < N_FILES; i++)
        if (!same_stamp (self->stamps[i], stamp_of (self->paths[i])))
            return TRUE;
    return FALSE;
}

gboolean
dunlin_credentials_may_act_as_client (DunlinCredentials *self)
{
    gboolean may;

    pthread_mutex_lock (&self->lock);
    may = self->set.may_act_as_client;
    pthread_mutex_unlock (&self->lock);
    return may;
}

gint64
dunlin_credentials_not_after (DunlinCredentials *self)
{
    gint64 when;

    pthread_mutex_lock (&self->lock);
    when = self->set.not_after;
    pthread_mutex_unlock (&self->lock);
    return when;
}

gint64
dunlin_credentials_crl_next_update (DunlinCredentials *self)
{
    gint64 when;

    pthread_mutex_lock (&self->lock);
    when = self->set.crl_next_update;
    pthread_mutex_unlock (&self->lock);
    return when;
}

guint
dunlin_credentials_generation (DunlinCredentials *self)
{
    guint generation;

    pthread_mutex_lock (&self->lock);
    generation = self->generation;
    pthread_mutex_unlock (&self->lock);
    return generation;
}

SSL *
dunlin_credentials_new_ssl (DunlinCredentials *self, gboolean is_server)
{
    int verify = SSL_VERIFY_PEER;
    SSL *ssl;

    if (is_server)
        verify = self->config.require_client_certificate
                     ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
                     : SSL_VERIFY_NONE;
    pthread_mutex_lock (&self->lock);
    ssl = SSL_new (self->set.context); /* holds a reference of its own */
    pthread_mutex_unlock (&self->lock);
    SSL_set_verify (ssl, verify, NULL);
    if (is_server)
        SSL_set_accept_state (ssl);
    else
        SSL_set_connect_state (ssl);
    return ssl;
}
