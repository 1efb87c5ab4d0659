/* For tests of generated code: values of any type of a schema, written. */
#pragma once

#include "support/schema_text.h"

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
