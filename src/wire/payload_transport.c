/* The transport without bytes: flush and read_end become hooks. */
#include "wire/payload_transport.h"

#include "base/error.h"

G_DEFINE_TYPE (DunlinPayloadTransport, dunlin_payload_transport, THRIFT_TYPE_TRANSPORT)

static gboolean
run_hook (ThriftTransport *transport, gboolean (*hook) (gpointer user, GError **error),
          GError **error)
{
    DunlinPayloadTransport *self = (DunlinPayloadTransport *)transport;

    return hook == NULL || hook (self->hooks.user, error);
}

static gboolean
flush (ThriftTransport *transport, GError **error)
{
    return run_hook (transport, ((DunlinPayloadTransport *)transport)->hooks.on_flush, error);
}

static gboolean
read_end (ThriftTransport *transport, GError **error)
{
    return run_hook (transport, ((DunlinPayloadTransport *)transport)->hooks.on_read_end, error);
}

gboolean
dunlin_payload_transport_write_begin (DunlinPayloadTransport *self, GError **error)
{
    return run_hook ((ThriftTransport *)self, self->hooks.on_write_begin, error);
}

gboolean
dunlin_payload_transport_read_begin (DunlinPayloadTransport *self, GError **error)
{
    return run_hook ((ThriftTransport *)self, self->hooks.on_read_begin, error);
}

static gboolean
is_open (ThriftTransport *transport)
{
    return TRUE;
}

static gboolean
succeed (ThriftTransport *transport, GError **error)
{
    return TRUE;
}

static void
refuse (GError **error)
{
    g_set_error_literal (
        error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
        "payload transport: carries no bytes: read and write through its protocol");
}

static gint32
refuse_read (ThriftTransport *transport, gpointer to, guint32 n, GError **error)
{
    refuse (error);
    return -1;
}

static gboolean
refuse_write (ThriftTransport *transport, const gpointer from, const guint32 n, GError **error)
{
    refuse (error);
    return FALSE;
}

static void
dunlin_payload_transport_class_init (DunlinPayloadTransportClass *class)
{
    ThriftTransportClass *transport = (ThriftTransportClass *)class;

    transport->is_open = is_open;
    transport->open = succeed;
    transport->close = succeed;
    transport->read = refuse_read;
    transport->read_all = refuse_read; /* the inherited one turns for ever on a read of nothing */
    transport->read_end = read_end;
    transport->write = refuse_write;
    transport->write_end = succeed;
    transport->flush = flush;
}

static void
dunlin_payload_transport_init (DunlinPayloadTransport *self)
{
}

ThriftTransport *
dunlin_payload_transport_new (void)
{
    return g_object_new (dunlin_payload_transport_get_type (), NULL);
}
