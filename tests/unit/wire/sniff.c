/* First bytes and what they are taken for; and that no more of them are waited for than must be. */
#include "wire/sniff.h"

#include "support/golden.h"

typedef struct {
    const char *path;
    const char *hex;
    gsize enough; /* bytes after which it must be known */
    DunlinSniff kind;
} Case;

static const Case cases[] = {
    /* As Finagle 22.7 sends them. */
    { "finagle-tinit-check", "00 00 00 0f 7f 00 00 01 'tinit check'", 5, DUNLIN_SNIFF_MUX },
    { "finagle-tinit", "00 00 00 2a 44 00 00 01 00 01 00 00 00 0a 'mux-framer'", 6,
      DUNLIN_SNIFF_MUX },
    { "finagle-tping", "00 00 00 04 41 00 00 01", 6, DUNLIN_SNIFF_MUX },
    { "finagle-tdispatch", "00 00 00 f3 02 00 00 02 00 04", 5, DUNLIN_SNIFF_MUX },
    { "finagle-tdiscarded", "00 00 00 28 c2 00 00 00 00 00 02 'java.lang'", 5, DUNLIN_SNIFF_MUX },
    { "finagle-upgrade", "00 00 00 28 80 01 00 01 00 00 00 1b '__can__finagle__trace__v3__'", 6,
      DUNLIN_SNIFF_FRAMED_BINARY },
    { "mux-treq", "00 00 00 20 01 00 00 02 00", 5, DUNLIN_SNIFF_MUX },
    { "mux-tdrain", "00 00 00 04 40 00 00 01", 5, DUNLIN_SNIFF_MUX },
    { "mux-tdiscarded-66", "00 00 00 08 42 00 00 00 00 00 02 'x'", 6, DUNLIN_SNIFF_MUX },
    { "mux-tlease", "00 00 00 0d 43 00 00 00 00 00 00 00 00 00 00 00 01", 6, DUNLIN_SNIFF_MUX },
    { "mux-rerr-128", "00 00 00 06 80 00 00 01 'no'", 6, DUNLIN_SNIFF_MUX },
    { "mux-rerr-128-without-text", "00 00 00 04 80 00 00 01", 5, DUNLIN_SNIFF_MUX },
    { "mux-rping", "00 00 00 04 bf 00 00 01", 5, DUNLIN_SNIFF_MUX },
    { "mux-fragment", "00 0f 42 44 02 80 00 02 00 04", 5, DUNLIN_SNIFF_MUX },

    { "framed-call", "00 00 00 11 80 01 00 01 00 00 00 04 'ping'", 6, DUNLIN_SNIFF_FRAMED_BINARY },
    { "framed-oneway", "00 00 00 11 80 01 00 04 00 00 00 04 'ping'", 6,
      DUNLIN_SNIFF_FRAMED_BINARY },
    { "framed-of-17-mb", "01 10 00 00 80 01 00 01 00 00 00 04 'echo'", 6,
      DUNLIN_SNIFF_FRAMED_BINARY },
    { "framed-old", "00 00 00 0e 00 00 00 04 'ping' 01 00 00 00 00 00", 8,
      DUNLIN_SNIFF_FRAMED_BINARY_OLD },
    { "framed-compact", "00 00 00 09 82 21 00 04 'ping' 00", 6, DUNLIN_SNIFF_FRAMED_COMPACT },
    { "framed-compact-oneway", "00 00 00 09 82 81 00 04 'ping' 00", 6,
      DUNLIN_SNIFF_FRAMED_COMPACT },

    { "unframed-call", "80 01 00 01 00 00 00 04 'ping' 00 00 00 00 00", 4,
      DUNLIN_SNIFF_UNFRAMED_BINARY },
    { "unframed-compact", "82 21 00 04 'ping' 00", 4, DUNLIN_SNIFF_UNFRAMED_COMPACT },
    { "unframed-old", "00 00 00 04 'ping' 01 00 00 00 00 00", 9, DUNLIN_SNIFF_UNFRAMED_BINARY_OLD },
    { "unframed-old-of-one-letter-like-tping", "00 00 00 01 'A' 01 00 00 00 00 00", 6,
      DUNLIN_SNIFF_UNFRAMED_BINARY_OLD },
    { "unframed-old-of-three-letters-like-tping", "00 00 00 03 'Add' 01 00 00 00 00 00", 8,
      DUNLIN_SNIFF_UNFRAMED_BINARY_OLD },
    { "unframed-old-like-tping", "00 00 00 04 'Ajar' 01 00 00 00 00 00", 9,
      DUNLIN_SNIFF_UNFRAMED_BINARY_OLD },
    { "unframed-old-like-tinit", "00 00 00 06 'Delete' 01 00 00 00 00 00", 11,
      DUNLIN_SNIFF_UNFRAMED_BINARY_OLD },
    { "unframed-old-multiplexed", "00 00 00 0b 'Book:search' 01 00 00 00 00 00", 16,
      DUNLIN_SNIFF_UNFRAMED_BINARY_OLD },
    { "unframed-old-of-59-letters",
      "00 00 00 3b 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn' 01", 64,
      DUNLIN_SNIFF_UNFRAMED_BINARY_OLD },
    { "unframed-old-of-100-letters",
      "00 00 00 64 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn'", 64,
      DUNLIN_SNIFF_UNFRAMED_BINARY_OLD },

    { "tls-1.0-record", "16 03 01 02 00 01 00 01 fc 03 03", 2, DUNLIN_SNIFF_TLS },
    { "http-get", "'GET / HTTP/1.1' 0d 0a", 4, DUNLIN_SNIFF_HTTP },
    { "http-post", "'POST /x HTTP/1.1' 0d 0a", 4, DUNLIN_SNIFF_HTTP },
    { "http-options", "'OPTIONS * HTTP/1.1' 0d 0a", 4, DUNLIN_SNIFF_HTTP },
    { "http2", "'PRI * HTTP/2.0' 0d 0a 0d 0a 'SM' 0d 0a 0d 0a", 4, DUNLIN_SNIFF_HTTP2 },
    { "ssh", "'SSH-2.0-OpenSSH_9.2p1' 0d 0a", 4, DUNLIN_SNIFF_SSH },
    { "proxy-1", "'PROXY TCP4 10.0.0.1 10.0.0.2 56324 443' 0d 0a", 4, DUNLIN_SNIFF_PROXY },
    { "proxy-2", "0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 11 00 0c", 4, DUNLIN_SNIFF_PROXY },
    { "thrift-json", "'[1,\"ping\",1,0,{}]'", 4, DUNLIN_SNIFF_JSON },
    { "framed-thrift-json", "00 00 00 11 '[1,\"ping\",1,0,{}]'", 5, DUNLIN_SNIFF_JSON },
    { "theader", "00 00 00 2c 0f ff 00 00 00 00 00 00 00 01", 6, DUNLIN_SNIFF_THEADER },
    { "redis", "'*1' 0d 0a '$4' 0d 0a 'PING' 0d 0a", 4, DUNLIN_SNIFF_REDIS },
    { "memcached", "'get key' 0d 0a", 4, DUNLIN_SNIFF_MEMCACHED },
    { "zookeeper-connect", "00 00 00 2d 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0f a0", 8,
      DUNLIN_SNIFF_ZOOKEEPER },
    { "zookeeper-ruok", "'ruok'", 4, DUNLIN_SNIFF_ZOOKEEPER },
    { "postgres-startup", "00 00 00 29 00 03 00 00 'user' 00", 8, DUNLIN_SNIFF_POSTGRES },
    { "postgres-ssl", "00 00 00 08 04 d2 16 2f", 5, DUNLIN_SNIFF_POSTGRES },
    { "smtp", "'EHLO there' 0d 0a", 4, DUNLIN_SNIFF_MAIL },
    { "amqp", "'AMQP' 00 00 09 01", 4, DUNLIN_SNIFF_AMQP },

    { "zeros", "00 00 00 00 00 00 00 00", 4, DUNLIN_SNIFF_UNKNOWN },
    { "ones", "ff ff ff ff ff ff ff ff", 4, DUNLIN_SNIFF_UNKNOWN },
    { "strict-binary-of-type-9", "80 01 00 09 00 00 00 04", 4, DUNLIN_SNIFF_UNKNOWN },
    { "strict-binary-version-2", "80 02 00 01 00 00 00 04", 4, DUNLIN_SNIFF_UNKNOWN },
    { "compact-version-2", "82 22 00 04", 4, DUNLIN_SNIFF_UNKNOWN },
    { "framed-compact-version-2", "00 00 00 09 82 22 00 04", 6, DUNLIN_SNIFF_UNKNOWN },
    { "framed-old-without-name", "00 00 00 0e 00 00 00 00 01", 8, DUNLIN_SNIFF_UNKNOWN },
    { "framed-old-name-longer-than-frame", "00 00 00 0e 00 00 00 06 'pingpi'", 8,
      DUNLIN_SNIFF_UNKNOWN },
    { "kafka", "00 00 00 23 00 12 00 03 00 00 00 01", 8, DUNLIN_SNIFF_UNKNOWN },
    { "no-mux-type", "00 00 00 08 03 00 00 01", 5, DUNLIN_SNIFF_UNKNOWN },
    { "mux-frame-of-three-bytes", "00 00 00 03 02 00 00", 5, DUNLIN_SNIFF_UNKNOWN },
    { "old-with-a-space-in-its-name", "00 00 00 05 'my name'", 7, DUNLIN_SNIFF_UNKNOWN },
    { "old-of-type-7", "00 00 00 04 'ping' 07", 9, DUNLIN_SNIFF_UNKNOWN },
    { "english", "'Hello, is anybody there?'", 5, DUNLIN_SNIFF_UNKNOWN },
};

static void
test_case (gconstpointer data)
{
    const Case *test = data;
    g_auto (DunlinBuffer) bytes = golden (test->hex);

    for (gsize n = 0; n <= bytes.end; n++) {
        g_autofree guint8 *exact = golden_prefix (&bytes, n); /* overreads are seen */
        DunlinSniff kind = dunlin_sniff (exact, n);

        if (n < test->enough)
            g_assert_cmpint (kind, ==, DUNLIN_SNIFF_NEED_MORE);
        else
            g_assert_cmpint (kind, ==, test->kind);
    }
}

static void
test_bounded (void)
{
    for (int seed = 0; seed < 20000; seed++) {
        g_autoptr (GRand) random = g_rand_new_with_seed ((guint32)seed);
        guint8 bytes[DUNLIN_SNIFF_MAX];
        DunlinSniff first = DUNLIN_SNIFF_NEED_MORE;

        for (gsize i = 0; i < sizeof bytes; i++)
            bytes[i] = (guint8)g_rand_int_range (random, i < 3 ? 0 : 1, i < 3 ? 2 : 128);
        for (gsize n = 0; n <= sizeof bytes; n++) {
            DunlinSniff kind = dunlin_sniff (bytes, n);

            /* What has been decided stays. */
            g_assert_true (first == DUNLIN_SNIFF_NEED_MORE || kind == first);
            first = kind;
        }
        g_assert_cmpint (first, !=, DUNLIN_SNIFF_NEED_MORE);
    }
}

static void
test_described (void)
{
    for (int kind = 0; kind < DUNLIN_SNIFF_N_KINDS; kind++) {
        g_assert_nonnull (dunlin_sniff_name ((DunlinSniff)kind));
        g_assert_nonnull (dunlin_sniff_describe ((DunlinSniff)kind));
    }
    g_assert_true (dunlin_sniff_is_stranger (DUNLIN_SNIFF_TLS));
    g_assert_true (dunlin_sniff_is_stranger (DUNLIN_SNIFF_UNKNOWN));
    g_assert_false (dunlin_sniff_is_stranger (DUNLIN_SNIFF_UNFRAMED_COMPACT));
    g_assert_false (dunlin_sniff_is_stranger (DUNLIN_SNIFF_NEED_MORE));
    g_assert_nonnull (strstr (dunlin_sniff_describe (DUNLIN_SNIFF_TLS), "tls.mode"));
}

static void
test_quote (void)
{
    g_autofree char *some = dunlin_sniff_quote ((const guint8 *)"GET \0\n\"", 7);
    g_autofree char *none = dunlin_sniff_quote (NULL, 0);
    g_autofree char *many = dunlin_sniff_quote ((const guint8 *)"aaaaaaaaaaaaaaaaaaaa", 20);

    g_assert_cmpstr (some, ==, "47 45 54 20 00 0a 22 \"GET ...\"");
    g_assert_cmpstr (none, ==, "\"\"");
    g_assert_true (g_str_has_suffix (many, "61 \"aaaaaaaaaaaaaaaa\""));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strdup_printf ("/wire/sniff/knows/%s", cases[i].path);

        g_test_add_data_func (path, &cases[i], test_case);
    }
    g_test_add_func ("/wire/sniff/decides-within-64-bytes-and-keeps-to-it", test_bounded);
    g_test_add_func ("/wire/sniff/has-a-name-and-advice-for-each", test_described);
    g_test_add_func ("/wire/sniff/quotes-bytes-for-the-log", test_quote);
    return g_test_run ();
}
