/* codegen/as_schema: an IDL read at run time says the same as the generated code. */
#include "codegen/as_schema.h"

#include "address_book_schema.h"
#include "codegen_types_schema.h"
#include "conformance_schema.h"

static void
same_type (const DunlinSchemaType *a, const DunlinSchemaType *b)
{
    g_assert_cmpint ((a == NULL), ==, (b == NULL));
    if (a == NULL || b == NULL)
        return;
    g_assert_cmpint (a->kind, ==, b->kind);
    g_assert_cmpstr (a->text, ==, b->text);
    same_type (a->key, b->key);
    same_type (a->element, b->element);
    g_assert_cmpstr (a->enumeration == NULL ? NULL : a->enumeration->name, ==,
                     b->enumeration == NULL ? NULL : b->enumeration->name);
    g_assert_cmpstr (a->structure == NULL ? NULL : a->structure->name, ==,
                     b->structure == NULL ? NULL : b->structure->name);
}

static void
same_notes (const DunlinSchemaNote *a, gsize n_a, const DunlinSchemaNote *b, gsize n_b)
{
    g_assert_cmpuint (n_a, ==, n_b);
    for (gsize i = 0; i < n_a; i++) {
        g_assert_cmpstr (a[i].name, ==, b[i].name);
        g_assert_cmpstr (a[i].value, ==, b[i].value);
    }
}

static void
same_fields (const DunlinSchemaField *a, gsize n_a, const DunlinSchemaField *b, gsize n_b)
{
    g_assert_cmpuint (n_a, ==, n_b);
    for (gsize i = 0; i < n_a; i++) {
        g_assert_cmpint (a[i].id, ==, b[i].id);
        g_assert_cmpstr (a[i].name, ==, b[i].name);
        same_type (a[i].type, b[i].type);
        g_assert_cmpint (a[i].requiredness, ==, b[i].requiredness);
        g_assert_cmpstr (a[i].value, ==, b[i].value);
        g_assert_cmpstr (a[i].doc, ==, b[i].doc);
        same_notes (a[i].notes, a[i].n_notes, b[i].notes, b[i].n_notes);
    }
}

static void
same_struct (const DunlinSchemaStruct *a, const DunlinSchemaStruct *b)
{
    g_assert_cmpstr (a->name, ==, b->name);
    g_assert_cmpint (a->form, ==, b->form);
    g_assert_cmpstr (a->doc, ==, b->doc);
    same_fields (a->fields, a->n_fields, b->fields, b->n_fields);
    same_notes (a->notes, a->n_notes, b->notes, b->n_notes);
}

static void
same_enum (const DunlinSchemaEnum *a, const DunlinSchemaEnum *b)
{
    g_assert_cmpstr (a->name, ==, b->name);
    g_assert_cmpstr (a->doc, ==, b->doc);
    g_assert_cmpuint (a->n_members, ==, b->n_members);
    for (gsize i = 0; i < a->n_members; i++) {
        g_assert_cmpstr (a->members[i].name, ==, b->members[i].name);
        g_assert_cmpint (a->members[i].number, ==, b->members[i].number);
        g_assert_cmpstr (a->members[i].doc, ==, b->members[i].doc);
    }
}

static void
same_method (const DunlinSchemaMethod *a, const DunlinSchemaMethod *b)
{
    g_assert_cmpstr (a->name, ==, b->name);
    g_assert_cmpint (a->oneway, ==, b->oneway);
    g_assert_cmpstr (a->doc, ==, b->doc);
    same_type (a->result, b->result);
    same_fields (a->arguments, a->n_arguments, b->arguments, b->n_arguments);
    same_fields (a->exceptions, a->n_exceptions, b->exceptions, b->n_exceptions);
    same_notes (a->notes, a->n_notes, b->notes, b->n_notes);
}

static void
same_service (const DunlinSchemaService *a, const DunlinSchemaService *b)
{
    g_assert_cmpstr (a->name, ==, b->name);
    g_assert_cmpstr (a->doc, ==, b->doc);
    g_assert_cmpstr (a->home->name, ==, b->home->name);
    g_assert_cmpint ((a->parent == NULL), ==, (b->parent == NULL));
    if (a->parent != NULL)
        same_service (a->parent, b->parent);
    g_assert_cmpuint (a->n_methods, ==, b->n_methods);
    for (gsize i = 0; i < a->n_methods; i++)
        same_method (&a->methods[i], &b->methods[i]);
    same_notes (a->notes, a->n_notes, b->notes, b->n_notes);
}

static void
same_schema (const DunlinSchema *a, const DunlinSchema *b)
{
    g_assert_cmpstr (a->name, ==, b->name);
    g_assert_cmpstr (a->doc, ==, b->doc);
    g_assert_cmpstr (a->text, ==, b->text);
    g_assert_cmpstr (a->sha256, ==, b->sha256);
    g_assert_cmpuint (a->n_includes, ==, b->n_includes);
    for (gsize i = 0; i < a->n_includes; i++)
        same_schema (a->includes[i], b->includes[i]);
    g_assert_cmpuint (a->n_enums, ==, b->n_enums);
    for (gsize i = 0; i < a->n_enums; i++)
        same_enum (a->enums[i], b->enums[i]);
    g_assert_cmpuint (a->n_structs, ==, b->n_structs);
    for (gsize i = 0; i < a->n_structs; i++)
        same_struct (a->structs[i], b->structs[i]);
    g_assert_cmpuint (a->n_services, ==, b->n_services);
    for (gsize i = 0; i < a->n_services; i++)
        same_service (a->services[i], b->services[i]);
    g_assert_cmpuint (a->n_constants, ==, b->n_constants);
    for (gsize i = 0; i < a->n_constants; i++) {
        g_assert_cmpstr (a->constants[i].name, ==, b->constants[i].name);
        same_type (a->constants[i].type, b->constants[i].type);
        g_assert_cmpstr (a->constants[i].value, ==, b->constants[i].value);
    }
}

/* Of files. */
static void
test_same (gconstpointer data)
{
    static const struct {
        const char *file;
        const DunlinSchema *schema;
    } idls[] = {
        { "tests/idl/conformance.thrift", &conformance_idl_schema },
        { "tests/idl/codegen_types.thrift", &codegen_types_idl_schema },
        { "idl/address_book.thrift", &address_book_idl_schema },
    };
    g_autoptr (GPtrArray) search = g_ptr_array_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (idls); i++) {
        g_autoptr (GHashTable) loaded = idl_table_new ();
        g_autofree char *path =
            g_build_filename (g_getenv ("DUNLIN_SOURCE_DIR"), idls[i].file, NULL);
        GError *error = NULL;
        Idl *idl = idl_load (loaded, path, search, &error);

        g_assert_no_error (error);
        same_schema (idls[i].schema, idl_as_schema (idl));
    }
}

/* Of texts, which a service gives. */
static void
test_texts (void)
{
    g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GHashTable) loaded = idl_table_new ();
    GError *error = NULL;
    Idl *idl;

    g_hash_table_insert (texts, (gpointer) "dunlin",
                         (gpointer)address_book_idl_schema.includes[0]->text);
    g_hash_table_insert (texts, (gpointer) "address_book", (gpointer)address_book_idl_schema.text);
    idl = idl_load_texts (loaded, "address_book", texts, &error);
    g_assert_no_error (error);
    same_schema (&address_book_idl_schema, idl_as_schema (idl));
}

static void
refuse_texts (const char *a, const char *b, const char *says)
{
    g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
    g_autoptr (GHashTable) loaded = idl_table_new ();
    g_autoptr (GError) error = NULL;

    g_hash_table_insert (texts, (gpointer) "a", (gpointer)a);
    if (b != NULL)
        g_hash_table_insert (texts, (gpointer) "b", (gpointer)b);
    g_assert_null (idl_load_texts (loaded, "a", texts, &error));
    if (strstr (error->message, says) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, says);
}

static void
test_bad_texts (void)
{
    g_autoptr (GString) chain = g_string_new ("typedef i32 t0\n");

    for (int i = 1; i < 5000; i++)
        g_string_append_printf (chain, "typedef t%d t%d\n", i - 1, i);
    refuse_texts ("include \"b.thrift\"\n", NULL, "cannot find the included b.thrift");
    refuse_texts ("include \"../../x/b.thrift\"\n", "include \"a.thrift\"\n", "includes itself");
    refuse_texts ("struct S { 1: T t }\n", NULL, "there is no type T");
    refuse_texts (chain->str, NULL, "too many others");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_data_func ("/codegen/as_schema/same-as-generated", NULL, test_same);
    g_test_add_func ("/codegen/as_schema/texts-include-each-other", test_texts);
    g_test_add_func ("/codegen/as_schema/bad-texts-are-refused", test_bad_texts);
    return g_test_run ();
}
