/* The grammar of JSON, by recursive descent of bounded depth. */
#include "wire/json_tree.h"

#include <string.h>

#include "base/error.h"

typedef struct {
    const char *text;
    const char *at;
    const char *end;
    GArray *nodes; /* of DunlinJsonNode */
    gsize max_nodes;
    int depth;
    GError *error; /* owned */
} Parser;

static gboolean
fail_at (Parser *self, const char *at, int code, const char *what)
{
    guint line = 1;
    const char *start = self->text;

    for (const char *p = self->text; p < at; p++) {
        if (*p == '\n') {
            line++;
            start = p + 1;
        }
    }
    g_set_error (&self->error, DUNLIN_ERROR, code, "the JSON's line %u, column %ld: %s", line,
                 g_utf8_pointer_to_offset (start, at) + 1, what);
    return FALSE;
}

static gboolean
fail (Parser *self, const char *what)
{
    return fail_at (self, self->at, DUNLIN_ERROR_MALFORMED,
                    self->at == self->end ? "it ends too early" : what);
}

static char
peek (const Parser *self)
{
    return self->at < self->end ? *self->at : '\0';
}

static gboolean
accept (Parser *self, char c)
{
    if (peek (self) != c)
        return FALSE;
    self->at++;
    return TRUE;
}

static void
skip_space (Parser *self)
{
    while (self->at < self->end && strchr (" \t\r\n", *self->at) != NULL)
        self->at++;
}

/* Appends a node that begins here. Returns: its place, or -1. */
static gssize
add_node (Parser *self, DunlinJsonKind kind)
{
    DunlinJsonNode node = { .kind = kind, .start = (gsize)(self->at - self->text) };

    if (self->nodes->len >= self->max_nodes) {
        fail_at (self, self->at, DUNLIN_ERROR_TOO_LARGE, "too many values for one text");
        return -1;
    }
    g_array_append_val (self->nodes, node);
    return (gssize)self->nodes->len - 1;
}

/* The node ends here, and so does all that is in it. */
static gboolean
end_node (Parser *self, gssize place, guint32 n)
{
    DunlinJsonNode *node = &g_array_index (self->nodes, DunlinJsonNode, (guint)place);

    node->length = (gsize)(self->at - self->text) - node->start;
    node->next = self->nodes->len;
    node->n = n;
    return TRUE;
}

static gboolean
parse_hex (Parser *self, guint *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = self->at < self->end ? g_ascii_xdigit_value (*self->at) : -1;

        if (digit < 0)
            return fail (self, "four hexadecimal digits expected after \\u");
        *unit = *unit << 4 | (guint)digit;
        self->at++;
    }
    return TRUE;
}

static gboolean
is_high (guint unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static gboolean
is_low (guint unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/* Behind "\u". Half of a character is none. */
static gboolean
parse_unicode (Parser *self)
{
    const char *start = self->at;
    guint unit;
    guint low = 0;

    if (!parse_hex (self, &unit))
        return FALSE;
    if (is_high (unit) && accept (self, '\\') && accept (self, 'u') && !parse_hex (self, &low))
        return FALSE;
    if (is_low (unit) || (is_high (unit) && !is_low (low)))
        return fail_at (self, start, DUNLIN_ERROR_MALFORMED, "half of a surrogate pair");
    return TRUE;
}

static gboolean
parse_escape (Parser *self)
{
    if (accept (self, 'u'))
        return parse_unicode (self);
    if (self->at == self->end || strchr ("\"\\/bfnrt", *self->at) == NULL)
        return fail (self, "there is no such escape");
    self->at++;
    return TRUE;
}

/* Before the opening quote. */
static gboolean
parse_string (Parser *self)
{
    gssize place;

    self->at++;
    place = add_node (self, DUNLIN_JSON_STRING);
    if (place < 0)
        return FALSE;
    while (peek (self) != '"') {
        if (self->at == self->end || (guchar)*self->at < 0x20)
            return fail (self, "a control character in a string must be written as an escape");
        if (*self->at++ == '\\' && !parse_escape (self))
            return FALSE;
    }
    end_node (self, place, 0);
    self->at++;
    return TRUE;
}

static gboolean
parse_digits (Parser *self)
{
    if (!g_ascii_isdigit (peek (self)))
        return fail (self, "a digit expected");
    while (g_ascii_isdigit (peek (self)))
        self->at++;
    return TRUE;
}

static gboolean
parse_exponent (Parser *self)
{
    if (!accept (self, 'e') && !accept (self, 'E'))
        return TRUE;
    if (!accept (self, '+'))
        accept (self, '-');
    return parse_digits (self);
}

static gboolean
parse_number (Parser *self)
{
    gssize place = add_node (self, DUNLIN_JSON_NUMBER);

    if (place < 0)
        return FALSE;
    accept (self, '-');
    if (accept (self, '0') ? g_ascii_isdigit (peek (self)) : !parse_digits (self))
        return self->error == NULL ? fail (self, "a number does not begin with 0") : FALSE;
    if (accept (self, '.') && !parse_digits (self))
        return FALSE;
    return parse_exponent (self) && end_node (self, place, 0);
}

static gboolean
parse_word (Parser *self)
{
    static const struct {
        const char *word;
        DunlinJsonKind kind;
    } words[] = {
        { "null", DUNLIN_JSON_NULL },
        { "false", DUNLIN_JSON_FALSE },
        { "true", DUNLIN_JSON_TRUE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
        gsize length = strlen (words[i].word);
        gssize place;

        if ((gsize)(self->end - self->at) < length || memcmp (self->at, words[i].word, length) != 0)
            continue;
        place = add_node (self, words[i].kind);
        self->at += length;
        return place >= 0 && end_node (self, place, 0);
    }
    return fail (self, "a value expected: a string in double quotes, a number, true, false, null, "
                       "[ or {");
}

static gboolean parse_value (Parser *self);

static gboolean
parse_member (Parser *self)
{
    skip_space (self);
    if (peek (self) != '"')
        return fail (self, "a name in double quotes expected");
    if (!parse_string (self))
        return FALSE;
    skip_space (self);
    if (!accept (self, ':'))
        return fail (self, "':' expected");
    return parse_value (self);
}

/* An array or an object: what is in it, and commas between. */
static gboolean
parse_group (Parser *self, DunlinJsonKind kind, char close, gboolean (*parse) (Parser *))
{
    gssize place = add_node (self, kind);
    guint32 n = 0;

    if (place < 0)
        return FALSE;
    if (++self->depth > DUNLIN_JSON_DEPTH_MAX)
        return fail_at (self, self->at, DUNLIN_ERROR_TOO_LARGE, "nested too deeply");
    self->at++;
    skip_space (self);
    if (peek (self) != close) {
        do {
            if (!parse (self))
                return FALSE;
            n++;
            skip_space (self);
        } while (accept (self, ','));
    }
    if (!accept (self, close))
        return fail (self, close == ']' ? "',' or ']' expected" : "',' or '}' expected");
    self->depth--;
    return end_node (self, place, n);
}

static gboolean
parse_value (Parser *self)
{
    skip_space (self);
    switch (peek (self)) {
    case '"':
        return parse_string (self);
    case '[':
        return parse_group (self, DUNLIN_JSON_ARRAY, ']', parse_value);
    case '{':
        return parse_group (self, DUNLIN_JSON_OBJECT, '}', parse_member);
    case '-':
        return parse_number (self);
    default:
        return g_ascii_isdigit (peek (self)) ? parse_number (self) : parse_word (self);
    }
}

static gboolean
parse_text (Parser *self)
{
    const char *bad;

    if (!g_utf8_validate_len (self->text, (gsize)(self->end - self->text), &bad))
        return fail_at (self, bad, DUNLIN_ERROR_MALFORMED, "this is not UTF-8");
    if (!parse_value (self))
        return FALSE;
    skip_space (self);
    return self->at == self->end || fail (self, "the text goes on after its end");
}

DunlinJsonTree *
dunlin_json_tree_new (const char *text, gsize length, gsize max_nodes, GError **error)
{
    const char *start = length > 0 ? text : ""; /* nothing may be NULL */
    Parser parser = { .text = start, .at = start, .end = start + length };
    DunlinJsonTree *self;

    parser.nodes = g_array_new (FALSE, FALSE, sizeof (DunlinJsonNode));
    parser.max_nodes = MIN (max_nodes, G_MAXUINT32);
    if (!parse_text (&parser)) {
        g_array_unref (parser.nodes);
        g_propagate_error (error, parser.error);
        return NULL;
    }
    self = g_new (DunlinJsonTree, 1);
    self->text = text;
    self->n_nodes = parser.nodes->len;
    self->nodes = (const DunlinJsonNode *)(gpointer)g_array_free (parser.nodes, FALSE);
    return self;
}

void
dunlin_json_tree_free (DunlinJsonTree *self)
{
    if (self == NULL)
        return;
    g_free ((gpointer)self->nodes);
    g_free (self);
}

static guint
hex_unit (const char *at)
{
    guint unit = 0;

    for (int i = 0; i < 4; i++)
        unit = unit << 4 | (guint)g_ascii_xdigit_value (at[i]);
    return unit;
}

/* At the "u" of an escape that was checked. Returns: what is behind it. */
static const char *
append_unicode (GString *out, const char *at)
{
    guint unit = hex_unit (at + 1);

    if (!is_high (unit)) {
        g_string_append_unichar (out, unit);
        return at + 5;
    }
    g_string_append_unichar (out, 0x10000 + ((unit - 0xd800) << 10) + (hex_unit (at + 7) - 0xdc00));
    return at + 11;
}

static char
escaped (char letter)
{
    static const char letters[] = "bfnrt";
    static const char meant[] = "\b\f\n\r\t";
    const char *found = strchr (letters, letter);

    return found != NULL ? meant[found - letters] : letter;
}

char *
dunlin_json_tree_string (const DunlinJsonTree *self, const DunlinJsonNode *node, gsize *length)
{
    GString *out = g_string_sized_new (node->length);
    const char *at = self->text + node->start;
    const char *end = at + node->length;

    while (at < end) {
        if (*at != '\\') {
            g_string_append_c (out, *at++);
        } else if (*++at == 'u') {
            at = append_unicode (out, at);
        } else {
            g_string_append_c (out, escaped (*at++));
        }
    }
    *length = out->len;
    return g_string_free (out, FALSE);
}

const char *
dunlin_json_kind_name (DunlinJsonKind kind)
{
    static const char *const names[] = {
        [DUNLIN_JSON_NULL] = "null",        [DUNLIN_JSON_FALSE] = "false",
        [DUNLIN_JSON_TRUE] = "true",        [DUNLIN_JSON_NUMBER] = "a number",
        [DUNLIN_JSON_STRING] = "a string",  [DUNLIN_JSON_ARRAY] = "an array",
        [DUNLIN_JSON_OBJECT] = "an object",
    };

    return names[kind];
}
