/* A client's calls against a real server, over every protocol, with and without TLS, on a fiber and
 * off. */
#include "dunlin.h"
#include "support/client_case.h"
#include "support/test_server.h"
#include "support/tiny_service.h"
#include "support/tls_folder.h"

/* One way to call. */
typedef struct {
    const char *name;
    DunlinClientProtocol protocol;
    const char *seen; /* what the server says it is called over */
    gboolean tls;
} Way;

static const Way ways[] = {
    { "auto", DUNLIN_CLIENT_PROTOCOL_AUTO, "thriftmux", FALSE },
    { "thriftmux", DUNLIN_CLIENT_PROTOCOL_THRIFTMUX, "thriftmux", FALSE },
    { "ttwitter", DUNLIN_CLIENT_PROTOCOL_TTWITTER, "ttwitter", FALSE },
    { "thrift", DUNLIN_CLIENT_PROTOCOL_THRIFT, "thrift", FALSE },
    { "thriftmux-tls", DUNLIN_CLIENT_PROTOCOL_THRIFTMUX, "thriftmux", TRUE },
    { "ttwitter-tls", DUNLIN_CLIENT_PROTOCOL_TTWITTER, "ttwitter", TRUE },
};

typedef struct {
    const Way *way;
    TlsFolder *folder;
    GObject *handler;
    DunlinCredentials *credentials; /* the server's */
    TestServer *server;
    DunlinClient *client;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    TestServerOptions server = { 0 };
    DunlinClientOptions options;

    self->way = data;
    dunlin_client_options_init (&options);
    options.label = self->way->name;
    options.protocol = self->way->protocol;
    if (self->way->tls) {
        self->folder = tls_folder_new ();
        server.credentials = self->credentials = tls_folder_credentials (self->folder, "server");
        options.credentials = tls_folder_credentials (self->folder, "client");
    }
    self->handler = tiny_handler_new ();
    self->server = test_server_new (&tiny_service, self->handler, &server);
    self->client = client_of_port (test_server_port (self->server), &options);
    dunlin_credentials_unref (options.credentials);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    dunlin_client_unref (self->client);
    test_server_free (self->server);
    g_object_unref (self->handler);
    g_clear_pointer (&self->credentials, dunlin_credentials_unref);
    g_clear_pointer (&self->folder, tls_folder_free);
}

static void
check_call (DunlinClient *client, const char *method, const char *text, const char *expected)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = text != NULL ? client_call_text (client, method, text, &error)
                                           : client_call (client, method, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (answer, ==, expected);
}

static void
calls (gpointer data)
{
    Fixture *self = data;
    g_autoptr (GError) error = NULL;
    g_autofree char *context = NULL;

    check_call (self->client, "ping", NULL, "pong");
    check_call (self->client, "echo", "knot", "knot");
    check_call (self->client, "echo", "", "");
    context = client_call (self->client, "context", &error);
    g_assert_no_error (error);
    g_assert_true (g_str_has_prefix (context, self->way->seen));
    check_call (self->client, "fail", "declared", "declared");
    check_call (self->client, "nosuch", NULL, "exception 1: Invalid method name: 'nosuch'");
}

static void
test_on_fiber (Fixture *self, gconstpointer data)
{
    client_on_fiber (calls, self);
}

static void
test_off_fiber (Fixture *self, gconstpointer data)
{
    calls (self);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
        g_autofree char *on = g_strdup_printf ("/client/calls/%s/on-a-fiber", ways[i].name);
        g_autofree char *off = g_strdup_printf ("/client/calls/%s/off-fibers", ways[i].name);

        g_test_add (on, Fixture, &ways[i], set_up, test_on_fiber, tear_down);
        g_test_add (off, Fixture, &ways[i], set_up, test_off_fiber, tear_down);
    }
    return g_test_run ();
}
