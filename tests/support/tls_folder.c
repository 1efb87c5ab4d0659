/* The usual certificates in a folder of their own. */
#include "support/tls_folder.h"

#include <glib/gstdio.h>

TlsFolder *
tls_folder_new (void)
{
    TlsFolder *self = g_new0 (TlsFolder, 1);

    self->path = g_dir_make_tmp ("dunlin-tls-XXXXXX", NULL);
    g_assert_nonnull (self->path);
    self->texts = g_string_chunk_new (1024);
    self->ca = test_ca_new ("Test CA");
    test_ca_write (self->ca, tls_folder_path (self, "ca", ".pem"));
    tls_folder_issue (self, "server", &(TestLeaf){ .san = "DNS:localhost,IP:127.0.0.1" });
    tls_folder_issue (
        self, "client",
        &(TestLeaf){ .san = "DNS:client.test,URI:spiffe://test/client", .usage = "clientAuth" });
    return self;
}

void
tls_folder_free (TlsFolder *self)
{
    GDir *folder = g_dir_open (self->path, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (folder)) != NULL)
        g_unlink (tls_folder_path (self, name, ""));
    g_dir_close (folder);
    g_rmdir (self->path);
    test_ca_free (self->ca);
    g_string_chunk_free (self->texts);
    g_free (self->path);
    g_free (self);
}

const char *
tls_folder_path (TlsFolder *self, const char *name, const char *suffix)
{
    g_autofree char *path = g_strconcat (self->path, "/", name, suffix, NULL);

    return g_string_chunk_insert (self->texts, path);
}

long
tls_folder_issue (TlsFolder *self, const char *name, const TestLeaf *leaf)
{
    return test_ca_issue (self->ca, leaf, tls_folder_path (self, name, ""));
}

DunlinTlsConfig
tls_folder_config (TlsFolder *self, const char *name)
{
    return (DunlinTlsConfig){ .certificate = tls_folder_path (self, name, ".pem"),
                              .key = tls_folder_path (self, name, ".key"),
                              .ca = tls_folder_path (self, "ca", ".pem"),
                              .min_version = "1.2",
                              .require_client_certificate = TRUE };
}

DunlinCredentials *
tls_folder_credentials (TlsFolder *self, const char *name)
{
    DunlinTlsConfig config = tls_folder_config (self, name);
    g_autoptr (GError) error = NULL;
    DunlinCredentials *credentials = dunlin_credentials_new (&config, &error);

    g_assert_no_error (error);
    return credentials;
}
