/* The words of an IDL's text. */
#include "codegen/lexer.h"

#include <string.h>

typedef struct {
    Idl *idl;
    const char *at;
    int line;
    const char *doc; /* waits for the next token */
    GArray *tokens;
} Lexer;

/* Takes the stars and the indentation off a doc comment's lines, as the Thrift compiler does. */
static const char *
clean_doc (Idl *idl, const char *start, const char *end)
{
    g_autofree char *text = g_strndup (start, (gsize)(end - start));
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip (lines[i]);

        if (i > 0 && line[0] == '*')
            memmove (line, line + (line[1] == ' ' ? 2 : 1),
                     strlen (line + (line[1] == ' ' ? 2 : 1)) + 1);
    }
    g_free (text);
    text = g_strjoinv ("\n", lines);
    return idl_text (idl, g_strstrip (text));
}

static void
count_lines (Lexer *self, const char *end)
{
    for (; self->at < end; self->at++)
        if (*self->at == '\n')
            self->line++;
}

static gboolean
skip_comment (Lexer *self, GError **error)
{
    const char *end = strstr (self->at + 2, "*/");

    if (end == NULL) {
        set_error_at (error, self->idl, self->line, "the comment has no end");
        return FALSE;
    }
    if (self->at[2] == '*' && self->at + 3 < end)
        self->doc = clean_doc (self->idl, self->at + 3, end);
    count_lines (self, end + 2);
    return TRUE;
}

/* Returns FALSE at an error; leaves @at on the next token or the end. */
static gboolean
skip_space (Lexer *self, GError **error)
{
    for (;;) {
        if (g_ascii_isspace (*self->at))
            count_lines (self, self->at + 1);
        else if (*self->at == '#' || g_str_has_prefix (self->at, "//"))
            self->at += strcspn (self->at, "\n");
        else if (!g_str_has_prefix (self->at, "/*"))
            return TRUE;
        else if (!skip_comment (self, error))
            return FALSE;
    }
}

static gsize
word_length (const char *at)
{
    gsize n = 0;

    while (g_ascii_isalnum (at[n]) || at[n] == '_' || at[n] == '.')
        n++;
    return n;
}

static gsize
number_length (const char *at, TokenKind *kind)
{
    gsize n = at[0] == '-' || at[0] == '+' ? 1 : 0;

    *kind = TOKEN_INT;
    if (at[n] == '0' && (at[n + 1] == 'x' || at[n + 1] == 'X'))
        return n + 2 + strspn (at + n + 2, "0123456789abcdefABCDEF");
    n += strspn (at + n, "0123456789");
    if (at[n] == '.') {
        *kind = TOKEN_DOUBLE;
        n += 1 + strspn (at + n + 1, "0123456789");
    }
    if (at[n] == 'e' || at[n] == 'E') {
        *kind = TOKEN_DOUBLE;
        n += at[n + 1] == '-' || at[n + 1] == '+' ? 2 : 1;
        n += strspn (at + n, "0123456789");
    }
    return n;
}

/* 0 when the literal has no end. */
static gsize
literal_length (const char *at)
{
    gsize n = 1;

    while (at[n] != at[0]) {
        if (at[n] == '\0')
            return 0;
        n += at[n] == '\\' && at[n + 1] != '\0' ? 2 : 1;
    }
    return n + 1;
}

static gboolean
is_number (const char *at)
{
    return g_ascii_isdigit (at[0]) ||
           ((at[0] == '-' || at[0] == '+' || at[0] == '.') && g_ascii_isdigit (at[1]));
}

static gsize
token_length (const char *at, TokenKind *kind)
{
    if (*at == '\0') {
        *kind = TOKEN_END;
        return 0;
    }
    if (g_ascii_isalpha (*at) || *at == '_') {
        *kind = TOKEN_WORD;
        return word_length (at);
    }
    if (is_number (at))
        return number_length (at, kind);
    if (*at == '"' || *at == '\'') {
        *kind = TOKEN_LITERAL;
        return literal_length (at);
    }
    *kind = TOKEN_SYMBOL;
    return 1;
}

static gboolean
next (Lexer *self, GError **error)
{
    Token token = { 0 };
    gsize length;
    g_autofree char *text = NULL;

    if (!skip_space (self, error))
        return FALSE;
    length = token_length (self->at, &token.kind);
    if (length == 0 && token.kind != TOKEN_END) {
        set_error_at (error, self->idl, self->line, "the text in quotes has no end");
        return FALSE;
    }
    text = g_strndup (self->at, length);
    token.text = idl_text (self->idl, text);
    token.line = self->line;
    token.doc = self->doc;
    self->doc = NULL;
    g_array_append_val (self->tokens, token);
    count_lines (self, self->at + length);
    return TRUE;
}

GArray *
lexer_run (Idl *idl, const char *text, GError **error)
{
    g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (Token));
    Lexer self = { .idl = idl, .at = text, .line = 1, .tokens = tokens };

    do {
        if (!next (&self, error))
            return NULL;
    } while (g_array_index (tokens, Token, tokens->len - 1).kind != TOKEN_END);
    return g_steal_pointer (&tokens);
}

char *
lexer_literal (const char *literal)
{
    static const char from[] = "ntr\\\"'", to[] = "\n\t\r\\\"'";
    GString *text = g_string_new (NULL);
    gsize end = strlen (literal) - 1;

    for (gsize i = 1; i < end; i++) {
        const char *escape = literal[i] == '\\' ? strchr (from, literal[i + 1]) : NULL;

        if (escape != NULL && escape[0] != '\0') {
            g_string_append_c (text, to[escape - from]);
            i++;
        } else {
            g_string_append_c (text, literal[i]);
        }
    }
    return g_string_free (text, FALSE);
}
