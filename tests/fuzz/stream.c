/* Hostile first bytes of a connection, and what follows them: sniffed, then looked through as
 * framed or unframed Thrift in both encodings, whole and byte by byte, which must come to the same
 * end. */
#include "base/error.h"
#include "wire/frame.h"
#include "wire/message.h"
#include "wire/scan.h"
#include "wire/sniff.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

#define MAX_MESSAGE 4096

/* Byte by byte what is seen must be what is seen at once: callers' packets end anywhere. */
static void
scan (const guint8 *data, gsize size, DunlinEncoding encoding)
{
    g_autoptr (GError) at_once_error = NULL;
    g_autoptr (GError) slow_error = NULL;
    DunlinScan at_once;
    DunlinScan slow;
    gsize at_once_length = 0;
    gsize slow_length = 0;
    DunlinProgress expected;
    DunlinProgress seen = DUNLIN_NEED_MORE;

    dunlin_scan_init (&at_once, encoding, MAX_MESSAGE);
    expected = dunlin_scan_feed (&at_once, data, size, &at_once_length, &at_once_error);
    dunlin_scan_init (&slow, encoding, MAX_MESSAGE);
    for (gsize n = 1; n <= size && seen == DUNLIN_NEED_MORE; n++)
        seen = dunlin_scan_feed (&slow, data, n, &slow_length, &slow_error);
    g_assert_cmpint (seen, ==, expected);
    g_assert_cmpuint (slow_length, ==, at_once_length);
    g_assert_cmpuint (at_once_length, <=, MIN (size, (gsize)MAX_MESSAGE));
    g_assert_true ((expected == DUNLIN_FAILED) == (at_once_error != NULL));
}

static void
read_header (const guint8 *data, gsize size, DunlinEncoding encoding)
{
    g_autoptr (GError) error = NULL;
    DunlinMessageHeader header;
    gsize used = 0;

    if (!dunlin_message_read (data, size, encoding, &header, &used, &error)) {
        g_assert_nonnull (error);
        return;
    }
    g_assert_cmpuint (used, <=, size);
    g_assert_cmpuint (header.name_length, <=, used);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
    DunlinSniff kind = dunlin_sniff (data, size);
    g_autofree char *quoted = dunlin_sniff_quote (data, size);
    gsize frame = 0;

    g_assert_nonnull (dunlin_sniff_name (kind));
    g_assert_true (g_utf8_validate (quoted, -1, NULL));
    if (size >= DUNLIN_FRAME_SIZE_BYTES && dunlin_frame_size (data, MAX_MESSAGE, &frame, NULL))
        g_assert_cmpuint (frame, <=, MAX_MESSAGE);
    if (size == 0)
        return 0;
    for (int encoding = DUNLIN_ENCODING_BINARY; encoding <= DUNLIN_ENCODING_COMPACT; encoding++) {
        scan (data, size, (DunlinEncoding)encoding);
        read_header (data, size, (DunlinEncoding)encoding);
    }
    return 0;
}
