/* What a hostile service answers to describe(): whatever the bytes, reading it comes to an end,
 * with an error or with a catalogue that can be walked. */
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/signature.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static gboolean
explain (const DunlinSchemaService *service, const DunlinSchemaMethod *method, gpointer data)
{
    GString *out = data;
    g_autofree char *example = cli_signature_example (method);

    cli_signature_method (out, method);
    cli_signature_types (out, method);
    g_string_append (out, example);
    return FALSE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    g_autofree char *json = g_memdup2 (data, size);
    g_autoptr (GError) error = NULL;
    g_autoptr (CliDescription) description = cli_description_read (json, size, &error);
    g_autoptr (CliCatalog) catalog = NULL;
    g_autoptr (GString) out = g_string_new (NULL);

    if (description != NULL)
        catalog = cli_catalog_from_description (description, NULL, &error);
    if (catalog == NULL) {
        g_assert_true (error->domain == DUNLIN_ERROR);
        return 0;
    }
    cli_catalog_each (catalog, explain, out);
    return 0;
}
