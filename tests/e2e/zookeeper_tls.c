/* TLS to ZooKeeper as an operator sets it up: the service's own certificate or another, files that
 * change, settings that do not fit together. */
#include "support/service_process.h"
#include "support/tls_folder.h"
#include "support/zookeeper_client.h"
#include "support/zookeeper_server.h"

#include <string.h>

#define BINARY "conformance_server"

static TlsFolder *folder;
static TestZookeeperServer *server;

/* Returns: (transfer none): "--<name>=<path of a file in the folder>". */
static const char *
file_flag (const char *name, const char *file, const char *suffix)
{
    g_autofree char *flag =
        g_strdup_printf ("--%s=%s", name, tls_folder_path (folder, file, suffix));

    return g_string_chunk_insert (folder->texts, flag);
}

static const char *
servers_flag (void)
{
    g_autofree char *flag = g_strdup_printf ("--zookeeper.servers=localhost:%u",
                                             test_zookeeper_server_secure_port (server));

    return g_string_chunk_insert (folder->texts, flag);
}

/* Until the set at @path has @n members. */
static void
wait_members (const char *path, guint n)
{
    g_autoptr (TestZookeeperClient) client =
        test_zookeeper_client_new (test_zookeeper_server_address (server), NULL);
    gint64 end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

    for (;;) {
        g_auto (GStrv) children = test_zookeeper_client_children (client, path);

        if (g_strv_length (children) == n)
            return;
        if (g_get_monotonic_time () > end)
            g_error ("%s has %u members, not %u", path, g_strv_length (children), n);
        g_usleep (20 * G_TIME_SPAN_MILLISECOND);
    }
}

/* What the `dunlin` command prints, which must go well. */
static char *
command (const char *const *arguments)
{
    g_autoptr (GPtrArray) all = g_ptr_array_new ();
    g_autofree char *binary = g_build_filename (g_getenv ("DUNLIN_BIN_DIR"), "dunlin", NULL);
    g_autoptr (GError) error = NULL;
    char *output = NULL;
    int status = -1;

    g_ptr_array_add (all, binary);
    for (; *arguments != NULL; arguments++)
        g_ptr_array_add (all, (gpointer)*arguments);
    g_ptr_array_add (all, NULL);
    g_spawn_sync (NULL, (char **)all->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                  &status, &error);
    g_assert_no_error (error);
    g_assert_cmpint (status, ==, 0);
    return output;
}

/* The clock of a greeter is found in that ensemble, and so is it by the command. */
static void
clients_find_services_there (void)
{
    const char *const clock_flags[] = { file_flag ("tls.certificate", "server", ".pem"),
                                        file_flag ("tls.key", "server", ".key"),
                                        file_flag ("tls.ca", "ca", ".pem"),
                                        servers_flag (),
                                        "--zookeeper.path=/clocks",
                                        "--zookeeper.tls=required",
                                        NULL };
    g_autofree char *dest =
        g_strdup_printf ("zk2!localhost:%u!/clocks", test_zookeeper_server_secure_port (server));
    g_autofree char *dest_flag = g_strconcat ("--client.clock.dest=", dest, NULL);
    const char *const greeter_flags[] = { "--tls.mode=off",
                                          file_flag ("tls.certificate", "client", ".pem"),
                                          file_flag ("tls.key", "client", ".key"),
                                          file_flag ("tls.ca", "ca", ".pem"),
                                          "--zookeeper.tls=required",
                                          "--client.address-book.dest=nil!",
                                          dest_flag,
                                          "--client.clock.tls.mode=required",
                                          "--greeter.patience=20s",
                                          NULL };
    g_autoptr (TestService) clock = test_service_start (BINARY, clock_flags);
    g_autoptr (TestService) greeter = NULL;
    g_autofree char *address = NULL, *resolved = NULL, *greeting = NULL;

    wait_members ("/clocks", 1);
    resolved = command ((const char *const[]){ "resolve", dest, "--zookeeper.tls=required",
                                               file_flag ("tls.certificate", "client", ".pem"),
                                               file_flag ("tls.key", "client", ".key"),
                                               file_flag ("tls.ca", "ca", ".pem"), NULL });
    address = g_strdup_printf ("127.0.0.1:%u", test_service_port (clock));
    g_assert_nonnull (strstr (resolved, address));
    greeter = test_service_start ("greeter", greeter_flags);
    g_free (address);
    address = g_strdup_printf ("127.0.0.1:%u", test_service_port (greeter));
    greeting = command ((const char *const[]){ "call", address, "greet", "{\"contact\": 1}",
                                               "--timeout=30s", "--output=compact", NULL });
    g_assert_nonnull (strstr (greeting, "Good "));
    g_assert_null (strstr (greeting, "\"clock\""));
}

static void
the_services_own_certificate_will_do (void)
{
    const char *flags[] = { file_flag ("tls.certificate", "server", ".pem"),
                            file_flag ("tls.key", "server", ".key"),
                            file_flag ("tls.ca", "ca", ".pem"),
                            servers_flag (),
                            "--zookeeper.path=/own",
                            "--zookeeper.tls=required",
                            "--server.drain-grace=0",
                            NULL };
    g_autoptr (TestService) service = test_service_start (BINARY, flags);

    wait_members ("/own", 1);
    test_service_terminate (service);
    g_assert_cmpint (test_service_wait (service), ==, 0);
    wait_members ("/own", 0);
}

/* The service speaks plainly here, and to ZooKeeper not; the CA that is missing comes later. */
static void
another_certificate_is_reloaded_when_its_files_change (void)
{
    const char *ca = tls_folder_path (folder, "zookeeper-ca", ".pem");
    const char *flags[] = { "--tls.mode=off",
                            file_flag ("zookeeper.tls.certificate", "client", ".pem"),
                            file_flag ("zookeeper.tls.key", "client", ".key"),
                            file_flag ("zookeeper.tls.ca", "zookeeper-ca", ".pem"),
                            servers_flag (),
                            "--zookeeper.path=/other",
                            "--zookeeper.tls=required",
                            "--server.drain-grace=0",
                            "--log.format=text",
                            NULL };
    const char *path = tls_folder_path (folder, "log", "");
    g_autoptr (TestCa) other = test_ca_new ("Other CA");
    g_autoptr (TestService) service = NULL;
    g_autofree char *log = NULL;

    test_ca_write (other, ca);
    service = test_service_start_logged (BINARY, flags, path);
    while (log == NULL || strstr (log, "it comes from no CA") == NULL) {
        g_usleep (20 * G_TIME_SPAN_MILLISECOND);
        g_free (log);
        g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
    }
    test_ca_append (folder->ca, ca);
    wait_members ("/other", 1);
    g_free (log);
    g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
    g_assert_nonnull (strstr (log, "TLS to ZooKeeper: new certificates are in force"));
    test_service_terminate (service);
    g_assert_cmpint (test_service_wait (service), ==, 0);
    wait_members ("/other", 0);
}

/* The start ends with code 2 and a line that says @what. */
static void
refused (const char *const *flags, const char *what)
{
    g_autofree char *errors = NULL;

    g_assert_cmpint (test_service_run (BINARY, flags, NULL, &errors), ==, 2);
    if (strstr (errors, what) == NULL)
        g_error ("'%s' does not say '%s'", errors, what);
}

static void
missing_files_are_named (void)
{
    const char *const none[] = { "--tls.mode=off", "--zookeeper.tls=required",
                                 "--zookeeper.servers=localhost:1", NULL };
    const char *const half[] = { "--tls.mode=off", "--zookeeper.tls=required",
                                 "--zookeeper.servers=localhost:1",
                                 "--zookeeper.tls.certificate=x.pem", NULL };
    const char *const broken[] = { "--tls.mode=off",
                                   "--zookeeper.tls=required",
                                   "--zookeeper.servers=localhost:1",
                                   file_flag ("zookeeper.tls.certificate", "client", ".pem"),
                                   file_flag ("zookeeper.tls.key", "server", ".key"),
                                   file_flag ("zookeeper.tls.ca", "ca", ".pem"),
                                   NULL };

    refused (none, "neither zookeeper.tls.certificate nor tls.certificate is set");
    refused (half, "zookeeper.tls.certificate is set without zookeeper.tls.key");
    refused (broken, "zookeeper.tls: ");
}

int
main (int argc, char *argv[])
{
    g_autofree char *key = NULL, *certificate = NULL, *both = NULL;
    int rc;

    g_test_init (&argc, &argv, NULL);
    folder = tls_folder_new ();
    g_file_get_contents (tls_folder_path (folder, "server", ".key"), &key, NULL, NULL);
    g_file_get_contents (tls_folder_path (folder, "server", ".pem"), &certificate, NULL, NULL);
    both = g_strconcat (key, certificate, NULL);
    g_file_set_contents (tls_folder_path (folder, "identity", ".pem"), both, -1, NULL);
    server = test_zookeeper_server_new_secure (tls_folder_path (folder, "identity", ".pem"),
                                               tls_folder_path (folder, "ca", ".pem"));
    g_test_add_func ("/e2e/zookeeper-tls/the-services-own-certificate-will-do",
                     the_services_own_certificate_will_do);
    g_test_add_func ("/e2e/zookeeper-tls/another-certificate-is-reloaded-when-its-files-change",
                     another_certificate_is_reloaded_when_its_files_change);
    g_test_add_func ("/e2e/zookeeper-tls/clients-find-services-there", clients_find_services_there);
    g_test_add_func ("/e2e/zookeeper-tls/missing-files-are-named", missing_files_are_named);
    rc = g_test_run ();
    test_zookeeper_server_free (server);
    tls_folder_free (folder);
    return rc;
}
