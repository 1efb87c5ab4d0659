/* Whether what came is the right answer. */
#pragma once

#include "bench/load/message.h"

/* A right answer has at most so much besides its message: headers, contexts. */
#define LOAD_REPLY_EXTRA_MAX 65536

/**
 * load_reply_id:
 * @frame: without its size
 *
 * Returns: the number that a reply bears, or -1 when it has none.
 */
gint64 load_reply_id (const LoadMessage *self, const guint8 *frame, gsize n);

/* Returns: %NULL when it is the right answer to the call @id, else what is wrong; static. */
const char *load_reply_check (const LoadMessage *self, const guint8 *frame, gsize n, guint32 id);
