/* What a contact has several of, as rows: e-mail addresses, phones, postal addresses, labels. */
#pragma once

#include "address_book/model.h"
#include "address_book/sqlite_db.h"

G_BEGIN_DECLS

/* Reads all parts of the contact that @contact has the id of. */
gboolean sqlite_parts_read (SqliteDb *db, Contact *contact, GError **error);

/* Puts the contact's parts in the place of those that are there. BOOK_ERROR_EXISTS */
gboolean sqlite_parts_write (SqliteDb *db, const Contact *contact, GError **error);

G_END_DECLS
