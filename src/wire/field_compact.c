/* Fields in Thrift's compact encoding. */
#include "wire/field.h"

/* Compact's own type numbers; a field's type holds the value of a bool. */
enum { TRUE_TYPE = 1, FALSE_TYPE = 2, N_TYPES = 14 };

/* A count of 15 in a list's header says that the count follows. */
#define LONG_LIST 15

static const guint8 type_of_compact[16] = {
    [TRUE_TYPE] = DUNLIN_FIELD_BOOL, [FALSE_TYPE] = DUNLIN_FIELD_BOOL, [3] = DUNLIN_FIELD_BYTE,
    [4] = DUNLIN_FIELD_I16,          [5] = DUNLIN_FIELD_I32,           [6] = DUNLIN_FIELD_I64,
    [7] = DUNLIN_FIELD_DOUBLE,       [8] = DUNLIN_FIELD_STRING,        [9] = DUNLIN_FIELD_LIST,
    [10] = DUNLIN_FIELD_SET,         [11] = DUNLIN_FIELD_MAP,          [12] = DUNLIN_FIELD_STRUCT,
    [13] = DUNLIN_FIELD_UUID,
};

static guint8
compact_of_type (DunlinFieldType type)
{
    for (guint8 i = FALSE_TYPE; i < N_TYPES; i++)
        if (type_of_compact[i] == type)
            return i;
    g_assert_not_reached ();
}

static guint64
zigzag (gint64 value)
{
    return (guint64)value << 1 ^ (guint64)(value >> 63);
}

static gint64
unzigzag (guint64 value)
{
    return (gint64)(value >> 1 ^ (~(value & 1) + 1));
}

static DunlinFieldType
known_type (DunlinReader *in, guint8 nibble)
{
    DunlinFieldType type = type_of_compact[nibble & 0x0f];

    if (type == DUNLIN_FIELD_STOP)
        in->failed = TRUE;
    return type;
}

static gboolean
next (DunlinReader *in, DunlinField *field)
{
    guint8 head = dunlin_reader_u8 (in);
    guint8 step = head >> 4;

    if (in->failed || head == DUNLIN_FIELD_STOP)
        return FALSE;
    field->type = known_type (in, head);
    field->yes = (head & 0x0f) == TRUE_TYPE;
    if (step == 0)
        field->id = (gint16)unzigzag (dunlin_varint_read (in, 32));
    else
        field->id = (gint16)(field->id + step);
    return !in->failed;
}

static gint64
read_i64 (DunlinReader *in)
{
    return unzigzag (dunlin_varint_read (in, 64));
}

static DunlinSlice
read_string (DunlinReader *in)
{
    gsize length = dunlin_varint_read (in, 32);
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
read_list (DunlinReader *in, DunlinFieldType *element)
{
    guint8 head = dunlin_reader_u8 (in);
    guint64 n = head >> 4;

    *element = DUNLIN_FIELD_STOP;
    if (n == LONG_LIST)
        n = dunlin_varint_read (in, 32);
    if (n == 0)
        return 0;
    *element = known_type (in, head);
    return check_count (in, n, 1);
}

static guint32
read_map (DunlinReader *in, DunlinFieldType *key, DunlinFieldType *value)
{
    guint64 n = dunlin_varint_read (in, 32);
    guint8 types;

    *key = *value = DUNLIN_FIELD_STOP;
    if (n == 0)
        return 0;
    types = dunlin_reader_u8 (in);
    *key = known_type (in, types >> 4);
    *value = known_type (in, types);
    return check_count (in, n, 2);
}

static void
skip_scalar (DunlinReader *in, DunlinFieldType type)
{
    if (type == DUNLIN_FIELD_STRING)
        read_string (in);
    else if (type == DUNLIN_FIELD_BOOL || type == DUNLIN_FIELD_BYTE)
        dunlin_reader_u8 (in);
    else if (type == DUNLIN_FIELD_DOUBLE)
        dunlin_reader_u64 (in);
    else if (type == DUNLIN_FIELD_UUID)
        dunlin_reader_take (in, 16);
    else
        dunlin_varint_read (in, 64);
}

static void
put (DunlinBuffer *to, DunlinField *last, DunlinField field)
{
    int step = field.id - last->id;
    guint8 type = field.yes ? TRUE_TYPE : compact_of_type (field.type);

    if (step > 0 && step <= 15) {
        dunlin_buffer_u8 (to, (guint8)(step << 4 | type));
    } else {
        dunlin_buffer_u8 (to, type);
        dunlin_varint_write (to, zigzag (field.id));
    }
    *last = field;
}

static void
put_i64 (DunlinBuffer *to, gint64 value)
{
    dunlin_varint_write (to, zigzag (value));
}

static void
put_string (DunlinBuffer *to, DunlinSlice value)
{
    dunlin_varint_write (to, value.length);
    dunlin_buffer_append (to, value.data, value.length);
}

static void
put_list (DunlinBuffer *to, DunlinFieldType element, guint32 n)
{
    guint8 type = compact_of_type (element);

    dunlin_buffer_u8 (to, (guint8)(MIN (n, LONG_LIST) << 4 | type));
    if (n >= LONG_LIST)
        dunlin_varint_write (to, n);
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
