/* cli/description, cli/catalog, cli/signature: an IDL from elsewhere, and what is said of it. */
#include "cli/catalog.h"
#include "cli/signature.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"

#define IDL                                                                                        \
    "enum C { R = 1 }\\nstruct K { 1: required i32 n = 4, 2: optional C c }\\n"                    \
    "union U { 1: i64 a, 2: string b }\\nexception X { 1: string why }\\n"                         \
    "service Parent { void up() }\\n"                                                              \
    "service S extends Parent { map<K, list<U>> get(1: K k, 2: map<C, binary> m) "                 \
    "throws (1: X x), oneway void go(1: set<double> d) }\\nservice Other { void alone() }"

static CliCatalog *
catalog_of (const char *service, const char *text, const char *wanted, GError **error)
{
    g_autofree char *json = g_strdup_printf (
        "{\"service\":\"%s\",\"idl\":\"a\",\"idls\":{},\"texts\":{\"a\":\"%s\"}}", service, text);
    g_autoptr (CliDescription) description = cli_description_read (json, strlen (json), error);

    return description == NULL ? NULL : cli_catalog_from_description (description, wanted, error);
}

static void
says (const GError *error, DunlinError code, const char *part)
{
    g_assert_error (error, DUNLIN_ERROR, (int)code);
    if (strstr (error->message, part) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, part);
}

static gboolean
append_name (const DunlinSchemaService *service, const DunlinSchemaMethod *method, gpointer data)
{
    g_string_append_printf (data, "%s.%s ", service->name, method->name);
    return FALSE;
}

static void
test_methods (void)
{
    g_autoptr (CliCatalog) catalog = catalog_of ("S", IDL, NULL, NULL);
    g_autoptr (GString) names = g_string_new (NULL);
    g_autoptr (GError) error = NULL;

    cli_catalog_each (catalog, append_name, names);
    g_assert_cmpstr (names->str, ==,
                     "S.get S.go Parent.up Base.ping Base.now Base.status Base.help "
                     "Base.help_for Base.describe ");
    g_assert_cmpstr (cli_catalog_find (catalog, "up", NULL)->name, ==, "up");
    g_assert_cmpstr (cli_catalog_find (catalog, "Other:alone", NULL)->name, ==, "alone");
    g_assert_null (cli_catalog_find (catalog, "gett", &error));
    says (error, DUNLIN_ERROR_SETTINGS, "S has no method gett; did you mean get?");
    g_clear_error (&error);
    g_assert_null (cli_catalog_find (catalog, "Other:ping", &error));
    says (error, DUNLIN_ERROR_SETTINGS, "Other has no method ping");
}

static void
test_texts (void)
{
    g_autoptr (CliCatalog) catalog = catalog_of ("S", IDL, NULL, NULL);
    const DunlinSchemaMethod *get = cli_catalog_find (catalog, "get", NULL);
    g_autofree char *example = cli_signature_example (get);
    g_autoptr (GString) text = g_string_new (NULL);

    cli_signature_method (text, get);
    g_assert_cmpstr (text->str, ==,
                     "map<K, list<U>> get(1: K k, 2: map<C, binary> m) throws (1: X x)");
    g_string_truncate (text, 0);
    cli_signature_method (text, cli_catalog_find (catalog, "go", NULL));
    g_assert_cmpstr (text->str, ==, "oneway void go(1: set<double> d)");
    g_string_truncate (text, 0);
    cli_signature_types (text, get);
    g_assert_cmpstr (text->str, ==,
                     "struct K {\n  1: required i32 n = 4\n  2: optional C c\n}\n"
                     "enum C { R = 1 }\n"
                     "union U {\n  1: i64 a\n  2: string b\n}\n"
                     "exception X {\n  1: string why\n}\n");
    g_assert_cmpstr (example, ==,
                     "{\n  \"k\": {\n    \"n\": 0,\n    \"c\": \"R\"\n  },\n"
                     "  \"m\": {\n    \"R\": \"\"\n  }\n}");
}

static void
test_refused (void)
{
    static const struct {
        const char *json;
        DunlinError code;
        const char *says;
    } cases[] = {
        { "", DUNLIN_ERROR_MALFORMED, "what describe() answers is not understood" },
        { "[]", DUNLIN_ERROR_UNAVAILABLE, "give --idl=FILE" },
        { "{\"service\":\"S\",\"idl\":\"a\",\"idls\":{}}", DUNLIN_ERROR_UNAVAILABLE, "give --idl" },
        { "{\"service\":1,\"idl\":\"a\",\"texts\":{}}", DUNLIN_ERROR_UNAVAILABLE, "give --idl" },
        { "{\"service\":\"S\",\"idl\":\"a\",\"texts\":{\"a\":1}}", DUNLIN_ERROR_UNAVAILABLE,
          "give --idl" },
        { "{\"service\":\"S\",\"idl\":\"a\",\"texts\":{\"a\":\"x\\u0000y\"}}",
          DUNLIN_ERROR_UNAVAILABLE, "give --idl" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;

        g_assert_null (cli_description_read (cases[i].json, strlen (cases[i].json), &error));
        says (error, cases[i].code, cases[i].says);
    }
}

static void
test_services (void)
{
    g_autoptr (CliCatalog) other = catalog_of ("S", IDL, "Other", NULL);
    g_autoptr (GError) error = NULL;

    g_assert_cmpstr (cli_catalog_service (other)->name, ==, "Other");
    g_assert_null (catalog_of ("S", IDL, "Nobody", &error));
    says (error, DUNLIN_ERROR_SETTINGS, "has no service Nobody; it has Parent, S, Other");
    g_clear_error (&error);
    g_assert_null (catalog_of ("S", "struct T { }", NULL, &error));
    says (error, DUNLIN_ERROR_SETTINGS, "the IDL a has no service");
    g_clear_error (&error);
    g_assert_null (catalog_of ("S", "service S { x y() }", NULL, &error));
    says (error, DUNLIN_ERROR_SETTINGS, "the IDL cannot be used: a:1: there is no type x");
}

/* Of a file with several services, the one that is meant must be said. */
static void
test_file (void)
{
    static const char text[] = "service A { }\nservice B extends A { }\nservice C { }\n";
    g_autofree char *folder = g_dir_make_tmp ("dunlin-catalog-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "three.thrift", NULL);
    char *none[] = { NULL };
    g_autoptr (CliCatalog) catalog = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (g_file_set_contents (path, text, -1, NULL));
    g_assert_null (cli_catalog_from_file (path, none, NULL, &error));
    says (error, DUNLIN_ERROR_SETTINGS, "several services: say --service=ONE of A, B, C");
    catalog = cli_catalog_from_file (path, none, "B", NULL);
    g_assert_cmpstr (cli_catalog_service (catalog)->name, ==, "B");
    g_assert_true (g_file_set_contents (path, "service A { }\nservice B extends A { }", -1, NULL));
    g_clear_pointer (&catalog, cli_catalog_free);
    catalog = cli_catalog_from_file (path, none, NULL, NULL);
    g_assert_cmpstr (cli_catalog_service (catalog)->name, ==, "B");
    g_remove (path);
    g_remove (folder);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/cli/catalog/own-inherited-and-base-methods", test_methods);
    g_test_add_func ("/cli/catalog/service-by-name", test_services);
    g_test_add_func ("/cli/catalog/service-of-a-file", test_file);
    g_test_add_func ("/cli/description/what-is-none-is-refused", test_refused);
    g_test_add_func ("/cli/signature/methods-types-and-an-example", test_texts);
    return g_test_run ();
}
