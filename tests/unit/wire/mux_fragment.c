/* Fragments, gathered and handed out. */
#include "wire/mux_fragment.h"
#include "base/error.h"
#include "support/golden.h"

static DunlinMuxDefrag
defrag (gsize max_message, gsize max_total, guint max_tags)
{
    return (DunlinMuxDefrag){ .max_message = max_message,
                              .max_total = max_total,
                              .max_tags = max_tags };
}

/* Takes a frame without its size; what is whole replaces @whole. */
static DunlinMuxDefragResult
take (DunlinMuxDefrag *self, const char *frame, DunlinBuffer *whole, GError **error)
{
    g_auto (DunlinBuffer) bytes = golden (frame);
    gsize length = dunlin_buffer_length (&bytes);
    guint8 *copy = golden_prefix (&bytes, length);
    DunlinMuxDefragResult result;
    guint32 tag = 0;

    dunlin_buffer_clear (whole);
    result = dunlin_mux_defrag_take (self, copy, length, whole, &tag, error);
    g_free (copy);
    return result;
}

static void
assert_takes (DunlinMuxDefrag *self, const char *frame)
{
    g_auto (DunlinBuffer) whole = { 0 };

    g_assert_cmpint (take (self, frame, &whole, NULL), ==, DUNLIN_MUX_DEFRAG_TAKEN);
    g_assert_cmpuint (dunlin_buffer_length (&whole), ==, 0);
}

static void
assert_whole (DunlinMuxDefrag *self, const char *frame, const char *message)
{
    g_auto (DunlinBuffer) whole = { 0 };

    g_assert_cmpint (take (self, frame, &whole, NULL), ==, DUNLIN_MUX_DEFRAG_WHOLE);
    golden_check (&whole, message);
}

static void
assert_frame (DunlinMuxDefrag *self, const char *frame)
{
    g_auto (DunlinBuffer) whole = { 0 };

    g_assert_cmpint (take (self, frame, &whole, NULL), ==, DUNLIN_MUX_DEFRAG_FRAME);
}

static void
assert_fails (DunlinMuxDefrag *self, const char *frame, int code)
{
    g_auto (DunlinBuffer) whole = { 0 };
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (take (self, frame, &whole, &error), ==, DUNLIN_MUX_DEFRAG_FAILED);
    g_assert_error (error, DUNLIN_ERROR, code);
}

static void
assert_refuses (DunlinMuxDefrag *self, const char *frame, guint32 tag, int code)
{
    g_auto (DunlinBuffer) bytes = golden (frame);
    g_auto (DunlinBuffer) whole = { 0 };
    g_autoptr (GError) error = NULL;
    guint32 refused = 0;
    DunlinMuxDefragResult result =
        dunlin_mux_defrag_take (self, dunlin_buffer_bytes (&bytes), dunlin_buffer_length (&bytes),
                                &whole, &refused, &error);

    g_assert_cmpint (result, ==, DUNLIN_MUX_DEFRAG_REFUSED);
    g_assert_error (error, DUNLIN_ERROR, code);
    g_assert_cmpuint (refused, ==, tag);
    g_assert_cmpuint (dunlin_buffer_length (&whole), ==, 0);
}

static void
test_whole_frames (void)
{
    g_auto (DunlinMuxDefrag) self = defrag (10, 10, 1);

    assert_frame (&self, "02 00 00 02 'longer than ten bytes'");
    assert_frame (&self, "41 00 00 01");
    assert_frame (&self, "41 80 00 01"); /* the decoder refuses it */
    assert_frame (&self, "02 00");
    g_assert_null (self.partials);
}

static void
test_interleaved (void)
{
    g_auto (DunlinMuxDefrag) self = defrag (100, 100, 10);

    assert_takes (&self, "02 80 00 02 'ab'");
    assert_takes (&self, "02 80 00 03 'xyz'");
    assert_frame (&self, "41 00 00 01");
    assert_takes (&self, "02 80 00 02 'cd'");
    assert_frame (&self, "02 00 00 04 'small'");
    g_assert_cmpuint (self.total, ==, 7);
    assert_whole (&self, "02 00 00 03 '!'", "02 00 00 03 'xyz!'");
    assert_whole (&self, "02 00 00 02 'e'", "02 00 00 02 'abcde'");
    g_assert_cmpuint (self.total, ==, 0);
    g_assert_cmpuint (g_hash_table_size (self.partials), ==, 0);
}

static void
test_tag_again (void)
{
    g_auto (DunlinMuxDefrag) self = defrag (4, 4, 1);

    for (int i = 0; i < 3; i++) {
        assert_takes (&self, "fe ff ff ff 'ab'");
        assert_whole (&self, "fe 7f ff ff 'cd'", "fe 7f ff ff 'abcd'");
    }
}

static void
test_empty_fragments (void)
{
    g_auto (DunlinMuxDefrag) self = defrag (4, 4, 1);

    assert_takes (&self, "02 80 00 02");
    assert_takes (&self, "02 80 00 02");
    assert_takes (&self, "02 80 00 02 'a'");
    assert_whole (&self, "02 00 00 02", "02 00 00 02 'a'");
}

static void
test_types (void)
{
    g_auto (DunlinMuxDefrag) self = defrag (100, 100, 10);

    assert_takes (&self, "02 80 00 02 'a'");
    assert_fails (&self, "fe 80 00 02 'b'", DUNLIN_ERROR_MALFORMED);
    assert_fails (&self, "fe 00 00 02 'b'", DUNLIN_ERROR_MALFORMED);
    assert_frame (&self, "be 00 00 02"); /* an Rdiscarded is for the session, which drops */
}

static void
test_tags_bounded (void)
{
    g_auto (DunlinMuxDefrag) self = defrag (100, 100, 2);

    assert_takes (&self, "02 80 00 02 'a'");
    assert_takes (&self, "02 80 00 03 'a'");
    assert_fails (&self, "02 80 00 04 'a'", DUNLIN_ERROR_TOO_LARGE);
}

static void
test_message_bounded (void)
{
    g_auto (DunlinMuxDefrag) self = defrag (4, 100, 10);

    assert_takes (&self, "02 80 00 02 'abcd'");
    assert_takes (&self, "02 80 00 03 'ab'");
    assert_takes (&self, "02 80 00 02 'e'");
    g_assert_cmpuint (self.total, ==, 2); /* what is refused is not held */
    assert_takes (&self, "02 80 00 02 'f'");
    assert_refuses (&self, "02 00 00 02 'g'", 2, DUNLIN_ERROR_TOO_LARGE);
    assert_whole (&self, "02 00 00 03 'cd'", "02 00 00 03 'abcd'");
    g_assert_cmpuint (self.total, ==, 0);
    assert_takes (&self, "02 80 00 02 'abcd'");
    assert_refuses (&self, "02 00 00 02 'e'", 2, DUNLIN_ERROR_TOO_LARGE);
    g_assert_cmpuint (self.total, ==, 0);
}

static void
test_total_bounded (void)
{
    g_auto (DunlinMuxDefrag) self = defrag (4, 6, 10);

    assert_takes (&self, "02 80 00 02 'abcd'");
    assert_takes (&self, "02 80 00 03 'abc'");
    g_assert_cmpuint (self.total, ==, 4);
    assert_takes (&self, "02 80 00 04 'ab'");
    assert_refuses (&self, "02 00 00 03 'd'", 3, DUNLIN_ERROR_OVERLOADED);
    assert_whole (&self, "02 00 00 02", "02 00 00 02 'abcd'");
    assert_whole (&self, "02 00 00 04 'cd'", "02 00 00 04 'abcd'");
}

static void
test_drop (void)
{
    g_auto (DunlinMuxDefrag) self = defrag (4, 8, 10);

    g_assert_false (dunlin_mux_defrag_drop (&self, 2));
    assert_takes (&self, "02 80 00 02 'abc'");
    assert_takes (&self, "02 80 00 03 'abcde'"); /* refused, but still expected */
    g_assert_true (dunlin_mux_defrag_drop (&self, 2));
    g_assert_false (dunlin_mux_defrag_drop (&self, 2));
    g_assert_true (dunlin_mux_defrag_drop (&self, 3));
    g_assert_cmpuint (self.total, ==, 0);
    assert_frame (&self, "02 00 00 02 'the tag is free'");
}

static void
write_reply (DunlinBuffer *to, guint32 tag, gsize body_bytes)
{
    gsize mark = dunlin_mux_begin_reply (to, DUNLIN_MUX_TDISPATCH, tag, DUNLIN_MUX_OK, NULL, 0);
    gsize left = body_bytes - (dunlin_buffer_length (to) - mark - 8);
    guint8 *at = dunlin_buffer_reserve (to, left);

    for (gsize i = 0; i < left; i++)
        at[i] = (guint8)(i * 31);
    dunlin_buffer_commit (to, left);
    dunlin_mux_end (to, mark);
}

static void
test_needs (void)
{
    g_auto (DunlinBuffer) reply = { 0 };
    g_auto (DunlinBuffer) init = { 0 };

    write_reply (&reply, 2, 100);
    dunlin_mux_write_tinit (&init, 1, 1000);
    g_assert_false (dunlin_mux_needs_fragments (dunlin_buffer_bytes (&reply),
                                                dunlin_buffer_length (&reply), 100));
    g_assert_true (dunlin_mux_needs_fragments (dunlin_buffer_bytes (&reply),
                                               dunlin_buffer_length (&reply), 99));
    g_assert_false (
        dunlin_mux_needs_fragments (dunlin_buffer_bytes (&init), dunlin_buffer_length (&init), 1));
}

/* 5 MiB to a server with a window of 1000000, as it was seen on the wire. */
static void
test_five_mebibytes (void)
{
    g_auto (DunlinBuffer) frame = golden ("'before'");
    g_auto (DunlinMuxFragmenter) fragments = { 0 };
    g_auto (DunlinBuffer) out = { 0 };
    guint32 sizes[] = { 1000004, 1000004, 1000004, 1000004, 1000004, 243082 };

    write_reply (&frame, 9, 5243078);
    dunlin_mux_fragmenter_init (&fragments, &frame, 6, 1000000);
    golden_check (&frame, "'before'");
    g_assert_cmpuint (fragments.tag, ==, 9);
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        gboolean last = i + 1 == G_N_ELEMENTS (sizes);
        DunlinReader in;

        g_assert_cmpint (dunlin_mux_fragmenter_next (&fragments, &out), ==, !last);
        in = dunlin_reader (dunlin_buffer_bytes (&out), dunlin_buffer_length (&out));
        g_assert_cmpuint (dunlin_reader_u32 (&in), ==, sizes[i]);
        g_assert_cmpuint (in.left, ==, sizes[i]);
        g_assert_cmphex (dunlin_reader_u8 (&in), ==, 0xfe);
        g_assert_cmphex (dunlin_reader_u24 (&in), ==, last ? 9u : 0x800009u);
        dunlin_buffer_clear (&out);
    }
}

/* Sends three replies in turns over one connection and gathers them at the other end. */
static void
send_in_turns (guint32 window, const gsize *body_bytes)
{
    g_auto (DunlinMuxDefrag) self = defrag (100000, 300000, 3);
    DunlinMuxFragmenter fragments[3];
    DunlinBuffer frames[3] = { 0 };
    gboolean more[3];
    guint whole = 0;

    for (guint i = 0; i < 3; i++) {
        DunlinBuffer copy = { 0 };

        write_reply (&frames[i], i + 2, body_bytes[i]);
        dunlin_buffer_append (&copy, dunlin_buffer_bytes (&frames[i]),
                              dunlin_buffer_length (&frames[i]));
        dunlin_mux_fragmenter_init (&fragments[i], &copy, 0, window);
        dunlin_buffer_clear (&copy);
        more[i] = TRUE;
    }
    while (whole < 3) {
        for (guint i = 0; i < 3; i++) {
            g_auto (DunlinBuffer) out = { 0 };
            g_auto (DunlinBuffer) message = { 0 };
            DunlinMuxDefragResult result;
            guint32 tag;

            if (!more[i])
                continue;
            more[i] = dunlin_mux_fragmenter_next (&fragments[i], &out);
            dunlin_buffer_consume (&out, DUNLIN_MUX_SIZE_BYTES);
            result = dunlin_mux_defrag_take (&self, dunlin_buffer_bytes (&out),
                                             dunlin_buffer_length (&out), &message, &tag, NULL);
            g_assert_cmpint (result, ==,
                             more[i] ? DUNLIN_MUX_DEFRAG_TAKEN : DUNLIN_MUX_DEFRAG_WHOLE);
            g_assert_cmpuint (tag, ==, i + 2);
            if (more[i])
                continue;
            whole++;
            golden_equal (dunlin_buffer_bytes (&message), dunlin_buffer_length (&message),
                          dunlin_buffer_bytes (&frames[i]) + DUNLIN_MUX_SIZE_BYTES,
                          dunlin_buffer_length (&frames[i]) - DUNLIN_MUX_SIZE_BYTES);
        }
    }
    for (guint i = 0; i < 3; i++) {
        dunlin_mux_fragmenter_clear (&fragments[i]);
        dunlin_buffer_clear (&frames[i]);
    }
}

static void
test_in_turns (void)
{
    send_in_turns (1, (gsize[]){ 5, 4, 300 });
    send_in_turns (7, (gsize[]){ 8, 14, 15 }); /* one more, a multiple, a multiple and one */
    send_in_turns (1000, (gsize[]){ 100000, 1001, 2000 });
    send_in_turns (65535, (gsize[]){ 65536, 99999, 70000 });
}

#define ADD(claim, function) g_test_add_func ("/wire/mux_fragment/" claim, function)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    ADD ("whole-frames-pass", test_whole_frames);
    ADD ("tags-interleave", test_interleaved);
    ADD ("a-finished-tag-is-used-again", test_tag_again);
    ADD ("fragments-may-be-empty", test_empty_fragments);
    ADD ("types-do-not-mix", test_types);
    ADD ("too-many-tags-end-the-session", test_tags_bounded);
    ADD ("a-large-message-is-refused-alone", test_message_bounded);
    ADD ("a-full-session-refuses-the-newcomer", test_total_bounded);
    ADD ("a-dropped-tag-is-forgotten", test_drop);
    ADD ("the-window-counts-the-body-of-dispatches", test_needs);
    ADD ("five-mebibytes-leave-as-from-finagle", test_five_mebibytes);
    ADD ("what-is-sent-in-turns-arrives-whole", test_in_turns);
    return g_test_run ();
}
