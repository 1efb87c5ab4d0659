/* A service as its operator meets it: settings, signals, systemd, certificates, log. Drives the
 * built conformance_server from outside. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/service_process.h"
#include "support/test_server.h"

#define BINARY "conformance_server"
#define PLAIN  "--tls.mode=off"

#define PING      "80010001 00000004 \"ping\" 00000007 00"
#define PONG      "80010002 00000004 \"ping\" 00000007 0b0000 00000004 \"pong\" 00"
#define SLEEP(ms) "80010001 00000005 \"sleep\" 00000007 080001" ms "00"
#define SLEPT_500 "80010002 00000005 \"sleep\" 00000007 0b0000 00000009 \"slept 500\" 00"
#define SPIN_200  "80010001 00000004 \"spin\" 00000007 080001 000000c8 00"
#define DISPATCH  "02 000002 0000 0000 0000"
#define FOR_EVER  "00ffffff"

typedef struct {
    char *folder;
    char *log;
    GPtrArray *flags; /* of texts, without the NULL at the end */
    TestService *service;
} Fixture;

static void
setup (Fixture *f, gconstpointer data)
{
    f->folder = g_dir_make_tmp ("dunlin-server-XXXXXX", NULL);
    g_assert_nonnull (f->folder);
    f->log = g_build_filename (f->folder, "log", NULL);
    f->flags = g_ptr_array_new_with_free_func (g_free);
}

static void
teardown (Fixture *f, gconstpointer data)
{
    g_autoptr (GDir) folder = g_dir_open (f->folder, 0, NULL);
    const char *name;

    test_service_free (f->service);
    while ((name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *path = g_build_filename (f->folder, name, NULL);

        g_unlink (path);
    }
    g_rmdir (f->folder);
    g_ptr_array_unref (f->flags);
    g_free (f->log);
    g_free (f->folder);
}

static char *
path_of (Fixture *f, const char *name)
{
    return g_build_filename (f->folder, name, NULL);
}

G_GNUC_PRINTF (2, 3)
static void
flag (Fixture *f, const char *format, ...)
{
    va_list arguments;

    va_start (arguments, format);
    g_ptr_array_add (f->flags, g_strdup_vprintf (format, arguments));
    va_end (arguments);
}

static void
start (Fixture *f)
{
    flag (f, "--log.format=text");
    g_ptr_array_add (f->flags, NULL);
    f->service = test_service_start_logged (BINARY, (const char *const *)f->flags->pdata, f->log);
}

static int
connect_to (Fixture *f)
{
    return test_connect (test_service_port (f->service));
}

static gboolean
is_served (Fixture *f)
{
    int fd = connect_to (f);

    test_send_frame (fd, PING);
    test_expect_frame (fd, PONG);
    close (fd);
    return TRUE;
}

typedef struct {
    const char *path;
    const char *text;
} Expected;

static gboolean
holds (gpointer data)
{
    const Expected *expected = data;
    g_autofree char *text = NULL;

    return g_file_get_contents (expected->path, &text, NULL, NULL) &&
           strstr (text, expected->text) != NULL;
}

static void
wait_for_text (const char *path, const char *text)
{
    test_wait_for (holds, &(Expected){ path, text }, text);
}

static void
wait_for_log (Fixture *f, const char *text)
{
    wait_for_text (f->log, text);
}

/* ---- Settings ---- */

static char *
run (const char *const *flags, int status, gboolean errors)
{
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;

    g_assert_cmpint (test_service_run (BINARY, flags, &out, &err), ==, status);
    g_test_message ("%s", errors ? err : out);
    return errors ? g_steal_pointer (&err) : g_steal_pointer (&out);
}

static void
help_names_every_setting (Fixture *f, gconstpointer data)
{
    /* Those that other work relies on, whatever else there is. */
    static const char *const relied_on[] = { "thrift.host",
                                             "thrift.port",
                                             "thrift.max-frame",
                                             "tls.mode",
                                             "tls.certificate",
                                             "tls.key",
                                             "tls.ca",
                                             "tls.crl",
                                             "zookeeper.servers",
                                             "zookeeper.path",
                                             "zookeeper.advertise",
                                             "zookeeper.shard",
                                             "zookeeper.session-timeout",
                                             "server.reactors",
                                             "server.max-concurrency",
                                             "server.drain-grace",
                                             "server.drain-timeout",
                                             "server.stall-warning",
                                             "log.level",
                                             "log.format",
                                             "access-log.path" };
    g_autofree char *help = run ((const char *[]){ "--help", NULL }, 0, FALSE);
    g_autofree char *settings = run ((const char *[]){ "--print-settings", NULL }, 0, FALSE);
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) groups = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (relied_on); i++) {
        g_autofree char *wanted = g_strdup_printf ("  --%s=", relied_on[i]);

        g_assert_nonnull (strstr (help, wanted));
    }
    g_key_file_load_from_data (file, settings, (gsize)-1, G_KEY_FILE_NONE, &error);
    g_assert_no_error (error);
    groups = g_key_file_get_groups (file, NULL);
    for (gsize i = 0; groups[i] != NULL; i++) {
        g_auto (GStrv) keys = g_key_file_get_keys (file, groups[i], NULL, NULL);

        for (gsize k = 0; keys[k] != NULL; k++) {
            g_autofree char *wanted = g_strdup_printf ("  --%s.%s=", groups[i], keys[k]);

            g_assert_nonnull (strstr (help, wanted));
        }
    }
}

static void
printed_settings_say_where_they_come_from (Fixture *f, gconstpointer data)
{
    g_autofree char *path = path_of (f, "settings.ini");
    g_autofree char *config = g_strconcat ("--config=", path, NULL);
    g_autofree char *printed = NULL;
    g_autofree char *of_file = g_strdup_printf ("# file %s:2\nshard = 7\n", path);

    g_assert_true (
        g_file_set_contents (path, "[zookeeper]\nshard=7\n[log]\nlevel=error\n", -1, NULL));
    g_setenv ("DUNLIN_SERVER_REACTORS", "3", TRUE);
    g_setenv ("DUNLIN_LOG_LEVEL", "warning", TRUE);
    printed =
        run ((const char *[]){ config, "--log.level=debug", "--print-settings", NULL }, 0, FALSE);
    g_unsetenv ("DUNLIN_SERVER_REACTORS");
    g_unsetenv ("DUNLIN_LOG_LEVEL");
    g_assert_nonnull (strstr (printed, of_file));
    g_assert_nonnull (strstr (printed, "# environment DUNLIN_SERVER_REACTORS\nreactors = 3\n"));
    g_assert_nonnull (strstr (printed, "# flag --log.level\nlevel = debug\n"));
    g_assert_nonnull (strstr (printed, "# default\nhost = 127.0.0.1\n"));
}

static void
assert_refused (const char *const *flags, const char *const *words)
{
    g_autofree char *errors = run (flags, 2, TRUE);

    for (gsize i = 0; words[i] != NULL; i++) {
        if (strstr (errors, words[i]) == NULL)
            g_error ("\"%s\" is not in \"%s\"", words[i], errors);
    }
}

/* Setting, value, source, and what is allowed. */
static void
a_bad_value_exits_2_and_says_all (Fixture *f, gconstpointer data)
{
    g_autofree char *path = path_of (f, "settings.ini");
    g_autofree char *config = g_strconcat ("--config=", path, NULL);
    g_autofree char *place = g_strconcat ("file ", path, ":2", NULL);

    assert_refused ((const char *[]){ "--server.max-concurrency=many", NULL },
                    (const char *[]){ "server.max-concurrency", "\"many\"",
                                      "flag --server.max-concurrency", "from 0 to 10000000",
                                      NULL });
    g_setenv ("DUNLIN_TLS_MODE", "perhaps", TRUE);
    assert_refused ((const char *[]){ NULL },
                    (const char *[]){ "tls.mode", "\"perhaps\"", "environment DUNLIN_TLS_MODE",
                                      "required, off", NULL });
    g_unsetenv ("DUNLIN_TLS_MODE");
    g_assert_true (g_file_set_contents (path, "[server]\ndrain-grace=soon\n", -1, NULL));
    assert_refused (
        (const char *[]){ config, NULL },
        (const char *[]){ "server.drain-grace", "\"soon\"", place, "a duration", NULL });
    assert_refused ((const char *[]){ "--thrift.prot=1", NULL },
                    (const char *[]){ "thrift.prot", "did you mean thrift.port", NULL });
    assert_refused ((const char *[]){ "whatever", NULL }, (const char *[]){ "whatever", NULL });
}

static void
tls_without_files_exits_2 (Fixture *f, gconstpointer data)
{
    assert_refused ((const char *[]){ NULL },
                    (const char *[]){ "tls.certificate", "tls.mode", "--tls.mode=off", NULL });
    assert_refused ((const char *[]){ "--tls.certificate=/nowhere.pem", "--tls.key=/nowhere.key",
                                      "--tls.ca=/nowhere.pem", NULL },
                    (const char *[]){ "/nowhere.pem", NULL });
}

static void
a_port_in_use_exits_2_and_is_named (Fixture *f, gconstpointer data)
{
    g_autofree char *address = NULL;
    g_autofree char *command = NULL;
    g_autofree char *errors = NULL;
    int status;

    flag (f, PLAIN);
    start (f);
    /* Not by test_service_run(), which asks for a free port. */
    command =
        g_strdup_printf ("env -u DUNLIN_SOURCE_DIR -u DUNLIN_BUILD_DIR -u DUNLIN_BIN_DIR %s/" BINARY
                         " " PLAIN " --thrift.port=%u",
                         g_getenv ("DUNLIN_BIN_DIR"), test_service_port (f->service));
    g_assert_true (g_spawn_command_line_sync (command, NULL, &errors, &status, NULL));
    g_assert_true (WIFEXITED (status));
    address = g_strdup_printf ("127.0.0.1:%u", test_service_port (f->service));
    g_test_message ("%s", errors);
    g_assert_cmpint (WEXITSTATUS (status), ==, 2);
    g_assert_nonnull (strstr (errors, address));
}

/* ---- Signals ---- */

/* Returns: a mux connection whose call of sleep() runs: the ping behind it was answered. */
static int
connect_sleeper (Fixture *f, const char *call)
{
    int fd = connect_to (f);

    test_send_frame (fd, call);
    test_send_frame (fd, "41 000001");
    test_expect_frame (fd, "bf 000001");
    return fd;
}

static void
a_signal_drains_and_exits_0 (Fixture *f, gconstpointer data)
{
    int idle;
    int fd;

    flag (f, PLAIN);
    start (f);
    idle = connect_to (f);
    test_send_frame (idle, PING);
    test_expect_frame (idle, PONG);
    fd = connect_sleeper (f, DISPATCH SLEEP ("000001f4"));
    test_service_signal (f->service, GPOINTER_TO_INT (data));
    test_expect_frame (fd, "40 000001"); /* Tdrain */
    test_send_frame (fd, "c0 000001");
    test_expect_frame (fd, "fe 000002 00 0000" SLEPT_500);
    g_assert_true (test_is_closed (fd));
    g_assert_true (test_is_closed (idle));
    close (fd);
    close (idle);
    g_assert_cmpint (test_service_wait (f->service), ==, 0);
    wait_for_log (f, "drained: stopping");
}

static void
a_second_signal_ends_at_once (Fixture *f, gconstpointer data)
{
    gint64 start_time;
    int fd;

    flag (f, PLAIN);
    start (f);
    fd = connect_sleeper (f, DISPATCH SLEEP (FOR_EVER));
    test_service_terminate (f->service);
    wait_for_log (f, "draining ");
    start_time = g_get_monotonic_time ();
    test_service_terminate (f->service);
    g_assert_cmpint (test_service_wait (f->service), ==, 1);
    g_assert_cmpint (g_get_monotonic_time () - start_time, <, 30 * G_USEC_PER_SEC);
    wait_for_log (f, "second signal");
    close (fd);
}

static void
the_drain_timeout_cuts_off (Fixture *f, gconstpointer data)
{
    int fd;

    flag (f, PLAIN);
    flag (f, "--server.drain-timeout=300ms");
    start (f);
    fd = connect_sleeper (f, DISPATCH SLEEP (FOR_EVER));
    test_service_terminate (f->service);
    g_assert_cmpint (test_service_wait (f->service), ==, 0);
    test_expect_frame (fd, "40 000001");
    g_assert_true (test_is_closed (fd));
    close (fd);
}

/* ---- What SIGHUP and changed files do ---- */

static void
make_certificates (Fixture *f, gboolean again)
{
    g_autofree char *script =
        g_build_filename (g_getenv ("DUNLIN_SOURCE_DIR"), "certs", "make-dev-ca", NULL);
    const char *command[] = { script, f->folder, again ? "--force" : NULL, NULL };
    int status;

    g_assert_true (g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                                 NULL, NULL, NULL, &status, NULL));
    g_assert_cmpint (status, ==, 0);
}

static void
start_with_tls (Fixture *f)
{
    make_certificates (f, FALSE);
    flag (f, "--tls.certificate=%s/server.pem", f->folder);
    flag (f, "--tls.key=%s/server.key", f->folder);
    flag (f, "--tls.ca=%s/ca.pem", f->folder);
    flag (f, "--tls.crl=%s/crl.pem", f->folder);
    start (f);
}

static void
sighup_reloads_certificates (Fixture *f, gconstpointer data)
{
    start_with_tls (f);
    test_service_signal (f->service, SIGHUP);
    wait_for_log (f, "TLS: new certificates are in force");
    test_service_terminate (f->service);
    g_assert_cmpint (test_service_wait (f->service), ==, 0);
}

static void
changed_files_are_noticed (Fixture *f, gconstpointer data)
{
    start_with_tls (f);
    make_certificates (f, TRUE);
    wait_for_log (f, "TLS: new certificates are in force");
}

static void
a_bad_file_keeps_the_old (Fixture *f, gconstpointer data)
{
    g_autofree char *path = path_of (f, "server.pem");

    start_with_tls (f);
    g_assert_true (g_file_set_contents (path, "nothing\n", -1, NULL));
    test_service_signal (f->service, SIGHUP);
    wait_for_log (f, "TLS: the old certificates stay in force: ");
    wait_for_log (f, path);
    test_service_terminate (f->service);
    g_assert_cmpint (test_service_wait (f->service), ==, 0);
}

static gboolean
exists (gpointer path)
{
    return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
sighup_opens_the_access_log_anew (Fixture *f, gconstpointer data)
{
    g_autofree char *path = path_of (f, "access.log");
    g_autofree char *old = path_of (f, "access.log.1");

    flag (f, PLAIN);
    flag (f, "--access-log.path=%s", path);
    start (f);
    is_served (f);
    wait_for_text (path, "ping thrift\" ok");
    g_assert_cmpint (g_rename (path, old), ==, 0);
    test_service_signal (f->service, SIGHUP);
    test_wait_for (exists, path, "the new access log");
    is_served (f);
    wait_for_text (path, "ping thrift\" ok");
}

/* ---- systemd ---- */

static int
listen_for_notices (Fixture *f)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct timeval limit = { .tv_sec = 10 };
    g_autofree char *path = path_of (f, "notify");
    int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    g_strlcpy (address.sun_path, path, sizeof address.sun_path);
    g_assert_cmpint (bind (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    g_setenv ("NOTIFY_SOCKET", path, TRUE);
    return fd;
}

static void
expect_notice (int fd, const char *expected)
{
    char text[256] = { 0 };

    g_assert_cmpint (recv (fd, text, sizeof text - 1, 0), >, 0);
    g_assert_cmpstr (text, ==, expected);
}

static void
systemd_is_told (Fixture *f, gconstpointer data)
{
    int notices = listen_for_notices (f);

    flag (f, PLAIN);
    start (f);
    g_unsetenv ("NOTIFY_SOCKET");
    expect_notice (notices, "READY=1");
    is_served (f);
    test_service_terminate (f->service);
    expect_notice (notices, "STOPPING=1");
    g_assert_cmpint (test_service_wait (f->service), ==, 0);
    close (notices);
}

/* ---- The log ---- */

static void
a_stall_is_logged_with_method_and_duration (Fixture *f, gconstpointer data)
{
    g_autofree char *text = NULL;
    g_autoptr (GByteArray) reply = NULL;
    int fd;

    flag (f, PLAIN);
    start (f);
    fd = connect_to (f);
    test_send_frame (fd, SPIN_200);
    reply = test_receive_frame (fd);
    g_assert_nonnull (reply);
    close (fd);
    wait_for_log (f, "dunlin_offload()");
    g_file_get_contents (f->log, &text, NULL, NULL);
    g_assert_true (g_regex_match_simple (
        "WARNING dunlin-app: spin kept its reactor from everything else for [2-9]\\d+ ms", text, 0,
        0));
}

#define TEST(name, func) g_test_add ("/e2e/server/" name, Fixture, NULL, setup, func, teardown)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    TEST ("help", help_names_every_setting);
    TEST ("print-settings", printed_settings_say_where_they_come_from);
    TEST ("bad-value", a_bad_value_exits_2_and_says_all);
    TEST ("tls-without-files", tls_without_files_exits_2);
    TEST ("port-in-use", a_port_in_use_exits_2_and_is_named);
    g_test_add ("/e2e/server/sigterm", Fixture, GINT_TO_POINTER (SIGTERM), setup,
                a_signal_drains_and_exits_0, teardown);
    g_test_add ("/e2e/server/sigint", Fixture, GINT_TO_POINTER (SIGINT), setup,
                a_signal_drains_and_exits_0, teardown);
    TEST ("second-signal", a_second_signal_ends_at_once);
    TEST ("drain-timeout", the_drain_timeout_cuts_off);
    TEST ("sighup/certificates", sighup_reloads_certificates);
    TEST ("sighup/access-log", sighup_opens_the_access_log_anew);
    TEST ("changed-files", changed_files_are_noticed);
    TEST ("bad-file", a_bad_file_keeps_the_old);
    TEST ("systemd", systemd_is_told);
    TEST ("stall", a_stall_is_logged_with_method_and_duration);
    return g_test_run ();
}
