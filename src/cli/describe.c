/* dunlin describe DEST */
#include <stdio.h>

#include "base/error.h"
#include "cli/screen.h"
#include "cli/service.h"

enum { FORM_IDL, FORM_JSON };

/* @schema, then what it includes: each once. */
static void
append_idls (GString *out, GHashTable *seen, const DunlinSchema *schema)
{
    if (!g_hash_table_add (seen, (gpointer)schema->name))
        return;
    if (out->len > 0)
        g_string_append_printf (out, "\n# ---- %s.thrift\n\n", schema->name);
    cli_screen_clean (out, schema->text);
    for (gsize i = 0; i < schema->n_includes; i++)
        append_idls (out, seen, schema->includes[i]);
}

static int
run (const CliContext *context, GError **error)
{
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
    g_auto (CliService) service = { 0 };

    if (!cli_service_init (&service, context->settings, context->arguments[0], error) ||
        !cli_service_ask (&service, error))
        return -1;
    if (dunlin_settings_get_enum (context->settings, "describe.form") == FORM_JSON)
        g_string_append_printf (out, "%s\n", service.description);
    else
        append_idls (out, seen, cli_catalog_service (service.catalog)->home);
    fwrite (out->str, 1, out->len, stdout);
    return CLI_OK;
}

static const char help[] =
    "Asks a Dunlin service for its IDL, and prints it as it was written, followed by the IDLs\n"
    "that it includes.\n"
    "\n"
    "Example:\n"
    "  dunlin describe inet!127.0.0.1:9090 > service.thrift\n";

static const char *const rows[] = { "form", NULL };

const CliCommand cli_describe = {
    .name = "describe",
    .arguments = "DEST",
    .n_least = 1,
    .n_most = 1,
    .summary = "prints a service's IDL",
    .help = help,
    .rows = rows,
    .run = run,
};
