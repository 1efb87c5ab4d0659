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

/* What a client remembers of its last session with one server under one name, so that the next
 * connection there costs less. Of one loop; must outlive the transports that use it. */
typedef struct DunlinTlsMemory DunlinTlsMemory;

DunlinTlsMemory *dunlin_tls_memory_new (void);
void dunlin_tls_memory_free (DunlinTlsMemory *self);

/**
 * dunlin_tls_transport_remember:
 * @self: a client's, before its stream is made
 *
 * Offers the session remembered, if the credentials in force are still those of its time, and
 * remembers the new one. The server may not take it: then nothing is different.
 */
void dunlin_tls_transport_remember (DunlinTransport *self, DunlinTlsMemory *memory);

/* Whether the session was an old one's continuation; once open. */
gboolean dunlin_tls_transport_is_resumed (DunlinTransport *self);

G_END_DECLS
