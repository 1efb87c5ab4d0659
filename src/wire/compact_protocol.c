/* Thrift's compact encoding: varints, field ids as steps from the one before, bools inside of field
 * headers, doubles little-endian (alone among all Thrift numbers). */
#include "wire/payload_private.h"

#include "wire/compact.h"

/* The longest step that fits into a half byte. */
#define STEP_MAX 15

typedef DunlinPayload DunlinCompactProtocol;
typedef DunlinPayloadClass DunlinCompactProtocolClass;

G_DEFINE_TYPE (DunlinCompactProtocol, dunlin_compact_protocol, dunlin_payload_get_type ())

static const guint8 to_compact[16] = {
    [T_BOOL] = DUNLIN_COMPACT_TRUE,     [T_BYTE] = DUNLIN_COMPACT_BYTE,
    [T_I16] = DUNLIN_COMPACT_I16,       [T_I32] = DUNLIN_COMPACT_I32,
    [T_I64] = DUNLIN_COMPACT_I64,       [T_DOUBLE] = DUNLIN_COMPACT_DOUBLE,
    [T_STRING] = DUNLIN_COMPACT_BINARY, [T_LIST] = DUNLIN_COMPACT_LIST,
    [T_SET] = DUNLIN_COMPACT_SET,       [T_MAP] = DUNLIN_COMPACT_MAP,
    [T_STRUCT] = DUNLIN_COMPACT_STRUCT,
};

/* Every value takes a byte at least, doubles eight. */
static guint
least (guint8 type)
{
    return type == T_DOUBLE ? 8 : 1;
}

static gint
get_min_serialized_size (ThriftProtocol *protocol, ThriftType type, GError **error)
{
    return (gint)least ((guint8)type);
}

static guint64
take_long_varint (DunlinPayload *self, guint64 limit, const char *what)
{
    guint64 value;
    int n = dunlin_varint_read (self->at, (gsize)(self->end - self->at), limit, &value);

    if (n > 0) {
        self->at += n;
        return value;
    }
    if (n == 0)
        dunlin_payload_fail_short (self, (guint64)(self->end - self->at) + 1, what);
    else
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED,
                             "%s is too large for its type, or longer than it need be", what);
    return 0;
}

/* A varint up to @limit, or 0: failed. */
static inline guint64
take_varint (DunlinPayload *self, guint64 limit, const char *what)
{
    if (G_LIKELY (self->at < self->end && *self->at < 0x80))
        return *self->at++;
    return take_long_varint (self, limit, what);
}

static inline gint64
take_zigzag (DunlinPayload *self, guint64 limit, const char *what)
{
    return dunlin_unzigzag (take_varint (self, limit, what));
}

/* The id of a field whose header byte is @header. FALSE: failed. */
static gboolean
take_field_id (DunlinPayload *self, guint8 header, gint16 *id)
{
    int step = header >> 4;
    int next;

    if (step == DUNLIN_COMPACT_LONG_STEP) {
        *id = (gint16)take_zigzag (self, G_MAXUINT16, "a field's id");
        return self->failure == NULL;
    }
    next = self->level->last_id + step;
    if (next > G_MAXINT16) {
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "a field's id of %d", next);
        return FALSE;
    }
    *id = (gint16)next;
    return TRUE;
}

static gint32
read_field_begin (ThriftProtocol *protocol, gchar **name, ThriftType *type, gint16 *id,
                  GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *before = self->at;
    const guint8 *at = dunlin_payload_take (self, 1, "a field's header");
    guint8 wire;
    gint16 next;

    *name = NULL;
    *type = T_STOP;
    *id = 0;
    if (at == NULL || *at == DUNLIN_COMPACT_STOP)
        return 1;
    wire = dunlin_compact_to_type (*at);
    if (wire == T_STOP) {
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "a field of unknown compact type %d",
                             *at & 0x0f);
        return 1;
    }
    if (!take_field_id (self, *at, &next) || !dunlin_payload_begin_field (self, wire, next))
        return 1;
    if (wire == T_BOOL)
        self->held_bool = *at & 0x0f;
    self->level->last_id = next;
    *type = (ThriftType)wire;
    *id = next;
    return (gint32)(self->at - before);
}

static gint32
read_map_begin (ThriftProtocol *protocol, ThriftType *key, ThriftType *value, guint32 *size,
                GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *before = self->at;
    guint32 count = 0;
    guint8 key_type = T_STOP;
    guint8 value_type = T_STOP;

    *key = *value = T_STOP;
    *size = 0;
    if (dunlin_payload_expect (self, T_MAP))
        count = (guint32)take_varint (self, G_MAXUINT32, "a map's size");
    if (self->failure != NULL)
        return 0;
    if (count > 0) { /* an empty map says nothing of its types */
        const guint8 *types = dunlin_payload_take (self, 1, "a map's types");

        if (types == NULL)
            return 0;
        key_type = dunlin_compact_to_type (*types >> 4);
        value_type = dunlin_compact_to_type (*types);
    }
    if (!dunlin_payload_open (self, T_MAP, key_type, value_type, count,
                              least (key_type) + least (value_type)))
        return 0;
    *key = (ThriftType)key_type;
    *value = (ThriftType)value_type;
    *size = count;
    return (gint32)(self->at - before);
}

static gint32
read_elements_begin (ThriftProtocol *protocol, guint8 type, ThriftType *element, guint32 *size)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *before = self->at;
    const guint8 *at = NULL;
    guint8 element_type;
    guint32 count;

    *element = T_STOP;
    *size = 0;
    if (dunlin_payload_expect (self, type))
        at = dunlin_payload_take (self, 1, "a list's header");
    if (at == NULL)
        return 0;
    element_type = dunlin_compact_to_type (*at);
    count = *at >> 4;
    if (count == DUNLIN_COMPACT_LONG_LIST)
        count = (guint32)take_varint (self, G_MAXUINT32, "a list's size");
    if (self->failure != NULL ||
        !dunlin_payload_open (self, type, element_type, element_type, count, least (element_type)))
        return 0;
    *element = (ThriftType)element_type;
    *size = count;
    return (gint32)(self->at - before);
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

/* Elements are a byte each: 1, and 2 or (by the specification's text) 0. */
static guint8
take_bool_element (DunlinPayload *self)
{
    const guint8 *at = dunlin_payload_take (self, 1, "a bool");

    if (at != NULL && *at > DUNLIN_COMPACT_FALSE)
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "a bool of value %d", *at);
    return at == NULL ? DUNLIN_COMPACT_FALSE : *at;
}

static gint32
read_bool (ThriftProtocol *protocol, gboolean *value, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *before = self->at;
    guint8 held = self->held_bool;

    *value = FALSE;
    self->held_bool = DUNLIN_COMPACT_STOP;
    if (!dunlin_payload_expect (self, T_BOOL))
        return 0;
    if (held == DUNLIN_COMPACT_STOP)
        held = take_bool_element (self);
    *value = held == DUNLIN_COMPACT_TRUE;
    return (gint32)(self->at - before);
}

static gint32
read_byte (ThriftProtocol *protocol, gint8 *value, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *at = NULL;

    if (dunlin_payload_expect (self, T_BYTE))
        at = dunlin_payload_take (self, 1, "a byte");
    *value = at == NULL ? 0 : (gint8)*at;
    return 1;
}

static gint32
read_i16 (ThriftProtocol *protocol, gint16 *value, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *before = self->at;

    *value = 0;
    if (dunlin_payload_expect (self, T_I16))
        *value = (gint16)take_zigzag (self, G_MAXUINT16, "an i16");
    return (gint32)(self->at - before);
}

static gint32
read_i32 (ThriftProtocol *protocol, gint32 *value, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *before = self->at;

    *value = 0;
    if (dunlin_payload_expect (self, T_I32))
        *value = (gint32)take_zigzag (self, G_MAXUINT32, "an i32");
    return (gint32)(self->at - before);
}

static gint32
read_i64 (ThriftProtocol *protocol, gint64 *value, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *before = self->at;

    *value = 0;
    if (dunlin_payload_expect (self, T_I64))
        *value = take_zigzag (self, G_MAXUINT64, "an i64");
    return (gint32)(self->at - before);
}

static gint32
read_double (ThriftProtocol *protocol, gdouble *value, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    const guint8 *at = NULL;
    guint64 bits = 0;

    if (dunlin_payload_expect (self, T_DOUBLE))
        at = dunlin_payload_take (self, 8, "a double");
    if (at != NULL)
        memcpy (&bits, at, sizeof bits);
    bits = GUINT64_FROM_LE (bits);
    memcpy (value, &bits, sizeof bits);
    return 8;
}

static guint64
take_length (DunlinPayload *self)
{
    if (!dunlin_payload_expect (self, T_STRING))
        return 0;
    return take_varint (self, G_MAXUINT32, "a string's length");
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
write_bytes (DunlinPayload *self, const void *data, gsize n, GError **error)
{
    guint8 *at = dunlin_payload_room (self, n, error);

    if (at == NULL)
        return -1;
    memcpy (at, data, n);
    return (gint32)n;
}

static gint32
write_u8 (DunlinPayload *self, guint8 value, GError **error)
{
    return write_bytes (self, &value, 1, error);
}

static gint32
write_varint (DunlinPayload *self, guint64 value, GError **error)
{
    guint8 bytes[DUNLIN_VARINT_MAX_BYTES];

    return write_bytes (self, bytes, (gsize)dunlin_varint_write (bytes, value), error);
}

static gint32
write_struct_begin (ThriftProtocol *protocol, const gchar *name, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;

    if (!dunlin_payload_descend (self, error))
        return -1;
    self->out_last_ids[self->out_depth] = 0;
    return 0;
}

static gint32
write_field_header (DunlinPayload *self, guint8 compact_type, gint16 id, GError **error)
{
    int step = id - self->out_last_ids[self->out_depth];
    guint8 bytes[1 + DUNLIN_VARINT_MAX_BYTES];
    gsize n = 1;

    self->out_last_ids[self->out_depth] = id;
    if (step > 0 && step <= STEP_MAX) {
        bytes[0] = (guint8)(step << 4 | compact_type);
    } else {
        bytes[0] = compact_type;
        n += (gsize)dunlin_varint_write (bytes + 1, dunlin_zigzag (id));
    }
    return write_bytes (self, bytes, n, error);
}

static gint32
write_field_begin (ThriftProtocol *protocol, const gchar *name, const ThriftType type,
                   const gint16 id, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;

    if (type != T_BOOL)
        return write_field_header (self, to_compact[type & 0x0f], id, error);
    self->has_out_bool = TRUE;
    self->out_bool_id = id;
    return 0;
}

static gint32
write_field_stop (ThriftProtocol *protocol, GError **error)
{
    return write_u8 ((DunlinPayload *)protocol, DUNLIN_COMPACT_STOP, error);
}

static gint32
write_map_begin (ThriftProtocol *protocol, const ThriftType key, const ThriftType value,
                 const guint32 size, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    guint8 bytes[DUNLIN_VARINT_MAX_BYTES + 1];
    gsize n = (gsize)dunlin_varint_write (bytes, size);

    if (!dunlin_payload_descend (self, error))
        return -1;
    if (size > 0)
        bytes[n++] = (guint8)(to_compact[key & 0x0f] << 4 | to_compact[value & 0x0f]);
    return write_bytes (self, bytes, n, error);
}

static gint32
write_elements_begin (ThriftProtocol *protocol, const ThriftType element, const guint32 size,
                      GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    guint8 bytes[1 + DUNLIN_VARINT_MAX_BYTES];
    gsize n = 1;

    if (!dunlin_payload_descend (self, error))
        return -1;
    bytes[0] = (guint8)(MIN (size, DUNLIN_COMPACT_LONG_LIST) << 4 | to_compact[element & 0x0f]);
    if (size >= DUNLIN_COMPACT_LONG_LIST)
        n += (gsize)dunlin_varint_write (bytes + 1, size);
    return write_bytes (self, bytes, n, error);
}

static gint32
write_bool (ThriftProtocol *protocol, const gboolean value, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    guint8 compact = value ? DUNLIN_COMPACT_TRUE : DUNLIN_COMPACT_FALSE;

    if (!self->has_out_bool)
        return write_u8 (self, compact, error);
    self->has_out_bool = FALSE;
    return write_field_header (self, compact, self->out_bool_id, error);
}

static gint32
write_byte (ThriftProtocol *protocol, const gint8 value, GError **error)
{
    return write_u8 ((DunlinPayload *)protocol, (guint8)value, error);
}

static gint32
write_i16 (ThriftProtocol *protocol, const gint16 value, GError **error)
{
    return write_varint ((DunlinPayload *)protocol, dunlin_zigzag (value), error);
}

static gint32
write_i32 (ThriftProtocol *protocol, const gint32 value, GError **error)
{
    return write_varint ((DunlinPayload *)protocol, dunlin_zigzag (value), error);
}

static gint32
write_i64 (ThriftProtocol *protocol, const gint64 value, GError **error)
{
    return write_varint ((DunlinPayload *)protocol, dunlin_zigzag (value), error);
}

static gint32
write_double (ThriftProtocol *protocol, const gdouble value, GError **error)
{
    guint64 bits;

    memcpy (&bits, &value, sizeof bits);
    bits = GUINT64_TO_LE (bits);
    return write_bytes ((DunlinPayload *)protocol, &bits, sizeof bits, error);
}

static gint32
write_counted (DunlinPayload *self, const void *data, gsize n, GError **error)
{
    gint32 length = write_varint (self, n, error);

    if (length < 0 || n == 0)
        return length;
    return write_bytes (self, data, n, error) < 0 ? -1 : length + (gint32)n;
}

static gint32
write_string (ThriftProtocol *protocol, const gchar *string, GError **error)
{
    return write_counted ((DunlinPayload *)protocol, string, string == NULL ? 0 : strlen (string),
                          error);
}

static gint32
write_binary (ThriftProtocol *protocol, const gpointer data, const guint32 n, GError **error)
{
    return write_counted ((DunlinPayload *)protocol, data, n, error);
}

static void
dunlin_compact_protocol_class_init (DunlinCompactProtocolClass *class)
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
dunlin_compact_protocol_init (DunlinCompactProtocol *self)
{
}
