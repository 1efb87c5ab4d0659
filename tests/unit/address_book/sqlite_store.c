/* The SQLite store's file: made, kept, brought up to date, or refused with a reason. */
#include "address_book/sqlite_store.h"

#include "address_book/book.h"
#include "base/error.h"
#include "support/contact_values.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define NOBODY 65534

typedef struct {
    char *folder;
    char *file;
} Files;

static void
set_up (Files *files, gconstpointer data)
{
    files->folder = g_dir_make_tmp ("dunlin-store-XXXXXX", NULL);
    files->file = g_build_filename (files->folder, "book.db", NULL);
}

static void
tear_down (Files *files, gconstpointer data)
{
    GDir *folder = g_dir_open (files->folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (folder)) != NULL) {
        g_autofree char *path = g_build_filename (files->folder, name, NULL);

        g_remove (path);
    }
    g_dir_close (folder);
    g_assert_cmpint (g_rmdir (files->folder), ==, 0);
    g_free (files->folder);
    g_free (files->file);
}

static Book *
open_book (const Files *files)
{
    g_autoptr (GError) error = NULL;
    Store *store = sqlite_store_open (files->file, &error);

    g_assert_no_error (error);
    return book_new (store);
}

/* Runs @sql on the file behind the store's back. */
static void
run_sql (const Files *files, const char *sql)
{
    sqlite3 *db;

    g_assert_cmpint (sqlite3_open (files->file, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close (db);
}

static void
assert_refused (const char *path, const char *why)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (sqlite_store_open (path, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    if (strstr (error->message, why) == NULL)
        g_error ("\"%s\" is not in \"%s\"", why, error->message);
}

static void
contacts_outlive_the_store (Files *files, gconstpointer data)
{
    g_autoptr (Contact) contact = contact_full ();
    g_autoptr (Contact) found = NULL;

    {
        g_autoptr (Book) book = open_book (files);

        g_assert_true (book_create (book, contact, NULL));
    }
    {
        g_autoptr (Book) book = open_book (files);

        found = book_get (book, contact->id, NULL);
    }
    assert_same_contact (contact, found);
}

static void
a_store_without_a_file_is_temporary (Files *files, gconstpointer data)
{
    for (int i = 0; i < 2; i++) {
        g_autoptr (Book) book = book_new (sqlite_store_open ("", NULL));
        g_autoptr (Contact) contact = contact_full ();

        g_assert_true (book_create (book, contact, NULL));
        g_assert_cmpint (book_count (book, "", NULL), ==, 1);
    }
}

static void
others_cannot_read_the_file (Files *files, gconstpointer data)
{
    g_autoptr (Book) book = open_book (files);
    g_autoptr (Contact) contact = contact_full ();
    g_autofree char *wal = g_strconcat (files->file, "-wal", NULL);
    GStatBuf info;

    g_assert_true (book_create (book, contact, NULL));
    g_assert_cmpint (g_stat (files->file, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    g_assert_cmpint (g_stat (wal, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

/* As version 1 wrote it, with one contact. */
static const char version_1[] =
    "PRAGMA application_id = 0x4441426f;"
    "CREATE TABLE contact (id INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL,"
    "  given TEXT NOT NULL, family TEXT NOT NULL, middle TEXT, title TEXT, suffix TEXT,"
    "  nickname TEXT, organisation TEXT, notes TEXT, given_key TEXT NOT NULL,"
    "  family_key TEXT NOT NULL, nickname_key TEXT, organisation_key TEXT,"
    "  created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX contact_order ON contact (family_key, given_key, id);"
    "CREATE INDEX contact_given ON contact (given_key);"
    "CREATE INDEX contact_nickname ON contact (nickname_key);"
    "CREATE INDEX contact_organisation ON contact (organisation_key);"
    "CREATE TABLE email (contact_id INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE,"
    "  position INTEGER NOT NULL, address TEXT NOT NULL, address_key TEXT NOT NULL UNIQUE,"
    "  PRIMARY KEY (contact_id, position)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE phone (contact_id INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE,"
    "  position INTEGER NOT NULL, kind INTEGER NOT NULL, number TEXT NOT NULL,"
    "  PRIMARY KEY (contact_id, position)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE postal_address (contact_id INTEGER NOT NULL REFERENCES contact ON DELETE"
    "  CASCADE, position INTEGER NOT NULL, kind INTEGER NOT NULL, lines TEXT NOT NULL,"
    "  city TEXT NOT NULL, region TEXT, postal_code TEXT, country TEXT NOT NULL,"
    "  PRIMARY KEY (contact_id, position)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE label (contact_id INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE,"
    "  position INTEGER NOT NULL, label TEXT NOT NULL,"
    "  PRIMARY KEY (contact_id, position)) STRICT, WITHOUT ROWID;"
    "INSERT INTO contact VALUES (7, 3, 'Zoë', 'Old', NULL, NULL, NULL, NULL, NULL, NULL, 'zoë',"
    "  'old', NULL, NULL, 1000, 2000);"
    "INSERT INTO email VALUES (7, 0, 'Zoe@example.org', 'zoe@example.org');"
    "PRAGMA user_version = 1;";

static void
an_older_file_is_brought_up_to_date (Files *files, gconstpointer data)
{
    g_autoptr (Book) book = NULL;
    g_autoptr (Contact) contact = NULL;

    run_sql (files, version_1);
    book = open_book (files);
    contact = book_get (book, 7, NULL);
    g_assert_cmpstr (contact->name.family, ==, "Old");
    g_assert_cmpint (contact->revision, ==, 3);
    g_assert_cmpint (contact->created_ms, ==, 1000);
    g_assert_cmpint (contact->last_used_ms, ==, 0);
    g_assert_true (book_mark_used (book, 7, NULL));
    g_assert_true (book_update (book, contact, NULL));
    g_assert_cmpint (contact->last_used_ms, >, 0);
}

/* The second step fails, since its column is there: nothing of it may remain. */
static void
a_step_that_fails_changes_nothing (Files *files, gconstpointer data)
{
    g_autoptr (GError) error = NULL;

    run_sql (files, version_1);
    run_sql (files, "ALTER TABLE contact ADD COLUMN last_used_ms INTEGER");
    g_assert_null (sqlite_store_open (files->file, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL);
    run_sql (files, "ALTER TABLE contact DROP COLUMN last_used_ms");
    book_free (open_book (files));
}

static void
a_newer_file_is_refused (Files *files, gconstpointer data)
{
    book_free (open_book (files));
    run_sql (files, "PRAGMA user_version = 1000");
    assert_refused (files->file, "newer version");
}

static void
another_programs_file_is_refused (Files *files, gconstpointer data)
{
    run_sql (files, "CREATE TABLE cookies (value TEXT)");
    assert_refused (files->file, "another program's");
}

static void
what_is_no_database_is_refused (Files *files, gconstpointer data)
{
    g_autofree char *text = g_strnfill (10000, 'x');

    g_assert_true (g_file_set_contents (files->file, text, -1, NULL));
    assert_refused (files->file, files->file);
    assert_refused (files->file, "not a database");
}

static void
a_damaged_file_is_refused (Files *files, gconstpointer data)
{
    g_autofree char *bytes = NULL;
    gsize length;

    {
        g_autoptr (Book) book = open_book (files);

        for (int i = 0; i < 50; i++) {
            g_autoptr (Contact) contact = contact_named ("given", "family");

            g_assert_true (book_create (book, contact, NULL));
        }
    }
    g_assert_true (g_file_get_contents (files->file, &bytes, &length, NULL));
    memset (bytes + 4096, 0x5a, length - 4096); /* all pages but the first */
    g_assert_true (g_file_set_contents (files->file, bytes, (gssize)length, NULL));
    assert_refused (files->file, files->file);
}

static void
a_file_in_no_folder_is_refused (Files *files, gconstpointer data)
{
    g_autofree char *file = g_build_filename (files->folder, "missing", "book.db", NULL);

    assert_refused (file, "missing/book.db: unable to open");
    assert_refused (files->folder, "unable to open");
}

static void
a_file_that_cannot_be_written_is_refused (Files *files, gconstpointer data)
{
    gboolean was_root = geteuid () == 0;

    book_free (open_book (files));
    g_assert_cmpint (g_chmod (files->file, 0444), ==, 0);
    g_assert_cmpint (g_chmod (files->folder, 0755), ==, 0);
    /* Root may write everything. */
    if (was_root)
        g_assert_cmpint (seteuid (NOBODY), ==, 0);
    assert_refused (files->file, "may not be written");
    if (was_root)
        g_assert_cmpint (seteuid (0), ==, 0);
}

static void
names_mean_nothing_special (Files *files, gconstpointer data)
{
    g_autofree char *before = g_get_current_dir ();
    g_autoptr (Store) store = NULL;

    g_assert_cmpint (g_chdir (files->folder), ==, 0);
    store = sqlite_store_open (":memory:", NULL);
    g_assert_true (g_file_test (":memory:", G_FILE_TEST_IS_REGULAR));
    g_assert_cmpint (g_chdir (before), ==, 0);
}

#define ADD(name, func)                                                                            \
    g_test_add ("/address-book/sqlite-store/" name, Files, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    ADD ("contacts-outlive-the-store", contacts_outlive_the_store);
    ADD ("a-store-without-a-file-is-temporary", a_store_without_a_file_is_temporary);
    ADD ("others-cannot-read-the-file", others_cannot_read_the_file);
    ADD ("an-older-file-is-brought-up-to-date", an_older_file_is_brought_up_to_date);
    ADD ("a-step-that-fails-changes-nothing", a_step_that_fails_changes_nothing);
    ADD ("a-newer-file-is-refused", a_newer_file_is_refused);
    ADD ("another-programs-file-is-refused", another_programs_file_is_refused);
    ADD ("what-is-no-database-is-refused", what_is_no_database_is_refused);
    ADD ("a-damaged-file-is-refused", a_damaged_file_is_refused);
    ADD ("a-file-in-no-folder-is-refused", a_file_in_no_folder_is_refused);
    ADD ("a-file-that-cannot-be-written-is-refused", a_file_that_cannot_be_written_is_refused);
    ADD ("names-mean-nothing-special", names_mean_nothing_special);
    return g_test_run ();
}
