/* A store in a SQLite file. */
#pragma once

#include "address_book/store.h"

G_BEGIN_DECLS

/**
 * sqlite_store_open:
 * @path: the file, made when it is not there; "" for a store that goes away with the process
 *
 * Returns: (transfer full) (nullable): %NULL with DUNLIN_ERROR_SETTINGS when the file cannot be
 * used. On fibers its methods wait without holding the thread.
 */
Store *sqlite_store_open (const char *path, GError **error);

G_END_DECLS
