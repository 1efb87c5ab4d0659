/* Which prebuilt reply answers a frame. */
#pragma once

#include "bench/wire/link.h"

/* @record: (owned): what put() stored, as get() gives it */
typedef struct {
    guint8 *record;
    gsize record_length;
} LimitReplies;

/* Appends the reply with its size to @out. Returns: FALSE when the frame is not understood. */
gboolean limit_reply (LimitReplies *self, const guint8 *frame, gsize n, LinkBytes *out);
