/* A call as the command line gives it: a method and its arguments as JSON. */
#pragma once

#include "cli/service.h"

G_BEGIN_DECLS

/**
 * CliRequest:
 * @method: what is called
 * @name: (not owned): as the command line has it, which is what the wire gets
 * @arguments: (owned): in the client's encoding
 */
typedef struct {
    const DunlinSchemaMethod *method;
    const char *name;
    DunlinBuffer arguments;
} CliRequest;

/**
 * cli_request_init:
 * @json: (nullable): the arguments, "-" for standard input, "@FILE" for a file; %NULL: none
 * @error: DUNLIN_ERROR_SETTINGS: the arguments do not fit the method
 */
gboolean cli_request_init (CliRequest *self, const CliService *service, const char *method,
                           const char *json, GError **error);
void cli_request_clear (CliRequest *self);

DunlinRawCall cli_request_call (const CliRequest *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliRequest, cli_request_clear)

G_END_DECLS
