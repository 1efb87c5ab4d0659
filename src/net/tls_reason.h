/* Why TLS failed, in words for an operator: what happened, and the likely cause. */
#pragma once

#include "net/tls_bio.h"

#include <openssl/ssl.h>

G_BEGIN_DECLS

/* Takes OpenSSL's error queue of the failed call. @refused: (nullable): the subject of the
 * certificate that did not verify. */
void dunlin_tls_explain (SSL *ssl, const DunlinTlsBio *bio, const char *refused, GError **error);

G_END_DECLS
