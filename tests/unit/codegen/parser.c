/* The grammar: every kind of definition, all the ways to write a field, and what is no IDL. */
#include "support/idl_case.h"

static void
test_struct (void)
{
    g_autoptr (Idl) idl = idl_case_good ("/** A pair. */\n"
                                         "struct Pair {\n"
                                         "  /** First. */\n"
                                         "  1: required i32 a = 5 (min = \"1\", mark),\n"
                                         "  2: optional map<string, list<Pair>> b;\n"
                                         "  -3: string c\n"
                                         "  double d = 1e3\n"
                                         "} (x.y = 'z')\n");
    Struct *item = IDL_PART (Struct, idl->structs, 0);
    Field *a = IDL_PART (Field, item->fields, 0);
    Field *b = IDL_PART (Field, item->fields, 1);
    Field *d = IDL_PART (Field, item->fields, 3);

    g_assert_cmpstr (item->name, ==, "Pair");
    g_assert_cmpstr (item->doc, ==, "A pair.");
    g_assert_cmpint (item->line, ==, 2);
    g_assert_cmpint (item->form, ==, FORM_STRUCT);
    g_assert_cmpuint (item->fields->len, ==, 4);
    g_assert_cmpstr (IDL_PART (Note, item->notes, 0)->name, ==, "x.y");
    g_assert_cmpint (a->id, ==, 1);
    g_assert_cmpint (a->line, ==, 4);
    g_assert_cmpstr (a->doc, ==, "First.");
    g_assert_cmpint (a->requiredness, ==, REQUIRED);
    g_assert_cmpstr (a->value->text, ==, "5");
    g_assert_cmpstr (IDL_PART (Note, a->notes, 0)->value, ==, "1");
    g_assert_cmpstr (IDL_PART (Note, a->notes, 1)->name, ==, "mark");
    g_assert_cmpint (b->requiredness, ==, REQUIRED_OPTIONAL);
    g_assert_cmpstr (b->type->text, ==, "map<string, list<Pair>>");
    g_assert_true (b->type->element->element->structure == item);
    g_assert_cmpint (d->value->kind, ==, VALUE_DOUBLE);
}

/* As the Thrift compiler numbers them: from -1 down, also in place of ids below 1. */
static void
test_no_ids (void)
{
    g_autoptr (Idl) idl = idl_case_good ("struct S { i32 a, 4: i32 b, -9: i32 c, i32 d }\n"
                                         "service T { void m(i32 a, i32 b) }");
    GPtrArray *fields = IDL_PART (Struct, idl->structs, 0)->fields;
    Service *service = IDL_PART (Service, idl->services, 0);
    GPtrArray *arguments = IDL_PART (Method, service->methods, 0)->arguments;
    const int ids[] = { -1, 4, -2, -3 };

    for (guint i = 0; i < fields->len; i++)
        g_assert_cmpint (IDL_PART (Field, fields, i)->id, ==, ids[i]);
    g_assert_cmpint (IDL_PART (Field, arguments, 1)->id, ==, -2);
}

static void
test_union (void)
{
    g_autoptr (Idl) idl = idl_case_good ("union U { 1: i32 a 2: string b }\nexception E {}");
    Struct *item = IDL_PART (Struct, idl->structs, 0);

    g_assert_cmpint (item->form, ==, FORM_UNION);
    g_assert_cmpint (IDL_PART (Field, item->fields, 1)->requiredness, ==, REQUIRED_OPTIONAL);
    g_assert_cmpint (IDL_PART (Struct, idl->structs, 1)->form, ==, FORM_EXCEPTION);
}

static void
test_enum (void)
{
    g_autoptr (Idl) idl =
        idl_case_good ("enum E { A, B = 0x10, /** after B */ C, D = -5; F } (x = \"y\")");
    Enum *item = IDL_PART (Enum, idl->enums, 0);
    const int numbers[] = { 0, 16, 17, -5, -4 };

    g_assert_cmpuint (item->members->len, ==, G_N_ELEMENTS (numbers));
    for (guint i = 0; i < item->members->len; i++)
        g_assert_cmpint (IDL_PART (Member, item->members, i)->number, ==, numbers[i]);
    g_assert_cmpstr (IDL_PART (Member, item->members, 2)->doc, ==, "after B");
}

static void
test_service (void)
{
    g_autoptr (Idl) idl = idl_case_good (
        "exception X {}\n"
        "service A { void a() }\n"
        "service B extends A {\n"
        "  /** Does it. */\n"
        "  list<i32> b(1: i32 x, 2: string y) throws (1: X e) (idempotent = \"1\"),\n"
        "  oneway void c()\n"
        "  async void d();\n"
        "}");
    Service *service = IDL_PART (Service, idl->services, 1);
    Method *b = IDL_PART (Method, service->methods, 0);

    g_assert_true (service->parent == IDL_PART (Service, idl->services, 0));
    g_assert_cmpuint (service->methods->len, ==, 3);
    g_assert_cmpstr (b->doc, ==, "Does it.");
    g_assert_cmpint (b->line, ==, 5);
    g_assert_cmpstr (b->result->text, ==, "list<i32>");
    g_assert_cmpuint (b->arguments->len, ==, 2);
    g_assert_cmpstr (IDL_PART (Field, b->exceptions, 0)->type->structure->name, ==, "X");
    g_assert_cmpstr (IDL_PART (Note, b->notes, 0)->name, ==, "idempotent");
    g_assert_true (IDL_PART (Method, service->methods, 1)->oneway);
    g_assert_true (IDL_PART (Method, service->methods, 2)->oneway);
}

static void
test_constants (void)
{
    g_autoptr (Idl) idl = idl_case_good ("const i32 A = 0x7f\n"
                                         "const list<i32> B = [1, 2; 3]\n"
                                         "const map<string, i32> C = {'x': 1, \"y\": 2}\n"
                                         "const list<list<i32>> D = [[], [1]]\n"
                                         "const bool E = true;\n"
                                         "const map<i32, i32> F = {}");
    const char *const texts[] = { "0x7f",      "[1, 2, 3]", "{'x': 1, \"y\": 2}",
                                  "[[], [1]]", "true",      "{}" };

    g_assert_cmpuint (idl->constants->len, ==, G_N_ELEMENTS (texts));
    for (guint i = 0; i < idl->constants->len; i++)
        g_assert_cmpstr (IDL_PART (Constant, idl->constants, i)->value->text, ==, texts[i]);
    g_assert_false (IDL_PART (Constant, idl->constants, 2)->value->is_empty);
    g_assert_true (IDL_PART (Constant, idl->constants, 5)->value->is_empty);
}

static void
test_typedef (void)
{
    g_autoptr (Idl) idl = idl_case_good ("typedef i64 Id (x = \"y\")\n"
                                         "typedef list<Id> Ids\n"
                                         "struct S { 1: Ids a }");
    Struct *item = IDL_PART (Struct, idl->structs, 0);
    Type *type = IDL_PART (Field, item->fields, 0)->type;

    g_assert_cmpint (type->kind, ==, TYPE_ALIAS);
    g_assert_cmpint (type_true (type)->kind, ==, TYPE_LIST);
    g_assert_cmpint (type_true (type_true (type)->element)->kind, ==, TYPE_I64);
    g_assert_true (type_is_number (type_true (type)->element));
}

static void
test_headers (void)
{
    g_autoptr (Idl) idl = idl_new ("t", "t.thrift");

    g_assert_true (idl_parse (idl,
                              "/** What it is for. */\n"
                              "namespace c_glib Thing\n"
                              "namespace * other\n"
                              "namespace java a.b (x = 'y')\n"
                              "cpp_include \"x.h\"\n"
                              "include \"a/base.thrift\"\n"
                              "/** The struct's. */ struct S {}",
                              NULL));
    g_assert_cmpstr (idl->doc, ==, "What it is for.");
    g_assert_cmpstr (idl->c_namespace, ==, "Thing");
    g_assert_cmpuint (idl->include_lines->len, ==, 1);
    g_assert_cmpstr (IDL_PART (Include, idl->include_lines, 0)->file, ==, "a/base.thrift");
    g_assert_cmpstr (IDL_PART (Struct, idl->structs, 0)->doc, ==, "The struct's.");
}

static void
test_doc_of_first_definition (void)
{
    g_autoptr (Idl) idl = idl_case_good ("/** The struct's. */ struct S {}");

    g_assert_cmpstr (idl->doc, ==, "");
}

static void
test_errors (void)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { "strukt S {}", "t.thrift:1: a definition expected before \"strukt\"" },
        { "struct {", "t.thrift:1: a name expected before \"{\"" },
        { "struct S {", "t.thrift:1: } expected before \"\"" },
        { "struct S {\n1: i32\n}", "t.thrift:3: a name expected before \"}\"" },
        { "struct S {\n1 i32 a }", "t.thrift:2: : expected before \"i32\"" },
        { "struct S { 1: list<i32 a }", "t.thrift:1: > expected before \"a\"" },
        { "struct S { 1: map<i32> a }", "t.thrift:1: , expected before \">\"" },
        { "struct S { 1: i32 a = }", "t.thrift:1: a value expected before \"}\"" },
        { "struct S { 1: list<i32> a = [", "t.thrift:1: ] expected before \"\"" },
        { "enum E { A = x }", "t.thrift:1: a number expected before \"x\"" },
        { "service S { void a( }", "t.thrift:1: a name expected before \"}\"" },
        { "const i32 A 5", "t.thrift:1: = expected before \"5\"" },
        { "include base", "t.thrift:1: a text in quotes expected before \"base\"" },
        { "typedef", "t.thrift:1: a name expected before \"\"" },
        { "struct S { 1: i32 a (x = 5) }", "t.thrift:1: a text in quotes expected before \"5\"" },
        { "struct S {\n 1: T a }", "t.thrift:2: there is no type T" },
        { "struct S { 1: list<base.T> a }", "t.thrift:1: there is no type base.T" },
        { "service S extends base.T { }", "t.thrift:1: there is no service base.T above" },
        { "service S { void a() throws (1: i32 e) }",
          "t.thrift:1: a throws i32, which is no exception" },
        { "service S extends S { }", "t.thrift:1: there is no service S above" },
        { "service S extends T { }\nservice T extends S { }",
          "t.thrift:1: there is no service T above" },
        { "typedef A B\ntypedef B A",
          "t.thrift:1: the typedef B is made of itself, or of too many others" },
        { "typedef i32 I\ntypedef map<I, list<A>> A",
          "t.thrift:2: the typedef A is made of itself, or of too many others" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (GError) error = NULL;

        g_assert_null (idl_case (cases[i].text, &error));
        g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

/* Whoever feeds the parser must not make it overflow its stack. */
static void
test_depth (void)
{
    g_autoptr (GString) text = g_string_new ("struct S { 1: ");
    g_autoptr (GError) error = NULL;

    for (int i = 0; i < 200000; i++)
        g_string_append (text, "list<");
    g_assert_null (idl_case (text->str, &error));
    g_assert_cmpstr (error->message, ==,
                     "t.thrift:1: types nested less deeply expected before \"<\"");
    g_clear_error (&error);
    g_string_assign (text, "const i32 A = ");
    for (int i = 0; i < 200000; i++)
        g_string_append_c (text, '[');
    g_assert_null (idl_case (text->str, &error));
    g_assert_cmpstr (error->message, ==,
                     "t.thrift:1: values nested less deeply expected before \"[\"");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/codegen/parser/struct", test_struct);
    g_test_add_func ("/codegen/parser/fields-without-ids-count-down", test_no_ids);
    g_test_add_func ("/codegen/parser/members-of-a-union-are-optional", test_union);
    g_test_add_func ("/codegen/parser/enum-counts-on", test_enum);
    g_test_add_func ("/codegen/parser/service", test_service);
    g_test_add_func ("/codegen/parser/constants", test_constants);
    g_test_add_func ("/codegen/parser/typedefs-are-looked-through", test_typedef);
    g_test_add_func ("/codegen/parser/headers", test_headers);
    g_test_add_func ("/codegen/parser/doc-of-the-first-definition", test_doc_of_first_definition);
    g_test_add_func ("/codegen/parser/errors-name-the-line", test_errors);
    g_test_add_func ("/codegen/parser/depth-is-bounded", test_depth);
    return g_test_run ();
}
