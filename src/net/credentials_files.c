/* PEM files, read through OpenSSL from memory. */
#include "net/credentials_files.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A CA bundle of a large enterprise has some hundred certificates of 2 KiB. */
#define MAX_FILE (4 * 1024 * 1024)

static gboolean
fail (GError **error, const char *path, const char *what)
{
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "%s: %s", path, what);
    return FALSE;
}

/* A key that somebody else can read is not ours alone: root's key for our group is the one way to
 * share it with the process that serves. */
static gboolean
check_key_file (const char *path, const struct stat *info, GError **error)
{
    gboolean for_group = info->st_uid == 0 && (info->st_mode & 077) == 040;

    if (info->st_uid != 0 && info->st_uid != geteuid ())
        return fail (error, path,
                     "the key belongs to another user: it must be root's or this process's");
    if ((info->st_mode & 077) == 0 || for_group)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "%s: the key's mode is %04o, others may read it: chmod 600 it (root's key may "
                 "have 640)",
                 path, info->st_mode & 07777);
    return FALSE;
}

static gboolean
read_all (int fd, const char *path, GString *text, GError **error)
{
    char chunk[4096];
    gssize n;

    while ((n = read (fd, chunk, sizeof chunk)) > 0) {
        g_string_append_len (text, chunk, n);
        if (text->len > MAX_FILE)
            return fail (error, path, "larger than 4 MiB: that is no file of PEM blocks");
    }
    explicit_bzero (chunk, sizeof chunk);
    return n == 0 || fail (error, path, g_strerror (errno));
}

/* The file's text in a BIO of its own. */
static BIO *
open_pem (const char *path, gboolean is_key, GError **error)
{
    GString *text = g_string_new (NULL);
    struct stat info;
    BIO *bio = NULL;
    int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    ERR_clear_error ();
    if (fd < 0 || fstat (fd, &info) != 0)
        fail (error, path, g_strerror (errno));
    else if (!S_ISREG (info.st_mode))
        fail (error, path, "not a file");
    else if ((!is_key || check_key_file (path, &info, error)) && read_all (fd, path, text, error)) {
        bio = BIO_new (BIO_s_mem ());
        BIO_write (bio, text->str, (int)text->len);
    }
    if (fd >= 0)
        close (fd);
    explicit_bzero (text->str, text->len);
    g_string_free (text, TRUE);
    return bio;
}

/* Keys with a password have nobody here who could type it. */
static int
no_password (char *buffer, int size, int writing, void *data)
{
    return -1;
}

EVP_PKEY *
dunlin_read_key (const char *path, GError **error)
{
    BIO *bio = open_pem (path, TRUE, error);
    EVP_PKEY *key;

    if (bio == NULL)
        return NULL;
    key = PEM_read_bio_PrivateKey (bio, NULL, no_password, NULL);
    BIO_free (bio);
    if (key == NULL)
        fail (error, path,
              "no private key in PEM without a password: it should begin with "
              "-----BEGIN PRIVATE KEY-----");
    ERR_clear_error ();
    return key;
}

/* Whether reading ended at the file's end, not at a block that is broken. */
static gboolean
was_last_block (void)
{
    unsigned long code = ERR_peek_last_error ();

    return ERR_GET_LIB (code) == ERR_LIB_PEM && ERR_GET_REASON (code) == PEM_R_NO_START_LINE;
}

STACK_OF (X509) * dunlin_read_certificates (const char *path, GError **error)
{
    STACK_OF (X509) * all;
    X509 *one;
    BIO *bio = open_pem (path, FALSE, error);

    if (bio == NULL)
        return NULL;
    all = sk_X509_new_null ();
    while ((one = PEM_read_bio_X509 (bio, NULL, no_password, NULL)) != NULL)
        sk_X509_push (all, one);
    BIO_free (bio);
    if (!was_last_block ())
        fail (error, path, "a certificate in it is broken");
    else if (sk_X509_num (all) == 0)
        fail (error, path,
              "no certificate in PEM: it should begin with -----BEGIN CERTIFICATE-----");
    else
        return all;
    ERR_clear_error ();
    sk_X509_pop_free (all, X509_free);
    return NULL;
}

static gboolean
are_current (const STACK_OF (X509_CRL) * all, const char *path, GError **error)
{
    for (int i = 0; i < sk_X509_CRL_num (all); i++) {
        const ASN1_TIME *due = X509_CRL_get0_nextUpdate (sk_X509_CRL_value (all, i));

        if (due != NULL && X509_cmp_current_time (due) < 0)
            return fail (error, path,
                         "a revocation list in it is out of date, with it every caller would be "
                         "refused: fetch the CA's present one");
    }
    return TRUE;
}

STACK_OF (X509_CRL) * dunlin_read_crls (const char *path, GError **error)
{
    STACK_OF (X509_CRL) * all;
    X509_CRL *one;
    BIO *bio = open_pem (path, FALSE, error);

    if (bio == NULL)
        return NULL;
    all = sk_X509_CRL_new_null ();
    while ((one = PEM_read_bio_X509_CRL (bio, NULL, no_password, NULL)) != NULL)
        sk_X509_CRL_push (all, one);
    BIO_free (bio);
    if (!was_last_block ())
        fail (error, path, "a revocation list in it is broken");
    else if (sk_X509_CRL_num (all) == 0)
        fail (error, path,
              "no revocation list in PEM: it should begin with -----BEGIN X509 CRL-----");
    else if (are_current (all, path, error))
        return all;
    ERR_clear_error ();
    sk_X509_CRL_pop_free (all, X509_CRL_free);
    return NULL;
}

gint64
dunlin_asn1_time (const ASN1_TIME *time)
{
    struct tm parts;

    if (time == NULL || ASN1_TIME_to_tm (time, &parts) != 1)
        return 0;
    return timegm (&parts);
}
