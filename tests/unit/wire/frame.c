/* Frame sizes: limits, and the culprits behind impossible ones. */
#include "wire/frame.h"

#include "base/error.h"
#include "support/golden.h"

#define MAX_FRAME (16 << 20)

static void
test_limit (void)
{
    g_autoptr (GError) error = NULL;
    gsize size = 7;

    g_assert_true (
        dunlin_frame_size ((const guint8 *)"\x01\x00\x00\x00", MAX_FRAME, &size, &error));
    g_assert_cmpuint (size, ==, MAX_FRAME);
    g_assert_true (dunlin_frame_size ((const guint8 *)"\0\0\0\0", MAX_FRAME, &size, &error));
    g_assert_cmpuint (size, ==, 0);
    g_assert_false (
        dunlin_frame_size ((const guint8 *)"\x01\x00\x00\x01", MAX_FRAME, &size, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    g_assert_nonnull (strstr (error->message, "16777217"));
    g_assert_nonnull (strstr (error->message, "thrift.max-frame"));
    g_assert_cmpuint (size, ==, 0);
}

typedef struct {
    const char *path;
    const char *hex;
    const char *says;
} Culprit;

static const Culprit culprits[] = {
    { "ssh", "'SSH-'", "frame of 1397966893 bytes (53 53 48 2d \"SSH-\")" },
    { "ssh-by-name", "'SSH-'", "an SSH client" },
    { "http", "'GET '", "HTTP" },
    { "tls", "16 03 01 02", "tls.mode" },
    { "unframed-binary", "80 01 00 01", "without its frame" },
    { "unframed-compact", "82 21 00 04", "without its frame" },
    { "negative", "ff ff ff ff", "sizes are positive" },
};

static void
test_culprit (gconstpointer data)
{
    const Culprit *culprit = data;
    g_auto (DunlinBuffer) bytes = golden (culprit->hex);
    g_autoptr (GError) error = NULL;
    gsize size;

    g_assert_false (dunlin_frame_size (bytes.data, MAX_FRAME, &size, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    if (strstr (error->message, culprit->says) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, culprit->says);
}

static void
test_write (void)
{
    g_auto (DunlinBuffer) out = { 0 };
    g_auto (DunlinBuffer) expected = golden ("00 00 00 02 'ab' 00 00 00 00 00 00 00 03 'xyz'");
    gsize begun;

    begun = dunlin_frame_begin (&out);
    dunlin_buffer_append (&out, "ab", 2);
    dunlin_frame_end (&out, begun);
    begun = dunlin_frame_begin (&out);
    dunlin_frame_end (&out, begun);
    begun = dunlin_frame_begin (&out);
    dunlin_buffer_append (&out, "xyz", 3);
    dunlin_frame_end (&out, begun);
    golden_equal (dunlin_buffer_bytes (&out), dunlin_buffer_length (&out),
                  dunlin_buffer_bytes (&expected), dunlin_buffer_length (&expected));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/wire/frame/longest-passes-and-longer-does-not", test_limit);
    g_test_add_func ("/wire/frame/sizes-are-filled-in-one-after-another", test_write);
    for (gsize i = 0; i < G_N_ELEMENTS (culprits); i++) {
        g_autofree char *path = g_strdup_printf ("/wire/frame/names/%s", culprits[i].path);

        g_test_add_data_func (path, &culprits[i], test_culprit);
    }
    return g_test_run ();
}
