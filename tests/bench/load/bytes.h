/* Numbers and texts of strict binary Thrift and of mux, at the end of a byte array. */
#pragma once

#include <glib.h>
#include <string.h>

#define LOAD_CALL  0x80010001
#define LOAD_REPLY 0x80010002

enum {
    LOAD_STOP = 0,
    LOAD_BOOL = 2,
    LOAD_BYTE = 3,
    LOAD_I32 = 8,
    LOAD_I64 = 10,
    LOAD_TEXT = 11,
    LOAD_STRUCT = 12,
    LOAD_MAP = 13,
    LOAD_LIST = 15
};

static inline void
load_put_u8 (GByteArray *to, guint8 v)
{
    g_byte_array_append (to, &v, 1);
}

static inline void
load_put_u16 (GByteArray *to, guint16 v)
{
    v = GUINT16_TO_BE (v);
    g_byte_array_append (to, (const guint8 *)&v, sizeof v);
}

static inline void
load_put_u32 (GByteArray *to, guint32 v)
{
    v = GUINT32_TO_BE (v);
    g_byte_array_append (to, (const guint8 *)&v, sizeof v);
}

static inline void
load_put_u64 (GByteArray *to, guint64 v)
{
    v = GUINT64_TO_BE (v);
    g_byte_array_append (to, (const guint8 *)&v, sizeof v);
}

static inline void
load_put_text (GByteArray *to, const char *text)
{
    load_put_u32 (to, (guint32)strlen (text));
    g_byte_array_append (to, (const guint8 *)text, (guint)strlen (text));
}

static inline void
load_put_field (GByteArray *to, guint8 type, guint16 id)
{
    load_put_u8 (to, type);
    load_put_u16 (to, id);
}

/* A frame begins with its size, which is known at its end. */
static inline GByteArray *
load_frame_begin (void)
{
    GByteArray *frame = g_byte_array_new ();

    load_put_u32 (frame, 0);
    return frame;
}

static inline void
load_frame_end (GByteArray *frame)
{
    guint32 size = GUINT32_TO_BE (frame->len - 4);

    memcpy (frame->data, &size, sizeof size);
}
