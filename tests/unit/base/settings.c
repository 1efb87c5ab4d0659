/* Every source, their order, and the text of every error. */
#include "base/error.h"
#include "base/settings.h"

#include <glib/gstdio.h>
#include <string.h>

static const DunlinSetting table[] = {
    { .name = "thrift.host", .type = DUNLIN_SETTING_STRING, .fallback = "127.0.0.1", .help = "H." },
    { .name = "thrift.port", .type = DUNLIN_SETTING_PORT, .fallback = "9090", .help = "Port." },
    { .name = "thrift.max-frame",
      .type = DUNLIN_SETTING_SIZE,
      .fallback = "16MiB",
      .help = "Largest frame.",
      .minimum = 1024,
      .maximum = DUNLIN_GIB },
    { .name = "thrift.strict", .type = DUNLIN_SETTING_BOOL, .fallback = "no", .help = "Strict." },
    { .name = "tls.mode",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "required",
      .allowed = "required|off",
      .help = "Mode." },
    { .name = "server.grace",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "20",
      .unit = "s",
      .help = "Grace." },
    { .name = "server.workers", .type = DUNLIN_SETTING_INT, .fallback = "4", .help = "Workers." },
    { .name = "zookeeper.digest",
      .type = DUNLIN_SETTING_STRING,
      .flags = DUNLIN_SETTING_SECRET,
      .help = "Secret." },
    { .name = "zookeeper.shard", .type = DUNLIN_SETTING_INT, .fallback = "0", .help = "Shard." },
    { .name = "tls.key", .type = DUNLIN_SETTING_PATH, .help = "Key." },
    { .name = "zookeeper.servers", .type = DUNLIN_SETTING_ADDRESSES, .help = "Servers." },
    { .name = "client.*.dest", .type = DUNLIN_SETTING_STRING, .help = "Where NAME is." },
    { .name = "client.*.timeout",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "1s",
      .help = "Its time." },
    { .name = "client.*.connect-timeout",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "2s",
      .help = "Its time to connect." },
};

typedef struct {
    DunlinSettings *settings;
    char *folder;
    char *file;
    char *argv[16];
    int argc;
    DunlinSettingsAction action;
    GError *error;
} Fixture;

static void
clear_environment (void)
{
    g_auto (GStrv) names = g_listenv ();

    for (gsize i = 0; names[i] != NULL; i++) {
        if (g_str_has_prefix (names[i], "DUNLIN_"))
            g_unsetenv (names[i]);
    }
}

static void
set_up (Fixture *f, gconstpointer data)
{
    clear_environment ();
    f->settings = dunlin_settings_new ();
    dunlin_settings_declare (f->settings, table, G_N_ELEMENTS (table));
    f->folder = g_dir_make_tmp ("dunlin-settings-XXXXXX", NULL);
    f->file = g_build_filename (f->folder, "service.ini", NULL);
    f->argv[0] = (char *)"service";
    f->argc = 1;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
    clear_environment ();
    g_unlink (f->file);
    g_rmdir (f->folder);
    g_free (f->file);
    g_free (f->folder);
    g_clear_error (&f->error);
    dunlin_settings_free (f->settings);
}

static void
add_argument (Fixture *f, const char *argument)
{
    g_assert_cmpint (f->argc, <, (int)G_N_ELEMENTS (f->argv) - 1);
    f->argv[f->argc++] = (char *)argument;
}

static void
write_file (Fixture *f, const char *text)
{
    g_assert_true (g_file_set_contents (f->file, text, -1, NULL));
    g_setenv ("DUNLIN_CONFIG", f->file, TRUE);
}

static gboolean
load (Fixture *f)
{
    char **argv = f->argv;

    return dunlin_settings_load (f->settings, &f->argc, &argv, &f->action, &f->error);
}

static void
load_well (Fixture *f)
{
    gboolean loaded = load (f);

    g_assert_no_error (f->error);
    g_assert_true (loaded);
}

/* "FILE" in @expected stands for the settings file's path. */
static void
load_badly (Fixture *f, const char *expected)
{
    g_auto (GStrv) parts = g_strsplit (expected, "FILE", -1);
    g_autofree char *message = g_strjoinv (f->file, parts);

    g_assert_false (load (f));
    g_assert_error (f->error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    g_assert_cmpstr (f->error->message, ==, message);
}

static void
test_defaults (Fixture *f, gconstpointer data)
{
    load_well (f);
    g_assert_cmpint (f->action, ==, DUNLIN_SETTINGS_RUN);
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "thrift.host"), ==, "127.0.0.1");
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 9090);
    g_assert_cmpuint (dunlin_settings_get_size (f->settings, "thrift.max-frame"), ==, 16 << 20);
    g_assert_false (dunlin_settings_get_bool (f->settings, "thrift.strict"));
    g_assert_cmpint (dunlin_settings_get_enum (f->settings, "tls.mode"), ==, 0);
    g_assert_cmpint (dunlin_settings_get_duration (f->settings, "server.grace"), ==, 20000000);
    g_assert_cmpint (dunlin_settings_get_int (f->settings, "server.workers"), ==, 4);
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "tls.key"), ==, "");
    g_assert_cmpint (dunlin_settings_get_source (f->settings, "tls.key"), ==,
                     DUNLIN_SOURCE_DEFAULT);
}

static void
test_file (Fixture *f, gconstpointer data)
{
    write_file (f, "# mine\n[thrift]\nport = 1234\nmax-frame=1MiB\n\n[tls]\nmode = off\n"
                   "key = /etc/key with space.pem\n[client]\ntaxa.dest = zk2!a\n"
                   "[client.birds]\ndest = inet!b\n");
    load_well (f);
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 1234);
    g_assert_cmpuint (dunlin_settings_get_size (f->settings, "thrift.max-frame"), ==, 1 << 20);
    g_assert_cmpint (dunlin_settings_get_enum (f->settings, "tls.mode"), ==, 1);
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "tls.key"), ==,
                     "/etc/key with space.pem");
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "client.taxa.dest"), ==, "zk2!a");
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "client.birds.dest"), ==, "inet!b");
    g_assert_cmpint (dunlin_settings_get_source (f->settings, "thrift.port"), ==,
                     DUNLIN_SOURCE_FILE);
}

static void
test_shared_file (Fixture *f, gconstpointer data)
{
    write_file (f, "[book]\nfile = x\n[thrift]\nport = 1234\n[client.birds]\ndest = b\n");
    dunlin_settings_share_file (f->settings);
    load_well (f);
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 1234);
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "client.birds.dest"), ==, "b");
}

static void
test_wrong_name_in_shared_file (Fixture *f, gconstpointer data)
{
    write_file (f, "[book]\nfile = x\n[thrift]\nports = 1\n");
    dunlin_settings_share_file (f->settings);
    load_badly (f, "there is no setting thrift.ports (file FILE:4); did you mean thrift.port?");
}

static void
test_environment (Fixture *f, gconstpointer data)
{
    g_setenv ("DUNLIN_THRIFT_PORT", "1", TRUE);
    g_setenv ("DUNLIN_THRIFT_MAX_FRAME", "2k", TRUE);
    g_setenv ("DUNLIN_CLIENT_TAXA_DEST", "zk2!b", TRUE);
    load_well (f);
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 1);
    g_assert_cmpuint (dunlin_settings_get_size (f->settings, "thrift.max-frame"), ==, 2048);
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "client.taxa.dest"), ==, "zk2!b");
    g_assert_cmpint (dunlin_settings_get_source (f->settings, "thrift.port"), ==,
                     DUNLIN_SOURCE_ENVIRONMENT);
}

static void
test_flags (Fixture *f, gconstpointer data)
{
    add_argument (f, "--thrift.port=2");
    add_argument (f, "--thrift.max-frame");
    add_argument (f, "4k");
    add_argument (f, "--thrift.strict");
    add_argument (f, "--tls.key=a=b");
    add_argument (f, "--client.taxa.dest");
    add_argument (f, "zk2!c");
    load_well (f);
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 2);
    g_assert_cmpuint (dunlin_settings_get_size (f->settings, "thrift.max-frame"), ==, 4096);
    g_assert_true (dunlin_settings_get_bool (f->settings, "thrift.strict"));
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "tls.key"), ==, "a=b");
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "client.taxa.dest"), ==, "zk2!c");
    g_assert_cmpint (dunlin_settings_get_source (f->settings, "thrift.port"), ==,
                     DUNLIN_SOURCE_FLAG);
    g_assert_cmpint (f->argc, ==, 1);
    g_assert_null (f->argv[1]);
}

static void
test_later_sources_win (Fixture *f, gconstpointer data)
{
    g_autoptr (GError) error = NULL;

    write_file (f, "[server]\nworkers = 1\n[thrift]\nport = 1\nhost = file\n[zookeeper]\n"
                   "shard = 1\n");
    g_setenv ("DUNLIN_THRIFT_PORT", "2", TRUE);
    g_setenv ("DUNLIN_THRIFT_HOST", "environment", TRUE);
    g_setenv ("DUNLIN_ZOOKEEPER_SHARD", "2", TRUE);
    add_argument (f, "--thrift.host=flag");
    add_argument (f, "--zookeeper.shard=3");
    load_well (f);
    g_assert_true (dunlin_settings_set (f->settings, "zookeeper.shard", "4", &error));
    g_assert_cmpint (dunlin_settings_get_int (f->settings, "server.workers"), ==, 1);
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 2);
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "thrift.host"), ==, "flag");
    g_assert_cmpint (dunlin_settings_get_int (f->settings, "zookeeper.shard"), ==, 4);
    g_assert_cmpint (dunlin_settings_get_source (f->settings, "zookeeper.shard"), ==,
                     DUNLIN_SOURCE_PROGRAM);
}

static void
test_the_last_of_equal_flags_wins (Fixture *f, gconstpointer data)
{
    add_argument (f, "--thrift.port=2");
    add_argument (f, "--thrift.port=3");
    load_well (f);
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 3);
}

static void
test_config_flag_wins_over_its_variable (Fixture *f, gconstpointer data)
{
    write_file (f, "[thrift]\nport = 77\n");
    g_setenv ("DUNLIN_CONFIG", "/nonexistent", TRUE);
    add_argument (f, "--config");
    add_argument (f, f->file);
    load_well (f);
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 77);
}

static void
test_program_default_is_the_weakest (Fixture *f, gconstpointer data)
{
    dunlin_settings_set_default (f->settings, "thrift.port", "1");
    dunlin_settings_set_default (f->settings, "server.workers", "1");
    dunlin_settings_set_default (f->settings, "client.*.timeout", "7s");
    g_setenv ("DUNLIN_THRIFT_PORT", "2", TRUE);
    load_well (f);
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 2);
    g_assert_cmpint (dunlin_settings_get_int (f->settings, "server.workers"), ==, 1);
    g_assert_cmpint (dunlin_settings_get_duration (f->settings, "client.x.timeout"), ==, 7000000);
}

static void
test_what_is_no_flag_stays (Fixture *f, gconstpointer data)
{
    add_argument (f, "call");
    add_argument (f, "--thrift.strict");
    add_argument (f, "-");
    add_argument (f, "--thrift.port=1");
    add_argument (f, "--");
    add_argument (f, "--thrift.port=2");
    load_well (f);
    g_assert_cmpint (f->argc, ==, 4);
    g_assert_cmpstr (f->argv[1], ==, "call");
    g_assert_cmpstr (f->argv[2], ==, "-");
    g_assert_cmpstr (f->argv[3], ==, "--thrift.port=2");
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 1);
}

static void
test_help_looks_at_nothing_else (Fixture *f, gconstpointer data)
{
    g_setenv ("DUNLIN_THRIFT_PORT", "bad", TRUE);
    add_argument (f, "--help");
    add_argument (f, "--nonsense");
    load_well (f);
    g_assert_cmpint (f->action, ==, DUNLIN_SETTINGS_HELP);
}

static void
test_version_and_print (Fixture *f, gconstpointer data)
{
    add_argument (f, "--print-settings");
    add_argument (f, "--thrift.port=5");
    load_well (f);
    g_assert_cmpint (f->action, ==, DUNLIN_SETTINGS_PRINT);
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 5);
    add_argument (f, "--version");
    load_well (f);
    g_assert_cmpint (f->action, ==, DUNLIN_SETTINGS_VERSION);
}

static void
test_names_of_a_pattern (Fixture *f, gconstpointer data)
{
    g_auto (GStrv) names = NULL;
    g_auto (GStrv) timed = NULL;

    write_file (f, "[client]\nmy-taxa.dest = a\n");
    g_setenv ("DUNLIN_CLIENT_MY_TAXA_DEST", "b", TRUE);
    g_setenv ("DUNLIN_CLIENT_BIRDS_DEST", "c", TRUE);
    g_setenv ("DUNLIN_CLIENT_MY_TAXA_CONNECT_TIMEOUT", "3s", TRUE);
    load_well (f);
    names = dunlin_settings_get_names (f->settings, "client.*.dest");
    timed = dunlin_settings_get_names (f->settings, "client.*.timeout");
    g_assert_cmpuint (g_strv_length (names), ==, 2);
    g_assert_cmpstr (names[0], ==, "birds");
    g_assert_cmpstr (names[1], ==, "my-taxa");
    g_assert_cmpuint (g_strv_length (timed), ==, 0);
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "client.my-taxa.dest"), ==, "b");
    g_assert_cmpint (dunlin_settings_get_duration (f->settings, "client.my-taxa.connect-timeout"),
                     ==, 3000000);
    g_assert_cmpint (dunlin_settings_get_duration (f->settings, "client.my-taxa.timeout"), ==,
                     1000000);
}

static void
test_lists (Fixture *f, gconstpointer data)
{
    g_auto (GStrv) list = NULL;
    g_auto (GStrv) empty = NULL;

    add_argument (f, "--zookeeper.servers=a:1,b:2");
    load_well (f);
    list = dunlin_settings_get_list (f->settings, "zookeeper.servers");
    empty = dunlin_settings_get_list (f->settings, "tls.key");
    g_assert_cmpuint (g_strv_length (list), ==, 2);
    g_assert_cmpstr (list[1], ==, "b:2");
    g_assert_cmpuint (g_strv_length (empty), ==, 0);
}

static void
test_kubernetes_variables_are_let_be (Fixture *f, gconstpointer data)
{
    g_setenv ("DUNLIN_THRIFT_SERVICE_HOST", "10.0.0.1", TRUE);
    g_setenv ("DUNLIN_THRIFT_SERVICE_PORT_MUX", "80", TRUE);
    g_setenv ("DUNLIN_TLS_PORT", "tcp://10.0.0.1:80", TRUE);
    g_setenv ("DUNLIN_TLS_PORT_80_TCP_ADDR", "10.0.0.1", TRUE);
    g_setenv ("DUNLIN_SOURCE_DIR", "/somewhere", TRUE);
    load_well (f);
}

static void
test_secrets_are_not_printed (Fixture *f, gconstpointer data)
{
    g_autofree char *printed = NULL;
    g_autofree char *help = NULL;

    g_setenv ("DUNLIN_ZOOKEEPER_DIGEST", "user:hunter2", TRUE);
    load_well (f);
    printed = dunlin_settings_print (f->settings);
    help = dunlin_settings_help (f->settings, "service");
    g_assert_cmpstr (dunlin_settings_get_string (f->settings, "zookeeper.digest"), ==,
                     "user:hunter2");
    g_assert_null (strstr (printed, "hunter2"));
    g_assert_null (strstr (help, "hunter2"));
    g_assert_nonnull (strstr (printed, "# environment DUNLIN_ZOOKEEPER_DIGEST\n# digest = ******"));
}

static void
test_print_can_be_read_as_a_file (Fixture *f, gconstpointer data)
{
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;
    g_autoptr (DunlinSettings) again = dunlin_settings_new ();
    char *none[] = { (char *)"service", NULL };
    char **argv = none;
    int argc = 1;

    add_argument (f, "--thrift.host= odd\\value\n");
    add_argument (f, "--client.taxa.dest=zk2!x");
    load_well (f);
    first = dunlin_settings_print (f->settings);
    g_assert_nonnull (strstr (first, "[thrift]\n# flag --thrift.host\nhost = "));
    g_assert_nonnull (strstr (first, "\n# default\nport = 9090\n"));
    write_file (f, first);
    dunlin_settings_declare (again, table, G_N_ELEMENTS (table));
    dunlin_settings_load (again, &argc, &argv, &f->action, &f->error);
    g_assert_no_error (f->error);
    g_assert_cmpstr (dunlin_settings_get_string (again, "thrift.host"), ==, " odd\\value\n");
    g_assert_cmpstr (dunlin_settings_get_string (again, "client.taxa.dest"), ==, "zk2!x");
    g_assert_cmpuint (dunlin_settings_get_port (again, "thrift.port"), ==, 9090);
}

static void
test_help_tells_everything (Fixture *f, gconstpointer data)
{
    g_autofree char *help = NULL;
    g_auto (GStrv) lines = NULL;

    load_well (f);
    help = dunlin_settings_help (f->settings, "service");
    g_assert_true (g_str_has_prefix (help, "Usage: service [--SETTING=VALUE]..."));
    g_assert_nonnull (strstr (help, "\nthrift\n  --thrift.host=TEXT\n"));
    g_assert_nonnull (strstr (help, "\n  --client.NAME.dest=TEXT\n"));
    g_assert_nonnull (strstr (help, "DUNLIN_CLIENT_NAME_DEST"));
    g_assert_nonnull (strstr (help, "one of: required, off"));
    g_assert_nonnull (strstr (help, "Default: 16MiB."));
    lines = g_strsplit (help, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++)
        g_assert_cmpuint (strlen (lines[i]), <=, 80);
}

static void
collect (const DunlinSettingView *view, gpointer data)
{
    g_string_append_printf (data, "%s=%s (%s)\n", view->name, view->text, view->place);
}

static void
test_foreach_says_where_from (Fixture *f, gconstpointer data)
{
    g_autoptr (GString) seen = g_string_new (NULL);
    g_autofree char *from_file = g_strdup_printf ("thrift.port=1 (file %s:3)\n", f->file);

    write_file (f, "\n[thrift]\nport=1\n");
    g_setenv ("DUNLIN_TLS_MODE", "off", TRUE);
    add_argument (f, "--client.b.dest=x");
    add_argument (f, "--client.a.dest=y");
    load_well (f);
    dunlin_settings_foreach (f->settings, collect, seen);
    g_assert_nonnull (strstr (seen->str, "thrift.host=127.0.0.1 (default)\n"));
    g_assert_nonnull (strstr (seen->str, from_file));
    g_assert_nonnull (strstr (seen->str, "tls.mode=off (environment DUNLIN_TLS_MODE)\n"));
    g_assert_nonnull (strstr (seen->str, "client.a.dest=y (flag --client.a.dest)\n"
                                         "client.b.dest=x (flag --client.b.dest)\n"));
    g_assert_null (strchr (seen->str, '*'));
}

/* What goes wrong, and the words for it. */

typedef struct {
    const char *name;
    const char *file;     /* the file's text */
    const char *variable; /* "NAME=VALUE" */
    const char *flags[2];
    const char *message;
} Wrong;

static const Wrong wrongs[] = {
    { "bad-port-in-file",
      "[thrift]\nhost = x\nport = 99999\n",
      NULL,
      { NULL },
      "setting thrift.port: \"99999\" (file FILE:3) is not allowed; "
      "it must be a port from 0 to 65535" },
    { "last-line-of-a-repeated-key",
      "[thrift]\nport = 1\n\nport = x\n",
      NULL,
      { NULL },
      "setting thrift.port: \"x\" (file FILE:4) is not allowed; "
      "it must be a port from 0 to 65535" },
    { "bad-enum-in-environment",
      NULL,
      "DUNLIN_TLS_MODE=on",
      { NULL },
      "setting tls.mode: \"on\" (environment DUNLIN_TLS_MODE) is not allowed; "
      "it must be one of: required, off" },
    { "bad-size-in-flag",
      NULL,
      NULL,
      { "--thrift.max-frame=1TB" },
      "setting thrift.max-frame: \"1TB\" (flag --thrift.max-frame) is not allowed; it must be a "
      "size in bytes or with a unit (k, KiB, M, MiB, G, GiB), from 1KiB to 1GiB" },
    { "bad-duration",
      NULL,
      NULL,
      { "--server.grace", "soon" },
      "setting server.grace: \"soon\" (flag --server.grace) is not allowed; it must be a duration "
      "with a unit (us, ms, s, m, h, d; s when there is none)" },
    { "bad-int",
      NULL,
      NULL,
      { "--server.workers=many" },
      "setting server.workers: \"many\" (flag --server.workers) is not allowed; "
      "it must be a whole number" },
    { "bad-bool",
      NULL,
      NULL,
      { "--thrift.strict=perhaps" },
      "setting thrift.strict: \"perhaps\" (flag --thrift.strict) is not allowed; "
      "it must be true or false" },
    { "bad-addresses",
      NULL,
      NULL,
      { "--zookeeper.servers=zk1" },
      "setting zookeeper.servers: \"zk1\" (flag --zookeeper.servers) is not allowed; "
      "it must be HOST:PORT[,HOST:PORT]..." },
    { "bad-text-is-escaped",
      NULL,
      NULL,
      { "--thrift.port=\n\033[31m" },
      "setting thrift.port: \"\\n\\033[31m\" (flag --thrift.port) is not allowed; "
      "it must be a port from 0 to 65535" },
    { "bad-secret-is-hidden",
      NULL,
      "DUNLIN_ZOOKEEPER_DIGEST=\xff",
      { NULL },
      "setting zookeeper.digest: \"******\" (environment DUNLIN_ZOOKEEPER_DIGEST) is not allowed; "
      "it must be text in UTF-8" },
    { "unknown-flag",
      NULL,
      NULL,
      { "--thrift.prot=1" },
      "there is no setting thrift.prot (flag --thrift.prot); did you mean thrift.port?" },
    { "unknown-flag-by-its-last-part",
      NULL,
      NULL,
      { "--port=1" },
      "there is no setting port (flag --port); did you mean thrift.port?" },
    { "unknown-flag-near-nothing",
      NULL,
      NULL,
      { "--colour-scheme=1" },
      "there is no setting colour-scheme (flag --colour-scheme); --help lists them all" },
    { "unknown-of-a-pattern",
      NULL,
      NULL,
      { "--client.taxa.dset=1" },
      "there is no setting client.taxa.dset (flag --client.taxa.dset); "
      "did you mean client.taxa.dest?" },
    { "star-is-no-name",
      NULL,
      NULL,
      { "--client.*.dest=1" },
      "there is no setting client.*.dest (flag --client.*.dest); --help lists them all" },
    { "unknown-in-file",
      "[thrift]\nports = 1\n",
      NULL,
      { NULL },
      "there is no setting thrift.ports (file FILE:2); did you mean thrift.port?" },
    { "unknown-in-environment",
      NULL,
      "DUNLIN_THRFIT_PORT=1",
      { NULL },
      "there is no setting thrfit.port (environment DUNLIN_THRFIT_PORT); "
      "did you mean thrift.port?" },
    { "unknown-in-environment-of-a-group",
      NULL,
      "DUNLIN_TLS_WHATEVER_IT_IS=1",
      { NULL },
      "there is no setting tls.whatever-it-is (environment DUNLIN_TLS_WHATEVER_IT_IS); "
      "--help lists them all" },
    { "flag-without-value", NULL, NULL, { "--thrift.port" }, "flag --thrift.port needs a value" },
    { "single-dash",
      NULL,
      NULL,
      { "-thrift.port=1" },
      "argument -thrift.port=1: flags begin with two dashes, as in --thrift.port=1" },
    { "file-that-is-not-there",
      NULL,
      "DUNLIN_CONFIG=/nonexistent/x.ini",
      { NULL },
      "settings file: Failed to open file \342\200\234/nonexistent/x.ini\342\200\235: "
      "No such file or directory" },
    { "broken-line-in-file",
      "[thrift]\nport = 1\nnonsense\n",
      NULL,
      { NULL },
      "settings file FILE:3: Key file contains line \342\200\234nonsense\342\200\235 which is not "
      "a key-value pair, group, or comment" },
    { "line-without-group",
      "# x\n\nport = 1\n",
      NULL,
      { NULL },
      "settings file FILE:3: Key file does not start with a group" },
    { "bad-escape-in-file",
      "[thrift]\nhost = a\\q\n",
      NULL,
      { NULL },
      "setting thrift.host (file FILE:2): after a backslash there may be s, n, t, r or another "
      "backslash; write \\\\ for a backslash" },
};

static void
test_wrong (Fixture *f, gconstpointer data)
{
    const Wrong *wrong = data;

    if (wrong->file != NULL)
        write_file (f, wrong->file);
    if (wrong->variable != NULL) {
        g_auto (GStrv) parts = g_strsplit (wrong->variable, "=", 2);

        g_setenv (parts[0], parts[1], TRUE);
    }
    for (gsize i = 0; i < 2 && wrong->flags[i] != NULL; i++)
        add_argument (f, wrong->flags[i]);
    load_badly (f, wrong->message);
}

static void
test_set_is_checked (Fixture *f, gconstpointer data)
{
    g_assert_false (dunlin_settings_set (f->settings, "thrift.port", "x", &f->error));
    g_assert_cmpstr (f->error->message, ==,
                     "setting thrift.port: \"x\" (program) is not allowed; "
                     "it must be a port from 0 to 65535");
    g_clear_error (&f->error);
    g_assert_false (dunlin_settings_set (f->settings, "thrift.prt", "1", &f->error));
    g_assert_cmpstr (f->error->message, ==,
                     "there is no setting thrift.prt (program); did you mean thrift.port?");
    g_assert_cmpuint (dunlin_settings_get_port (f->settings, "thrift.port"), ==, 9090);
}

/* The program's own mistakes end it where criticals are fatal, as here. */

static void
expect_critical (Fixture *f, void (*mistake) (DunlinSettings *), const char *pattern)
{
    if (g_test_subprocess ()) {
        g_rmdir (f->folder); /* nothing is torn down after the mistake */
        mistake (f->settings);
        return;
    }
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_failed ();
    g_test_trap_assert_stderr (pattern);
}

static void
declare_twice (DunlinSettings *settings)
{
    dunlin_settings_declare (settings, table, 1);
}

static void
declare_a_bad_default (DunlinSettings *settings)
{
    static const DunlinSetting bad = { .name = "x.y", .type = DUNLIN_SETTING_INT, .help = "" };

    dunlin_settings_declare (settings, &bad, 1);
}

static void
ask_for_an_unknown_name (DunlinSettings *settings)
{
    dunlin_settings_get_string (settings, "no.such");
}

static void
ask_for_another_type (DunlinSettings *settings)
{
    dunlin_settings_get_bool (settings, "thrift.port");
}

static void
test_declaring_twice_is_a_mistake (Fixture *f, gconstpointer data)
{
    expect_critical (f, declare_twice, "*thrift.host is declared twice*");
}

static void
test_bad_default_is_a_mistake (Fixture *f, gconstpointer data)
{
    expect_critical (f, declare_a_bad_default, "*the default is wrong: setting x.y*");
}

static void
test_unknown_name_is_a_mistake (Fixture *f, gconstpointer data)
{
    expect_critical (f, ask_for_an_unknown_name, "*there is no setting no.such*");
}

static void
test_other_type_is_a_mistake (Fixture *f, gconstpointer data)
{
    expect_critical (f, ask_for_another_type, "*thrift.port is of another type*");
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer), gconstpointer data)
{
    g_autofree char *path = g_strconcat ("/base/settings/", name, NULL);

    g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
    g_setenv ("LC_ALL", "C.UTF-8", TRUE);
    g_test_init (&argc, &argv, NULL);
    add ("defaults", test_defaults, NULL);
    add ("file", test_file, NULL);
    add ("shared-file", test_shared_file, NULL);
    add ("wrong-name-in-shared-file", test_wrong_name_in_shared_file, NULL);
    add ("environment", test_environment, NULL);
    add ("flags", test_flags, NULL);
    add ("later-sources-win", test_later_sources_win, NULL);
    add ("the-last-of-equal-flags-wins", test_the_last_of_equal_flags_wins, NULL);
    add ("config-flag-wins-over-its-variable", test_config_flag_wins_over_its_variable, NULL);
    add ("program-default-is-the-weakest", test_program_default_is_the_weakest, NULL);
    add ("what-is-no-flag-stays", test_what_is_no_flag_stays, NULL);
    add ("help-looks-at-nothing-else", test_help_looks_at_nothing_else, NULL);
    add ("version-and-print", test_version_and_print, NULL);
    add ("names-of-a-pattern", test_names_of_a_pattern, NULL);
    add ("lists", test_lists, NULL);
    add ("kubernetes-variables-are-let-be", test_kubernetes_variables_are_let_be, NULL);
    add ("secrets-are-not-printed", test_secrets_are_not_printed, NULL);
    add ("print-can-be-read-as-a-file", test_print_can_be_read_as_a_file, NULL);
    add ("help-tells-everything", test_help_tells_everything, NULL);
    add ("foreach-says-where-from", test_foreach_says_where_from, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (wrongs); i++) {
        g_autofree char *name = g_strconcat ("wrong/", wrongs[i].name, NULL);

        add (name, test_wrong, &wrongs[i]);
    }
    add ("set-is-checked", test_set_is_checked, NULL);
    add ("mistake/declaring-twice", test_declaring_twice_is_a_mistake, NULL);
    add ("mistake/bad-default", test_bad_default_is_a_mistake, NULL);
    add ("mistake/unknown-name", test_unknown_name_is_a_mistake, NULL);
    add ("mistake/other-type", test_other_type_is_a_mistake, NULL);
    return g_test_run ();
}
