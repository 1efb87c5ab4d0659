/* What binary and compact have in common: passing over what is not known. */
#include "wire/field.h"

#define MAX_DEPTH 64

static void skip_value (const DunlinFieldCodec *codec, DunlinReader *in, ThriftType type,
                        guint depth);

static void
skip_struct (const DunlinFieldCodec *codec, DunlinReader *in, guint depth)
{
    DunlinField field = { 0 };

    while (codec->next (in, &field))
        if (field.type != T_BOOL)
            skip_value (codec, in, field.type, depth);
}

static void
skip_list (const DunlinFieldCodec *codec, DunlinReader *in, guint depth)
{
    ThriftType element;
    guint32 n = codec->read_list (in, &element);

    for (guint32 i = 0; i < n && !in->failed; i++)
        skip_value (codec, in, element, depth);
}

static void
skip_map (const DunlinFieldCodec *codec, DunlinReader *in, guint depth)
{
    ThriftType key;
    ThriftType value;
    guint32 n = codec->read_map (in, &key, &value);

    for (guint32 i = 0; i < n && !in->failed; i++) {
        skip_value (codec, in, key, depth);
        skip_value (codec, in, value, depth);
    }
}

/* Every value takes at least a byte, so the work is bounded by the bytes that are there. */
static void
skip_value (const DunlinFieldCodec *codec, DunlinReader *in, ThriftType type, guint depth)
{
    if (depth == MAX_DEPTH)
        in->failed = TRUE;
    else if (type == T_STRUCT)
        skip_struct (codec, in, depth + 1);
    else if (type == T_LIST || type == T_SET)
        skip_list (codec, in, depth + 1);
    else if (type == T_MAP)
        skip_map (codec, in, depth + 1);
    else
        codec->skip_scalar (in, type);
}

void
dunlin_field_skip (const DunlinFieldCodec *codec, DunlinReader *in, const DunlinField *field)
{
    if (field->type != T_BOOL)
        skip_value (codec, in, field->type, 0);
}
