/* TLS over a non-blocking socket: OpenSSL with a BIO of our own, which fills one large buffer with
 * one read and sends everything that is waiting with one write. */
#pragma once

#include "net/credentials.h"
#include "net/stream.h"

G_BEGIN_DECLS

/* Why a handshake failed or a session ended, for the log: the likely cause in plain words comes
 * with the error; alerts that were sent are in it. */
DunlinTransport *dunlin_tls_server_transport_new (int fd, DunlinCredentials *credentials,
                                                  DunlinPeer *peer);

/**
 * dunlin_tls_client_transport_new:
 * @server_name: (nullable): sent as SNI and checked against the certificate; %NULL checks the
 *   chain only
 */
DunlinTransport *dunlin_tls_client_transport_new (int fd, DunlinCredentials *credentials,
                                                  const char *server_name, DunlinPeer *peer);

G_END_DECLS
