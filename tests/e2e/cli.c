/* The dunlin command as its user meets it: the built binary against built services, plain and with
 * mutual TLS, by address and by name in a real ZooKeeper. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "support/service_process.h"
#include "support/tls_folder.h"
#include "support/zookeeper_server.h"

enum { OK = 0, FAILED = 1, USAGE = 2, DECLARED = 3 };

/* What a run gave. */
typedef struct {
    int code;
    char *output;
    char *errors;
} Outcome;

static void
outcome_clear (Outcome *self)
{
    g_clear_pointer (&self->output, g_free);
    g_clear_pointer (&self->errors, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static char *
binary (void)
{
    return g_build_filename (g_getenv ("DUNLIN_BIN_DIR"), "dunlin", NULL);
}

static GSubprocess *
spawn (const char *const *arguments, const char *const *environment, GSubprocessFlags flags)
{
    g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
    g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GError) error = NULL;
    GSubprocess *process;

    for (gsize i = 0; environment != NULL && environment[i] != NULL; i += 2)
        g_subprocess_launcher_setenv (launcher, environment[i], environment[i + 1], TRUE);
    g_ptr_array_add (all, binary ());
    for (gsize i = 0; arguments[i] != NULL; i++)
        g_ptr_array_add (all, g_strdup (arguments[i]));
    g_ptr_array_add (all, NULL);
    process = g_subprocess_launcher_spawnv (launcher, (const char *const *)all->pdata, &error);
    g_assert_no_error (error);
    return process;
}

static Outcome
run_with (const char *const *arguments, const char *const *environment, const char *input)
{
    g_autoptr (GSubprocess) process =
        spawn (arguments, environment,
               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                   G_SUBPROCESS_FLAGS_STDERR_PIPE);
    g_autoptr (GError) error = NULL;
    Outcome outcome = { 0 };

    g_subprocess_communicate_utf8 (process, input, NULL, &outcome.output, &outcome.errors, &error);
    g_assert_no_error (error);
    g_assert_true (g_subprocess_get_if_exited (process));
    outcome.code = g_subprocess_get_exit_status (process);
    if (outcome.errors[0] != '\0')
        g_test_message ("%s", outcome.errors);
    return outcome;
}

#define RUN(...) run_with ((const char *const[]){ __VA_ARGS__, NULL }, NULL, "")

static void
says (const char *text, const char *part)
{
    if (strstr (text, part) == NULL)
        g_error ("\"%s\" does not say \"%s\"", text, part);
}

typedef struct {
    TestService *service;
    char *dest;
    TlsFolder *tls;
    char *certificate; /* the flags */
    char *key;
    char *ca;
} Fixture;

static void
set_up_plain (Fixture *f, gconstpointer data)
{
    static const char *const flags[] = { "--tls.mode=off", NULL };

    f->service = test_service_start (data == NULL ? "conformance_server" : data, flags);
    f->dest = g_strdup_printf ("127.0.0.1:%u", test_service_port (f->service));
}

/* "--tls.certificate=.../client.pem" and so on. */
static char *
tls_flag (Fixture *f, const char *setting, const char *name, const char *suffix)
{
    return g_strdup_printf ("--tls.%s=%s", setting, tls_folder_path (f->tls, name, suffix));
}

static void
set_up_tls (Fixture *f, gconstpointer data)
{
    g_autofree char *certificate = NULL;
    g_autofree char *key = NULL;

    f->tls = tls_folder_new ();
    certificate = tls_flag (f, "certificate", "server", ".pem");
    key = tls_flag (f, "key", "server", ".key");
    f->ca = tls_flag (f, "ca", "ca", ".pem");
    f->service = test_service_start ("conformance_server",
                                     (const char *const[]){ certificate, key, f->ca, NULL });
    f->dest = g_strdup_printf ("inet!localhost:%u", test_service_port (f->service));
    f->certificate = tls_flag (f, "certificate", "client", ".pem");
    f->key = tls_flag (f, "key", "client", ".key");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
    test_service_free (f->service);
    g_clear_pointer (&f->tls, tls_folder_free);
    g_free (f->dest);
    g_free (f->certificate);
    g_free (f->key);
    g_free (f->ca);
}

/* ---- call ---- */

/* Every field, at its extremes; sets and maps with one element, whose order is nobody's. */
static const char everything[] =
    "{\"flag\":true,\"tiny\":-128,\"small\":32767,\"medium\":-2147483648,"
    "\"large\":9223372036854775807,\"real\":-1.7976931348623157e+308,"
    "\"text\":\"a\\\"\\\\\u00e9\U0001f426\",\"blob\":\"AP8A\",\"color\":\"NEGATIVE\","
    "\"leaf\":{\"number\":1,\"text\":\"t\"},\"longs\":[-9223372036854775808,9007199254740993],"
    "\"words\":[\"w\"],\"counts\":{\"\":-1},\"leaves\":[{\"number\":1,\"text\":\"leaf\"}],"
    "\"groups\":{\"-7\":[{\"number\":2,\"text\":\"x\"}]},"
    "\"matrix\":[[],[\"NaN\",\"Infinity\",\"-Infinity\",5e-324,-0]],"
    "\"choice\":{\"numbers\":[1,2]},\"maybe_flag\":false,\"maybe_large\":0,\"maybe_text\":\"\","
    "\"blobs\":[\"\",\"AQ==\"],\"names\":{\"BLUE\":\"b\"},\"numbers\":[2147483647],"
    "\"with_default\":-42,\"flags\":[true,false],\"nested\":{\"a\":{\"b\":1e+300}},"
    "\"far_away\":\"z\"}";

static void
check_everything (Fixture *f, const char *protocol, const char *encoding)
{
    g_autofree char *json = g_strdup_printf ("{\"value\":%s}", everything);
    g_autofree char *expected = g_strdup_printf ("%s\n", everything);
    g_auto (Outcome) out = RUN ("call", f->dest, "everything", json, "--output=compact",
                                "--protocol", protocol, "--encoding", encoding);

    g_test_message ("%s, %s", protocol, encoding);
    g_assert_cmpint (out.code, ==, OK);
    g_assert_cmpstr (out.output, ==, expected);
}

static void
test_everything (Fixture *f, gconstpointer data)
{
    static const char *const protocols[] = { "auto", "thriftmux", "ttwitter", "thrift" };

    for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++) {
        check_everything (f, protocols[i], "binary");
        check_everything (f, protocols[i], "compact");
    }
}

/* What is not set is not sent, and the service's defaults hold. */
static void
test_defaults (Fixture *f, gconstpointer data)
{
    g_auto (Outcome) out =
        RUN ("call", f->dest, "everything", "{\"value\":{\"leaf\":{\"number\":1}}}",
             "--output=compact", "--i64-as-text");

    g_assert_cmpint (out.code, ==, OK);
    says (out.output, "\"with_default\":42");
    says (out.output, "\"large\":\"0\"");
    g_assert_null (strstr (out.output, "maybe_flag"));
}

typedef struct {
    const char *method;
    const char *json;
    int code;
    const char *output;
    const char *errors;
} CallCase;

static const CallCase calls[] = {
    { "ping", NULL, OK, "\"pong\"\n", "" },
    { "nothing", NULL, OK, "", "" },
    { "touch", "{\"id\":1}", OK, "", "" },
    { "Conformance:ping", "{}", OK, "\"pong\"\n", "" },
    { "status", NULL, OK, "\"state\": \"ALIVE\"", "" },
    { "get", "{\"id\":99}", DECLARED, "\"message\": \"no address has id 99\"",
      "get threw NotFound (not_found)" },
    { "fail", "{\"kind\":\"declared\"}", DECLARED, "\"code\": 7", "fail threw Refused (refused)" },
    { "fail", "{\"kind\":\"undeclared\"}", FAILED, "", "Internal error processing fail" },
    { "fail", "{\"kind\":\"nack\"}", FAILED, "", "refused" },
    { "gett", "{}", USAGE, "", "Conformance has no method gett; did you mean get?" },
    { "get", "{\"ident\":1}", USAGE, "", "the arguments of get: ident: get has no such field" },
    { "get", "{\"id\":1.5}", USAGE, "", "id: \"1.5\" is not a whole number (i64)" },
    { "get", "{\"id\":1", USAGE, "", "line 1, column 8: it ends too early" },
    { "put", "{\"address\":{}}", USAGE, "", "address.full_name: is required (string)" },
    { "everything", "{\"value\":{\"leaf\":{\"nmber\":1}}}", USAGE, "",
      "value.leaf.nmber: Leaf has no such field; did you mean number?" },
};

static void
test_exit_codes (Fixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS (calls); i++) {
        const CallCase *test = &calls[i];
        g_auto (Outcome) out = test->json == NULL ? RUN ("call", f->dest, test->method)
                                                  : RUN ("call", f->dest, test->method, test->json);

        g_test_message ("%s %s", test->method, test->json);
        g_assert_cmpint (out.code, ==, test->code);
        says (out.output, test->output);
        says (out.errors, test->errors);
        if (test->output[0] == '\0')
            g_assert_cmpstr (out.output, ==, "");
    }
}

static void
test_usage (void)
{
    static const char *const wrong[][3] = {
        { NULL },
        { "cal", NULL },
        { "call", NULL },
        { "resolve", "a:1", "b:1" },
        { "call", "nonsense!x", "ping" },
        { "call", "a:1", "--timout=1s" },
        { "call", "a:1", "--timeout=soon" },
    };
    static const char *const words[] = { "call", "describe", "help", "resolve", "check", "press" };

    for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
        const char *const arguments[] = { wrong[i][0], wrong[i][0] == NULL ? NULL : wrong[i][1],
                                          wrong[i][1] == NULL ? NULL : wrong[i][2], NULL };
        g_auto (Outcome) out = run_with (arguments, NULL, "");

        g_assert_cmpint (out.code, ==, USAGE);
        g_assert_cmpstr (out.output, ==, "");
        g_assert_cmpstr (out.errors, !=, "");
    }
    for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
        g_auto (Outcome) out = RUN (words[i], "--help");

        g_assert_cmpint (out.code, ==, OK);
        says (out.output, words[i]);
        says (out.output, "Exit codes:");
        says (out.output, "--timeout=DURATION");
    }
}

static void
test_nobody (void)
{
    g_auto (Outcome) out = RUN ("call", "127.0.0.1:1", "ping", "--timeout=2s");
    g_auto (Outcome) checked = RUN ("check", "127.0.0.1:1");

    g_assert_cmpint (out.code, ==, FAILED);
    says (out.errors, "127.0.0.1:1");
    says (out.errors, "Connection refused");
    g_assert_cmpint (checked.code, ==, FAILED);
    says (checked.output, "FAULT TCP");
    says (checked.output, "nobody listens there");
}

static void
test_too_late (Fixture *f, gconstpointer data)
{
    g_auto (Outcome) out = RUN ("call", f->dest, "sleep", "{\"ms\":60000}", "--timeout=300ms");

    g_assert_cmpint (out.code, ==, FAILED);
    says (out.errors, "sleep");
}

/* With --idl nothing is asked of the service, as it must be with Finagle's. */
static void
test_idl (Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_build_filename (g_getenv ("DUNLIN_SOURCE_DIR"), "tests", "idl",
                                              "conformance.thrift", NULL);
    g_auto (Outcome) out = RUN ("call", f->dest, "get", "{\"id\":\"1\"}", "--idl", path);
    g_auto (Outcome) helped = RUN ("help", "127.0.0.1:1", "get", "--idl", path);
    g_auto (Outcome) missing = RUN ("call", f->dest, "get", "--idl=/nonexistent.thrift");
    g_auto (Outcome) other = RUN ("call", f->dest, "get", "--idl", path, "--service=Conformant");

    g_assert_cmpint (out.code, ==, OK);
    says (out.output, "\"full_name\"");
    g_assert_cmpint (helped.code, ==, OK);
    says (helped.output, "Address get(1: i64 id) throws (1: NotFound not_found)");
    says (helped.output, "\"id\": 0");
    g_assert_cmpint (missing.code, ==, USAGE);
    says (missing.errors, "/nonexistent.thrift");
    g_assert_cmpint (other.code, ==, USAGE);
    says (other.errors, "has no service Conformant; it has Base, Conformance");
}

static void
test_describe (Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_build_filename (g_getenv ("DUNLIN_SOURCE_DIR"), "tests", "idl",
                                              "conformance.thrift", NULL);
    g_autofree char *text = NULL;
    g_auto (Outcome) out = RUN ("describe", f->dest);
    g_auto (Outcome) json = RUN ("describe", f->dest, "--form=json");
    g_auto (Outcome) listed = RUN ("help", f->dest);

    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_assert_cmpint (out.code, ==, OK);
    g_assert_cmpstr (out.output, ==, text);
    says (json.output, "{\"service\":\"Conformance\"");
    says (listed.output, "oneway void touch(1: i64 id)");
    says (listed.output, "Answers \"pong\".");
    says (listed.output, "dunlin.Base");
}

/* Arguments from a file and from standard input. */
static void
test_address_book (Fixture *f, gconstpointer data)
{
    static const char contact[] =
        "{\"contact\":{\"name\":{\"given\":\"Ada\",\"family\":\"Lovelace\"}}}";
    g_auto (Outcome) made =
        run_with ((const char *const[]){ "call", f->dest, "create", "-", "--output=compact", NULL },
                  NULL, contact);
    g_autofree char *path = g_build_filename (g_get_tmp_dir (), "dunlin-cli-XXXXXX", NULL);
    g_autofree char *at = NULL;
    g_auto (Outcome) again = { 0 };

    g_assert_cmpint (made.code, ==, OK);
    says (made.output, "\"family\":\"Lovelace\"");
    g_close (g_mkstemp (path), NULL);
    g_assert_true (g_file_set_contents (path, contact, -1, NULL));
    at = g_strconcat ("@", path, NULL);
    again = RUN ("call", f->dest, "create", at);
    g_assert_cmpint (again.code, ==, OK);
    g_unlink (path);
}

/* ---- TLS ---- */

static void
test_tls (Fixture *f, gconstpointer data)
{
    g_auto (Outcome) out =
        RUN ("call", f->dest, "context", "--output=compact", f->certificate, f->key, f->ca);
    g_auto (Outcome) checked = RUN ("check", f->dest, f->certificate, f->key, f->ca);

    g_assert_cmpint (out.code, ==, OK);
    says (out.output, "\"tls_version\":\"TLSv1.3\"");
    says (out.output, "\"peer_identity\":\"spiffe://test/client\"");
    says (out.output, "\"client_id\":\"dunlin\"");
    g_assert_cmpint (checked.code, ==, OK);
    says (checked.output, "TLSv1.3");
    says (checked.output, "expires");
    says (checked.output, "ThriftMux");
    says (checked.output, "upgraded to TTwitter");
    says (checked.output, "ping() answers");
}

/* The same settings from the environment, and from a file. */
static void
test_tls_settings (Fixture *f, gconstpointer data)
{
    const char *certificate = tls_folder_path (f->tls, "client", ".pem");
    const char *key = tls_folder_path (f->tls, "client", ".key");
    const char *ca = tls_folder_path (f->tls, "ca", ".pem");
    const char *const environment[] = {
        "DUNLIN_TLS_CERTIFICATE", certificate, "DUNLIN_TLS_KEY", key, "DUNLIN_TLS_CA", ca, NULL
    };
    g_autofree char *path = g_build_filename (f->tls->path, "dunlin.ini", NULL);
    g_autofree char *text = g_strdup_printf (
        "[tls]\ncertificate = %s\nkey = %s\nca = %s\n[thrift]\nport = 1\n[book]\nfile = x\n",
        certificate, key, ca);
    g_autofree char *config = g_strconcat ("--config=", path, NULL);
    g_auto (Outcome) out =
        run_with ((const char *const[]){ "call", f->dest, "ping", NULL }, environment, "");
    g_auto (Outcome) from_file = { 0 };

    g_assert_cmpint (out.code, ==, OK);
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
    from_file = RUN ("call", f->dest, "ping", config);
    g_assert_cmpint (from_file.code, ==, OK);
    g_unlink (path);
}

static void
test_tls_faults (Fixture *f, gconstpointer data)
{
    g_auto (Outcome) plain = RUN ("call", f->dest, "ping");
    g_auto (Outcome) checked = RUN ("check", f->dest);
    g_auto (Outcome) half = RUN ("call", f->dest, "ping", f->certificate);
    g_auto (Outcome) renamed =
        RUN ("check", f->dest, f->certificate, f->key, f->ca, "--server-name=other.example");

    g_assert_cmpint (plain.code, ==, FAILED);
    g_assert_cmpint (checked.code, ==, FAILED);
    says (checked.output, "Does the service want TLS?");
    g_assert_cmpint (half.code, ==, USAGE);
    says (half.errors, "tls.key is not set");
    g_assert_cmpint (renamed.code, ==, FAILED);
    says (renamed.output, "hostname mismatch");
    says (renamed.output, "had to be for other.example");
}

/* ---- ZooKeeper ---- */

typedef struct {
    TestZookeeperServer *zookeeper;
    char *servers;
    char *dest;
} Named;

static TestService *
announce (Named *f, const char *shard)
{
    g_autofree char *flag = g_strconcat ("--zookeeper.shard=", shard, NULL);

    return test_service_start ("conformance_server",
                               (const char *const[]){ "--tls.mode=off", f->servers, flag,
                                                      "--zookeeper.path=/services/conformance",
                                                      NULL });
}

static void
set_up_named (Named *f, gconstpointer data)
{
    const char *address;

    f->zookeeper = test_zookeeper_server_new (NULL);
    address = test_zookeeper_server_address (f->zookeeper);
    f->servers = g_strconcat ("--zookeeper.servers=", address, NULL);
    f->dest = g_strdup_printf ("zk2!%s!/services/conformance", address);
}

static void
tear_down_named (Named *f, gconstpointer data)
{
    test_zookeeper_server_free (f->zookeeper);
    g_free (f->servers);
    g_free (f->dest);
}

/* Lines of a running command until one says @part. */
static void
read_until (GDataInputStream *lines, const char *part)
{
    for (;;) {
        g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

        if (line == NULL)
            g_error ("the command ended without saying \"%s\"", part);
        g_test_message ("%s", line);
        if (strstr (line, part) != NULL)
            return;
    }
}

static void
test_watch (Named *f, gconstpointer data)
{
    const char *const arguments[] = { "resolve", f->dest, "--watch", NULL };
    g_autoptr (GSubprocess) watching = spawn (arguments, NULL, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autoptr (GDataInputStream) lines =
        g_data_input_stream_new (g_subprocess_get_stdout_pipe (watching));
    g_autoptr (TestService) first = announce (f, "0");
    g_autoptr (TestService) second = NULL;

    read_until (lines, " 1 address");
    read_until (lines, "member_0000000000 shard 0");
    second = announce (f, "1");
    read_until (lines, " 2 addresses");
    g_subprocess_send_signal (watching, SIGINT);
    g_assert_true (g_subprocess_wait (watching, NULL, NULL));
    g_assert_cmpint (g_subprocess_get_exit_status (watching), ==, OK);
}

static gboolean
is_announced (Named *f)
{
    g_auto (Outcome) out = RUN ("resolve", f->dest);

    return out.code == OK;
}

static void
test_named (Named *f, gconstpointer data)
{
    g_autofree char *wrong = g_strconcat (f->dest, "-not", NULL);
    g_autoptr (TestService) service = announce (f, "7");
    g_auto (Outcome) called = { 0 };
    g_auto (Outcome) checked = { 0 };
    g_auto (Outcome) missing = { 0 };
    g_auto (Outcome) nobody = { 0 };

    while (!is_announced (f))
        ;
    called = RUN ("call", f->dest, "ping", "--verbose");
    g_assert_cmpint (called.code, ==, OK);
    says (called.errors, "answered over thriftmux");
    checked = RUN ("check", f->dest);
    g_assert_cmpint (checked.code, ==, OK);
    says (checked.output, "ok    member");
    says (checked.output, "\"status\":\"ALIVE\",\"shard\":7");
    missing = RUN ("check", wrong);
    g_assert_cmpint (missing.code, ==, FAILED);
    says (missing.output, "there is no such node");
    nobody = RUN ("call", wrong, "ping", "--timeout=2s");
    g_assert_cmpint (nobody.code, ==, FAILED);
}

/* ---- press ---- */

static void
test_press (Fixture *f, gconstpointer data)
{
    g_autofree char *folder = g_dir_make_tmp ("dunlin-press-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "press.csv", NULL);
    g_autofree char *csv = g_strconcat ("--csv=", path, NULL);
    g_autofree char *text = NULL;
    g_auto (Outcome) counted = RUN ("press", f->dest, "ping", "--requests=50", csv);
    g_auto (Outcome) paced =
        RUN ("press", f->dest, "ping", "--rate=100", "--duration=1s", "--loops=2");
    g_auto (Outcome) thrown = RUN ("press", f->dest, "get", "{\"id\":99}", "--requests=10");
    g_auto (Outcome) failing =
        RUN ("press", f->dest, "fail", "{\"kind\":\"undeclared\"}", "--requests=10");

    g_assert_cmpint (counted.code, ==, OK);
    says (counted.output, "50 calls in ");
    says (counted.output, " p99 ");
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_assert_true (g_str_has_prefix (text, "seconds,calls,declared,failed,p50_ms"));
    g_assert_cmpint (paced.code, ==, OK);
    says (paced.output, "100 calls in ");
    g_assert_cmpint (thrown.code, ==, OK);
    says (thrown.output, "0 failed, 10 with a declared exception");
    g_assert_cmpint (failing.code, ==, FAILED);
    says (failing.output, "10 failed");
    g_unlink (path);
    g_rmdir (folder);
}

#define ADD(path, test)       g_test_add (path, Fixture, NULL, set_up_plain, test, tear_down)
#define ADD_TLS(path, test)   g_test_add (path, Fixture, NULL, set_up_tls, test, tear_down)
#define ADD_NAMED(path, test) g_test_add (path, Named, NULL, set_up_named, test, tear_down_named)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    ADD ("/e2e/cli/every-type-comes-back-over-every-protocol", test_everything);
    ADD ("/e2e/cli/defaults-are-the-services", test_defaults);
    ADD ("/e2e/cli/exit-codes-tell-what-happened", test_exit_codes);
    ADD ("/e2e/cli/timeouts-hold", test_too_late);
    ADD ("/e2e/cli/an-idl-replaces-asking", test_idl);
    ADD ("/e2e/cli/describe-gives-the-idl-as-it-was-written", test_describe);
    ADD ("/e2e/cli/press-counts-and-paces", test_press);
    g_test_add ("/e2e/cli/arguments-from-file-and-input", Fixture, "address_book", set_up_plain,
                test_address_book, tear_down);
    g_test_add_func ("/e2e/cli/usage", test_usage);
    g_test_add_func ("/e2e/cli/nobody-there", test_nobody);
    ADD_TLS ("/e2e/cli/mutual-tls", test_tls);
    ADD_TLS ("/e2e/cli/tls-by-environment-and-file", test_tls_settings);
    ADD_TLS ("/e2e/cli/tls-faults-are-named", test_tls_faults);
    ADD_NAMED ("/e2e/cli/by-name", test_named);
    ADD_NAMED ("/e2e/cli/watching-a-name", test_watch);
    return g_test_run ();
}
