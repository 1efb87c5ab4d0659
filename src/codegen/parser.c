/* The grammar of an IDL (Thrift 0.17). The Thrift compiler has accepted the text before, so errors
 * here are for what it takes and we do not. */
#include "codegen/lexer.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    Idl *idl;
    GArray *tokens;
    guint at;
    int depth;     /* of types and values inside one another */
    GError *error; /* the first one; from then on nothing more is accepted */
} Parser;

/* Nobody writes as much, and the stack stays small. */
enum { MAX_DEPTH = 64 };

static const Token *
peek (Parser *self)
{
    return &g_array_index (self->tokens, Token, self->at);
}

static void
fail (Parser *self, const char *expected)
{
    if (self->error == NULL)
        set_error_at (&self->error, self->idl, peek (self)->line, "%s expected before \"%s\"",
                      expected, peek (self)->text);
}

static const Token *
take (Parser *self)
{
    const Token *token = peek (self);

    if (token->kind != TOKEN_END)
        self->at++;
    return token;
}

static gboolean
is_next (Parser *self, const char *text)
{
    const Token *token = peek (self);

    return token->kind != TOKEN_LITERAL && strcmp (token->text, text) == 0;
}

static gboolean
accept (Parser *self, const char *text)
{
    if (self->error != NULL || !is_next (self, text))
        return FALSE;
    self->at++;
    return TRUE;
}

static void
expect (Parser *self, const char *text)
{
    if (!accept (self, text))
        fail (self, text);
}

static void
accept_separator (Parser *self)
{
    if (!accept (self, ","))
        accept (self, ";");
}

static const char *
take_kind (Parser *self, TokenKind kind, const char *what)
{
    if (self->error != NULL || peek (self)->kind != kind) {
        fail (self, what);
        return "";
    }
    return take (self)->text;
}

static const char *
take_name (Parser *self)
{
    return take_kind (self, TOKEN_WORD, "a name");
}

static const char *
take_literal (Parser *self)
{
    const char *literal = take_kind (self, TOKEN_LITERAL, "a text in quotes");
    g_autofree char *text = NULL;

    if (self->error != NULL)
        return "";
    text = lexer_literal (literal);
    return idl_text (self->idl, text);
}

/* Whether to go on with a list that ends with @end. */
static gboolean
more (Parser *self, const char *end)
{
    if (self->error != NULL)
        return FALSE;
    if (peek (self)->kind == TOKEN_END)
        fail (self, end);
    return self->error == NULL && !accept (self, end);
}

/* Goes into a type or value; to be followed by leave(), also when FALSE. */
static gboolean
enter (Parser *self, const char *what)
{
    if (++self->depth > MAX_DEPTH)
        fail (self, what);
    return self->error == NULL;
}

static void
leave (Parser *self)
{
    self->depth--;
}

static GPtrArray *
parse_notes (Parser *self, GPtrArray *notes)
{
    if (!accept (self, "("))
        return notes;
    while (more (self, ")")) {
        Note *note = idl_alloc (self->idl, sizeof *note);

        note->name = take_name (self);
        note->value = accept (self, "=") ? take_literal (self) : "1";
        accept_separator (self);
        g_ptr_array_add (notes, note);
    }
    return notes;
}

static Type *parse_type (Parser *self);

static void
parse_container (Parser *self, Type *type)
{
    if (enter (self, "types nested less deeply")) {
        expect (self, "<");
        if (type->kind == TYPE_MAP) {
            type->key = parse_type (self);
            expect (self, ",");
        }
        type->element = parse_type (self);
        expect (self, ">");
    }
    leave (self);
}

static TypeKind
kind_of (const char *word)
{
    static const struct {
        const char *word;
        TypeKind kind;
    } kinds[] = {
        { "void", TYPE_VOID },     { "bool", TYPE_BOOL },     { "byte", TYPE_I8 },
        { "i8", TYPE_I8 },         { "i16", TYPE_I16 },       { "i32", TYPE_I32 },
        { "i64", TYPE_I64 },       { "double", TYPE_DOUBLE }, { "string", TYPE_STRING },
        { "binary", TYPE_BINARY }, { "list", TYPE_LIST },     { "set", TYPE_SET },
        { "map", TYPE_MAP },
    };

    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (strcmp (kinds[i].word, word) == 0)
            return kinds[i].kind;
    return TYPE_ALIAS;
}

static const char *
type_text (Idl *idl, const Type *type, const char *word)
{
    g_autofree char *text = NULL;

    if (type->key != NULL && type->element != NULL)
        text = g_strdup_printf ("map<%s, %s>", type->key->text, type->element->text);
    else if (type->element != NULL)
        text = g_strdup_printf ("%s<%s>", word, type->element->text);
    else
        return word;
    return idl_text (idl, text);
}

static Type *
parse_type (Parser *self)
{
    Type *type = idl_alloc (self->idl, sizeof *type);
    GPtrArray *notes = idl_array (self->idl); /* a type's own annotations mean nothing here */
    const char *word;

    type->line = peek (self)->line;
    word = take_name (self);
    type->kind = kind_of (word);
    if (accept (self, "cpp_type"))
        take_literal (self);
    if (type->kind == TYPE_LIST || type->kind == TYPE_SET || type->kind == TYPE_MAP)
        parse_container (self, type);
    if (accept (self, "cpp_type"))
        take_literal (self);
    parse_notes (self, notes);
    type->text = type_text (self->idl, type, word);
    return type;
}

static Value *parse_value (Parser *self);

static void
parse_list_value (Parser *self, Value *value)
{
    g_autoptr (GString) text = g_string_new ("[");

    value->kind = VALUE_LIST;
    while (more (self, "]")) {
        Value *item = parse_value (self);

        accept_separator (self);
        g_string_append_printf (text, "%s%s", value->items->len == 0 ? "" : ", ", item->text);
        g_ptr_array_add (value->items, item);
    }
    g_string_append_c (text, ']');
    value->is_empty = value->items->len == 0;
    value->text = idl_text (self->idl, text->str);
}

static void
parse_map_value (Parser *self, Value *value)
{
    g_autoptr (GString) text = g_string_new ("{");

    value->kind = VALUE_MAP;
    while (more (self, "}")) {
        Value *key = parse_value (self), *item;

        expect (self, ":");
        item = parse_value (self);
        accept_separator (self);
        g_string_append_printf (text, "%s%s: %s", text->len == 1 ? "" : ", ", key->text,
                                item->text);
    }
    value->is_empty = text->len == 1;
    g_string_append_c (text, '}');
    value->text = idl_text (self->idl, text->str);
}

static ValueKind
value_kind (const Token *token)
{
    switch (token->kind) {
    case TOKEN_INT:
        return VALUE_INT;
    case TOKEN_DOUBLE:
        return VALUE_DOUBLE;
    case TOKEN_LITERAL:
        return VALUE_LITERAL;
    default:
        return VALUE_NAME;
    }
}

static void
parse_value_into (Parser *self, Value *value)
{
    if (accept (self, "[")) {
        parse_list_value (self, value);
    } else if (accept (self, "{")) {
        parse_map_value (self, value);
    } else if (peek (self)->kind == TOKEN_SYMBOL || peek (self)->kind == TOKEN_END) {
        fail (self, "a value");
    } else {
        value->kind = value_kind (peek (self));
        value->text = take (self)->text;
    }
}

static Value *
parse_value (Parser *self)
{
    Value *value = idl_alloc (self->idl, sizeof *value);

    value->text = "";
    value->items = idl_array (self->idl);
    if (enter (self, "values nested less deeply"))
        parse_value_into (self, value);
    leave (self);
    return value;
}

static const char *
doc_of (const Token *token)
{
    return token->doc == NULL ? "" : token->doc;
}

/* The Thrift compiler counts fields without an id, or with one below 1, down from -1. */
static Field *
parse_field (Parser *self, int *next_id)
{
    Field *field = idl_alloc (self->idl, sizeof *field);

    field->doc = doc_of (peek (self));
    field->line = peek (self)->line;
    field->notes = idl_array (self->idl);
    if (peek (self)->kind == TOKEN_INT) {
        field->id = (int)strtol (take (self)->text, NULL, 0);
        expect (self, ":");
    }
    if (field->id <= 0)
        field->id = (*next_id)--;
    if (accept (self, "required"))
        field->requiredness = REQUIRED;
    else if (accept (self, "optional"))
        field->requiredness = REQUIRED_OPTIONAL;
    field->type = parse_type (self);
    accept (self, "&");
    field->name = take_name (self);
    if (accept (self, "="))
        field->value = parse_value (self);
    parse_notes (self, field->notes);
    accept_separator (self);
    return field;
}

static void
parse_fields (Parser *self, GPtrArray *fields, const char *end)
{
    int next_id = -1;

    while (more (self, end))
        g_ptr_array_add (fields, parse_field (self, &next_id));
}

static void
parse_struct (Parser *self, Form form, const char *doc)
{
    Struct *item = idl_alloc (self->idl, sizeof *item);

    item->home = self->idl;
    item->form = form;
    item->doc = doc;
    item->line = peek (self)->line;
    item->name = take_name (self);
    item->fields = idl_array (self->idl);
    item->notes = idl_array (self->idl);
    accept (self, "xsd_all");
    expect (self, "{");
    parse_fields (self, item->fields, "}");
    if (form == FORM_UNION) /* whose members are never all there */
        EACH (Field, field, item->fields)
    field->requiredness = REQUIRED_OPTIONAL;
    parse_notes (self, item->notes);
    g_ptr_array_add (self->idl->structs, item);
}

static void
parse_enum (Parser *self, const char *doc)
{
    Enum *item = idl_alloc (self->idl, sizeof *item);
    GPtrArray *notes = idl_array (self->idl);
    int number = -1;

    item->home = self->idl;
    item->doc = doc;
    item->line = peek (self)->line;
    item->name = take_name (self);
    item->members = idl_array (self->idl);
    expect (self, "{");
    while (more (self, "}")) {
        Member *member = idl_alloc (self->idl, sizeof *member);

        member->doc = doc_of (peek (self));
        member->line = peek (self)->line;
        member->name = take_name (self);
        number = accept (self, "=") ? (int)strtol (take_kind (self, TOKEN_INT, "a number"), NULL, 0)
                                    : number + 1;
        member->number = number;
        parse_notes (self, notes);
        accept_separator (self);
        g_ptr_array_add (item->members, member);
    }
    parse_notes (self, notes);
    g_ptr_array_add (self->idl->enums, item);
}

static void
parse_alias (Parser *self, const char *doc)
{
    Alias *item = idl_alloc (self->idl, sizeof *item);

    item->home = self->idl;
    item->doc = doc;
    item->type = parse_type (self);
    item->line = peek (self)->line;
    item->name = take_name (self);
    parse_notes (self, idl_array (self->idl));
    g_ptr_array_add (self->idl->aliases, item);
}

static void
parse_constant (Parser *self, const char *doc)
{
    Constant *item = idl_alloc (self->idl, sizeof *item);

    item->doc = doc;
    item->type = parse_type (self);
    item->line = peek (self)->line;
    item->name = take_name (self);
    expect (self, "=");
    item->value = parse_value (self);
    g_ptr_array_add (self->idl->constants, item);
}

static Method *
parse_method (Parser *self)
{
    Method *method = idl_alloc (self->idl, sizeof *method);

    method->doc = doc_of (peek (self));
    method->oneway = accept (self, "oneway") || accept (self, "async");
    method->result = parse_type (self);
    method->line = peek (self)->line;
    method->name = take_name (self);
    method->arguments = idl_array (self->idl);
    method->exceptions = idl_array (self->idl);
    method->notes = idl_array (self->idl);
    expect (self, "(");
    parse_fields (self, method->arguments, ")");
    if (accept (self, "throws")) {
        expect (self, "(");
        parse_fields (self, method->exceptions, ")");
    }
    parse_notes (self, method->notes);
    accept_separator (self);
    return method;
}

static void
parse_service (Parser *self, const char *doc)
{
    Service *item = idl_alloc (self->idl, sizeof *item);

    item->home = self->idl;
    item->doc = doc;
    item->line = peek (self)->line;
    item->name = take_name (self);
    item->methods = idl_array (self->idl);
    item->notes = idl_array (self->idl);
    if (accept (self, "extends"))
        item->parent_name = take_name (self);
    expect (self, "{");
    while (more (self, "}"))
        g_ptr_array_add (item->methods, parse_method (self));
    parse_notes (self, item->notes);
    g_ptr_array_add (self->idl->services, item);
}

static void
parse_namespace (Parser *self)
{
    const char *scope = take (self)->text;
    int line = peek (self)->line;
    const char *name = take (self)->text;

    if (strcmp (scope, "c_glib") == 0) {
        self->idl->c_namespace = name;
        self->idl->c_namespace_line = line;
    }
    parse_notes (self, idl_array (self->idl));
}

static void
parse_include (Parser *self)
{
    Include *include = idl_alloc (self->idl, sizeof *include);

    include->line = peek (self)->line;
    include->file = take_literal (self);
    g_ptr_array_add (self->idl->include_lines, include);
}

static void
parse_definition (Parser *self)
{
    const char *doc = doc_of (peek (self));

    if (accept (self, "namespace"))
        parse_namespace (self);
    else if (accept (self, "include"))
        parse_include (self);
    else if (accept (self, "cpp_include") || accept (self, "c_include"))
        take_literal (self);
    else if (accept (self, "const"))
        parse_constant (self, doc);
    else if (accept (self, "typedef"))
        parse_alias (self, doc);
    else if (accept (self, "enum"))
        parse_enum (self, doc);
    else if (accept (self, "struct"))
        parse_struct (self, FORM_STRUCT, doc);
    else if (accept (self, "union"))
        parse_struct (self, FORM_UNION, doc);
    else if (accept (self, "exception"))
        parse_struct (self, FORM_EXCEPTION, doc);
    else if (accept (self, "service"))
        parse_service (self, doc);
    else
        fail (self, "a definition");
    accept_separator (self);
}

/* A comment in front of the headers speaks of the whole IDL. */
static gboolean
starts_header (Parser *self)
{
    return is_next (self, "namespace") || is_next (self, "include");
}

gboolean
idl_parse (Idl *idl, const char *text, GError **error)
{
    g_autoptr (GArray) tokens = lexer_run (idl, text, error);
    Parser self = { .idl = idl, .tokens = tokens };

    if (tokens == NULL)
        return FALSE;
    if (starts_header (&self))
        idl->doc = doc_of (peek (&self));
    while (self.error == NULL && peek (&self)->kind != TOKEN_END)
        parse_definition (&self);
    if (self.error == NULL)
        return TRUE;
    g_propagate_error (error, self.error);
    return FALSE;
}
