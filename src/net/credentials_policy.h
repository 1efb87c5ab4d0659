/* What every TLS connection here is held to. The values follow Mozilla's "intermediate" server-side
 * recommendation (version 5) without its DHE suites. */
#pragma once

#include "net/credentials.h"

#include <openssl/ssl.h>

G_BEGIN_DECLS

/* Returns: (transfer full): a context with the policy and no keys yet, or %NULL. */
SSL_CTX *dunlin_tls_policy_new (const DunlinTlsConfig *config, GError **error);

/* Resumption is safe only among connections of one set of files: the id is made of @digest. */
void dunlin_tls_policy_set_session_id (SSL_CTX *context, const guint8 *digest, gsize length);

G_END_DECLS
