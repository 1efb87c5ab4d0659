/* dunlin: calls, describes, finds, checks and presses services, as their callers do. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app_config.h"
#include "base/error.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/usage.h"

static gboolean
wants_colours (DunlinSettings *settings)
{
    int mode = dunlin_settings_get_enum (settings, "call.colour");
    const char *terminal = g_getenv ("TERM");

    if (mode != CLI_COLOUR_AUTO)
        return mode == CLI_COLOUR_ALWAYS;
    return isatty (STDOUT_FILENO) && g_getenv ("NO_COLOR") == NULL && terminal != NULL &&
           strcmp (terminal, "dumb") != 0;
}

static int
fail (const GError *error)
{
    gboolean red = isatty (STDERR_FILENO) && g_getenv ("NO_COLOR") == NULL;

    fprintf (stderr, "%sdunlin:%s %s\n", red ? "\033[31m" : "", red ? "\033[0m" : "",
             error->message);
    return cli_exit_code (error);
}

/* Whichever command is named before or behind --help. */
static const CliCommand *
named_command (int argc, char *argv[])
{
    for (int i = 1; i < argc; i++) {
        const CliCommand *command = cli_command_find (argv[i]);

        if (command != NULL)
            return command;
    }
    return NULL;
}

static const CliCommand *
nearest_command (const char *name)
{
    for (gsize i = 0; cli_commands[i] != NULL; i++)
        if (dunlin_nearest_distance (name, cli_commands[i]->name) <= 2)
            return cli_commands[i];
    return NULL;
}

static const CliCommand *
find_command (const char *name, GError **error)
{
    const CliCommand *command = cli_command_find (name);
    const CliCommand *near = command == NULL ? nearest_command (name) : NULL;

    if (command != NULL)
        return command;
    if (near != NULL)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "there is no command %s; did you mean %s?", name, near->name);
    else
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "there is no command %s; `dunlin --help` lists them", name);
    return NULL;
}

static gboolean
check_arguments (const CliCommand *command, guint n, GError **error)
{
    if (n >= command->n_least && n <= command->n_most)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "usage: dunlin %s %s (`dunlin %s --help` says more)", command->name,
                 command->arguments, command->name);
    return FALSE;
}

static int
run (DunlinSettings *settings, int argc, char *argv[])
{
    CliContext context = { .settings = settings,
                           .arguments = argv + 2,
                           .n_arguments = argc < 2 ? 0 : (guint)argc - 2,
                           .colours = wants_colours (settings) };
    g_autoptr (GError) error = NULL;
    const CliCommand *command;
    int code;

    if (argc < 2) {
        g_autofree char *text = cli_usage (NULL);

        fputs (text, stderr);
        return CLI_USAGE;
    }
    command = find_command (argv[1], &error);
    if (command == NULL || !check_arguments (command, context.n_arguments, &error) ||
        !dunlin_app_config_log (settings, &error))
        return fail (error);
    code = command->run (&context, &error);
    return code >= 0 ? code : fail (error);
}

static int
answer (DunlinSettings *settings, DunlinSettingsAction action, const CliCommand *command)
{
    g_autofree char *text = action == DUNLIN_SETTINGS_HELP ? cli_usage (command)
                            : action == DUNLIN_SETTINGS_VERSION
                                ? g_strdup ("dunlin " DUNLIN_VERSION "\n")
                                : dunlin_settings_print (settings);

    fputs (text, stdout);
    return CLI_OK;
}

int
main (int argc, char *argv[])
{
    g_autoptr (DunlinSettings) settings = dunlin_settings_new ();
    g_auto (GStrv) expanded = cli_options_expand (argc, argv);
    /* What is left of them is shorter than the vector, which owns them. */
    g_autofree char **left = g_memdup2 (expanded, ((gsize)argc + 1) * sizeof *left);
    char **flags = left;
    const CliCommand *command = named_command (argc, argv);
    DunlinSettingsAction action;
    g_autoptr (GError) error = NULL;

    setlocale (LC_ALL, "");
    cli_options_declare (settings);
    if (!dunlin_settings_load (settings, &argc, &flags, &action, &error))
        return fail (error);
    if (action != DUNLIN_SETTINGS_RUN)
        return answer (settings, action, command);
    return run (settings, argc, flags);
}
