/* The PEM files of a set of credentials: read with bounds, refused when unsafe or malformed. Each
 * error names the file, what is wrong with it and the remedy. */
#pragma once

#include <glib.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

/* Returns: (transfer full): the private key, or %NULL; a file that others may read is refused. */
EVP_PKEY *dunlin_read_key (const char *path, GError **error);

/* Returns: (transfer full): the certificates in the file's order, at least one, or %NULL. */
STACK_OF (X509) * dunlin_read_certificates (const char *path, GError **error);

/* Returns: (transfer full): the revocation lists, at least one, none of them out of date. */
STACK_OF (X509_CRL) * dunlin_read_crls (const char *path, GError **error);

/* Seconds since 1970; 0 for %NULL. */
gint64 dunlin_asn1_time (const ASN1_TIME *time);

G_END_DECLS
