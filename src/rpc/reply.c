/* Replies: results, and failures as TApplicationException. */
#include "rpc/reply.h"

#include "rpc/loop_state.h"

DunlinBuffer *
dunlin_reply_begin (DunlinCall *call, DunlinMessageType type)
{
    DunlinBuffer *buffer;
    DunlinMessageHeader header = { .name = dunlin_call_method_name (call),
                                   .type = type,
                                   .seqid = call->sequence,
                                   .encoding = call->encoding,
                                   .strict = call->strict };

    if (!dunlin_call_wants_reply (call)) {
        buffer = &dunlin_rpc_loop ()->trash;
        dunlin_buffer_truncate (buffer, 0);
    } else {
        buffer = call->wire->begin_reply (call);
    }
    call->replying = TRUE;
    header.name_length = strlen (header.name);
    dunlin_message_write (buffer, &header);
    return buffer;
}

static void
end (DunlinCall *call)
{
    call->replying = FALSE;
    if (!dunlin_call_wants_reply (call))
        return;
    call->wire->end_reply (call);
    call->replied = TRUE;
}

static void
drop (DunlinCall *call)
{
    if (call->replying && dunlin_call_wants_reply (call))
        call->wire->abort_reply (call);
    call->replying = FALSE;
}

void
dunlin_reply_finish (DunlinCall *call, DunlinStubOutcome outcome, GError *error)
{
    if (outcome == DUNLIN_STUB_OK || outcome == DUNLIN_STUB_DECLARED) {
        call->outcome = outcome == DUNLIN_STUB_OK ? DUNLIN_OUTCOME_OK : DUNLIN_OUTCOME_DECLARED;
        if (call->replying)
            end (call);
        if (G_UNLIKELY (error != NULL))
            g_error_free (error);
        return;
    }
    drop (call);
    if (error == NULL)
        error = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                             outcome == DUNLIN_STUB_NO_RESULT
                                 ? "the handler of %s returned TRUE without a result"
                                 : "the handler of %s returned FALSE without an error",
                             dunlin_call_method_name (call));
    if (outcome == DUNLIN_STUB_BAD_ARGUMENTS && error->domain != DUNLIN_ERROR) {
        /* The generated reader's own complaint: a required field is missing. */
        GError *malformed = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "%s: %s",
                                         dunlin_call_method_name (call), error->message);

        g_error_free (error);
        error = malformed;
    }
    call->bad_arguments = outcome == DUNLIN_STUB_BAD_ARGUMENTS;
    call->no_result = outcome == DUNLIN_STUB_NO_RESULT;
    dunlin_call_fail (call, error);
}

/* What the caller is told. Errors about the caller's own bytes are told in full. */
static char *
public_message (DunlinCall *call, const DunlinErrorRow *row)
{
    if (call->method == NULL || call->bad_arguments)
        return g_strdup (call->error->message);
    if (row->thrift_type == DUNLIN_TAPP_UNKNOWN_METHOD)
        return g_strdup_printf ("Invalid method name: '%s'", dunlin_call_method_name (call));
    return g_strdup_printf ("Internal error processing %s: %s", dunlin_call_method_name (call),
                            row->public_message);
}

static void
write_exception (DunlinCall *call, const char *message, int type)
{
    DunlinBuffer *buffer = dunlin_reply_begin (call, DUNLIN_MESSAGE_EXCEPTION);
    ThriftProtocol *writer = dunlin_rpc_writer (call);

    dunlin_payload_set_output (writer, buffer);
    thrift_protocol_write_struct_begin (writer, "TApplicationException", NULL);
    thrift_protocol_write_field_begin (writer, "message", T_STRING, 1, NULL);
    thrift_protocol_write_string (writer, message, NULL);
    thrift_protocol_write_field_end (writer, NULL);
    thrift_protocol_write_field_begin (writer, "type", T_I32, 2, NULL);
    thrift_protocol_write_i32 (writer, type, NULL);
    thrift_protocol_write_field_end (writer, NULL);
    thrift_protocol_write_field_stop (writer, NULL);
    thrift_protocol_write_struct_end (writer, NULL);
    dunlin_payload_set_output (writer, NULL);
    end (call);
}

void
dunlin_reply_error (DunlinCall *call)
{
    const DunlinErrorRow *row = dunlin_error_row (call->error);
    g_autofree char *message = NULL;
    int type = row->thrift_type;

    drop (call);
    if (call->error == NULL)
        dunlin_call_fail (call, g_error_new_literal (DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                                                     "a filter neither ran nor failed the call"));
    if ((row->nack || call->expired) && call->wire->refuse != NULL) {
        call->wire->refuse (call, row);
        call->replied = TRUE;
        return;
    }
    if (call->no_result)
        type = DUNLIN_TAPP_MISSING_RESULT;
    message = public_message (call, row);
    write_exception (call, message, type);
}
