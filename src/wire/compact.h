/* The compact encoding's atoms. Its types; its integers: 7 bits a byte, least significant first,
 * zigzag for signed ones. One spelling each: what is longer than needed, or over the type's width,
 * is refused. */
#pragma once

#include <thrift/c_glib/protocol/thrift_protocol.h>

G_BEGIN_DECLS

/* In elements TRUE and FALSE both mean bool. */
enum {
    DUNLIN_COMPACT_STOP = 0,
    DUNLIN_COMPACT_TRUE = 1,
    DUNLIN_COMPACT_FALSE = 2,
    DUNLIN_COMPACT_BYTE = 3,
    DUNLIN_COMPACT_I16 = 4,
    DUNLIN_COMPACT_I32 = 5,
    DUNLIN_COMPACT_I64 = 6,
    DUNLIN_COMPACT_DOUBLE = 7,
    DUNLIN_COMPACT_BINARY = 8,
    DUNLIN_COMPACT_LIST = 9,
    DUNLIN_COMPACT_SET = 10,
    DUNLIN_COMPACT_MAP = 11,
    DUNLIN_COMPACT_STRUCT = 12
};

/* A list's size, or a field id's step, that does not fit into its half byte. */
#define DUNLIN_COMPACT_LONG_LIST 15
#define DUNLIN_COMPACT_LONG_STEP 0

/* Returns: the ThriftType of a compact type (its low half byte), T_STOP when there is none. */
static inline guint8
dunlin_compact_to_type (guint8 compact)
{
    static const guint8 types[16] = {
        [DUNLIN_COMPACT_TRUE] = T_BOOL,     [DUNLIN_COMPACT_FALSE] = T_BOOL,
        [DUNLIN_COMPACT_BYTE] = T_BYTE,     [DUNLIN_COMPACT_I16] = T_I16,
        [DUNLIN_COMPACT_I32] = T_I32,       [DUNLIN_COMPACT_I64] = T_I64,
        [DUNLIN_COMPACT_DOUBLE] = T_DOUBLE, [DUNLIN_COMPACT_BINARY] = T_STRING,
        [DUNLIN_COMPACT_LIST] = T_LIST,     [DUNLIN_COMPACT_SET] = T_SET,
        [DUNLIN_COMPACT_MAP] = T_MAP,       [DUNLIN_COMPACT_STRUCT] = T_STRUCT,
    };

    return types[compact & 0x0f];
}

#define DUNLIN_VARINT_MAX_BYTES 10

/**
 * dunlin_varint_read:
 * @data: where it begins
 * @n: bytes that are there
 * @limit: the largest value of the type that is read
 * @value: (out): untouched unless the result is positive
 *
 * Returns: its length, 0 when it is cut short, -1 when it is malformed.
 */
static inline int
dunlin_varint_read (const guint8 *data, gsize n, guint64 limit, guint64 *value)
{
    guint64 v = 0;

    for (int i = 0; i < DUNLIN_VARINT_MAX_BYTES; i++) {
        guint8 byte;

        if ((gsize)i == n)
            return 0;
        byte = data[i];
        /* The tenth byte has one bit left of 64. */
        if (i == DUNLIN_VARINT_MAX_BYTES - 1 && byte > 1)
            return -1;
        v |= (guint64)(byte & 0x7f) << (7 * i);
        if (v > limit)
            return -1;
        if ((byte & 0x80) == 0) {
            if (byte == 0 && i > 0) /* padded: the byte before could have ended it */
                return -1;
            *value = v;
            return i + 1;
        }
    }
    return -1;
}

/* Writes @v to @to, which has room for %DUNLIN_VARINT_MAX_BYTES. Returns: bytes written. */
static inline int
dunlin_varint_write (guint8 *to, guint64 v)
{
    int n = 0;

    while (v > 0x7f) {
        to[n++] = (guint8)(v | 0x80);
        v >>= 7;
    }
    to[n++] = (guint8)v;
    return n;
}

static inline guint64
dunlin_zigzag (gint64 v)
{
    return (guint64)v << 1 ^ (v < 0 ? G_MAXUINT64 : 0);
}

static inline gint64
dunlin_unzigzag (guint64 v)
{
    return (gint64)(v >> 1 ^ (0 - (v & 1)));
}

G_END_DECLS
