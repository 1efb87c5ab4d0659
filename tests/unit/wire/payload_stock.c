/* wire/payload held against Apache Thrift's own c_glib protocols, on thousands of random structs:
 * the same bytes out of the same calls, the same values out of the same bytes. */
#include "wire/payload.h"

#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/protocol/thrift_compact_protocol.h>
#include <thrift/c_glib/transport/thrift_memory_buffer.h>

#include "support/golden.h"
#include "support/thrift_values.h"
#include "wire/repairs.h"

#define SEEDS 1500

static ThriftProtocol *
stock_new (DunlinEncoding encoding, ThriftTransport *transport)
{
    return g_object_new (encoding == DUNLIN_ENCODING_COMPACT ? THRIFT_TYPE_COMPACT_PROTOCOL
                                                             : THRIFT_TYPE_BINARY_PROTOCOL,
                         "transport", transport, NULL);
}

static ThriftTransport *
memory_new (void)
{
    return g_object_new (THRIFT_TYPE_MEMORY_BUFFER, "buf_size", 1 << 30, NULL);
}

static void
check_same_bytes (DunlinEncoding encoding, guint32 seed)
{
    g_autoptr (GObject) transport = G_OBJECT (memory_new ());
    g_autoptr (GObject) stock = G_OBJECT (stock_new (encoding, THRIFT_TRANSPORT (transport)));
    g_autoptr (GObject) ours = G_OBJECT (dunlin_payload_new (encoding, NULL));
    g_auto (DunlinBuffer) out = { 0 };
    GByteArray *theirs = THRIFT_MEMORY_BUFFER (transport)->buf;

    write_random (THRIFT_PROTOCOL (stock), seed);
    dunlin_payload_set_output (THRIFT_PROTOCOL (ours), &out);
    write_random (THRIFT_PROTOCOL (ours), seed);
    golden_equal (dunlin_buffer_bytes (&out), dunlin_buffer_length (&out), theirs->data,
                  theirs->len);
}

static void
check_same_values (DunlinEncoding encoding, guint32 seed)
{
    g_autoptr (GObject) transport = G_OBJECT (memory_new ());
    g_autoptr (GObject) stock = G_OBJECT (stock_new (encoding, THRIFT_TRANSPORT (transport)));
    g_autoptr (GObject) ours = G_OBJECT (dunlin_payload_new (encoding, NULL));
    g_autoptr (GString) their_text = g_string_new (NULL);
    g_autoptr (GString) our_text = g_string_new (NULL);
    GByteArray *bytes = THRIFT_MEMORY_BUFFER (transport)->buf;
    g_autofree guint8 *copy = NULL;
    gsize n;

    write_random (THRIFT_PROTOCOL (stock), seed);
    n = bytes->len;
    copy = g_memdup2 (bytes->data, n);
    g_assert_true (text_of_value (THRIFT_PROTOCOL (stock), T_STRUCT, their_text));
    dunlin_payload_set_input (THRIFT_PROTOCOL (ours), copy, n);
    g_assert_true (text_of_value (THRIFT_PROTOCOL (ours), T_STRUCT, our_text));
    g_assert_no_error (dunlin_payload_failure (THRIFT_PROTOCOL (ours)));
    g_assert_cmpuint (dunlin_payload_consumed (THRIFT_PROTOCOL (ours)), ==, n);
    g_assert_cmpstr (our_text->str, ==, their_text->str);
}

static void
test_same_bytes (gconstpointer data)
{
    for (guint32 seed = 0; seed < SEEDS; seed++)
        check_same_bytes (GPOINTER_TO_INT (data), seed);
}

static void
test_same_values (gconstpointer data)
{
    for (guint32 seed = 0; seed < SEEDS; seed++)
        check_same_values (GPOINTER_TO_INT (data), seed);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    dunlin_repairs_library (); /* their memory buffers leak */
    g_test_add_data_func ("/wire/payload/stock/binary-writes-the-same-bytes",
                          GINT_TO_POINTER (DUNLIN_ENCODING_BINARY), test_same_bytes);
    g_test_add_data_func ("/wire/payload/stock/binary-reads-the-same-values",
                          GINT_TO_POINTER (DUNLIN_ENCODING_BINARY), test_same_values);
    g_test_add_data_func ("/wire/payload/stock/compact-writes-the-same-bytes",
                          GINT_TO_POINTER (DUNLIN_ENCODING_COMPACT), test_same_bytes);
    g_test_add_data_func ("/wire/payload/stock/compact-reads-the-same-values",
                          GINT_TO_POINTER (DUNLIN_ENCODING_COMPACT), test_same_values);
    return g_test_run ();
}
