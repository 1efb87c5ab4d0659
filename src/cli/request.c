/* Finds the method and encodes its arguments. */
#include "cli/request.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* Of standard input; what is more is no argument of a call. */
#define MAX_INPUT_BYTES ((gsize)64 * 1024 * 1024)

static gboolean
read_input (GString *text, GError **error)
{
    char piece[65536];
    gsize n;

    while ((n = fread (piece, 1, sizeof piece, stdin)) > 0) {
        g_string_append_len (text, piece, (gssize)n);
        if (text->len > MAX_INPUT_BYTES) {
            g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                         "standard input has more than %" G_GSIZE_FORMAT " bytes", MAX_INPUT_BYTES);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
read_file (GString *text, const char *path, GError **error)
{
    g_autofree char *contents = NULL;
    gsize length;
    GError *problem = NULL;

    if (!g_file_get_contents (path, &contents, &length, &problem)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "the arguments: %s",
                     problem->message);
        g_error_free (problem);
        return FALSE;
    }
    g_string_append_len (text, contents, (gssize)length);
    return TRUE;
}

static gboolean
read_arguments (GString *text, const char *json, GError **error)
{
    if (json == NULL)
        g_string_append (text, "{}");
    else if (strcmp (json, "-") == 0)
        return read_input (text, error);
    else if (json[0] == '@')
        return read_file (text, json + 1, error);
    else
        g_string_append (text, json);
    return TRUE;
}

static gboolean
encode (CliRequest *self, const CliService *service, const GString *text, GError **error)
{
    const DunlinClientOptions *client = &service->reach.client;
    DunlinSchemaStruct arguments = dunlin_schema_arguments (self->method);
    ThriftProtocol *to = dunlin_payload_new (client->encoding, &client->limits);
    GError *problem = NULL;
    gboolean done =
        dunlin_json_to_thrift (&arguments, text->str, text->len, to, &self->arguments, &problem);

    if (!done) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "the arguments of %s: %s",
                     self->method->name, problem->message);
        g_error_free (problem);
    }
    g_object_unref (to);
    return done;
}

gboolean
cli_request_init (CliRequest *self, const CliService *service, const char *method, const char *json,
                  GError **error)
{
    g_autoptr (GString) text = g_string_new (NULL);

    *self = (CliRequest){ .name = method };
    self->method = cli_catalog_find (service->catalog, method, error);
    if (self->method == NULL || !read_arguments (text, json, error) ||
        !encode (self, service, text, error)) {
        cli_request_clear (self);
        return FALSE;
    }
    return TRUE;
}

void
cli_request_clear (CliRequest *self)
{
    dunlin_buffer_clear (&self->arguments);
}

DunlinRawCall
cli_request_call (const CliRequest *self)
{
    const char *idempotent =
        dunlin_schema_note (self->method->notes, self->method->n_notes, "idempotent");

    return (DunlinRawCall){ .method = self->name,
                            .arguments = dunlin_buffer_bytes (&self->arguments),
                            .n_arguments = dunlin_buffer_length (&self->arguments),
                            .oneway = self->method->oneway,
                            .idempotent = g_strcmp0 (idempotent, "true") == 0,
                            .deadline = DUNLIN_NEVER };
}
