/* The log's view of the running call. */
#include "rpc/log_context.h"

#include <stdio.h>

#include "base/log.h"
#include "rpc/call.h"

/* The client's id as text; one a thread, since the provider's answer is borrowed until next time.
 */
static _Thread_local char client[128];

static void
write_ids (const DunlinContext *context, DunlinLogContext *out)
{
    if (context->has_trace_high)
        snprintf (out->trace_id, sizeof out->trace_id,
                  "%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", context->trace_id_high,
                  context->trace_id);
    else
        snprintf (out->trace_id, sizeof out->trace_id, "%016" G_GINT64_MODIFIER "x",
                  context->trace_id);
    snprintf (out->span_id, sizeof out->span_id, "%016" G_GINT64_MODIFIER "x", context->span_id);
}

static void
provide (DunlinLogContext *out)
{
    DunlinCall *call = dunlin_loop_current () != NULL ? dunlin_call_current () : NULL;

    if (call == NULL)
        return;
    out->method = dunlin_call_method_name (call);
    out->service = call->method != NULL ? call->method->service : NULL;
    out->peer = call->peer->address;
    if (call->context.client_id.length > 0) {
        g_autofree char *text = dunlin_slice_to_utf8 (call->context.client_id);

        g_strlcpy (client, text, sizeof client);
        out->client = client;
    }
    if (call->context.has_trace)
        write_ids (&call->context, out);
}

void
dunlin_rpc_log_context_install (void)
{
    dunlin_log_set_context_provider (provide);
}
