/* Reader and buffer: the only code that touches raw wire bytes. Big-endian, bounds-checked. */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/**
 * DunlinReader:
 * @data: (not owned): the next byte
 * @left: bytes from @data to the end
 * @failed: sticky: a read went past the end; every later read gives zero
 *
 * A range with a cursor. Decoders read field after field and look at @failed once.
 */
typedef struct {
    const guint8 *data;
    gsize left;
    gboolean failed;
} DunlinReader;

static inline DunlinReader
dunlin_reader (const guint8 *data, gsize length)
{
    return (DunlinReader){ .data = data, .left = length, .failed = FALSE };
}

/**
 * dunlin_reader_take:
 *
 * Returns: (transfer none) (nullable): @n bytes, or %NULL (and @failed) when there are fewer.
 */
static inline const guint8 *
dunlin_reader_take (DunlinReader *self, gsize n)
{
    const guint8 *data = self->data;

    if (self->failed || n > self->left) {
        self->failed = TRUE;
        return NULL;
    }
    self->data += n;
    self->left -= n;
    return data;
}

static inline guint8
dunlin_reader_u8 (DunlinReader *self)
{
    const guint8 *p = dunlin_reader_take (self, 1);

    return p == NULL ? 0 : p[0];
}

static inline guint16
dunlin_reader_u16 (DunlinReader *self)
{
    const guint8 *p = dunlin_reader_take (self, 2);
    guint16 v;

    if (p == NULL)
        return 0;
    memcpy (&v, p, sizeof v);
    return GUINT16_FROM_BE (v);
}

static inline guint32
dunlin_reader_u24 (DunlinReader *self)
{
    const guint8 *p = dunlin_reader_take (self, 3);

    return p == NULL ? 0 : (guint32)p[0] << 16 | (guint32)p[1] << 8 | p[2];
}

static inline guint32
dunlin_reader_u32 (DunlinReader *self)
{
    const guint8 *p = dunlin_reader_take (self, 4);
    guint32 v;

    if (p == NULL)
        return 0;
    memcpy (&v, p, sizeof v);
    return GUINT32_FROM_BE (v);
}

static inline guint64
dunlin_reader_u64 (DunlinReader *self)
{
    const guint8 *p = dunlin_reader_take (self, 8);
    guint64 v;

    if (p == NULL)
        return 0;
    memcpy (&v, p, sizeof v);
    return GUINT64_FROM_BE (v);
}

/**
 * DunlinBuffer:
 * @data: (owned): the storage
 * @start: offset of the first unread byte
 * @end: offset after the last byte written
 * @capacity: of @data
 *
 * A growing byte queue: written at the end, consumed at the start. Zero-initialised is empty.
 * Memory is had with g_malloc, so growth is only by what is really there, never by what a peer
 * announces.
 */
typedef struct {
    guint8 *data;
    gsize start;
    gsize end;
    gsize capacity;
} DunlinBuffer;

static inline gsize
dunlin_buffer_length (const DunlinBuffer *self)
{
    return self->end - self->start;
}

static inline const guint8 *
dunlin_buffer_bytes (const DunlinBuffer *self)
{
    return self->data + self->start;
}

/**
 * dunlin_buffer_reserve:
 * @n: bytes that will be written
 *
 * Returns: (transfer none): where to write up to @n bytes; call dunlin_buffer_commit() after.
 * Pointers into the buffer from before are no longer valid.
 */
guint8 *dunlin_buffer_reserve_slow (DunlinBuffer *self, gsize n);

static inline guint8 *
dunlin_buffer_reserve (DunlinBuffer *self, gsize n)
{
    if (G_LIKELY (n <= self->capacity - self->end))
        return self->data + self->end;
    return dunlin_buffer_reserve_slow (self, n);
}

static inline void
dunlin_buffer_commit (DunlinBuffer *self, gsize n)
{
    self->end += n;
}

/**
 * dunlin_buffer_consume:
 * @n: bytes at the start that are done with; at most the length
 */
void dunlin_buffer_consume (DunlinBuffer *self, gsize n);

/* Forgets everything from @length bytes after the start on. */
static inline void
dunlin_buffer_truncate (DunlinBuffer *self, gsize length)
{
    g_assert (length <= dunlin_buffer_length (self));
    self->end = self->start + length;
}

/* Frees the storage; the buffer is empty and usable. */
void dunlin_buffer_clear (DunlinBuffer *self);

static inline void
dunlin_buffer_append (DunlinBuffer *self, const void *data, gsize n)
{
    guint8 *to;

    if (n == 0)
        return;
    to = dunlin_buffer_reserve (self, n);
    memcpy (to, data, n);
    self->end += n;
}

static inline void
dunlin_buffer_u8 (DunlinBuffer *self, guint8 v)
{
    dunlin_buffer_append (self, &v, 1);
}

static inline void
dunlin_buffer_u16 (DunlinBuffer *self, guint16 v)
{
    v = GUINT16_TO_BE (v);
    dunlin_buffer_append (self, &v, sizeof v);
}

static inline void
dunlin_buffer_u24 (DunlinBuffer *self, guint32 v)
{
    guint8 b[3] = { (guint8)(v >> 16), (guint8)(v >> 8), (guint8)v };

    dunlin_buffer_append (self, b, sizeof b);
}

static inline void
dunlin_buffer_u32 (DunlinBuffer *self, guint32 v)
{
    v = GUINT32_TO_BE (v);
    dunlin_buffer_append (self, &v, sizeof v);
}

static inline void
dunlin_buffer_u64 (DunlinBuffer *self, guint64 v)
{
    v = GUINT64_TO_BE (v);
    dunlin_buffer_append (self, &v, sizeof v);
}

/* Overwrites 4 bytes, @at bytes after the start: a length that is known only at the end. */
static inline void
dunlin_buffer_patch_u32 (DunlinBuffer *self, gsize at, guint32 v)
{
    g_assert (at + 4 <= dunlin_buffer_length (self));
    v = GUINT32_TO_BE (v);
    memcpy (self->data + self->start + at, &v, sizeof v);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinBuffer, dunlin_buffer_clear)

G_END_DECLS
