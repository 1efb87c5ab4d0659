/* Sorts ranges by their bytes and looks at neighbours. */
#include "wire/json_distinct.h"

#include <string.h>

static int
compare_bytes (const DunlinJsonRange *a, const DunlinJsonRange *b, const guint8 *base)
{
    gsize n = MIN (a->length, b->length);
    int order = n == 0 ? 0 : memcmp (base + a->start, base + b->start, n);

    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

static int
compare (gconstpointer a, gconstpointer b, gpointer base)
{
    const DunlinJsonRange *left = a;
    const DunlinJsonRange *right = b;
    int order = compare_bytes (left, right, base);

    return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

gboolean
dunlin_json_distinct (GArray *ranges, const void *base, guint *first, guint *again)
{
    g_array_sort_with_data (ranges, compare, (gpointer)base);
    for (guint i = 1; i < ranges->len; i++) {
        const DunlinJsonRange *one = &g_array_index (ranges, DunlinJsonRange, i - 1);

        if (compare_bytes (one, one + 1, base) != 0)
            continue;
        *first = one[0].place;
        *again = one[1].place;
        return FALSE;
    }
    return TRUE;
}
