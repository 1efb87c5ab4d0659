/* Fields in Thrift's compact encoding. */
#include "wire/field.h"
#include "wire/compact.h"

static guint8
compact_of_type (ThriftType type)
{
    for (int i = DUNLIN_COMPACT_FALSE; i <= DUNLIN_COMPACT_STRUCT; i++)
        if (dunlin_compact_to_type ((guint8)i) == type)
            return (guint8)i;
    g_assert_not_reached ();
}

static ThriftType
known_type (DunlinReader *in, guint8 low_half)
{
    ThriftType type = dunlin_compact_to_type (low_half);

    if (type == T_STOP)
        in->failed = TRUE;
    return type;
}

static guint64
read_varint (DunlinReader *in, guint64 limit)
{
    guint64 value = 0;
    int n = dunlin_varint_read (in->data, in->left, limit, &value);

    if (n <= 0)
        in->failed = TRUE;
    else
        dunlin_reader_take (in, (gsize)n);
    return value;
}

static void
put_varint (DunlinBuffer *to, guint64 value)
{
    guint8 *room = dunlin_buffer_reserve (to, DUNLIN_VARINT_MAX_BYTES);

    dunlin_buffer_commit (to, (gsize)dunlin_varint_write (room, value));
}

static gboolean
next (DunlinReader *in, DunlinField *field)
{
    guint8 head = dunlin_reader_u8 (in);
    guint8 step = head >> 4;

    if (in->failed || head == T_STOP)
        return FALSE;
    field->type = known_type (in, head);
    field->yes = (head & 0x0f) == DUNLIN_COMPACT_TRUE;
    if (step == 0)
        field->id = (gint16)dunlin_unzigzag (read_varint (in, G_MAXUINT16));
    else
        field->id = (gint16)(field->id + step);
    return !in->failed;
}

static gint64
read_i64 (DunlinReader *in)
{
    return dunlin_unzigzag (read_varint (in, G_MAXUINT64));
}

static DunlinSlice
read_string (DunlinReader *in)
{
    gsize length = read_varint (in, G_MAXUINT32);
    const guint8 *data = dunlin_reader_take (in, length);

    return dunlin_slice (data, data == NULL ? 0 : length);
}

static guint32
check_count (DunlinReader *in, guint64 n, guint32 bytes_each)
{
    if (n > in->left / bytes_each)
        in->failed = TRUE;
    return in->failed ? 0 : (guint32)n;
}

static guint32
read_list (DunlinReader *in, ThriftType *element)
{
    guint8 head = dunlin_reader_u8 (in);
    guint64 n = head >> 4;

    *element = T_STOP;
    if (n == DUNLIN_COMPACT_LONG_LIST)
        n = read_varint (in, G_MAXUINT32);
    if (n == 0)
        return 0;
    *element = known_type (in, head);
    return check_count (in, n, 1);
}

static guint32
read_map (DunlinReader *in, ThriftType *key, ThriftType *value)
{
    guint64 n = read_varint (in, G_MAXUINT32);
    guint8 types;

    *key = *value = T_STOP;
    if (n == 0)
        return 0;
    types = dunlin_reader_u8 (in);
    *key = known_type (in, types >> 4);
    *value = known_type (in, types);
    return check_count (in, n, 2);
}

static void
skip_scalar (DunlinReader *in, ThriftType type)
{
    if (type == T_STRING)
        read_string (in);
    else if (type == T_BOOL || type == T_BYTE)
        dunlin_reader_u8 (in);
    else if (type == T_DOUBLE)
        dunlin_reader_u64 (in);
    else
        read_varint (in, G_MAXUINT64);
}

static void
put (DunlinBuffer *to, DunlinField *last, DunlinField field)
{
    int step = field.id - last->id;
    guint8 type = field.yes ? DUNLIN_COMPACT_TRUE : compact_of_type (field.type);

    if (step > 0 && step <= 15) {
        dunlin_buffer_u8 (to, (guint8)(step << 4 | type));
    } else {
        dunlin_buffer_u8 (to, type);
        put_varint (to, dunlin_zigzag (field.id));
    }
    *last = field;
}

static void
put_i64 (DunlinBuffer *to, gint64 value)
{
    put_varint (to, dunlin_zigzag (value));
}

static void
put_string (DunlinBuffer *to, DunlinSlice value)
{
    put_varint (to, value.length);
    dunlin_buffer_append (to, value.data, value.length);
}

static void
put_list (DunlinBuffer *to, ThriftType element, guint32 n)
{
    guint8 type = compact_of_type (element);

    dunlin_buffer_u8 (to, (guint8)(MIN (n, DUNLIN_COMPACT_LONG_LIST) << 4 | type));
    if (n >= DUNLIN_COMPACT_LONG_LIST)
        put_varint (to, n);
}

const DunlinFieldCodec dunlin_field_compact = {
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
