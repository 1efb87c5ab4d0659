/* The objects behind both protocols, and the part of ThriftProtocol that is the same in every
 * encoding. */
#include "wire/payload.h"

#include "wire/payload_private.h"
#include "wire/payload_transport.h"

/* Bytes of a depth's scratch that are kept from message to message: some hundred keys. */
#define SCRATCH_KEPT 4096

G_DEFINE_ABSTRACT_TYPE (DunlinPayload, dunlin_payload, THRIFT_TYPE_PROTOCOL)

const DunlinPayloadLimits dunlin_payload_default_limits = {
    .max_elements = 1000000,
    .max_depth = DUNLIN_PAYLOAD_DEPTH_MAX,
    .max_output = 64 << 20,
    .allow_invalid_utf8 = FALSE,
};

static gint32
read_message_begin (ThriftProtocol *protocol, gchar **name, ThriftMessageType *type, gint32 *seqid,
                    GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    DunlinMessageHeader header;
    gsize used;

    if (!dunlin_payload_transport_read_begin ((DunlinPayloadTransport *)protocol->transport, error))
        return -1;
    if (!dunlin_payload_check (protocol, error))
        return -1;
    if (!dunlin_message_read (self->at, (gsize)(self->end - self->at), self->encoding, &header,
                              &used, &self->failure)) {
        self->end = self->at;
        dunlin_payload_check (protocol, error);
        return -1;
    }
    self->at += used;
    *name = g_strndup (header.name, header.name_length);
    *type = (ThriftMessageType)header.type;
    *seqid = header.seqid;
    return (gint32)used;
}

static gint32
read_message_end (ThriftProtocol *protocol, GError **error)
{
    return dunlin_payload_check (protocol, error) ? 0 : -1;
}

static gint32
read_struct_begin (ThriftProtocol *protocol, gchar **name, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;

    *name = NULL;
    if (self->failure == NULL && dunlin_payload_expect (self, T_STRUCT) &&
        dunlin_payload_charge_alone (self))
        dunlin_payload_push (self, T_STRUCT, T_STOP, T_STOP);
    return 0;
}

static gint32
read_close (ThriftProtocol *protocol, GError **error)
{
    dunlin_payload_pop ((DunlinPayload *)protocol);
    return 0;
}

static gint32
nothing (ThriftProtocol *protocol, GError **error)
{
    return 0;
}

static gint32
write_message_begin (ThriftProtocol *protocol, const gchar *name, const ThriftMessageType type,
                     const gint32 seqid, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;
    DunlinMessageHeader header = {
        .name = name,
        .name_length = strlen (name),
        .type = (DunlinMessageType)type,
        .seqid = seqid,
        .encoding = self->encoding,
        .strict = self->strict,
    };
    gsize before;
    gsize length;

    if (!dunlin_payload_transport_write_begin ((DunlinPayloadTransport *)protocol->transport,
                                               error))
        return -1;
    if (header.name_length > DUNLIN_MESSAGE_NAME_MAX) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                     "payload: a method name of %" G_GSIZE_FORMAT " bytes, at most %d are sent",
                     header.name_length, DUNLIN_MESSAGE_NAME_MAX);
        return -1;
    }
    if (self->out == NULL)
        return dunlin_payload_fail_room (self, header.name_length, error) ? 0 : -1;
    before = dunlin_buffer_length (self->out);
    dunlin_message_write (self->out, &header);
    length = dunlin_buffer_length (self->out) - before;
    if (length > self->out_left) {
        dunlin_buffer_truncate (self->out, before);
        dunlin_payload_fail_room (self, length, error);
        return -1;
    }
    self->out_left -= length;
    return (gint32)length;
}

static gint32
write_close (ThriftProtocol *protocol, GError **error)
{
    dunlin_payload_ascend ((DunlinPayload *)protocol);
    return 0;
}

static void
constructed (GObject *object)
{
    ThriftProtocol *protocol = (ThriftProtocol *)object;

    G_OBJECT_CLASS (dunlin_payload_parent_class)->constructed (object);
    if (protocol->transport == NULL)
        protocol->transport = dunlin_payload_transport_new ();
}

static void
finalize (GObject *object)
{
    DunlinPayload *self = (DunlinPayload *)object;

    g_clear_error (&self->failure);
    for (gsize i = 0; i < G_N_ELEMENTS (self->levels); i++)
        g_free (self->levels[i].far_ids);
    dunlin_payload_trim_scratches (self, 0);
    G_OBJECT_CLASS (dunlin_payload_parent_class)->finalize (object);
}

static void
dunlin_payload_class_init (DunlinPayloadClass *class)
{
    GObjectClass *object = (GObjectClass *)class;
    ThriftProtocolClass *protocol = (ThriftProtocolClass *)class;

    object->constructed = constructed;
    object->finalize = finalize;

    protocol->read_message_begin = read_message_begin;
    protocol->read_message_end = read_message_end;
    protocol->read_struct_begin = read_struct_begin;
    protocol->read_struct_end = read_close;
    protocol->read_field_end = nothing;
    protocol->read_list_end = read_close;
    protocol->read_set_end = read_close;
    protocol->read_map_end = read_close;

    protocol->write_message_begin = write_message_begin;
    protocol->write_message_end = nothing;
    protocol->write_struct_end = write_close;
    protocol->write_field_end = nothing;
    protocol->write_list_end = write_close;
    protocol->write_set_end = write_close;
    protocol->write_map_end = write_close;
}

static void
dunlin_payload_init (DunlinPayload *self)
{
    self->strict = TRUE;
    self->level = self->levels;
    self->levels[0].now = self->levels[0].later = DUNLIN_PAYLOAD_ANY;
}

ThriftProtocol *
dunlin_payload_new (DunlinEncoding encoding, const DunlinPayloadLimits *limits)
{
    DunlinPayload *self =
        g_object_new (encoding == DUNLIN_ENCODING_COMPACT ? dunlin_compact_protocol_get_type ()
                                                          : dunlin_binary_protocol_get_type (),
                      NULL);

    self->encoding = encoding;
    self->limits = limits == NULL ? dunlin_payload_default_limits : *limits;
    self->limits.max_depth = CLAMP (self->limits.max_depth, 1, DUNLIN_PAYLOAD_DEPTH_MAX);
    /* Lengths are signed 32-bit numbers on the wire. */
    self->limits.max_output = MIN (self->limits.max_output, G_MAXINT32);
    self->deepest = self->levels + self->limits.max_depth;
    return (ThriftProtocol *)self;
}

void
dunlin_payload_set_input (ThriftProtocol *protocol, const guint8 *data, gsize n)
{
    DunlinPayload *self = (DunlinPayload *)protocol;

    if (data == NULL)
        data = (const guint8 *)""; /* n is 0: no arithmetic on NULL */
    for (; self->level != self->levels; self->level--) {
        if (self->level->has_far_ids)
            dunlin_payload_clean_level (self->level);
    }
    if (G_UNLIKELY (self->failure != NULL))
        g_clear_error (&self->failure);
    self->levels[0].now = self->levels[0].later = DUNLIN_PAYLOAD_ANY;
    self->held_bool = T_STOP;
    self->start = self->at = data;
    self->end = data + n;
    self->elements_left = self->limits.max_elements;
}

gsize
dunlin_payload_consumed (ThriftProtocol *protocol)
{
    DunlinPayload *self = (DunlinPayload *)protocol;

    return (gsize)(self->at - self->start);
}

const GError *
dunlin_payload_failure (ThriftProtocol *protocol)
{
    return ((DunlinPayload *)protocol)->failure;
}

gboolean
dunlin_payload_check (ThriftProtocol *protocol, GError **error)
{
    DunlinPayload *self = (DunlinPayload *)protocol;

    if (self->failure == NULL)
        return TRUE;
    if (error != NULL)
        *error = g_error_copy (self->failure);
    return FALSE;
}

void
dunlin_payload_set_output (ThriftProtocol *protocol, DunlinBuffer *out)
{
    DunlinPayload *self = (DunlinPayload *)protocol;

    self->out = out;
    self->out_left = out == NULL ? 0 : self->limits.max_output;
    self->out_depth = 0;
    self->has_out_bool = FALSE;
    dunlin_payload_trim_scratches (self, SCRATCH_KEPT);
}

void
dunlin_payload_set_strict (ThriftProtocol *protocol, gboolean strict)
{
    ((DunlinPayload *)protocol)->strict = strict;
}

DunlinEncoding
dunlin_payload_get_encoding (ThriftProtocol *protocol)
{
    return ((DunlinPayload *)protocol)->encoding;
}

void
dunlin_payload_set_hooks (ThriftProtocol *protocol, const DunlinPayloadHooks *hooks)
{
    DunlinPayloadTransport *transport = (DunlinPayloadTransport *)protocol->transport;

    transport->hooks = hooks == NULL ? (DunlinPayloadHooks){ 0 } : *hooks;
}
