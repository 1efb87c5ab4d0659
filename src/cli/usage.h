/* --help. */
#pragma once

#include "cli/command.h"

G_BEGIN_DECLS

/* Returns: (transfer full): what --help prints, for all or for @command (nullable). */
char *cli_usage (const CliCommand *command);

G_END_DECLS
