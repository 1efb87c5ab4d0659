/* The command's settings: those of every service (TLS, ZooKeeper, log), and some of its own, whose
 * flags may be written short: --timeout for --call.timeout. */
#pragma once

#include "client/client.h"
#include "cli/command.h"
#include "discovery/resolver.h"
#include "wire/json.h"

G_BEGIN_DECLS

enum { CLI_COLOUR_AUTO, CLI_COLOUR_ALWAYS, CLI_COLOUR_NEVER };
enum { CLI_OUTPUT_PRETTY, CLI_OUTPUT_COMPACT };

/* Declares all rows. */
void cli_options_declare (DunlinSettings *settings);

/* Returns: (transfer none) (nullable): the row whose name ends in @last, such as "timeout". */
const DunlinSetting *cli_options_find (const char *last);

/* Names that every command takes, as cli_options_find() wants them; %NULL at the end. */
extern const char *const cli_options_common[];

/* Makes of the short flags in @argv the long ones. Returns: (transfer full): the new vector. */
char **cli_options_expand (int argc, char *const argv[]);

/**
 * cli_options_credentials:
 * @credentials: (out) (transfer full): %NULL for none
 *
 * TLS is on when tls.mode says so, or, where that is not set, when any of the files is named.
 */
gboolean cli_options_credentials (DunlinSettings *settings, DunlinCredentials **credentials,
                                  GError **error);

/**
 * CliReach:
 *
 * How services are reached, made once from the settings; for cli_reach_clear().
 */
typedef struct {
    DunlinCredentials *credentials; /* owned, nullable */
    DunlinZookeeperTls *ensemble;   /* owned, nullable */
    DunlinClientOptions client;
    DunlinResolverOptions resolver;
} CliReach;

gboolean cli_reach_init (CliReach *self, DunlinSettings *settings, GError **error);
void cli_reach_clear (CliReach *self);

/* Returns: (transfer full) (nullable): a client for @dest. */
DunlinClient *cli_reach_client (const CliReach *self, const char *dest, GError **error);

DunlinJsonOptions cli_options_json (DunlinSettings *settings);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliReach, cli_reach_clear)

G_END_DECLS
