/* The database's user_version says how many of the steps below it has been through. A step that has
 * been released is never changed; a new version of the tables is a new step at the end. */
#include "address_book/sqlite_schema.h"

#include "dunlin.h"

/* In the file's header, so that other programs' databases are told apart: "DABo". */
#define APPLICATION_ID 0x4441426f

/* The *_key columns hold text_fold() of the column beside: what is searched and sorted by. */
static const char *const steps[] = {
    "PRAGMA application_id = " G_STRINGIFY (
        APPLICATION_ID) ";"
                        "CREATE TABLE contact ("
                        "  id INTEGER PRIMARY KEY AUTOINCREMENT," /* AUTOINCREMENT: no id is given
                                                                     twice */
                        "  revision INTEGER NOT NULL,"
                        "  given TEXT NOT NULL, family TEXT NOT NULL, middle TEXT, title TEXT, "
                        "suffix TEXT,"
                        "  nickname TEXT, organisation TEXT, notes TEXT,"
                        "  given_key TEXT NOT NULL, family_key TEXT NOT NULL, nickname_key TEXT,"
                        "  organisation_key TEXT,"
                        "  created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL) STRICT;"
                        "CREATE INDEX contact_order ON contact (family_key, given_key, id);"
                        "CREATE INDEX contact_given ON contact (given_key);"
                        "CREATE INDEX contact_nickname ON contact (nickname_key);"
                        "CREATE INDEX contact_organisation ON contact (organisation_key);"
                        "CREATE TABLE email ("
                        "  contact_id INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE,"
                        "  position INTEGER NOT NULL,"
                        "  address TEXT NOT NULL, address_key TEXT NOT NULL UNIQUE,"
                        "  PRIMARY KEY (contact_id, position)) STRICT, WITHOUT ROWID;"
                        "CREATE TABLE phone ("
                        "  contact_id INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE,"
                        "  position INTEGER NOT NULL,"
                        "  kind INTEGER NOT NULL, number TEXT NOT NULL,"
                        "  PRIMARY KEY (contact_id, position)) STRICT, WITHOUT ROWID;"
                        "CREATE TABLE postal_address ("
                        "  contact_id INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE,"
                        "  position INTEGER NOT NULL,"
                        "  kind INTEGER NOT NULL, lines TEXT NOT NULL, city TEXT NOT NULL, region "
                        "TEXT,"
                        "  postal_code TEXT, country TEXT NOT NULL,"
                        "  PRIMARY KEY (contact_id, position)) STRICT, WITHOUT ROWID;"
                        "CREATE TABLE label ("
                        "  contact_id INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE,"
                        "  position INTEGER NOT NULL,"
                        "  label TEXT NOT NULL,"
                        "  PRIMARY KEY (contact_id, position)) STRICT, WITHOUT ROWID;",

    "ALTER TABLE contact ADD COLUMN last_used_ms INTEGER NOT NULL DEFAULT 0;",
};

static gboolean
refuse (GError **error, const char *why)
{
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, why);
    return FALSE;
}

/* Whether the database is ours or still empty, and its version. */
static gboolean
read_version (SqliteDb *db, gint64 *version, GError **error)
{
    gint64 tables;
    gint64 application;

    if (!sqlite_db_number (db, "PRAGMA user_version", version, error) ||
        !sqlite_db_number (db, "PRAGMA application_id", &application, error) ||
        !sqlite_db_number (db, "SELECT count (*) FROM sqlite_schema", &tables, error))
        return FALSE;
    if (application != APPLICATION_ID && (tables > 0 || *version != 0))
        return refuse (error, "this is another program's database; name a file of its own");
    if (*version > (gint64)G_N_ELEMENTS (steps))
        return refuse (error, "this database is of a newer version of the address book; start that "
                              "version, or name another file");
    return TRUE;
}

/* In a transaction. */
static gboolean
take_steps (SqliteDb *db, GError **error)
{
    gint64 version;
    g_autofree char *done = g_strdup_printf ("PRAGMA user_version = %zu", G_N_ELEMENTS (steps));

    if (!read_version (db, &version, error))
        return FALSE;
    for (; version < (gint64)G_N_ELEMENTS (steps); version++)
        if (!sqlite_db_run (db, steps[version], error))
            return FALSE;
    return sqlite_db_run (db, done, error);
}

gboolean
sqlite_schema_upgrade (SqliteDb *db, GError **error)
{
    gint64 version;

    if (!read_version (db, &version, error))
        return FALSE;
    if (version == (gint64)G_N_ELEMENTS (steps))
        return TRUE;
    if (!sqlite_db_run (db, "BEGIN IMMEDIATE", error))
        return FALSE;
    if (take_steps (db, error) && sqlite_db_run (db, "COMMIT", error))
        return TRUE;
    sqlite_db_run (db, "ROLLBACK", NULL);
    return FALSE;
}
