/* cli/options, cli/usage: short flags, and what --help says. */
#include "cli/options.h"
#include "cli/usage.h"

#include <string.h>

static void
test_expand (void)
{
    char *argv[] = { (char *)"dunlin",
                     (char *)"call",
                     (char *)"a:1",
                     (char *)"--timeout",
                     (char *)"2s",
                     (char *)"--watch",
                     (char *)"--tls.mode=off",
                     (char *)"--rate=5",
                     (char *)"--none=1",
                     (char *)"--",
                     (char *)"--rate=6" };
    g_auto (GStrv) expanded = cli_options_expand (G_N_ELEMENTS (argv), argv);
    g_autofree char *joined = g_strjoinv (" ", expanded);

    g_assert_cmpstr (joined, ==,
                     "dunlin call a:1 --call.timeout 2s --resolve.watch --tls.mode=off "
                     "--press.rate=5 --none=1 -- --rate=6");
}

/* A name in a command's list is one of a setting, and each is explained. */
static void
test_usage (void)
{
    for (gsize i = 0; cli_commands[i] != NULL; i++) {
        const CliCommand *command = cli_commands[i];
        g_autofree char *text = cli_usage (command);

        g_assert_nonnull (strstr (text, command->arguments));
        for (gsize j = 0; command->rows != NULL && command->rows[j] != NULL; j++) {
            g_autofree char *flag = g_strdup_printf ("  --%s", command->rows[j]);

            g_assert_nonnull (cli_options_find (command->rows[j]));
            g_assert_nonnull (strstr (text, flag));
        }
    }
    for (gsize i = 0; cli_options_common[i] != NULL; i++)
        g_assert_nonnull (cli_options_find (cli_options_common[i]));
}

/* No line that a terminal of 100 columns would break. */
static void
test_width (void)
{
    for (gsize i = 0; cli_commands[i] != NULL; i++) {
        g_autofree char *text = cli_usage (cli_commands[i]);
        g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

        for (gsize j = 0; lines[j] != NULL; j++)
            g_assert_cmpuint (strlen (lines[j]), <=, 100);
    }
}

static void
test_tls (void)
{
    g_autoptr (DunlinSettings) settings = dunlin_settings_new ();
    g_autoptr (DunlinCredentials) credentials = NULL;
    g_autoptr (GError) error = NULL;

    cli_options_declare (settings);
    g_assert_true (cli_options_credentials (settings, &credentials, &error));
    g_assert_null (credentials);
    g_assert_true (dunlin_settings_set (settings, "tls.ca", "/nonexistent/ca.pem", NULL));
    g_assert_false (cli_options_credentials (settings, &credentials, &error));
    g_assert_nonnull (strstr (error->message, "tls.certificate is not set"));
    g_clear_error (&error);
    g_assert_true (dunlin_settings_set (settings, "tls.mode", "off", NULL));
    g_assert_true (cli_options_credentials (settings, &credentials, &error));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/cli/options/short-flags-become-long", test_expand);
    g_test_add_func ("/cli/options/tls-is-on-when-a-file-is-named", test_tls);
    g_test_add_func ("/cli/usage/explains-every-setting", test_usage);
    g_test_add_func ("/cli/usage/lines-are-short", test_width);
    return g_test_run ();
}
