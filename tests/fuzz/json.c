/* Hostile JSON and hostile replies: the first byte picks the encoding and which of the two the rest
 * is. JSON that was taken comes out again and gives the same bytes; what comes out of a reply is
 * JSON, whatever the bytes were. */
#include "base/error.h"
#include "conformance_schema.h"
#include "wire/json.h"
#include "wire/json_tree.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Far below the defaults: what is looked for are wrong reads, not slow ones. */
static const DunlinPayloadLimits limits = { .max_elements = 1000,
                                            .max_depth = 16,
                                            .max_output = 1024 * 1024 };

#define TYPE (&conformance_every_type_schema)

static gboolean
read_reply (ThriftProtocol *protocol, const guint8 *data, gsize size, GString *text)
{
    static const DunlinJsonOptions options = { .max_text = 1024 * 1024 };
    const DunlinSchemaType type = { .kind = DUNLIN_SCHEMA_STRUCT, .structure = TYPE };
    g_autoptr (GError) error = NULL;

    dunlin_payload_set_input (protocol, data, size);
    if (dunlin_json_from_thrift (&type, protocol, text, &options, &error))
        return TRUE;
    g_assert_true (error->domain == DUNLIN_ERROR);
    g_assert_cmpuint (text->len, ==, 0);
    return FALSE;
}

static void
try_reply (ThriftProtocol *protocol, const guint8 *data, gsize size)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    DunlinJsonTree *tree;

    if (!read_reply (protocol, data, size, text))
        return;
    tree = dunlin_json_tree_new (text->str, text->len, G_MAXUINT32, &error);
    g_assert_no_error (error);
    dunlin_json_tree_free (tree);
}

static gboolean
write_json (ThriftProtocol *protocol, const char *json, gsize length, DunlinBuffer *out)
{
    g_autoptr (GError) error = NULL;

    if (dunlin_json_to_thrift (TYPE, json, length, protocol, out, &error))
        return TRUE;
    g_assert_true (error->domain == DUNLIN_ERROR);
    g_assert_cmpuint (dunlin_buffer_length (out), ==, 0);
    return FALSE;
}

static void
try_json (ThriftProtocol *protocol, const guint8 *data, gsize size)
{
    g_auto (DunlinBuffer) bytes = { 0 };
    g_auto (DunlinBuffer) again = { 0 };
    g_autoptr (GString) text = g_string_new (NULL);

    if (!write_json (protocol, (const char *)data, size, &bytes))
        return;
    g_assert_true (
        read_reply (protocol, dunlin_buffer_bytes (&bytes), dunlin_buffer_length (&bytes), text));
    g_assert_true (write_json (protocol, text->str, text->len, &again));
    g_assert_cmpuint (dunlin_buffer_length (&again), ==, dunlin_buffer_length (&bytes));
    g_assert_true (memcmp (dunlin_buffer_bytes (&again), dunlin_buffer_bytes (&bytes),
                           dunlin_buffer_length (&bytes)) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    ThriftProtocol *protocol;

    if (size == 0)
        return 0;
    protocol = dunlin_payload_new (data[0] & 1 ? DUNLIN_ENCODING_COMPACT : DUNLIN_ENCODING_BINARY,
                                   &limits);
    if (data[0] & 2)
        try_reply (protocol, data + 1, size - 1);
    else
        try_json (protocol, data + 1, size - 1);
    g_object_unref (protocol);
    return 0;
}
