/* Who a certificate says the peer is. */
#pragma once

#include "base/peer.h"

#include <openssl/ssl.h>

G_BEGIN_DECLS

/**
 * dunlin_tls_peer_complete:
 *
 * Fills in version, cipher and what the peer's certificate says: the identity is the one URI among
 * the subject alternative names (SPIFFE ids are such), else the first DNS name, else the subject's
 * common name. Names with control characters do not count, and several URIs are no identity.
 *
 * Returns: %FALSE with DUNLIN_ERROR_DENIED when the certificate has expired since it was verified.
 */
gboolean dunlin_tls_peer_complete (DunlinPeer *peer, SSL *ssl, GError **error);

/* Whether it is a CA's, or may sign as one: a peer's own certificate may not (X509-SVID 4.1). */
gboolean dunlin_tls_may_sign (X509 *certificate);

/* Returns: (transfer full): its subject (RFC 2253), serial number and life, for the log. */
char *dunlin_tls_describe (X509 *certificate);

G_END_DECLS
