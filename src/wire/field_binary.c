/* Fields in Thrift's binary encoding. */
#include "wire/field.h"

/* Bytes of a value of fixed size; 0 for what is not one. */
static const guint8 scalar_bytes[] = {
    [T_BOOL] = 1, [T_BYTE] = 1, [T_DOUBLE] = 8, [T_I16] = 2, [T_I32] = 4, [T_I64] = 8,
};

static gboolean
next (DunlinReader *in, DunlinField *field)
{
    field->type = dunlin_reader_u8 (in);
    if (in->failed || field->type == T_STOP)
        return FALSE;
    field->id = (gint16)dunlin_reader_u16 (in);
    if (field->type == T_BOOL)
        field->yes = dunlin_reader_u8 (in) != 0;
    return !in->failed;
}

static gint64
read_i64 (DunlinReader *in)
{
    return (gint64)dunlin_reader_u64 (in);
}

static DunlinSlice
read_string (DunlinReader *in)
{
    gsize length = dunlin_reader_u32 (in);
    const guint8 *data = dunlin_reader_take (in, length);

    return dunlin_slice (data, data == NULL ? 0 : length);
}

static guint32
read_count (DunlinReader *in, guint32 bytes_each)
{
    guint32 n = dunlin_reader_u32 (in);

    if (n > in->left / bytes_each)
        in->failed = TRUE;
    return in->failed ? 0 : n;
}

static guint32
read_list (DunlinReader *in, ThriftType *element)
{
    *element = dunlin_reader_u8 (in);
    return read_count (in, 1);
}

static guint32
read_map (DunlinReader *in, ThriftType *key, ThriftType *value)
{
    *key = dunlin_reader_u8 (in);
    *value = dunlin_reader_u8 (in);
    return read_count (in, 2);
}

static void
skip_scalar (DunlinReader *in, ThriftType type)
{
    if (type == T_STRING)
        read_string (in);
    else if (type < G_N_ELEMENTS (scalar_bytes) && scalar_bytes[type] > 0)
        dunlin_reader_take (in, scalar_bytes[type]);
    else
        in->failed = TRUE;
}

static void
put (DunlinBuffer *to, DunlinField *last, DunlinField field)
{
    dunlin_buffer_u8 (to, (guint8)field.type);
    dunlin_buffer_u16 (to, (guint16)field.id);
    if (field.type == T_BOOL)
        dunlin_buffer_u8 (to, field.yes ? 1 : 0);
    *last = field;
}

static void
put_i64 (DunlinBuffer *to, gint64 value)
{
    dunlin_buffer_u64 (to, (guint64)value);
}

static void
put_string (DunlinBuffer *to, DunlinSlice value)
{
    dunlin_buffer_u32 (to, (guint32)value.length);
    dunlin_buffer_append (to, value.data, value.length);
}

static void
put_list (DunlinBuffer *to, ThriftType element, guint32 n)
{
    dunlin_buffer_u8 (to, (guint8)element);
    dunlin_buffer_u32 (to, n);
}

const DunlinFieldCodec dunlin_field_binary = {
    .next = next,
    .read_i64 = read_i64,
    .read_string = read_string,
    .read_list = read_list,
    .read_map = read_map,
    .skip_scalar = skip_scalar,
    .put = put,
    .put_i64 = put_i64,
    .put_string = put_string,
    .put_list = put_list,
};
