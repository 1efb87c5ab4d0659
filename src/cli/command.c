/* The table of commands. */
#include "cli/command.h"

#include <string.h>

#include "base/error.h"

const CliCommand *const cli_commands[] = {
    &cli_call, &cli_describe, &cli_help, &cli_resolve, &cli_check, &cli_press, NULL,
};

const CliCommand *
cli_command_find (const char *name)
{
    for (gsize i = 0; cli_commands[i] != NULL; i++)
        if (strcmp (cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    return NULL;
}

int
cli_exit_code (const GError *error)
{
    return g_error_matches (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS) ? CLI_USAGE : CLI_FAILED;
}
