/* Certificates for tests: CAs, what they sign, and what they revoke, made in memory and written as
 * PEM files. certs/make-dev-ca is for people; this makes also what no CA should. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct TestCa TestCa;

/**
 * TestLeaf:
 * @cn: (nullable): the subject's common name; "test" by default
 * @san: (nullable): subjectAltName in OpenSSL's notation, as in "DNS:localhost,IP:127.0.0.1"
 * @usage: (nullable): extendedKeyUsage; "serverAuth,clientAuth" by default, "" for none
 * @key_usage: (nullable): keyUsage
 * @begins: seconds from now; -1 hour by default
 * @ends: seconds from now; 1 day by default
 * @is_ca: whether it is a CA's
 * @rsa_bits: 0: a P-256 key
 * @count: how often it is put into the file: a chain too long
 */
typedef struct {
    const char *cn;
    const char *san;
    const char *usage;
    const char *key_usage;
    int begins;
    int ends;
    gboolean is_ca;
    guint rsa_bits;
    guint count;
} TestLeaf;

TestCa *test_ca_new (const char *name);
/* Returns: (transfer full): an intermediate CA that @self has signed. */
TestCa *test_ca_new_below (TestCa *self, const char *name);
void test_ca_free (TestCa *self);

/* Writes the CA's certificate. */
void test_ca_write (TestCa *self, const char *path);
/* Likewise, after what @path has already. */
void test_ca_append (TestCa *self, const char *path);
long test_ca_serial (TestCa *self);

/* Writes <stem>.pem, with the chain below the root, and <stem>.key, mode 0600.
 * Returns: its serial number. */
long test_ca_issue (TestCa *self, const TestLeaf *leaf, const char *stem);

/* Puts a password on the key in @path. */
void test_ca_encrypt_key (const char *path, const char *password);

/* Writes a list that names @serial (0: nobody), to be replaced @ends seconds from now; after what
 * @path has already when @append. */
void test_ca_write_crl (TestCa *self, long serial, int ends, gboolean append, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestCa, test_ca_free)

G_END_DECLS
