/* OpenSSL's certificate functions, for tests. */
#include "support/test_ca.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <unistd.h>

#define HOUR 3600
#define DAY  (24 * HOUR)

struct TestCa {
    TestCa *issuer; /* borrowed, nullable */
    X509 *certificate;
    EVP_PKEY *key;
};

static FILE *
open_file (const char *path, gboolean append, int mode)
{
    int fd = open (path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC), mode);
    FILE *file;

    g_assert_cmpint (fd, >=, 0);
    file = fdopen (fd, append ? "a" : "w");
    g_assert_nonnull (file);
    return file;
}

static void
set_times (X509 *certificate, int begins, int ends)
{
    g_assert_nonnull (X509_gmtime_adj (X509_getm_notBefore (certificate), begins));
    g_assert_nonnull (X509_gmtime_adj (X509_getm_notAfter (certificate), ends));
}

static void
add_extension (X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    if (value == NULL || value[0] == '\0')
        return;
    X509V3_set_ctx (&context, NULL, certificate, NULL, NULL, 0);
    X509V3_set_ctx_nodb (&context);
    extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
    g_assert_nonnull (extension);
    g_assert_cmpint (X509_add_ext (certificate, extension, -1), ==, 1);
    X509_EXTENSION_free (extension);
}

static X509 *
make (const char *cn, EVP_PKEY *key, TestCa *issuer)
{
    static long serial = 1000;
    X509 *certificate = X509_new ();
    X509_NAME *name = X509_get_subject_name (certificate);

    X509_set_version (certificate, X509_VERSION_3);
    ASN1_INTEGER_set (X509_get_serialNumber (certificate), ++serial);
    g_assert_cmpint (X509_NAME_add_entry_by_NID (name, NID_commonName, MBSTRING_UTF8,
                                                 (const unsigned char *)cn, -1, -1, 0),
                     ==, 1);
    X509_set_issuer_name (certificate,
                          issuer != NULL ? X509_get_subject_name (issuer->certificate) : name);
    X509_set_pubkey (certificate, key);
    set_times (certificate, -HOUR, DAY);
    return certificate;
}

static TestCa *
new_ca (const char *name, TestCa *issuer)
{
    TestCa *self = g_new0 (TestCa, 1);

    self->issuer = issuer;
    self->key = EVP_EC_gen ("P-256");
    self->certificate = make (name, self->key, issuer);
    add_extension (self->certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension (self->certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension (self->certificate, NID_subject_key_identifier, "hash");
    g_assert_cmpint (
        X509_sign (self->certificate, issuer != NULL ? issuer->key : self->key, EVP_sha256 ()), >,
        0);
    return self;
}

TestCa *
test_ca_new (const char *name)
{
    return new_ca (name, NULL);
}

TestCa *
test_ca_new_below (TestCa *self, const char *name)
{
    return new_ca (name, self);
}

void
test_ca_free (TestCa *self)
{
    if (self == NULL)
        return;
    X509_free (self->certificate);
    EVP_PKEY_free (self->key);
    g_free (self);
}

static void
write_ca (TestCa *self, const char *path, gboolean append)
{
    FILE *file = open_file (path, append, 0644);

    g_assert_cmpint (PEM_write_X509 (file, self->certificate), ==, 1);
    fclose (file);
}

void
test_ca_write (TestCa *self, const char *path)
{
    write_ca (self, path, FALSE);
}

void
test_ca_append (TestCa *self, const char *path)
{
    write_ca (self, path, TRUE);
}

long
test_ca_serial (TestCa *self)
{
    return ASN1_INTEGER_get (X509_get_serialNumber (self->certificate));
}

static void
write_leaf (TestCa *self, const TestLeaf *leaf, X509 *certificate, EVP_PKEY *key, const char *stem)
{
    g_autofree char *certificate_path = g_strconcat (stem, ".pem", NULL);
    g_autofree char *key_path = g_strconcat (stem, ".key", NULL);
    FILE *file = open_file (certificate_path, FALSE, 0644);

    for (guint i = 0; i < MAX (leaf->count, 1); i++)
        g_assert_cmpint (PEM_write_X509 (file, certificate), ==, 1);
    for (TestCa *ca = self; ca->issuer != NULL; ca = ca->issuer)
        g_assert_cmpint (PEM_write_X509 (file, ca->certificate), ==, 1);
    fclose (file);
    file = open_file (key_path, FALSE, 0600);
    g_assert_cmpint (PEM_write_PKCS8PrivateKey (file, key, NULL, NULL, 0, NULL, NULL), ==, 1);
    fclose (file);
}

long
test_ca_issue (TestCa *self, const TestLeaf *leaf, const char *stem)
{
    EVP_PKEY *key = leaf->rsa_bits > 0 ? EVP_RSA_gen (leaf->rsa_bits) : EVP_EC_gen ("P-256");
    X509 *certificate = make (leaf->cn != NULL ? leaf->cn : "test", key, self);
    long serial = ASN1_INTEGER_get (X509_get_serialNumber (certificate));

    set_times (certificate, leaf->begins != 0 ? leaf->begins : -HOUR,
               leaf->ends != 0 ? leaf->ends : DAY);
    add_extension (certificate, NID_basic_constraints, leaf->is_ca ? "CA:TRUE" : "CA:FALSE");
    add_extension (certificate, NID_key_usage, leaf->key_usage);
    add_extension (certificate, NID_ext_key_usage,
                   leaf->usage != NULL ? leaf->usage : "serverAuth,clientAuth");
    add_extension (certificate, NID_subject_alt_name, leaf->san);
    g_assert_cmpint (X509_sign (certificate, self->key, EVP_sha256 ()), >, 0);
    write_leaf (self, leaf, certificate, key, stem);
    X509_free (certificate);
    EVP_PKEY_free (key);
    return serial;
}

void
test_ca_encrypt_key (const char *path, const char *password)
{
    FILE *file = fopen (path, "r+");
    EVP_PKEY *key;

    g_assert_nonnull (file);
    key = PEM_read_PrivateKey (file, NULL, NULL, NULL);
    g_assert_nonnull (key);
    rewind (file);
    g_assert_cmpint (ftruncate (fileno (file), 0), ==, 0);
    g_assert_cmpint (PEM_write_PKCS8PrivateKey (file, key, EVP_aes_256_cbc (), password,
                                                (int)strlen (password), NULL, NULL),
                     ==, 1);
    fclose (file);
    EVP_PKEY_free (key);
}

static void
add_revoked (X509_CRL *crl, long serial)
{
    X509_REVOKED *revoked = X509_REVOKED_new ();
    ASN1_INTEGER *number = ASN1_INTEGER_new ();
    ASN1_TIME *now = X509_gmtime_adj (NULL, -HOUR);

    ASN1_INTEGER_set (number, serial);
    X509_REVOKED_set_serialNumber (revoked, number);
    X509_REVOKED_set_revocationDate (revoked, now);
    X509_CRL_add0_revoked (crl, revoked);
    ASN1_INTEGER_free (number);
    ASN1_TIME_free (now);
}

void
test_ca_write_crl (TestCa *self, long serial, int ends, gboolean append, const char *path)
{
    X509_CRL *crl = X509_CRL_new ();
    ASN1_TIME *last = X509_gmtime_adj (NULL, -DAY);
    ASN1_TIME *next = X509_gmtime_adj (NULL, ends);
    FILE *file = open_file (path, append, 0644);

    X509_CRL_set_version (crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name (crl, X509_get_subject_name (self->certificate));
    X509_CRL_set1_lastUpdate (crl, last);
    X509_CRL_set1_nextUpdate (crl, next);
    if (serial != 0)
        add_revoked (crl, serial);
    g_assert_cmpint (X509_CRL_sign (crl, self->key, EVP_sha256 ()), >, 0);
    g_assert_cmpint (PEM_write_X509_CRL (file, crl), ==, 1);
    fclose (file);
    ASN1_TIME_free (last);
    ASN1_TIME_free (next);
    X509_CRL_free (crl);
}
