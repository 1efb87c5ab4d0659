/* What is refused, where, and why: all that c_glib 0.17 was seen to do wrong with. */
#include "codegen/check.h"

#include "support/idl_case.h"

#include <string.h>

/* In front of every text; its lines are counted too. */
static const char head[] = "enum E { A = 1 }\n"
                           "struct S { 1: i32 a }\n"
                           "exception X { 1: string m }\n"
                           "typedef i32 Id\n"
                           "typedef E Level\n"
                           "typedef binary Bytes\n"
                           "typedef set<i32> Ids\n";

/* @line: of @text, from 1. */
typedef struct {
    const char *name;
    const char *text;
    int line;
    const char *says;
} Refused;

static const Refused refused[] = {
    { "list-of-typedef-numbers", "struct D {\n 1: list<Id> a }", 2,
      "D.a: list<Id>: c_glib keeps the numbers" },
    { "list-of-typedef-enums", "struct D { 1: list<Level> a }", 1, "D.a: list<Level>: c_glib" },
    { "set-of-typedef-numbers", "struct D { 1: set<Id> a }", 1, "D.a: set<Id>: c_glib keeps" },
    { "inner-list-of-typedefs", "struct D { 1: list<list<Bytes>> a }", 1,
      "no code for a list of typedefs inside" },
    { "inner-set", "struct D { 1: map<i32, set<i32>> a }", 1,
      "D.a: map<i32, set<i32>>: c_glib loses the elements" },
    { "inner-set-behind-typedef", "struct D { 1: list<Ids> a }", 1, "loses the elements" },
    { "set-as-key", "struct D { 1: map<set<i32>, i32> a }", 1, "loses the elements" },
    { "binary-in-set", "struct D { 1: set<binary> a }", 1, "compares binary elements" },
    { "binary-as-key", "struct D { 1: map<Bytes, i32> a }", 1, "compares binary keys" },
    { "typedef-of-struct", "\ntypedef S T", 2, "typedef S T: c_glib has no code" },
    { "typedef-of-list-of-typedefs", "typedef list<Id> T", 1, "typedef list<Id> T: c_glib keeps" },
    { "result", "service Z {\n void a()\n list<Id> b()\n}", 3, "Z.b: list<Id>: c_glib keeps" },
    { "argument", "service Z { void a(1: i32 x,\n 2: list<Id> y) }", 2, "Z.a.y: list<Id>" },
    { "own-struct-as-field", "struct D {\n 1: optional D d }", 2,
      "D.d: c_glib declares D too late for a field of itself: write list<D>" },
    { "struct-before-definition", "struct D { 1: F f }\nstruct F { 1: i32 a }", 1,
      "D.f: c_glib declares F too late: define it above" },
    { "empty-enum", "enum Empty { }", 1, "Empty: C has no empty enums" },
    { "list-default", "struct D { 1: list<i32> a = [1] }", 1, "adds what it reads" },
    { "set-default", "struct D { 1: set<i32> a = [1] }", 1, "D.a: set<i32>: c_glib" },
    { "map-default", "struct D { 1: map<i32, i32> a = {1: 2} }", 1,
      "forgets the default of a set" },
    { "struct-default", "struct D { 1: S a = {'a': 1} }", 1, "forgets the default of a struct" },
    { "enum-default", "struct D { 1: E a = E.A }", 1, "forgets the default of an enum" },
    { "binary-default", "struct D { 1: binary a = 'x' }", 1, "binary default" },
    { "argument-default", "service Z { void a(1: E x = 1) }", 1, "Z.a.x: E: c_glib forgets" },
    { "constant-of-a-typedef", "\nconst Id SEVEN = 7", 2, "const Id SEVEN: c_glib makes NULL" },
    { "binary-constant", "const binary B = 'x'", 1, "const binary B: c_glib makes a string" },
    { "constant-of-inner-set", "const list<set<i32>> L = [[1]]", 1, "const list<set<i32>> L: " },
    { "field-is-c-word", "struct D { 1: i32 int }", 1, "D.int: the name is a word of C" },
    { "field-is-macro", "exception D { 1: i32 errno }", 1, "D.errno: the name is a word of C" },
    { "field-is-parent", "union D { 1: i32 parent }", 1,
      "D.parent: the name is what c_glib calls" },
    { "field-is-mark", "struct D { 1: i32 __isset_a }", 1, "the mark of a field" },
    { "field-begins-with-underscore", "struct D { 1: i32 _a }", 1, "begins with an underscore" },
    { "fields-differ-in-capitals", "struct D { 1: i32 a\n 2: i32 A }", 2, "differs from another" },
    { "method-is-c-word", "service Z { void Int() }", 1, "Z.Int: the name is a word of C" },
    { "method-is-parent", "service Z { void parent() }", 1, "Z.parent: the name" },
    { "method-ends-with-underscore", "service Z { void a_() }", 1, "Z.a_: the name has an under" },
    { "method-with-lone-digit", "service Z { void a_1() }", 1, "Z.a_1: the name has an under" },
    { "methods-alike", "service Z { void aB()\n void a_b() }", 2, "meets another method's" },
    { "method-is-of-client", "service Z { void a()\n void send_a() }", 2,
      "meets another method's" },
    { "argument-is-error", "service Z { void a(1: i32 error) }", 1, "Z.a.error: the name is that" },
    { "exception-is-argument", "service Z { void a(1: i32 x) throws (1: X x) }", 1, "there twice" },
    { "exception-with-capital", "service Z { void a() throws (1: X notFound) }", 1,
      "Z.a.notFound: the name of an exception has capitals" },
    { "service-with-small-letter", "service z { void a() }", 1, "z: the name of a service begins" },
    { "structs-alike", "struct D_e { 1: i32 a }\nstruct DE { 1: i32 a }", 2, "both be d_e:" },
    { "struct-is-arguments", "service Z { void a() }\nstruct ZAArgs { 1: i32 b }", 1,
      "both be z_a_args:" },
    { "struct-is-client", "struct ZClient { 1: i32 b }\nservice Z { }", 2, "both be z_client:" },
    { "service-is-types-file", "service TTypes { }", 1, "TTypes: " },
    { "service-is-stub-file", "service TStub { }", 1, "a second file called t_stub.c" },
    { "namespace-with-dot", "\n\nnamespace c_glib a.b", 3, "namespace c_glib a.b: c_glib leaves" },
};

static int
count_lines (const char *text)
{
    int lines = 0;

    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void
test_refused (gconstpointer data)
{
    const Refused *test = data;
    g_autofree char *text = g_strconcat (head, test->text, NULL);
    g_autofree char *place = g_strdup_printf ("t.thrift:%d: ", count_lines (head) + test->line);
    g_autoptr (Idl) idl = idl_case_good (text);
    g_autoptr (GError) error = NULL;

    g_assert_false (check_idl (idl, &error));
    g_assert_nonnull (error);
    if (!g_str_has_prefix (error->message, place) || strstr (error->message, test->says) == NULL)
        g_error ("\"%s\" does not say \"%s%s\"", error->message, place, test->says);
}

/* Next to what is refused, and right: types.c has the rest. */
static void
test_accepted (void)
{
    static const char *const texts[] = {
        "struct D { 1: Id a, 2: map<Id, Id> b, 3: Ids c, 4: list<Bytes> d }",
        "struct D { 1: list<D> kids, 2: map<string, D> named, 3: set<S> s }",
        "struct D { 1: list<i32> a = [], 2: map<i32, i32> b = {}, 3: Id c = 5 }",
        "struct D { 1: i32 error, 2: i32 aB, 3: i32 a_B, 4: i32 end_, 5: i32 b_1 }",
        "service Z { void getURL(), void get_it(1: i32 aB) throws (1: X x) }",
        "const i32 SEVEN = 7\nconst list<string> L = ['a']\nconst map<E, string> M = {1: 'x'}",
        "namespace c_glib A\nservice Zed { }\nservice Y extends Zed { oneway void x(1: S s) }",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autofree char *text = g_strconcat (head, texts[i], NULL);
        g_autoptr (Idl) idl = idl_case_good (text);
        GError *error = NULL;

        check_idl (idl, &error);
        g_assert_no_error (error);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
        g_autofree char *path = g_strdup_printf ("/codegen/check/refuses-%s", refused[i].name);

        g_test_add_data_func (path, &refused[i], test_refused);
    }
    g_test_add_func ("/codegen/check/accepts-what-is-right", test_accepted);
    return g_test_run ();
}
