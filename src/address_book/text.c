/* Folding by Unicode's rules for caseless matching. The composed form, so that the beginning of a
 * text is made of whole letters: "Rene" does not begin "René". */
#include "address_book/text.h"

char *
text_fold (const char *text)
{
    g_autofree char *normal = NULL;
    g_autofree char *folded = NULL;

    if (text == NULL)
        return NULL;
    normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
    if (normal == NULL)
        return NULL;
    folded = g_utf8_casefold (normal, -1);
    return g_utf8_normalize (folded, -1, G_NORMALIZE_ALL_COMPOSE);
}
