/* What a client remembers of TLS sessions: which connections continue one, and which must not. */
#include "support/net_end.h"

#include "net/tls.h"
#include "support/tls_folder.h"

typedef struct {
    DunlinCredentials *server;
    DunlinCredentials *client;
    DunlinTlsMemory *memory;
    DunlinTransport *transport; /* borrowed: the client's present one */
} Pair;

static DunlinTransport *
wrap_server (int fd, DunlinPeer *peer, gpointer data)
{
    return dunlin_tls_server_transport_new (fd, ((Pair *)data)->server, peer);
}

static DunlinTransport *
wrap_client (int fd, DunlinPeer *peer, gpointer data)
{
    Pair *pair = data;

    pair->transport = dunlin_tls_client_transport_new (fd, pair->client, "localhost", peer);
    dunlin_tls_transport_remember (pair->transport, pair->memory);
    return pair->transport;
}

/* One connection, with a word each way. */
static gboolean
connect_and_talk (Net *net, gboolean *has_identity)
{
    Pair *pair = net->data;
    gboolean resumed;

    net_open (net);
    net->server.echo = TRUE;
    net_send (&net->client, "knot", 4);
    net_until (net->client.received->len == 4);
    resumed = dunlin_tls_transport_is_resumed (pair->transport);
    *has_identity = dunlin_stream_peer (net->client.stream)->identity != NULL &&
                    dunlin_stream_peer (net->server.stream)->identity != NULL;
    net_reset (net);
    return resumed;
}

static void
continue_a_session (Net *net)
{
    gboolean has_identity;

    g_assert_false (connect_and_talk (net, &has_identity));
    g_assert_true (has_identity);
    for (int i = 0; i < 3; i++) {
        g_assert_true (connect_and_talk (net, &has_identity));
        g_assert_true (has_identity); /* both sides still know who it is */
    }
}

static void
forget_with_new_credentials (Net *net)
{
    Pair *pair = net->data;
    gboolean has_identity;

    g_assert_false (connect_and_talk (net, &has_identity));
    g_assert_true (dunlin_credentials_reload (pair->client, NULL));
    g_assert_false (connect_and_talk (net, &has_identity));
    g_assert_true (connect_and_talk (net, &has_identity));
}

/* The server's new credentials know no tickets of the old: a whole handshake, and no failure. */
static void
servers_may_forget (Net *net)
{
    Pair *pair = net->data;
    gboolean has_identity;

    g_assert_false (connect_and_talk (net, &has_identity));
    g_assert_true (dunlin_credentials_reload (pair->server, NULL));
    g_assert_false (connect_and_talk (net, &has_identity));
    g_assert_true (has_identity);
}

static void
no_tickets (Net *net)
{
    gboolean has_identity;

    g_assert_false (connect_and_talk (net, &has_identity));
    g_assert_false (connect_and_talk (net, &has_identity));
}

typedef struct {
    const char *name;
    void (*body) (Net *net);
    gboolean tickets;
} Case;

static void
run_case (gconstpointer data)
{
    const Case *test = data;
    g_autoptr (TlsFolder) folder = tls_folder_new ();
    DunlinTlsConfig server = tls_folder_config (folder, "server");
    Pair pair = { .client = tls_folder_credentials (folder, "client"),
                  .memory = dunlin_tls_memory_new () };

    server.resumption = test->tickets;
    pair.server = dunlin_credentials_new (&server, NULL);
    net_run (test->body, wrap_server, wrap_client, &pair);
    dunlin_tls_memory_free (pair.memory);
    dunlin_credentials_unref (pair.server);
    dunlin_credentials_unref (pair.client);
}

int
main (int argc, char *argv[])
{
    static const Case cases[] = {
        { "/net/tls-memory/a-session-is-continued", continue_a_session, TRUE },
        { "/net/tls-memory/not-with-other-credentials", forget_with_new_credentials, TRUE },
        { "/net/tls-memory/nor-when-the-server-forgets", servers_may_forget, TRUE },
        { "/net/tls-memory/nor-without-tickets", no_tickets, FALSE },
    };

    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        g_test_add_data_func (cases[i].name, &cases[i], run_case);
    return g_test_run ();
}
