/* Thrift's binary encoding: fixed sizes, big-endian; a field is type, id, value. */
#include "wire/payload_private.h"

typedef DunlinPayload DunlinBinaryProtocol;
typedef DunlinPayloadClass DunlinBinaryProtocolClass;

G_DEFINE_TYPE (DunlinBinaryProtocol, dunlin_binary_protocol, dunlin_payload_get_type ())

/* What a value needs at least. */
static const guint8 bytes_least[16] = {
    [T_BOOL] = 1,   [T_BYTE] = 1,   [T_I16] = 2, [T_I32] = 4, [T_I64] = 8,  [T_DOUBLE] = 8,
    [T_STRING] = 4, [T_STRUCT] = 1, [T_MAP] = 6, [T_SET] = 5, [T_LIST] = 5,
};

static guint
least (guint8 type)
{
    return type < G_N_ELEMENTS (bytes_least) ? bytes_least[type] : 0;
}

static gint
get_min_serialized_size (ThriftProtocol *protocol, ThriftType type, GError **error)
{
    return (gint)least ((guint8)type);
}

static inline guint16
load_u16 (const guint8 *at)
{
    guint16 v;

    memcpy (&v, at, sizeof v);
    return GUINT16_FROM_BE (v);
}

static inline guint32
load_u32 (const guint8 *at)
{
    guint32 v;

    memcpy (&v, at, sizeof v);
    return GUINT32_FROM_BE (v);
}

static inline guint64
load_u64 (const guint8 *at)
{
    guint64 v;

    memcpy (&v, at, sizeof v);
    return GUINT64_FROM_BE (v);
}

static inline void
store_u32 (guint8 *at, guint32 v)
{
    v = GUINT32_TO_BE (v);
    memcpy (at, &v, sizeof v);
}

/* A fixed-size value, or NULL: failed. */
static inline const guint8 *
take_value (DunlinPayload *self, guint8 type, gsize n, const char *what)
{
    if (!dunlin_payload_expect (self, type))
        return NULL;
    return dunlin_payload_take (self, n, what);
}

static gint32
read_field_begin (ThriftProtocol *protocol, gchar **name, ThriftType *type, gint16 *id,
                  GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *at = dunlin_payload_take (self, 1, "a field's type");
    const guint8 *id_at;

    *name = NULL;
    *type = T_STOP;
    *id = 0;
    if (at == NULL || *at == T_STOP)
        return 1;
    if (!dunlin_payload_is_type (*at)) {
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "a field of unknown type %d", *at);
        return 1;
    }
    id_at = dunlin_payload_take (self, 2, "a field's id");
    if (id_at == NULL || !dunlin_payload_begin_field (self, *at, (gint16)load_u16 (id_at)))
        return 1;
    *type = (ThriftType)*at;
    *id = (gint16)load_u16 (id_at);
    return 3;
}

static gint32
read_map_begin (ThriftProtocol *protocol, ThriftType *key, ThriftType *value, guint32 *size,
                GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *at = take_value (self, T_MAP, 6, "a map's header");

    *key = *value = T_STOP;
    *size = 0;
    if (at == NULL || !dunlin_payload_open (self, T_MAP, at[0], at[1], load_u32 (at + 2),
                                            least (at[0]) + least (at[1])))
        return 0;
    *key = (ThriftType)at[0];
    *value = (ThriftType)at[1];
    *size = load_u32 (at + 2);
    return 6;
}

static gint32
read_elements_begin (ThriftProtocol *protocol, guint8 type, ThriftType *element, guint32 *size)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *at = take_value (self, type, 5, "a list's header");

    *element = T_STOP;
    *size = 0;
    if (at == NULL ||
        !dunlin_payload_open (self, type, at[0], at[0], load_u32 (at + 1), least (at[0])))
        return 0;
    *element = (ThriftType)at[0];
    *size = load_u32 (at + 1);
    return 5;
}

static gint32
read_list_begin (ThriftProtocol *protocol, ThriftType *element, guint32 *size, GError **error)
{
    return read_elements_begin (protocol, T_LIST, element, size);
}

static gint32
read_set_begin (ThriftProtocol *protocol, ThriftType *element, guint32 *size, GError **error)
{
    return read_elements_begin (protocol, T_SET, element, size);
}

static gint32
read_bool (ThriftProtocol *protocol, gboolean *value, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *at = take_value (self, T_BOOL, 1, "a bool");

    *value = at != NULL && *at == 1;
    /* Implementations do not agree on what 2 would be. */
    if (G_UNLIKELY (at != NULL && *at > 1))
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "a bool of value %d", *at);
    return 1;
}

static gint32
read_byte (ThriftProtocol *protocol, gint8 *value, GError **error)
{
    const guint8 *at = take_value ((DunlinPayload *)protocol, T_BYTE, 1, "a byte");

    *value = at == NULL ? 0 : (gint8)*at;
    return 1;
}

static gint32
read_i16 (ThriftProtocol *protocol, gint16 *value, GError **error)
{
    const guint8 *at = take_value ((DunlinPayload *)protocol, T_I16, 2, "an i16");

    *value = at == NULL ? 0 : (gint16)load_u16 (at);
    return 2;
}

static gint32
read_i32 (ThriftProtocol *protocol, gint32 *value, GError **error)
{
    const guint8 *at = take_value ((DunlinPayload *)protocol, T_I32, 4, "an i32");

    *value = at == NULL ? 0 : (gint32)load_u32 (at);
    return 4;
}

static gint32
read_i64 (ThriftProtocol *protocol, gint64 *value, GError **error)
{
    const guint8 *at = take_value ((DunlinPayload *)protocol, T_I64, 8, "an i64");

    *value = at == NULL ? 0 : (gint64)load_u64 (at);
    return 8;
}

static gint32
read_double (ThriftProtocol *protocol, gdouble *value, GError **error)
{
    const guint8 *at = take_value ((DunlinPayload *)protocol, T_DOUBLE, 8, "a double");
    guint64 bits = at == NULL ? 0 : load_u64 (at);

    memcpy (value, &bits, sizeof bits);
    return 8;
}

/* Negative lengths are huge ones. */
static guint32
take_length (DunlinPayload *self)
{
    const guint8 *at = take_value (self, T_STRING, 4, "a string's length");

    return at == NULL ? 0 : load_u32 (at);
}

static gint32
read_string (ThriftProtocol *protocol, gchar **string, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *before = self->at;

    dunlin_payload_take_string (self, take_length (self), string);
    return (gint32)(self->at - before);
}

static gint32
read_binary (ThriftProtocol *protocol, gpointer *data, guint32 *length, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *before = self->at;

    dunlin_payload_take_binary (self, take_length (self), data, length);
    return (gint32)(self->at - before);
}

static gint32
write_struct_begin (ThriftProtocol *protocol, const gchar *name, GError **error)
{
    return dunlin_payload_descend ((DunlinPayload *)protocol, error) ? 0 : -1;
}

static gint32
write_field_begin (ThriftProtocol *protocol, const gchar *name, const ThriftType type,
                   const gint16 id, GError **error)
{
    guint8 *at = dunlin_payload_room ((DunlinPayload *)protocol, 3, error);

    if (at == NULL)
        return -1;
    at[0] = (guint8)type;
    at[1] = (guint8)((guint16)id >> 8);
    at[2] = (guint8)id;
    return 3;
}

static gint32
write_u8 (ThriftProtocol *protocol, guint8 value, GError **error)
{
    guint8 *at = dunlin_payload_room ((DunlinPayload *)protocol, 1, error);

    if (at == NULL)
        return -1;
    *at = value;
    return 1;
}

static gint32
write_field_stop (ThriftProtocol *protocol, GError **error)
{
    return write_u8 (protocol, T_STOP, error);
}

static gint32
write_map_begin (ThriftProtocol *protocol, const ThriftType key, const ThriftType value,
                 const guint32 size, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    guint8 *at = dunlin_payload_descend (self, error) ? dunlin_payload_room (self, 6, error) : NULL;

    if (at == NULL)
        return -1;
    at[0] = (guint8)key;
    at[1] = (guint8)value;
    store_u32 (at + 2, size);
    return 6;
}

static gint32
write_elements_begin (ThriftProtocol *protocol, const ThriftType element, const guint32 size,
                      GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    guint8 *at = dunlin_payload_descend (self, error) ? dunlin_payload_room (self, 5, error) : NULL;

    if (at == NULL)
        return -1;
    at[0] = (guint8)element;
    store_u32 (at + 1, size);
    return 5;
}

static gint32
write_bool (ThriftProtocol *protocol, const gboolean value, GError **error)
{
    return write_u8 (protocol, value ? 1 : 0, error);
}

static gint32
write_byte (ThriftProtocol *protocol, const gint8 value, GError **error)
{
    return write_u8 (protocol, (guint8)value, error);
}

static gint32
write_i16 (ThriftProtocol *protocol, const gint16 value, GError **error)
{
    guint16 v = GUINT16_TO_BE ((guint16)value);
    guint8 *at = dunlin_payload_room ((DunlinPayload *)protocol, sizeof v, error);

    if (at == NULL)
        return -1;
    memcpy (at, &v, sizeof v);
    return sizeof v;
}

static gint32
write_i32 (ThriftProtocol *protocol, const gint32 value, GError **error)
{
    guint8 *at = dunlin_payload_room ((DunlinPayload *)protocol, 4, error);

    if (at == NULL)
        return -1;
    store_u32 (at, (guint32)value);
    return 4;
}

static gint32
write_u64 (ThriftProtocol *protocol, guint64 v, GError **error)
{
    guint8 *at = dunlin_payload_room ((DunlinPayload *)protocol, sizeof v, error);

    if (at == NULL)
        return -1;
    v = GUINT64_TO_BE (v);
    memcpy (at, &v, sizeof v);
    return sizeof v;
}

static gint32
write_i64 (ThriftProtocol *protocol, const gint64 value, GError **error)
{
    return write_u64 (protocol, (guint64)value, error);
}

static gint32
write_double (ThriftProtocol *protocol, const gdouble value, GError **error)
{
    guint64 bits;

    memcpy (&bits, &value, sizeof bits);
    return write_u64 (protocol, bits, error);
}

static gint32
write_bytes (ThriftProtocol *protocol, const void *data, gsize n, GError **error)
{
    guint8 *at = dunlin_payload_room ((DunlinPayload *)protocol, 4 + n, error);

    if (at == NULL)
        return -1;
    store_u32 (at, (guint32)n);
    if (n > 0)
        memcpy (at + 4, data, n);
    return (gint32)(4 + n);
}

static gint32
write_string (ThriftProtocol *protocol, const gchar *string, GError **error)
{
    return write_bytes (protocol, string, string == NULL ? 0 : strlen (string), error);
}

static gint32
write_binary (ThriftProtocol *protocol, const gpointer data, const guint32 n, GError **error)
{
    return write_bytes (protocol, data, n, error);
}

static void
dunlin_binary_protocol_class_init (DunlinBinaryProtocolClass *class)
{
    ThriftProtocolClass *protocol = (ThriftProtocolClass *)class;

    protocol->get_min_serialized_size = get_min_serialized_size;

    protocol->read_field_begin = read_field_begin;
    protocol->read_map_begin = read_map_begin;
    protocol->read_list_begin = read_list_begin;
    protocol->read_set_begin = read_set_begin;
    protocol->read_bool = read_bool;
    protocol->read_byte = read_byte;
    protocol->read_i16 = read_i16;
    protocol->read_i32 = read_i32;
    protocol->read_i64 = read_i64;
    protocol->read_double = read_double;
    protocol->read_string = read_string;
    protocol->read_binary = read_binary;

    protocol->write_struct_begin = write_struct_begin;
    protocol->write_field_begin = write_field_begin;
    protocol->write_field_stop = write_field_stop;
    protocol->write_map_begin = write_map_begin;
    protocol->write_list_begin = write_elements_begin;
    protocol->write_set_begin = write_elements_begin;
    protocol->write_bool = write_bool;
    protocol->write_byte = write_byte;
    protocol->write_i16 = write_i16;
    protocol->write_i32 = write_i32;
    protocol->write_i64 = write_i64;
    protocol->write_double = write_double;
    protocol->write_string = write_string;
    protocol->write_binary = write_binary;
}

static void
dunlin_binary_protocol_init (DunlinBinaryProtocol *self)
{
}
