/* The tables, and how those of an older version become those of today. */
#pragma once

#include "address_book/sqlite_db.h"

G_BEGIN_DECLS

/**
 * sqlite_schema_upgrade:
 *
 * Brings the database to the newest schema, one version after the other, each as a whole or not at
 * all. Several processes may do so at once.
 *
 * Returns: %FALSE with DUNLIN_ERROR_SETTINGS when the database is newer than this program, or
 * another program's.
 */
gboolean sqlite_schema_upgrade (SqliteDb *db, GError **error);

G_END_DECLS
