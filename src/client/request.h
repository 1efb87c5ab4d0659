/* A call from its beginning to its end: addresses, tries, requeues, time. Internal to client/. */
#pragma once

#include "client/client_core.h"
#include "client/exchange.h"

G_BEGIN_DECLS

/**
 * DunlinRequest:
 * @method: not terminated
 * @flags: DunlinMethodFlags
 * @deadline: absolute, besides the client's and the current call's
 * @context: (nullable): instead of the current call's
 */
typedef struct {
    const char *method;
    gsize method_length;
    DunlinSlice arguments;
    gboolean oneway;
    guint flags;
    gint64 deadline;
    const DunlinContext *context;
} DunlinRequest;

/**
 * DunlinResponse:
 * @message: (owned): the whole reply; its body begins at @body; empty for oneway methods
 * @address: (owned)
 */
typedef struct {
    DunlinMessageType type;
    DunlinBuffer message;
    gsize body;
    char *address;
    const char *protocol;
    gint64 microseconds;
    guint tries;
} DunlinResponse;

/* On a fiber or a thread that runs no loop. @response: zeroed; for dunlin_response_clear() always.
 */
gboolean dunlin_request_run (DunlinClient *client, const DunlinRequest *request,
                             DunlinResponse *response, GError **error);
void dunlin_response_clear (DunlinResponse *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinResponse, dunlin_response_clear)

G_END_DECLS
