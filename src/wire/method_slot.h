/* Where a method's name stands in a service's perfect hash: the generator looks for a seed with
 * which no two names share a slot, dispatch looks names up. */
#pragma once

#include <glib.h>
#include <string.h>

/* Eight bytes or fewer as one number, the same on every machine. */
static inline guint64
dunlin_method_word (const char *bytes, gsize n)
{
    guint64 word = 0;

    memcpy (&word, bytes, n);
    return GUINT64_FROM_LE (word);
}

static inline guint32
dunlin_method_slot (const char *name, gsize length, guint64 seed, guint8 bits)
{
    gsize n = MIN (length, 8);
    guint64 head = dunlin_method_word (name, n);
    guint64 tail = dunlin_method_word (name + length - n, n);
    guint64 mixed = (head + length) * seed ^ (tail >> 7 | tail << 57);

    mixed *= seed;
    return (guint32)(mixed >> (64 - bits));
}
