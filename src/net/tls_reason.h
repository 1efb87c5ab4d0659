/* Why TLS failed, in words for an operator: what happened, and the likely cause. */
#pragma once

#include "net/tls_bio.h"

#include <openssl/ssl.h>

G_BEGIN_DECLS

/* What the verification callback says of a peer's certificate that may sign others. */
#define DUNLIN_TLS_SIGNER X509_V_ERR_APPLICATION_VERIFICATION

/* Takes OpenSSL's error queue of the failed call. @refused: (nullable): describes the certificate
 * that did not verify. */
void dunlin_tls_explain (SSL *ssl, const DunlinTlsBio *bio, const char *refused, GError **error);

G_END_DECLS
