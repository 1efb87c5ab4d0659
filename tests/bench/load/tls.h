/* Our end of TLS: certificate, versions, sessions to be resumed. */
#pragma once

#include <openssl/ssl.h>

#include "bench/load/options.h"

/**
 * load_context_new:
 *
 * Returns: (transfer full): for all connections; %NULL with @error. Of each SSL the application
 * data must be where its newest session goes, an SSL_SESSION *.
 */
SSL_CTX *load_context_new (const LoadOptions *options, GError **error);
