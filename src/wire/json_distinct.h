/* Whether the elements of a set, or the keys of a map, are all different: ranges of one buffer,
 * sorted and compared. A hash table would do it faster, until somebody sends what collides. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    gsize start;
    gsize length;
    guint place; /* among the ranges as they were added */
} DunlinJsonRange;

/**
 * dunlin_json_distinct:
 * @ranges: (element-type DunlinJsonRange): are sorted
 * @base: what they are ranges of
 * @again: (out): the place of one that was there before; @first: (out): where
 *
 * Returns: whether no two have the same bytes.
 */
gboolean dunlin_json_distinct (GArray *ranges, const void *base, guint *first, guint *again);

G_END_DECLS
