/* What handlers and filters may ask of a call. */
#include "dunlin.h"

#include "rpc/call.h"

const char *
dunlin_call_get_method (const DunlinCall *self)
{
    return dunlin_call_method_name (self);
}

const char *
dunlin_call_get_protocol (const DunlinCall *self)
{
    return self->protocol;
}

gint64
dunlin_call_get_deadline (const DunlinCall *self)
{
    return self->deadline;
}

gint64
dunlin_call_get_remaining (const DunlinCall *self)
{
    return self->deadline == DUNLIN_NEVER ? G_MAXINT64 : self->deadline - dunlin_clock_now ();
}

gboolean
dunlin_call_is_cancelled (const DunlinCall *self)
{
    return self->cancelled;
}

char *
dunlin_call_dup_client_id (const DunlinCall *self)
{
    return self->context.client_id.length > 0 ? dunlin_slice_to_utf8 (self->context.client_id)
                                              : NULL;
}

const char *
dunlin_call_get_peer_address (const DunlinCall *self)
{
    return self->peer->address;
}

const char *
dunlin_call_get_peer_identity (const DunlinCall *self)
{
    return self->peer->identity;
}

const char *
dunlin_call_get_tls_version (const DunlinCall *self)
{
    return self->peer->tls_version;
}

gboolean
dunlin_call_has_retries (const DunlinCall *self)
{
    return self->context.has_retries;
}

guint
dunlin_call_get_retries (const DunlinCall *self)
{
    return self->context.retries;
}

gboolean
dunlin_call_get_trace (const DunlinCall *self, DunlinTrace *trace)
{
    const DunlinContext *context = &self->context;

    if (!context->has_trace)
        return FALSE;
    *trace = (DunlinTrace){ .trace_id = context->trace_id,
                            .trace_id_high = context->trace_id_high,
                            .span_id = context->span_id,
                            .parent_id = context->parent_id,
                            .decided = (context->trace_flags &
                                        (DUNLIN_TRACE_DECIDED | DUNLIN_TRACE_DEBUG)) != 0,
                            .sampled = dunlin_context_is_sampled (context) };
    return TRUE;
}

GBytes *
dunlin_call_dup_context (const DunlinCall *self, const char *key)
{
    const DunlinSlice *value = dunlin_context_find (&self->context, key);

    return value != NULL ? g_bytes_new (value->data, value->length) : NULL;
}

const GError *
dunlin_call_get_error (const DunlinCall *self)
{
    return self->error;
}
