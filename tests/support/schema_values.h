/* For tests of generated code: values of any type of a schema, written, and read as text. */
#pragma once

#include "support/thrift_values.h"
#include "wire/schema.h"

static void write_value (ThriftProtocol *to, const DunlinSchemaType *type, int n, int depth);

/* The least, the greatest, then small ones: no two alike. */
static gint64
number_at (int bits, int n)
{
    gint64 least = (gint64)(~G_GUINT64_CONSTANT (0) << (bits - 1));

    return n == 0 ? least : n == 1 ? -(least + 1) : n - 2;
}

static void
write_text (ThriftProtocol *to, int n)
{
    g_autofree char *text = n == 0 ? g_strdup ("") : g_strdup_printf ("%d \u00e9\U0001f426", n);

    thrift_protocol_write_string (to, text, NULL);
}

static void
write_bytes (ThriftProtocol *to, int n)
{
    guint8 bytes[] = { 0, 0xff, 0, (guint8)n };

    thrift_protocol_write_binary (to, bytes, n == 0 ? 0 : sizeof bytes, NULL);
}

static void
write_enum (ThriftProtocol *to, const DunlinSchemaEnum *type, int n)
{
    gint32 number = (gsize)n < type->n_members ? type->members[n].number : 1000 + n;

    thrift_protocol_write_i32 (to, number, NULL);
}

static ThriftType
wire_type (const DunlinSchemaType *type)
{
    static const ThriftType types[] = {
        [DUNLIN_SCHEMA_BOOL] = T_BOOL,     [DUNLIN_SCHEMA_I8] = T_BYTE,
        [DUNLIN_SCHEMA_I16] = T_I16,       [DUNLIN_SCHEMA_I32] = T_I32,
        [DUNLIN_SCHEMA_I64] = T_I64,       [DUNLIN_SCHEMA_DOUBLE] = T_DOUBLE,
        [DUNLIN_SCHEMA_STRING] = T_STRING, [DUNLIN_SCHEMA_BINARY] = T_STRING,
        [DUNLIN_SCHEMA_LIST] = T_LIST,     [DUNLIN_SCHEMA_SET] = T_SET,
        [DUNLIN_SCHEMA_MAP] = T_MAP,       [DUNLIN_SCHEMA_ENUM] = T_I32,
        [DUNLIN_SCHEMA_STRUCT] = T_STRUCT,
    };

    return types[type->kind];
}

static void
write_struct (ThriftProtocol *to, const DunlinSchemaStruct *type, int n, int depth)
{
    thrift_protocol_write_struct_begin (to, type->name, NULL);
    for (gsize i = 0; i < type->n_fields; i++) {
        const DunlinSchemaField *field = &type->fields[i];

        thrift_protocol_write_field_begin (to, field->name, wire_type (field->type), field->id,
                                           NULL);
        write_value (to, field->type, n, depth);
        thrift_protocol_write_field_end (to, NULL);
    }
    thrift_protocol_write_field_stop (to, NULL);
    thrift_protocol_write_struct_end (to, NULL);
}

enum { MAX_DEPTH = 3 }; /* of containers: for structs that hold themselves */

/* As many elements as there are different values, at most three; an empty one now and then. */
static int
size_at (const DunlinSchemaType *distinct, int n, int depth)
{
    if (n == 2 || depth == MAX_DEPTH)
        return 0;
    return distinct->kind == DUNLIN_SCHEMA_BOOL ? 2 : 3;
}

static void
write_container (ThriftProtocol *to, const DunlinSchemaType *type, int n, int depth)
{
    const DunlinSchemaType *first = type->key != NULL ? type->key : type->element;
    guint32 size = (guint32)size_at (first, n, depth);

    if (type->kind == DUNLIN_SCHEMA_MAP)
        thrift_protocol_write_map_begin (to, wire_type (first), wire_type (type->element), size,
                                         NULL);
    else if (type->kind == DUNLIN_SCHEMA_SET)
        thrift_protocol_write_set_begin (to, wire_type (first), size, NULL);
    else
        thrift_protocol_write_list_begin (to, wire_type (first), size, NULL);
    for (int i = 0; i < (int)size; i++) {
        write_value (to, first, i, depth + 1);
        if (type->kind == DUNLIN_SCHEMA_MAP)
            write_value (to, type->element, i, depth + 1);
    }
    if (type->kind == DUNLIN_SCHEMA_MAP)
        thrift_protocol_write_map_end (to, NULL);
    else if (type->kind == DUNLIN_SCHEMA_SET)
        thrift_protocol_write_set_end (to, NULL);
    else
        thrift_protocol_write_list_end (to, NULL);
}

static void
write_value (ThriftProtocol *to, const DunlinSchemaType *type, int n, int depth)
{
    switch (type->kind) {
    case DUNLIN_SCHEMA_BOOL:
        thrift_protocol_write_bool (to, n & 1, NULL);
        break;
    case DUNLIN_SCHEMA_I8:
        thrift_protocol_write_byte (to, (gint8)number_at (8, n), NULL);
        break;
    case DUNLIN_SCHEMA_I16:
        thrift_protocol_write_i16 (to, (gint16)number_at (16, n), NULL);
        break;
    case DUNLIN_SCHEMA_I32:
        thrift_protocol_write_i32 (to, (gint32)number_at (32, n), NULL);
        break;
    case DUNLIN_SCHEMA_I64:
        thrift_protocol_write_i64 (to, number_at (64, n), NULL);
        break;
    case DUNLIN_SCHEMA_DOUBLE:
        thrift_protocol_write_double (to, (double)number_at (64, n) / 3, NULL);
        break;
    case DUNLIN_SCHEMA_STRING:
        write_text (to, n);
        break;
    case DUNLIN_SCHEMA_BINARY:
        write_bytes (to, n);
        break;
    case DUNLIN_SCHEMA_ENUM:
        write_enum (to, type->enumeration, n);
        break;
    case DUNLIN_SCHEMA_STRUCT:
        write_struct (to, type->structure, n, depth);
        break;
    default:
        write_container (to, type, n, depth);
    }
}

static char *read_value (ThriftProtocol *from, const DunlinSchemaType *type);

static int
compare_texts (gconstpointer a, gconstpointer b)
{
    return strcmp (*(char *const *)a, *(char *const *)b);
}

/* Sets and maps have no order: theirs is that of the texts. */
static char *
read_container (ThriftProtocol *from, const DunlinSchemaType *type)
{
    const DunlinSchemaType *first = type->key != NULL ? type->key : type->element;
    g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
    ThriftType key_type, element_type;
    guint32 size = 0;
    g_autofree char *joined = NULL;

    if (type->kind == DUNLIN_SCHEMA_MAP)
        thrift_protocol_read_map_begin (from, &key_type, &element_type, &size, NULL);
    else if (type->kind == DUNLIN_SCHEMA_SET)
        thrift_protocol_read_set_begin (from, &key_type, &size, NULL);
    else
        thrift_protocol_read_list_begin (from, &key_type, &size, NULL);
    g_assert_cmpint (size == 0 ? wire_type (first) : key_type, ==, wire_type (first));
    for (guint32 i = 0; i < size; i++) {
        g_autofree char *key = read_value (from, first);
        g_autofree char *value =
            type->kind == DUNLIN_SCHEMA_MAP ? read_value (from, type->element) : NULL;

        g_ptr_array_add (texts, g_strconcat (key, value == NULL ? NULL : "=", value, NULL));
    }
    if (type->kind == DUNLIN_SCHEMA_MAP)
        thrift_protocol_read_map_end (from, NULL);
    else if (type->kind == DUNLIN_SCHEMA_SET)
        thrift_protocol_read_set_end (from, NULL);
    else
        thrift_protocol_read_list_end (from, NULL);
    if (type->kind != DUNLIN_SCHEMA_LIST)
        g_ptr_array_sort (texts, compare_texts);
    g_ptr_array_add (texts, NULL);
    joined = g_strjoinv (",", (char **)texts->pdata);
    return g_strdup_printf ("(%s)", joined);
}

static char *
read_struct (ThriftProtocol *from, const DunlinSchemaStruct *type)
{
    g_autoptr (GString) text = g_string_new ("{");
    g_autofree char *ignored = NULL;
    ThriftType field_type;
    gint16 id;

    thrift_protocol_read_struct_begin (from, &ignored, NULL);
    for (;;) {
        g_autofree char *name = NULL;
        g_autofree char *value = NULL;
        const DunlinSchemaField *field;

        thrift_protocol_read_field_begin (from, &name, &field_type, &id, NULL);
        if (field_type == T_STOP)
            break;
        field = dunlin_schema_field_by_id (type, id);
        g_assert_nonnull (field);
        g_assert_cmpint (field_type, ==, wire_type (field->type));
        value = read_value (from, field->type);
        g_string_append_printf (text, "%d:%s ", id, value);
        thrift_protocol_read_field_end (from, NULL);
    }
    thrift_protocol_read_struct_end (from, NULL);
    g_string_append_c (text, '}');
    return g_strdup (text->str);
}

static char *
read_value (ThriftProtocol *from, const DunlinSchemaType *type)
{
    GString *text;

    if (type->kind == DUNLIN_SCHEMA_STRUCT)
        return read_struct (from, type->structure);
    if (type->key != NULL || type->element != NULL)
        return read_container (from, type);
    text = g_string_new (NULL);
    g_assert_true (text_of_value (from, wire_type (type), text));
    return g_string_free (text, FALSE);
}
