/* TTwitter's upgrade and headers: the bytes of Finagle 22.7.0's client (binary), and for compact
 * those that Apache Thrift's Python writes for the same structs. */
#include "wire/ttwitter.h"
#include "base/error.h"
#include "support/golden.h"

#define NAME "'__can__finagle__trace__v3__'"

static const struct {
    DunlinTtwitterEncoding encoding;
    const char *call;
    const char *reply;
    gint32 sequence;
} upgrades[] = {
    { DUNLIN_TTWITTER_BINARY, "80 01 00 01 00 00 00 1b " NAME " 00 00 00 00 00",
      "80 01 00 02 00 00 00 1b " NAME " 00 00 00 00 00", 0 },
    { DUNLIN_TTWITTER_BINARY, "80 01 00 01 00 00 00 1b " NAME " 80 96 e5 5b 00",
      "80 01 00 02 00 00 00 1b " NAME " 80 96 e5 5b 00", (gint32)0x8096e55b },
    { DUNLIN_TTWITTER_BINARY_OLD, "00 00 00 1b " NAME " 01 00 00 01 2c 00",
      "00 00 00 1b " NAME " 02 00 00 01 2c 00", 300 },
    { DUNLIN_TTWITTER_COMPACT, "82 21 ac 02 1b " NAME " 00", "82 41 ac 02 1b " NAME " 00", 300 },
    { DUNLIN_TTWITTER_COMPACT, "82 21 ff ff ff ff 0f 1b " NAME " 00",
      "82 41 ff ff ff ff 0f 1b " NAME " 00", -1 },
};

static gboolean
is_upgrade (const char *text, DunlinTtwitterEncoding *encoding, gint32 *sequence)
{
    g_auto (DunlinBuffer) frame = golden (text);
    gsize length = dunlin_buffer_length (&frame);
    g_autofree guint8 *copy = golden_prefix (&frame, length);

    return dunlin_ttwitter_is_upgrade (copy, length, encoding, sequence);
}

static void
test_upgrade (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (upgrades); i++) {
        g_auto (DunlinBuffer) reply = { 0 };
        DunlinTtwitterEncoding encoding;
        gint32 sequence;

        g_assert_true (is_upgrade (upgrades[i].call, &encoding, &sequence));
        g_assert_cmpint (encoding, ==, upgrades[i].encoding);
        g_assert_cmpint (sequence, ==, upgrades[i].sequence);
        dunlin_ttwitter_write_upgrade_reply (&reply, encoding, sequence);
        golden_check (&reply, upgrades[i].reply);
    }
}

static void
test_no_upgrade (void)
{
    const char *frames[] = {
        "",
        "80",
        "82",
        "80 01 00 02 00 00 00 1b " NAME " 00 00 00 00 00", /* REPLY */
        "80 01 00 04 00 00 00 1b " NAME " 00 00 00 00 00", /* ONEWAY */
        "82 81 00 1b " NAME " 00",
        "82 22 00 1b " NAME " 00", /* version 2 */
        "80 02 00 01 00 00 00 1b " NAME " 00 00 00 00 00",
        "80 01 00 01 00 00 00 1b '__can__finagle__trace__v4__' 00 00 00 00 00",
        "80 01 00 01 00 00 00 1a '__can__finagle__trace__v3_' 00 00 00 00 00",
        "80 01 00 01 00 00 00 1c '__can__finagle__trace__v3__x' 00 00 00 00 00",
        "80 01 00 01 00 00 00 04 'ping' 00 00 00 00 00",
        "80 01 00 01 ff ff ff ff " NAME " 00 00 00 00 00",
        "82 21 00 ff ff ff ff 0f " NAME " 00",
        "ff ff ff ff ff ff ff ff ff",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
        g_assert_false (is_upgrade (frames[i], &(DunlinTtwitterEncoding){ 0 }, &(gint32){ 0 }));
}

static void
test_upgrade_cuts (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (upgrades); i++) {
        g_auto (DunlinBuffer) frame = golden (upgrades[i].call);

        /* the last byte is the empty struct of the arguments, which is not read */
        for (gsize n = 0; n + 1 < dunlin_buffer_length (&frame); n++) {
            g_autofree guint8 *prefix = golden_prefix (&frame, n);

            g_assert_false (dunlin_ttwitter_is_upgrade (prefix, n, &(DunlinTtwitterEncoding){ 0 },
                                                        &(gint32){ 0 }));
        }
    }
}

static void
test_upgrade_as_client (void)
{
    const struct {
        DunlinTtwitterEncoding encoding;
        const char *call;
    } rows[] = {
        { DUNLIN_TTWITTER_BINARY, "80 01 00 01 00 00 00 1b " NAME " 00 00 00 00 00" },
        { DUNLIN_TTWITTER_BINARY_OLD, "00 00 00 1b " NAME " 01 00 00 00 00 00" },
        { DUNLIN_TTWITTER_COMPACT, "82 21 00 1b " NAME " 00" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_auto (DunlinBuffer) call = { 0 };

        dunlin_ttwitter_write_upgrade (&call, rows[i].encoding);
        golden_check (&call, rows[i].call);
    }
}

static void
test_upgrade_answers (void)
{
    const struct {
        const char *frame;
        gboolean ok;
        gboolean upgraded;
    } rows[] = {
        { "80 01 00 02 00 00 00 1b " NAME " 00 00 00 00 00", TRUE, TRUE },
        { "80 01 00 03 00 00 00 1b " NAME " 00 00 00 00 08 00 02 00 00 00 01 00", TRUE, FALSE },
        { "82 61 00 1b " NAME " 00", TRUE, FALSE },
        { "00 00 00 1b " NAME " 02 00 00 00 00 00", TRUE, TRUE },
        { "80 01 00 01 00 00 00 1b " NAME " 00 00 00 00 00", FALSE, FALSE },
        { "80 01 00 02 00 00 00 1b", FALSE, FALSE },
        { "'HTTP/1.1 400 Bad Request'", FALSE, FALSE },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_auto (DunlinBuffer) frame = golden (rows[i].frame);
        g_autoptr (GError) error = NULL;
        gboolean upgraded = FALSE;

        g_assert_cmpint (rows[i].ok, ==,
                         dunlin_ttwitter_read_upgrade_reply (dunlin_buffer_bytes (&frame),
                                                             dunlin_buffer_length (&frame),
                                                             &upgraded, &error));
        g_assert_cmpint (upgraded, ==, rows[i].upgraded);
        g_assert_true (rows[i].ok == (error == NULL));
    }
}

#define MESSAGE "80 01 00 01 00 00 00 04 'ping' 80 96 e5 5b 00"
#define IDS     "13 74 c5 71 9a ab 16 2e"
/* ping() with a timeout of 2 s from the client "peer.client", as seen on the wire */
#define PING_HEADER                                                                                \
    "0a 00 01 " IDS "0a 00 02 " IDS "0c 00 06 0b 00 01 00 00 00 0b 'peer.client' 00"               \
    "0a 00 07 00 00 00 00 00 00 00 00"                                                             \
    "0f 00 08 0c 00 00 00 04"                                                                      \
    "0b 00 01 00 00 00 28 'com.twitter.finagle.tracing.TraceContext'"                              \
    "0b 00 02 00 00 00 20 " IDS IDS IDS "00 00 00 00 00 00 00 00 00"                               \
    "0b 00 01 00 00 00 1b 'com.twitter.finagle.Retries' 0b 00 02 00 00 00 04 00 00 00 00 00"       \
    "0b 00 01 00 00 00 1c 'com.twitter.finagle.Deadline' 0b 00 02 00 00 00 10"                     \
    "18 e9 ef 9f ab 43 34 00 18 e9 ef a0 22 78 c8 00 00"                                           \
    "0b 00 01 00 00 00 2a 'com.twitter.finagle.thrift.ClientIdContext'"                            \
    "0b 00 02 00 00 00 0b 'peer.client' 00 00"

/* Every field of a RequestHeader: trace -2 under 3, sampled, dest, two delegations, 128 bits. */
#define FULL_BINARY                                                                                \
    "0a00011374c5719aab162e 0a0002fffffffffffffffe 0a00030000000000000003 02000501"                \
    "0c00060b00010000000b 'peer.client' 00 0a00070000010000000000 0f00080c00000002"                \
    "0b00010000001b 'com.twitter.finagle.Retries' 0b00020000000400000007 00"                       \
    "0b000100000007 'app.key' 0b00020000000200ff 00 0b000900000004 '/s/x' 0f000a0c00000002"        \
    "0b000100000004 '/foo' 0b000200000004 '/bar' 00"                                               \
    "0b000100000004 '/baz' 0b00020000000a '/quux | /x' 00 0a000bfffffffffffffffb 00"
#define FULL_COMPACT                                                                               \
    "16dcd8d8aab3dce2f426 1603 1606 21 1c180b 'peer.client' 00 168080808080 40 192c"               \
    "181b 'com.twitter.finagle.Retries' 180400000007 00 1807 'app.key' 180200ff 00 1804 '/s/x'"    \
    "192c 1804 '/foo' 1804 '/bar' 00 1804 '/baz' 180a '/quux | /x' 00 1609 00"

/* Reads a header from exactly these bytes; the context borrows from @frame. */
static gboolean
read_request (const DunlinBuffer *frame, gsize length, DunlinTtwitterEncoding encoding,
              DunlinContext *context, gsize *left, GError **error)
{
    g_autofree guint8 *copy = golden_prefix (frame, length);
    DunlinReader in = dunlin_reader (copy, length);
    gboolean ok = dunlin_ttwitter_read_request (&in, encoding, context, error);

    *left = in.left;
    if (ok)
        dunlin_context_own (context);
    return ok;
}

static void
read_golden (const char *text, DunlinTtwitterEncoding encoding, DunlinContext *context)
{
    g_auto (DunlinBuffer) frame = golden (text);
    g_autoptr (GError) error = NULL;
    gsize message;
    gsize left;

    golden_append (&frame, "'message'");
    message = 7;
    read_request (&frame, dunlin_buffer_length (&frame), encoding, context, &left, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (left, ==, message);
}

static void
assert_malformed (const char *text, DunlinTtwitterEncoding encoding)
{
    g_auto (DunlinBuffer) frame = golden (text);
    g_auto (DunlinContext) context = { 0 };
    g_autoptr (GError) error = NULL;
    gsize left;

    g_assert_false (
        read_request (&frame, dunlin_buffer_length (&frame), encoding, &context, &left, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    g_assert_true (g_str_has_prefix (error->message, "TTwitter RequestHeader: "));
}

static void
assert_slice (DunlinSlice slice, const char *text)
{
    golden_equal (slice.data, slice.length, text, strlen (text));
}

static void
test_ping (void)
{
    g_auto (DunlinBuffer) frame = golden (PING_HEADER MESSAGE);
    g_auto (DunlinContext) context = { 0 };
    gsize left;

    g_assert_cmpuint (dunlin_buffer_length (&frame), ==, 341);
    g_assert_true (read_request (&frame, 341, DUNLIN_TTWITTER_BINARY, &context, &left, NULL));
    g_assert_cmpuint (left, ==, 17);
    g_assert_cmphex (context.trace_id, ==, 0x1374c5719aab162e);
    g_assert_cmphex (context.span_id, ==, context.trace_id);
    g_assert_cmphex (context.parent_id, ==, context.trace_id);
    g_assert_cmpuint (context.trace_flags, ==, 0);
    assert_slice (context.client_id, "peer.client");
    g_assert_true (context.has_retries);
    g_assert_cmpint (dunlin_context_remaining_us (&context), ==, 2 * G_USEC_PER_SEC);
    g_assert_cmpuint (context.others.n, ==, 0);
}

static void
assert_full (const DunlinContext *context)
{
    g_assert_cmphex (context->trace_id, ==, 0x1374c5719aab162e);
    g_assert_cmpint ((gint64)context->span_id, ==, -2);
    g_assert_cmpuint (context->parent_id, ==, 3);
    g_assert_true (context->has_trace_high);
    g_assert_cmpint ((gint64)context->trace_id_high, ==, -5);
    g_assert_cmphex (context->trace_flags, ==, 0x10000000006);
    assert_slice (context->client_id, "peer.client");
    g_assert_cmpuint (context->retries, ==, 7);
    g_assert_cmpuint (context->others.n, ==, 1);
    g_assert_cmpuint (dunlin_context_find (context, "App.Key")->length, ==, 2);
    assert_slice (context->dest, "/s/x");
    g_assert_cmpuint (context->dtab.n, ==, 2);
    assert_slice (context->dtab.items[0].key, "/foo");
    assert_slice (context->dtab.items[1].value, "/quux | /x");
}

static void
test_full (void)
{
    g_auto (DunlinContext) binary = { 0 };
    g_auto (DunlinContext) compact = { 0 };

    read_golden (FULL_BINARY, DUNLIN_TTWITTER_BINARY, &binary);
    assert_full (&binary);
    read_golden (FULL_COMPACT, DUNLIN_TTWITTER_COMPACT, &compact);
    assert_full (&compact);
}

static void
test_empty (void)
{
    for (int encoding = DUNLIN_TTWITTER_BINARY; encoding <= DUNLIN_TTWITTER_COMPACT; encoding++) {
        g_auto (DunlinContext) context = { 0 };

        read_golden ("00", encoding, &context);
        g_assert_false (context.has_trace);
        g_assert_false (context.has_deadline);
        g_assert_cmpuint (context.client_id.length, ==, 0);
    }
}

static void
test_sampled (void)
{
    g_auto (DunlinContext) yes = { 0 };
    g_auto (DunlinContext) no = { 0 };
    g_auto (DunlinContext) undecided = { 0 };

    read_golden ("0a 00 01 " IDS "02 00 05 01 00", DUNLIN_TTWITTER_BINARY, &yes);
    g_assert_cmphex (yes.trace_flags, ==, DUNLIN_TRACE_DECIDED | DUNLIN_TRACE_SAMPLED);
    g_assert_cmphex (yes.span_id, ==, yes.trace_id);
    read_golden ("0a 00 02 " IDS "0a 00 07 00 00 00 00 00 00 00 04 02 00 05 00 00",
                 DUNLIN_TTWITTER_BINARY, &no);
    g_assert_cmphex (no.trace_flags, ==, DUNLIN_TRACE_DECIDED);
    g_assert_cmphex (no.trace_id, ==, no.span_id);
    read_golden ("0a 00 02 " IDS "00", DUNLIN_TTWITTER_BINARY, &undecided);
    g_assert_cmphex (undecided.trace_flags, ==, 0);
}

/* The entries win over the fields, wherever in the header they stand. */
static void
test_precedence (void)
{
    const char *contexts = "0f 00 08 0c 00 00 00 02"
                           "0b 00 01 00 00 00 28 'com.twitter.finagle.tracing.TraceContext'"
                           "0b 00 02 00 00 00 20 0000000000000001 0000000000000002"
                           "0000000000000003 0000000000000006 00"
                           "0b 00 01 00 00 00 2a 'com.twitter.finagle.thrift.ClientIdContext'"
                           "0b 00 02 00 00 00 05 'entry' 00";
    const char *fields = "0a 00 01 " IDS "0a 00 02 " IDS "02 00 05 00"
                         "0c 00 06 0b 00 01 00 00 00 05 'field' 00 0a 00 0b " IDS;

    for (int order = 0; order < 2; order++) {
        g_auto (DunlinContext) context = { 0 };
        g_autofree char *header = g_strconcat (order == 0 ? fields : contexts,
                                               order == 0 ? contexts : fields, "00", NULL);

        read_golden (header, DUNLIN_TTWITTER_BINARY, &context);
        g_assert_cmpuint (context.trace_id, ==, 3);
        g_assert_cmpuint (context.trace_flags, ==, 6);
        g_assert_false (context.has_trace_high);
        assert_slice (context.client_id, "entry");
    }
}

static void
test_bad_entries (void)
{
    g_auto (DunlinContext) context = { 0 };

    read_golden ("0a 00 01 " IDS "0a 00 02 " IDS "0c 00 06 0b 00 01 00 00 00 05 'field' 00"
                 "0f 00 08 0c 00 00 00 02"
                 "0b 00 01 00 00 00 28 'com.twitter.finagle.tracing.TraceContext'"
                 "0b 00 02 00 00 00 01 00 00"
                 "0b 00 01 00 00 00 2a 'com.twitter.finagle.thrift.ClientIdContext'"
                 "0b 00 02 00 00 00 00 00 00",
                 DUNLIN_TTWITTER_BINARY, &context);
    g_assert_cmphex (context.trace_id, ==, 0x1374c5719aab162e);
    assert_slice (context.client_id, "field");
}

static void
test_repeated (void)
{
    g_auto (DunlinContext) context = { 0 };

    read_golden ("0b 00 09 00 00 00 02 '/a' 0b 00 09 00 00 00 02 '/b'"
                 "0f 00 08 0c 00 00 00 01 0b 00 01 00 00 00 01 'k' 0b 00 02 00 00 00 01 '1' 00"
                 "0f 00 08 0c 00 00 00 01 0b 00 01 00 00 00 01 'k' 0b 00 02 00 00 00 01 '2' 00"
                 "0c 00 06 0b 00 01 00 00 00 01 'x' 00 0c 00 06 00 00",
                 DUNLIN_TTWITTER_BINARY, &context);
    assert_slice (context.dest, "/b");
    assert_slice (*dunlin_context_find (&context, "k"), "2");
    assert_slice (context.client_id, "");
}

/* Fields of every type that a later Finagle may add, and known ones of another type. */
static void
test_unknown_fields (void)
{
    const char *binary =
        "0b0001000000026e6f 0a00050000000000000001 0b0006000000026e6f"
        "0d00080b0b00000001000000016100000001620f00090b0000000100000001780200140103"
        "0015ff060016fffe080017fffffffd0a0018fffffffffffffffc0400193ff80000000000000b"
        "001a00000001670c001b0b00010000000168000d001c0b0800000001000000017800000001"
        "0e001d0600000002000100020f001e020000000201000f001f0f0000000204000000013ff0"
        "00000000000004000000000d00200a0d000000010000000000000001020c00000001010b00"
        "01000000017a000d00210b0b000000000f002208000000000f00230a000000140000000000"
        "00000000000000000000010000000000000002000000000000000300000000000000040000"
        "000000000005000000000000000600000000000000070000000000000008000000000000000"
        "9000000000000000a000000000000000b000000000000000c000000000000000d000000000"
        "000000e000000000000000f000000000000001000000000000000110000000000000012000"
        "00000000000130b012c0000000366617200";
    const char *compact =
        "18026e6f460218026e6f2b01880161016219180178b113ff14031505160717000000000000f8"
        "3f1801671c180168001b01850178021a24020419210102192917000000000000f03f071b016b"
        "02011c0118017a001b00190519f61400020406080a0c0e10121416181a1c1e2022242608d804"
        "0366617200";
    g_auto (DunlinContext) from_binary = { 0 };
    g_auto (DunlinContext) from_compact = { 0 };

    read_golden (binary, DUNLIN_TTWITTER_BINARY, &from_binary);
    read_golden (compact, DUNLIN_TTWITTER_COMPACT, &from_compact);
    g_assert_false (from_binary.has_trace);
    g_assert_cmpuint (from_binary.dest.length, ==, 0);
    g_assert_cmpuint (from_compact.client_id.length, ==, 0);
    g_assert_cmpuint (from_compact.others.n, ==, 0);
}

static void
test_cuts (void)
{
    const struct {
        const char *header;
        DunlinTtwitterEncoding encoding;
    } rows[] = {
        { PING_HEADER, DUNLIN_TTWITTER_BINARY },
        { FULL_BINARY, DUNLIN_TTWITTER_BINARY_OLD },
        { FULL_COMPACT, DUNLIN_TTWITTER_COMPACT },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_auto (DunlinBuffer) frame = golden (rows[i].header);

        for (gsize n = 0; n < dunlin_buffer_length (&frame); n++) {
            g_auto (DunlinContext) context = { 0 };
            g_autoptr (GError) error = NULL;
            gsize left;

            g_assert_false (read_request (&frame, n, rows[i].encoding, &context, &left, &error));
            g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
        }
    }
}

static void
test_sizes_lie (void)
{
    const char *binary[] = {
        "0b 00 09 ff ff ff ff '/s'",
        "0b 00 09 80 00 00 00 '/s'",
        "0f 00 08 0c 7f ff ff ff 00 00",
        "0f 00 08 0c ff ff ff ff 00 00",
        "0f 00 0a 0c 00 00 00 03 00 00",
        "0f 00 08 0b 00 00 00 01 00 00 00 00 00", /* strings, not structs */
        "0f 00 20 0a 10 00 00 00 00 00",
        "0d 00 20 0a 0a 00 00 00 01 00",
        "01 00 20 00", /* no such type */
        "ff 00 20 00",
        "0f 00 20 01 00 00 00 01 00 00",
    };
    const char *compact[] = {
        "98 ff ff ff ff 0f '/s'",
        "89 fc ff ff ff ff 0f 00 00",
        "89 3c 00",
        "89 18 00 00",
        "1b ff ff ff ff 0f 88 00",
        "1f 00",
        "16 ff ff ff ff ff ff ff ff ff ff 01 00",
    };

    for (gsize i = 0; i < G_N_ELEMENTS (binary); i++)
        assert_malformed (binary[i], DUNLIN_TTWITTER_BINARY);
    for (gsize i = 0; i < G_N_ELEMENTS (compact); i++)
        assert_malformed (compact[i], DUNLIN_TTWITTER_COMPACT);
    assert_malformed (FULL_BINARY, DUNLIN_TTWITTER_COMPACT);
    assert_malformed (FULL_COMPACT, DUNLIN_TTWITTER_BINARY);
}

/* A struct in a struct, and so on, in an unknown field. */
static char *
nested (guint levels)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < levels; i++)
        g_string_append (text, "0c 00 20 ");
    for (guint i = 0; i <= levels; i++)
        g_string_append (text, "00 ");
    return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
    g_autofree char *deep = nested (64);
    g_autofree char *deeper = nested (65);
    g_autofree char *deepest = nested (100000);
    g_auto (DunlinContext) context = { 0 };

    read_golden (deep, DUNLIN_TTWITTER_BINARY, &context);
    assert_malformed (deeper, DUNLIN_TTWITTER_BINARY);
    assert_malformed (deepest, DUNLIN_TTWITTER_BINARY);
}

static void
test_too_large (void)
{
    g_auto (DunlinBuffer) frame = golden ("0b 00 09 00 01 00 00");
    g_autofree char *text = g_strnfill (65536, 'x');
    g_auto (DunlinContext) context = { 0 };
    g_autoptr (GError) error = NULL;
    gsize left;

    dunlin_buffer_append (&frame, text, 65536);
    golden_append (&frame, "00");
    g_assert_false (read_request (&frame, dunlin_buffer_length (&frame), DUNLIN_TTWITTER_BINARY,
                                  &context, &left, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    g_assert_cmpuint (context.dest.length, ==, 0);
}

static void
test_written (void)
{
    for (int encoding = DUNLIN_TTWITTER_BINARY; encoding <= DUNLIN_TTWITTER_COMPACT; encoding++) {
        g_auto (DunlinContext) context = { 0 };
        g_auto (DunlinContext) again = { 0 };
        g_auto (DunlinBuffer) written = { 0 };
        g_auto (DunlinBuffer) twice = { 0 };
        gsize left;

        read_golden (FULL_BINARY, DUNLIN_TTWITTER_BINARY, &context);
        dunlin_ttwitter_write_request (&written, encoding, &context);
        g_assert_true (read_request (&written, dunlin_buffer_length (&written), encoding, &again,
                                     &left, NULL));
        g_assert_cmpuint (left, ==, 0);
        assert_full (&again);
        dunlin_ttwitter_write_request (&twice, encoding, &again);
        golden_equal (dunlin_buffer_bytes (&twice), dunlin_buffer_length (&twice),
                      dunlin_buffer_bytes (&written), dunlin_buffer_length (&written));
    }
}

static void
test_written_small (void)
{
    DunlinContext none = { 0 };
    DunlinContext traced = { .has_trace = TRUE,
                             .trace_id = 1,
                             .span_id = 2,
                             .parent_id = 1,
                             .trace_flags = DUNLIN_TRACE_DECIDED };
    g_auto (DunlinBuffer) nothing = { 0 };
    g_auto (DunlinBuffer) binary = { 0 };
    g_auto (DunlinBuffer) compact = { 0 };

    dunlin_ttwitter_write_request (&nothing, DUNLIN_TTWITTER_COMPACT, &none);
    golden_check (&nothing, "00");
    dunlin_ttwitter_write_request (&binary, DUNLIN_TTWITTER_BINARY, &traced);
    golden_check (&binary, "0a 00 01 0000000000000001 0a 00 02 0000000000000002"
                           "0a 00 03 0000000000000001 02 00 05 00 0a 00 07 0000000000000002"
                           "0f 00 08 0c 00 00 00 01"
                           "0b 00 01 00 00 00 28 'com.twitter.finagle.tracing.TraceContext'"
                           "0b 00 02 00 00 00 20 0000000000000002 0000000000000001"
                           "0000000000000001 0000000000000002 00 00");
    dunlin_ttwitter_write_request (&compact, DUNLIN_TTWITTER_COMPACT, &traced);
    golden_check (&compact, "16 02 16 04 16 02 22 26 04 19 1c"
                            "18 28 'com.twitter.finagle.tracing.TraceContext'"
                            "18 20 0000000000000002 0000000000000001"
                            "0000000000000001 0000000000000002 00 00");
}

/* 15 and more elements have another list header in compact. */
static void
test_long_lists (void)
{
    for (guint n = 13; n < 18; n++) {
        g_auto (DunlinContext) context = { 0 };
        g_auto (DunlinContext) read = { 0 };
        g_auto (DunlinBuffer) written = { 0 };
        gsize left;

        for (guint i = 0; i < n; i++)
            g_assert_true (
                dunlin_context_put (&context, dunlin_slice_of ("k"), dunlin_slice_of ("v"), NULL));
        dunlin_ttwitter_write_request (&written, DUNLIN_TTWITTER_COMPACT, &context);
        g_assert_true (read_request (&written, dunlin_buffer_length (&written),
                                     DUNLIN_TTWITTER_COMPACT, &read, &left, NULL));
        g_assert_cmpuint (read.others.n, ==, n);
    }
}

static void
skip_response (const char *text, DunlinTtwitterEncoding encoding)
{
    g_auto (DunlinBuffer) frame = golden (text);
    g_autoptr (GError) error = NULL;
    DunlinReader in;

    for (gsize n = 0; n < dunlin_buffer_length (&frame); n++) {
        g_autofree guint8 *prefix = golden_prefix (&frame, n);

        in = dunlin_reader (prefix, n);
        g_assert_false (dunlin_ttwitter_skip_response (&in, encoding, &error));
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
        g_clear_error (&error);
    }
    golden_append (&frame, "'message'");
    in = dunlin_reader (dunlin_buffer_bytes (&frame), dunlin_buffer_length (&frame));
    g_assert_true (dunlin_ttwitter_skip_response (&in, encoding, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (in.left, ==, 7);
}

static void
test_response (void)
{
    g_auto (DunlinBuffer) written = { 0 };

    dunlin_ttwitter_write_response (&written);
    golden_check (&written, "00");
    skip_response ("00", DUNLIN_TTWITTER_BINARY);
    skip_response ("00", DUNLIN_TTWITTER_COMPACT);
    /* two spans with annotations, and a context */
    skip_response ("0f00010c000000020a000100000000000000010b0003000000016e0a00040000000000000002"
                   "0f00060c000000010a000100000000000000010b00020000000273720c0003080001000000"
                   "0106000200020b0003000000017800000f00080c000000010b0001000000016b0b00020000"
                   "0001760800030000000100020009010a000b0000000000000005000a000100000000000000"
                   "010b0003000000016e0a000400000000000000020f00060c000000010a0001000000000000"
                   "00010b00020000000273720c00030800010000000106000200020b0003000000017800000f"
                   "00080c000000010b0001000000016b0b000200000001760800030000000100020009010a00"
                   "0b0000000000000005000f00020c000000010b0001000000016b0b000200000001760000",
                   DUNLIN_TTWITTER_BINARY);
    skip_response ("192c160228016e1604291c1602180273721c150214041801780000291c18016b180176150200"
                   "11260a00160228016e1604291c1602180273721c150214041801780000291c18016b18017615"
                   "020011260a00191c18016b1801760000",
                   DUNLIN_TTWITTER_COMPACT);
}

#define ADD(claim, function) g_test_add_func ("/wire/ttwitter/" claim, function)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    ADD ("the-upgrade-is-answered-in-the-callers-encoding", test_upgrade);
    ADD ("nothing-else-is-an-upgrade", test_no_upgrade);
    ADD ("a-cut-upgrade-is-none", test_upgrade_cuts);
    ADD ("the-upgrade-is-asked-for-as-finagle-does", test_upgrade_as_client);
    ADD ("an-exception-leaves-plain-thrift", test_upgrade_answers);
    ADD ("finagles-request-header-is-read", test_ping);
    ADD ("every-field-is-read-in-binary-and-compact", test_full);
    ADD ("every-field-may-be-missing", test_empty);
    ADD ("sampled-is-yes-no-or-undecided", test_sampled);
    ADD ("context-entries-win-over-fields", test_precedence);
    ADD ("unreadable-entries-leave-the-fields", test_bad_entries);
    ADD ("the-last-of-a-repeated-field-counts", test_repeated);
    ADD ("unknown-fields-are-skipped", test_unknown_fields);
    ADD ("every-cut-of-a-header-is-malformed", test_cuts);
    ADD ("sizes-that-lie-are-malformed", test_sizes_lie);
    ADD ("64-levels-pass-and-65-do-not", test_depth);
    ADD ("65536-bytes-are-too-large", test_too_large);
    ADD ("a-written-header-reads-back", test_written);
    ADD ("only-what-is-set-is-written", test_written_small);
    ADD ("long-lists-read-back", test_long_lists);
    ADD ("a-response-header-is-skipped", test_response);
    return g_test_run ();
}
