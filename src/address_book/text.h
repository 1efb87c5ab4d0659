/* Texts compared without regard to case, in every script. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * text_fold:
 * @text: (nullable): UTF-8
 *
 * Returns: (transfer full) (nullable): what all spellings of @text have in common that differ only
 * in case or in how Unicode composes their letters; %NULL for %NULL, or when @text is not UTF-8.
 */
char *text_fold (const char *text);

G_END_DECLS
