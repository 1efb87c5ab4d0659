/* TLS for a library that has none fit for use: it connects to a port of ours on loopback, and what
 * it says there goes on over our own TLS. Nobody but this process may use the port. */
#pragma once

#include "net/credentials.h"

G_BEGIN_DECLS

typedef struct DunlinTunnel DunlinTunnel;

/**
 * DunlinTunnelEnd:
 * @address: numeric
 * @name: what the server's certificate must be for, a host's name or an address; the name is sent
 *   as SNI
 */
typedef struct {
    const char *address;
    guint16 port;
    const char *name;
} DunlinTunnelEnd;

/**
 * DunlinTunnelFunc:
 * @end: the number of the far end
 * @failure: (nullable): why the connection to it failed; %NULL: it is open, TLS and all
 *
 * On the tunnel's own thread.
 */
typedef void (*DunlinTunnelFunc) (guint end, const GError *failure, gpointer data);

/**
 * dunlin_tunnel_new:
 * @ends: copied
 * @timeout: how long connecting to a far end may take, with TLS, microseconds
 * @func: called for every connection that opens or cannot be opened
 *
 * Listens on one free port of 127.0.0.1 for each of @ends, and serves them on a thread of its own,
 * so that whatever else the process does, the library's connections live. From any thread.
 *
 * Returns: (transfer full) (nullable):
 */
DunlinTunnel *dunlin_tunnel_new (const DunlinTunnelEnd *ends, guint n, gint64 timeout,
                                 DunlinCredentials *credentials, DunlinTunnelFunc func,
                                 gpointer data, GError **error);

/* Closes everything and waits for the thread's end. Not from @func. */
void dunlin_tunnel_free (DunlinTunnel *self);

/* Returns: the port on 127.0.0.1 that leads to @end. */
guint16 dunlin_tunnel_port (DunlinTunnel *self, guint end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinTunnel, dunlin_tunnel_free)

G_END_DECLS
