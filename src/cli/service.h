/* A service that a command speaks to: how it is reached, and what it can do. */
#pragma once

#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/options.h"

G_BEGIN_DECLS

/**
 * CliService:
 * @catalog: (owned) (nullable): once cli_service_learn() has been called
 * @description: (owned) (nullable): what describe() answered, when it was asked
 */
typedef struct {
    DunlinSettings *settings; /* borrowed */
    CliReach reach;
    DunlinClient *client; /* owned */
    CliCatalog *catalog;
    char *description;
} CliService;

/* @dest: as Finagle names services. */
gboolean cli_service_init (CliService *self, DunlinSettings *settings, const char *dest,
                           GError **error);
void cli_service_clear (CliService *self);

/* Reads --idl, or else asks the service. */
gboolean cli_service_learn (CliService *self, GError **error);

/* Asks the service, whatever --idl says. */
gboolean cli_service_ask (CliService *self, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliService, cli_service_clear)

G_END_DECLS
