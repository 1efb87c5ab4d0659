/* Hostile TTwitter frames: the first byte picks the encoding. A header that can be read must read
 * the same after writing it again. */
#include "wire/ttwitter.h"
#include "base/error.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
check_rewrite (const DunlinContext *context, DunlinTtwitterEncoding encoding)
{
    g_auto (DunlinBuffer) header = { 0 };
    g_auto (DunlinBuffer) once = { 0 };
    g_auto (DunlinBuffer) twice = { 0 };
    g_auto (DunlinContext) again = { 0 };
    g_autoptr (GError) error = NULL;
    DunlinReader in;

    dunlin_ttwitter_write_request (&header, encoding, context);
    in = dunlin_reader (dunlin_buffer_bytes (&header), dunlin_buffer_length (&header));
    dunlin_ttwitter_read_request (&in, encoding, &again, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (in.left, ==, 0);
    dunlin_context_own (&again);
    dunlin_context_write_mux (context, &once);
    dunlin_context_write_mux (&again, &twice);
    g_assert_cmpuint (dunlin_buffer_length (&once), ==, dunlin_buffer_length (&twice));
    g_assert_true (memcmp (dunlin_buffer_bytes (&once), dunlin_buffer_bytes (&twice),
                           dunlin_buffer_length (&once)) == 0);
}

static void
read_request (DunlinReader in, DunlinTtwitterEncoding encoding)
{
    g_auto (DunlinContext) context = { 0 };
    g_autoptr (GError) error = NULL;

    if (dunlin_ttwitter_read_request (&in, encoding, &context, &error))
        check_rewrite (&context, encoding);
    else
        g_assert_nonnull (error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
    DunlinReader in = dunlin_reader (data, size);
    DunlinTtwitterEncoding encoding = dunlin_reader_u8 (&in) % (DUNLIN_TTWITTER_COMPACT + 1);
    DunlinReader response = in;
    DunlinTtwitterEncoding found;
    gint32 sequence;
    gboolean upgraded;

    dunlin_ttwitter_is_upgrade (in.data, in.left, &found, &sequence);
    dunlin_ttwitter_read_upgrade_reply (in.data, in.left, &upgraded, NULL);
    dunlin_ttwitter_skip_response (&response, encoding, NULL);
    read_request (in, encoding);
    return 0;
}
