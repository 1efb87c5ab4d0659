/* The reader never goes past its end; the buffer keeps every byte however it grows and moves. */
#include "base/bytes.h"

static const guint8 sample[] = { 0x01, 0x80, 0x02, 0xff, 0xfe, 0xfd, 0x80, 0x00, 0x00,
                                 0x01, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static void
test_reads_big_endian (void)
{
    DunlinReader reader = dunlin_reader (sample, sizeof sample);

    g_assert_cmphex (dunlin_reader_u8 (&reader), ==, 0x01);
    g_assert_cmphex (dunlin_reader_u16 (&reader), ==, 0x8002);
    g_assert_cmphex (dunlin_reader_u24 (&reader), ==, 0xfffefd);
    g_assert_cmphex (dunlin_reader_u32 (&reader), ==, 0x80000001);
    g_assert_cmphex (dunlin_reader_u64 (&reader), ==, G_GUINT64_CONSTANT (0x7fffffffffffffff));
    g_assert_cmpuint (reader.left, ==, 0);
    g_assert_false (reader.failed);
}

static void
test_one_byte_short_fails_every_size (void)
{
    for (gsize size = 1; size <= 8; size++) {
        DunlinReader reader = dunlin_reader (sample, size - 1);

        g_assert_null (dunlin_reader_take (&reader, size));
        g_assert_true (reader.failed);
        g_assert_cmpuint (reader.left, ==, size - 1);
    }
}

static void
test_failure_is_sticky_and_reads_zero (void)
{
    DunlinReader reader = dunlin_reader (sample, 3);

    g_assert_cmphex (dunlin_reader_u32 (&reader), ==, 0);
    g_assert_true (reader.failed);
    g_assert_cmphex (dunlin_reader_u8 (&reader), ==, 0);
    g_assert_cmphex (dunlin_reader_u16 (&reader), ==, 0);
    g_assert_cmphex (dunlin_reader_u24 (&reader), ==, 0);
    g_assert_cmphex (dunlin_reader_u64 (&reader), ==, 0);
    g_assert_cmpuint (reader.left, ==, 3);
}

static void
test_huge_take_does_not_wrap (void)
{
    DunlinReader reader = dunlin_reader (sample, sizeof sample);

    g_assert_null (dunlin_reader_take (&reader, G_MAXSIZE));
    g_assert_true (reader.failed);
}

static void
test_taking_nothing_of_nothing_is_no_failure (void)
{
    DunlinReader reader = dunlin_reader (sample, 0);

    g_assert_nonnull (dunlin_reader_take (&reader, 0));
    g_assert_false (reader.failed);
}

static void
assert_holds (const DunlinBuffer *buffer, const void *expected, gsize n)
{
    g_assert_cmpuint (dunlin_buffer_length (buffer), ==, n);
    g_assert_true (memcmp (dunlin_buffer_bytes (buffer), expected, n) == 0);
}

static void
test_writes_what_the_reader_reads (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };
    DunlinReader reader;

    dunlin_buffer_u8 (&buffer, 0xab);
    dunlin_buffer_u16 (&buffer, 0xfffe);
    dunlin_buffer_u24 (&buffer, 0x800001);
    dunlin_buffer_u32 (&buffer, 0xdeadbeef);
    dunlin_buffer_u64 (&buffer, G_GUINT64_CONSTANT (0x8000000000000001));
    reader = dunlin_reader (dunlin_buffer_bytes (&buffer), dunlin_buffer_length (&buffer));
    g_assert_cmphex (dunlin_reader_u8 (&reader), ==, 0xab);
    g_assert_cmphex (dunlin_reader_u16 (&reader), ==, 0xfffe);
    g_assert_cmphex (dunlin_reader_u24 (&reader), ==, 0x800001);
    g_assert_cmphex (dunlin_reader_u32 (&reader), ==, 0xdeadbeef);
    g_assert_cmphex (dunlin_reader_u64 (&reader), ==, G_GUINT64_CONSTANT (0x8000000000000001));
    g_assert_cmpuint (reader.left, ==, 0);
}

static void
test_u24_drops_the_highest_byte (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };
    static const guint8 expected[] = { 0x34, 0x56, 0x78 };

    dunlin_buffer_u24 (&buffer, 0x12345678);
    assert_holds (&buffer, expected, sizeof expected);
}

/* A queue against a plain model: numbers go in at the end, come out at the start, in order. */
static void
test_keeps_order_however_it_grows (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };
    guint32 written = 0;
    guint32 read = 0;

    for (int round = 0; round < 2000; round++) {
        for (int n = g_test_rand_int_range (0, 200); n > 0; n--)
            dunlin_buffer_u32 (&buffer, written++);
        for (int n = g_test_rand_int_range (0, 200); n > 0 && read < written; n--) {
            DunlinReader reader = dunlin_reader (dunlin_buffer_bytes (&buffer), 4);

            g_assert_cmpuint (dunlin_reader_u32 (&reader), ==, read);
            dunlin_buffer_consume (&buffer, 4);
            read++;
        }
        g_assert_cmpuint (dunlin_buffer_length (&buffer), ==, 4 * (gsize)(written - read));
    }
}

static void
test_steady_queue_does_not_grow_for_ever (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };
    static const guint8 block[100];

    dunlin_buffer_append (&buffer, block, sizeof block);
    for (int i = 0; i < 10000; i++) {
        dunlin_buffer_append (&buffer, block, sizeof block);
        dunlin_buffer_consume (&buffer, sizeof block);
    }
    g_assert_cmpuint (buffer.capacity, <=, 1024);
}

static void
test_reserve_gives_room_without_length (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };
    guint8 *room = dunlin_buffer_reserve (&buffer, 100000);

    memset (room, 7, 100000);
    g_assert_cmpuint (dunlin_buffer_length (&buffer), ==, 0);
    dunlin_buffer_commit (&buffer, 99999);
    g_assert_cmpuint (dunlin_buffer_length (&buffer), ==, 99999);
    g_assert_cmpuint (dunlin_buffer_bytes (&buffer)[99998], ==, 7);
}

static void
test_consuming_all_empties_it (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };

    dunlin_buffer_u64 (&buffer, 1);
    dunlin_buffer_consume (&buffer, 8);
    g_assert_cmpuint (dunlin_buffer_length (&buffer), ==, 0);
    g_assert_cmpuint (buffer.start, ==, 0);
}

static void
test_truncate_forgets_the_end (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };

    dunlin_buffer_append (&buffer, "abcdef", 6);
    dunlin_buffer_consume (&buffer, 1);
    dunlin_buffer_truncate (&buffer, 2);
    assert_holds (&buffer, "bc", 2);
}

static void
test_patch_counts_from_the_start (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };
    static const guint8 expected[] = { 'b', 0, 0, 1, 2, 'g' };

    dunlin_buffer_append (&buffer, "abcdefg", 7);
    dunlin_buffer_consume (&buffer, 1);
    dunlin_buffer_patch_u32 (&buffer, 1, 0x102);
    assert_holds (&buffer, expected, sizeof expected);
}

static void
test_appending_nothing_allocates_nothing (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };

    dunlin_buffer_append (&buffer, NULL, 0);
    g_assert_null (buffer.data);
}

static void
test_clear_leaves_it_usable (void)
{
    g_auto (DunlinBuffer) buffer = { 0 };

    dunlin_buffer_u32 (&buffer, 1);
    dunlin_buffer_clear (&buffer);
    dunlin_buffer_u8 (&buffer, 9);
    g_assert_cmpuint (dunlin_buffer_length (&buffer), ==, 1);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/reader/big-endian", test_reads_big_endian);
    g_test_add_func ("/base/reader/one-byte-short-fails-every-size",
                     test_one_byte_short_fails_every_size);
    g_test_add_func ("/base/reader/failure-is-sticky-and-reads-zero",
                     test_failure_is_sticky_and_reads_zero);
    g_test_add_func ("/base/reader/huge-take-does-not-wrap", test_huge_take_does_not_wrap);
    g_test_add_func ("/base/reader/taking-nothing-of-nothing-is-no-failure",
                     test_taking_nothing_of_nothing_is_no_failure);
    g_test_add_func ("/base/buffer/writes-what-the-reader-reads",
                     test_writes_what_the_reader_reads);
    g_test_add_func ("/base/buffer/u24-drops-the-highest-byte", test_u24_drops_the_highest_byte);
    g_test_add_func ("/base/buffer/keeps-order-however-it-grows",
                     test_keeps_order_however_it_grows);
    g_test_add_func ("/base/buffer/steady-queue-does-not-grow-for-ever",
                     test_steady_queue_does_not_grow_for_ever);
    g_test_add_func ("/base/buffer/reserve-gives-room-without-length",
                     test_reserve_gives_room_without_length);
    g_test_add_func ("/base/buffer/consuming-all-empties-it", test_consuming_all_empties_it);
    g_test_add_func ("/base/buffer/truncate-forgets-the-end", test_truncate_forgets_the_end);
    g_test_add_func ("/base/buffer/patch-counts-from-the-start", test_patch_counts_from_the_start);
    g_test_add_func ("/base/buffer/appending-nothing-allocates-nothing",
                     test_appending_nothing_allocates_nothing);
    g_test_add_func ("/base/buffer/clear-leaves-it-usable", test_clear_leaves_it_usable);
    return g_test_run ();
}
