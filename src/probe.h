/* The self-probe: before the service tells the world where it is, it goes there itself. */
#pragma once

#include "net/credentials.h"

G_BEGIN_DECLS

/**
 * dunlin_probe:
 * @host: a name or numeric address
 * @credentials: (nullable): ours, when the port speaks TLS
 * @deadline: absolute
 *
 * Connects as a caller would (TCP, TLS with our own certificate, a framed ping) and waits for the
 * answer. Where our certificate may not act as a client's, a verified server certificate is all
 * that can be asked for. On a fiber.
 *
 * Returns: FALSE with an error that names the step that failed and the remedy.
 */
gboolean dunlin_probe (const char *host, guint16 port, DunlinCredentials *credentials,
                       gint64 deadline, GError **error);

G_END_DECLS
