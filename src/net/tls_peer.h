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
 * common name. Names with a zero byte in them do not count.
 *
 * Returns: %FALSE with DUNLIN_ERROR_DENIED for a certificate that may not stand for a peer: a CA's
 * (X509-SVID 4.1 wants a leaf).
 */
gboolean dunlin_tls_peer_complete (DunlinPeer *peer, SSL *ssl, GError **error);

/* Returns: (transfer full): the certificate's subject, RFC 2253. */
char *dunlin_tls_subject (X509 *certificate);

G_END_DECLS
