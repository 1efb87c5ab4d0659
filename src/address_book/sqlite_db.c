/* A SQLite connection. WAL, so that readers and the writer do not wait for each other; FULL, so
 * that what was answered outlives a power cut, not only kill -9. */
#include "address_book/sqlite_db.h"

#include "dunlin.h"

#include <fcntl.h>
#include <glib/gstdio.h>

/* How long another process (our own writers queue in sqlite_store.c) may hold the file. */
#define BUSY_TIMEOUT_MS 5000

struct SqliteDb {
    sqlite3 *handle;
    char *name;             /* of the file, for errors */
    GHashTable *statements; /* owned: SQL (static) -> sqlite3_stmt (owned) */
};

/* What SQLite's codes mean to a caller; all others are INTERNAL. */
static const struct {
    int sqlite;
    DunlinError dunlin;
} meanings[] = {
    { SQLITE_BUSY, DUNLIN_ERROR_OVERLOADED }, /* always at a transaction's begin: may be repeated */
    { SQLITE_FULL, DUNLIN_ERROR_UNAVAILABLE },  { SQLITE_IOERR, DUNLIN_ERROR_UNAVAILABLE },
    { SQLITE_CANTOPEN, DUNLIN_ERROR_SETTINGS }, /* this and the following: while opening */
    { SQLITE_PERM, DUNLIN_ERROR_SETTINGS },     { SQLITE_READONLY, DUNLIN_ERROR_SETTINGS },
    { SQLITE_NOTADB, DUNLIN_ERROR_SETTINGS },   { SQLITE_CORRUPT, DUNLIN_ERROR_SETTINGS },
};

gboolean
sqlite_db_fail (SqliteDb *self, GError **error)
{
    int code = sqlite3_errcode (self->handle);
    DunlinError meaning = DUNLIN_ERROR_INTERNAL;

    for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
        if (code == meanings[i].sqlite)
            meaning = meanings[i].dunlin;
    g_set_error (error, DUNLIN_ERROR, (int)meaning, "%s: %s", self->name,
                 sqlite3_errmsg (self->handle));
    return FALSE;
}

gboolean
sqlite_db_run (SqliteDb *self, const char *sql, GError **error)
{
    return sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sqlite_db_fail (self, error);
}

Statement *
sqlite_db_statement (SqliteDb *self, const char *sql, GError **error)
{
    Statement *statement = g_hash_table_lookup (self->statements, sql);

    if (statement != NULL)
        return statement;
    if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK) {
        sqlite_db_fail (self, error);
        return NULL;
    }
    g_hash_table_insert (self->statements, (gpointer)sql, statement);
    return statement;
}

void
statement_end (Statement *self)
{
    sqlite3_reset (self);
    sqlite3_clear_bindings (self);
}

gboolean
sqlite_db_is_done (SqliteDb *self, int code, GError **error)
{
    return code == SQLITE_DONE || sqlite_db_fail (self, error);
}

gboolean
sqlite_db_number (SqliteDb *self, const char *sql, gint64 *number, GError **error)
{
    g_autoptr (Statement) statement = sqlite_db_statement (self, sql, error);

    if (statement == NULL)
        return FALSE;
    if (sqlite3_step (statement) != SQLITE_ROW)
        return sqlite_db_fail (self, error);
    *number = sqlite3_column_int64 (statement, 0);
    return TRUE;
}

/* SQLite would make the file readable by everybody; the files beside it get the same mode. */
static void
make_private (const char *path)
{
    int fd = g_open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0)
        g_close (fd, NULL);
}

/* Damage is better found at the start than in the middle of somebody's call. */
gboolean
sqlite_db_is_sound (SqliteDb *self, GError **error)
{
    g_autoptr (Statement) check = sqlite_db_statement (self, "PRAGMA quick_check (1)", error);
    const char *verdict;

    if (check == NULL)
        return FALSE;
    if (sqlite3_step (check) != SQLITE_ROW)
        return sqlite_db_fail (self, error);
    verdict = (const char *)sqlite3_column_text (check, 0);
    if (g_strcmp0 (verdict, "ok") == 0)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "%s is damaged: %s; restore a copy, or name another file", self->name, verdict);
    return FALSE;
}

static gboolean
set_up (SqliteDb *self, const char *path, GError **error)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

    /* "" is SQLite's name for a temporary database. */
    if (sqlite3_open_v2 (path != NULL ? path : "", &self->handle, flags, NULL) != SQLITE_OK)
        return sqlite_db_fail (self, error);
    sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
    if (sqlite3_db_readonly (self->handle, "main") == 1) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "%s may not be written; change its owner or mode", self->name);
        return FALSE;
    }
    return sqlite_db_run (self,
                          "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                          "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF",
                          error);
}

static void
finalize_statement (gpointer statement)
{
    sqlite3_finalize (statement);
}

SqliteDb *
sqlite_db_open (const char *path, GError **error)
{
    g_autoptr (SqliteDb) self = g_new0 (SqliteDb, 1);

    self->name = g_strdup (path != NULL ? path : "the temporary database");
    self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement);
    if (path != NULL)
        make_private (path);
    return set_up (self, path, error) ? g_steal_pointer (&self) : NULL;
}

void
sqlite_db_free (SqliteDb *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref (self->statements);
    sqlite3_close (self->handle);
    g_free (self->name);
    g_free (self);
}
