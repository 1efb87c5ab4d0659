/* What binary and compact have in common: passing over what is not known, and varints. */
#include "wire/field.h"

#define MAX_DEPTH 64

static void skip_value (const DunlinFieldCodec *codec, DunlinReader *in, DunlinFieldType type,
                        guint depth);

static void
skip_struct (const DunlinFieldCodec *codec, DunlinReader *in, guint depth)
{
    DunlinField field = { 0 };

    while (codec->next (in, &field))
        if (field.type != DUNLIN_FIELD_BOOL)
            skip_value (codec, in, field.type, depth);
}

static void
skip_list (const DunlinFieldCodec *codec, DunlinReader *in, guint depth)
{
    DunlinFieldType element;
    guint32 n = codec->read_list (in, &element);

    for (guint32 i = 0; i < n && !in->failed; i++)
        skip_value (codec, in, element, depth);
}

static void
skip_map (const DunlinFieldCodec *codec, DunlinReader *in, guint depth)
{
    DunlinFieldType key;
    DunlinFieldType value;
    guint32 n = codec->read_map (in, &key, &value);

    for (guint32 i = 0; i < n && !in->failed; i++) {
        skip_value (codec, in, key, depth);
        skip_value (codec, in, value, depth);
    }
}

/* Every value takes at least a byte, so the work is bounded by the bytes that are there. */
static void
skip_value (const DunlinFieldCodec *codec, DunlinReader *in, DunlinFieldType type, guint depth)
{
    if (depth == MAX_DEPTH)
        in->failed = TRUE;
    else if (type == DUNLIN_FIELD_STRUCT)
        skip_struct (codec, in, depth + 1);
    else if (type == DUNLIN_FIELD_LIST || type == DUNLIN_FIELD_SET)
        skip_list (codec, in, depth + 1);
    else if (type == DUNLIN_FIELD_MAP)
        skip_map (codec, in, depth + 1);
    else
        codec->skip_scalar (in, type);
}

void
dunlin_field_skip (const DunlinFieldCodec *codec, DunlinReader *in, const DunlinField *field)
{
    if (field->type != DUNLIN_FIELD_BOOL)
        skip_value (codec, in, field->type, 0);
}

guint64
dunlin_varint_read (DunlinReader *in, guint bits)
{
    guint64 value = 0;

    for (guint shift = 0; shift < bits; shift += 7) {
        guint64 byte = dunlin_reader_u8 (in);

        value |= (byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return bits < 64 ? value & (((guint64)1 << bits) - 1) : value;
    }
    in->failed = TRUE;
    return 0;
}

void
dunlin_varint_write (DunlinBuffer *to, guint64 value)
{
    for (; value >= 0x80; value >>= 7)
        dunlin_buffer_u8 (to, (guint8)(value | 0x80));
    dunlin_buffer_u8 (to, (guint8)value);
}
