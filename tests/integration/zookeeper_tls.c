/* Joining and following serversets in a ZooKeeper that wants TLS and clients' certificates. */
#include "support/announced.h"
#include "support/log_capture.h"
#include "support/resolved.h"
#include "support/tls_folder.h"
#include "support/zookeeper_client.h"
#include "support/zookeeper_server.h"

#include "net/tcp.h"

#include <string.h>

#define PORT   9501
#define MEMBER "bound 127.0.0.1:9501"
#define DAY    (24 * 3600)

/* One server for most cases: each has a path of its own. */
static TlsFolder *folder;
static TestZookeeperServer *server;

/* Returns: (transfer none): a file with key and certificate of @name, as the server reads them. */
static const char *
identity_of (const char *name)
{
    const char *path = tls_folder_path (folder, name, ".identity.pem");
    g_autofree char *key = NULL, *certificate = NULL, *both = NULL;

    g_assert_true (g_file_get_contents (tls_folder_path (folder, name, ".key"), &key, NULL, NULL));
    g_assert_true (
        g_file_get_contents (tls_folder_path (folder, name, ".pem"), &certificate, NULL, NULL));
    both = g_strconcat (key, certificate, NULL);
    g_assert_true (g_file_set_contents (path, both, -1, NULL));
    return path;
}

static TestZookeeperServer *
start_server (const char *name)
{
    return test_zookeeper_server_new_secure (identity_of (name),
                                             tls_folder_path (folder, "ca", ".pem"));
}

static char *
servers_text (const char *host)
{
    return g_strdup_printf ("%s:%u", host, test_zookeeper_server_secure_port (server));
}

static DunlinAnnounceConfig
config_for (const char *servers, const char *path, const DunlinZookeeperTls *tls)
{
    return (DunlinAnnounceConfig){ .servers = servers,
                                   .path = path,
                                   .host = "127.0.0.1",
                                   .port = PORT,
                                   .session_timeout_ms = 6000,
                                   .tls = tls };
}

static TestResolved *
follow (const char *servers, const char *path, const DunlinZookeeperTls *tls)
{
    g_autofree char *name = g_strdup_printf ("zk2!%s!%s", servers, path);
    DunlinResolverOptions options = { .session_timeout_ms = 6000, .limbo_ms = 300, .tls = tls };

    return test_resolved_new (name, &options);
}

/* Until a warning says @what. */
static void
wait_warning (const char *what)
{
    gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

    while (test_log_count (G_LOG_LEVEL_WARNING, what) == 0) {
        if (g_get_monotonic_time () > end)
            g_error ("no warning says '%s'", what);
        g_usleep (10 * G_TIME_SPAN_MILLISECOND);
    }
}

static void
members_are_announced_and_found (void)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "client");
    DunlinZookeeperTls tls = { .credentials = credentials };
    g_autofree char *servers = servers_text ("localhost");
    g_autofree char *with_chroot = g_strconcat (servers, "/prod", NULL);
    DunlinAnnounceConfig config = config_for (with_chroot, "/services/book", &tls);
    g_autoptr (TestZookeeperClient) client =
        test_zookeeper_client_new (test_zookeeper_server_address (server), NULL);
    g_autoptr (TestResolved) resolved = follow (servers, "/prod/services/book", &tls);
    g_autoptr (TestAnnounced) announced = test_announced_new (&config);
    g_auto (GStrv) children = NULL;

    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    test_resolved_wait (resolved, MEMBER);
    children = test_zookeeper_client_children (client, "/prod/services/book");
    g_assert_cmpuint (g_strv_length (children), ==, 1);
    g_assert_true (test_announced_leave (announced));
    test_resolved_wait (resolved, "empty");
}

/* Who is authenticated owns what it makes: our user, and the subject of our certificate. */
static void
the_ensemble_knows_our_certificate (void)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "client");
    DunlinZookeeperTls tls = { .credentials = credentials };
    g_autofree char *servers = servers_text ("localhost");
    DunlinAnnounceConfig config = config_for (servers, "/owned", &tls);
    g_autoptr (TestZookeeperClient) client =
        test_zookeeper_client_new (test_zookeeper_server_address (server), NULL);
    g_autoptr (TestAnnounced) announced = NULL;
    g_autofree char *acl = NULL;

    config.digest = "svc:secret";
    announced = test_announced_new (&config);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    acl = test_zookeeper_client_get_acl (client, "/owned");
    g_assert_nonnull (strstr (acl, "digest:svc:"));
    g_assert_nonnull (strstr (acl, "x509:CN=test"));
    g_assert_true (test_announced_leave (announced));
}

/* Nothing has to be restarted: the right CA is put into the file, and the files are read again. */
static void
wrong_ca_is_named_and_mended_by_a_reload (void)
{
    const char *path = tls_folder_path (folder, "changing-ca", ".pem");
    DunlinTlsConfig files = tls_folder_config (folder, "client");
    g_autoptr (TestCa) other = test_ca_new ("Other CA");
    g_autoptr (DunlinCredentials) credentials = NULL;
    g_autoptr (GError) error = NULL;
    DunlinZookeeperTls tls = { 0 };
    g_autofree char *servers = servers_text ("localhost");
    DunlinAnnounceConfig config = config_for (servers, "/reloaded", &tls);
    g_autoptr (TestAnnounced) announced = NULL;

    test_ca_write (other, path);
    files.ca = path;
    files.foreign_ca = TRUE;
    credentials = dunlin_credentials_new (&files, &error);
    g_assert_no_error (error);
    tls.credentials = credentials;
    test_log_clear ();
    announced = test_announced_new (&config);
    wait_warning ("no TLS connection to ZooKeeper localhost:");
    wait_warning ("it comes from no CA");
    test_ca_append (folder->ca, path);
    g_assert_true (dunlin_credentials_reload (credentials, &error));
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, "it comes from no CA"), <=, 2);
    g_assert_true (test_announced_leave (announced));
}

static void
refused (const char *servers, const DunlinZookeeperTls *tls, const char *problem)
{
    DunlinAnnounceConfig config = config_for (servers, "/refused", tls);
    g_autoptr (TestAnnounced) announced = NULL;

    test_log_clear ();
    announced = test_announced_new (&config);
    wait_warning (problem);
    g_assert_cmpuint (test_announced_count (announced, DUNLIN_ANNOUNCER_RECONCILING), ==, 0);
}

static void
wrong_host_name_is_refused (void)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "client");
    DunlinZookeeperTls tls = { .credentials = credentials, .server_name = "zk9.test" };
    g_autofree char *servers = servers_text ("localhost");

    refused (servers, &tls, "it is not for the name or address that was called");
}

/* The name is the host's of the setting, not the address that it has. */
static void
every_host_answers_for_its_own_name (void)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "client");
    DunlinZookeeperTls tls = { .credentials = credentials };
    g_autofree char *by_address = NULL, *by_name = NULL;
    g_autoptr (TestAnnounced) announced = NULL;
    DunlinAnnounceConfig config;
    TestZookeeperServer *common = server;

    tls_folder_issue (folder, "named", &(TestLeaf){ .san = "DNS:localhost" });
    server = start_server ("named");
    by_address = servers_text ("127.0.0.1");
    by_name = servers_text ("localhost");
    refused (by_address, &tls, "it is not for the name or address that was called");
    config = config_for (by_name, "/named", &tls);
    announced = test_announced_new (&config);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    g_assert_true (test_announced_leave (announced));
    test_zookeeper_server_free (server);
    server = common;
}

static void
an_expired_certificate_is_refused (void)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "client");
    DunlinZookeeperTls tls = { .credentials = credentials };
    g_autofree char *servers = NULL;
    TestZookeeperServer *common = server;

    tls_folder_issue (folder, "old",
                      &(TestLeaf){ .san = "DNS:localhost", .begins = -2 * DAY, .ends = -DAY });
    server = start_server ("old");
    servers = servers_text ("localhost");
    refused (servers, &tls, "certificate has expired: the peer needs a new one");
    test_zookeeper_server_free (server);
    server = common;
}

static void
a_certificate_that_the_ensemble_refuses_is_named (void)
{
    g_autoptr (TestCa) other = test_ca_new ("Other CA");
    DunlinTlsConfig files = tls_folder_config (folder, "foreign");
    g_autoptr (DunlinCredentials) credentials = NULL;
    g_autoptr (GError) error = NULL;
    DunlinZookeeperTls tls = { 0 };
    g_autofree char *servers = servers_text ("localhost");

    test_ca_issue (other, &(TestLeaf){ 0 }, tls_folder_path (folder, "foreign", ""));
    files.foreign_ca = TRUE;
    credentials = dunlin_credentials_new (&files, &error);
    g_assert_no_error (error);
    tls.credentials = credentials;
    refused (servers, &tls, "it does not trust our certificate's CA");
}

static void
a_port_without_tls_is_named (void)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "client");
    DunlinZookeeperTls tls = { .credentials = credentials };

    refused (test_zookeeper_server_address (server), &tls, "no TLS connection to ZooKeeper");
}

/* One host is dead, one is silent, one has another's certificate, and one is well. */
static void
hosts_that_fail_are_passed_over (void)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "client");
    DunlinZookeeperTls tls = { .credentials = credentials };
    g_autoptr (DunlinListener) dead = dunlin_listener_new ("127.0.0.1", 0, 1, NULL);
    g_autoptr (DunlinListener) silent = dunlin_listener_new ("127.0.0.1", 0, 1, NULL);
    guint16 port = test_zookeeper_server_secure_port (server);
    g_autofree char *servers =
        g_strdup_printf ("127.0.0.1:%u,127.0.0.1:%u,127.0.0.2:%u,localhost:%u",
                         dunlin_listener_port (dead), dunlin_listener_port (silent), port, port);
    gint64 begin = g_get_monotonic_time ();

    dunlin_listener_stop (dead);
    for (int i = 0; i < 4; i++) {
        DunlinAnnounceConfig config = config_for (servers, "/passed", &tls);
        g_autoptr (TestAnnounced) announced = test_announced_new (&config);

        test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
        g_assert_true (test_announced_leave (announced));
    }
    g_test_message ("four times within %.1f s",
                    (double)(g_get_monotonic_time () - begin) / G_USEC_PER_SEC);
}

/* The session goes on after the ensemble was away, with a new certificate of its own, too. */
static void
an_ensemble_that_restarts_is_found_again (void)
{
    g_autoptr (DunlinCredentials) credentials = tls_folder_credentials (folder, "client");
    DunlinZookeeperTls tls = { .credentials = credentials };
    g_autofree char *servers = servers_text ("localhost");
    DunlinAnnounceConfig config = config_for (servers, "/restarted", &tls);
    g_autoptr (TestResolved) resolved = follow (servers, "/restarted", &tls);
    g_autoptr (TestAnnounced) announced = test_announced_new (&config);
    g_autofree char *before = NULL, *after = NULL;

    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    test_resolved_wait (resolved, MEMBER);
    before = test_announced_node (announced);
    test_zookeeper_server_kill (server);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_SUSPENDED);
    tls_folder_issue (folder, "server", &(TestLeaf){ .san = "DNS:localhost,IP:127.0.0.1" });
    identity_of ("server");
    test_zookeeper_server_start (server);
    test_announced_wait (announced, DUNLIN_ANNOUNCER_REGISTERED);
    after = test_announced_node (announced);
    g_assert_cmpstr (after, ==, before);
    g_assert_true (test_announced_leave (announced));
    test_resolved_wait (resolved, "empty");
}

int
main (int argc, char *argv[])
{
    int rc;

    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    folder = tls_folder_new ();
    server = start_server ("server");
    g_test_add_func ("/zookeeper/tls/members-are-announced-and-found",
                     members_are_announced_and_found);
    g_test_add_func ("/zookeeper/tls/the-ensemble-knows-our-certificate",
                     the_ensemble_knows_our_certificate);
    g_test_add_func ("/zookeeper/tls/wrong-ca-is-named-and-mended-by-a-reload",
                     wrong_ca_is_named_and_mended_by_a_reload);
    g_test_add_func ("/zookeeper/tls/wrong-host-name-is-refused", wrong_host_name_is_refused);
    g_test_add_func ("/zookeeper/tls/every-host-answers-for-its-own-name",
                     every_host_answers_for_its_own_name);
    g_test_add_func ("/zookeeper/tls/an-expired-certificate-is-refused",
                     an_expired_certificate_is_refused);
    g_test_add_func ("/zookeeper/tls/a-certificate-that-the-ensemble-refuses-is-named",
                     a_certificate_that_the_ensemble_refuses_is_named);
    g_test_add_func ("/zookeeper/tls/a-port-without-tls-is-named", a_port_without_tls_is_named);
    g_test_add_func ("/zookeeper/tls/hosts-that-fail-are-passed-over",
                     hosts_that_fail_are_passed_over);
    g_test_add_func ("/zookeeper/tls/an-ensemble-that-restarts-is-found-again",
                     an_ensemble_that_restarts_is_found_again);
    rc = g_test_run ();
    test_zookeeper_server_free (server);
    tls_folder_free (folder);
    return rc;
}
