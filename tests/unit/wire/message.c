/* Message headers, byte by byte. */
#include "wire/message.h"

#include "base/error.h"
#include "support/golden.h"

typedef struct {
    const char *path;
    const char *hex;
    DunlinMessageHeader header; /* its name is terminated */
} Golden;

/* The first three are what Finagle 22.7 sends and answers. */
static const Golden goldens[] = {
    { "finagle-call",
      "80 01 00 01 00 00 00 04 'ping' 80 96 e5 5b",
      { "ping", 4, DUNLIN_MESSAGE_CALL, (gint32)0x8096e55b, DUNLIN_ENCODING_BINARY, TRUE } },
    { "finagle-upgrade",
      "80 01 00 01 00 00 00 1b '__can__finagle__trace__v3__' 00 00 00 00",
      { "__can__finagle__trace__v3__", 27, DUNLIN_MESSAGE_CALL, 0, DUNLIN_ENCODING_BINARY, TRUE } },
    { "finagle-reply",
      "80 01 00 02 00 00 00 04 'ping' 00 00 00 00",
      { "ping", 4, DUNLIN_MESSAGE_REPLY, 0, DUNLIN_ENCODING_BINARY, TRUE } },
    { "strict-exception",
      "80 01 00 03 00 00 00 01 'x' 7f ff ff ff",
      { "x", 1, DUNLIN_MESSAGE_EXCEPTION, G_MAXINT32, DUNLIN_ENCODING_BINARY, TRUE } },
    { "strict-oneway",
      "80 01 00 04 00 00 00 05 'touch' 00 00 00 00",
      { "touch", 5, DUNLIN_MESSAGE_ONEWAY, 0, DUNLIN_ENCODING_BINARY, TRUE } },
    { "strict-empty-name",
      "80 01 00 01 00 00 00 00 00 00 00 07",
      { "", 0, DUNLIN_MESSAGE_CALL, 7, DUNLIN_ENCODING_BINARY, TRUE } },
    { "old-call",
      "00 00 00 04 'ping' 01 00 00 00 09",
      { "ping", 4, DUNLIN_MESSAGE_CALL, 9, DUNLIN_ENCODING_BINARY, FALSE } },
    { "old-oneway",
      "00 00 00 05 'touch' 04 ff ff ff ff",
      { "touch", 5, DUNLIN_MESSAGE_ONEWAY, -1, DUNLIN_ENCODING_BINARY, FALSE } },
    { "compact-call",
      "82 21 00 04 'ping'",
      { "ping", 4, DUNLIN_MESSAGE_CALL, 0, DUNLIN_ENCODING_COMPACT, FALSE } },
    { "compact-reply-of-sequence-300",
      "82 41 ac 02 04 'ping'",
      { "ping", 4, DUNLIN_MESSAGE_REPLY, 300, DUNLIN_ENCODING_COMPACT, FALSE } },
    { "compact-negative-sequence",
      "82 61 ff ff ff ff 0f 01 'x'",
      { "x", 1, DUNLIN_MESSAGE_EXCEPTION, -1, DUNLIN_ENCODING_COMPACT, FALSE } },
    { "compact-smallest-sequence",
      "82 81 80 80 80 80 08 01 'x'",
      { "x", 1, DUNLIN_MESSAGE_ONEWAY, G_MININT32, DUNLIN_ENCODING_COMPACT, FALSE } },
    { "multiplexed-name",
      "80 01 00 01 00 00 00 0b 'Book:search' 00 00 00 01",
      { "Book:search", 11, DUNLIN_MESSAGE_CALL, 1, DUNLIN_ENCODING_BINARY, TRUE } },
    { "utf8-name",
      "82 21 00 02 c3 a9",
      { "\xc3\xa9", 2, DUNLIN_MESSAGE_CALL, 0, DUNLIN_ENCODING_COMPACT, FALSE } },
};

static void
test_read (gconstpointer data)
{
    const Golden *test = data;
    g_auto (DunlinBuffer) bytes = golden (test->hex);
    g_autoptr (GError) error = NULL;
    gsize length = bytes.end;
    DunlinMessageHeader header;
    gsize used;

    /* What follows the header is left alone. */
    golden_append (&bytes, "00 ff");
    g_assert_true (
        dunlin_message_read (bytes.data, bytes.end, test->header.encoding, &header, &used, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (used, ==, length);
    golden_equal (header.name, header.name_length, test->header.name, test->header.name_length);
    g_assert_cmpint (header.type, ==, test->header.type);
    g_assert_cmpint (header.seqid, ==, test->header.seqid);
    g_assert_cmpint (header.encoding, ==, test->header.encoding);
    g_assert_cmpint (header.strict, ==, test->header.strict);
}

static void
test_write (gconstpointer data)
{
    const Golden *test = data;
    g_auto (DunlinBuffer) bytes = golden (test->hex);
    g_auto (DunlinBuffer) out = { 0 };

    dunlin_message_write (&out, &test->header);
    golden_equal (dunlin_buffer_bytes (&out), dunlin_buffer_length (&out),
                  dunlin_buffer_bytes (&bytes), dunlin_buffer_length (&bytes));
}

static void
test_cut_short (gconstpointer data)
{
    const Golden *test = data;
    g_auto (DunlinBuffer) bytes = golden (test->hex);

    for (gsize n = 0; n < bytes.end; n++) {
        g_autofree guint8 *exact = golden_prefix (&bytes, n); /* overreads are seen */
        g_autoptr (GError) error = NULL;
        DunlinMessageHeader header = { .seqid = 77 };
        gsize used = 77;

        g_assert_cmpint (
            dunlin_message_parse (exact, n, test->header.encoding, &header, &used, &error), ==,
            DUNLIN_NEED_MORE);
        g_assert_no_error (error);
        g_assert_false (
            dunlin_message_read (exact, n, test->header.encoding, &header, &used, &error));
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
        g_assert_cmpint (header.seqid, ==, 77);
        g_assert_cmpuint (used, ==, 77);
    }
}

typedef struct {
    const char *path;
    DunlinEncoding encoding;
    const char *hex; /* refused at its last byte */
    DunlinError code;
} Bad;

static const Bad bads[] = {
    { "binary-version-2", DUNLIN_ENCODING_BINARY, "80 02 00 01", DUNLIN_ERROR_MALFORMED },
    { "binary-negative-size", DUNLIN_ENCODING_BINARY, "ff ff ff ff", DUNLIN_ERROR_MALFORMED },
    { "binary-type-0", DUNLIN_ENCODING_BINARY, "80 01 00 00", DUNLIN_ERROR_MALFORMED },
    { "binary-type-5", DUNLIN_ENCODING_BINARY, "80 01 00 05", DUNLIN_ERROR_MALFORMED },
    { "binary-name-too-long", DUNLIN_ENCODING_BINARY, "80 01 00 01 00 00 04 01",
      DUNLIN_ERROR_TOO_LARGE },
    { "binary-name-negative", DUNLIN_ENCODING_BINARY, "80 01 00 01 ff ff ff ff",
      DUNLIN_ERROR_TOO_LARGE },
    { "binary-zero-byte-in-name", DUNLIN_ENCODING_BINARY,
      "80 01 00 01 00 00 00 03 'a' 00 'b' 00 00 00 00", DUNLIN_ERROR_MALFORMED },
    { "binary-name-not-utf8", DUNLIN_ENCODING_BINARY, "80 01 00 01 00 00 00 02 c3 28 00 00 00 00",
      DUNLIN_ERROR_MALFORMED },
    { "old-name-too-long", DUNLIN_ENCODING_BINARY, "00 00 04 01", DUNLIN_ERROR_TOO_LARGE },
    { "old-type-9", DUNLIN_ENCODING_BINARY, "00 00 00 01 'a' 09 00 00 00 00",
      DUNLIN_ERROR_MALFORMED },
    { "compact-other-id", DUNLIN_ENCODING_COMPACT, "83", DUNLIN_ERROR_MALFORMED },
    { "compact-version-2", DUNLIN_ENCODING_COMPACT, "82 22", DUNLIN_ERROR_MALFORMED },
    { "compact-type-0", DUNLIN_ENCODING_COMPACT, "82 01", DUNLIN_ERROR_MALFORMED },
    { "compact-type-7", DUNLIN_ENCODING_COMPACT, "82 e1", DUNLIN_ERROR_MALFORMED },
    { "compact-sequence-of-33-bits", DUNLIN_ENCODING_COMPACT, "82 21 ff ff ff ff 1f",
      DUNLIN_ERROR_MALFORMED },
    { "compact-padded-sequence", DUNLIN_ENCODING_COMPACT, "82 21 80 00", DUNLIN_ERROR_MALFORMED },
    { "compact-name-too-long", DUNLIN_ENCODING_COMPACT, "82 21 00 81 08", DUNLIN_ERROR_TOO_LARGE },
    { "compact-name-not-utf8", DUNLIN_ENCODING_COMPACT, "82 21 00 01 ff", DUNLIN_ERROR_MALFORMED },
};

static void
test_bad (gconstpointer data)
{
    const Bad *bad = data;
    g_auto (DunlinBuffer) bytes = golden (bad->hex);
    g_autoptr (GError) error = NULL;
    DunlinMessageHeader header;
    gsize used;

    g_assert_cmpint (
        dunlin_message_parse (bytes.data, bytes.end - 1, bad->encoding, &header, &used, &error), ==,
        DUNLIN_NEED_MORE);
    g_assert_cmpint (
        dunlin_message_parse (bytes.data, bytes.end, bad->encoding, &header, &used, &error), ==,
        DUNLIN_FAILED);
    g_assert_error (error, DUNLIN_ERROR, (int)bad->code);
}

static void
test_longest_name (void)
{
    g_autofree char *name = g_strnfill (DUNLIN_MESSAGE_NAME_MAX, 'n');

    for (int encoding = DUNLIN_ENCODING_BINARY; encoding <= DUNLIN_ENCODING_COMPACT; encoding++) {
        g_auto (DunlinBuffer) out = { 0 };
        DunlinMessageHeader header = { .name = name,
                                       .name_length = DUNLIN_MESSAGE_NAME_MAX,
                                       .type = DUNLIN_MESSAGE_CALL,
                                       .encoding = (DunlinEncoding)encoding };
        gsize used;

        dunlin_message_write (&out, &header);
        g_assert_true (dunlin_message_read (dunlin_buffer_bytes (&out), dunlin_buffer_length (&out),
                                            header.encoding, &header, &used, NULL));
        g_assert_cmpuint (header.name_length, ==, DUNLIN_MESSAGE_NAME_MAX);
    }
}

static void
add (const char *group, const char *name, gconstpointer data, GTestDataFunc test)
{
    g_autofree char *path = g_strdup_printf ("/wire/message/%s/%s", group, name);

    g_test_add_data_func (path, data, test);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (goldens); i++) {
        add ("reads", goldens[i].path, &goldens[i], test_read);
        add ("writes", goldens[i].path, &goldens[i], test_write);
        add ("waits-for-all-of", goldens[i].path, &goldens[i], test_cut_short);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (bads); i++)
        add ("refuses", bads[i].path, &bads[i], test_bad);
    g_test_add_func ("/wire/message/longest-name-passes", test_longest_name);
    return g_test_run ();
}
