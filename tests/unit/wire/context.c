/* What travels with a call: read, kept, owned and written. */
#include "wire/context.h"
#include "base/error.h"
#include "support/golden.h"

#define TRACE_KEY    "com.twitter.finagle.tracing.TraceContext"
#define DEADLINE_KEY "com.twitter.finagle.Deadline"
#define RETRIES_KEY  "com.twitter.finagle.Retries"
#define CLIENT_KEY   "com.twitter.finagle.thrift.ClientIdContext"
#define BACKUP_KEY   "com.twitter.finagle.BackupRequest"

/* Puts a value of golden bytes, which live as long as @bytes. */
static void
put (DunlinContext *context, const char *key, DunlinBuffer *bytes, const char *value)
{
    g_autoptr (GError) error = NULL;

    dunlin_buffer_clear (bytes);
    golden_append (bytes, value);
    dunlin_context_put (context, dunlin_slice_of (key),
                        dunlin_slice (dunlin_buffer_bytes (bytes), dunlin_buffer_length (bytes)),
                        &error);
    g_assert_no_error (error);
}

static void
assert_slice (DunlinSlice slice, const char *text)
{
    golden_equal (slice.data, slice.length, text, strlen (text));
}

static void
test_trace_root (void)
{
    g_auto (DunlinContext) context = { 0 };
    g_auto (DunlinBuffer) bytes = { 0 };

    put (&context, TRACE_KEY, &bytes,
         "c9cc3f8d7318ef83 c9cc3f8d7318ef83 c9cc3f8d7318ef83 0000000000000000");
    g_assert_true (context.has_trace);
    g_assert_false (context.has_trace_high);
    g_assert_cmphex (context.trace_id, ==, 0xc9cc3f8d7318ef83);
    g_assert_cmphex (context.span_id, ==, context.trace_id);
    g_assert_cmphex (context.parent_id, ==, context.trace_id);
    g_assert_false (dunlin_context_is_sampled (&context));
    g_assert_false (context.trace_flags & DUNLIN_TRACE_DECIDED);
}

static void
test_trace_order (void)
{
    g_auto (DunlinContext) context = { 0 };
    g_auto (DunlinBuffer) bytes = { 0 };

    put (&context, TRACE_KEY, &bytes,
         "0000000000000001 0000000000000002 0000000000000003 0000000000000006 0000000000000004");
    g_assert_cmpuint (context.span_id, ==, 1);
    g_assert_cmpuint (context.parent_id, ==, 2);
    g_assert_cmpuint (context.trace_id, ==, 3);
    g_assert_true (context.has_trace_high);
    g_assert_cmpuint (context.trace_id_high, ==, 4);
    g_assert_true (context.trace_flags & DUNLIN_TRACE_DECIDED);
    g_assert_true (dunlin_context_is_sampled (&context));
}

static void
test_trace_not_sampled (void)
{
    DunlinContext context = { .trace_flags = DUNLIN_TRACE_DECIDED };

    g_assert_false (dunlin_context_is_sampled (&context));
    context.trace_flags = DUNLIN_TRACE_DEBUG;
    g_assert_true (dunlin_context_is_sampled (&context));
}

static void
test_bad_lengths (void)
{
    g_auto (DunlinContext) context = { 0 };
    g_auto (DunlinBuffer) bytes = { 0 };

    put (&context, TRACE_KEY, &bytes, "0000000000000001");
    put (&context, DEADLINE_KEY, &bytes, "0000000000000001 00000000000002");
    put (&context, RETRIES_KEY, &bytes, "0001");
    put (&context, BACKUP_KEY, &bytes, "00");
    g_assert_false (context.has_trace);
    g_assert_false (context.has_deadline);
    g_assert_false (context.has_retries);
    g_assert_false (context.backup);
    g_assert_cmpuint (context.others.n, ==, 0);
}

static void
test_negative_retries (void)
{
    g_auto (DunlinContext) context = { 0 };
    g_auto (DunlinBuffer) bytes = { 0 };

    put (&context, RETRIES_KEY, &bytes, "ff ff ff ff");
    g_assert_false (context.has_retries);
    put (&context, RETRIES_KEY, &bytes, "00 00 00 02");
    g_assert_true (context.has_retries);
    g_assert_cmpuint (context.retries, ==, 2);
}

static void
test_keys_without_case (void)
{
    g_auto (DunlinContext) context = { 0 };
    g_auto (DunlinBuffer) bytes = { 0 };
    g_auto (DunlinBuffer) other = { 0 };

    put (&context, "COM.TWITTER.FINAGLE.RETRIES", &bytes, "00 00 00 05");
    put (&context, "My.Key", &other, "'v'");
    g_assert_cmpuint (context.retries, ==, 5);
    g_assert_nonnull (dunlin_context_find (&context, "mY.kEY"));
    g_assert_null (dunlin_context_find (&context, "my.ke"));
    g_assert_null (dunlin_context_find (&context, ""));
}

static void
test_last_counts (void)
{
    g_auto (DunlinContext) context = { 0 };
    g_auto (DunlinBuffer) bytes = { 0 };
    g_auto (DunlinBuffer) first = { 0 };
    g_auto (DunlinBuffer) second = { 0 };

    put (&context, RETRIES_KEY, &bytes, "00 00 00 01");
    put (&context, RETRIES_KEY, &bytes, "00 00 00 02");
    put (&context, "k", &first, "'first'");
    put (&context, "K", &second, "'second'");
    g_assert_cmpuint (context.retries, ==, 2);
    assert_slice (*dunlin_context_find (&context, "k"), "second");
}

static void
test_empty_client_id (void)
{
    g_auto (DunlinContext) context = { 0 };
    g_auto (DunlinBuffer) bytes = { 0 };
    DunlinContextKnown known;

    put (&context, CLIENT_KEY, &bytes, "");
    g_assert_cmpuint (context.client_id.length, ==, 0);
    dunlin_context_known (&context, &known);
    g_assert_cmpuint (known.n, ==, 0);
}

static void
test_too_many (void)
{
    g_auto (DunlinContext) context = { 0 };
    g_autoptr (GError) error = NULL;
    DunlinSlice slice = dunlin_slice_of ("x");

    for (int i = 0; i < DUNLIN_CONTEXT_MAX_ENTRIES; i++) {
        g_assert_true (dunlin_context_put (&context, slice, slice, NULL));
        g_assert_true (dunlin_context_put_dtab (&context, slice, slice, NULL));
    }
    g_assert_false (dunlin_context_put_dtab (&context, slice, slice, NULL));
    g_assert_false (dunlin_context_put (&context, slice, slice, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    g_assert_cmpstr (error->message, ==, "a call carries more than 128 contexts");
    g_assert_cmpuint (context.others.n, ==, DUNLIN_CONTEXT_MAX_ENTRIES);
}

static void
test_too_long (void)
{
    g_auto (DunlinContext) context = { 0 };
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strnfill (DUNLIN_CONTEXT_MAX_BYTES + 1, 'x');
    DunlinSlice longest = dunlin_slice (text, DUNLIN_CONTEXT_MAX_BYTES);
    DunlinSlice longer = dunlin_slice_of (text);

    g_assert_true (dunlin_context_put (&context, longest, longest, NULL));
    g_assert_true (dunlin_context_put_dtab (&context, longest, longest, NULL));
    g_assert_true (dunlin_context_put_dest (&context, longest, NULL));
    g_assert_true (dunlin_context_put_client_id (&context, longest, NULL));
    g_assert_false (dunlin_context_put (&context, longer, longest, NULL));
    g_assert_false (dunlin_context_put (&context, dunlin_slice_of (CLIENT_KEY), longer, NULL));
    g_assert_false (dunlin_context_put_dtab (&context, longest, longer, NULL));
    g_assert_false (dunlin_context_put_dest (&context, longer, NULL));
    g_assert_false (dunlin_context_put_client_id (&context, longer, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    g_assert_cmpuint (context.client_id.length, ==, DUNLIN_CONTEXT_MAX_BYTES);
}

static void
test_remaining (void)
{
    DunlinContext none = { 0 };
    struct {
        gint64 timestamp_ns, deadline_ns, remaining_us;
    } rows[] = {
        { 0x18e9ef9fab433400, 0x18e9efa02278c800, 2 * G_USEC_PER_SEC },
        { 0, 0, 0 },
        { 1000, 1000, 0 },
        { 5000, 4000, 0 },
        { 0, 1, 1 },
        { 0, 1000, 1 },
        { 0, 1001, 2 },
        { 0, G_MAXINT64 - 1, G_MAXINT64 / 1000 + 1 },
        { 0, G_MAXINT64, G_MAXINT64 },
        { G_MAXINT64, G_MAXINT64, G_MAXINT64 },
        { G_MAXINT64, 0, 0 },
        { -1, 1000, G_MAXINT64 },
        { 1000, -1, G_MAXINT64 },
        { G_MININT64, G_MININT64, G_MAXINT64 },
        { G_MININT64, G_MAXINT64 - 1, G_MAXINT64 },
    };

    g_assert_cmpint (dunlin_context_remaining_us (&none), ==, G_MAXINT64);
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        DunlinContext context = { .has_deadline = TRUE,
                                  .timestamp_ns = rows[i].timestamp_ns,
                                  .deadline_ns = rows[i].deadline_ns };

        g_assert_cmpint (dunlin_context_remaining_us (&context), ==, rows[i].remaining_us);
    }
}

static void
test_set_deadline (void)
{
    DunlinContext context = { 0 };
    gint64 now = G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC;

    dunlin_context_set_deadline (&context, now, 1500);
    g_assert_true (context.has_deadline);
    g_assert_cmpint (context.timestamp_ns, ==, now * 1000);
    g_assert_cmpint (dunlin_context_remaining_us (&context), ==, 1500);
    dunlin_context_set_deadline (&context, now, -7);
    g_assert_cmpint (dunlin_context_remaining_us (&context), ==, 0);
    dunlin_context_set_deadline (&context, now, G_MAXINT64 - 1);
    g_assert_cmpint (dunlin_context_remaining_us (&context), >, 1000);
    g_assert_cmpint (context.deadline_ns, <, G_MAXINT64);
    dunlin_context_set_deadline (&context, G_MAXINT64, G_MAXINT64 - 1);
    g_assert_cmpint (dunlin_context_remaining_us (&context), ==, 0);
    dunlin_context_set_deadline (&context, G_MININT64, 10);
    g_assert_cmpint (dunlin_context_remaining_us (&context), ==, 10);
    dunlin_context_set_deadline (&context, now, G_MAXINT64);
    g_assert_false (context.has_deadline);
}

static DunlinContext
everything (void)
{
    DunlinContext context = { .has_trace = TRUE,
                              .has_trace_high = TRUE,
                              .has_deadline = TRUE,
                              .has_retries = TRUE,
                              .backup = TRUE,
                              .retries = 3,
                              .trace_id = 1,
                              .trace_id_high = 2,
                              .span_id = 3,
                              .parent_id = 4,
                              .trace_flags = 6,
                              .timestamp_ns = 5,
                              .deadline_ns = 6,
                              .client_id = dunlin_slice_of ("me"),
                              .request_headers = dunlin_slice ("\0\1a\0\1b", 6),
                              .dest = dunlin_slice_of ("/s/x") };

    g_assert_true (
        dunlin_context_put (&context, dunlin_slice_of ("app"), dunlin_slice_of ("1"), NULL));
    g_assert_true (
        dunlin_context_put (&context, dunlin_slice_of ("empty"), dunlin_slice_of (""), NULL));
    g_assert_true (dunlin_context_put_dtab (&context, dunlin_slice_of ("/foo"),
                                            dunlin_slice_of ("/bar"), NULL));
    return context;
}

static void
test_mux_round_trip (void)
{
    g_auto (DunlinContext) context = everything ();
    g_auto (DunlinContext) read = { 0 };
    g_auto (DunlinBuffer) once = { 0 };
    g_auto (DunlinBuffer) twice = { 0 };
    g_autoptr (GError) error = NULL;
    DunlinReader in;

    dunlin_context_write_mux (&context, &once);
    in = dunlin_reader (dunlin_buffer_bytes (&once), dunlin_buffer_length (&once));
    g_assert_true (dunlin_context_read_mux (&read, &in, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (in.left, ==, 0);
    dunlin_context_write_mux (&read, &twice);
    golden_equal (dunlin_buffer_bytes (&once), dunlin_buffer_length (&once),
                  dunlin_buffer_bytes (&twice), dunlin_buffer_length (&twice));
    g_assert_cmpuint (read.parent_id, ==, 4);
    g_assert_true (read.backup);
    assert_slice (read.dest, "/s/x");
    assert_slice (read.dtab.items[0].value, "/bar");
}

static void
test_mux_cut_short (void)
{
    g_auto (DunlinContext) context = everything ();
    g_auto (DunlinBuffer) bytes = { 0 };

    dunlin_context_write_mux (&context, &bytes);
    for (gsize n = 0; n < dunlin_buffer_length (&bytes); n++) {
        g_autofree guint8 *prefix = golden_prefix (&bytes, n);
        g_auto (DunlinContext) read = { 0 };
        g_autoptr (GError) error = NULL;
        DunlinReader in = dunlin_reader (prefix, n);

        g_assert_false (dunlin_context_read_mux (&read, &in, &error));
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
    }
}

static void
test_own (void)
{
    g_auto (DunlinContext) context = everything ();
    g_auto (DunlinContext) read = { 0 };
    g_auto (DunlinBuffer) bytes = { 0 };
    g_auto (DunlinBuffer) again = { 0 };
    guint8 *frame;
    gsize length;
    DunlinReader in;

    dunlin_context_write_mux (&context, &bytes);
    length = dunlin_buffer_length (&bytes);
    frame = golden_prefix (&bytes, length);
    in = dunlin_reader (frame, length);
    g_assert_true (dunlin_context_read_mux (&read, &in, NULL));
    dunlin_context_own (&read);
    memset (frame, 0xaa, length);
    g_free (frame);
    dunlin_context_own (&read); /* the second time it copies what it owns */
    dunlin_context_write_mux (&read, &again);
    golden_equal (dunlin_buffer_bytes (&bytes), length, dunlin_buffer_bytes (&again),
                  dunlin_buffer_length (&again));
}

static void
test_put_after_own (void)
{
    g_auto (DunlinContext) context = everything ();

    dunlin_context_own (&context);
    g_assert_true (
        dunlin_context_put (&context, dunlin_slice_of ("new"), dunlin_slice_of ("2"), NULL));
    g_assert_true (
        dunlin_context_put_dtab (&context, dunlin_slice_of ("/a"), dunlin_slice_of ("/b"), NULL));
    assert_slice (*dunlin_context_find (&context, "new"), "2");
    assert_slice (*dunlin_context_find (&context, "app"), "1");
    assert_slice (context.dtab.items[0].key, "/foo");
    assert_slice (context.dtab.items[1].key, "/a");
}

static void
test_own_empty (void)
{
    g_auto (DunlinContext) context = { 0 };

    dunlin_context_own (&context);
    g_assert_cmpuint (context.client_id.length, ==, 0);
    dunlin_context_clear (&context);
    dunlin_context_clear (&context);
}

static void
test_steal (void)
{
    g_auto (DunlinContext) context = everything ();
    g_auto (DunlinContext) stolen = dunlin_context_steal (&context);

    g_assert_cmpuint (context.others.n, ==, 0);
    g_assert_null (context.others.items);
    g_assert_cmpuint (stolen.others.n, ==, 2);
}

static void
test_pairs_next (void)
{
    DunlinSlice block = dunlin_slice ("\0\1a\0\0\0\0\0\2bc\0\5x", 14);
    DunlinPair pair;

    g_assert_true (dunlin_pairs_next (&block, &pair));
    assert_slice (pair.key, "a");
    assert_slice (pair.value, "");
    g_assert_true (dunlin_pairs_next (&block, &pair));
    assert_slice (pair.key, "");
    assert_slice (pair.value, "bc");
    g_assert_false (dunlin_pairs_next (&block, &pair)); /* cut short */
    block = dunlin_slice (NULL, 0);
    g_assert_false (dunlin_pairs_next (&block, &pair));
}

static void
test_utf8 (void)
{
    g_autofree char *empty = dunlin_slice_to_utf8 (dunlin_slice (NULL, 0));
    g_autofree char *good = dunlin_slice_to_utf8 (dunlin_slice_of ("zażółć"));
    g_autofree char *bad = dunlin_slice_to_utf8 (dunlin_slice ("a\xff\0b", 4));

    g_assert_cmpstr (empty, ==, "");
    g_assert_cmpstr (good, ==, "zażółć");
    g_assert_cmpstr (bad, ==, "a\uFFFD\uFFFDb");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/wire/context/a-root-trace-has-equal-ids", test_trace_root);
    g_test_add_func ("/wire/context/a-trace-is-span-parent-trace-flags-high", test_trace_order);
    g_test_add_func ("/wire/context/decided-is-not-sampled-but-debug-is", test_trace_not_sampled);
    g_test_add_func ("/wire/context/a-known-value-of-bad-length-is-absent", test_bad_lengths);
    g_test_add_func ("/wire/context/negative-retries-are-absent", test_negative_retries);
    g_test_add_func ("/wire/context/keys-compare-without-case", test_keys_without_case);
    g_test_add_func ("/wire/context/the-last-of-a-repeated-key-counts", test_last_counts);
    g_test_add_func ("/wire/context/an-empty-client-id-is-none", test_empty_client_id);
    g_test_add_func ("/wire/context/too-many-entries-are-refused", test_too_many);
    g_test_add_func ("/wire/context/65535-bytes-pass-and-65536-do-not", test_too_long);
    g_test_add_func ("/wire/context/remaining-time-ignores-clock-skew", test_remaining);
    g_test_add_func ("/wire/context/deadlines-saturate", test_set_deadline);
    g_test_add_func ("/wire/context/mux-form-reads-back", test_mux_round_trip);
    g_test_add_func ("/wire/context/every-cut-of-the-mux-form-is-malformed", test_mux_cut_short);
    g_test_add_func ("/wire/context/an-owned-context-outlives-its-frame", test_own);
    g_test_add_func ("/wire/context/an-owned-context-takes-more", test_put_after_own);
    g_test_add_func ("/wire/context/an-empty-context-can-be-owned", test_own_empty);
    g_test_add_func ("/wire/context/a-stolen-context-leaves-nothing", test_steal);
    g_test_add_func ("/wire/context/pairs-end-where-they-are-cut", test_pairs_next);
    g_test_add_func ("/wire/context/slices-become-valid-text", test_utf8);
    return g_test_run ();
}
