/* One connection to a SQLite file, and its prepared statements. For one thread at a time. Knows
 * nothing of contacts. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct SqliteDb SqliteDb;

/* A prepared statement while it is in use. */
typedef sqlite3_stmt Statement;

/**
 * sqlite_db_open:
 * @path: (nullable): made when it is not there; %NULL: a database of this connection's own that
 *   goes away with it
 *
 * Returns: (transfer full) (nullable): %NULL with DUNLIN_ERROR_SETTINGS when the file cannot be
 * used as it is.
 */
SqliteDb *sqlite_db_open (const char *path, GError **error);
void sqlite_db_free (SqliteDb *self);

/* Whether all of the file can be read and makes sense; takes a while with large ones. */
gboolean sqlite_db_is_sound (SqliteDb *self, GError **error);

/* Runs statements that have neither parameters nor rows. */
gboolean sqlite_db_run (SqliteDb *self, const char *sql, GError **error);

/**
 * sqlite_db_statement:
 * @sql: static text: it is prepared once
 *
 * Returns: (nullable): ready for values; belongs to the connection. Keep it in a
 * g_autoptr (Statement), which makes it ready for the next use.
 */
Statement *sqlite_db_statement (SqliteDb *self, const char *sql, GError **error);
void statement_end (Statement *self);

/* Sets @error to what has gone wrong last; returns FALSE. */
gboolean sqlite_db_fail (SqliteDb *self, GError **error);

/* Whether @code, of sqlite3_step(), is SQLITE_DONE; FALSE with @error otherwise. */
gboolean sqlite_db_is_done (SqliteDb *self, int code, GError **error);

/* The one number that @sql gives. */
gboolean sqlite_db_number (SqliteDb *self, const char *sql, gint64 *number, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SqliteDb, sqlite_db_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Statement, statement_end)

G_END_DECLS
