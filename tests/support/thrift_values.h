/* For tests of Thrift encodings: the same random values written to any protocol. */
#pragma once

#include "support/thrift_text.h"

static const ThriftType value_types[] = { T_BOOL,   T_BYTE,   T_I16, T_I32, T_I64, T_DOUBLE,
                                          T_STRING, T_STRUCT, T_MAP, T_SET, T_LIST };

/* A number of every magnitude, extremes and zero often enough. */
static gint64
random_number (GRand *random)
{
    guint64 bits = (guint64)g_rand_int (random) << 32 | g_rand_int (random);
    int shift = g_rand_int_range (random, 0, 65);

    if (shift == 64)
        return g_rand_boolean (random) ? G_MININT64 : 0;
    return (gint64)(bits >> shift);
}

static ThriftType
random_type (GRand *random, int depth)
{
    gint32 n = depth > 0 ? G_N_ELEMENTS (value_types) : 7;

    return value_types[g_rand_int_range (random, 0, n)];
}

static void write_random_value (ThriftProtocol *protocol, ThriftType type, GRand *random,
                                int depth);

static void
write_random_struct (ThriftProtocol *protocol, GRand *random, int depth)
{
    gint32 id = g_rand_int_range (random, -40, 40);
    int n = g_rand_int_range (random, 0, 12);

    thrift_protocol_write_struct_begin (protocol, "Random", NULL);
    for (int i = 0; i < n; i++) {
        ThriftType type = random_type (random, depth);

        thrift_protocol_write_field_begin (protocol, "field", type, (gint16)id, NULL);
        write_random_value (protocol, type, random, depth);
        thrift_protocol_write_field_end (protocol, NULL);
        id += g_rand_int_range (random, 1, i % 4 == 3 ? 2500 : 18);
    }
    thrift_protocol_write_field_stop (protocol, NULL);
    thrift_protocol_write_struct_end (protocol, NULL);
}

static void
write_random_container (ThriftProtocol *protocol, ThriftType type, GRand *random, int depth)
{
    ThriftType key = random_type (random, depth);
    ThriftType value = random_type (random, depth);
    guint32 size = (guint32)g_rand_int_range (random, 0, g_rand_boolean (random) ? 4 : 20);

    if (type == T_MAP)
        thrift_protocol_write_map_begin (protocol, key, value, size, NULL);
    else if (type == T_SET)
        thrift_protocol_write_set_begin (protocol, key, size, NULL);
    else
        thrift_protocol_write_list_begin (protocol, key, size, NULL);
    for (guint32 i = 0; i < size; i++) {
        write_random_value (protocol, key, random, depth);
        if (type == T_MAP)
            write_random_value (protocol, value, random, depth);
    }
    if (type == T_MAP)
        thrift_protocol_write_map_end (protocol, NULL);
    else if (type == T_SET)
        thrift_protocol_write_set_end (protocol, NULL);
    else
        thrift_protocol_write_list_end (protocol, NULL);
}

static void
write_random_bytes (ThriftProtocol *protocol, GRand *random)
{
    guint8 bytes[300];
    guint32 length = (guint32)g_rand_int_range (random, 0, g_rand_boolean (random) ? 5 : 300);

    for (guint32 i = 0; i < length; i++)
        bytes[i] = (guint8)g_rand_int_range (random, 0, 256);
    thrift_protocol_write_binary (protocol, bytes, length, NULL);
}

static void
write_random_value (ThriftProtocol *protocol, ThriftType type, GRand *random, int depth)
{
    gint64 number = random_number (random);
    gdouble real;

    switch (type) {
    case T_BOOL:
        thrift_protocol_write_bool (protocol, number & 1, NULL);
        break;
    case T_BYTE:
        thrift_protocol_write_byte (protocol, (gint8)number, NULL);
        break;
    case T_I16:
        thrift_protocol_write_i16 (protocol, (gint16)number, NULL);
        break;
    case T_I32:
        thrift_protocol_write_i32 (protocol, (gint32)number, NULL);
        break;
    case T_I64:
        thrift_protocol_write_i64 (protocol, number, NULL);
        break;
    case T_DOUBLE:
        memcpy (&real, &number, sizeof real);
        thrift_protocol_write_double (protocol, real, NULL);
        break;
    case T_STRING:
        write_random_bytes (protocol, random);
        break;
    case T_STRUCT:
        write_random_struct (protocol, random, depth - 1);
        break;
    default:
        write_random_container (protocol, type, random, depth - 1);
        break;
    }
}

/* Writes the struct that @seed stands for: the same calls on whatever protocol. */
G_GNUC_UNUSED static void
write_random (ThriftProtocol *protocol, guint32 seed)
{
    GRand *random = g_rand_new_with_seed (seed);

    write_random_struct (protocol, random, 3);
    g_rand_free (random);
}
