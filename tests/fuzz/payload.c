/* Hostile arguments: the first byte picks the encoding, the rest is read by generated code as the
 * arguments of conformance's everything(). What was taken without complaint must be taken again
 * after writing it, with nothing left over. */
#include "base/error.h"
#include "conformance_conformance.h"
#include "wire/payload.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

/* Far below the defaults: what is looked for are wrong reads, not slow ones. */
static const DunlinPayloadLimits limits = { .max_elements = 1000,
                                            .max_depth = 16,
                                            .max_output = 1024 * 1024 };

static gboolean
read_arguments (ThriftProtocol *protocol, GObject *arguments, const guint8 *data, gsize size)
{
    g_autoptr (GError) error = NULL;
    gint32 n;

    dunlin_payload_set_input (protocol, data, size);
    n = thrift_struct_read (THRIFT_STRUCT (arguments), protocol, &error);
    g_assert_cmpuint (dunlin_payload_consumed (protocol), <=, size);
    return n >= 0 && dunlin_payload_check (protocol, NULL);
}

static void
write_and_read_again (ThriftProtocol *protocol, GObject *arguments)
{
    g_autoptr (GObject) again = g_object_new (CONFORMANCE_TYPE_CONFORMANCE_EVERYTHING_ARGS, NULL);
    g_auto (DunlinBuffer) written = { 0 };
    g_autoptr (GError) error = NULL;

    dunlin_payload_set_output (protocol, &written);
    if (thrift_struct_write (THRIFT_STRUCT (arguments), protocol, &error) < 0)
        return; /* an optional container of a required struct that is not there: c_glib says no */
    g_assert_true (read_arguments (protocol, again, dunlin_buffer_bytes (&written),
                                   dunlin_buffer_length (&written)));
    g_assert_cmpuint (dunlin_payload_consumed (protocol), ==, dunlin_buffer_length (&written));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
    g_autoptr (GObject) arguments = NULL;
    ThriftProtocol *protocol;
    DunlinEncoding encoding;

    if (size == 0)
        return 0;
    encoding = data[0] % 2 == 0 ? DUNLIN_ENCODING_BINARY : DUNLIN_ENCODING_COMPACT;
    protocol = dunlin_payload_new (encoding, &limits);
    arguments = g_object_new (CONFORMANCE_TYPE_CONFORMANCE_EVERYTHING_ARGS, NULL);
    if (read_arguments (protocol, arguments, data + 1, size - 1))
        write_and_read_again (protocol, arguments);
    g_object_unref (protocol);
    return 0;
}
