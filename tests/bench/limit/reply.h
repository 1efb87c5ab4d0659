/* Which prebuilt reply answers a frame. */
#pragma once

#include "bench/wire/link.h"

/**
 * LimitReply:
 * @frame: (owned): with its size
 * @seqid: where the sequence id is; the tag of mux is always at the same place
 */
typedef struct {
    GByteArray *frame;
    gsize seqid;
} LimitReply;

enum { LIMIT_PING, LIMIT_PUT, LIMIT_GET, LIMIT_METHODS };

/* [method][is mux] */
typedef struct {
    LimitReply replies[LIMIT_METHODS][2];
} LimitReplies;

/**
 * LimitAnswer:
 * @data: (borrowed): the reply with its size, made of the request itself; %NULL: it is appended
 */
typedef struct {
    const guint8 *data;
    gsize length;
} LimitAnswer;

/* What get() gives before the first put() is empty. */
void limit_replies_init (LimitReplies *self);
void limit_replies_clear (LimitReplies *self);

/**
 * limit_reply:
 * @frame: without its size, which must be in front of it; may be written over
 *
 * Appends the reply to @out, or has it in @answer. Returns: FALSE when the frame is not understood.
 */
gboolean limit_reply (LimitReplies *self, guint8 *frame, gsize n, LinkBytes *out,
                      LimitAnswer *answer);
