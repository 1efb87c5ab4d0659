/* struct TApplicationException { 1: string message  2: i32 type } */
#include "client/application_exception.h"

#include "wire/field.h"

/* Compact writes all whole numbers alike. */
static int
read_i32 (DunlinReader *in, DunlinEncoding encoding)
{
    if (encoding == DUNLIN_ENCODING_COMPACT)
        return (int)dunlin_field_compact.read_i64 (in);
    return (int)dunlin_reader_u32 (in);
}

gboolean
dunlin_application_exception_read (DunlinSlice body, DunlinEncoding encoding, int *type,
                                   DunlinSlice *message)
{
    const DunlinFieldCodec *codec =
        encoding == DUNLIN_ENCODING_COMPACT ? &dunlin_field_compact : &dunlin_field_binary;
    DunlinReader in = dunlin_reader (body.data, body.length);
    DunlinField field = { 0 };

    *type = 0;
    *message = (DunlinSlice){ 0 };
    while (codec->next (&in, &field)) {
        if (field.id == 1 && field.type == T_STRING)
            *message = codec->read_string (&in);
        else if (field.id == 2 && field.type == T_I32)
            *type = read_i32 (&in, encoding);
        else
            dunlin_field_skip (codec, &in, &field);
    }
    return !in.failed;
}
