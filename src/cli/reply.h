/* What came back from a call: a result, an exception that the method declares, or a failure. */
#pragma once

#include "client/client.h"
#include "wire/json.h"

G_BEGIN_DECLS

/**
 * CliReply:
 * @exception: (nullable): the exception that the service threw; %NULL: @json is the result
 * @json: (owned): "" for a method without a result
 */
typedef struct {
    const DunlinSchemaField *exception;
    GString *json;
} CliReply;

/**
 * cli_reply_read:
 * @method: what was called
 * @reply: (out caller-allocates): for cli_reply_clear()
 *
 * Returns: FALSE with an error when the service failed (a TApplicationException), or what it sent
 *   is not what the method answers.
 */
gboolean cli_reply_read (CliReply *self, const DunlinSchemaMethod *method,
                         const DunlinRawReply *raw, DunlinEncoding encoding,
                         const DunlinJsonOptions *options, GError **error);
void cli_reply_clear (CliReply *self);

/* Whether the reply is an exception that the method declares; nothing of it is read. */
gboolean cli_reply_is_declared (const DunlinSchemaMethod *method, const DunlinRawReply *raw,
                                DunlinEncoding encoding);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliReply, cli_reply_clear)

G_END_DECLS
