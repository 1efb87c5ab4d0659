/* The texts of --help, from the tables of commands and settings. */
#include "cli/usage.h"

#include <string.h>

#include "cli/options.h"

#define WIDTH  80
#define INDENT 6

static void
append_wrapped (GString *out, const char *text)
{
    g_auto (GStrv) words = g_strsplit (text, " ", -1);
    gsize column = 0;

    for (gsize i = 0; words[i] != NULL; i++) {
        gsize length = strlen (words[i]);

        if (length == 0)
            continue;
        if (column > 0 && column + 1 + length > WIDTH) {
            g_string_append_c (out, '\n');
            column = 0;
        }
        g_string_append_printf (out, "%*s%s", column == 0 ? INDENT : 1, "", words[i]);
        column += (column == 0 ? INDENT : 1) + length;
    }
    g_string_append_c (out, '\n');
}

static const char *
placeholder (const DunlinSetting *row)
{
    switch (row->type) {
    case DUNLIN_SETTING_DURATION:
        return "=DURATION";
    case DUNLIN_SETTING_INT:
        return "=N";
    case DUNLIN_SETTING_PATH:
        return "=FILE";
    case DUNLIN_SETTING_BOOL:
        return "";
    case DUNLIN_SETTING_ENUM:
        return "=WORD";
    default:
        return "=TEXT";
    }
}

static void
append_row (GString *out, const char *last)
{
    const DunlinSetting *row = cli_options_find (last);
    g_autofree char *allowed = dunlin_setting_allowed (row);
    g_autofree char *variable = dunlin_setting_environment (row->name);
    g_autoptr (GString) text = g_string_new (row->help);

    if (row->type == DUNLIN_SETTING_ENUM)
        g_string_append_printf (text, " Value: %s.", allowed);
    if (row->fallback != NULL)
        g_string_append_printf (text, " Default: %s.", row->fallback);
    g_string_append_printf (text, " Environment: %s.", variable);
    g_string_append_printf (out, "  --%s%s\n", last, placeholder (row));
    append_wrapped (out, text->str);
}

static void
append_rows (GString *out, const char *title, const char *const *rows)
{
    if (rows == NULL || rows[0] == NULL)
        return;
    g_string_append_printf (out, "\n%s\n", title);
    for (gsize i = 0; rows[i] != NULL; i++)
        append_row (out, rows[i]);
}

static const char tls_text[] =
    "\nTLS and ZooKeeper, with the names, files and environment of a service's own settings:\n"
    "  --tls.certificate=FILE --tls.key=FILE --tls.ca=FILE\n"
    "      TLS is on when one of them is given (or with --tls.mode=required); all three are\n"
    "      needed then. Environment: DUNLIN_TLS_CERTIFICATE and so on.\n"
    "  --tls.crl=FILE --tls.min-version=1.2|1.3 --tls.ciphers=TEXT --tls.ciphersuites=TEXT\n"
    "  --zookeeper.digest=USER:PASSWORD --zookeeper.tls=required\n"
    "  --log.level=debug\n"
    "      What goes on underneath, on standard error.\n"
    "  --config=FILE\n"
    "      A settings file, as a service has one. Environment: DUNLIN_CONFIG.\n"
    "  --print-settings\n"
    "      Every setting, its value and where it came from.\n";

static const char dest_text[] =
    "\nDEST, as Finagle names services:\n"
    "  zk2!HOST:PORT,...!/PATH[!ENDPOINT][#SHARD]   a serverset in ZooKeeper; also zk!\n"
    "  inet!HOST:PORT,... or HOST:PORT              addresses\n"
    "  unix!/PATH                                   a Unix socket\n";

static const char exit_text[] =
    "\nExit codes:\n"
    "  0  done: the service answered, the check found no fault\n"
    "  1  nobody answered, the service failed, or the check found a fault\n"
    "  2  the command line, a setting, an IDL or the JSON is wrong; nothing was sent\n"
    "  3  the service answered with an exception that the method declares\n";

static void
append_all (GString *out)
{
    g_string_append (out, "Usage: dunlin COMMAND [ARGUMENT]... [--SETTING=VALUE]...\n\n"
                          "Calls, describes, finds, checks and presses Thrift services, Finagle's "
                          "and Dunlin's.\n\nCommands:\n");
    for (gsize i = 0; cli_commands[i] != NULL; i++) {
        const CliCommand *command = cli_commands[i];
        g_autofree char *form = g_strdup_printf ("%s %s", command->name, command->arguments);

        g_string_append_printf (out, "  %-28s %s\n", form, command->summary);
    }
    g_string_append (out, "\n`dunlin COMMAND --help` says more of each.\n");
}

char *
cli_usage (const CliCommand *command)
{
    GString *out = g_string_new (NULL);

    if (command == NULL) {
        append_all (out);
    } else {
        g_string_append_printf (out, "Usage: dunlin %s %s [--SETTING=VALUE]...\n\n%s",
                                command->name, command->arguments, command->help);
        append_rows (out, "Its own settings:", command->rows);
    }
    g_string_append (out, dest_text);
    append_rows (out, "Settings of every command:", cli_options_common);
    g_string_append (out, tls_text);
    g_string_append (out, exit_text);
    return g_string_free (out, FALSE);
}
