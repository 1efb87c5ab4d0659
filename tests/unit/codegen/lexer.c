/* The words of an IDL: kinds, lines, doc comments, and texts that have no end. */
#include "codegen/lexer.h"

#include "support/idl_case.h"

#include <string.h>

/* "kind:text " for each token but the last. */
static char *
words_of (const char *text)
{
    static const char kinds[] = { [TOKEN_WORD] = 'w',
                                  [TOKEN_INT] = 'i',
                                  [TOKEN_DOUBLE] = 'd',
                                  [TOKEN_LITERAL] = 'l',
                                  [TOKEN_SYMBOL] = 's' };
    g_autoptr (Idl) idl = idl_new ("t", "t.thrift");
    GError *error = NULL;
    g_autoptr (GArray) tokens = lexer_run (idl, text, &error);
    GString *words = g_string_new (NULL);

    g_assert_no_error (error);
    for (guint i = 0; i + 1 < tokens->len; i++) {
        const Token *token = &g_array_index (tokens, Token, i);

        g_string_append_printf (words, "%c:%s ", kinds[token->kind], token->text);
    }
    return g_string_free (words, FALSE);
}

static void
test_kinds (void)
{
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        { "", "" },
        { "struct S{1:i32 a}", "w:struct w:S s:{ i:1 s:: w:i32 w:a s:} " },
        { "a.b_c _d", "w:a.b_c w:_d " },
        { "1 -2 +3 0x1F", "i:1 i:-2 i:+3 i:0x1F " },
        { "1.5 .5 1e3 -2.5E-7 1.", "d:1.5 d:.5 d:1e3 d:-2.5E-7 d:1. " },
        { "'it\"s' \"it's\" '\\'' \"\"", "l:'it\"s' l:\"it's\" l:'\\'' l:\"\" " },
        { "map<i32,i32>", "w:map s:< w:i32 s:, w:i32 s:> " },
        { "- .", "s:- s:. " },
        { "a // b\nc # d\ne /* f\n*/ g /**/ h", "w:a w:c w:e w:g w:h " },
        { "a /* ** / */ b", "w:a w:b " },
        { "caf\303\251", "w:caf s:\303 s:\251 " },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *words = words_of (cases[i].text);

        g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_lines (void)
{
    g_autoptr (Idl) idl = idl_new ("t", "t.thrift");
    g_autoptr (GArray) tokens = lexer_run (idl, "a\n/*\n*/ b 'x\ny' c\r\n# d\n// e\n\nf", NULL);
    const int lines[] = { 1, 3, 3, 4, 8, 8 };

    g_assert_cmpuint (tokens->len, ==, G_N_ELEMENTS (lines));
    for (guint i = 0; i < tokens->len; i++)
        g_assert_cmpint (g_array_index (tokens, Token, i).line, ==, lines[i]);
}

static void
test_docs (void)
{
    static const struct {
        const char *text;
        const char *doc;
    } cases[] = {
        { "a", NULL },
        { "/* no */ a", NULL },
        { "/***/ a", NULL },
        { "/** One line. */ a", "One line." },
        { "/**\n * Two\n * lines.\n */\na", "Two\nlines." },
        { "/**\n *  Set in.\n *\n * - a list\n */ a", "Set in.\n\n- a list" },
        { "/** first */ /** last */ a", "last" },
        { "/** kept */ // over this\n a", "kept" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Idl) idl = idl_new ("t", "t.thrift");
        g_autoptr (GArray) tokens = lexer_run (idl, cases[i].text, NULL);

        g_assert_cmpuint (tokens->len, ==, 2);
        g_assert_cmpstr (g_array_index (tokens, Token, 0).doc, ==, cases[i].doc);
    }
}

static void
test_doc_belongs_to_next (void)
{
    g_autoptr (Idl) idl = idl_new ("t", "t.thrift");
    g_autoptr (GArray) tokens = lexer_run (idl, "/** a's */ a b", NULL);

    g_assert_cmpstr (g_array_index (tokens, Token, 0).doc, ==, "a's");
    g_assert_null (g_array_index (tokens, Token, 1).doc);
}

static void
test_no_end (void)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { "a\n/* b", "t.thrift:2: the comment has no end" },
        { "a\n\n'b\n", "t.thrift:3: the text in quotes has no end" },
        { "\"b\\\"", "t.thrift:1: the text in quotes has no end" },
        { "'\\", "t.thrift:1: the text in quotes has no end" },
        { "/*/", "t.thrift:1: the comment has no end" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Idl) idl = idl_new ("t", "t.thrift");
        g_autoptr (GError) error = NULL;

        g_assert_null (lexer_run (idl, cases[i].text, &error));
        g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_literals (void)
{
    static const char *const cases[][2] = {
        { "'plain'", "plain" },       { "\"\"", "" },           { "'a\\nb\\tc'", "a\nb\tc" },
        { "'\\\\'", "\\" },           { "\"\\\"\\'\"", "\"'" }, { "'\\q'", "\\q" },
        { "'\303\251'", "\303\251" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = lexer_literal (cases[i][0]);

        g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/codegen/lexer/kinds", test_kinds);
    g_test_add_func ("/codegen/lexer/lines-are-counted", test_lines);
    g_test_add_func ("/codegen/lexer/doc-comments-lose-their-stars", test_docs);
    g_test_add_func ("/codegen/lexer/doc-belongs-to-the-next-word", test_doc_belongs_to_next);
    g_test_add_func ("/codegen/lexer/what-has-no-end-is-an-error", test_no_end);
    g_test_add_func ("/codegen/lexer/literals-without-quotes-and-escapes", test_literals);
    return g_test_run ();
}
