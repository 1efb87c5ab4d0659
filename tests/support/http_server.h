/* A real HTTP server in a process of its own: what its pages do is in http_server.py. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct TestHttpServer TestHttpServer;

/**
 * test_http_server_new:
 * @certificate: (nullable): PEM; with @key it speaks TLS
 * @client_ca: (nullable): PEM; with it clients must show a certificate
 *
 * Returns: (transfer full): a server that listens on 127.0.0.1.
 */
TestHttpServer *test_http_server_new (const char *certificate, const char *key,
                                      const char *client_ca);
void test_http_server_free (TestHttpServer *self);

/* Back when it is dead; its port is nobody's then. */
void test_http_server_kill (TestHttpServer *self);

guint16 test_http_server_port (TestHttpServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestHttpServer, test_http_server_free)

G_END_DECLS
