/* A line a call, whatever a peer calls itself; files that fill, turn over, or do not take a line.
 */
#include "base/access_log.h"

#include "base/access_line.h"
#include "base/error.h"
#include "support/log_capture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *folder;
    char *path;
    char *old;
    DunlinAccessLog *log;
    DunlinAccessWriter *writer;
} Fixture;

static void
open_log (Fixture *f, const char *path)
{
    g_autoptr (GError) error = NULL;

    f->log = dunlin_access_log_new (path, DUNLIN_ACCESS_TEXT, &error);
    g_assert_no_error (error);
    f->writer = dunlin_access_writer_new (f->log);
}

static void
set_up (Fixture *f, gconstpointer data)
{
    f->folder = g_dir_make_tmp ("dunlin-access-log-XXXXXX", NULL);
    f->path = g_build_filename (f->folder, "access.log", NULL);
    f->old = g_build_filename (f->folder, "access.log.1", NULL);
    test_log_clear ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
    g_clear_pointer (&f->writer, dunlin_access_writer_free);
    g_clear_pointer (&f->log, dunlin_access_log_free);
    g_unlink (f->path);
    g_unlink (f->old);
    g_assert_cmpint (g_rmdir (f->folder), ==, 0);
    g_free (f->folder);
    g_free (f->path);
    g_free (f->old);
}

static const DunlinAccessEntry entry = {
    .peer = "127.0.0.1:40312",
    .client = "web",
    .service = "AddressBook",
    .method = "get",
    .protocol = "thriftmux",
    .outcome = "ok",
    .request_bytes = 25,
    .response_bytes = 210,
    .duration = 385,
    .trace_id = G_GUINT64_CONSTANT (0x4bf92f3577b34da6),
};

static const DunlinAccessEntry empty = { 0 };

/* How lines look */

static char *
line_of (DunlinAccessFormat format, const DunlinAccessEntry *of)
{
    char time[DUNLIN_ACCESS_TIME_MAX];
    char *line = g_malloc (DUNLIN_ACCESS_LINE_MAX + 1);
    gsize length = 0;

    dunlin_access_time (format, 1795243500, time);
    length = dunlin_access_line (format, of, time, NULL, line);
    g_assert_cmpuint (length, <=, DUNLIN_ACCESS_LINE_MAX);
    line[length] = '\0';
    g_assert_cmpuint (strcspn (line, "\n"), ==, length - 1);
    return line;
}

static void
assert_line (DunlinAccessFormat format, const DunlinAccessEntry *of, const char *expected)
{
    g_autofree char *line = line_of (format, of);

    g_assert_cmpstr (line, ==, expected);
}

static void
test_text (Fixture *f, gconstpointer data)
{
    assert_line (DUNLIN_ACCESS_TEXT, &entry,
                 "127.0.0.1:40312 - web [21/Nov/2026:06:45:00 +0000] \"AddressBook.get thriftmux\" "
                 "ok 25 210 385 4bf92f3577b34da6\n");
}

/* What the first line keeps of a caller is in the second, and in no line of another format. */
static void
test_kept_caller (Fixture *f, gconstpointer data)
{
    for (guint first = 0; first < DUNLIN_N_ACCESS_FORMATS; first++) {
        gpointer caller = NULL;
        DunlinAccessEntry of = entry;

        of.caller = &caller;
        for (guint i = 0; i < 2 * DUNLIN_N_ACCESS_FORMATS; i++) {
            DunlinAccessFormat format = (first + i / 2) % DUNLIN_N_ACCESS_FORMATS;
            g_autofree char *expected = line_of (format, &entry);

            assert_line (format, &of, expected);
            g_assert_nonnull (caller);
        }
        of.peer = "is not looked at";
        assert_line (DUNLIN_ACCESS_TEXT, &of,
                     first == DUNLIN_ACCESS_TEXT
                         ? "127.0.0.1:40312 - web [21/Nov/2026:06:45:00 +0000] \"AddressBook.get "
                           "thriftmux\" ok 25 210 385 4bf92f3577b34da6\n"
                         : "is\\x20not\\x20looked\\x20at - web [21/Nov/2026:06:45:00 +0000] "
                           "\"AddressBook.get thriftmux\" ok 25 210 385 4bf92f3577b34da6\n");
        g_free (caller);
    }
}

/* Each line twice: what the first leaves, the second takes. */
static void
test_kept_middle (Fixture *f, gconstpointer data)
{
    static const char *const outcomes[] = { "ok", "deadline", "ok", "NotFound" };

    for (guint format = 0; format < DUNLIN_N_ACCESS_FORMATS; format++) {
        DunlinAccessMiddle middle = { 0 };

        for (gsize i = 0; i < 2 * G_N_ELEMENTS (outcomes); i++) {
            char line[DUNLIN_ACCESS_LINE_MAX];
            DunlinAccessEntry of = entry;
            g_autofree char *expected = NULL;
            gsize length;

            of.outcome = outcomes[i / 2];
            of.method = i < G_N_ELEMENTS (outcomes) ? "get" : "put";
            of.request_bytes = i;
            expected = line_of ((DunlinAccessFormat)format, &of);
            length = dunlin_access_line ((DunlinAccessFormat)format, &of,
                                         format == DUNLIN_ACCESS_TEXT ? "21/Nov/2026:06:45:00 +0000"
                                                                      : "2026-11-21T06:45:00Z",
                                         &middle, line);
            g_assert_cmpuint (length, ==, strlen (expected));
            g_assert_true (memcmp (line, expected, length) == 0);
            g_assert_true (middle.of[3] == of.outcome);
        }
    }
}

static void
test_text_without_anything (Fixture *f, gconstpointer data)
{
    assert_line (DUNLIN_ACCESS_TEXT, &empty,
                 "- - - [21/Nov/2026:06:45:00 +0000] \"- -\" - 0 0 0 -\n");
}

static void
test_json (Fixture *f, gconstpointer data)
{
    assert_line (DUNLIN_ACCESS_JSON, &entry,
                 "{\"time\":\"2026-11-21T06:45:00Z\",\"peer\":\"127.0.0.1:40312\","
                 "\"client\":\"web\",\"service\":\"AddressBook\",\"method\":\"get\","
                 "\"protocol\":\"thriftmux\",\"outcome\":\"ok\",\"request_bytes\":25,"
                 "\"response_bytes\":210,\"duration_us\":385,"
                 "\"trace_id\":\"4bf92f3577b34da6\"}\n");
}

static void
test_json_without_anything (Fixture *f, gconstpointer data)
{
    assert_line (DUNLIN_ACCESS_JSON, &empty,
                 "{\"time\":\"2026-11-21T06:45:00Z\",\"request_bytes\":0,\"response_bytes\":0,"
                 "\"duration_us\":0}\n");
}

static void
test_extremes (Fixture *f, gconstpointer data)
{
    DunlinAccessEntry of = { .request_bytes = G_MAXUINT64,
                             .response_bytes = G_MAXUINT64,
                             .duration = -1, /* a clock's fault */
                             .trace_id_high = 1 };

    assert_line (DUNLIN_ACCESS_TEXT, &of,
                 "- - - [21/Nov/2026:06:45:00 +0000] \"- -\" - 18446744073709551615 "
                 "18446744073709551615 0 00000000000000010000000000000000\n");
}

/* Nothing in a name ends its field, its line, or does anything to a terminal. */
static void
test_text_is_escaped (Fixture *f, gconstpointer data)
{
    DunlinAccessEntry of = { .client = "a b\n\"\\\033\xff", .method = "x\" ok 1 1 1 -\n- -" };

    assert_line (DUNLIN_ACCESS_TEXT, &of,
                 "- - a\\x20b\\x0a\\x22\\x5c\\x1b\\xff [21/Nov/2026:06:45:00 +0000] "
                 "\"x\\x22\\x20ok\\x201\\x201\\x201\\x20-\\x0a-\\x20- -\" - 0 0 0 -\n");
}

static void
test_json_is_escaped (Fixture *f, gconstpointer data)
{
    DunlinAccessEntry of = { .client = "a\",\"b\":\"\\\n\x7f\xff é" };
    g_autofree char *line = line_of (DUNLIN_ACCESS_JSON, &of);
    g_autoptr (JsonNode) node = json_from_string (line, NULL);

    g_assert_nonnull (node);
    g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "client"), ==,
                     "a\",\"b\":\"\\\n\x7f\xef\xbf\xbd é");
}

/* The longest line there can be, with every byte at its longest. */
static void
test_the_longest_lines_fit (Fixture *f, gconstpointer data)
{
    for (int c = 1; c < 256; c++) {
        g_autofree char *name = g_strnfill (1000, (char)c);
        DunlinAccessEntry of = { name,        name,        name,        name,       name,
                                 name,        G_MAXUINT64, G_MAXUINT64, G_MAXINT64, G_MAXUINT64,
                                 G_MAXUINT64, FALSE,       NULL };
        g_autofree char *text = line_of (DUNLIN_ACCESS_TEXT, &of);
        g_autofree char *json = line_of (DUNLIN_ACCESS_JSON, &of);
        g_autoptr (JsonNode) node = json_from_string (json, NULL);

        g_assert_nonnull (node);
    }
}

/* A name is cut by bytes; half a character is no character. */
static void
test_a_cut_character_is_replaced (Fixture *f, gconstpointer data)
{
    g_autofree char *filler = g_strnfill (127, 'x');
    g_autofree char *name = g_strconcat (filler, "é", NULL);
    DunlinAccessEntry of = { .client = name };
    g_autofree char *line = line_of (DUNLIN_ACCESS_JSON, &of);

    g_assert_true (g_utf8_validate (line, -1, NULL));
    g_assert_nonnull (strstr (line, "xxx\xef\xbf\xbd\""));
}

/* Where lines go */

static char *
read_file (const char *path)
{
    char *text = NULL;

    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    return text;
}

static guint
count_lines (const char *path)
{
    g_autofree char *text = read_file (path);
    guint n = 0;

    for (const char *at = text; (at = strchr (at, '\n')) != NULL; at++)
        n++;
    return n;
}

static void
test_nothing_is_written_before_a_flush (Fixture *f, gconstpointer data)
{
    open_log (f, f->path);
    dunlin_access_writer_add (f->writer, &entry);
    g_assert_cmpuint (count_lines (f->path), ==, 0);
    g_assert_cmpuint (dunlin_access_log_lines (f->log), ==, 0);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpuint (count_lines (f->path), ==, 1);
    g_assert_cmpuint (dunlin_access_log_lines (f->log), ==, 1);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpuint (count_lines (f->path), ==, 1);
}

static void
test_the_first_line_asks_for_a_flush (Fixture *f, gconstpointer data)
{
    open_log (f, f->path);
    g_assert_true (dunlin_access_writer_add (f->writer, &entry));
    g_assert_false (dunlin_access_writer_add (f->writer, &entry));
    dunlin_access_writer_flush (f->writer);
    g_assert_true (dunlin_access_writer_add (f->writer, &entry));
}

static void
test_the_time_is_now (Fixture *f, gconstpointer data)
{
    g_autofree char *text = NULL;
    gint64 before = g_get_real_time () / G_USEC_PER_SEC;
    gboolean found = FALSE;

    open_log (f, f->path);
    dunlin_access_writer_add (f->writer, &entry);
    dunlin_access_writer_flush (f->writer);
    text = read_file (f->path);
    for (gint64 second = before - 1; second <= g_get_real_time () / G_USEC_PER_SEC; second++) {
        char time[DUNLIN_ACCESS_TIME_MAX];

        dunlin_access_time (DUNLIN_ACCESS_TEXT, second, time);
        found = found || strstr (text, time) != NULL;
    }
    g_assert_true (found);
}

static void
test_a_full_buffer_flushes_itself (Fixture *f, gconstpointer data)
{
    open_log (f, f->path);
    for (int i = 0; i < 5000; i++)
        dunlin_access_writer_add (f->writer, &entry);
    g_assert_cmpuint (count_lines (f->path), >, 0);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpuint (count_lines (f->path), ==, 5000);
    g_assert_cmpuint (dunlin_access_log_lines (f->log), ==, 5000);
}

static void
test_freeing_a_writer_flushes (Fixture *f, gconstpointer data)
{
    open_log (f, f->path);
    dunlin_access_writer_add (f->writer, &entry);
    g_clear_pointer (&f->writer, dunlin_access_writer_free);
    g_assert_cmpuint (count_lines (f->path), ==, 1);
}

static void
test_a_file_is_appended_to (Fixture *f, gconstpointer data)
{
    g_assert_true (g_file_set_contents (f->path, "before\n", -1, NULL));
    open_log (f, f->path);
    dunlin_access_writer_add (f->writer, &entry);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpuint (count_lines (f->path), ==, 2);
}

static void
test_a_new_file_is_not_for_everybody (Fixture *f, gconstpointer data)
{
    struct stat status;

    open_log (f, f->path);
    g_assert_cmpint (stat (f->path, &status), ==, 0);
    g_assert_cmpuint (status.st_mode & 07, ==, 0);
}

static void
assert_cannot_open (const char *path, const char *reason)
{
    g_autoptr (GError) error = NULL;
    DunlinAccessLog *log = dunlin_access_log_new (path, DUNLIN_ACCESS_TEXT, &error);

    g_assert_null (log);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    g_assert_nonnull (strstr (error->message, path));
    g_assert_nonnull (strstr (error->message, reason));
}

static void
test_what_cannot_be_opened_is_named (Fixture *f, gconstpointer data)
{
    g_autofree char *below = g_build_filename (f->path, "below", NULL);

    assert_cannot_open (f->folder, g_strerror (EISDIR));
    assert_cannot_open (below, g_strerror (ENOENT));
    g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
    assert_cannot_open (f->path, g_strerror (ENXIO)); /* a pipe that nobody reads */
}

static void
test_reopening_begins_anew (Fixture *f, gconstpointer data)
{
    open_log (f, f->path);
    dunlin_access_writer_add (f->writer, &entry);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpint (g_rename (f->path, f->old), ==, 0);
    dunlin_access_writer_add (f->writer, &entry);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpuint (count_lines (f->old), ==, 2);
    g_assert_true (dunlin_access_log_reopen (f->log, NULL));
    dunlin_access_writer_add (f->writer, &entry);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpuint (count_lines (f->old), ==, 2);
    g_assert_cmpuint (count_lines (f->path), ==, 1);
}

static void
test_a_failed_reopening_keeps_the_file (Fixture *f, gconstpointer data)
{
    g_autoptr (GError) error = NULL;

    open_log (f, f->path);
    g_assert_cmpint (g_rename (f->path, f->old), ==, 0);
    g_assert_cmpint (g_mkdir (f->path, 0700), ==, 0);
    g_assert_false (dunlin_access_log_reopen (f->log, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    dunlin_access_writer_add (f->writer, &entry);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpuint (count_lines (f->old), ==, 1);
    g_rmdir (f->path);
}

enum { N_THREADS = 3, N_LINES = 3000 };

static gpointer
write_many (gpointer data)
{
    g_autoptr (DunlinAccessWriter) writer = dunlin_access_writer_new (data);

    for (int i = 0; i < N_LINES; i++) {
        dunlin_access_writer_add (writer, &entry);
        if (i % 7 == 0)
            dunlin_access_writer_flush (writer);
    }
    return NULL;
}

static void
assert_whole_lines (const char *path)
{
    g_autofree char *text = read_file (path);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    for (gsize i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
        g_assert_true (g_str_has_prefix (lines[i], "127.0.0.1:40312 - web [") &&
                       g_str_has_suffix (lines[i], " ok 25 210 385 4bf92f3577b34da6"));
}

static void
test_no_line_is_lost_while_reopening (Fixture *f, gconstpointer data)
{
    GThread *threads[N_THREADS];

    open_log (f, f->path);
    for (gsize i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new ("writing", write_many, f->log);
    g_assert_cmpint (g_rename (f->path, f->old), ==, 0);
    for (int i = 0; i < 50; i++)
        g_assert_true (dunlin_access_log_reopen (f->log, NULL));
    for (gsize i = 0; i < N_THREADS; i++)
        g_thread_join (threads[i]);
    assert_whole_lines (f->old);
    assert_whole_lines (f->path);
    g_assert_cmpuint (count_lines (f->old) + count_lines (f->path), ==, N_THREADS * N_LINES);
    g_assert_cmpuint (dunlin_access_log_lines (f->log), ==, N_THREADS * N_LINES);
    g_assert_cmpuint (dunlin_access_log_dropped (f->log), ==, 0);
}

static void
test_a_full_disk_drops_and_counts (Fixture *f, gconstpointer data)
{
    open_log (f, "/dev/full");
    for (int i = 0; i < 3; i++)
        dunlin_access_writer_add (f->writer, &entry);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpuint (dunlin_access_log_dropped (f->log), ==, 3);
    g_assert_cmpuint (dunlin_access_log_lines (f->log), ==, 0);
    g_assert_cmpuint (
        test_log_count (G_LOG_LEVEL_WARNING,
                        "access log /dev/full: No space left on device: 3 lines were dropped"),
        ==, 1);
    for (int i = 0; i < 100; i++) { /* the limit: it is said once in a while */
        dunlin_access_writer_add (f->writer, &entry);
        dunlin_access_writer_flush (f->writer);
    }
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, "lines were dropped"), ==, 1);
    g_assert_cmpuint (dunlin_access_log_dropped (f->log), ==, 103);
}

/* A pipe of one page, whose reader is this test. */
static int
open_pipe (Fixture *f)
{
    int reader = -1;

    g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
    reader = open (f->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    g_assert_cmpint (reader, >=, 0);
    g_assert_cmpint (fcntl (reader, F_SETPIPE_SZ, 4096), ==, 4096);
    open_log (f, f->path);
    return reader;
}

static void
drain (int reader, GString *into)
{
    char bytes[4096];
    gssize n = 0;

    while ((n = read (reader, bytes, sizeof bytes)) > 0)
        g_string_append_len (into, bytes, n);
}

static gboolean
is_whole (const char *line)
{
    return g_str_has_prefix (line, "127.0.0.1:40312 - web [") &&
           g_str_has_suffix (line, " ok 25 210 385 4bf92f3577b34da6");
}

/* The pipe takes a part of the lines, the last of them torn; then there is room again. */
static void
test_a_torn_line_stays_alone (Fixture *f, gconstpointer data)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_auto (GStrv) lines = NULL;
    int reader = open_pipe (f);
    guint n_whole = 0;
    guint n_torn = 0;

    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++)
            dunlin_access_writer_add (f->writer, &entry);
        dunlin_access_writer_flush (f->writer);
        drain (reader, text);
    }
    dunlin_access_writer_add (f->writer, &entry);
    dunlin_access_writer_flush (f->writer);
    drain (reader, text);
    close (reader);

    g_assert_true (g_str_has_suffix (text->str, "\n"));
    g_string_truncate (text, text->len - 1);
    lines = g_strsplit (text->str, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++)
        *(is_whole (lines[i]) ? &n_whole : &n_torn) += 1;
    g_assert_cmpuint (n_torn, ==, 3);
    g_assert_cmpuint (dunlin_access_log_lines (f->log), ==, n_whole);
    g_assert_cmpuint (dunlin_access_log_dropped (f->log), ==, 301 - n_whole);
}

/* A reader that does not read must not hold up a loop. */
static void
test_a_pipe_that_is_full_does_not_wait (Fixture *f, gconstpointer data)
{
    int reader = open_pipe (f);

    for (int i = 0; i < 2000; i++)
        dunlin_access_writer_add (f->writer, &entry);
    dunlin_access_writer_flush (f->writer);
    g_assert_cmpuint (dunlin_access_log_dropped (f->log), >, 1900);
    close (reader);
}

static void
test_standard_error (Fixture *f, gconstpointer data)
{
    if (g_test_subprocess ()) {
        open_log (f, "-");
        g_assert_true (dunlin_access_log_reopen (f->log, NULL));
        dunlin_access_writer_add (f->writer, &entry);
        dunlin_access_writer_flush (f->writer);
        return;
    }
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_passed ();
    g_test_trap_assert_stderr ("*127.0.0.1:40312 - web ?*? \"AddressBook.get thriftmux\" ok "
                               "25 210 385 4bf92f3577b34da6\n*");
}

static const struct {
    const char *path;
    void (*run) (Fixture *f, gconstpointer data);
} tests[] = {
    { "text", test_text },
    { "a-kept-caller-changes-no-line", test_kept_caller },
    { "a-kept-middle-changes-no-line", test_kept_middle },
    { "text-without-anything-has-its-fields", test_text_without_anything },
    { "json", test_json },
    { "json-without-anything", test_json_without_anything },
    { "extremes", test_extremes },
    { "text-cannot-forge-a-field", test_text_is_escaped },
    { "json-cannot-be-broken-out-of", test_json_is_escaped },
    { "the-longest-lines-fit", test_the_longest_lines_fit },
    { "a-cut-character-is-replaced", test_a_cut_character_is_replaced },
    { "nothing-is-written-before-a-flush", test_nothing_is_written_before_a_flush },
    { "the-first-line-asks-for-a-flush", test_the_first_line_asks_for_a_flush },
    { "the-time-is-now", test_the_time_is_now },
    { "a-full-buffer-flushes-itself", test_a_full_buffer_flushes_itself },
    { "freeing-a-writer-flushes", test_freeing_a_writer_flushes },
    { "a-file-is-appended-to", test_a_file_is_appended_to },
    { "a-new-file-is-not-for-everybody", test_a_new_file_is_not_for_everybody },
    { "what-cannot-be-opened-is-named", test_what_cannot_be_opened_is_named },
    { "reopening-begins-anew", test_reopening_begins_anew },
    { "a-failed-reopening-keeps-the-file", test_a_failed_reopening_keeps_the_file },
    { "no-line-is-lost-while-reopening", test_no_line_is_lost_while_reopening },
    { "a-full-disk-drops-and-counts", test_a_full_disk_drops_and_counts },
    { "a-torn-line-stays-alone", test_a_torn_line_stays_alone },
    { "a-full-pipe-does-not-wait", test_a_pipe_that_is_full_does_not_wait },
    { "standard-error", test_standard_error },
};

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path = g_strconcat ("/base/access_log/", tests[i].path, NULL);

        g_test_add (path, Fixture, NULL, set_up, tests[i].run, tear_down);
    }
    return g_test_run ();
}
