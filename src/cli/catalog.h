/* Which methods a service has: by its IDL, which a file or the service itself gives. */
#pragma once

#include "cli/description.h"
#include "wire/schema.h"

G_BEGIN_DECLS

typedef struct CliCatalog CliCatalog;

/**
 * cli_catalog_from_file:
 * @folders: (array zero-terminated=1): where included IDLs are looked for as well
 * @service: (nullable): which one; %NULL: the only one that no other of the file extends
 * @error: DUNLIN_ERROR_SETTINGS
 */
CliCatalog *cli_catalog_from_file (const char *path, char **folders, const char *service,
                                   GError **error);

/* @service: (nullable): %NULL: the one that the description names. */
CliCatalog *cli_catalog_from_description (const CliDescription *description, const char *service,
                                          GError **error);
void cli_catalog_free (CliCatalog *self);

const DunlinSchemaService *cli_catalog_service (const CliCatalog *self);

/**
 * CliEachMethod:
 * @service: that declares it
 *
 * Returns: TRUE to stop.
 */
typedef gboolean (*CliEachMethod) (const DunlinSchemaService *service,
                                   const DunlinSchemaMethod *method, gpointer data);

/* The service's own methods, the inherited ones, then those of dunlin.Base that every Dunlin
 * service answers. */
void cli_catalog_each (const CliCatalog *self, CliEachMethod each, gpointer data);

/**
 * cli_catalog_find:
 * @name: "get", or "Service:get" for another service of the IDL
 * @error: DUNLIN_ERROR_SETTINGS, with what was perhaps meant
 *
 * Returns: (transfer none) (nullable): the method.
 */
const DunlinSchemaMethod *cli_catalog_find (const CliCatalog *self, const char *name,
                                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliCatalog, cli_catalog_free)

G_END_DECLS
