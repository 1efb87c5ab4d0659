/* Levenshtein's distance; names are short, so plain rows will do. */
#include "base/nearest.h"

#include <string.h>

gsize
dunlin_nearest_distance (const char *a, const char *b)
{
    gsize n = strlen (b);
    g_autofree gsize *row = g_new (gsize, n + 1);

    for (gsize j = 0; j <= n; j++)
        row[j] = j;
    for (gsize i = 0; a[i] != '\0'; i++) {
        gsize diagonal = row[0];

        row[0] = i + 1;
        for (gsize j = 0; j < n; j++) {
            gsize replace = diagonal + (a[i] != b[j]);

            diagonal = row[j + 1];
            row[j + 1] = MIN (replace, MIN (diagonal, row[j]) + 1);
        }
    }
    return row[n];
}

gboolean
dunlin_nearest_is_near (const char *name, gsize distance)
{
    return distance <= MAX (2, strlen (name) / 3);
}
