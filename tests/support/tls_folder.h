/* A temporary folder with a CA, a server's and a client's certificate, for tests of TLS. */
#pragma once

#include "net/credentials.h"
#include "support/test_ca.h"

G_BEGIN_DECLS

typedef struct {
    char *path;
    GStringChunk *texts;
    TestCa *ca;
} TlsFolder;

/* With ca.pem, server.pem (localhost, 127.0.0.1) and client.pem (spiffe://test/client). */
TlsFolder *tls_folder_new (void);
void tls_folder_free (TlsFolder *self);

/* Returns: (transfer none): the path of <name><suffix>. */
const char *tls_folder_path (TlsFolder *self, const char *name, const char *suffix);

/* A certificate <name>.pem of the folder's CA. Returns: its serial number. */
long tls_folder_issue (TlsFolder *self, const char *name, const TestLeaf *leaf);

/* For <name>.pem, <name>.key and ca.pem, TLS 1.2 and up. */
DunlinTlsConfig tls_folder_config (TlsFolder *self, const char *name);
/* Returns: (transfer full): of that configuration; must be good. */
DunlinCredentials *tls_folder_credentials (TlsFolder *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsFolder, tls_folder_free)

G_END_DECLS
