/* Frames: a size of 4 bytes, big-endian, and so many bytes after it. */
#pragma once

#include "base/bytes.h"

G_BEGIN_DECLS

#define DUNLIN_FRAME_SIZE_BYTES 4

/**
 * dunlin_frame_size:
 * @prefix: the 4 bytes of size
 * @max_bytes: the longest frame that is taken
 * @size: (out): bytes that follow; untouched on failure
 *
 * Returns: FALSE with %DUNLIN_ERROR_TOO_LARGE when it is over @max_bytes. If it is some well-known
 *   protocol's first bytes instead of a size, @error says which.
 */
gboolean dunlin_frame_size (const guint8 *prefix, gsize max_bytes, gsize *size, GError **error);

/**
 * dunlin_frame_begin:
 *
 * Leaves room for a size. Between begin and end @to may be appended to, but not be consumed.
 *
 * Returns: what dunlin_frame_end() wants.
 */
gsize dunlin_frame_begin (DunlinBuffer *to);

/* Writes the size of all that was appended since dunlin_frame_begin() returned @begun. */
void dunlin_frame_end (DunlinBuffer *to, gsize begun);

G_END_DECLS
