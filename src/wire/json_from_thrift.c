/* Thrift to JSON: what the bytes say, named by the schema. Every length, depth and count is checked
 * by the payload protocol that reads them; its failure shows as empty values, so that loops here
 * end by themselves. */
#include "wire/json_private.h"

#include <string.h>

#include "base/error.h"
#include "base/escape.h"
#include "wire/json_distinct.h"
#include "wire/json_path.h"
#include "wire/json_scalar.h"
#include "wire/json_writer.h"

#define MAX_TEXT_DEFAULT ((gsize)64 * 1024 * 1024)

typedef struct {
    ThriftProtocol *from;
    DunlinJsonWriter json;
    DunlinJsonOptions options;
    gsize begun; /* length of the output before us */
    GString *path;
    GError *error; /* owned: the first one */
} Reader;

static void read_value (Reader *self, const DunlinSchemaType *type);
static void read_unknown (Reader *self, ThriftType type);

/* Whether all is well so far; notes here, while the path is right, what is not. */
static gboolean
well (Reader *self)
{
    gsize length = self->json.out->len - self->begun;

    if (self->error != NULL)
        return FALSE;
    if (!dunlin_payload_check (self->from, &self->error)) {
        if (self->path->len > 0)
            g_prefix_error (&self->error, "%s: ", self->path->str);
    } else if (length > self->options.max_text) {
        self->error =
            g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                         "%s%sas JSON it is over %" G_GSIZE_FORMAT " bytes", self->path->str,
                         self->path->len > 0 ? ": " : "", self->options.max_text);
    }
    return self->error == NULL;
}

static void
fail (Reader *self, const char *what)
{
    if (self->error == NULL)
        self->error = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "%s%s%s", self->path->str,
                                   self->path->len > 0 ? ": " : "", what);
}

/* ---- Scalars, as text without quotes ---- */

static gint64
read_integer (Reader *self, ThriftType type)
{
    gint8 tiny = 0;
    gint16 small = 0;
    gint32 medium = 0;
    gint64 large = 0;

    if (type == T_BYTE)
        thrift_protocol_read_byte (self->from, &tiny, NULL);
    else if (type == T_I16)
        thrift_protocol_read_i16 (self->from, &small, NULL);
    else if (type == T_I32)
        thrift_protocol_read_i32 (self->from, &medium, NULL);
    else
        thrift_protocol_read_i64 (self->from, &large, NULL);
    return tiny + small + medium + large;
}

/* What was read as a value or is going to be a key. */
typedef struct {
    GString *text;      /* owned by the reader's caller */
    gboolean is_quoted; /* must be, to be JSON */
} Scalar;

/* Zero bytes are fine, which GLib does not think. */
static gboolean
is_utf8 (const char *at, gsize n)
{
    const char *end = at + n;

    while (at < end) {
        gsize piece = strnlen (at, (gsize)(end - at));

        if (!g_utf8_validate_len (at, piece, NULL))
            return FALSE;
        at += piece + 1;
    }
    return TRUE;
}

static void
take_string (Reader *self, GString *text)
{
    g_autofree gpointer data = NULL;
    guint32 n = 0;

    thrift_protocol_read_binary (self->from, &data, &n, NULL);
    if (data == NULL)
        return;
    if (!self->options.replace_invalid_utf8 && !is_utf8 (data, n))
        fail (self, "the string is not UTF-8");
    g_string_append_len (text, data, (gssize)n);
}

static void
take_binary (Reader *self, GString *text)
{
    g_autofree gpointer data = NULL;
    guint32 n = 0;

    thrift_protocol_read_binary (self->from, &data, &n, NULL);
    if (n > 0)
        dunlin_json_append_base64 (text, data, n);
}

static void
take_enum (Reader *self, const DunlinSchemaEnum *type, Scalar *scalar)
{
    gint32 number = (gint32)read_integer (self, T_I32);
    const char *name = dunlin_schema_member_name (type, number);

    if (name != NULL)
        g_string_append (scalar->text, name);
    else
        g_string_append_printf (scalar->text, "%d", number);
    scalar->is_quoted = name != NULL;
}

static void
take_bool (Reader *self, GString *text)
{
    gboolean yes = FALSE;

    thrift_protocol_read_bool (self->from, &yes, NULL);
    g_string_append (text, yes ? "true" : "false");
}

static void
take_double (Reader *self, Scalar *scalar)
{
    double value = 0;

    thrift_protocol_read_double (self->from, &value, NULL);
    dunlin_json_append_double (scalar->text, value);
    scalar->is_quoted = !(value - value == 0); /* NaN and the infinities are no JSON numbers */
}

static void
take_scalar (Reader *self, const DunlinSchemaType *type, Scalar *scalar)
{
    scalar->is_quoted = FALSE;
    switch (type->kind) {
    case DUNLIN_SCHEMA_BOOL:
        take_bool (self, scalar->text);
        break;
    case DUNLIN_SCHEMA_DOUBLE:
        take_double (self, scalar);
        break;
    case DUNLIN_SCHEMA_ENUM:
        take_enum (self, type->enumeration, scalar);
        break;
    case DUNLIN_SCHEMA_STRING:
        take_string (self, scalar->text);
        scalar->is_quoted = TRUE;
        break;
    case DUNLIN_SCHEMA_BINARY:
        take_binary (self, scalar->text);
        scalar->is_quoted = TRUE;
        break;
    default:
        g_string_append_printf (scalar->text, "%" G_GINT64_FORMAT,
                                read_integer (self, dunlin_json_wire_type (type)));
        scalar->is_quoted = type->kind == DUNLIN_SCHEMA_I64 && self->options.i64_as_text;
    }
}

static void
write_scalar (Reader *self, const Scalar *scalar)
{
    if (scalar->is_quoted)
        dunlin_json_writer_string (&self->json, scalar->text->str, scalar->text->len);
    else
        g_string_append_len (dunlin_json_writer_value (&self->json), scalar->text->str,
                             (gssize)scalar->text->len);
}

static void
read_scalar (Reader *self, const DunlinSchemaType *type)
{
    g_autoptr (GString) text = g_string_new (NULL);
    Scalar scalar = { .text = text };

    take_scalar (self, type, &scalar);
    write_scalar (self, &scalar);
}

/* ---- Containers ---- */

/* The header of a list or set. Returns: how many elements to read. */
static guint32
begin_elements (Reader *self, gboolean is_set, ThriftType *element)
{
    guint32 n = 0;

    *element = T_STOP;
    if (is_set)
        thrift_protocol_read_set_begin (self->from, element, &n, NULL);
    else
        thrift_protocol_read_list_begin (self->from, element, &n, NULL);
    return n;
}

static void
end_elements (Reader *self, gboolean is_set)
{
    if (is_set)
        thrift_protocol_read_set_end (self->from, NULL);
    else
        thrift_protocol_read_list_end (self->from, NULL);
}

/* @type: (nullable): %NULL or another one than is on the wire: shown as it comes. */
static void
read_typed (Reader *self, const DunlinSchemaType *type, ThriftType wire)
{
    if (type != NULL && dunlin_json_wire_type (type) == wire)
        read_value (self, type);
    else
        read_unknown (self, wire);
}

static void
read_elements (Reader *self, const DunlinSchemaType *type, gboolean is_set)
{
    ThriftType element;
    guint32 n = begin_elements (self, is_set, &element);
    gboolean is_flat = type != NULL ? !dunlin_json_is_composite (type) : element < T_STRUCT;

    dunlin_json_writer_begin (&self->json, '[', is_flat);
    for (guint32 i = 0; i < n && well (self); i++) {
        gsize mark = dunlin_json_path_index (self->path, i);

        read_typed (self, type, element);
        if (well (self))
            dunlin_json_path_leave (self->path, mark);
    }
    dunlin_json_writer_end (&self->json, ']', is_flat);
    end_elements (self, is_set);
}

/* Keeps a key's text as a range of all keys, to see whether one comes twice. */
static void
keep_key (GString *keys, GArray *ranges, const GString *key)
{
    DunlinJsonRange range = { keys->len, key->len, ranges->len };

    g_string_append_len (keys, key->str, (gssize)key->len);
    g_array_append_val (ranges, range);
}

static void
read_named_entries (Reader *self, const DunlinSchemaType *type, ThriftType wire, guint32 n)
{
    g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (DunlinJsonRange));
    g_autoptr (GString) keys = g_string_new (NULL);
    g_autoptr (GString) text = g_string_new (NULL);
    guint first;
    guint again;

    dunlin_json_writer_begin (&self->json, '{', FALSE);
    for (guint32 i = 0; i < n && well (self); i++) {
        Scalar key = { .text = text };
        gsize mark;

        g_string_truncate (text, 0);
        take_scalar (self, type->key, &key);
        mark = dunlin_json_path_key (self->path, text->str, text->len);
        keep_key (keys, ranges, text);
        dunlin_json_writer_name (&self->json, text->str, text->len);
        read_typed (self, type->element, wire);
        if (well (self))
            dunlin_json_path_leave (self->path, mark);
    }
    dunlin_json_writer_end (&self->json, '}', FALSE);
    if (well (self) && !dunlin_json_distinct (ranges, keys->str, &first, &again))
        fail (self, "the map has a key twice");
}

static void
read_pair_entries (Reader *self, const DunlinSchemaType *type, ThriftType key, ThriftType value,
                   guint32 n)
{
    dunlin_json_writer_begin (&self->json, '[', FALSE);
    for (guint32 i = 0; i < n && well (self); i++) {
        gsize mark = dunlin_json_path_index (self->path, i);

        dunlin_json_writer_begin (&self->json, '[', FALSE);
        read_typed (self, type == NULL ? NULL : type->key, key);
        if (well (self))
            read_typed (self, type == NULL ? NULL : type->element, value);
        dunlin_json_writer_end (&self->json, ']', FALSE);
        if (well (self))
            dunlin_json_path_leave (self->path, mark);
    }
    dunlin_json_writer_end (&self->json, ']', FALSE);
}

static void
read_map (Reader *self, const DunlinSchemaType *type)
{
    ThriftType key = T_STOP;
    ThriftType value = T_STOP;
    guint32 n = 0;

    thrift_protocol_read_map_begin (self->from, &key, &value, &n, NULL);
    if (type != NULL && !dunlin_json_is_composite (type->key) &&
        (n == 0 || key == dunlin_json_wire_type (type->key)))
        read_named_entries (self, type, value, n);
    else
        read_pair_entries (self, type, key, value, n);
    thrift_protocol_read_map_end (self->from, NULL);
}

/* ---- Structs ---- */

/* A field that the schema does not have, or has with another type. */
static void
read_unknown_field (Reader *self, ThriftType type, gint16 id)
{
    g_autofree char *name = g_strdup_printf ("#%d", id);
    gsize mark;

    if (self->options.skip_unknown) {
        thrift_protocol_skip (self->from, type, NULL);
        return;
    }
    mark = dunlin_json_path_field (self->path, name);
    dunlin_json_writer_name (&self->json, name, strlen (name));
    read_unknown (self, type);
    if (well (self))
        dunlin_json_path_leave (self->path, mark);
}

static void
read_field (Reader *self, const DunlinSchemaField *field)
{
    gsize mark = dunlin_json_path_field (self->path, field->name);

    dunlin_json_writer_name (&self->json, field->name, strlen (field->name));
    read_value (self, field->type);
    if (well (self))
        dunlin_json_path_leave (self->path, mark);
}

static void
read_struct (Reader *self, const DunlinSchemaStruct *type)
{
    g_autofree char *ignored = NULL;

    dunlin_json_writer_begin (&self->json, '{', FALSE);
    thrift_protocol_read_struct_begin (self->from, &ignored, NULL);
    while (well (self)) {
        g_autofree char *name = NULL;
        const DunlinSchemaField *field;
        ThriftType wire = T_STOP;
        gint16 id = 0;

        thrift_protocol_read_field_begin (self->from, &name, &wire, &id, NULL);
        if (wire == T_STOP)
            break;
        field = type == NULL ? NULL : dunlin_schema_field_by_id (type, id);
        if (field != NULL && dunlin_json_wire_type (field->type) == wire)
            read_field (self, field);
        else
            read_unknown_field (self, wire, id);
        thrift_protocol_read_field_end (self->from, NULL);
    }
    thrift_protocol_read_struct_end (self->from, NULL);
    dunlin_json_writer_end (&self->json, '}', FALSE);
}

static void
read_value (Reader *self, const DunlinSchemaType *type)
{
    switch (type->kind) {
    case DUNLIN_SCHEMA_STRUCT:
        read_struct (self, type->structure);
        break;
    case DUNLIN_SCHEMA_MAP:
        read_map (self, type);
        break;
    case DUNLIN_SCHEMA_LIST:
    case DUNLIN_SCHEMA_SET:
        read_elements (self, type->element, type->kind == DUNLIN_SCHEMA_SET);
        break;
    default:
        read_scalar (self, type);
    }
    well (self);
}

/* ---- What no schema describes: the wire knows the types, but no text from bytes ---- */

static void
read_unknown_bytes (Reader *self)
{
    g_autofree gpointer data = NULL;
    guint32 n = 0;

    thrift_protocol_read_binary (self->from, &data, &n, NULL);
    if (n == 0 || g_utf8_validate_len (data, n, NULL)) {
        dunlin_json_writer_string (&self->json, data == NULL ? "" : data, n);
    } else {
        g_autofree char *text = g_base64_encode (data, n);

        dunlin_json_writer_string (&self->json, text, strlen (text));
    }
}

static void
read_unknown_scalar (Reader *self, ThriftType type)
{
    static const DunlinSchemaType types[] = {
        [T_BOOL] = { .kind = DUNLIN_SCHEMA_BOOL }, [T_BYTE] = { .kind = DUNLIN_SCHEMA_I8 },
        [T_I16] = { .kind = DUNLIN_SCHEMA_I16 },   [T_I32] = { .kind = DUNLIN_SCHEMA_I32 },
        [T_I64] = { .kind = DUNLIN_SCHEMA_I64 },   [T_DOUBLE] = { .kind = DUNLIN_SCHEMA_DOUBLE },
    };

    if ((gsize)type < G_N_ELEMENTS (types) && types[type].kind != DUNLIN_SCHEMA_VOID)
        read_scalar (self, &types[type]);
    else
        fail (self, "a value of no type");
}

static void
read_unknown (Reader *self, ThriftType type)
{
    switch (type) {
    case T_STRUCT:
        read_struct (self, NULL);
        break;
    case T_MAP:
        read_map (self, NULL);
        break;
    case T_LIST:
    case T_SET:
        read_elements (self, NULL, type == T_SET);
        break;
    case T_STRING:
        read_unknown_bytes (self);
        break;
    default:
        read_unknown_scalar (self, type);
    }
}

gboolean
dunlin_json_from_thrift (const DunlinSchemaType *type, ThriftProtocol *from, GString *out,
                         const DunlinJsonOptions *options, GError **error)
{
    g_autoptr (GString) path = g_string_new (NULL);
    Reader reader = { .from = from, .begun = out->len, .path = path };

    if (options != NULL)
        reader.options = *options;
    if (reader.options.max_text == 0)
        reader.options.max_text = MAX_TEXT_DEFAULT;
    reader.json = (DunlinJsonWriter){ .out = out, .pretty = reader.options.pretty };
    read_value (&reader, type);
    if (reader.error == NULL)
        return TRUE;
    g_string_truncate (out, reader.begun);
    g_propagate_error (error, reader.error);
    return FALSE;
}
