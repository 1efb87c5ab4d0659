/* "Did you mean ...?": how far apart two names are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: Levenshtein's distance in bytes. For names: the work is the product of their lengths. */
gsize dunlin_nearest_distance (const char *a, const char *b);

/**
 * dunlin_nearest_is_near:
 * @distance: between @name and another name
 *
 * Returns: whether somebody who wrote @name may have meant the other one.
 */
gboolean dunlin_nearest_is_near (const char *name, gsize distance);

G_END_DECLS
