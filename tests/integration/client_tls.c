/* TLS between a client and real servers: whose certificates are believed, and under what name. */
#include "support/client_case.h"
#include "support/fake_server.h"
#include "support/test_server.h"
#include "support/tiny_service.h"
#include "support/tls_folder.h"

typedef struct {
    TlsFolder *folder;
    GObject *handler;
    DunlinCredentials *credentials; /* the server's */
    TestServer *server;
    DunlinClientOptions options;
    DunlinClient *client;
} Fixture;

static void
serve (Fixture *self, const char *certificate)
{
    TestServerOptions server = { 0 };

    self->credentials = tls_folder_credentials (self->folder, certificate);
    server.credentials = self->credentials;
    self->server = test_server_new (&tiny_service, self->handler, &server);
}

static void
set_up (Fixture *self, gconstpointer data)
{
    self->folder = tls_folder_new ();
    self->handler = tiny_handler_new ();
    dunlin_client_options_init (&self->options);
    self->options.label = "tls";
    self->options.credentials = tls_folder_credentials (self->folder, "client");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    dunlin_client_unref (self->client);
    if (self->server != NULL)
        test_server_free (self->server);
    dunlin_credentials_unref (self->credentials);
    dunlin_credentials_unref (self->options.credentials);
    g_object_unref (self->handler);
    tls_folder_free (self->folder);
}

static char *
call (Fixture *self, GError **error)
{
    dunlin_client_unref (self->client);
    self->client = client_of_port (test_server_port (self->server), &self->options);
    return client_call (self->client, "context", error);
}

static void
expect_identity (Fixture *self)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *context = call (self, &error);

    g_assert_no_error (error);
    g_assert_nonnull (strstr (context, "identity=spiffe://test/client"));
    g_assert_nonnull (strstr (context, "tls=TLSv1.3"));
}

static void
expect_refusal (Fixture *self, const char *text)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *context = call (self, &error);

    g_assert_null (context);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, text));
}

/* The test's server is for localhost and 127.0.0.1. */
static void
test_names (Fixture *self, gconstpointer data)
{
    serve (self, "server");
    expect_identity (self); /* the address as it was called */
    self->options.server_name = "localhost";
    expect_identity (self);
    self->options.server_name = "elsewhere.example";
    expect_refusal (self, "not for the name or address that was called");
    self->options.verify_name = FALSE;
    expect_identity (self);
}

static void
test_foreign_server (Fixture *self, gconstpointer data)
{
    TlsFolder *own = self->folder;
    TlsFolder *other = tls_folder_new ();

    self->folder = other;
    serve (self, "server");
    self->folder = own;
    expect_refusal (self, "the peer's certificate");
    tls_folder_free (other);
}

/* With TLS 1.3 the server's refusal comes when the client is open already. */
static void
test_foreign_client (Fixture *self, gconstpointer data)
{
    g_autoptr (TestCa) ca = test_ca_new ("Foreign CA");
    const TestLeaf leaf = { .cn = "foreign" };
    DunlinTlsConfig config = tls_folder_config (self->folder, "foreign");

    serve (self, "server");
    test_ca_issue (ca, &leaf, tls_folder_path (self->folder, "foreign", ""));
    config.ca = tls_folder_path (self->folder, "both", ".pem");
    test_ca_write (self->folder->ca, config.ca);
    test_ca_append (ca, config.ca);
    dunlin_credentials_unref (self->options.credentials);
    self->options.credentials = dunlin_credentials_new (&config, NULL);
    g_assert_nonnull (self->options.credentials);
    expect_refusal (self, "alert");
}

static void
test_plain_server (Fixture *self, gconstpointer data)
{
    self->server = test_server_new (&tiny_service, self->handler, NULL);
    expect_refusal (self, "127.0.0.1:");
}

static void
test_plain_client (Fixture *self, gconstpointer data)
{
    serve (self, "server");
    g_clear_pointer (&self->options.credentials, dunlin_credentials_unref);
    expect_refusal (self, "do both sides want TLS");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/client/tls/" name, Fixture, NULL, set_up, test, tear_down)
    CASE ("a-server-must-be-for-the-name", test_names);
    CASE ("a-server-of-another-ca", test_foreign_server);
    CASE ("a-client-of-another-ca", test_foreign_client);
    CASE ("a-server-without-tls", test_plain_server);
    CASE ("a-client-without-tls", test_plain_client);
    return g_test_run ();
}
