/* Hostile mux frames: one decoded as it is, then the same bytes as a session's stream of frames
 * through the defragmenter. What can be read must read the same after writing it again. */
#include "wire/mux_fragment.h"
#include "base/error.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
check_tdispatch (const DunlinMuxMessage *message)
{
    g_auto (DunlinBuffer) once = { 0 };
    g_auto (DunlinBuffer) twice = { 0 };
    g_auto (DunlinMuxMessage) again = { 0 };
    gsize mark = dunlin_mux_begin_tdispatch (&once, message->tag, &message->context);

    dunlin_buffer_append (&once, message->body.data, message->body.length);
    dunlin_mux_end (&once, mark);
    g_assert_true (dunlin_mux_decode (dunlin_buffer_bytes (&once) + DUNLIN_MUX_SIZE_BYTES,
                                      dunlin_buffer_length (&once) - DUNLIN_MUX_SIZE_BYTES, &again,
                                      NULL));
    g_assert_true (dunlin_slice_equal (again.body, message->body));
    dunlin_context_own (&again.context);
    dunlin_mux_begin_tdispatch (&twice, again.tag, &again.context);
    g_assert_cmpuint (dunlin_buffer_length (&twice) + again.body.length, ==,
                      dunlin_buffer_length (&once));
    g_assert_true (memcmp (dunlin_buffer_bytes (&once) + DUNLIN_MUX_SIZE_BYTES,
                           dunlin_buffer_bytes (&twice) + DUNLIN_MUX_SIZE_BYTES,
                           dunlin_buffer_length (&twice) - DUNLIN_MUX_SIZE_BYTES) == 0);
}

static void
check_init (const DunlinMuxMessage *message)
{
    g_auto (DunlinBuffer) reply = { 0 };
    g_autoptr (GError) error = NULL;
    guint32 window = 0;
    gboolean ok = dunlin_mux_negotiate (message, FALSE, 1, &window, &reply, &error);

    g_assert_true (ok == (error == NULL) && ok == (window > 0));
    g_assert_cmpuint (window, <=, DUNLIN_MUX_WINDOW_MAX);
}

static void
decode (const guint8 *frame, gsize length)
{
    g_auto (DunlinMuxMessage) message = { 0 };
    g_autoptr (GError) error = NULL;
    DunlinPair pair;

    if (!dunlin_mux_decode (frame, length, &message, &error)) {
        g_assert_nonnull (error);
        return;
    }
    dunlin_mux_is_tinit_check (&message);
    dunlin_context_remaining_us (&message.context);
    while (dunlin_pairs_next (&message.context.request_headers, &pair))
        g_assert_cmpuint (pair.value.length, <=, length);
    while (dunlin_pairs_next (&message.contexts, &pair))
        g_assert_cmpuint (pair.value.length, <=, length);
    if (message.kind == DUNLIN_MUX_TDISPATCH && !message.more)
        check_tdispatch (&message);
    if (message.kind == DUNLIN_MUX_TINIT)
        check_init (&message);
}

/* A byte of length before each frame keeps the streams short. */
static void
gather (const guint8 *data, size_t size)
{
    g_auto (DunlinMuxDefrag) defrag = { .max_message = 40, .max_total = 60, .max_tags = 3 };
    DunlinReader in = dunlin_reader (data, size);

    while (in.left > 0) {
        g_auto (DunlinBuffer) whole = { 0 };
        g_autoptr (GError) error = NULL;
        gsize announced = dunlin_reader_u8 (&in);
        gsize length = MIN (announced, in.left);
        const guint8 *frame = dunlin_reader_take (&in, length);
        guint32 tag = 0;
        DunlinMuxDefragResult result =
            dunlin_mux_defrag_take (&defrag, frame, length, &whole, &tag, &error);

        g_assert_cmpuint (defrag.total, <=, defrag.max_total);
        g_assert_true ((error != NULL) ==
                       (result == DUNLIN_MUX_DEFRAG_FAILED || result == DUNLIN_MUX_DEFRAG_REFUSED));
        if (result == DUNLIN_MUX_DEFRAG_WHOLE)
            decode (dunlin_buffer_bytes (&whole), dunlin_buffer_length (&whole));
        if (result == DUNLIN_MUX_DEFRAG_FAILED)
            break;
        if (length % 7 == 0)
            dunlin_mux_defrag_drop (&defrag, tag);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
    decode (data, size);
    gather (data, size);
    return 0;
}
