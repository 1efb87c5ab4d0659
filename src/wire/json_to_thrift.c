/* JSON to Thrift: walks the tree and the schema side by side. */
#include "wire/json_private.h"

#include <string.h>

#include "base/error.h"
#include "base/escape.h"
#include "base/nearest.h"
#include "wire/json_default.h"
#include "wire/json_distinct.h"
#include "wire/json_path.h"
#include "wire/json_scalar.h"
#include "wire/json_tree.h"

/* As much of a wrong value as an error repeats. */
#define SHOWN_BYTES_MAX 60

/* Of one text: 32 MiB of nodes. What is larger is no call that somebody writes down. */
#define MAX_NODES 1000000

typedef struct {
    const DunlinJsonTree *tree;
    ThriftProtocol *to;
    DunlinBuffer *out;
    GString *path;
    GError *error; /* owned: the first one */
} Writer;

/* A text from a value or key. */
typedef struct {
    const char *text;
    gsize length;
} Text;

static gboolean write_value (Writer *self, const DunlinSchemaType *type,
                             const DunlinJsonNode *node);

G_GNUC_PRINTF (2, 3)
static gboolean
fail (Writer *self, const char *format, ...)
{
    g_autofree char *message = NULL;
    va_list arguments;

    if (self->error != NULL)
        return FALSE;
    va_start (arguments, format);
    message = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    self->error = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "%s%s%s", self->path->str,
                               self->path->len > 0 ? ": " : "", message);
    return FALSE;
}

/* Passes on how a write went: -1 is a failure with an error of its own. */
static gboolean
wrote (Writer *self, gint32 n)
{
    if (n >= 0 && self->error == NULL)
        return TRUE;
    if (self->path->len > 0)
        g_prefix_error (&self->error, "%s: ", self->path->str);
    return FALSE;
}

static gboolean
fail_kind (Writer *self, const char *expected, const DunlinSchemaType *type,
           const DunlinJsonNode *node)
{
    return fail (self, "%s expected for %s, not %s", expected, type->text,
                 dunlin_json_kind_name (node->kind));
}

static gboolean
fail_text (Writer *self, Text text, const char *format, const char *argument)
{
    g_autoptr (GString) shown = g_string_new (NULL);
    g_autofree char *reason = NULL;

    dunlin_escape_text (shown, text.text, text.length, SHOWN_BYTES_MAX);
    reason = g_strdup_printf (format, argument);
    return fail (self, "\"%s\" %s", shown->str, reason);
}

/* ---- Scalars, from a value's or a key's text ---- */

static gboolean
write_integer (Writer *self, const DunlinSchemaType *type, Text text)
{
    static const int widths[] = {
        [DUNLIN_SCHEMA_I8] = 8,   [DUNLIN_SCHEMA_I16] = 16,  [DUNLIN_SCHEMA_I32] = 32,
        [DUNLIN_SCHEMA_I64] = 64, [DUNLIN_SCHEMA_ENUM] = 32,
    };
    int bits = widths[type->kind];
    gint64 n = 0;
    DunlinInteger outcome = dunlin_json_read_integer (text.text, text.length, bits, &n);

    if (outcome == DUNLIN_INTEGER_IS_NONE)
        return fail_text (self, text, "is not a whole number (%s)", type->text);
    if (outcome == DUNLIN_INTEGER_OUT_OF_RANGE)
        return fail (self, "%.*s is out of the range of %s, which has %d bits",
                     (int)MIN (text.length, SHOWN_BYTES_MAX), text.text, type->text, bits);
    if (bits == 8)
        return wrote (self, thrift_protocol_write_byte (self->to, (gint8)n, &self->error));
    if (bits == 16)
        return wrote (self, thrift_protocol_write_i16 (self->to, (gint16)n, &self->error));
    if (bits == 32)
        return wrote (self, thrift_protocol_write_i32 (self->to, (gint32)n, &self->error));
    return wrote (self, thrift_protocol_write_i64 (self->to, n, &self->error));
}

static gboolean
write_bool (Writer *self, const DunlinSchemaType *type, Text text)
{
    gboolean yes = text.length == 4 && memcmp (text.text, "true", 4) == 0;

    if (!yes && (text.length != 5 || memcmp (text.text, "false", 5) != 0))
        return fail_text (self, text, "is neither true nor false%s", "");
    return wrote (self, thrift_protocol_write_bool (self->to, yes, &self->error));
}

static gboolean
write_double (Writer *self, const DunlinSchemaType *type, Text text)
{
    double value;

    if (!dunlin_json_read_double (text.text, text.length, &value))
        return fail_text (self, text,
                          "is not a number that a double can hold, nor NaN, Infinity or %s",
                          "-Infinity");
    return wrote (self, thrift_protocol_write_double (self->to, value, &self->error));
}

/* Strings are written as bytes, so that one with a zero byte stays whole. */
static gboolean
write_bytes (Writer *self, const void *data, gsize n)
{
    return wrote (
        self, thrift_protocol_write_binary (self->to, (gpointer)data, (guint32)n, &self->error));
}

static gboolean
write_string (Writer *self, const DunlinSchemaType *type, Text text)
{
    return write_bytes (self, text.text, text.length);
}

static gboolean
write_binary (Writer *self, const DunlinSchemaType *type, Text text)
{
    gsize n;
    g_autofree guint8 *data = dunlin_json_read_base64 (text.text, text.length, &n);

    if (data == NULL)
        return fail_text (self, text, "is not base64 with padding (%s)", type->text);
    return write_bytes (self, data, n);
}

static gboolean
fail_member (Writer *self, const DunlinSchemaEnum *type, Text text)
{
    g_autofree char *name = g_strndup (text.text, MIN (text.length, SHOWN_BYTES_MAX));
    const char *best = NULL;
    gsize distance = G_MAXSIZE;

    for (gsize i = 0; i < type->n_members; i++) {
        gsize d = dunlin_nearest_distance (name, type->members[i].name);

        if (d < distance) {
            distance = d;
            best = type->members[i].name;
        }
    }
    if (best != NULL && dunlin_nearest_is_near (name, distance)) {
        g_autofree char *reason =
            g_strdup_printf ("is no name of the enum %s; did you mean %s?", type->name, best);

        return fail_text (self, text, "%s", reason);
    }
    return fail_text (self, text, "is no name of the enum %s", type->name);
}

static gboolean
write_enum (Writer *self, const DunlinSchemaType *type, Text text)
{
    const DunlinSchemaEnum *members = type->enumeration;

    for (gsize i = 0; i < members->n_members; i++) {
        const DunlinSchemaMember *member = &members->members[i];

        if (strlen (member->name) == text.length &&
            memcmp (member->name, text.text, text.length) == 0)
            return wrote (self, thrift_protocol_write_i32 (self->to, member->number, &self->error));
    }
    if (text.length > 0 && (text.text[0] == '-' || g_ascii_isdigit (text.text[0])))
        return write_integer (self, type, text);
    return fail_member (self, members, text);
}

static gboolean
write_scalar (Writer *self, const DunlinSchemaType *type, Text text)
{
    static gboolean (*const writers[]) (Writer *, const DunlinSchemaType *, Text) = {
        [DUNLIN_SCHEMA_BOOL] = write_bool,     [DUNLIN_SCHEMA_I8] = write_integer,
        [DUNLIN_SCHEMA_I16] = write_integer,   [DUNLIN_SCHEMA_I32] = write_integer,
        [DUNLIN_SCHEMA_I64] = write_integer,   [DUNLIN_SCHEMA_DOUBLE] = write_double,
        [DUNLIN_SCHEMA_STRING] = write_string, [DUNLIN_SCHEMA_BINARY] = write_binary,
        [DUNLIN_SCHEMA_ENUM] = write_enum,
    };

    return writers[type->kind](self, type, text);
}

/* Which JSON values a scalar may be written as, besides a string, which only bool refuses. */
static gboolean
takes_kind (const DunlinSchemaType *type, DunlinJsonKind kind)
{
    gboolean is_text = type->kind == DUNLIN_SCHEMA_STRING || type->kind == DUNLIN_SCHEMA_BINARY;

    if (type->kind == DUNLIN_SCHEMA_BOOL)
        return kind == DUNLIN_JSON_TRUE || kind == DUNLIN_JSON_FALSE;
    return kind == DUNLIN_JSON_STRING || (kind == DUNLIN_JSON_NUMBER && !is_text);
}

static const char *
scalar_name (const DunlinSchemaType *type)
{
    switch (type->kind) {
    case DUNLIN_SCHEMA_BOOL:
        return "true or false";
    case DUNLIN_SCHEMA_STRING:
        return "a string";
    case DUNLIN_SCHEMA_BINARY:
        return "a string of base64";
    case DUNLIN_SCHEMA_ENUM:
        return "a name or number";
    default:
        return "a number";
    }
}

static gboolean
write_scalar_node (Writer *self, const DunlinSchemaType *type, const DunlinJsonNode *node)
{
    Text text = { self->tree->text + node->start, node->length };
    g_autofree char *string = NULL;

    if (!takes_kind (type, node->kind))
        return fail_kind (self, scalar_name (type), type, node);
    if (node->kind == DUNLIN_JSON_STRING)
        text.text = string = dunlin_json_tree_string (self->tree, node, &text.length);
    return write_scalar (self, type, text);
}

/* ---- Containers ---- */

static const DunlinJsonNode *
node_after (const Writer *self, const DunlinJsonNode *node)
{
    return self->tree->nodes + node->next;
}

/* What was written for an element, to be held against the others. */
static void
add_range (const Writer *self, GArray *ranges, gsize start)
{
    DunlinJsonRange range = { start, dunlin_buffer_length (self->out) - start, ranges->len };

    g_array_append_val (ranges, range);
}

static gboolean
check_distinct (Writer *self, GArray *ranges, const char *what)
{
    guint first;
    guint again;

    if (dunlin_json_distinct (ranges, dunlin_buffer_bytes (self->out), &first, &again))
        return TRUE;
    return fail (self, "%s %u and %u (from 0) are the same", what, first, again);
}

static gboolean
write_elements (Writer *self, const DunlinSchemaType *type, const DunlinJsonNode *node,
                GArray *ranges)
{
    const DunlinJsonNode *element = node + 1;

    for (guint i = 0; i < node->n; i++) {
        gsize mark = dunlin_json_path_index (self->path, i);
        gsize start = dunlin_buffer_length (self->out);

        if (!write_value (self, type->element, element))
            return FALSE;
        if (type->kind == DUNLIN_SCHEMA_SET)
            add_range (self, ranges, start);
        dunlin_json_path_leave (self->path, mark);
        element = node_after (self, element);
    }
    return TRUE;
}

static gboolean
write_list (Writer *self, const DunlinSchemaType *type, const DunlinJsonNode *node)
{
    g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (DunlinJsonRange));
    ThriftType element = dunlin_json_wire_type (type->element);
    gboolean is_set = type->kind == DUNLIN_SCHEMA_SET;

    if (node->kind != DUNLIN_JSON_ARRAY)
        return fail_kind (self, "an array", type, node);
    if (!wrote (
            self,
            is_set ? thrift_protocol_write_set_begin (self->to, element, node->n, &self->error)
                   : thrift_protocol_write_list_begin (self->to, element, node->n, &self->error)) ||
        !write_elements (self, type, node, ranges) ||
        !check_distinct (self, ranges, "a set has every element once, but"))
        return FALSE;
    return wrote (self, is_set ? thrift_protocol_write_set_end (self->to, &self->error)
                               : thrift_protocol_write_list_end (self->to, &self->error));
}

/* A member of an object: its name is the key's text. */
static gboolean
write_member_entry (Writer *self, const DunlinSchemaType *type, const DunlinJsonNode **node,
                    GArray *ranges)
{
    const DunlinJsonNode *value = *node + 1;
    gsize length;
    g_autofree char *key = dunlin_json_tree_string (self->tree, *node, &length);
    gsize mark = dunlin_json_path_key (self->path, key, length);
    gsize start = dunlin_buffer_length (self->out);

    if (!write_scalar (self, type->key, (Text){ key, length }))
        return FALSE;
    add_range (self, ranges, start);
    if (!write_value (self, type->element, value))
        return FALSE;
    dunlin_json_path_leave (self->path, mark);
    *node = node_after (self, value);
    return TRUE;
}

/* [key, value]. */
static gboolean
write_pair_entry (Writer *self, const DunlinSchemaType *type, const DunlinJsonNode **node,
                  GArray *ranges)
{
    const DunlinJsonNode *pair = *node;
    gsize mark = dunlin_json_path_index (self->path, ranges->len);
    gsize start = dunlin_buffer_length (self->out);

    if (pair->kind != DUNLIN_JSON_ARRAY || pair->n != 2)
        return fail (self, "an array of key and value expected for %s", type->text);
    if (!write_value (self, type->key, pair + 1))
        return FALSE;
    add_range (self, ranges, start);
    if (!write_value (self, type->element, node_after (self, pair + 1)))
        return FALSE;
    dunlin_json_path_leave (self->path, mark);
    *node = node_after (self, pair);
    return TRUE;
}

static gboolean
write_map (Writer *self, const DunlinSchemaType *type, const DunlinJsonNode *node)
{
    g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (DunlinJsonRange));
    gboolean in_pairs = dunlin_json_is_composite (type->key);
    const DunlinJsonNode *at = node + 1;

    if (node->kind != (in_pairs ? DUNLIN_JSON_ARRAY : DUNLIN_JSON_OBJECT))
        return fail_kind (self, in_pairs ? "an array of [key, value]" : "an object", type, node);
    if (!wrote (self, thrift_protocol_write_map_begin (self->to, dunlin_json_wire_type (type->key),
                                                       dunlin_json_wire_type (type->element),
                                                       node->n, &self->error)))
        return FALSE;
    for (guint i = 0; i < node->n; i++)
        if (!(in_pairs ? write_pair_entry : write_member_entry) (self, type, &at, ranges))
            return FALSE;
    return check_distinct (self, ranges, "a map has every key once, but entries") &&
           wrote (self, thrift_protocol_write_map_end (self->to, &self->error));
}

/* ---- Structs ---- */

static gboolean
fail_field (Writer *self, const DunlinSchemaStruct *type, const char *name, gsize length)
{
    g_autofree char *shown = g_strndup (name, MIN (length, SHOWN_BYTES_MAX));
    g_autoptr (GString) escaped = g_string_new (NULL);
    const char *best = NULL;
    gsize distance = G_MAXSIZE;

    for (gsize i = 0; i < type->n_fields; i++) {
        gsize d = dunlin_nearest_distance (shown, type->fields[i].name);

        if (d < distance) {
            distance = d;
            best = type->fields[i].name;
        }
    }
    dunlin_escape_text (escaped, name, length, SHOWN_BYTES_MAX);
    dunlin_json_path_field (self->path, escaped->str);
    if (best != NULL && dunlin_nearest_is_near (shown, distance))
        return fail (self, "%s has no such field; did you mean %s?", type->name, best);
    return fail (self, "%s has no such field%s", type->name,
                 type->n_fields == 0 ? ", nor any other" : "");
}

static gboolean
write_field (Writer *self, const DunlinSchemaField *field, const DunlinJsonNode *value)
{
    return wrote (self, thrift_protocol_write_field_begin (self->to, field->name,
                                                           dunlin_json_wire_type (field->type),
                                                           field->id, &self->error)) &&
           write_value (self, field->type, value) &&
           wrote (self, thrift_protocol_write_field_end (self->to, &self->error));
}

/* What has come of a struct's fields. */
typedef struct {
    gboolean *seen; /* by the field's place in the schema: named */
    guint n_set;    /* and not null */
} Fields;

static gboolean
write_member (Writer *self, const DunlinSchemaStruct *type, const DunlinJsonNode *name,
              Fields *fields)
{
    gsize length;
    g_autofree char *text = dunlin_json_tree_string (self->tree, name, &length);
    const DunlinSchemaField *field = dunlin_schema_field_by_name (type, text, length);
    gsize mark;

    if (field == NULL)
        return fail_field (self, type, text, length);
    mark = dunlin_json_path_field (self->path, field->name);
    if (fields->seen[field - type->fields])
        return fail (self, "is there twice");
    if (name[1].kind == DUNLIN_JSON_NULL) {
        if (field->requiredness == DUNLIN_SCHEMA_REQUIRED)
            return fail (self, "is required (%s), and cannot be null", field->type->text);
    } else {
        if (!write_field (self, field, name + 1))
            return FALSE;
        fields->n_set++;
    }
    fields->seen[field - type->fields] = TRUE;
    dunlin_json_path_leave (self->path, mark);
    return TRUE;
}

static gboolean
write_default (Writer *self, const DunlinSchemaField *field)
{
    g_autofree char *text = dunlin_json_default (field->type, field->value);

    if (text == NULL)
        return fail (self, "is required (%s), and must be given: its default is %s",
                     field->type->text, field->value);
    return wrote (self, thrift_protocol_write_field_begin (self->to, field->name,
                                                           dunlin_json_wire_type (field->type),
                                                           field->id, &self->error)) &&
           write_scalar (self, field->type, (Text){ text, strlen (text) }) &&
           wrote (self, thrift_protocol_write_field_end (self->to, &self->error));
}

static gboolean
write_missing (Writer *self, const DunlinSchemaStruct *type, const Fields *fields)
{
    for (gsize i = 0; i < type->n_fields; i++) {
        const DunlinSchemaField *field = &type->fields[i];
        gsize mark;

        if (fields->seen[i] || field->requiredness != DUNLIN_SCHEMA_REQUIRED)
            continue;
        mark = dunlin_json_path_field (self->path, field->name);
        if (field->value == NULL)
            return fail (self, "is required (%s), and missing", field->type->text);
        if (!write_default (self, field))
            return FALSE;
        dunlin_json_path_leave (self->path, mark);
    }
    return TRUE;
}

static gboolean
write_members (Writer *self, const DunlinSchemaStruct *type, const DunlinJsonNode *node,
               Fields *fields)
{
    const DunlinJsonNode *name = node + 1;

    for (guint i = 0; i < node->n; i++) {
        if (!write_member (self, type, name, fields))
            return FALSE;
        name = node_after (self, name + 1);
    }
    if (type->form == DUNLIN_SCHEMA_FORM_UNION && fields->n_set != 1)
        return fail (self, "the union %s has exactly one field, not %u", type->name, fields->n_set);
    return write_missing (self, type, fields);
}

static gboolean
write_struct (Writer *self, const DunlinSchemaStruct *type, const DunlinJsonNode *node)
{
    g_autofree gboolean *seen = g_new0 (gboolean, type->n_fields + 1);
    Fields fields = { .seen = seen };

    if (node->kind != DUNLIN_JSON_OBJECT)
        return fail (self, "an object expected for %s, not %s", type->name,
                     dunlin_json_kind_name (node->kind));
    return wrote (self, thrift_protocol_write_struct_begin (self->to, type->name, &self->error)) &&
           write_members (self, type, node, &fields) &&
           wrote (self, thrift_protocol_write_field_stop (self->to, &self->error)) &&
           wrote (self, thrift_protocol_write_struct_end (self->to, &self->error));
}

static gboolean
write_value (Writer *self, const DunlinSchemaType *type, const DunlinJsonNode *node)
{
    switch (type->kind) {
    case DUNLIN_SCHEMA_STRUCT:
        return write_struct (self, type->structure, node);
    case DUNLIN_SCHEMA_MAP:
        return write_map (self, type, node);
    case DUNLIN_SCHEMA_LIST:
    case DUNLIN_SCHEMA_SET:
        return write_list (self, type, node);
    default:
        return write_scalar_node (self, type, node);
    }
}

gboolean
dunlin_json_to_thrift (const DunlinSchemaStruct *type, const char *json, gsize length,
                       ThriftProtocol *to, DunlinBuffer *out, GError **error)
{
    g_autoptr (DunlinJsonTree) tree = dunlin_json_tree_new (json, length, MAX_NODES, error);
    g_autoptr (GString) path = g_string_new (NULL);
    Writer writer = { .tree = tree, .to = to, .out = out, .path = path };
    gsize before = dunlin_buffer_length (out);

    if (tree == NULL)
        return FALSE;
    dunlin_payload_set_output (to, out);
    if (!write_struct (&writer, type, tree->nodes))
        dunlin_buffer_truncate (out, before);
    dunlin_payload_set_output (to, NULL);
    if (writer.error == NULL)
        return TRUE;
    g_propagate_error (error, writer.error);
    return FALSE;
}

DunlinSchemaStruct
dunlin_schema_arguments (const DunlinSchemaMethod *method)
{
    return (DunlinSchemaStruct){ .name = method->name,
                                 .form = DUNLIN_SCHEMA_FORM_STRUCT,
                                 .doc = method->doc,
                                 .fields = method->arguments,
                                 .n_fields = method->n_arguments };
}
