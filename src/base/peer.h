/* Who is on the other side of a connection. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DunlinPeer:
 * @address: numeric "127.0.0.1:54321" or "[::1]:54321"; for logs
 * @identity: (nullable): from the certificate: SAN URI, else SAN DNS, else subject CN
 * @identity_kind: (nullable): "uri", "dns" or "cn"
 * @subject: (nullable): the certificate's subject, RFC 2253
 * @serial: (nullable): the certificate's serial number, hexadecimal
 * @tls_version: (nullable): "TLSv1.3"; %NULL without TLS
 * @tls_cipher: (nullable): the suite's name
 * @not_after: seconds since 1970 when the peer's certificate expires, 0 without one
 * @in_access_log: (nullable): the access log's, on the loop of the connection
 *
 * Who is on the other side. Immutable once open but for @in_access_log; counted, so that a call may
 * outlive its session.
 */
typedef struct {
    gatomicrefcount refs;
    char *address;
    char *identity;
    const char *identity_kind;
    char *subject;
    char *serial;
    const char *tls_version; /* static text of OpenSSL */
    const char *tls_cipher;  /* static text of OpenSSL */
    gint64 not_after;
    gpointer in_access_log;
} DunlinPeer;

/* Returns: (transfer full): with only its address, one reference. */
DunlinPeer *dunlin_peer_new (const char *address);
DunlinPeer *dunlin_peer_ref (DunlinPeer *self);
void dunlin_peer_unref (DunlinPeer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinPeer, dunlin_peer_unref)

G_END_DECLS
