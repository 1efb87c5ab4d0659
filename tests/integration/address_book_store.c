/* The address book's store under several writers, and under kill -9. This program is its own other
 * processes: with --write, --compete or --open it does that part and nothing else. */
#include "address_book/book.h"

#include "address_book/book_error.h"
#include "address_book/sqlite_store.h"
#include "base/error.h"
#include "fiber/fiber.h"
#include "fiber/offload.h"
#include "support/contact_values.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS   8
#define ROUNDS    20
#define PROCESSES 3
#define CHANGES   40 /* of each process */
#define KILLS     5
#define ANSWERS   30 /* before each kill */
#define FIBERS    100

static const char *program;

typedef struct {
    char *folder;
    char *file;
    Book *book;
} Files;

static Book *
open_book (const char *file)
{
    g_autoptr (GError) error = NULL;
    Store *store = sqlite_store_open (file, &error);

    g_assert_no_error (error);
    return book_new (store);
}

static void
set_up (Files *files, gconstpointer data)
{
    files->folder = g_dir_make_tmp ("dunlin-store-XXXXXX", NULL);
    files->file = g_build_filename (files->folder, "book.db", NULL);
    files->book = open_book (files->file);
}

static void
tear_down (Files *files, gconstpointer data)
{
    book_free (files->book);
    g_assert_cmpint (g_remove (files->file), ==, 0);
    g_assert_cmpint (g_rmdir (files->folder), ==, 0); /* nothing is left beside the file */
    g_free (files->folder);
    g_free (files->file);
}

static gint64
add (Book *book)
{
    g_autoptr (Contact) contact = contact_full ();
    g_autoptr (GError) error = NULL;

    book_create (book, contact, &error);
    g_assert_no_error (error);
    return contact->id;
}

static gint64
revision_of (Book *book, gint64 id)
{
    g_autoptr (Contact) contact = book_get (book, id, NULL);

    return contact->revision;
}

static GSubprocess *
spawn (const char *part, const char *file, const char *argument)
{
    g_autoptr (GError) error = NULL;
    GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, part,
                                             file, argument, NULL);

    g_assert_no_error (error);
    return process;
}

static void
assert_succeeds (GSubprocess *process)
{
    g_autoptr (GError) error = NULL;

    g_subprocess_wait_check (process, NULL, &error);
    g_assert_no_error (error);
}

/* ---- One of several writers wins ---- */

typedef struct {
    Book *book;
    gint64 id;
    int *ready;
    int *won;
    int *lost;
} Race;

static gpointer
race (gpointer data)
{
    Race *self = data;
    g_autoptr (Contact) contact = book_get (self->book, self->id, NULL);
    g_autoptr (GError) error = NULL;

    g_atomic_int_inc (self->ready);
    while (g_atomic_int_get (self->ready) < THREADS)
        g_thread_yield ();
    if (book_update (self->book, contact, &error)) {
        g_atomic_int_inc (self->won);
        return NULL;
    }
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_CONFLICT);
    g_assert_cmpint (book_error_get_revision (error), ==, contact->revision + 1);
    g_atomic_int_inc (self->lost);
    return NULL;
}

static void
one_of_many_threads_wins (Files *files, gconstpointer data)
{
    gint64 id = add (files->book);

    for (int round = 0; round < ROUNDS; round++) {
        int ready = 0;
        int won = 0;
        int lost = 0;
        Race self = { files->book, id, &ready, &won, &lost };
        GThread *threads[THREADS];

        for (int i = 0; i < THREADS; i++)
            threads[i] = g_thread_new ("writer", race, &self);
        for (int i = 0; i < THREADS; i++)
            g_thread_join (threads[i]);
        g_assert_cmpint (won, ==, 1);
        g_assert_cmpint (lost, ==, THREADS - 1);
    }
    g_assert_cmpint (revision_of (files->book, id), ==, 1 + ROUNDS);
}

/* Changes the contact CHANGES times; whoever loses reads again. */
static int
compete (const char *file, gint64 id)
{
    g_autoptr (Book) book = open_book (file);

    for (int done = 0; done < CHANGES;) {
        g_autoptr (Contact) contact = book_get (book, id, NULL);
        g_autoptr (GError) error = NULL;

        if (book_update (book, contact, &error))
            done++;
        else
            g_assert_error (error, BOOK_ERROR, BOOK_ERROR_CONFLICT);
    }
    return 0;
}

static void
several_processes_lose_no_change (Files *files, gconstpointer data)
{
    gint64 id = add (files->book);
    g_autofree char *argument = g_strdup_printf ("%" G_GINT64_FORMAT, id);
    GSubprocess *processes[PROCESSES];

    for (int i = 0; i < PROCESSES; i++)
        processes[i] = spawn ("--compete", files->file, argument);
    for (int i = 0; i < PROCESSES; i++) {
        assert_succeeds (processes[i]);
        g_object_unref (processes[i]);
    }
    g_assert_cmpint (revision_of (files->book, id), ==, 1 + PROCESSES * CHANGES);
}

static void
several_processes_make_the_file_at_once (Files *files, gconstpointer data)
{
    g_autofree char *file = g_build_filename (files->folder, "new.db", NULL);
    GSubprocess *processes[PROCESSES];

    for (int i = 0; i < PROCESSES; i++)
        processes[i] = spawn ("--open", file, NULL);
    for (int i = 0; i < PROCESSES; i++) {
        assert_succeeds (processes[i]);
        g_object_unref (processes[i]);
    }
    g_assert_cmpint (g_remove (file), ==, 0);
}

/* ---- Readers see whole contacts ---- */

typedef struct {
    Book *book;
    gint64 id;
    int stop;
} Watch;

static gpointer
watch (gpointer data)
{
    Watch *self = data;

    while (!g_atomic_int_get (&self->stop)) {
        g_autoptr (Contact) contact = book_get (self->book, self->id, NULL);

        g_assert_cmpuint (contact->labels->len, ==, contact->emails->len);
        g_assert_cmpstr (g_ptr_array_index (contact->labels, 0), ==, contact->name.given);
    }
    return NULL;
}

static void
rewrite (Book *book, gint64 id, int number)
{
    g_autoptr (Contact) contact = book_get (book, id, NULL);
    g_autoptr (GError) error = NULL;

    g_free (contact->name.given);
    contact->name.given = g_strdup_printf ("%d", number);
    g_ptr_array_set_size (contact->labels, 0);
    g_ptr_array_set_size (contact->emails, 0);
    for (int i = 0; i < 1 + number % 7; i++) {
        g_ptr_array_add (contact->labels, g_strdup (contact->name.given));
        g_ptr_array_add (contact->emails, g_strdup_printf ("%d.%d@example.org", number, i));
    }
    book_update (book, contact, &error);
    g_assert_no_error (error);
}

static void
readers_see_no_half_written_contact (Files *files, gconstpointer data)
{
    Watch self = { .book = files->book, .id = add (files->book) };
    GThread *threads[2];

    rewrite (files->book, self.id, 0);
    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("reader", watch, &self);
    for (int i = 1; i < 100; i++)
        rewrite (files->book, self.id, i);
    g_atomic_int_set (&self.stop, TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        g_thread_join (threads[i]);
}

/* ---- Somebody else holds the file ---- */

static void
a_writer_gives_up_and_readers_do_not_wait (Files *files, gconstpointer data)
{
    gint64 id = add (files->book);
    g_autoptr (Contact) contact = book_get (files->book, id, NULL);
    g_autoptr (GError) error = NULL;
    sqlite3 *db;

    g_assert_cmpint (sqlite3_open (files->file, &db), ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_false (book_update (files->book, contact, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED);
    g_assert_cmpint (revision_of (files->book, id), ==, 1);
    sqlite3_close (db);
    g_assert_true (book_update (files->book, contact, NULL));
}

/* ---- kill -9 ---- */

/* Creates and changes contacts for ever; prints "ID REVISION" for each change that was answered. */
static int
write_for_ever (const char *file)
{
    g_autoptr (Book) book = open_book (file);

    for (;;) {
        g_autoptr (Contact) contact = contact_full ();
        g_autoptr (GError) error = NULL;

        g_ptr_array_set_size (contact->emails, 0);
        for (int i = 0; i < 3; i++) {
            if (i == 0 ? book_create (book, contact, &error) : book_update (book, contact, &error))
                printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", contact->id,
                        contact->revision);
            g_assert_no_error (error);
            fflush (stdout);
        }
    }
    return 0;
}

static void
assert_answer_is_kept (Book *book, const char *line)
{
    g_auto (GStrv) numbers = g_strsplit (line, " ", 2);
    gint64 id = g_ascii_strtoll (numbers[0], NULL, 10);

    g_assert_cmpint (revision_of (book, id), >=, g_ascii_strtoll (numbers[1], NULL, 10));
}

static void
assert_integrity (const char *file)
{
    sqlite3 *db;
    sqlite3_stmt *check;

    g_assert_cmpint (sqlite3_open (file, &db), ==, SQLITE_OK);
    sqlite3_prepare_v2 (db, "PRAGMA integrity_check", -1, &check, NULL);
    g_assert_cmpint (sqlite3_step (check), ==, SQLITE_ROW);
    g_assert_cmpstr ((const char *)sqlite3_column_text (check, 0), ==, "ok");
    sqlite3_finalize (check);
    sqlite3_prepare_v2 (db, "PRAGMA foreign_key_check", -1, &check, NULL);
    g_assert_cmpint (sqlite3_step (check), ==, SQLITE_DONE);
    sqlite3_finalize (check);
    sqlite3_close (db);
}

/* Reads all answers; kills the process after some of them. */
static GPtrArray *
answers_until_killed (GSubprocess *process)
{
    g_autoptr (GDataInputStream) output =
        g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
    GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
    char *line;

    while ((line = g_data_input_stream_read_line (output, NULL, NULL, NULL)) != NULL) {
        g_ptr_array_add (lines, line);
        if (lines->len == ANSWERS)
            g_subprocess_force_exit (process);
    }
    g_subprocess_wait (process, NULL, NULL);
    return lines;
}

static void
kill_9_loses_nothing_that_was_answered (Files *files, gconstpointer data)
{
    for (int i = 0; i < KILLS; i++) {
        g_autoptr (GSubprocess) process = spawn ("--write", files->file, NULL);
        g_autoptr (GPtrArray) lines = answers_until_killed (process);

        g_assert_cmpint (g_subprocess_get_term_sig (process), ==, SIGKILL);
        g_assert_cmpuint (lines->len, >=, ANSWERS);
        assert_integrity (files->file);
        for (guint k = 0; k < lines->len; k++)
            assert_answer_is_kept (files->book, g_ptr_array_index (lines, k));
    }
}

/* ---- On fibers ---- */

typedef struct {
    Book *book;
    DunlinLoop *loop;
    int left;
} Crowd;

static void
create_on_fiber (gpointer data)
{
    Crowd *self = data;
    g_autoptr (Contact) contact = contact_named ("a", "b");
    g_autoptr (GError) error = NULL;

    book_create (self->book, contact, &error);
    g_assert_no_error (error);
    if (--self->left == 0)
        dunlin_loop_stop (self->loop);
}

static void
spawn_all (gpointer data)
{
    Crowd *self = data;

    for (int i = 0; i < FIBERS; i++)
        g_assert_nonnull (dunlin_fiber_spawn ("writer", create_on_fiber, self, NULL));
    g_assert_cmpint (self->left, ==, FIBERS); /* all of them wait, and the loop goes on */
}

static void
fibers_wait_without_holding_the_loop (Files *files, gconstpointer data)
{
    g_autoptr (DunlinLoop) loop = dunlin_loop_new ("test", NULL);
    Crowd crowd = { .book = files->book, .loop = loop, .left = FIBERS };

    dunlin_loop_post (loop, spawn_all, &crowd);
    dunlin_loop_run (loop);
    g_assert_cmpint (book_count (files->book, "", NULL), ==, FIBERS);
    dunlin_offload_shutdown ();
}

#define ADD(name, func)                                                                            \
    g_test_add ("/address-book/store/" name, Files, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
    program = argv[0];
    if (argc > 3 && strcmp (argv[1], "--compete") == 0)
        return compete (argv[2], g_ascii_strtoll (argv[3], NULL, 10));
    if (argc > 2 && strcmp (argv[1], "--write") == 0)
        return write_for_ever (argv[2]);
    if (argc > 2 && strcmp (argv[1], "--open") == 0) {
        book_free (open_book (argv[2]));
        return 0;
    }
    g_test_init (&argc, &argv, NULL);
    ADD ("one-of-many-threads-wins", one_of_many_threads_wins);
    ADD ("several-processes-lose-no-change", several_processes_lose_no_change);
    ADD ("several-processes-make-the-file-at-once", several_processes_make_the_file_at_once);
    ADD ("readers-see-no-half-written-contact", readers_see_no_half_written_contact);
    ADD ("a-writer-gives-up-and-readers-do-not-wait", a_writer_gives_up_and_readers_do_not_wait);
    ADD ("kill-9-loses-nothing-that-was-answered", kill_9_loses_nothing_that_was_answered);
    ADD ("fibers-wait-without-holding-the-loop", fibers_wait_without_holding_the_loop);
    return g_test_run ();
}
