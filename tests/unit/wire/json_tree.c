/* wire/json_tree: which texts are JSON, and where those that are not go wrong. */
#include "base/error.h"
#include "wire/json_tree.h"

#include <string.h>

/* The tree as text again: kinds, counts and what strings say. */
static guint
append_node (const DunlinJsonTree *tree, guint at, GString *out)
{
    const DunlinJsonNode *node = &tree->nodes[at];
    guint end = node->next;

    if (node->kind == DUNLIN_JSON_STRING) {
        gsize length;
        g_autofree char *text = dunlin_json_tree_string (tree, node, &length);

        g_string_append_printf (out, "<%s:%" G_GSIZE_FORMAT ">", text, length);
        return end;
    }
    if (node->kind != DUNLIN_JSON_ARRAY && node->kind != DUNLIN_JSON_OBJECT) {
        g_string_append_len (out, tree->text + node->start, (gssize)node->length);
        return end;
    }
    g_string_append_printf (out, node->kind == DUNLIN_JSON_ARRAY ? "[%u " : "{%u ", node->n);
    for (at++; at < end;) {
        at = append_node (tree, at, out);
        g_string_append_c (out, ' ');
    }
    g_string_append_c (out, node->kind == DUNLIN_JSON_ARRAY ? ']' : '}');
    return end;
}

typedef struct {
    const char *name;
    const char *json;
    const char *expected;
} Case;

static const Case taken[] = {
    { "scalars", " [null, true,false , -0.5e+3,12345678901234567890 ]\n",
      "[5 null true false -0.5e+3 12345678901234567890 ]" },
    { "empty", "[{},[],\"\"]", "[3 {0 } [0 ] <:0> ]" },
    { "nested", "{\"a\":{\"b\":[1,[2]]},\"c\":3}", "{2 <a:1> {1 <b:1> [2 1 [1 2 ] ] } <c:1> 3 }" },
    { "escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "<\"\\/\b\f\n\r\t:8>" },
    { "unicode", "\"\\u00e9\\ud83d\\udc26 \xc3\xa9\"", "<\u00e9\U0001f426 \u00e9:9>" },
    { "zero-byte", "\"a\\u0000b\"", "<a:3>" },
    { "same-name-twice", "{\"a\":1,\"a\":2}", "{2 <a:1> 1 <a:1> 2 }" },
};

static const Case refused[] = {
    { "nothing", "", "line 1, column 1: it ends too early" },
    { "cut-short", "{\"a\": [1, 2", "it ends too early" },
    { "open-string", "\"abc", "it ends too early" },
    { "trailing-comma", "[1, 2,]", "line 1, column 7: a value expected" },
    { "trailing-comma-in-object", "{\"a\":1,}", "a name in double quotes expected" },
    { "comment", "[1 /* one */]", "column 4: ',' or ']' expected" },
    { "second-value", "{}\n\n  {}", "line 3, column 3: the text goes on" },
    { "single-quotes", "{'a': 1}", "a name in double quotes" },
    { "bare-name", "{a: 1}", "a name in double quotes" },
    { "no-colon", "{\"a\" 1}", "':' expected" },
    { "leading-zero", "[01]", "does not begin with 0" },
    { "plus", "+1", "a value expected" },
    { "lonely-minus", "[-]", "a digit expected" },
    { "no-fraction", "[1.]", "a digit expected" },
    { "no-exponent", "[1e]", "a digit expected" },
    { "hexadecimal", "0x10", "the text goes on" },
    { "nan", "[NaN]", "a value expected" },
    { "word", "[trues]", "',' or ']' expected" },
    { "newline-in-string", "\"a\nb\"", "a control character" },
    { "unknown-escape", "\"\\x41\"", "no such escape" },
    { "short-unicode", "\"\\u12\"", "four hexadecimal digits" },
    { "lone-high", "\"\\ud83d\"", "half of a surrogate pair" },
    { "lone-low", "\"\\udc26\"", "half of a surrogate pair" },
    { "two-high", "\"\\ud83d\\ud83d\"", "half of a surrogate pair" },
    { "not-utf-8", "[\"\xc3\x28\"]", "line 1, column 3: this is not UTF-8" },
    { "byte-order-mark", "\xef\xbb\xbf{}", "a value expected" },
};

static void
test_taken (gconstpointer data)
{
    const Case *test = data;
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinJsonTree) tree =
        dunlin_json_tree_new (test->json, strlen (test->json), 100, &error);
    g_autoptr (GString) text = g_string_new (NULL);

    g_assert_no_error (error);
    g_assert_cmpuint (append_node (tree, 0, text), ==, tree->n_nodes);
    g_assert_cmpstr (text->str, ==, test->expected);
}

static void
test_refused (gconstpointer data)
{
    const Case *test = data;
    g_autofree char *exact = g_memdup2 (test->json, strlen (test->json)); /* overreads are seen */
    g_autoptr (GError) error = NULL;

    g_assert_null (dunlin_json_tree_new (exact, strlen (test->json), 100, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    if (strstr (error->message, test->expected) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, test->expected);
}

static void
test_depth (void)
{
    g_autoptr (GString) json = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    DunlinJsonTree *tree;

    for (int i = 0; i < DUNLIN_JSON_DEPTH_MAX; i++) {
        g_string_prepend_c (json, '[');
        g_string_append_c (json, ']');
    }
    tree = dunlin_json_tree_new (json->str, json->len, 1000, &error);
    g_assert_no_error (error);
    dunlin_json_tree_free (tree);
    g_string_prepend_c (json, '[');
    g_assert_null (dunlin_json_tree_new (json->str, json->len, 1000, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
}

static void
test_null (void)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (dunlin_json_tree_new (NULL, 0, 1, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
}

static void
test_nodes (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinJsonTree) tree = dunlin_json_tree_new ("[1,2,3]", 7, 4, NULL);

    g_assert_nonnull (tree);
    g_assert_null (dunlin_json_tree_new ("[1,2,3,4]", 9, 4, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
}

static void
add_cases (const char *group, const Case *cases, gsize n, GTestDataFunc test)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *path = g_strdup_printf ("/wire/json_tree/%s/%s", group, cases[i].name);

        g_test_add_data_func (path, &cases[i], test);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    add_cases ("takes", taken, G_N_ELEMENTS (taken), test_taken);
    add_cases ("refuses", refused, G_N_ELEMENTS (refused), test_refused);
    g_test_add_func ("/wire/json_tree/nothing-is-no-text", test_null);
    g_test_add_func ("/wire/json_tree/depth-is-bounded", test_depth);
    g_test_add_func ("/wire/json_tree/number-of-values-is-bounded", test_nodes);
    return g_test_run ();
}
