/* Two-way TLS in front of a real server, with the certificates of certs/make-dev-ca: who comes in,
 * under what name, who does not and what the log says of it, and what changes while it runs. */
#include <glib/gstdio.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/log_capture.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

#define PING_FRAME "00000011 80010001 00000004 \"ping\" 00000007 00"
#define PONG_FRAME "0000001c 80010002 00000004 \"ping\" 00000007 0b0000 00000004 \"pong\" 00"
#define CONTEXT    "00000014 80010001 00000007 \"context\" 00000007 00"

/* What make-dev-ca made, for all tests; each server has copies of what it is given. */
static char *made;

typedef struct {
    char *folder;
    DunlinCredentials *credentials;
    TestServer *server;
    GObject *handler;
} Fixture;

typedef struct {
    TestServerOptions server;
    gboolean without_crl;
} Options;

/* A blocking caller over TLS. */
typedef struct {
    int fd;
    SSL_CTX *context;
    SSL *ssl;
    gboolean open; /* the handshake went well as far as we can tell */
} Caller;

/* ---- Files ---- */

static char *
path_of (const Fixture *f, const char *name)
{
    return g_build_filename (f->folder, name, NULL);
}

static char *
read_made (const char *name, gsize *length)
{
    g_autofree char *path = g_build_filename (made, name, NULL);
    g_autoptr (GError) error = NULL;
    char *text;

    g_file_get_contents (path, &text, length, &error);
    g_assert_no_error (error);
    return text;
}

/* Replaces the server's @to at once, as a careful operator does. */
static void
put (const Fixture *f, const char *to, const char *text, gsize length)
{
    g_autofree char *path = path_of (f, to);
    g_autoptr (GError) error = NULL;

    g_file_set_contents_full (path, text, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                              &error);
    g_assert_no_error (error);
}

static void
copy (const Fixture *f, const char *from, const char *to)
{
    gsize length;
    g_autofree char *text = read_made (from, &length);

    put (f, to, text, length);
}

static void
make_certificates (void)
{
    g_autofree char *script =
        g_build_filename (g_getenv ("DUNLIN_SOURCE_DIR"), "certs", "make-dev-ca", NULL);
    const char *command[] = { script, "--all", made, NULL };
    g_autoptr (GError) error = NULL;
    int status;

    g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                  &status, &error);
    g_assert_no_error (error);
    g_assert_cmpint (status, ==, 0);
}

static void
remove_folder (const char *path)
{
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *file = g_build_filename (path, name, NULL);

        g_unlink (file);
    }
    g_rmdir (path);
}

/* ---- The server ---- */

static DunlinCredentials *
load (const Fixture *f, gboolean without_crl)
{
    g_autofree char *certificate = path_of (f, "server.pem");
    g_autofree char *key = path_of (f, "server.key");
    g_autofree char *ca = path_of (f, "ca.pem");
    g_autofree char *crl = path_of (f, "crl.pem");
    DunlinTlsConfig config = { .certificate = certificate,
                               .key = key,
                               .ca = ca,
                               .crl = without_crl ? NULL : crl,
                               .min_version = "1.2",
                               .require_client_certificate = TRUE };
    g_autoptr (GError) error = NULL;
    DunlinCredentials *credentials = dunlin_credentials_new (&config, &error);

    g_assert_no_error (error);
    return credentials;
}

static void
setup (Fixture *f, gconstpointer data)
{
    static const Options defaults;
    const Options *options = data != NULL ? data : &defaults;
    TestServerOptions server = options->server;

    test_log_clear ();
    f->folder = g_dir_make_tmp ("dunlin-tls-session-XXXXXX", NULL);
    g_assert_nonnull (f->folder);
    copy (f, "server.pem", "server.pem");
    copy (f, "server.key", "server.key");
    copy (f, "ca.pem", "ca.pem");
    copy (f, "crl.pem", "crl.pem");
    f->credentials = load (f, options->without_crl);
    server.credentials = f->credentials;
    f->handler = tiny_handler_new ();
    f->server = test_server_new (&tiny_service, f->handler, &server);
}

static void
teardown (Fixture *f, gconstpointer data)
{
    test_server_free (f->server);
    g_object_unref (f->handler);
    dunlin_credentials_unref (f->credentials);
    remove_folder (f->folder);
    g_free (f->folder);
}

static gboolean
reload (Fixture *f, GError **error)
{
    g_assert_true (dunlin_credentials_have_changed (f->credentials));
    return dunlin_credentials_reload (f->credentials, error);
}

/* ---- Callers ---- */

/* Connects with the certificate of @name, %NULL for none; @version 0 is any. */
static Caller *
caller_new (Fixture *f, const char *name, int version)
{
    Caller *self = g_new0 (Caller, 1);

    self->fd = test_connect (test_server_port (f->server));
    self->context = SSL_CTX_new (TLS_client_method ());
    SSL_CTX_set_min_proto_version (self->context, version);
    SSL_CTX_set_max_proto_version (self->context, version);
    if (version == TLS1_1_VERSION)
        SSL_CTX_set_cipher_list (self->context, "ALL:@SECLEVEL=0");
    if (name != NULL) {
        g_autofree char *stem = g_build_filename (made, name, NULL);
        g_autofree char *certificate = g_strconcat (stem, ".pem", NULL);
        g_autofree char *key = g_strconcat (stem, ".key", NULL);

        g_assert_cmpint (
            SSL_CTX_use_certificate_file (self->context, certificate, SSL_FILETYPE_PEM), ==, 1);
        g_assert_cmpint (SSL_CTX_use_PrivateKey_file (self->context, key, SSL_FILETYPE_PEM), ==, 1);
    }
    self->ssl = SSL_new (self->context);
    SSL_set_fd (self->ssl, self->fd);
    self->open = SSL_connect (self->ssl) == 1;
    return self;
}

static void
caller_free (Caller *self)
{
    SSL_free (self->ssl);
    SSL_CTX_free (self->context);
    close (self->fd);
    g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Caller, caller_free)

static gboolean
caller_send (Caller *self, const char *hex)
{
    g_autoptr (GByteArray) bytes = test_bytes (hex);

    return SSL_write (self->ssl, bytes->data, (int)bytes->len) == (int)bytes->len;
}

/* Returns: (nullable): exactly @n bytes; %NULL when the server ends first. */
static GByteArray *
caller_receive (Caller *self, guint n)
{
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    g_byte_array_set_size (bytes, n);
    for (guint have = 0; have < n;) {
        int got = SSL_read (self->ssl, bytes->data + have, (int)(n - have));

        if (got <= 0)
            return NULL;
        have += (guint)got;
    }
    return g_steal_pointer (&bytes);
}

/* Whether the server answers. */
static gboolean
caller_is_served (Caller *self)
{
    g_autoptr (GByteArray) expected = test_bytes (PONG_FRAME);
    g_autoptr (GByteArray) reply = NULL;

    if (!self->open || !caller_send (self, PING_FRAME))
        return FALSE;
    reply = caller_receive (self, expected->len);
    return reply != NULL && memcmp (reply->data, expected->data, expected->len) == 0;
}

static gboolean
is_served (Fixture *f, const char *name)
{
    g_autoptr (Caller) caller = caller_new (f, name, 0);

    return caller_is_served (caller);
}

/* What the handler is told of the caller. */
static void
assert_context (Caller *self, const char *expected)
{
    g_autoptr (GByteArray) size = NULL;
    g_autoptr (GByteArray) reply = NULL;

    g_assert_true (caller_send (self, CONTEXT));
    size = caller_receive (self, 4);
    g_assert_nonnull (size);
    reply = caller_receive (self, (guint)size->data[2] << 8 | size->data[3]);
    g_assert_nonnull (reply);
    g_test_message ("%.*s", (int)reply->len - 27, (const char *)reply->data + 26);
    g_assert_true (test_has (reply, expected));
}

static char *
subject_of_server (Caller *self)
{
    X509 *certificate = SSL_get1_peer_certificate (self->ssl);
    char name[256];

    g_assert_nonnull (certificate);
    X509_NAME_oneline (X509_get_subject_name (certificate), name, sizeof name);
    X509_free (certificate);
    return g_strdup (name);
}

static gboolean
was_logged (gpointer data)
{
    return test_log_count (G_LOG_LEVEL_WARNING, data) > 0;
}

static void
wait_for_log (const char *text)
{
    test_wait_for (was_logged, (gpointer)text, text);
}

/* ---- Who comes in ---- */

typedef struct {
    const char *path;
    const char *certificate;
    int version;
    const char *told;
} Welcome;

static const Welcome welcome[] = {
    { "/server/tls/identity/uri", "client", 0, " identity=spiffe://dunlin.dev/client tls=" },
    { "/server/tls/identity/dns", "client-dns", 0, " identity=client.dunlin.dev tls=" },
    { "/server/tls/identity/cn", "client-cn", 0, " identity=client-cn.dunlin.dev tls=" },
    { "/server/tls/version/1.2", "client", TLS1_2_VERSION, " tls=TLSv1.2" },
    { "/server/tls/version/1.3", "client", TLS1_3_VERSION, " tls=TLSv1.3" },
};

static void
check_welcome (Fixture *f, gconstpointer data)
{
    const Welcome *expected = data;
    g_autoptr (Caller) caller = caller_new (f, expected->certificate, expected->version);

    g_assert_true (caller_is_served (caller));
    assert_context (caller, expected->told);
    g_assert_true (caller_is_served (caller));
}

static void
mux_over_tls (Fixture *f, gconstpointer data)
{
    g_autoptr (Caller) caller = caller_new (f, "client", 0);
    g_autoptr (GByteArray) expected =
        test_bytes ("0000002a bc000001 0001 0000000a \"mux-framer\" 00000004 7fffffff"
                    "00000003 \"tls\" 00000003 \"off\""
                    "00000023 fe000002 00 0000 80010002 00000004 \"ping\" 00000000"
                    "0b0000 00000004 \"pong\" 00");
    g_autoptr (GByteArray) reply = NULL;

    /* Who wants TLS has it already, whatever its Tinit says. */
    g_assert_true (caller_send (caller, "00000019 44000001 0001 00000003 \"tls\""
                                        "00000008 \"required\""
                                        "0000001b 02000002 0000 0000 0000"
                                        "80010001 00000004 \"ping\" 00000000 00"));
    reply = caller_receive (caller, expected->len);
    g_assert_nonnull (reply);
    g_assert_true (memcmp (reply->data, expected->data, expected->len) == 0);
}

static void
large_replies_over_tls (Fixture *f, gconstpointer data)
{
    g_autoptr (Caller) caller = caller_new (f, "client", 0);
    g_autoptr (GByteArray) reply = NULL;
    guint n = 5 * 1024 * 1024;

    g_assert_true (
        caller_send (caller, "00000017 80010001 00000003 \"big\" 00000007 080001 00500000 00"));
    reply = caller_receive (caller, n + 27);
    g_assert_nonnull (reply);
    for (guint i = 0; i < n; i++)
        g_assert_cmpuint (reply->data[26 + i], ==, 'a' + i % 23);
    g_assert_true (caller_is_served (caller));
}

/* ---- Who does not ---- */

typedef struct {
    const char *path;
    const char *certificate; /* NULL: shows none */
    int version;
    const char *why;
} Refusal;

static const Refusal refusals[] = {
    { "/server/tls/refused/wrong-ca", "foreign-client", 0, "it comes from no CA in tls.ca" },
    { "/server/tls/refused/expired", "expired", 0, "certificate has expired" },
    { "/server/tls/refused/revoked", "revoked", 0, "certificate revoked: tls.crl names it" },
    { "/server/tls/refused/missing", NULL, 0, "the peer showed no certificate" },
    { "/server/tls/refused/not-a-clients", "server-only", 0,
      "its extended key usage is not meant for this side" },
    { "/server/tls/refused/wrong-ca-1.2", "foreign-client", TLS1_2_VERSION,
      "it comes from no CA in tls.ca" },
    { "/server/tls/refused/missing-1.2", NULL, TLS1_2_VERSION, "the peer showed no certificate" },
    { "/server/tls/refused/old-version", "client", TLS1_1_VERSION, "older than tls.min-version" },
};

static void
check_refusal (Fixture *f, gconstpointer data)
{
    const Refusal *expected = data;
    g_autoptr (Caller) other = caller_new (f, "client", 0);
    g_autoptr (Caller) refused = NULL;

    g_assert_true (caller_is_served (other));
    refused = caller_new (f, expected->certificate, expected->version);
    g_assert_false (caller_is_served (refused));
    wait_for_log (expected->why);
    wait_for_log ("refused: ");
    g_assert_true (caller_is_served (other));
    g_assert_true (is_served (f, "client"));
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, ""), ==, 1);
}

typedef struct {
    const char *path;
    const char *hex;
    const char *why;
} Plain;

static const Plain plain[] = {
    { "/server/tls/plain/framed", PING_FRAME, "framed Thrift or ThriftMux without TLS" },
    { "/server/tls/plain/mux", "0000000f 7f000001 \"tinit check\"",
      "framed Thrift or ThriftMux without TLS" },
    { "/server/tls/plain/buffered", "80010001 00000004 \"ping\" 00000007 00",
      "buffered Thrift without TLS" },
    { "/server/tls/plain/http", "\"GET / HTTP/1.1\" 0d0a0d0a", "an HTTP request without TLS" },
    { "/server/tls/plain/ssh", "\"SSH-2.0-OpenSSH_9.2\" 0d0a", "an SSH client without TLS" },
};

static void
check_plain (Fixture *f, gconstpointer data)
{
    const Plain *expected = data;
    int fd = test_connect (test_server_port (f->server));
    char bytes[64];

    test_send_hex (fd, expected->hex);
    while (recv (fd, bytes, sizeof bytes, 0) > 0)
        ; /* an alert, which is no harm */
    close (fd);
    wait_for_log (expected->why);
    g_assert_true (is_served (f, "client"));
}

/* ---- Handshakes that take too long, and too many ---- */

static const Options hasty = { .server = { .handshake_timeout = 300000 } };

static void
a_silent_caller_is_cut_off (Fixture *f, gconstpointer data)
{
    int fd = test_connect (test_server_port (f->server));

    g_assert_true (test_is_closed (fd));
    close (fd);
    wait_for_log ("cut off: no finished TLS handshake within 300 ms");
    g_assert_true (is_served (f, "client"));
}

static void
a_caller_that_stops_half_way_is_cut_off (Fixture *f, gconstpointer data)
{
    int fd = test_connect (test_server_port (f->server));

    test_send_hex (fd, "1603010200 010001fc"); /* the beginning of a ClientHello */
    g_assert_true (test_is_closed (fd));
    close (fd);
    wait_for_log ("no finished TLS handshake");
}

static const Options narrow = { .server = { .max_handshakes = 2, .n_loops = 1 } };

/* Two that say nothing hold both places, but not for long: whoever comes after them waits a moment,
 * not until they are cut off. */
static void
silent_callers_keep_nobody_out (Fixture *f, gconstpointer data)
{
    gint64 start = g_get_monotonic_time ();
    int silent[2];
    gint64 waited;

    for (int i = 0; i < 2; i++)
        silent[i] = test_connect (test_server_port (f->server));
    g_assert_true (is_served (f, "client"));
    waited = g_get_monotonic_time () - start;
    g_assert_cmpint (waited, >=, 200000);
    for (int i = 0; i < 2; i++) {
        char byte;

        g_assert_cmpint (recv (silent[i], &byte, 1, MSG_DONTWAIT), ==, -1); /* still there */
        close (silent[i]);
    }
}

static gpointer
be_served (gpointer data)
{
    return GINT_TO_POINTER (is_served (data, "client"));
}

static void
a_storm_of_callers_is_served (Fixture *f, gconstpointer data)
{
    GThread *threads[40];

    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("caller", be_served, f);
    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        g_assert_true (GPOINTER_TO_INT (g_thread_join (threads[i])));
}

/* ---- Reload ---- */

static void
new_files_are_for_new_sessions (Fixture *f, gconstpointer data)
{
    g_autoptr (Caller) old = caller_new (f, "client", 0);
    g_autoptr (Caller) new = NULL;
    g_autofree char *subject = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (caller_is_served (old));
    copy (f, "server-only.pem", "server.pem");
    copy (f, "server-only.key", "server.key");
    g_assert_true (reload (f, &error));
    g_assert_no_error (error);
    new = caller_new (f, "client", 0);
    g_assert_true (caller_is_served (new));
    subject = subject_of_server (new);
    g_assert_cmpstr (subject, ==, "/CN=server-only.dunlin.dev");
    g_assert_true (caller_is_served (old));
}

static void
break_certificate (Fixture *f)
{
    put (f, "server.pem", "-----BEGIN CERTIFICATE-----\nnot\n", 31);
}

static void
forget_key (Fixture *f)
{
    copy (f, "server-only.pem", "server.pem"); /* with the old key still in place */
}

static void
remove_ca (Fixture *f)
{
    g_autofree char *path = path_of (f, "ca.pem");

    g_unlink (path);
}

static void
open_key (Fixture *f)
{
    g_autofree char *path = path_of (f, "server.key");

    copy (f, "server.key", "server.key");
    g_chmod (path, 0644);
}

static void
use_foreign_certificate (Fixture *f)
{
    copy (f, "foreign-client.pem", "server.pem");
    copy (f, "foreign-client.key", "server.key");
}

static void
empty_crl (Fixture *f)
{
    put (f, "crl.pem", "", 0);
}

typedef struct {
    const char *path;
    void (*spoil) (Fixture *f);
    const char *file;
} Spoiled;

static const Spoiled spoiled[] = {
    { "/server/tls/reload/broken-certificate", break_certificate, "server.pem" },
    { "/server/tls/reload/key-of-another", forget_key, "server.key" },
    { "/server/tls/reload/no-ca", remove_ca, "ca.pem" },
    { "/server/tls/reload/key-for-all-to-read", open_key, "server.key" },
    { "/server/tls/reload/foreign-certificate", use_foreign_certificate, "server.pem" },
    { "/server/tls/reload/empty-crl", empty_crl, "crl.pem" },
};

static void
a_bad_new_file_keeps_the_old (Fixture *f, gconstpointer data)
{
    const Spoiled *what = data;
    g_autoptr (Caller) old = caller_new (f, "client", 0);
    g_autoptr (Caller) new = NULL;
    g_autofree char *subject = NULL;
    g_autoptr (GError) error = NULL;

    what->spoil (f);
    g_assert_false (reload (f, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, what->file));
    g_assert_false (dunlin_credentials_have_changed (f->credentials)); /* told once */
    new = caller_new (f, "client", 0);
    g_assert_true (caller_is_served (new));
    subject = subject_of_server (new);
    g_assert_cmpstr (subject, ==, "/CN=server.dunlin.dev");
    g_assert_true (caller_is_served (old));
    g_assert_false (is_served (f, "revoked"));
}

static const Options no_crl = { .without_crl = TRUE };

static void
a_new_ca_lets_its_callers_in (Fixture *f, gconstpointer data)
{
    g_autofree char *ours = read_made ("ca.pem", NULL);
    g_autofree char *foreign = read_made ("foreign-ca.pem", NULL);
    g_autofree char *both = g_strconcat (ours, foreign, NULL);
    g_autoptr (Caller) caller = NULL;

    g_assert_false (is_served (f, "foreign-client"));
    put (f, "ca.pem", both, strlen (both));
    g_assert_true (reload (f, NULL));
    caller = caller_new (f, "foreign-client", 0);
    g_assert_true (caller_is_served (caller));
    put (f, "ca.pem", ours, strlen (ours));
    g_assert_true (reload (f, NULL));
    g_assert_false (is_served (f, "foreign-client"));
    g_assert_true (caller_is_served (caller)); /* who is in stays in */
    g_assert_true (is_served (f, "client"));
}

/* ---- The end ---- */

static void
draining_says_goodbye (Fixture *f, gconstpointer data)
{
    g_autoptr (Caller) caller = caller_new (f, "client", 0);
    char byte;
    int got;

    g_assert_true (caller_is_served (caller));
    test_server_drain (f->server, 5 * G_USEC_PER_SEC);
    got = SSL_read (caller->ssl, &byte, 1);
    g_assert_cmpint (SSL_get_error (caller->ssl, got), ==, SSL_ERROR_ZERO_RETURN);
    shutdown (caller->fd, SHUT_RDWR);
    test_server_wait_drained (f->server);
}

#define TEST(name, options, func)                                                                  \
    g_test_add ("/server/tls/" name, Fixture, options, setup, func, teardown)

/* The default server for each row of a table; the row is the test's. */
#define TEST_ROWS(rows, check)                                                                     \
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)                                                \
    g_test_add_vtable ((rows)[i].path, sizeof (Fixture), &(rows)[i], (GTestFixtureFunc)setup_row,  \
                       (GTestFixtureFunc)check, (GTestFixtureFunc)teardown)

static void
setup_row (Fixture *f, gconstpointer row)
{
    setup (f, NULL);
}

int
main (int argc, char *argv[])
{
    int status;

    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    signal (SIGPIPE, SIG_IGN); /* a refused caller may write to what is closed */
    made = g_dir_make_tmp ("dunlin-certs-XXXXXX", NULL);
    make_certificates ();
    TEST_ROWS (welcome, check_welcome);
    TEST ("mux", NULL, mux_over_tls);
    TEST ("large-replies", NULL, large_replies_over_tls);
    TEST_ROWS (refusals, check_refusal);
    TEST_ROWS (plain, check_plain);
    TEST ("handshake/silent", &hasty, a_silent_caller_is_cut_off);
    TEST ("handshake/half-way", &hasty, a_caller_that_stops_half_way_is_cut_off);
    TEST ("handshake/silent-callers-keep-nobody-out", &narrow, silent_callers_keep_nobody_out);
    TEST ("handshake/storm", &narrow, a_storm_of_callers_is_served);
    TEST ("reload/new-sessions", NULL, new_files_are_for_new_sessions);
    TEST_ROWS (spoiled, a_bad_new_file_keeps_the_old);
    TEST ("reload/new-ca", &no_crl, a_new_ca_lets_its_callers_in);
    TEST ("draining-says-goodbye", NULL, draining_says_goodbye);
    status = g_test_run ();
    remove_folder (made);
    g_free (made);
    return status;
}
