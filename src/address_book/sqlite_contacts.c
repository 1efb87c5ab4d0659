/* The contact table. Values are ?1 to ?8 for the texts below, ?9 to ?12 for what they are searched
 * by, and then what the statement itself needs. */
#include "address_book/sqlite_contacts.h"

#include "address_book/book_error.h"
#include "address_book/sqlite_parts.h"
#include "address_book/text.h"

#define TEXTS "given, family, middle, title, suffix, nickname, organisation, notes"
#define KEYS  "given_key, family_key, nickname_key, organisation_key"

/* In the order of TEXTS and KEYS. */
static const gsize texts[] = {
    G_STRUCT_OFFSET (Contact, name.given),   G_STRUCT_OFFSET (Contact, name.family),
    G_STRUCT_OFFSET (Contact, name.middle),  G_STRUCT_OFFSET (Contact, name.title),
    G_STRUCT_OFFSET (Contact, name.suffix),  G_STRUCT_OFFSET (Contact, name.nickname),
    G_STRUCT_OFFSET (Contact, organisation), G_STRUCT_OFFSET (Contact, notes),
};
static const gsize keys[] = {
    G_STRUCT_OFFSET (Contact, name.given),
    G_STRUCT_OFFSET (Contact, name.family),
    G_STRUCT_OFFSET (Contact, name.nickname),
    G_STRUCT_OFFSET (Contact, organisation),
};

#define SELECT     "SELECT id, revision, created_ms, updated_ms, last_used_ms, " TEXTS " FROM contact "
#define FIRST_TEXT 5

/* What begins with ?1 is not below it, and below ?2. */
#define MATCHES                                                                                    \
    "((given_key >= ?1 AND given_key < ?2) OR (family_key >= ?1 AND family_key < ?2) OR "          \
    "(nickname_key >= ?1 AND nickname_key < ?2) OR "                                               \
    "(organisation_key >= ?1 AND organisation_key < ?2)) "

/* Above every byte of UTF-8. */
#define ABOVE_ALL "\xff"

static void
bind_contact (Statement *statement, const Contact *contact)
{
    int index = 1;

    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        sqlite3_bind_text (statement, index++, G_STRUCT_MEMBER (char *, contact, texts[i]), -1,
                           SQLITE_STATIC);
    for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
        sqlite3_bind_text (statement, index++,
                           text_fold (G_STRUCT_MEMBER (char *, contact, keys[i])), -1, g_free);
}

static Contact *
read_contact (Statement *row)
{
    Contact *contact = contact_new ();

    contact->id = sqlite3_column_int64 (row, 0);
    contact->revision = sqlite3_column_int64 (row, 1);
    contact->created_ms = sqlite3_column_int64 (row, 2);
    contact->updated_ms = sqlite3_column_int64 (row, 3);
    contact->last_used_ms = sqlite3_column_int64 (row, 4);
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        G_STRUCT_MEMBER (char *, contact, texts[i]) =
            g_strdup ((const char *)sqlite3_column_text (row, FIRST_TEXT + (int)i));
    return contact;
}

gboolean
sqlite_contacts_insert (SqliteDb *db, Contact *contact, GError **error)
{
    g_autoptr (Statement) insert = sqlite_db_statement (
        db,
        "INSERT INTO contact (" TEXTS ", " KEYS ", created_ms, updated_ms, revision) VALUES "
        "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 1) RETURNING id, revision",
        error);

    if (insert == NULL)
        return FALSE;
    bind_contact (insert, contact);
    sqlite3_bind_int64 (insert, 13, contact->created_ms);
    sqlite3_bind_int64 (insert, 14, contact->updated_ms);
    if (sqlite3_step (insert) != SQLITE_ROW)
        return sqlite_db_fail (db, error);
    contact->id = sqlite3_column_int64 (insert, 0);
    contact->revision = sqlite3_column_int64 (insert, 1);
    return sqlite_parts_write (db, contact, error);
}

/* Why no row had this id and revision. */
static gboolean
explain (SqliteDb *db, gint64 id, GError **error)
{
    g_autoptr (Statement) row =
        sqlite_db_statement (db, "SELECT revision FROM contact WHERE id = ?1", error);
    int code;

    if (row == NULL)
        return FALSE;
    sqlite3_bind_int64 (row, 1, id);
    code = sqlite3_step (row);
    if (code == SQLITE_ROW)
        return book_error_conflict (error, id, sqlite3_column_int64 (row, 0));
    return sqlite_db_is_done (db, code, error) && book_error_not_found (error, id);
}

/* That id and revision are compared by the statement that writes is what lets only one of two
 * writers win. */
static gboolean
update (SqliteDb *db, Contact *contact, GError **error)
{
    g_autoptr (Statement) statement = sqlite_db_statement (
        db,
        "UPDATE contact SET (" TEXTS ", " KEYS ", updated_ms, revision) = "
        "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, revision + 1) "
        "WHERE id = ?14 AND revision = ?15 RETURNING revision, created_ms, last_used_ms",
        error);
    int code;

    if (statement == NULL)
        return FALSE;
    bind_contact (statement, contact);
    sqlite3_bind_int64 (statement, 13, contact->updated_ms);
    sqlite3_bind_int64 (statement, 14, contact->id);
    sqlite3_bind_int64 (statement, 15, contact->revision);
    code = sqlite3_step (statement);
    if (code != SQLITE_ROW)
        return sqlite_db_is_done (db, code, error) && explain (db, contact->id, error);
    contact->revision = sqlite3_column_int64 (statement, 0);
    contact->created_ms = sqlite3_column_int64 (statement, 1);
    contact->last_used_ms = sqlite3_column_int64 (statement, 2);
    return TRUE;
}

gboolean
sqlite_contacts_replace (SqliteDb *db, Contact *contact, GError **error)
{
    return update (db, contact, error) && sqlite_parts_write (db, contact, error);
}

gboolean
sqlite_contacts_remove (SqliteDb *db, gint64 id, gint64 revision, GError **error)
{
    g_autoptr (Statement) statement = sqlite_db_statement (
        db, "DELETE FROM contact WHERE id = ?1 AND (?2 = 0 OR revision = ?2) RETURNING id", error);
    int code;

    if (statement == NULL)
        return FALSE;
    sqlite3_bind_int64 (statement, 1, id);
    sqlite3_bind_int64 (statement, 2, revision);
    code = sqlite3_step (statement);
    return code == SQLITE_ROW || (sqlite_db_is_done (db, code, error) && explain (db, id, error));
}

gboolean
sqlite_contacts_touch (SqliteDb *db, gint64 id, gint64 used_ms, GError **error)
{
    g_autoptr (Statement) statement =
        sqlite_db_statement (db, "UPDATE contact SET last_used_ms = ?2 WHERE id = ?1", error);

    if (statement == NULL)
        return FALSE;
    sqlite3_bind_int64 (statement, 1, id);
    sqlite3_bind_int64 (statement, 2, used_ms);
    return sqlite_db_is_done (db, sqlite3_step (statement), error);
}

/* Adds what @statement gives to @contacts, with all parts. */
static gboolean
collect (SqliteDb *db, Statement *statement, GPtrArray *contacts, GError **error)
{
    int code;

    while ((code = sqlite3_step (statement)) == SQLITE_ROW) {
        Contact *contact = read_contact (statement);

        g_ptr_array_add (contacts, contact);
        if (!sqlite_parts_read (db, contact, error))
            return FALSE;
    }
    return sqlite_db_is_done (db, code, error);
}

static gboolean
load_one (SqliteDb *db, gint64 id, GPtrArray *contacts, GError **error)
{
    g_autoptr (Statement) row = sqlite_db_statement (db, SELECT "WHERE id = ?1", error);

    if (row == NULL)
        return FALSE;
    sqlite3_bind_int64 (row, 1, id);
    return collect (db, row, contacts, error);
}

GPtrArray *
sqlite_contacts_load (SqliteDb *db, const GArray *ids, GError **error)
{
    g_autoptr (GPtrArray) contacts = contact_array_new ();

    for (guint i = 0; i < ids->len; i++)
        if (!load_one (db, g_array_index (ids, gint64, i), contacts, error))
            return NULL;
    return g_steal_pointer (&contacts);
}

/* Binds ?1 and ?2 of MATCHES. */
static void
bind_prefix (Statement *statement, const char *prefix)
{
    char *folded = text_fold (prefix);

    sqlite3_bind_text (statement, 2, g_strconcat (folded, ABOVE_ALL, NULL), -1, g_free);
    sqlite3_bind_text (statement, 1, folded, -1, g_free);
}

/* Every contact has a place in the index of all, which gives a page of them without sorting. */
#define ALL                                                                                        \
    SELECT "WHERE (family_key, given_key, id) > (?3, ?4, ?5) "                                     \
           "ORDER BY family_key, given_key, id LIMIT ?6"

/* The + keeps SQLite from walking through that index in search of rare prefixes: it is to look
 * them up, and to sort what it finds. */
#define SOME                                                                                       \
    SELECT "WHERE " MATCHES "AND (family_key, given_key, id) > (?3, ?4, ?5) "                      \
           "ORDER BY +family_key, +given_key, +id LIMIT ?6"

GPtrArray *
sqlite_contacts_search (SqliteDb *db, const char *prefix, const Place *after, int limit,
                        GError **error)
{
    g_autoptr (GPtrArray) contacts = contact_array_new ();
    g_autoptr (Statement) statement =
        sqlite_db_statement (db, prefix[0] == '\0' ? ALL : SOME, error);

    if (statement == NULL)
        return NULL;
    bind_prefix (statement, prefix);
    sqlite3_bind_text (statement, 3, after != NULL ? after->family : "", -1, SQLITE_STATIC);
    sqlite3_bind_text (statement, 4, after != NULL ? after->given : "", -1, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 5, after != NULL ? after->id : 0);
    sqlite3_bind_int (statement, 6, limit);
    return collect (db, statement, contacts, error) ? g_steal_pointer (&contacts) : NULL;
}

gint64
sqlite_contacts_count (SqliteDb *db, const char *prefix, GError **error)
{
    g_autoptr (Statement) statement =
        sqlite_db_statement (db, "SELECT count (*) FROM contact WHERE " MATCHES, error);

    if (statement == NULL)
        return -1;
    bind_prefix (statement, prefix);
    if (sqlite3_step (statement) != SQLITE_ROW) {
        sqlite_db_fail (db, error);
        return -1;
    }
    return sqlite3_column_int64 (statement, 0);
}
