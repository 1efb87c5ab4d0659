/* The filters around every call, in a real server: what is counted, refused, logged, hidden; and
 * filters of one's own. */
#define G_LOG_DOMAIN "test-filters"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "rpc/log_context.h"
#include "support/log_capture.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

#define CALL(length, name) "80010001" length "\"" name "\" 00000007"
#define PING               CALL ("00000004", "ping") "00"
#define NOPE               CALL ("00000004", "nope") "00"
#define PONG               "80010002 00000004 \"ping\" 00000007 0b0000 00000004 \"pong\" 00"
#define SLEEP(ms)          CALL ("00000005", "sleep") "080001" ms "00"
#define SLEPT              "80010002 00000005 \"sleep\" 00000007 0b0000 00000005 \"slept\" 00"
#define BLOCK(ms)          CALL ("00000005", "block") "080001" ms "00"
#define FAIL(length, kind) CALL ("00000004", "fail") "0b0001" length "\"" kind "\" 00"
#define FOR_EVER           "00ffffff"

#define DISPATCH(tag)    "02" tag "0000 0000 0000"
#define NACK(tag, flags) "fe" tag "02 0001 000a \"MuxFailure\" 0008 00000000000000" flags

/* Of a clock that is ahead of ours, so that no time counts as spent under way. */
#define DEADLINE_KEY "\"com.twitter.finagle.Deadline\""
#define NOW          "28e9efa078f548c0"
#define A_TICK_AGO   "28e9efa078f548bf"
#define IN_200_MS    "28e9efa084e10ac0"
#define WITH_DEADLINE(tag, deadline)                                                               \
    "02" tag "0001 001c" DEADLINE_KEY "0010" NOW deadline "0000 0000"

typedef struct {
    TestServer *server;
    GObject *handler;
    int fd;
} Fixture;

static void
setup (Fixture *f, gconstpointer options)
{
    test_log_clear ();
    f->handler = tiny_handler_new ();
    f->server = test_server_new (&tiny_service, f->handler, options);
    f->fd = test_connect (test_server_port (f->server));
}

static void
teardown (Fixture *f, gconstpointer options)
{
    close (f->fd);
    test_server_free (f->server);
    g_object_unref (f->handler);
}

/* Sends a call and gives its reply away. */
static void
call (Fixture *f, const char *hex)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, hex);
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
}

typedef struct {
    GLogLevelFlags level;
    const char *text;
} Logged;

static gboolean
was_logged (gpointer data)
{
    const Logged *logged = data;

    return test_log_count (logged->level, logged->text) > 0;
}

static void
wait_for_log (GLogLevelFlags level, const char *text)
{
    test_wait_for (was_logged, &(Logged){ level, text }, text);
}

/* ---- Statistics ---- */

static const char *const counted[] = {
    "requests",
    "success",
    "failures",
    "failures/declared",
    "failures/internal",
    "failures/unknown_method",
    "Tiny/ping/requests",
    "Tiny/ping/success",
    "Tiny/ping/failures",
    "Tiny/ping/request_latency_us",
    "Tiny/fail/requests",
    "Tiny/fail/success",
    "Tiny/fail/failures",
    "unknown_method/requests",
    "request_payload_bytes",
    "response_payload_bytes",
};

static const gint64 counts[G_N_ELEMENTS (counted)] = { 6, 3, 3, 1, 1, 1, 3, 3,
                                                       0, 3, 2, 0, 2, 1, 6, 6 };

static void
each_method_is_counted (Fixture *f, gconstpointer options)
{
    gint64 before[G_N_ELEMENTS (counted)];

    for (gsize i = 0; i < G_N_ELEMENTS (counted); i++)
        before[i] = test_server_stat (counted[i]);
    call (f, PING);
    call (f, FAIL ("00000008", "declared"));
    call (f, PING);
    call (f, FAIL ("0000000a", "undeclared"));
    call (f, NOPE);
    call (f, PING);
    for (gsize i = 0; i < G_N_ELEMENTS (counted); i++) {
        g_test_message ("%s", counted[i]);
        g_assert_cmpint (test_server_stat (counted[i]) - before[i], ==, counts[i]);
    }
    g_assert_cmpint (test_server_stat ("pending"), ==, 0);
}

static void
latencies_are_those_of_the_method (Fixture *f, gconstpointer options)
{
    DunlinHistogram latency =
        dunlin_histogram ("srv/test/Tiny/sleep/request_latency_us", NULL, NULL);
    DunlinHistogramData before;
    DunlinHistogramData after;

    dunlin_histogram_read (latency, &before);
    call (f, SLEEP ("00000032"));
    call (f, SLEEP ("00000064"));
    dunlin_histogram_read (latency, &after);
    g_assert_cmpuint (after.count - before.count, ==, 2);
    g_assert_cmpuint (after.sum - before.sum, >=, 150000);
    g_assert_cmpuint (after.maximum, >=, 100000);
}

static void
calls_on_all_loops_are_summed (Fixture *f, gconstpointer options)
{
    gint64 before = test_server_stat ("Tiny/ping/requests");

    for (int i = 0; i < 20; i++) {
        int fd = test_connect (test_server_port (f->server));

        test_send_frame (fd, PING);
        test_expect_frame (fd, PONG);
        close (fd);
    }
    g_assert_cmpint (test_server_stat ("Tiny/ping/requests"), ==, before + 20);
}

/* ---- Deadlines ---- */

static int n_run; /* atomic: calls that came as far as the innermost filter */

static void
count_runs (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    __atomic_add_fetch (&n_run, 1, __ATOMIC_SEQ_CST);
    dunlin_next_run (next, call);
}

static void
add_counter (DunlinChain *chain)
{
    dunlin_chain_add (chain, "count", count_runs, NULL, NULL);
}

static const TestServerOptions counting = { .add_filters = add_counter };

static void
expired_calls_are_refused_for_good_on_mux (Fixture *f, gconstpointer options)
{
    gint64 before = test_server_stat ("admission_control/deadline/exceeded");
    int runs = __atomic_load_n (&n_run, __ATOMIC_SEQ_CST);

    test_send_frame (f->fd, WITH_DEADLINE ("000002", A_TICK_AGO) PING);
    test_expect_frame (f->fd, NACK ("000002", "06")); /* rejected, and no use to try again */
    g_assert_cmpint (__atomic_load_n (&n_run, __ATOMIC_SEQ_CST), ==, runs);
    g_assert_cmpint (test_server_stat ("admission_control/deadline/exceeded"), ==, before + 1);
    test_send_frame (f->fd, WITH_DEADLINE ("000002", IN_200_MS) PING);
    test_expect_frame (f->fd, "fe 000002 00 0000" PONG);
    g_assert_cmpint (__atomic_load_n (&n_run, __ATOMIC_SEQ_CST), ==, runs + 1);
}

static void
expired_calls_are_refused_on_ttwitter (Fixture *f, gconstpointer options)
{
    int runs = __atomic_load_n (&n_run, __ATOMIC_SEQ_CST);
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, "80010001 0000001b \"__can__finagle__trace__v3__\" 00000000 00");
    g_byte_array_unref (test_receive_frame (f->fd));
    test_send_frame (f->fd, "0f0008 0c 00000001 0b0001 0000001c" DEADLINE_KEY
                            "0b0002 00000010" NOW A_TICK_AGO "00 00" PING);
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_cmpuint (reply->data[4], ==, 3); /* after the empty header: EXCEPTION */
    g_assert_true (test_has (reply, "Internal error processing ping: the call's deadline has"));
    g_assert_cmpuint (reply->data[reply->len - 2], ==, DUNLIN_TAPP_INTERNAL_ERROR);
    g_assert_cmpint (__atomic_load_n (&n_run, __ATOMIC_SEQ_CST), ==, runs);
}

static void
a_deadline_ends_the_waits_of_its_call (Fixture *f, gconstpointer options)
{
    gint64 start = g_get_monotonic_time ();
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, WITH_DEADLINE ("000002", IN_200_MS) SLEEP (FOR_EVER));
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_true (test_has (reply, "the call's deadline has passed"));
    g_assert_cmpint (g_get_monotonic_time () - start, >=, 200000);
}

/* ---- The limit ---- */

static const TestServerOptions ten_at_once = { .max_concurrency = 10, .n_loops = 4 };

static void
the_limit_is_one_of_the_whole_process (Fixture *f, gconstpointer options)
{
    int fds[40];
    guint refused = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (fds); i++) {
        fds[i] = test_connect (test_server_port (f->server));
        test_send_frame (fds[i], SLEEP ("000001f4"));
    }
    for (gsize i = 0; i < G_N_ELEMENTS (fds); i++) {
        g_autoptr (GByteArray) reply = test_receive_frame (fds[i]);

        g_assert_nonnull (reply);
        if (!test_has (reply, "slept")) {
            g_assert_true (test_has (reply, "the server is overloaded"));
            g_assert_cmpuint (reply->data[3], ==, 3);
            g_assert_cmpuint (reply->data[reply->len - 2], ==, DUNLIN_TAPP_INTERNAL_ERROR);
            refused++;
        }
        close (fds[i]);
    }
    /* On a slow machine some have slept out before the last have come. */
    g_assert_cmpuint (refused, <=, G_N_ELEMENTS (fds) - 10);
    g_assert_cmpuint (refused, >, 0);
    test_send_frame (f->fd, PING);
    test_expect_frame (f->fd, PONG);
}

static void
over_the_limit_mux_is_told_to_try_elsewhere (Fixture *f, gconstpointer options)
{
    gint64 before = test_server_stat ("failures/overloaded");
    guint nacks = 0;
    g_autoptr (GByteArray) nack = test_bytes (NACK ("000000", "03"));

    for (guint i = 0; i < 30; i++) {
        g_autofree char *hex = g_strdup_printf (DISPATCH ("%06x") SLEEP ("000007d0"), 2 + i);

        test_send_frame (f->fd, hex);
    }
    for (guint i = 0; i < 30; i++) {
        g_autoptr (GByteArray) reply = test_receive_frame (f->fd);

        g_assert_nonnull (reply);
        nacks +=
            reply->len == nack->len && memcmp (reply->data + 4, nack->data + 4, nack->len - 4) == 0;
    }
    g_assert_cmpuint (nacks, ==, 20);
    g_assert_cmpint (test_server_stat ("failures/overloaded"), ==, before + 20);
}

/* ---- Exceptions ---- */

static void
failures_hide_their_insides_and_log_them (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, FAIL ("0000000a", "undeclared"));
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_false (test_has (reply, "secret"));
    wait_for_log (G_LOG_LEVEL_WARNING, "fail for 127.0.0.1:");
    wait_for_log (G_LOG_LEVEL_WARNING, "failed: internal: secret insides");
}

/* What callers do wrong is logged so often and no more; what we do wrong is seen all the same. */
static void
a_flood_of_bad_calls_hides_no_failure (Fixture *f, gconstpointer options)
{
    for (int i = 0; i < 50; i++) {
        call (f, DISPATCH ("000002") NOPE);
        call (f, DISPATCH ("000002") CALL ("00000004", "echo") "0b0001 7fffffff");
    }
    call (f, DISPATCH ("000002") FAIL ("0000000a", "undeclared"));
    wait_for_log (G_LOG_LEVEL_WARNING, "failed: internal: secret insides");
}

/* As a plain caller sees each code, and as a mux caller does. */
static void
every_code_is_told_as_the_table_says (Fixture *f, gconstpointer options)
{
    int mux = test_connect (test_server_port (f->server));

    for (int code = 0; code < DUNLIN_N_ERRORS; code++) {
        GError error = { .domain = DUNLIN_ERROR, .code = code };
        const DunlinErrorRow *row = dunlin_error_row (&error);
        g_autofree char *hex = g_strdup_printf (FAIL ("00000007", "code %02d"), code);
        g_autofree char *dispatch = g_strconcat (DISPATCH ("000002"), hex, NULL);
        g_autoptr (GByteArray) plain_reply = NULL;
        g_autoptr (GByteArray) mux_reply = NULL;

        g_test_message ("%s", row->name);
        test_send_frame (f->fd, hex);
        plain_reply = test_receive_frame (f->fd);
        g_assert_nonnull (plain_reply);
        g_assert_false (test_has (plain_reply, "secret"));
        g_assert_cmpuint (plain_reply->data[3], ==, 3);
        g_assert_cmpint (plain_reply->data[plain_reply->len - 2], ==, row->thrift_type);
        test_send_frame (mux, dispatch);
        mux_reply = test_receive_frame (mux);
        g_assert_nonnull (mux_reply);
        g_assert_false (test_has (mux_reply, "secret"));
        g_assert_cmpuint (mux_reply->data[4], ==, row->nack ? 2 : 0);
        g_assert_true (test_has (mux_reply, "MuxFailure") == row->nack);
        if (row->nack)
            g_assert_cmpuint (mux_reply->data[mux_reply->len - 1], ==, row->mux_flags);
    }
    close (mux);
}

/* ---- The access log ---- */

typedef struct {
    Fixture base;
    char *folder;
    char *path;
    DunlinAccessLog *log;
} Logging;

static void
setup_logging (Logging *f, gconstpointer options)
{
    g_autoptr (GError) error = NULL;
    TestServerOptions with = { .n_loops = 1 };

    f->folder = g_dir_make_tmp ("dunlin-filters-XXXXXX", &error);
    g_assert_no_error (error);
    f->path = g_build_filename (f->folder, "access.log", NULL);
    f->log = dunlin_access_log_new (f->path, DUNLIN_ACCESS_TEXT, &error);
    g_assert_no_error (error);
    with.access_log = f->log;
    setup (&f->base, &with);
}

static void
teardown_logging (Logging *f, gconstpointer options)
{
    teardown (&f->base, NULL);
    dunlin_access_log_free (f->log);
    g_unlink (f->path);
    g_rmdir (f->folder);
    g_free (f->path);
    g_free (f->folder);
}

typedef struct {
    Logging *f;
    guint64 n;
} Lines;

static gboolean
has_lines (gpointer data)
{
    const Lines *lines = data;

    return dunlin_access_log_lines (lines->f->log) >= lines->n;
}

/* Returns: (transfer full): the lines, when there are @n. */
static char **
read_lines (Logging *f, guint n)
{
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    char **lines;

    test_wait_for (has_lines, &(Lines){ f, n }, "the lines of the access log");
    g_file_get_contents (f->path, &text, NULL, &error);
    g_assert_no_error (error);
    lines = g_strsplit (text, "\n", -1);
    g_assert_cmpuint (g_strv_length (lines), ==, n + 1); /* the last one ends, too */
    return lines;
}

static void
assert_line (const char *line, const char *pattern)
{
    g_test_message ("%s", line);
    g_assert_true (g_regex_match_simple (pattern, line, 0, 0));
}

static void
the_access_log_has_a_line_a_call (Logging *f, gconstpointer options)
{
    g_auto (GStrv) lines = NULL;

    call (&f->base, PING);
    call (&f->base, FAIL ("00000008", "declared"));
    call (&f->base, FAIL ("0000000a", "undeclared"));
    call (&f->base, NOPE);
    test_send_frame (f->base.fd, CALL ("00000004", "note") "00"); /* oneway */
    call (&f->base, SLEEP ("00000064"));
    lines = read_lines (f, 6);
    assert_line (lines[0], "^127\\.0\\.0\\.1:\\d+ - - \\[.*\\+0000\\] \"Tiny.ping thrift\" ok "
                           "17 32 \\d+ -$");
    assert_line (lines[1], "\"Tiny.fail thrift\" exception 32 36 \\d+ -$");
    assert_line (lines[2], "\"Tiny.fail thrift\" internal ");
    assert_line (lines[3], "\"nope thrift\" unknown_method ");
    assert_line (lines[4], "\"Tiny.note thrift\" ok 17 0 \\d+ -$");
    assert_line (lines[5], "\"Tiny.sleep thrift\" ok 25 34 1\\d{5} -$");
}

static void
the_access_log_names_client_and_trace (Logging *f, gconstpointer options)
{
    g_auto (GStrv) lines = NULL;

    call (&f->base, "02 000002 0002"
                    "002a \"com.twitter.finagle.thrift.ClientIdContext\" 0003 \"who\""
                    "0028 \"com.twitter.finagle.tracing.TraceContext\" 0020"
                    "0000000000000022 0000000000000033 00000000deadbeef 0000000000000000"
                    "0000 0000" PING);
    lines = read_lines (f, 1);
    assert_line (lines[0], ":\\d+ - who \\[.*\"Tiny.ping thriftmux\" ok \\d+ \\d+ \\d+ "
                           "00000000deadbeef$");
}

static void
what_callers_send_breaks_no_line (Logging *f, gconstpointer options)
{
    g_auto (GStrv) lines = NULL;

    call (&f->base, "80010001 0000000a \"a\" 0a \"b\" 22 0d \" - -\" 1b 00000007 00");
    lines = read_lines (f, 1);
    assert_line (lines[0], "unknown_method");
    g_assert_null (strpbrk (lines[0], "\r\033"));
}

static void
the_access_log_tells_why_a_call_was_not_run (Logging *f, gconstpointer options)
{
    g_auto (GStrv) lines = NULL;

    call (&f->base, WITH_DEADLINE ("000002", A_TICK_AGO) PING);
    test_send_frame (f->base.fd, DISPATCH ("000002") SLEEP (FOR_EVER));
    call (&f->base, "c2 000000 000002 \"enough\"");
    lines = read_lines (f, 2);
    assert_line (lines[0], "\"Tiny.ping thriftmux\" deadline ");
    assert_line (lines[1], "\"Tiny.sleep thriftmux\" cancelled ");
}

/* ---- Filters of one's own ---- */

static int n_seen; /* atomic: outcomes that the outer of the two below has seen */

static void
see (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    const GError *error;

    dunlin_log_info ("before %s", dunlin_call_get_method (call));
    dunlin_next_run (next, call);
    error = dunlin_call_get_error (call);
    if (g_error_matches (error, DUNLIN_ERROR, DUNLIN_ERROR_DENIED))
        __atomic_add_fetch (&n_seen, 1, __ATOMIC_SEQ_CST);
}

/* Waits, as one that asks somebody else would; then lets no sleep through, and forgets echo. */
static void
guard (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    const char *method = dunlin_call_get_method (call);

    if (!dunlin_sleep (1000, NULL) || strcmp (method, "echo") == 0)
        return;
    if (strcmp (method, "sleep") == 0)
        dunlin_call_fail (call, g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_DENIED, "%s: not today",
                                             (const char *)data));
    else
        dunlin_next_run (next, call);
}

static void
add_own (DunlinChain *chain)
{
    dunlin_chain_add (chain, "see", see, NULL, NULL);
    dunlin_chain_add (chain, "guard", guard, g_strdup ("guard"), g_free);
}

static const TestServerOptions with_own = { .add_filters = add_own };

static void
own_filters_wait_refuse_and_see (Fixture *f, gconstpointer options)
{
    int seen = __atomic_load_n (&n_seen, __ATOMIC_SEQ_CST);
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, PING);
    test_expect_frame (f->fd, PONG);
    test_send_frame (f->fd, SLEEP (FOR_EVER));
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_true (test_has (reply, "the caller may not do this"));
    g_assert_false (test_has (reply, "not today"));
    wait_for_log (G_LOG_LEVEL_INFO, "denied: guard: not today");
    g_assert_cmpint (__atomic_load_n (&n_seen, __ATOMIC_SEQ_CST), ==, seen + 1);
}

static void
a_refusal_of_ones_own_is_final_on_mux (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, DISPATCH ("000002") SLEEP (FOR_EVER));
    test_expect_frame (f->fd, NACK ("000002", "06"));
}

static void
a_filter_that_forgets_the_call_fails_it (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, CALL ("00000004", "echo") "00");
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_true (test_has (reply, "Internal error processing echo"));
    wait_for_log (G_LOG_LEVEL_WARNING, "neither ran nor failed the call");
}

static void
lines_logged_inside_a_call_name_it (Fixture *f, gconstpointer options)
{
    call (f, "02 000002 0001 0028 \"com.twitter.finagle.tracing.TraceContext\" 0020"
             "0000000000000022 0000000000000033 00000000deadbeef 0000000000000000"
             "0000 0000" PING);
    wait_for_log (G_LOG_LEVEL_INFO, "before ping  [");
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_INFO, "00000000deadbeef"), >, 0);
}

/* ---- Stalls ---- */

static int stalled_for; /* atomic: milliseconds */
static const char *stalled;

static void
on_stall (const char *name, gint64 microseconds)
{
    __atomic_store_n (&stalled, name, __ATOMIC_SEQ_CST);
    __atomic_store_n (&stalled_for, (int)(microseconds / 1000), __ATOMIC_SEQ_CST);
}

static gboolean
has_stalled (gpointer data)
{
    return __atomic_load_n (&stalled_for, __ATOMIC_SEQ_CST) >= 150;
}

static void
a_handler_that_blocks_is_named (Fixture *f, gconstpointer options)
{
    call (f, SLEEP ("00000096")); /* waiting is no stall */
    call (f, BLOCK ("00000096"));
    test_wait_for (has_stalled, NULL, "the stall to be told");
    g_assert_cmpstr (__atomic_load_n (&stalled, __ATOMIC_SEQ_CST), ==, "block");
}

#define TEST(name, options, func)                                                                  \
    g_test_add ("/server/filters/" name, Fixture, options, setup, func, teardown)
#define TEST_LOG(name, func)                                                                       \
    g_test_add ("/server/filters/access-log/" name, Logging, NULL, setup_logging, func,            \
                teardown_logging)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    dunlin_rpc_log_context_install ();
    dunlin_fiber_set_stall_hook (100000, on_stall);
    TEST ("stats/each-method", NULL, each_method_is_counted);
    TEST ("stats/latencies", NULL, latencies_are_those_of_the_method);
    TEST ("stats/all-loops", NULL, calls_on_all_loops_are_summed);
    TEST ("own/wait-refuse-see", &with_own, own_filters_wait_refuse_and_see);
    TEST ("own/final-on-mux", &with_own, a_refusal_of_ones_own_is_final_on_mux);
    TEST ("own/forgets-the-call", &with_own, a_filter_that_forgets_the_call_fails_it);
    TEST ("own/lines-name-the-call", &with_own, lines_logged_inside_a_call_name_it);
    TEST ("deadline/expired-on-mux", &counting, expired_calls_are_refused_for_good_on_mux);
    TEST ("deadline/expired-on-ttwitter", &counting, expired_calls_are_refused_on_ttwitter);
    TEST ("deadline/ends-waits", NULL, a_deadline_ends_the_waits_of_its_call);
    TEST ("exceptions/hide-and-log", NULL, failures_hide_their_insides_and_log_them);
    TEST ("exceptions/every-code", NULL, every_code_is_told_as_the_table_says);
    TEST_LOG ("a-line-a-call", the_access_log_has_a_line_a_call);
    TEST_LOG ("client-and-trace", the_access_log_names_client_and_trace);
    TEST_LOG ("breaks-no-line", what_callers_send_breaks_no_line);
    TEST_LOG ("not-run", the_access_log_tells_why_a_call_was_not_run);
    TEST ("stall/names-the-method", NULL, a_handler_that_blocks_is_named);
    /* Last: they use up what is logged about bad calls. */
    TEST ("limit/whole-process", &ten_at_once, the_limit_is_one_of_the_whole_process);
    TEST ("limit/nacks-on-mux", &ten_at_once, over_the_limit_mux_is_told_to_try_elsewhere);
    TEST ("exceptions/a-flood-hides-none", NULL, a_flood_of_bad_calls_hides_no_failure);
    return g_test_run ();
}
