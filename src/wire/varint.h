/* The compact encoding's integers: 7 bits a byte, least significant first; zigzag for signed ones.
 * One spelling each: what is longer than needed, or over the type's width, is refused. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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
