/* What a service's describe() answers, taken apart: anybody may have written it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CliDescription:
 * @service: (owned): the service's name
 * @idl: (owned): the IDL that has it
 * @texts: (owned): by its name, each IDL as it was written
 */
typedef struct {
    char *service;
    char *idl;
    GHashTable *texts;
} CliDescription;

/**
 * cli_description_read:
 * @error: DUNLIN_ERROR_MALFORMED, _TOO_LARGE, or _UNAVAILABLE when there are no texts in it
 *
 * Returns: (transfer full) (nullable): the description.
 */
CliDescription *cli_description_read (const char *json, gsize length, GError **error);
void cli_description_free (CliDescription *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliDescription, cli_description_free)

G_END_DECLS
