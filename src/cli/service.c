/* Makes the client, and learns the service's IDL. */
#include "cli/service.h"

#include "base/error.h"
#include "cli/reply.h"
#include "dunlin_schema.h"

static const guint8 no_arguments[] = { 0 }; /* in either encoding */

gboolean
cli_service_init (CliService *self, DunlinSettings *settings, const char *dest, GError **error)
{
    *self = (CliService){ .settings = settings };
    if (!cli_reach_init (&self->reach, settings, error))
        return FALSE;
    self->reach.client.label = dest; /* errors begin with it */
    self->client = cli_reach_client (&self->reach, dest, error);
    if (self->client != NULL)
        return TRUE;
    cli_service_clear (self);
    return FALSE;
}

void
cli_service_clear (CliService *self)
{
    g_clear_pointer (&self->client, dunlin_client_unref);
    cli_reach_clear (&self->reach);
    g_clear_pointer (&self->catalog, cli_catalog_free);
    g_clear_pointer (&self->description, g_free);
}

static const DunlinSchemaMethod *
method_describe (void)
{
    for (gsize i = 0; i < dunlin_base_schema.n_methods; i++)
        if (strcmp (dunlin_base_schema.methods[i].name, "describe") == 0)
            return &dunlin_base_schema.methods[i];
    g_assert_not_reached ();
}

/* The string that describe() answers. */
static char *
text_of_reply (const DunlinRawReply *raw, DunlinEncoding encoding, GError **error)
{
    ThriftProtocol *from = dunlin_payload_new (encoding, NULL);
    g_autofree char *name = NULL;
    g_autofree char *field = NULL;
    char *text = NULL;
    ThriftType type = T_STOP;
    gint16 id = 0;

    dunlin_payload_set_input (from, dunlin_buffer_bytes (&raw->body),
                              dunlin_buffer_length (&raw->body));
    thrift_protocol_read_struct_begin (from, &name, NULL);
    thrift_protocol_read_field_begin (from, &field, &type, &id, NULL);
    if (type == T_STRING && id == 0)
        thrift_protocol_read_string (from, &text, NULL);
    if (!dunlin_payload_check (from, error))
        g_clear_pointer (&text, g_free);
    else if (text == NULL)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "describe() gives no text");
    g_object_unref (from);
    return text;
}

static gboolean
call_describe (CliService *self, GError **error)
{
    g_auto (DunlinRawReply) raw = { 0 };
    DunlinEncoding encoding = self->reach.client.encoding;
    DunlinRawCall call = { .method = method_describe ()->name,
                           .arguments = no_arguments,
                           .n_arguments = sizeof no_arguments,
                           .idempotent = TRUE,
                           .deadline = DUNLIN_NEVER };
    g_auto (CliReply) reply = { 0 };

    if (!dunlin_client_call_raw (self->client, &call, &raw, error))
        return FALSE;
    if (raw.type == DUNLIN_MESSAGE_EXCEPTION) {
        cli_reply_read (&reply, method_describe (), &raw, encoding, NULL, error);
        if (error != NULL && g_error_matches (*error, DUNLIN_ERROR, DUNLIN_ERROR_UNKNOWN_METHOD))
            g_prefix_error (error, "this is no Dunlin service and cannot describe itself: give its "
                                   "IDL with --idl=FILE.thrift; ");
        return FALSE;
    }
    self->description = text_of_reply (&raw, encoding, error);
    return self->description != NULL;
}

static const char *
wanted_service (CliService *self)
{
    const char *name = dunlin_settings_get_string (self->settings, "call.service");

    return name[0] != '\0' ? name : NULL;
}

gboolean
cli_service_ask (CliService *self, GError **error)
{
    g_autoptr (CliDescription) description = NULL;

    if (!call_describe (self, error))
        return FALSE;
    description = cli_description_read (self->description, strlen (self->description), error);
    if (description == NULL)
        return FALSE;
    self->catalog = cli_catalog_from_description (description, wanted_service (self), error);
    return self->catalog != NULL;
}

gboolean
cli_service_learn (CliService *self, GError **error)
{
    const char *path = dunlin_settings_get_string (self->settings, "call.idl");
    g_auto (GStrv) folders = dunlin_settings_get_list (self->settings, "call.include");

    if (path[0] == '\0')
        return cli_service_ask (self, error);
    self->catalog = cli_catalog_from_file (path, folders, wanted_service (self), error);
    return self->catalog != NULL;
}
