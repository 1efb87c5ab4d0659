/* Calls without generated code. */
#include "client/application_exception.h"
#include "client/request.h"

void
dunlin_raw_reply_clear (DunlinRawReply *self)
{
    dunlin_buffer_clear (&self->body);
    g_clear_pointer (&self->address, g_free);
}

gboolean
dunlin_client_call_raw (DunlinClient *self, const DunlinRawCall *call, DunlinRawReply *reply,
                        GError **error)
{
    g_auto (DunlinResponse) response = { 0 };
    gsize length = strlen (call->method);
    DunlinRequest request = { .method = call->method,
                              .method_length = length,
                              .arguments = dunlin_slice (call->arguments, call->n_arguments),
                              .oneway = call->oneway,
                              .flags = dunlin_client_method_flags (self, call->method, length),
                              .deadline = call->deadline != 0 ? call->deadline : DUNLIN_NEVER,
                              .context = call->context };

    g_return_val_if_fail (length > 0 && length <= DUNLIN_MESSAGE_NAME_MAX, FALSE);
    if (call->idempotent)
        request.flags |= DUNLIN_METHOD_IDEMPOTENT;
    if (!dunlin_request_run (self, &request, &response, error))
        return FALSE;
    *reply = (DunlinRawReply){ .type = response.type,
                               .body = response.message,
                               .address = g_steal_pointer (&response.address),
                               .protocol = response.protocol,
                               .microseconds = response.microseconds,
                               .tries = response.tries };
    response.message = (DunlinBuffer){ 0 };
    dunlin_buffer_consume (&reply->body, response.body);
    return TRUE;
}

gboolean
dunlin_raw_reply_exception (const DunlinRawReply *self, DunlinEncoding encoding, int *type,
                            char **message)
{
    DunlinSlice body =
        dunlin_slice (dunlin_buffer_bytes (&self->body), dunlin_buffer_length (&self->body));
    DunlinSlice text;

    if (self->type != DUNLIN_MESSAGE_EXCEPTION ||
        !dunlin_application_exception_read (body, encoding, type, &text))
        return FALSE;
    *message = dunlin_slice_to_utf8 (text);
    return TRUE;
}
