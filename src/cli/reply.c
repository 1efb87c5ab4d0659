/* Reads the struct that every reply is: field 0 is the result, the others are exceptions. */
#include "cli/reply.h"

#include "base/error.h"
#include "base/escape.h"
#include "wire/field.h"

/* As much of a service's text as a terminal should get. */
#define SHOWN_BYTES_MAX 2000

static const char *
type_name (int type)
{
    static const char *const names[] = {
        [DUNLIN_TAPP_UNKNOWN] = "unknown",
        [DUNLIN_TAPP_UNKNOWN_METHOD] = "unknown method",
        [DUNLIN_TAPP_INVALID_MESSAGE_TYPE] = "invalid message type",
        [DUNLIN_TAPP_WRONG_METHOD_NAME] = "wrong method name",
        [DUNLIN_TAPP_BAD_SEQUENCE_ID] = "bad sequence id",
        [DUNLIN_TAPP_MISSING_RESULT] = "missing result",
        [DUNLIN_TAPP_INTERNAL_ERROR] = "internal error",
        [DUNLIN_TAPP_PROTOCOL_ERROR] = "protocol error",
    };

    return type >= 0 && (gsize)type < G_N_ELEMENTS (names) ? names[type] : "of another type";
}

static gboolean
fail_application (const DunlinRawReply *raw, DunlinEncoding encoding, GError **error)
{
    g_autofree char *message = NULL;
    g_autoptr (GString) shown = g_string_new (NULL);
    int type = 0;

    if (!dunlin_raw_reply_exception (raw, encoding, &type, &message)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "%s answered with an exception that cannot be read", raw->address);
        return FALSE;
    }
    if (message != NULL)
        dunlin_escape_text (shown, message, strlen (message), SHOWN_BYTES_MAX);
    g_set_error (error, DUNLIN_ERROR,
                 type == DUNLIN_TAPP_UNKNOWN_METHOD ? DUNLIN_ERROR_UNKNOWN_METHOD
                                                    : DUNLIN_ERROR_INTERNAL,
                 "%s failed: %s (TApplicationException %d, %s)", raw->address, shown->str, type,
                 type_name (type));
    return FALSE;
}

static const DunlinSchemaField *
find_exception (const DunlinSchemaMethod *method, gint16 id)
{
    for (gsize i = 0; i < method->n_exceptions; i++)
        if (method->exceptions[i].id == id)
            return &method->exceptions[i];
    return NULL;
}

/* Reads the first field that means something. Returns: FALSE at the end, or with @error. */
static gboolean
read_field (CliReply *self, const DunlinSchemaMethod *method, ThriftProtocol *from,
            const DunlinJsonOptions *options, GError **error)
{
    for (;;) {
        g_autofree char *name = NULL;
        ThriftType type = T_STOP;
        gint16 id = 0;
        const DunlinSchemaField *exception;

        thrift_protocol_read_field_begin (from, &name, &type, &id, NULL);
        if (type == T_STOP)
            return FALSE;
        exception = find_exception (method, id);
        if (id == 0 && method->result->kind != DUNLIN_SCHEMA_VOID)
            return dunlin_json_from_thrift (method->result, from, self->json, options, error);
        if (exception != NULL) {
            self->exception = exception;
            return dunlin_json_from_thrift (exception->type, from, self->json, options, error);
        }
        thrift_protocol_skip (from, type, NULL);
        thrift_protocol_read_field_end (from, NULL);
    }
}

static gboolean
read_result (CliReply *self, const DunlinSchemaMethod *method, ThriftProtocol *from,
             const DunlinJsonOptions *options, GError **error)
{
    GError *problem = NULL;
    g_autofree char *name = NULL;

    thrift_protocol_read_struct_begin (from, &name, NULL);
    if (read_field (self, method, from, options, &problem))
        return TRUE;
    if (problem == NULL && dunlin_payload_check (from, &problem) &&
        method->result->kind == DUNLIN_SCHEMA_VOID)
        return TRUE;
    if (problem == NULL)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "the reply has neither a result (%s) nor an exception that %s declares",
                     method->result->text, method->name);
    else
        g_propagate_prefixed_error (error, problem, "the reply does not fit the IDL: ");
    return FALSE;
}

gboolean
cli_reply_read (CliReply *self, const DunlinSchemaMethod *method, const DunlinRawReply *raw,
                DunlinEncoding encoding, const DunlinJsonOptions *options, GError **error)
{
    ThriftProtocol *from;
    gboolean done;

    *self = (CliReply){ 0 };
    if (raw->type == DUNLIN_MESSAGE_EXCEPTION)
        return fail_application (raw, encoding, error);
    self->json = g_string_new (NULL);
    if (method->oneway)
        return TRUE;
    from = dunlin_payload_new (encoding, NULL);
    dunlin_payload_set_input (from, dunlin_buffer_bytes (&raw->body),
                              dunlin_buffer_length (&raw->body));
    done = read_result (self, method, from, options, error);
    g_object_unref (from);
    if (!done)
        cli_reply_clear (self);
    return done;
}

void
cli_reply_clear (CliReply *self)
{
    if (self->json != NULL)
        g_string_free (self->json, TRUE);
    *self = (CliReply){ 0 };
}

gboolean
cli_reply_is_declared (const DunlinSchemaMethod *method, const DunlinRawReply *raw,
                       DunlinEncoding encoding)
{
    const DunlinFieldCodec *codec =
        encoding == DUNLIN_ENCODING_BINARY ? &dunlin_field_binary : &dunlin_field_compact;
    DunlinReader in =
        dunlin_reader (dunlin_buffer_bytes (&raw->body), dunlin_buffer_length (&raw->body));
    DunlinField field = { 0 };

    return raw->type == DUNLIN_MESSAGE_REPLY && in.left > 0 && codec->next (&in, &field) &&
           find_exception (method, field.id) != NULL;
}
