/* dunlin help DEST [METHOD] */
#include <stdio.h>
#include <string.h>

#include "cli/screen.h"
#include "cli/service.h"
#include "cli/signature.h"

typedef struct {
    GString *out;
    gboolean colours;
    const DunlinSchemaService *last;
    GHashTable *seen; /* names: what a service has itself hides what it inherits */
} Listing;

static gboolean
list_method (const DunlinSchemaService *service, const DunlinSchemaMethod *method, gpointer data)
{
    Listing *self = data;
    g_autoptr (GString) signature = g_string_new (NULL);

    if (!g_hash_table_add (self->seen, (gpointer)method->name))
        return FALSE;
    if (service != self->last) {
        g_autofree char *title = g_strdup_printf ("%s.%s", service->home->name, service->name);

        g_string_append (self->out, self->last == NULL ? "" : "\n");
        cli_screen_style (self->out, self->colours, CLI_BOLD, title);
        g_string_append_c (self->out, '\n');
        self->last = service;
    }
    cli_signature_method (signature, method);
    g_string_append (self->out, "  ");
    cli_screen_style (self->out, self->colours, CLI_CYAN, signature->str);
    g_string_append_c (self->out, '\n');
    cli_screen_lines (self->out, "      ", method->doc);
    return FALSE;
}

static void
append_docs (GString *out, const DunlinSchemaField *fields, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (fields[i].doc[0] == '\0')
            continue;
        g_string_append_printf (out, "  %s:\n", fields[i].name);
        cli_screen_lines (out, "      ", fields[i].doc);
    }
}

static void
explain_method (const CliContext *context, GString *out, const DunlinSchemaMethod *method)
{
    g_autofree char *example = cli_signature_example (method);
    g_autoptr (GString) signature = g_string_new (NULL);
    g_autoptr (GString) types = g_string_new (NULL);

    cli_signature_method (signature, method);
    cli_screen_style (out, context->colours, CLI_CYAN, signature->str);
    g_string_append_c (out, '\n');
    cli_screen_lines (out, "", method->doc);
    append_docs (out, method->arguments, method->n_arguments);
    cli_signature_types (types, method);
    if (types->len > 0)
        g_string_append_printf (out, "\n%s", types->str);
    g_string_append_printf (out, "\nArguments, as JSON:\n%s\n", example);
}

static int
run (const CliContext *context, GError **error)
{
    const char *name = context->n_arguments > 1 ? context->arguments[1] : NULL;
    g_autoptr (GString) out = g_string_new (NULL);
    g_auto (CliService) service = { 0 };
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
    Listing listing = { .out = out, .colours = context->colours, .seen = seen };
    const DunlinSchemaMethod *method = NULL;

    if (!cli_service_init (&service, context->settings, context->arguments[0], error) ||
        !cli_service_learn (&service, error))
        return -1;
    if (name != NULL) {
        method = cli_catalog_find (service.catalog, name, error);
        if (method == NULL)
            return -1;
        explain_method (context, out, method);
    } else {
        cli_screen_lines (out, "", cli_catalog_service (service.catalog)->doc);
        cli_catalog_each (service.catalog, list_method, &listing);
    }
    fwrite (out->str, 1, out->len, stdout);
    return CLI_OK;
}

static const char help[] =
    "Lists the methods of a service, its own first, then the inherited ones; or explains one,\n"
    "with its types and an example of its arguments. With --idl no service is asked.\n"
    "\n"
    "Example:\n"
    "  dunlin help inet!127.0.0.1:9090 get\n";

const CliCommand cli_help = {
    .name = "help",
    .arguments = "DEST [METHOD]",
    .n_least = 1,
    .n_most = 2,
    .summary = "lists a service's methods, or explains one",
    .help = help,
    .run = run,
};
