/* Where lines go: standard error, a sink, the journal; and that GLib's messages come along. What a
 * process may choose only once is chosen in a process of its own. */
#define G_LOG_DOMAIN "test-writer"
#include "base/log.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the test in a process of its own, with what it writes to standard error caught. */
static void
run_apart (void)
{
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_passed ();
}

static void
test_json_without_init (void)
{
    if (g_test_subprocess ()) {
        dunlin_log_info ("as it is");
        return;
    }
    run_apart ();
    g_test_trap_assert_stderr ("*{\"time\":\"*\",\"level\":\"info\",\"domain\":\"test-writer\","
                               "\"message\":\"as it is\",\"source\":\"*log_writer.c:*\"}\n*");
}

/* GLib's writer is not ours then, and ends a test program at every warning. */
static void
test_warnings_without_init (void)
{
    if (g_test_subprocess ()) {
        dunlin_log_warning ("no end");
        dunlin_log_error ("nor this");
        return;
    }
    run_apart ();
    g_test_trap_assert_stderr ("*no end*nor this*");
}

static void
test_format_changes (void)
{
    if (g_test_subprocess ()) {
        dunlin_log_init (DUNLIN_LOG_FORMAT_TEXT);
        dunlin_log_info ("first");
        dunlin_log_init (DUNLIN_LOG_FORMAT_JSON);
        dunlin_log_info ("second");
        return;
    }
    run_apart ();
    g_test_trap_assert_stderr ("*Z INFO    test-writer: first\n{*\"message\":\"second\"*}\n*");
}

static void
test_glib_comes_along (void)
{
    if (g_test_subprocess ()) {
        dunlin_log_init (DUNLIN_LOG_FORMAT_TEXT);
        g_log_set_always_fatal (G_LOG_FATAL_MASK);
        g_message ("of a macro");
        g_log ("old", G_LOG_LEVEL_MESSAGE, "of the old kind");
        g_log_structured ("shop", G_LOG_LEVEL_INFO, "ORDER", "7", "MESSAGE", "sold %d", 3);
        g_debug ("not said");
        dunlin_log_set_level ("test-writer", DUNLIN_LOG_DEBUG);
        g_debug ("said now");
        return;
    }
    run_apart ();
    g_test_trap_assert_stderr ("*NOTICE  test-writer: of a macro\n*NOTICE  old: of the old kind\n*"
                               "INFO    shop: sold 3  ?order=7?\n*"
                               "DEBUG   test-writer: said now\n*");
    g_test_trap_assert_stderr_unmatched ("*not said*");
}

static void
test_fatal_criticals (void)
{
    if (g_test_subprocess ()) {
        g_setenv ("G_DEBUG", "fatal-criticals", TRUE);
        dunlin_log_init (DUNLIN_LOG_FORMAT_TEXT);
        dunlin_log_error ("ours goes on");
        g_critical ("the program's ends it");
        g_printerr ("not reached\n");
        return;
    }
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_failed ();
    g_test_trap_assert_stderr ("*ours goes on*ERROR   test-writer: the program's ends it\n*");
    g_test_trap_assert_stderr_unmatched ("*not reached*");
}

/* Even with the domain off: last words are always said. */
static void
test_last_words (void)
{
    if (g_test_subprocess ()) {
        dunlin_log_init (DUNLIN_LOG_FORMAT_TEXT);
        g_assert_true (dunlin_log_set_levels ("off", NULL));
        g_error ("last words");
    }
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_failed ();
    g_test_trap_assert_stderr ("*ERROR   test-writer: last words\n*");
}

static void
test_full_disk (void)
{
    if (g_test_subprocess ()) {
        int full = open ("/dev/full", O_WRONLY | O_CLOEXEC);

        g_assert_cmpint (dup2 (full, STDERR_FILENO), ==, STDERR_FILENO);
        close (full);
        dunlin_log_info ("one");
        dunlin_log_info ("two");
        g_assert_cmpuint (dunlin_log_dropped (), ==, 2);
        return;
    }
    run_apart ();
}

static GString *kept;
static DunlinLogLevel kept_level;

static void
keep (DunlinLogLevel level, const char *line, gsize length, gpointer data)
{
    g_assert_true (data == &kept);
    kept_level = level;
    g_string_append_len (kept, line, (gssize)length);
    dunlin_log_warning ("a sink that logs does not call itself");
}

static void
test_sink (void)
{
    kept = g_string_new (NULL);
    dunlin_log_set_sink (keep, &kept);
    dunlin_log_notice ("caught");
    dunlin_log_set_sink (NULL, NULL);
    g_assert_nonnull (strstr (kept->str, "caught"));
    g_assert_null (strstr (kept->str, "call itself"));
    g_assert_true (g_str_has_suffix (kept->str, "\n"));
    g_assert_cmpint (kept_level, ==, DUNLIN_LOG_NOTICE);
    g_string_free (g_steal_pointer (&kept), TRUE);
}

static void
test_sink_removed (void)
{
    if (g_test_subprocess ()) {
        kept = g_string_new (NULL);
        dunlin_log_set_sink (keep, &kept);
        dunlin_log_info ("to the sink");
        dunlin_log_set_sink (NULL, NULL);
        dunlin_log_info ("to standard error");
        g_string_free (g_steal_pointer (&kept), TRUE);
        return;
    }
    run_apart ();
    g_test_trap_assert_stderr ("*to standard error*");
    g_test_trap_assert_stderr_unmatched ("*to the sink*");
}

static _Thread_local const char *running; /* the method */

static void
tell_context (DunlinLogContext *context)
{
    g_assert_null (context->service);
    g_assert_cmpstr (context->span_id, ==, "");
    context->method = running;
    g_strlcpy (context->span_id, "00f067aa0ba902b7", sizeof context->span_id);
    dunlin_log_error ("a provider that logs does not call itself");
}

static gpointer
log_as_sell (gpointer data)
{
    running = "sell";
    dunlin_log_info ("of a thread");
    return NULL;
}

static void
test_context (void)
{
    if (g_test_subprocess ()) {
        dunlin_log_init (DUNLIN_LOG_FORMAT_TEXT);
        dunlin_log_set_context_provider (tell_context);
        running = "buy";
        dunlin_log_info ("of main");
        g_thread_join (g_thread_new ("sell", log_as_sell, NULL));
        g_message ("of GLib");
        dunlin_log_set_context_provider (NULL);
        dunlin_log_info ("of nothing");
        return;
    }
    run_apart ();
    g_test_trap_assert_stderr ("*of main  ?method=buy span_id=00f067aa0ba902b7?\n*"
                               "of a thread  ?method=sell span_id=*?\n*"
                               "of GLib  ?method=buy span_id=*?\n*of nothing\n*");
    g_test_trap_assert_stderr_unmatched ("*call itself*");
}

enum { N_THREADS = 4, N_LINES = 500 };

static gpointer
log_many (gpointer data)
{
    for (int i = 0; i < N_LINES; i++)
        dunlin_log_info ("line %d of %s, which is long enough to be torn", i, (const char *)data);
    return NULL;
}

static void
read_whole_lines (const char *path)
{
    g_autofree char *text = NULL;
    g_auto (GStrv) lines = NULL;

    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    lines = g_strsplit (text, "\n", -1);
    g_assert_cmpuint (g_strv_length (lines), ==, N_THREADS * N_LINES + 1);
    for (gsize i = 0; i < N_THREADS * N_LINES; i++)
        g_assert_true (g_str_has_prefix (lines[i], "{\"time\":") &&
                       g_str_has_suffix (lines[i], "}"));
}

static void
log_into (const char *path)
{
    GThread *threads[N_THREADS];
    int before = dup (STDERR_FILENO);
    int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    g_assert_cmpint (dup2 (fd, STDERR_FILENO), ==, STDERR_FILENO);
    for (gsize i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new ("many", log_many, (gpointer) "a thread");
    for (gsize i = 0; i < N_THREADS; i++)
        g_thread_join (threads[i]);
    dup2 (before, STDERR_FILENO);
    close (before);
    close (fd);
}

static void
test_lines_do_not_mix (void)
{
    g_autofree char *folder = g_dir_make_tmp ("dunlin-log-XXXXXX", NULL);
    g_autofree char *path = g_build_filename (folder, "lines", NULL);

    log_into (path);
    read_whole_lines (path);
    unlink (path);
    rmdir (folder);
}

/* The journal */

#define JOURNAL "/run/systemd/journal"

/* A /run of our own, so that a socket of ours can be where the journal's is. Needs root or user
 * name spaces. */
static gboolean
hide_run (void)
{
    if (unshare (CLONE_NEWNS) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return FALSE;
    return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount ("tmpfs", "/run", "tmpfs", 0, "size=1m") == 0 &&
           g_mkdir_with_parents (JOURNAL, 0700) == 0;
}

static int
listen_as_journal (void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = JOURNAL "/socket" };
    int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    g_assert_cmpint (bind (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    return fd;
}

/* Takes one field off a datagram: "KEY=value\n", or, for values that may have newlines, "KEY\n",
 * eight bytes of length, the value, "\n". Returns: "KEY=value". */
static char *
take_field (const char **at, const char *end)
{
    gsize key_length = strcspn (*at, "=\n");
    const char *value = *at + key_length + 1;
    guint64 length = strcspn (value, "\n");
    char *field = NULL;

    if ((*at)[key_length] == '\n') {
        memcpy (&length, value, sizeof length);
        length = GUINT64_FROM_LE (length);
        value += sizeof length;
    }
    g_assert_cmpuint (length, <, (gsize)(end - value));
    field = g_strdup_printf ("%.*s=%.*s", (int)key_length, *at, (int)length, value);
    *at = value + length + 1;
    return field;
}

static GStrv
receive (int fd)
{
    g_autoptr (GStrvBuilder) fields = g_strv_builder_new ();
    char bytes[4096] = { 0 };
    const char *at = bytes;
    gssize n = recv (fd, bytes, sizeof bytes - 1, 0);

    g_assert_cmpint (n, >, 0);
    while (at < bytes + n) {
        g_autofree char *field = take_field (&at, bytes + n);

        g_strv_builder_add (fields, field);
    }
    return g_strv_builder_end (fields);
}

static void
assert_field (GStrv fields, const char *field)
{
    g_autofree char *all = g_strjoinv (", ", fields);

    if (!g_strv_contains ((const char *const *)fields, field))
        g_printerr ("no %s among %s\n", field, all); /* g_error () would go to the journal */
    g_assert_true (g_strv_contains ((const char *const *)fields, field));
}

static gboolean
has_key (GStrv fields, const char *key)
{
    for (gsize i = 0; fields[i] != NULL; i++) {
        if (g_str_has_prefix (fields[i], key))
            return TRUE;
    }
    return FALSE;
}

static void
use_journal (void)
{
    int fd = listen_as_journal ();
    g_auto (GStrv) first = NULL;
    g_auto (GStrv) second = NULL;

    dunlin_log_init (DUNLIN_LOG_FORMAT_JOURNALD);
    dunlin_log_set_context_provider (tell_context);
    running = "buy";
    dunlin_log_warning ("for the journal");
    first = receive (fd);
    assert_field (first, "MESSAGE=for the journal");
    assert_field (first, "PRIORITY=4");
    assert_field (first, "GLIB_DOMAIN=test-writer");
    assert_field (first, "DUNLIN_METHOD=buy");
    assert_field (first, "DUNLIN_SPAN_ID=00f067aa0ba902b7");
    g_assert_true (has_key (first, "CODE_FILE="));
    g_assert_false (has_key (first, "DUNLIN_SERVICE="));
    g_message ("of GLib");
    second = receive (fd);
    assert_field (second, "MESSAGE=of GLib");
    assert_field (second, "DUNLIN_METHOD=buy");
    close (fd);
    unlink (JOURNAL "/socket");
    dunlin_log_warning ("the journal is gone");
}

/* In a child of ours that tries it: whether hide_run () is allowed. */
static gboolean
can_hide_run (void)
{
    int status = 0;
    pid_t child = fork ();

    if (child == 0)
        _exit (hide_run () ? 0 : 1);
    return waitpid (child, &status, 0) == child && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static void
test_journal (void)
{
    if (g_test_subprocess ()) {
        g_assert_true (hide_run ());
        use_journal ();
        return;
    }
    if (!can_hide_run ()) {
        g_test_skip ("needs root, or name spaces for users");
        return;
    }
    run_apart ();
    g_test_trap_assert_stderr ("*\"message\":\"the journal is gone\"*");
    g_test_trap_assert_stderr_unmatched ("*for the journal*");
}

static void
test_no_journal (void)
{
    if (g_test_subprocess ()) {
        g_assert_true (hide_run ());
        dunlin_log_init (DUNLIN_LOG_FORMAT_JOURNALD);
        dunlin_log_info ("instead");
        return;
    }
    if (!can_hide_run ()) {
        g_test_skip ("needs root, or name spaces for users");
        return;
    }
    run_apart ();
    g_test_trap_assert_stderr ("*\"message\":\"instead\"*");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/log_writer/json-where-nobody-chose", test_json_without_init);
    g_test_add_func ("/base/log_writer/warnings-do-not-end-the-process",
                     test_warnings_without_init);
    g_test_add_func ("/base/log_writer/the-format-changes-while-running", test_format_changes);
    g_test_add_func ("/base/log_writer/messages-of-glib-come-along", test_glib_comes_along);
    g_test_add_func ("/base/log_writer/fatal-criticals-ends-at-the-programs-only",
                     test_fatal_criticals);
    g_test_add_func ("/base/log_writer/last-words-are-said", test_last_words);
    g_test_add_func ("/base/log_writer/what-is-not-taken-is-counted", test_full_disk);
    g_test_add_func ("/base/log_writer/a-sink-gets-lines", test_sink);
    g_test_add_func ("/base/log_writer/a-sink-can-be-removed", test_sink_removed);
    g_test_add_func ("/base/log_writer/the-running-call-is-named", test_context);
    g_test_add_func ("/base/log_writer/lines-of-threads-do-not-mix", test_lines_do_not_mix);
    g_test_add_func ("/base/log_writer/the-journal-gets-fields", test_journal);
    g_test_add_func ("/base/log_writer/without-a-journal-lines-are-json", test_no_journal);
    return g_test_run ();
}
