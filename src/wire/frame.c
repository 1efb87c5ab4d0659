/* A frame's size: checked when read, filled in when known. */
#include "wire/frame.h"

#include "base/error.h"
#include "wire/sniff.h"

/* What would begin with these bytes, if it is not a size. */
static const char *
culprit (const guint8 *prefix)
{
    DunlinSniff kind = dunlin_sniff (prefix, DUNLIN_FRAME_SIZE_BYTES);

    switch (kind) {
    case DUNLIN_SNIFF_NEED_MORE:
    case DUNLIN_SNIFF_UNKNOWN:
        if (prefix[0] >= 0x80)
            return "sizes are positive: another protocol, or a connection out of step";
        return "if such messages are meant, raise thrift.max-frame";
    case DUNLIN_SNIFF_UNFRAMED_BINARY:
    case DUNLIN_SNIFF_UNFRAMED_COMPACT:
        return "a Thrift message without its frame: frames and none were mixed on one connection";
    default:
        return dunlin_sniff_describe (kind);
    }
}

gboolean
dunlin_frame_size (const guint8 *prefix, gsize max_bytes, gsize *size, GError **error)
{
    DunlinReader reader = dunlin_reader (prefix, DUNLIN_FRAME_SIZE_BYTES);
    gsize found = dunlin_reader_u32 (&reader);
    g_autofree char *quote = NULL;

    if (found <= max_bytes) {
        *size = found;
        return TRUE;
    }
    quote = dunlin_sniff_quote (prefix, DUNLIN_FRAME_SIZE_BYTES);
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                 "frame of %" G_GSIZE_FORMAT " bytes (%s), at most %" G_GSIZE_FORMAT
                 " are taken: %s",
                 found, quote, max_bytes, culprit (prefix));
    return FALSE;
}

gsize
dunlin_frame_begin (DunlinBuffer *to)
{
    gsize begun = dunlin_buffer_length (to);

    dunlin_buffer_u32 (to, 0);
    return begun;
}

void
dunlin_frame_end (DunlinBuffer *to, gsize begun)
{
    gsize size = dunlin_buffer_length (to) - begun - DUNLIN_FRAME_SIZE_BYTES;

    g_assert (size <= G_MAXINT32);
    dunlin_buffer_patch_u32 (to, begun, (guint32)size);
}
