/* Contacts as rows: the address book's SQL. Each function is part of a transaction that the caller
 * has begun, and to be rolled back when it fails. What they do and how they fail: see StoreMethods.
 */
#pragma once

#include "address_book/model.h"
#include "address_book/sqlite_db.h"

G_BEGIN_DECLS

gboolean sqlite_contacts_insert (SqliteDb *db, Contact *contact, GError **error);
gboolean sqlite_contacts_replace (SqliteDb *db, Contact *contact, GError **error);
gboolean sqlite_contacts_remove (SqliteDb *db, gint64 id, gint64 revision, GError **error);
gboolean sqlite_contacts_touch (SqliteDb *db, gint64 id, gint64 used_ms, GError **error);
GPtrArray *sqlite_contacts_load (SqliteDb *db, const GArray *ids, GError **error);
GPtrArray *sqlite_contacts_search (SqliteDb *db, const char *prefix, const Place *after, int limit,
                                   GError **error);
gint64 sqlite_contacts_count (SqliteDb *db, const char *prefix, GError **error);

G_END_DECLS
