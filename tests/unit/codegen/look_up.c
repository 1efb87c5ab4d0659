/* Methods by name, and what the emitted tables say. */
#include "codegen_types_stub.h"
#include "conformance_stub.h"
#include "support/stub_call.h"
#include "wire/method_slot.h"

static void
test_all_found (void)
{
    for (const DunlinServiceInfo *service = &conformance_service; service != NULL;
         service = service->extends)
        for (gsize i = 0; i < service->n_methods; i++) {
            const char *name = service->methods[i].name;

            g_assert_true (dunlin_service_info_find (&conformance_service, name, strlen (name)) ==
                           &service->methods[i]);
        }
}

static void
test_not_found (void)
{
    static const char *const names[] = { "", "p", "pu", "putt", "PUT", "pin", "Base", "put\n" };

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        g_assert_null (
            dunlin_service_info_find (&conformance_service, names[i], strlen (names[i])));
    g_assert_null (dunlin_service_info_find (&conformance_service, "put\0", 4));
    g_assert_null (dunlin_service_info_find (&codegen_types_empty_service, "put", 3));
    g_assert_null (dunlin_service_info_find (&conformance_base_service, "put", 3));
}

static void
test_not_terminated (void)
{
    const char *text = "putting";

    g_assert_nonnull (dunlin_service_info_find (&conformance_service, text, 3));
}

static void
test_without_slots (void)
{
    DunlinServiceInfo copy = conformance_service;

    copy.slots = NULL;
    g_assert_true (dunlin_service_info_find (&copy, "everything", 10) ==
                   dunlin_service_info_find (&conformance_service, "everything", 10));
    g_assert_null (dunlin_service_info_find (&copy, "nowhere", 7));
}

static void
test_texts (void)
{
    const DunlinMethodInfo *get = dunlin_service_info_find (&conformance_service, "get", 3);
    const DunlinMethodInfo *search = dunlin_service_info_find (&conformance_service, "search", 6);
    const DunlinMethodInfo *touch = dunlin_service_info_find (&conformance_service, "touch", 5);

    g_assert_cmpstr (get->arguments, ==, "1: i64 id");
    g_assert_cmpstr (get->result, ==, "Address");
    g_assert_cmpstr (get->exceptions, ==, "1: NotFound not_found");
    g_assert_cmpstr (get->doc, ==,
                     "Id 1 is always there: a fixed record of about 200 bytes on the wire.");
    g_assert_cmpstr (search->arguments, ==, "1: string prefix, 2: i32 limit");
    g_assert_cmpstr (search->result, ==, "list<Address>");
    g_assert_cmpstr (search->exceptions, ==, "");
    g_assert_true (touch->oneway);
    g_assert_cmpstr (conformance_service.name, ==, "Conformance");
    g_assert_cmpstr (conformance_service.idl_name, ==, "conformance");
    g_assert_true (g_str_has_prefix (conformance_service.idl_json, "{"));
    g_assert_true (conformance_service.extends == &conformance_base_service);
    g_assert_true (conformance_service.handler_type () == CONFORMANCE_TYPE_CONFORMANCE_HANDLER);
}

static void
test_schema (void)
{
    const DunlinSchemaStruct *every = &conformance_every_type_schema;
    const DunlinSchemaField *names = dunlin_schema_field_by_id (every, 22);
    const DunlinSchemaField *far_away = dunlin_schema_field_by_name (every, "far_away", 8);

    g_assert_cmpuint (every->n_fields, ==, 27);
    g_assert_cmpstr (names->type->text, ==, "map<Color, string>");
    g_assert_true (names->type->key->enumeration == &conformance_color_schema);
    g_assert_cmpint (far_away->id, ==, 32767);
    g_assert_cmpstr (dunlin_schema_field_by_id (every, 24)->value, ==, "42");
    g_assert_cmpint (dunlin_schema_field_by_id (every, 17)->requiredness, ==,
                     DUNLIN_SCHEMA_OPTIONAL);
    g_assert_cmpstr (dunlin_schema_member_name (&conformance_color_schema, -5), ==, "NEGATIVE");
    g_assert_null (dunlin_schema_member_name (&conformance_color_schema, 3));
    g_assert_null (dunlin_schema_field_by_id (every, 28));
    g_assert_null (dunlin_schema_field_by_name (every, "far_awa", 7));
}

static void
test_enum_names (void)
{
    g_assert_nonnull (strstr (conformance_color_name (10), "BLUE"));
    g_assert_nonnull (codegen_types_grade_name (16));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    conformance_idl_ensure_types ();
    g_test_add_func ("/codegen/look-up/own-and-inherited-methods", test_all_found);
    g_test_add_func ("/codegen/look-up/other-names-are-not-found", test_not_found);
    g_test_add_func ("/codegen/look-up/names-need-no-end", test_not_terminated);
    g_test_add_func ("/codegen/look-up/without-a-table-by-searching", test_without_slots);
    g_test_add_func ("/codegen/look-up/texts-are-the-idls", test_texts);
    g_test_add_func ("/codegen/look-up/schema", test_schema);
    g_test_add_func ("/codegen/look-up/enum-names-of-two-idls", test_enum_names);
    return g_test_run ();
}
