/* TLS over real sockets with real certificates: handshakes, bytes both ways, how connections end.
 */
#include "support/net_end.h"

#include "base/clock.h"
#include "net/tls.h"
#include "support/tls_folder.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MIB  (1024 * 1024)
#define HOUR 3600
#define DAY  (24 * HOUR)

/* What a case may change of the usual pair before it connects. */
typedef struct {
    TlsFolder *folder;
    DunlinCredentials *server;
    DunlinCredentials *client;
    const char *server_name;
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

    return dunlin_tls_client_transport_new (fd, pair->client, pair->server_name, peer);
}

static DunlinCredentials *
load (const DunlinTlsConfig *config)
{
    g_autoptr (GError) error = NULL;
    DunlinCredentials *credentials = dunlin_credentials_new (config, &error);

    g_assert_no_error (error);
    return credentials;
}

static void
replace (DunlinCredentials **at, DunlinCredentials *credentials)
{
    dunlin_credentials_unref (*at);
    *at = credentials;
}

/* The client shows another certificate of the folder's CA. */
static void
client_is (Net *net, const TestLeaf *leaf)
{
    Pair *pair = net->data;

    tls_folder_issue (pair->folder, "other", leaf);
    replace (&pair->client, tls_folder_credentials (pair->folder, "other"));
}

static void
server_is (Net *net, const TestLeaf *leaf)
{
    Pair *pair = net->data;

    tls_folder_issue (pair->folder, "other", leaf);
    replace (&pair->server, tls_folder_credentials (pair->folder, "other"));
}

static DunlinTlsConfig
config_of (Net *net, const char *name)
{
    return tls_folder_config (((Pair *)net->data)->folder, name);
}

/* A context of OpenSSL's own, for peers that ours cannot be. */
static SSL_CTX *
stock_context (Net *net, const char *name)
{
    Pair *pair = net->data;
    SSL_CTX *context = SSL_CTX_new (TLS_method ());

    SSL_CTX_set_verify (context, SSL_VERIFY_NONE, NULL);
    if (name == NULL)
        return context;
    g_assert_cmpint (
        SSL_CTX_use_certificate_chain_file (context, tls_folder_path (pair->folder, name, ".pem")),
        ==, 1);
    g_assert_cmpint (SSL_CTX_use_PrivateKey_file (
                         context, tls_folder_path (pair->folder, name, ".key"), SSL_FILETYPE_PEM),
                     ==, 1);
    return context;
}

/* Takes @context, @fd stays the caller's. */
static SSL *
stock_ssl (SSL_CTX *context, int fd)
{
    SSL *ssl = SSL_new (context);

    SSL_set_fd (ssl, fd);
    SSL_set_connect_state (ssl);
    SSL_CTX_free (context);
    return ssl;
}

/* Returns: OpenSSL's reason, 0 when it went well. */
static int
stock_result (SSL *ssl, int result)
{
    int why = result == 1 ? SSL_ERROR_NONE : SSL_get_error (ssl, result);

    if (why == SSL_ERROR_NONE || why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
        return 0;
    return ERR_peek_error () != 0 ? ERR_GET_REASON (ERR_peek_error ()) : -why;
}

/* Turns the loop until the handshake is over. */
static int
stock_handshake (SSL *ssl)
{
    gint64 deadline = dunlin_clock_now () + NET_PATIENCE;

    for (;;) {
        int result;
        int why;

        ERR_clear_error ();
        result = SSL_do_handshake (ssl);
        why = stock_result (ssl, result);
        if (result == 1 || why != 0)
            return why;
        net_wait ("the handshake", deadline);
    }
}

/* Returns: the reason why reading ends; -SSL_ERROR_ZERO_RETURN is a good one. */
static int
stock_read (SSL *ssl, GByteArray *into, gsize n)
{
    gint64 deadline = dunlin_clock_now () + NET_PATIENCE;

    for (gsize got = 0; into->len < n;) {
        guint8 piece[16384];
        int result;
        int why;

        ERR_clear_error ();
        result = SSL_read_ex (ssl, piece, sizeof piece, &got);
        why = stock_result (ssl, result);
        if (result == 1)
            g_byte_array_append (into, piece, (guint)got);
        else if (why != 0)
            return why;
        else
            net_wait ("bytes", deadline);
    }
    return 0;
}

static void
assert_says (const GError *error, const char *what)
{
    g_assert_nonnull (error);
    if (strstr (error->message, what) == NULL)
        g_error ("'%s' does not say '%s'", error->message, what);
}

/* --- who is who --- */

static void
both_ends_know_each_other (Net *net)
{
    const DunlinPeer *client, *server;

    net_open (net);
    client = dunlin_stream_peer (net->server.stream);
    server = dunlin_stream_peer (net->client.stream);
    g_assert_cmpstr (client->identity, ==, "spiffe://test/client");
    g_assert_cmpstr (client->identity_kind, ==, "uri");
    g_assert_cmpstr (client->subject, ==, "CN=test");
    g_assert_nonnull (client->serial);
    g_assert_cmpint (client->not_after, >, g_get_real_time () / G_USEC_PER_SEC);
    g_assert_cmpstr (server->identity, ==, "localhost");
    g_assert_cmpstr (server->identity_kind, ==, "dns");
}

static void
speaks_1_3 (Net *net)
{
    net_open (net);
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->tls_version, ==, "TLSv1.3");
    g_assert_nonnull (dunlin_stream_peer (net->server.stream)->tls_cipher);
}

static void
the_name_is (Net *net, const TestLeaf *leaf, const char *kind, const char *name)
{
    client_is (net, leaf);
    net_open (net);
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->identity, ==, name);
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->identity_kind, ==, kind);
}

static void
identity_is_the_dns_name_without_a_uri (Net *net)
{
    the_name_is (net, &(TestLeaf){ .san = "email:a@b.c,DNS:one.test,DNS:two.test" }, "dns",
                 "one.test");
}

static void
identity_is_the_cn_without_names (Net *net)
{
    the_name_is (net, &(TestLeaf){ .cn = "Jörg's service" }, "cn", "Jörg's service");
}

static void
two_uris_are_no_identity (Net *net)
{
    the_name_is (net, &(TestLeaf){ .san = "URI:spiffe://test/a,URI:spiffe://test/b,DNS:c.test" },
                 NULL, NULL);
}

static void
a_line_feed_in_a_cn_is_no_identity (Net *net)
{
    the_name_is (net, &(TestLeaf){ .cn = "somebody\nelse" }, NULL, NULL);
    g_assert_null (strchr (dunlin_stream_peer (net->server.stream)->subject, '\n'));
}

/* --- who is not let in --- */

/* Both ends are told, the client by an alert: with TLS 1.3 after its handshake. */
static void
is_refused (Net *net, const char *what, const char *alert)
{
    net_connect (net);
    net_until (net->server.n_closed == 1 && net->client.n_closed == 1);
    g_assert_cmpuint (net->server.n_opened, ==, 0);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_DENIED);
    assert_says (net->server.reason, what);
    g_assert_error (net->client.reason, DUNLIN_ERROR, DUNLIN_ERROR_DENIED);
    assert_says (net->client.reason, alert);
}

static void
foreign_ca_is_refused (Net *net)
{
    Pair *pair = net->data;
    g_autoptr (TestCa) foreign = test_ca_new ("Foreign CA");
    DunlinTlsConfig config = config_of (net, "foreign");

    test_ca_issue (foreign, &(TestLeaf){ .cn = "stranger" },
                   tls_folder_path (pair->folder, "foreign", ""));
    /* The client trusts both, so that only the server refuses. */
    config.ca = tls_folder_path (pair->folder, "both", ".pem");
    test_ca_write (foreign, config.ca);
    test_ca_append (pair->folder->ca, config.ca);
    replace (&pair->client, load (&config));
    is_refused (net, "CN=stranger", "unknown CA");
    assert_says (net->server.reason, "tls.ca");
}

/* Ours does not even load one: a stock client shows it. */
static void
stock_is_refused (Net *net, const TestLeaf *leaf, const char *what, int alert)
{
    Pair *pair = net->data;
    g_autoptr (GByteArray) nothing = g_byte_array_new ();
    int fd = net_connect_raw (net);
    SSL *ssl;
    int why;

    if (leaf != NULL)
        tls_folder_issue (pair->folder, "other", leaf);
    ssl = stock_ssl (stock_context (net, leaf != NULL ? "other" : NULL), fd);
    why = stock_handshake (ssl);
    if (why == 0)
        why = stock_read (ssl, nothing, 1);
    g_assert_cmpint (why, ==, SSL_AD_REASON_OFFSET + alert);
    SSL_free (ssl);
    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_cmpuint (net->server.n_opened, ==, 0);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_DENIED);
    assert_says (net->server.reason, what);
}

static void
expired_is_refused (Net *net)
{
    stock_is_refused (net, &(TestLeaf){ .begins = -2 * DAY, .ends = -DAY }, "expired",
                      SSL_AD_CERTIFICATE_EXPIRED);
}

static void
not_yet_valid_is_refused (Net *net)
{
    stock_is_refused (net, &(TestLeaf){ .begins = HOUR }, "clock", SSL_AD_BAD_CERTIFICATE);
}

static void
server_purpose_is_refused (Net *net)
{
    stock_is_refused (net, &(TestLeaf){ .usage = "serverAuth" }, "purpose",
                      SSL_AD_UNSUPPORTED_CERTIFICATE);
}

static void
no_certificate_is_refused (Net *net)
{
    stock_is_refused (net, NULL, "no certificate", SSL_AD_CERTIFICATE_REQUIRED);
}

static void
a_ca_is_no_peer (Net *net)
{
    stock_is_refused (net, &(TestLeaf){ .is_ca = TRUE }, "CA", SSL_AD_HANDSHAKE_FAILURE);
}

static void
who_may_sign_is_no_peer (Net *net)
{
    stock_is_refused (net, &(TestLeaf){ .key_usage = "digitalSignature,keyCertSign" }, "CA",
                      SSL_AD_HANDSHAKE_FAILURE);
}

static void
weak_key_is_refused (Net *net)
{
    Pair *pair = net->data;
    int fd = net_connect_raw (net);
    SSL_CTX *context = stock_context (net, NULL);
    SSL *ssl;

    tls_folder_issue (pair->folder, "other", &(TestLeaf){ .rsa_bits = 1024 });
    SSL_CTX_set_security_level (context, 0);
    SSL_CTX_use_certificate_file (context, tls_folder_path (pair->folder, "other", ".pem"),
                                  SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file (context, tls_folder_path (pair->folder, "other", ".key"),
                                 SSL_FILETYPE_PEM);
    ssl = stock_ssl (context, fd);
    stock_handshake (ssl);
    net_until (net->server.n_closed == 1 || net->server.n_opened == 1);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_DENIED);
    assert_says (net->server.reason, "key too");
    SSL_free (ssl);
    close (fd);
}

static void
with_crl (Net *net, const char *crl)
{
    Pair *pair = net->data;
    DunlinTlsConfig config = config_of (net, "server");

    config.crl = tls_folder_path (pair->folder, crl, "");
    replace (&pair->server, load (&config));
}

static void
revoked_is_refused (Net *net)
{
    Pair *pair = net->data;
    long serial = tls_folder_issue (pair->folder, "other", &(TestLeaf){ .cn = "thief" });

    replace (&pair->client, tls_folder_credentials (pair->folder, "other"));
    test_ca_write_crl (pair->folder->ca, serial, DAY, FALSE,
                       tls_folder_path (pair->folder, "crl.pem", ""));
    with_crl (net, "crl.pem");
    is_refused (net, "revoked", "revoked");
    assert_says (net->server.reason, "CN=thief");
}

static void
others_are_let_in_with_a_crl (Net *net)
{
    Pair *pair = net->data;

    test_ca_write_crl (pair->folder->ca, 1, DAY, FALSE,
                       tls_folder_path (pair->folder, "crl.pem", ""));
    with_crl (net, "crl.pem");
    net_open (net);
}

/* An intermediate that was revoked takes all below it along. */
static void
a_revoked_intermediate_is_refused (Net *net)
{
    Pair *pair = net->data;
    TlsFolder *folder = pair->folder;
    g_autoptr (TestCa) middle = test_ca_new_below (folder->ca, "Middle CA");
    const char *crl = tls_folder_path (folder, "crl.pem", "");

    test_ca_issue (middle, &(TestLeaf){ .cn = "below" }, tls_folder_path (folder, "other", ""));
    replace (&pair->client, tls_folder_credentials (folder, "other"));
    test_ca_write_crl (folder->ca, test_ca_serial (middle), DAY, FALSE, crl);
    test_ca_write_crl (middle, 0, DAY, TRUE, crl);
    with_crl (net, "crl.pem");
    is_refused (net, "revoked", "revoked");
    assert_says (net->server.reason, "CN=Middle CA");
}

static void
an_intermediate_that_is_sent_along_is_enough (Net *net)
{
    Pair *pair = net->data;
    g_autoptr (TestCa) middle = test_ca_new_below (pair->folder->ca, "Middle CA");

    test_ca_issue (middle, &(TestLeaf){ .cn = "below" },
                   tls_folder_path (pair->folder, "other", ""));
    replace (&pair->client, tls_folder_credentials (pair->folder, "other"));
    net_open (net);
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->identity, ==, "below");
}

/* --- what the client checks --- */

static void
client_refuses (Net *net, const char *what)
{
    net_connect (net);
    net_until (net->client.n_closed == 1 && net->server.n_closed == 1);
    g_assert_cmpuint (net->client.n_opened, ==, 0);
    g_assert_error (net->client.reason, DUNLIN_ERROR, DUNLIN_ERROR_DENIED);
    assert_says (net->client.reason, what);
    g_assert_nonnull (net->server.reason);
}

static void
a_wrong_name_is_refused (Net *net)
{
    ((Pair *)net->data)->server_name = "elsewhere.test";
    client_refuses (net, "name");
}

static void
a_wrong_address_is_refused (Net *net)
{
    ((Pair *)net->data)->server_name = "127.0.0.2";
    client_refuses (net, "address");
}

static void
a_cn_is_no_name_of_a_server (Net *net)
{
    server_is (net, &(TestLeaf){ .cn = "localhost" });
    client_refuses (net, "name");
}

static void
an_empty_name_is_no_name (Net *net)
{
    ((Pair *)net->data)->server_name = "";
    net_connect (net);
    net_until (net->client.n_closed == 1);
    g_assert_cmpuint (net->client.n_opened, ==, 0);
    g_assert_nonnull (net->client.reason);
}

static void
a_clients_certificate_is_no_servers (Net *net)
{
    server_is (net, &(TestLeaf){ .san = "DNS:localhost", .usage = "clientAuth" });
    client_refuses (net, "purpose");
}

static void
a_foreign_server_is_refused (Net *net)
{
    Pair *pair = net->data;
    g_autoptr (TestCa) foreign = test_ca_new ("Foreign CA");
    DunlinTlsConfig config = config_of (net, "foreign");

    test_ca_issue (foreign, &(TestLeaf){ .san = "DNS:localhost" },
                   tls_folder_path (pair->folder, "foreign", ""));
    config.ca = tls_folder_path (pair->folder, "foreign-ca", ".pem");
    test_ca_write (foreign, config.ca);
    replace (&pair->server, load (&config));
    client_refuses (net, "tls.ca");
    assert_says (net->server.reason, "unknown CA");
}

static void
an_address_is_found_among_the_names (Net *net)
{
    ((Pair *)net->data)->server_name = "127.0.0.1";
    net_open (net);
}

static void
without_a_name_the_chain_is_enough (Net *net)
{
    ((Pair *)net->data)->server_name = NULL;
    net_open (net);
}

/* --- versions, ciphers --- */

static void
limit_client (Net *net, const char *version)
{
    Pair *pair = net->data;
    DunlinTlsConfig config = config_of (net, "client");

    config.min_version = version;
    replace (&pair->client, load (&config));
}

static SSL *
stock_of_version (Net *net, int fd, int version)
{
    SSL_CTX *context = stock_context (net, "client");

    SSL_CTX_set_security_level (context, 0);
    SSL_CTX_set_min_proto_version (context, version);
    SSL_CTX_set_max_proto_version (context, version);
    return stock_ssl (context, fd);
}

static void
speaks_1_2 (Net *net)
{
    int fd = net_connect_raw (net);
    SSL *ssl = stock_of_version (net, fd, TLS1_2_VERSION);

    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    net_until (net->server.n_opened == 1);
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->tls_version, ==, "TLSv1.2");
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->identity, ==, "spiffe://test/client");
    g_assert_nonnull (strstr (SSL_get_cipher (ssl), "ECDHE"));
    SSL_free (ssl);
    close (fd);
}

static void
is_too_old (Net *net, int version)
{
    int fd = net_connect_raw (net);
    SSL *ssl = stock_of_version (net, fd, version);

    g_assert_cmpint (stock_handshake (ssl), ==, SSL_AD_REASON_OFFSET + SSL_AD_PROTOCOL_VERSION);
    SSL_free (ssl);
    close (fd);
    net_until (net->server.n_closed == 1);
    assert_says (net->server.reason, "tls.min-version");
}

static void
refuses_1_1 (Net *net)
{
    is_too_old (net, TLS1_1_VERSION);
}

static void
refuses_1_2_when_told (Net *net)
{
    Pair *pair = net->data;
    DunlinTlsConfig config = config_of (net, "server");

    config.min_version = "1.3";
    replace (&pair->server, load (&config));
    is_too_old (net, TLS1_2_VERSION);
}

static void
no_cipher_in_common_is_told (Net *net)
{
    int fd = net_connect_raw (net);
    SSL *ssl = stock_of_version (net, fd, TLS1_2_VERSION);

    SSL_set_cipher_list (ssl, "ECDHE-ECDSA-AES256-SHA384");
    g_assert_cmpint (stock_handshake (ssl), ==, SSL_AD_REASON_OFFSET + SSL_AD_HANDSHAKE_FAILURE);
    SSL_free (ssl);
    close (fd);
    net_until (net->server.n_closed == 1);
    assert_says (net->server.reason, "tls.ciphers");
}

static void
takes_the_suite_that_is_set (Net *net)
{
    Pair *pair = net->data;
    DunlinTlsConfig config = config_of (net, "server");

    config.ciphersuites = "TLS_CHACHA20_POLY1305_SHA256";
    replace (&pair->server, load (&config));
    limit_client (net, "1.3");
    net_open (net);
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->tls_cipher, ==,
                     "TLS_CHACHA20_POLY1305_SHA256");
}

static void
offers_no_compression_nor_tickets (Net *net)
{
    int fd = net_connect_raw (net);
    SSL *ssl = stock_of_version (net, fd, TLS1_2_VERSION);

    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    g_assert_null (SSL_get_current_compression (ssl));
    g_assert_false (SSL_SESSION_has_ticket (SSL_get0_session (ssl)));
    g_assert_cmpint (SSL_SESSION_is_resumable (SSL_get0_session (ssl)), ==, 0);
    SSL_free (ssl);
    close (fd);
}

static void
renegotiation_is_refused (Net *net)
{
    g_autoptr (GByteArray) got = g_byte_array_new ();
    int fd = net_connect_raw (net);
    SSL *ssl = stock_of_version (net, fd, TLS1_2_VERSION);

    net->server.echo = TRUE;
    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    SSL_renegotiate (ssl);
    g_assert_cmpint (stock_handshake (ssl), !=, 0);
    SSL_free (ssl);
    close (fd);
    net_until (net->server.n_closed == 1);
}

/* --- resumption --- */

/* Returns: (transfer full): a session with a ticket, when the server gave one. Without a @goodbye
 * the connection just ends. */
static SSL_SESSION *
session_of (Net *net, int version, gboolean goodbye, SSL_SESSION *old, gboolean *resumed)
{
    g_autoptr (GByteArray) got = g_byte_array_new ();
    SSL_SESSION *session;
    int fd;
    SSL *ssl;

    net_reset (net);
    net->server.echo = TRUE;
    fd = net_connect_raw (net);
    ssl = stock_of_version (net, fd, version);
    if (old != NULL)
        SSL_set_session (ssl, old);
    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    g_assert_cmpint (SSL_write (ssl, "a", 1), ==, 1);
    g_assert_cmpint (stock_read (ssl, got, 1), ==, 0); /* reads the ticket as well */
    *resumed = SSL_session_reused (ssl);
    net_until (net->server.n_opened == 1);
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->identity, ==, "spiffe://test/client");
    session = SSL_SESSION_dup (SSL_get0_session (ssl)); /* SSL_free() spoils that of a cut one */
    if (goodbye)
        SSL_shutdown (ssl);
    SSL_free (ssl);
    close (fd);
    net_until (net->server.n_closed == 1);
    return session;
}

static void
resumes (Net *net, int version, gboolean goodbye, gboolean reload, gboolean expected)
{
    Pair *pair = net->data;
    DunlinTlsConfig config = config_of (net, "server");
    g_autoptr (GError) error = NULL;
    gboolean resumed;
    SSL_SESSION *session, *again;

    config.resumption = TRUE;
    replace (&pair->server, load (&config));
    session = session_of (net, version, goodbye, NULL, &resumed);
    g_assert_true (SSL_SESSION_is_resumable (session));
    if (reload)
        dunlin_credentials_reload (pair->server, &error);
    g_assert_no_error (error);
    again = session_of (net, version, TRUE, session, &resumed);
    g_assert_cmpint (resumed, ==, expected);
    SSL_SESSION_free (session);
    SSL_SESSION_free (again);
}

static void
resumes_1_3_when_on (Net *net)
{
    resumes (net, TLS1_3_VERSION, TRUE, FALSE, TRUE);
}

static void
resumes_1_2_when_on (Net *net)
{
    resumes (net, TLS1_2_VERSION, TRUE, FALSE, TRUE);
}

static void
resumes_after_a_connection_was_cut (Net *net)
{
    resumes (net, TLS1_3_VERSION, FALSE, FALSE, TRUE);
    resumes (net, TLS1_2_VERSION, FALSE, FALSE, TRUE);
}

/* What was trusted under the old files may not be under the new. */
static void
a_reload_ends_all_sessions (Net *net)
{
    resumes (net, TLS1_3_VERSION, TRUE, TRUE, FALSE);
    resumes (net, TLS1_2_VERSION, TRUE, TRUE, FALSE);
}

static void
does_not_resume_by_default (Net *net)
{
    gboolean resumed;
    SSL_SESSION *session = session_of (net, TLS1_3_VERSION, TRUE, NULL, &resumed);

    g_assert_false (SSL_SESSION_is_resumable (session));
    SSL_SESSION_free (session);
}

/* --- after a reload --- */

static void
new_connections_get_the_new_certificate (Net *net)
{
    Pair *pair = net->data;
    g_autoptr (GError) error = NULL;
    g_autofree char *before = NULL;

    net_open (net);
    before = g_strdup (dunlin_stream_peer (net->client.stream)->serial);
    tls_folder_issue (pair->folder, "server", &(TestLeaf){ .san = "DNS:localhost" });
    dunlin_credentials_reload (pair->server, &error);
    g_assert_no_error (error);
    net_send (&net->client, "abc", 3); /* the old connection goes on */
    net_until (net->server.received->len == 3);
    net_reset (net);
    net_open (net);
    g_assert_cmpstr (dunlin_stream_peer (net->client.stream)->serial, !=, before);
}

static void
a_new_crl_holds_for_new_connections (Net *net)
{
    Pair *pair = net->data;
    long serial = tls_folder_issue (pair->folder, "other", &(TestLeaf){ .cn = "thief" });
    const char *crl = tls_folder_path (pair->folder, "crl.pem", "");
    g_autoptr (GError) error = NULL;

    replace (&pair->client, tls_folder_credentials (pair->folder, "other"));
    test_ca_write_crl (pair->folder->ca, 0, DAY, FALSE, crl);
    with_crl (net, "crl.pem");
    net_open (net);
    test_ca_write_crl (pair->folder->ca, serial, DAY, FALSE, crl);
    dunlin_credentials_reload (pair->server, &error);
    g_assert_no_error (error);
    net_reset (net);
    is_refused (net, "revoked", "revoked");
}

/* --- strangers --- */

static void
plain_text_is_told (Net *net, const char *text, gsize n, const char *what)
{
    g_autoptr (GByteArray) answer = NULL;
    int fd = net_connect_raw (net);

    net_send_raw (fd, text, n);
    answer = net_read_raw (fd, 1000);
    g_assert_cmpuint (answer->len, ==, 0);
    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    assert_says (net->server.reason, what);
    assert_says (net->server.reason, "tls.mode=off");
}

static void
http_is_told (Net *net)
{
    plain_text_is_told (net, "GET / HTTP/1.1\r\n\r\n", 18, "HTTP");
}

static void
framed_thrift_is_told (Net *net)
{
    plain_text_is_told (net, "\0\0\0\x11\x80\1\0\1\0\0\0\4ping\0\0\0\1\0", 21, "Thrift");
}

static void
buffered_thrift_is_told (Net *net)
{
    plain_text_is_told (net, "\x80\1\0\1\0\0\0\4ping\0\0\0\1\0", 17, "Thrift");
}

static void
ssh_is_told (Net *net)
{
    plain_text_is_told (net, "SSH-2.0-OpenSSH_9.2\r\n", 21, "SSH");
}

static void
a_health_check_is_no_failure (Net *net)
{
    int fd = net_connect_raw (net);

    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_no_error (net->server.reason);
    g_assert_cmpuint (net->server.n_opened, ==, 0);
}

static void
half_a_hello_is_told (Net *net)
{
    int fd = net_connect_raw (net);

    net_send_raw (fd, "\x16\3\1\2\0\1", 6);
    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
    assert_says (net->server.reason, "handshake");
}

/* Warnings and empty records that lead nowhere, and then a real hello. */
static void
alerts_before_the_hello_do_not_stall (Net *net)
{
    int fd = net_connect_raw (net);

    for (int i = 0; i < 200; i++)
        net_send_raw (fd, "\x15\3\1\0\2\1\x5a", 7); /* warning, user_canceled */
    net_until (net->server.n_closed == 1);
    g_assert_nonnull (net->server.reason);
    close (fd);
}

static void
a_plain_server_is_told (Net *net)
{
    net->wrap_server = NULL;
    net->server.echo = TRUE;
    net_connect (net);
    net_until (net->server.n_opened == 1);
    net_send (&net->server, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
    net_until (net->client.n_closed == 1);
    g_assert_error (net->client.reason, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    assert_says (net->client.reason, "TLS");
}

static void
a_refused_connect_is_told (Net *net)
{
    dunlin_listener_stop (net->listener);
    net_connect (net);
    net_until (net->client.n_closed == 1);
    g_assert_error (net->client.reason, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE);
}

/* --- bytes --- */

static void
echo (Net *net, gsize n, gsize chunk)
{
    g_autoptr (GByteArray) sent = net_pattern (n);

    net->server.echo = TRUE;
    net_open (net);
    for (gsize at = 0; at < n; at += chunk)
        net_send (&net->client, sent->data + at, MIN (chunk, n - at));
    net_until (net->client.received->len >= n);
    net_assert_same (net->client.received, sent);
    g_assert_cmpuint (dunlin_stream_unsent (net->client.stream), ==, 0);
}

static void
echoes_one_byte (Net *net)
{
    echo (net, 1, 1);
}

static void
echoes_odd_chunks (Net *net)
{
    echo (net, 100003, 997);
}

static void
echoes_32_mib (Net *net)
{
    echo (net, 32 * MIB, 7777777);
}

/* Both in the kernel before the server looks: the last handshake message and the first request. */
static void
a_request_right_behind_the_handshake_is_seen (Net *net)
{
    net->server.echo = TRUE;
    net_connect (net);
    net_send (&net->client, "early", 5);
    net_until (net->client.received->len == 5);
    net_assert_text (net->client.received, "early");
}

static void
slow_reader_fills_the_outbox_and_is_told_when_drained (Net *net)
{
    g_autoptr (GByteArray) sent = net_pattern (16 * MIB);

    net->client.pause_at = NET_OPENED;
    net_open (net);
    net_send (&net->server, sent->data, sent->len);
    net_until (dunlin_stream_unsent (net->server.stream) < sent->len);
    for (int i = 0; i < 20; i++)
        net_wait ("nothing", G_MAXINT64);
    g_assert_cmpuint (dunlin_stream_unsent (net->server.stream), >, 0);
    g_assert_cmpuint (net->server.n_drained, ==, 0);
    g_assert_cmpuint (net->client.received->len, ==, 0);
    dunlin_stream_resume (net->client.stream);
    net_until (net->server.n_drained == 1 && net->client.received->len == sent->len);
    net_assert_same (net->client.received, sent);
    g_assert_cmpuint (dunlin_stream_unsent (net->server.stream), ==, 0);
}

/* Each fills the other's pipe while its own is full. */
static void
both_ways_at_once (Net *net)
{
    g_autoptr (GByteArray) there = net_pattern (8 * MIB);
    g_autoptr (GByteArray) back = net_pattern (8 * MIB + 5);

    net->server.pause_at = net->client.pause_at = NET_OPENED;
    net_open (net);
    net_send (&net->client, there->data, there->len);
    net_send (&net->server, back->data, back->len);
    for (int i = 0; i < 20; i++)
        net_wait ("nothing", G_MAXINT64);
    dunlin_stream_resume (net->server.stream);
    dunlin_stream_resume (net->client.stream);
    net_until (net->server.received->len == there->len && net->client.received->len == back->len);
    net_assert_same (net->server.received, there);
    net_assert_same (net->client.received, back);
}

static void
paused_in_a_burst_goes_on_after_resuming (Net *net)
{
    g_autoptr (GByteArray) sent = net_pattern (MIB);

    net->server.pause_at = NET_INPUT;
    net_open (net);
    net_send (&net->client, sent->data, sent->len);
    while (net->server.received->len < sent->len) {
        guint before = net->server.n_input;

        net_until (net->server.n_input > before || net->server.received->len == sent->len);
        dunlin_stream_resume (net->server.stream);
    }
    net_assert_same (net->server.received, sent);
}

/* One byte a segment: no record comes in one piece. */
static void
records_in_pieces_are_put_together (Net *net)
{
    int fd = net_connect_raw (net);
    SSL *ssl = stock_ssl (stock_context (net, "client"), fd);
    BIO *out = BIO_new (BIO_s_mem ());
    char *data;
    long length;

    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    SSL_set0_wbio (ssl, out);
    g_assert_cmpint (SSL_write (ssl, "in pieces", 9), ==, 9);
    length = BIO_get_mem_data (out, &data);
    for (long i = 0; i < length; i++) {
        net_send_raw (fd, data + i, 1);
        net_wait ("nothing", G_MAXINT64);
    }
    net_until (net->server.received->len == 9);
    net_assert_text (net->server.received, "in pieces");
    SSL_free (ssl);
    close (fd);
}

static void
key_updates_are_answered (Net *net)
{
    g_autoptr (GByteArray) got = g_byte_array_new ();
    int fd = net_connect_raw (net);
    SSL *ssl = stock_of_version (net, fd, TLS1_3_VERSION);

    net->server.echo = TRUE;
    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    for (guint i = 1; i <= 100; i++) {
        g_assert_cmpint (SSL_key_update (ssl, SSL_KEY_UPDATE_REQUESTED), ==, 1);
        g_assert_cmpint (SSL_write (ssl, "k", 1), ==, 1);
    }
    g_assert_cmpint (stock_read (ssl, got, 100), ==, 0);
    SSL_free (ssl);
    close (fd);
}

/* --- ends --- */

static void
goodbye_is_an_orderly_end (Net *net)
{
    net_open (net);
    net_send (&net->client, "abc", 3);
    dunlin_stream_close (net->client.stream, dunlin_deadline_in (5 * G_USEC_PER_SEC));
    net_until (net->server.n_closed == 1 && net->client.n_closed == 1);
    g_assert_cmpuint (net->server.received->len, ==, 3);
    g_assert_no_error (net->server.reason);
    g_assert_no_error (net->client.reason);
}

static void
our_close_says_goodbye (Net *net)
{
    g_autoptr (GByteArray) sent = net_pattern (2 * MIB);
    g_autoptr (GByteArray) got = g_byte_array_new ();
    int fd = net_connect_raw (net);
    SSL *ssl = stock_ssl (stock_context (net, "client"), fd);

    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    net_until (net->server.n_opened == 1);
    net_send (&net->server, sent->data, sent->len);
    dunlin_stream_close (net->server.stream, dunlin_deadline_in (NET_PATIENCE));
    g_assert_cmpint (stock_read (ssl, got, G_MAXSIZE), ==, -SSL_ERROR_ZERO_RETURN);
    net_assert_same (got, sent);
    SSL_free (ssl);
    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_no_error (net->server.reason);
}

/* Request and goodbye in one wake-up; the other direction stays open for the reply. */
static void
half_closed_caller_still_gets_its_reply (Net *net)
{
    g_autoptr (GByteArray) got = g_byte_array_new ();
    int fd = net_connect_raw (net);
    SSL *ssl = stock_ssl (stock_context (net, "client"), fd);

    net->server.echo = TRUE;
    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    net_until (net->server.n_opened == 1);
    g_assert_cmpint (SSL_write (ssl, "request", 7), ==, 7);
    g_assert_cmpint (SSL_shutdown (ssl), ==, 0);
    g_assert_cmpint (stock_read (ssl, got, G_MAXSIZE), ==, -SSL_ERROR_ZERO_RETURN);
    net_assert_text (got, "request");
    net_until (net->server.n_closed == 1);
    g_assert_no_error (net->server.reason);
    SSL_free (ssl);
    close (fd);
}

/* Between two records: many callers leave like this. */
static void
an_end_without_goodbye_ends_the_stream (Net *net)
{
    int fd = net_connect_raw (net);
    SSL *ssl = stock_ssl (stock_context (net, "client"), fd);

    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    g_assert_cmpint (SSL_write (ssl, "abc", 3), ==, 3);
    shutdown (fd, SHUT_WR);
    net_until (net->server.n_closed == 1);
    net_assert_text (net->server.received, "abc");
    SSL_free (ssl);
    close (fd);
}

static void
a_record_that_is_cut_off_is_a_loss (Net *net)
{
    int fd = net_connect_raw (net);
    SSL *ssl = stock_ssl (stock_context (net, "client"), fd);

    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    net_until (net->server.n_opened == 1);
    net_send_raw (fd, "\x17\3\3\1\0abc", 8);
    shutdown (fd, SHUT_WR);
    net_until (net->server.n_closed == 1);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
    SSL_free (ssl);
    close (fd);
}

static void
a_forged_record_is_refused (Net *net)
{
    g_autoptr (GByteArray) got = g_byte_array_new ();
    int fd = net_connect_raw (net);
    SSL *ssl = stock_ssl (stock_context (net, "client"), fd);

    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    net_until (net->server.n_opened == 1);
    net_send_raw (fd, "\x17\3\3\0\40ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", 37);
    g_assert_cmpint (stock_read (ssl, got, 1), ==, SSL_AD_REASON_OFFSET + SSL_AD_BAD_RECORD_MAC);
    net_until (net->server.n_closed == 1);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    g_assert_cmpuint (net->server.received->len, ==, 0);
    SSL_free (ssl);
    close (fd);
}

/* Both in one wake-up: the end must not hide the forgery. */
static void
a_forged_record_before_an_end_is_refused (Net *net)
{
    int fd = net_connect_raw (net);
    SSL *ssl = stock_ssl (stock_context (net, "client"), fd);

    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    net_until (net->server.n_opened == 1);
    net_send_raw (fd, "\x17\3\3\0\40ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", 37);
    shutdown (fd, SHUT_WR);
    net_until (net->server.n_closed == 1);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    SSL_free (ssl);
    close (fd);
}

static void
reset_is_told_as_a_loss (Net *net)
{
    const struct linger now = { .l_onoff = 1, .l_linger = 0 };
    int fd = net_connect_raw (net);
    SSL *ssl = stock_ssl (stock_context (net, "client"), fd);

    g_assert_cmpint (stock_handshake (ssl), ==, 0);
    net_until (net->server.n_opened == 1);
    setsockopt (fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    SSL_free (ssl);
    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
}

static void
freed_in_the_handshake (Net *net)
{
    g_autoptr (GByteArray) nothing = NULL;
    int fd = net_connect_raw (net);

    net_send_raw (fd, "\x16\3\1\2\0\1", 6);
    net_wait ("nothing", G_MAXINT64);
    net_free (&net->server);
    nothing = net_read_raw (fd, 1);
    g_assert_cmpuint (nothing->len, ==, 0);
    close (fd);
}

static void
closed_in_the_handshake (Net *net)
{
    net_connect (net);
    net_until (net->n_accepted == 1);
    dunlin_stream_close (net->server.stream, dunlin_deadline_in (G_USEC_PER_SEC));
    net_until (net->client.n_closed == 1 && net->server.n_closed == 1);
}

static void
freed_inside (Net *net, NetMoment moment)
{
    net->server.free_at = moment;
    net_connect (net);
    net_until (net->client.n_opened == 1 || net->client.n_closed == 1);
    if (net->client.n_closed == 0)
        net_send (&net->client, "abc", 3);
    net_until (net->n_accepted == 1 && net->server.stream == NULL);
    net_until (net->client.n_closed == 1);
}

static void
freed_inside_opened (Net *net)
{
    freed_inside (net, NET_OPENED);
}

static void
freed_inside_input (Net *net)
{
    freed_inside (net, NET_INPUT);
}

/* What OpenSSL keeps for one that is idle: its buffers are given back. */
static void
an_idle_connection_waits_without_work (Net *net)
{
    struct rusage before, after;

    net_open (net);
    net_send (&net->client, "abc", 3);
    net_until (net->server.received->len == 3);
    getrusage (RUSAGE_SELF, &before);
    for (int i = 0; i < 200; i++)
        net_wait ("nothing", G_MAXINT64);
    getrusage (RUSAGE_SELF, &after);
    g_assert_cmpint (after.ru_utime.tv_sec - before.ru_utime.tv_sec, <=, 1);
    g_assert_cmpuint (net->server.n_input, ==, 1);
}

typedef struct {
    const char *name;
    void (*body) (Net *net);
} Case;

#define CASE(name, body)                                                                           \
    {                                                                                              \
        "/net/tls/" name, body                                                                     \
    }

static const Case cases[] = {
    CASE ("both-ends-know-each-other", both_ends_know_each_other),
    CASE ("speaks-1.3", speaks_1_3),
    CASE ("identity-is-the-dns-name-without-a-uri", identity_is_the_dns_name_without_a_uri),
    CASE ("identity-is-the-cn-without-names", identity_is_the_cn_without_names),
    CASE ("two-uris-are-no-identity", two_uris_are_no_identity),
    CASE ("a-line-feed-in-a-cn-is-no-identity", a_line_feed_in_a_cn_is_no_identity),
    CASE ("foreign-ca-is-refused", foreign_ca_is_refused),
    CASE ("expired-is-refused", expired_is_refused),
    CASE ("not-yet-valid-is-refused", not_yet_valid_is_refused),
    CASE ("server-purpose-is-refused", server_purpose_is_refused),
    CASE ("no-certificate-is-refused", no_certificate_is_refused),
    CASE ("a-ca-is-no-peer", a_ca_is_no_peer),
    CASE ("who-may-sign-is-no-peer", who_may_sign_is_no_peer),
    CASE ("weak-key-is-refused", weak_key_is_refused),
    CASE ("revoked-is-refused", revoked_is_refused),
    CASE ("others-are-let-in-with-a-crl", others_are_let_in_with_a_crl),
    CASE ("a-revoked-intermediate-is-refused", a_revoked_intermediate_is_refused),
    CASE ("an-intermediate-that-is-sent-along-is-enough",
          an_intermediate_that_is_sent_along_is_enough),
    CASE ("a-wrong-name-is-refused", a_wrong_name_is_refused),
    CASE ("a-wrong-address-is-refused", a_wrong_address_is_refused),
    CASE ("a-cn-is-no-name-of-a-server", a_cn_is_no_name_of_a_server),
    CASE ("an-empty-name-is-no-name", an_empty_name_is_no_name),
    CASE ("a-clients-certificate-is-no-servers", a_clients_certificate_is_no_servers),
    CASE ("a-foreign-server-is-refused", a_foreign_server_is_refused),
    CASE ("an-address-is-found-among-the-names", an_address_is_found_among_the_names),
    CASE ("without-a-name-the-chain-is-enough", without_a_name_the_chain_is_enough),
    CASE ("speaks-1.2", speaks_1_2),
    CASE ("refuses-1.1", refuses_1_1),
    CASE ("refuses-1.2-when-told", refuses_1_2_when_told),
    CASE ("no-cipher-in-common-is-told", no_cipher_in_common_is_told),
    CASE ("takes-the-suite-that-is-set", takes_the_suite_that_is_set),
    CASE ("offers-no-compression-nor-tickets", offers_no_compression_nor_tickets),
    CASE ("renegotiation-is-refused", renegotiation_is_refused),
    CASE ("resumes-1.3-when-on", resumes_1_3_when_on),
    CASE ("resumes-1.2-when-on", resumes_1_2_when_on),
    CASE ("resumes-after-a-connection-was-cut", resumes_after_a_connection_was_cut),
    CASE ("a-reload-ends-all-sessions", a_reload_ends_all_sessions),
    CASE ("does-not-resume-by-default", does_not_resume_by_default),
    CASE ("new-connections-get-the-new-certificate", new_connections_get_the_new_certificate),
    CASE ("a-new-crl-holds-for-new-connections", a_new_crl_holds_for_new_connections),
    CASE ("http-is-told", http_is_told),
    CASE ("framed-thrift-is-told", framed_thrift_is_told),
    CASE ("buffered-thrift-is-told", buffered_thrift_is_told),
    CASE ("ssh-is-told", ssh_is_told),
    CASE ("a-health-check-is-no-failure", a_health_check_is_no_failure),
    CASE ("half-a-hello-is-told", half_a_hello_is_told),
    CASE ("alerts-before-the-hello-do-not-stall", alerts_before_the_hello_do_not_stall),
    CASE ("a-plain-server-is-told", a_plain_server_is_told),
    CASE ("a-refused-connect-is-told", a_refused_connect_is_told),
    CASE ("echoes-one-byte", echoes_one_byte),
    CASE ("echoes-odd-chunks", echoes_odd_chunks),
    CASE ("echoes-32-mib", echoes_32_mib),
    CASE ("a-request-right-behind-the-handshake-is-seen",
          a_request_right_behind_the_handshake_is_seen),
    CASE ("slow-reader-fills-the-outbox-and-is-told-when-drained",
          slow_reader_fills_the_outbox_and_is_told_when_drained),
    CASE ("both-ways-at-once", both_ways_at_once),
    CASE ("paused-in-a-burst-goes-on-after-resuming", paused_in_a_burst_goes_on_after_resuming),
    CASE ("records-in-pieces-are-put-together", records_in_pieces_are_put_together),
    CASE ("key-updates-are-answered", key_updates_are_answered),
    CASE ("goodbye-is-an-orderly-end", goodbye_is_an_orderly_end),
    CASE ("our-close-says-goodbye", our_close_says_goodbye),
    CASE ("half-closed-caller-still-gets-its-reply", half_closed_caller_still_gets_its_reply),
    CASE ("an-end-without-goodbye-ends-the-stream", an_end_without_goodbye_ends_the_stream),
    CASE ("a-record-that-is-cut-off-is-a-loss", a_record_that_is_cut_off_is_a_loss),
    CASE ("a-forged-record-is-refused", a_forged_record_is_refused),
    CASE ("a-forged-record-before-an-end-is-refused", a_forged_record_before_an_end_is_refused),
    CASE ("reset-is-told-as-a-loss", reset_is_told_as_a_loss),
    CASE ("freed-in-the-handshake", freed_in_the_handshake),
    CASE ("closed-in-the-handshake", closed_in_the_handshake),
    CASE ("freed-inside-opened", freed_inside_opened),
    CASE ("freed-inside-input", freed_inside_input),
    CASE ("an-idle-connection-waits-without-work", an_idle_connection_waits_without_work),
};

static void
test (gconstpointer data)
{
    const Case *one = data;
    Pair pair = { .folder = tls_folder_new () };

    pair.server = tls_folder_credentials (pair.folder, "server");
    pair.client = tls_folder_credentials (pair.folder, "client");
    pair.server_name = "localhost";
    net_run (one->body, wrap_server, wrap_client, &pair);
    dunlin_credentials_unref (pair.server);
    dunlin_credentials_unref (pair.client);
    tls_folder_free (pair.folder);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        g_test_add_data_func (cases[i].name, &cases[i], test);
    return g_test_run ();
}
