/* The scanner finds the end of unframed messages, whatever pieces they come in, and refuses what
 * would never end. */
#include "wire/scan.h"

#include "base/error.h"
#include "support/golden.h"
#include "support/thrift_values.h"

#define MAX_MESSAGE (1 << 20)

/* The message that @seed stands for. */
static DunlinBuffer
random_message (DunlinEncoding encoding, gboolean strict, guint32 seed)
{
    g_autoptr (GObject) protocol = G_OBJECT (dunlin_payload_new (encoding, NULL));
    DunlinBuffer out = { 0 };

    dunlin_payload_set_strict (THRIFT_PROTOCOL (protocol), strict);
    dunlin_payload_set_output (THRIFT_PROTOCOL (protocol), &out);
    thrift_protocol_write_message_begin (THRIFT_PROTOCOL (protocol), "method", T_CALL, 5, NULL);
    write_random (THRIFT_PROTOCOL (protocol), seed);
    return out;
}

/* Feeds @step bytes more each time. */
static void
check_pieces (DunlinEncoding encoding, const DunlinBuffer *bytes, gsize length, gsize step)
{
    g_autoptr (GError) error = NULL;
    DunlinScan scan;
    gsize found = 0;

    dunlin_scan_init (&scan, encoding, MAX_MESSAGE);
    for (gsize n = 0;; n = MIN (n + step, bytes->end)) {
        g_autofree guint8 *exact = golden_prefix (bytes, n); /* overreads are seen */
        DunlinProgress progress = dunlin_scan_feed (&scan, exact, n, &found, &error);

        g_assert_no_error (error);
        if (n >= length) {
            g_assert_cmpint (progress, ==, DUNLIN_COMPLETE);
            g_assert_cmpuint (found, ==, length);
            return;
        }
        g_assert_cmpint (progress, ==, DUNLIN_NEED_MORE);
    }
}

static void
check_random (DunlinEncoding encoding, gboolean strict)
{
    for (guint32 seed = 0; seed < 400; seed++) {
        g_auto (DunlinBuffer) bytes = random_message (encoding, strict, seed);
        gsize length = bytes.end;

        /* The next message, which is not to be looked at. */
        golden_append (&bytes, "ff ff ff ff ff ff ff ff");
        if (length < 2000)
            check_pieces (encoding, &bytes, length, 1);
        check_pieces (encoding, &bytes, length, 1 + seed * 7);
        check_pieces (encoding, &bytes, length, length);
    }
}

static void
test_random_binary (void)
{
    check_random (DUNLIN_ENCODING_BINARY, TRUE);
}

static void
test_random_old (void)
{
    check_random (DUNLIN_ENCODING_BINARY, FALSE);
}

static void
test_random_compact (void)
{
    check_random (DUNLIN_ENCODING_COMPACT, FALSE);
}

#define BINARY_HEAD  "80 01 00 01 00 00 00 01 'm' 00 00 00 00 "
#define COMPACT_HEAD "82 21 00 01 'm' "

typedef struct {
    const char *path;
    DunlinEncoding encoding;
    const char *hex;
    DunlinError code;
} Bad;

static const Bad bads[] = {
    { "binary-header", DUNLIN_ENCODING_BINARY, "80 01 00 07", DUNLIN_ERROR_MALFORMED },
    { "binary-unknown-field-type", DUNLIN_ENCODING_BINARY, BINARY_HEAD "10",
      DUNLIN_ERROR_MALFORMED },
    { "binary-void-field", DUNLIN_ENCODING_BINARY, BINARY_HEAD "01", DUNLIN_ERROR_MALFORMED },
    { "binary-string-over-the-limit", DUNLIN_ENCODING_BINARY, BINARY_HEAD "0b 00 01 00 10 00 00",
      DUNLIN_ERROR_TOO_LARGE },
    { "binary-string-of-2-gb", DUNLIN_ENCODING_BINARY, BINARY_HEAD "0b 00 01 7f ff ff ff",
      DUNLIN_ERROR_TOO_LARGE },
    { "binary-negative-string", DUNLIN_ENCODING_BINARY, BINARY_HEAD "0b 00 01 ff ff ff ff",
      DUNLIN_ERROR_TOO_LARGE },
    { "binary-list-of-2-billion", DUNLIN_ENCODING_BINARY, BINARY_HEAD "0f 00 01 0b 7f ff ff ff",
      DUNLIN_ERROR_TOO_LARGE },
    { "binary-list-whose-size-wraps", DUNLIN_ENCODING_BINARY, BINARY_HEAD "0f 00 01 08 40 00 00 00",
      DUNLIN_ERROR_TOO_LARGE },
    { "binary-map-of-negative-size", DUNLIN_ENCODING_BINARY,
      BINARY_HEAD "0d 00 01 0b 0b ff ff ff ff", DUNLIN_ERROR_TOO_LARGE },
    { "binary-list-of-unknown-type", DUNLIN_ENCODING_BINARY, BINARY_HEAD "0f 00 01 07 00 00 00 01",
      DUNLIN_ERROR_MALFORMED },
    { "compact-unknown-field-type", DUNLIN_ENCODING_COMPACT, COMPACT_HEAD "1d",
      DUNLIN_ERROR_MALFORMED },
    { "compact-string-over-the-limit", DUNLIN_ENCODING_COMPACT, COMPACT_HEAD "18 80 80 40",
      DUNLIN_ERROR_TOO_LARGE },
    { "compact-endless-varint", DUNLIN_ENCODING_COMPACT,
      COMPACT_HEAD "16 ff ff ff ff ff ff ff ff ff ff", DUNLIN_ERROR_MALFORMED },
    { "compact-list-of-4-billion", DUNLIN_ENCODING_COMPACT, COMPACT_HEAD "19 f8 ff ff ff ff 0f",
      DUNLIN_ERROR_TOO_LARGE },
    { "compact-map-of-4-billion", DUNLIN_ENCODING_COMPACT, COMPACT_HEAD "1b ff ff ff ff 0f 88",
      DUNLIN_ERROR_TOO_LARGE },
    { "compact-list-of-unknown-type", DUNLIN_ENCODING_COMPACT, COMPACT_HEAD "19 1d",
      DUNLIN_ERROR_MALFORMED },
};

static void
test_bad (gconstpointer data)
{
    const Bad *bad = data;
    g_auto (DunlinBuffer) bytes = golden (bad->hex);
    g_autoptr (GError) error = NULL;
    DunlinScan scan;
    gsize length;

    dunlin_scan_init (&scan, bad->encoding, MAX_MESSAGE);
    g_assert_cmpint (dunlin_scan_feed (&scan, bytes.data, bytes.end - 1, &length, &error), ==,
                     DUNLIN_NEED_MORE);
    g_assert_cmpint (dunlin_scan_feed (&scan, bytes.data, bytes.end, &length, &error), ==,
                     DUNLIN_FAILED);
    g_assert_error (error, DUNLIN_ERROR, (int)bad->code);
}

static DunlinProgress
scan_nested (DunlinEncoding encoding, int depth, GError **error)
{
    g_auto (DunlinBuffer) bytes =
        golden (encoding == DUNLIN_ENCODING_BINARY ? BINARY_HEAD : COMPACT_HEAD);
    DunlinScan scan;
    gsize length;

    /* The arguments are the first struct. */
    for (int i = 1; i < depth; i++)
        golden_append (&bytes, encoding == DUNLIN_ENCODING_BINARY ? "0c 00 01" : "1c");
    for (int i = 0; i < depth; i++)
        golden_append (&bytes, "00");
    dunlin_scan_init (&scan, encoding, MAX_MESSAGE);
    return dunlin_scan_feed (&scan, bytes.data, bytes.end, &length, error);
}

static void
test_depth (void)
{
    for (int encoding = DUNLIN_ENCODING_BINARY; encoding <= DUNLIN_ENCODING_COMPACT; encoding++) {
        const int deep[] = { 65, 10000 };

        g_assert_cmpint (scan_nested ((DunlinEncoding)encoding, 64, NULL), ==, DUNLIN_COMPLETE);
        for (gsize i = 0; i < G_N_ELEMENTS (deep); i++) {
            g_autoptr (GError) error = NULL;

            g_assert_cmpint (scan_nested ((DunlinEncoding)encoding, deep[i], &error), ==,
                             DUNLIN_FAILED);
            g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
        }
    }
}

/* Many small fields: the limit is met without any one large value. */
static void
test_longest (void)
{
    g_auto (DunlinBuffer) bytes = golden (BINARY_HEAD);
    g_autoptr (GError) error = NULL;
    DunlinScan scan;
    gsize length;

    for (int i = 0; i < 1000; i++)
        golden_append (&bytes, "02 00 01 01");
    golden_append (&bytes, "00");
    dunlin_scan_init (&scan, DUNLIN_ENCODING_BINARY, bytes.end);
    g_assert_cmpint (dunlin_scan_feed (&scan, bytes.data, bytes.end, &length, &error), ==,
                     DUNLIN_COMPLETE);
    g_assert_cmpuint (length, ==, bytes.end);
    dunlin_scan_init (&scan, DUNLIN_ENCODING_BINARY, bytes.end - 1);
    g_assert_cmpint (dunlin_scan_feed (&scan, bytes.data, bytes.end, &length, &error), ==,
                     DUNLIN_FAILED);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
}

/* 1 MiB of empty structs, a byte at a time: linear, or this would take hours. */
static void
test_linear (void)
{
    g_auto (DunlinBuffer) bytes = golden (BINARY_HEAD "0f 00 01 0c 00 0f 00 00");
    DunlinScan scan;
    gsize length;
    gsize n = bytes.end;

    memset (dunlin_buffer_reserve (&bytes, 0x0f0000 + 1), 0, 0x0f0000 + 1);
    dunlin_buffer_commit (&bytes, 0x0f0000 + 1);
    dunlin_scan_init (&scan, DUNLIN_ENCODING_BINARY, MAX_MESSAGE);
    for (n = 0; n < bytes.end; n++)
        g_assert_cmpint (dunlin_scan_feed (&scan, bytes.data, n, &length, NULL), ==,
                         DUNLIN_NEED_MORE);
    g_assert_cmpint (dunlin_scan_feed (&scan, bytes.data, n, &length, NULL), ==, DUNLIN_COMPLETE);
    g_assert_cmpuint (length, ==, bytes.end);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/wire/scan/finds-the-end-of-binary-in-any-pieces", test_random_binary);
    g_test_add_func ("/wire/scan/finds-the-end-of-old-binary-in-any-pieces", test_random_old);
    g_test_add_func ("/wire/scan/finds-the-end-of-compact-in-any-pieces", test_random_compact);
    for (gsize i = 0; i < G_N_ELEMENTS (bads); i++) {
        g_autofree char *path = g_strdup_printf ("/wire/scan/refuses/%s", bads[i].path);

        g_test_add_data_func (path, &bads[i], test_bad);
    }
    g_test_add_func ("/wire/scan/nests-64-deep-and-no-deeper", test_depth);
    g_test_add_func ("/wire/scan/longest-passes-and-longer-does-not", test_longest);
    g_test_add_func ("/wire/scan/looks-at-each-byte-once", test_linear);
    return g_test_run ();
}
