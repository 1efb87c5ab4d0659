/* A place in the order of all contacts as a text that callers hand back. */
#pragma once

#include "address_book/model.h"

G_BEGIN_DECLS

/* Returns: (transfer full): printable. */
char *cursor_encode (const Place *place);

/**
 * cursor_decode:
 * @cursor: what a caller sent: anything
 *
 * Returns: (transfer full) (nullable): %NULL with %BOOK_ERROR_INVALID when it is no cursor.
 */
Place *cursor_decode (const char *cursor, GError **error);

G_END_DECLS
