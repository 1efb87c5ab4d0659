/* The commands of `dunlin`, and what each of them is given. */
#pragma once

#include "base/settings.h"

G_BEGIN_DECLS

/* What the process says when it ends. */
enum {
    CLI_OK = 0,     /* done; what was called has answered */
    CLI_FAILED = 1, /* nobody answered, or the service failed, or a check found a fault */
    CLI_USAGE = 2,  /* the command line, a setting, an IDL or the JSON is wrong: nothing was sent */
    CLI_DECLARED = 3 /* the service answered with an exception that the method declares */
};

/**
 * CliContext:
 * @settings: borrowed
 * @arguments: what the command line has besides settings, behind the command's name
 * @colours: standard output is a terminal that wants them
 */
typedef struct {
    DunlinSettings *settings;
    char **arguments;
    guint n_arguments;
    gboolean colours;
} CliContext;

/**
 * CliCommand:
 * @arguments: as help writes them: "DEST METHOD [JSON]"
 * @summary: one line
 * @help: some paragraphs
 * @rows: (array zero-terminated=1): the last parts of the names of its own settings
 * @run: returns the exit code; or -1 with @error, which main() prints
 */
typedef struct {
    const char *name;
    const char *arguments;
    guint n_least;
    guint n_most;
    const char *summary;
    const char *help;
    const char *const *rows;
    int (*run) (const CliContext *context, GError **error);
} CliCommand;

extern const CliCommand cli_call;
extern const CliCommand cli_describe;
extern const CliCommand cli_help;
extern const CliCommand cli_resolve;
extern const CliCommand cli_check;
extern const CliCommand cli_press;

/* All of them, with NULL at the end. */
extern const CliCommand *const cli_commands[];

/* Returns: (nullable): the command of that name. */
const CliCommand *cli_command_find (const char *name);

/* DUNLIN_ERROR_SETTINGS is the caller's own mistake: exit code 2. */
int cli_exit_code (const GError *error);

G_END_DECLS
