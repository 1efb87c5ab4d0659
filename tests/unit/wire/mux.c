/* ThriftMux messages against the bytes that Finagle 22.7.0 sends and accepts. */
#include "wire/mux.h"
#include "base/error.h"
#include "support/golden.h"

/* The first frames of a session between Finagle's own client and server. */
#define TINIT_CHECK "00 00 00 0f 7f 00 00 01 'tinit check'"
#define INIT_HEADERS                                                                               \
    "00 00 00 0a 'mux-framer' 00 00 00 04 7f ff ff ff 00 00 00 03 'tls' 00 00 00 03 'off'"
#define TINIT "00 00 00 2a 44 00 00 01 00 01 " INIT_HEADERS
#define RINIT "00 00 00 2a bc 00 00 01 00 01 " INIT_HEADERS
#define CONTEXTS                                                                                   \
    "00 2a 'com.twitter.finagle.thrift.ClientIdContext' 00 0b 'peer.client'"                       \
    "00 28 'com.twitter.finagle.tracing.TraceContext' 00 20"                                       \
    "c9 cc 3f 8d 73 18 ef 83 c9 cc 3f 8d 73 18 ef 83 c9 cc 3f 8d 73 18 ef 83"                      \
    "00 00 00 00 00 00 00 00"                                                                      \
    "00 1b 'com.twitter.finagle.Retries' 00 04 00 00 00 00"                                        \
    "00 1c 'com.twitter.finagle.Deadline' 00 10 18 e9 ef a0 78 f5 48 c0 18 e9 ef a0 f0 2a dc c0"
#define PING_CALL  "80 01 00 01 00 00 00 04 'ping' 00 00 00 00 00"
#define TDISPATCH  "00 00 00 f3 02 00 00 02 00 04" CONTEXTS "00 00 00 00" PING_CALL
#define PONG       "80 01 00 02 00 00 00 04 'ping' 00 00 00 00 0b 00 00 00 00 00 04 'pong' 00"
#define RDISPATCH  "00 00 00 23 fe 00 00 02 00 00 00" PONG
#define TDISCARDED "00 00 00 28 c2 00 00 00 00 00 02 'java.lang.Exception: peer cancels'"
#define TLEASE     "00 00 00 0d 43 00 00 00 00 00 00 00 00 00 00 27 10"
#define TREQ                                                                                       \
    "00 00 00 33 01 00 00 05 02 01 18 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 02"             \
    "00 00 00 00 00 00 00 03 02 01 06" PING_CALL

/* Decodes the first @length bytes of a frame, its size cut off, from a copy of just these. */
static gboolean
decode_prefix (const DunlinBuffer *frame, gsize length, DunlinMuxMessage *message, GError **error)
{
    DunlinBuffer body = *frame;
    guint8 *copy;
    gboolean ok;

    dunlin_buffer_consume (&body, DUNLIN_MUX_SIZE_BYTES);
    copy = golden_prefix (&body, length);
    ok = dunlin_mux_decode (copy, length, message, error);
    /* what is kept must not point into the copy, so look at the original's bytes again */
    dunlin_mux_message_clear (message);
    g_free (copy);
    return ok && dunlin_mux_decode (dunlin_buffer_bytes (&body), length, message, error);
}

static void
decode (const DunlinBuffer *frame, DunlinMuxMessage *message)
{
    DunlinReader in = dunlin_reader (dunlin_buffer_bytes (frame), dunlin_buffer_length (frame));
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (dunlin_reader_u32 (&in), ==, in.left);
    decode_prefix (frame, in.left, message, &error);
    g_assert_no_error (error);
}

static void
assert_malformed (const char *body)
{
    g_auto (DunlinBuffer) frame = golden ("00 00 00 00");
    g_auto (DunlinMuxMessage) message = { 0 };
    g_autoptr (GError) error = NULL;

    golden_append (&frame, body);
    g_assert_false (decode_prefix (&frame, dunlin_buffer_length (&frame) - DUNLIN_MUX_SIZE_BYTES,
                                   &message, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
}

static void
assert_slice (DunlinSlice slice, const char *bytes)
{
    g_auto (DunlinBuffer) expected = golden (bytes);

    golden_equal (slice.data, slice.length, dunlin_buffer_bytes (&expected),
                  dunlin_buffer_length (&expected));
}

static void
test_tinit_check (void)
{
    g_auto (DunlinBuffer) frame = golden (TINIT_CHECK);
    g_auto (DunlinBuffer) other = golden ("00 00 00 0f 7f 00 00 01 'tinit chuck'");
    g_auto (DunlinBuffer) echo = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };

    decode (&frame, &message);
    g_assert_true (dunlin_mux_is_tinit_check (&message));
    dunlin_mux_write_rerr (&echo, message.tag, DUNLIN_MUX_TINIT_CHECK);
    golden_check (&echo, TINIT_CHECK);
    decode (&other, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_RERR);
    g_assert_false (dunlin_mux_is_tinit_check (&message));
}

static void
test_rerr_ids (void)
{
    g_auto (DunlinBuffer) new_id = golden ("00 00 00 06 80 00 00 07 'no'");
    g_auto (DunlinMuxMessage) message = { 0 };

    decode (&new_id, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_RERR);
    g_assert_cmpuint (message.tag, ==, 7);
    assert_slice (message.body, "'no'");
}

static void
test_tinit (void)
{
    g_auto (DunlinBuffer) frame = golden (TINIT);
    g_auto (DunlinBuffer) reply = { 0 };
    g_auto (DunlinBuffer) ours = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };
    g_autoptr (GError) error = NULL;
    guint32 window = 0;

    decode (&frame, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_TINIT);
    g_assert_cmpuint (message.version, ==, 1);
    g_assert_true (
        dunlin_mux_negotiate (&message, FALSE, DUNLIN_MUX_WINDOW_MAX, &window, &reply, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (window, ==, DUNLIN_MUX_WINDOW_MAX);
    golden_check (&reply, RINIT);
    dunlin_mux_write_tinit (&ours, DUNLIN_MUX_TAG_CONTROL, DUNLIN_MUX_WINDOW_MAX);
    golden_check (&ours, TINIT);
}

static void
test_rinit (void)
{
    g_auto (DunlinBuffer) frame = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };
    guint32 window = 0;

    dunlin_mux_write_rinit (&frame, 1, 65536);
    decode (&frame, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_RINIT);
    g_assert_true (dunlin_mux_read_init (&message, FALSE, &window, NULL));
    g_assert_cmpuint (window, ==, 65536);
}

/* Negotiates a Tinit with the given version and headers; gives the Rerr's text, or NULL. */
static char *
refusal (const char *version_and_headers, gboolean encrypted, guint32 *window)
{
    g_auto (DunlinBuffer) frame = golden ("00 00 00 00 44 00 00 01");
    g_auto (DunlinBuffer) reply = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };
    g_auto (DunlinMuxMessage) answer = { 0 };
    g_autoptr (GError) error = NULL;
    gboolean ok;

    golden_append (&frame, version_and_headers);
    dunlin_mux_end (&frame, 0);
    decode (&frame, &message);
    ok = dunlin_mux_negotiate (&message, encrypted, 1000, window, &reply, &error);
    decode (&reply, &answer);
    g_assert_cmpint (answer.kind, ==, ok ? DUNLIN_MUX_RINIT : DUNLIN_MUX_RERR);
    g_assert_cmpuint (answer.tag, ==, 1);
    return ok ? NULL : dunlin_slice_to_utf8 (answer.body);
}

#define TLS(level) "00 01 00 00 00 03 'tls' " level
#define REQUIRED   "00 00 00 08 'required'"
#define DESIRED    "00 00 00 07 'desired'"
#define WINDOW(w)  "00 01 00 00 00 0a 'mux-framer' " w

static void
test_negotiation_passes (void)
{
    guint32 window = 0;

    g_assert_null (refusal ("00 01", FALSE, &window));
    g_assert_cmpuint (window, ==, DUNLIN_MUX_WINDOW_MAX);
    g_assert_null (refusal (TLS (DESIRED), FALSE, &window));
    g_assert_null (refusal (TLS ("00 00 00 06 'future'"), FALSE, &window));
    g_assert_null (refusal (TLS (REQUIRED), TRUE, &window));
    g_assert_null (refusal (WINDOW ("00 00 00 04 00 00 00 01"), FALSE, &window));
    g_assert_cmpuint (window, ==, 1);
    g_assert_null (refusal (WINDOW ("00 00 00 06 00 00 10 00 ff ff"), FALSE, &window));
    g_assert_cmpuint (window, ==, 4096);
    g_assert_null (refusal ("00 01 00 00 00 00 00 00 00 00 00 00 00 07 'unknown' 00 00 00 00",
                            FALSE, &window));
    /* of a repeated header the first counts */
    g_assert_null (refusal (WINDOW ("00 00 00 04 00 00 00 02 00 00 00 0a 'mux-framer'"
                                    "00 00 00 04 00 00 00 03"),
                            FALSE, &window));
    g_assert_cmpuint (window, ==, 2);
}

static void
test_negotiation_fails (void)
{
    guint32 window = 77;
    g_autofree char *tls = refusal (TLS (REQUIRED), FALSE, &window);
    g_autofree char *version = refusal ("00 02", FALSE, &window);
    g_autofree char *zero = refusal (WINDOW ("00 00 00 04 00 00 00 00"), FALSE, &window);
    g_autofree char *negative = refusal (WINDOW ("00 00 00 04 80 00 00 00"), FALSE, &window);
    g_autofree char *brief = refusal (WINDOW ("00 00 00 03 00 00 01"), FALSE, &window);

    g_assert_cmpstr (tls, ==, "Could not negotiate whether to use TLS or not.");
    g_assert_cmpstr (version, ==, "Unsupported Mux version: 2");
    g_assert_nonnull (zero);
    g_assert_nonnull (negative);
    g_assert_nonnull (brief);
    g_assert_cmpuint (window, ==, 77); /* untouched */
}

static void
test_init_sizes_lie (void)
{
    assert_malformed ("44 00 00 01");
    assert_malformed ("44 00 00 01 00");
    assert_malformed ("44 00 00 01 00 01 ff ff ff ff");
    assert_malformed ("44 00 00 01 00 01 00 00 00 01 'k'");
    assert_malformed ("44 00 00 01 00 01 00 00 00 01 'k' 7f ff ff ff 'v'");
    assert_malformed ("bc 00 00 01 00 01 00 00 00 01 'k' 00 00 00 01 'v' 00");
}

static void
test_tdispatch (void)
{
    g_auto (DunlinBuffer) frame = golden (TDISPATCH);
    g_auto (DunlinMuxMessage) message = { 0 };

    decode (&frame, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_TDISPATCH);
    g_assert_cmpuint (message.tag, ==, 2);
    g_assert_false (message.more);
    assert_slice (message.context.client_id, "'peer.client'");
    g_assert_cmphex (message.context.trace_id, ==, 0xc9cc3f8d7318ef83);
    g_assert_true (message.context.has_retries);
    g_assert_cmpuint (message.context.retries, ==, 0);
    g_assert_cmpint (dunlin_context_remaining_us (&message.context), ==, 2 * G_USEC_PER_SEC);
    g_assert_cmpuint (message.context.dest.length, ==, 0);
    g_assert_cmpuint (message.context.dtab.n, ==, 0);
    assert_slice (message.body, PING_CALL);
}

static void
test_tdispatch_written (void)
{
    g_auto (DunlinBuffer) frame = golden (TDISPATCH);
    g_auto (DunlinBuffer) written = golden ("aa bb"); /* something that waits to be sent */
    g_auto (DunlinMuxMessage) message = { 0 };
    gsize mark;

    decode (&frame, &message);
    mark = dunlin_mux_begin_tdispatch (&written, 2, &message.context);
    golden_append (&written, PING_CALL);
    g_assert_cmpuint (dunlin_mux_end (&written, mark), ==, 0xf3 + 4);
    golden_check (&written, "aa bb" TDISPATCH);
}

static void
test_tdispatch_bare (void)
{
    g_auto (DunlinBuffer) frame = golden ("00 00 00 0a 02 00 00 09 00 00 00 00 00 00");
    g_auto (DunlinMuxMessage) message = { 0 };

    decode (&frame, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_TDISPATCH);
    g_assert_cmpuint (message.tag, ==, 9);
    g_assert_cmpuint (message.body.length, ==, 0);
    g_assert_false (message.context.has_trace);
    g_assert_cmpint (dunlin_context_remaining_us (&message.context), ==, G_MAXINT64);
}

static void
test_tdispatch_names (void)
{
    g_auto (DunlinBuffer) frame =
        golden ("00 00 00 26 02 00 00 03 00 01 00 01 'k' 00 01 'v' 00 04 '/s/x' 00 02"
                "00 02 '/a' 00 02 '/b' 00 00 00 02 '/c' 'body'");
    g_auto (DunlinMuxMessage) message = { 0 };

    decode (&frame, &message);
    assert_slice (message.context.dest, "'/s/x'");
    g_assert_cmpuint (message.context.dtab.n, ==, 2);
    assert_slice (message.context.dtab.items[0].key, "'/a'");
    assert_slice (message.context.dtab.items[1].value, "'/c'");
    assert_slice (*dunlin_context_find (&message.context, "K"), "'v'");
    assert_slice (message.body, "'body'");
}

static void
test_tdispatch_sizes_lie (void)
{
    assert_malformed ("02 00 00 02 ff ff");
    assert_malformed ("02 00 00 02 00 01 ff ff 'k' 00 00 00 00 00 00");
    assert_malformed ("02 00 00 02 00 01 00 01 'k' ff ff 00 00 00 00");
    assert_malformed ("02 00 00 02 00 00 00 05 'abcd'");
    assert_malformed ("02 00 00 02 00 00 00 00 00 01 00 01 'a'");
    assert_malformed ("02 00 00 02 00 00 00 00 ff ff 00 01 'a' 00 01 'b'");
}

static void
test_tdispatch_longest (void)
{
    g_autofree char *text = g_strnfill (DUNLIN_CONTEXT_MAX_BYTES, 'x');
    DunlinSlice longest = dunlin_slice_of (text);
    g_auto (DunlinContext) context = { .dest = longest };
    g_auto (DunlinBuffer) frame = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };
    gsize mark;

    g_assert_true (dunlin_context_put (&context, longest, longest, NULL));
    g_assert_true (dunlin_context_put_dtab (&context, longest, longest, NULL));
    mark = dunlin_mux_begin_tdispatch (&frame, DUNLIN_MUX_TAG_MAX, &context);
    dunlin_buffer_append (&frame, "body", 4);
    dunlin_mux_end (&frame, mark);
    decode (&frame, &message);
    g_assert_cmpuint (message.tag, ==, DUNLIN_MUX_TAG_MAX);
    g_assert_cmpuint (message.context.dest.length, ==, 65535);
    g_assert_cmpuint (message.context.others.items[0].value.length, ==, 65535);
    g_assert_cmpuint (message.context.dtab.items[0].key.length, ==, 65535);
    assert_slice (message.body, "'body'");
}

static void
test_tdispatch_too_many (void)
{
    g_auto (DunlinBuffer) frame = golden ("00 00 00 00 02 00 00 02 00 81");
    g_auto (DunlinMuxMessage) message = { 0 };
    g_autoptr (GError) error = NULL;

    for (int i = 0; i <= DUNLIN_CONTEXT_MAX_ENTRIES; i++)
        golden_append (&frame, "00 01 'k' 00 00");
    golden_append (&frame, "00 00 00 00");
    g_assert_false (decode_prefix (&frame, dunlin_buffer_length (&frame) - DUNLIN_MUX_SIZE_BYTES,
                                   &message, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);
    g_assert_cmpstr (error->message, ==,
                     "mux Tdispatch, tag 2: a call carries more than 128 contexts");
}

static void
test_rdispatch (void)
{
    g_auto (DunlinBuffer) frame = golden (RDISPATCH);
    g_auto (DunlinBuffer) written = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };
    gsize mark;

    decode (&frame, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_RDISPATCH);
    g_assert_cmpint (message.status, ==, DUNLIN_MUX_OK);
    g_assert_cmpuint (message.failure, ==, 0);
    assert_slice (message.body, PONG);
    mark = dunlin_mux_begin_reply (&written, DUNLIN_MUX_TDISPATCH, 2, DUNLIN_MUX_OK, NULL, 0);
    golden_append (&written, PONG);
    dunlin_mux_end (&written, mark);
    golden_check (&written, RDISPATCH);
}

static void
test_oneway_reply (void)
{
    g_auto (DunlinBuffer) written = { 0 };

    dunlin_mux_end (&written, dunlin_mux_begin_reply (&written, DUNLIN_MUX_TDISPATCH, 2,
                                                      DUNLIN_MUX_OK, NULL, 0));
    golden_check (&written, "00 00 00 07 fe 00 00 02 00 00 00");
}

static void
test_reply_contexts (void)
{
    const char *key = "com.twitter.finagle.thrift.Response.headers";
    DunlinPair header = { dunlin_slice_of (key), dunlin_slice ("\0\1a\0\1b", 6) };
    g_auto (DunlinBuffer) frame = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };
    DunlinPair pair;

    dunlin_mux_end (&frame, dunlin_mux_begin_reply (&frame, DUNLIN_MUX_TDISPATCH, 2, DUNLIN_MUX_OK,
                                                    &header, 1));
    decode (&frame, &message);
    g_assert_true (dunlin_pairs_next (&message.contexts, &pair));
    assert_slice (pair.key, "'com.twitter.finagle.thrift.Response.headers'");
    assert_slice (pair.value, "00 01 'a' 00 01 'b'");
    g_assert_false (dunlin_pairs_next (&message.contexts, &pair));
}

static void
test_nack (void)
{
    g_auto (DunlinBuffer) written = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };

    dunlin_mux_write_failure (&written, DUNLIN_MUX_TDISPATCH, 5, DUNLIN_MUX_NACK,
                              DUNLIN_MUX_FAILURE_RETRYABLE | DUNLIN_MUX_FAILURE_REJECTED, "unsaid");
    golden_check (&written, "00 00 00 1d fe 00 00 05 02 00 01 00 0a 'MuxFailure' 00 08"
                            "00 00 00 00 00 00 00 03");
    decode (&written, &message);
    g_assert_cmpint (message.status, ==, DUNLIN_MUX_NACK);
    g_assert_cmpuint (message.failure, ==, 3);
}

static void
test_nack_plain (void)
{
    g_auto (DunlinBuffer) written = { 0 };

    dunlin_mux_write_failure (&written, DUNLIN_MUX_TDISPATCH, 5, DUNLIN_MUX_NACK, 0, NULL);
    dunlin_mux_write_failure (&written, DUNLIN_MUX_TREQ, 6, DUNLIN_MUX_NACK, 3, NULL);
    golden_check (&written, "00 00 00 07 fe 00 00 05 02 00 00 | 00 00 00 05 ff 00 00 06 02");
}

static void
test_error_reply (void)
{
    g_auto (DunlinBuffer) written = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };

    dunlin_mux_write_failure (&written, DUNLIN_MUX_TDISPATCH, 5, DUNLIN_MUX_ERROR, 0, "broken");
    golden_check (&written, "00 00 00 0d fe 00 00 05 01 00 00 'broken'");
    decode (&written, &message);
    g_assert_cmpint (message.status, ==, DUNLIN_MUX_ERROR);
    assert_slice (message.body, "'broken'");
}

static void
test_failure_flags (void)
{
    g_auto (DunlinBuffer) frame =
        golden ("00 00 00 45 fe 00 00 02 02 00 03 00 0a 'MuxFailure' 00 07 00 00 00 00 00 00 01"
                "00 0a 'MuxFailure' 00 09 00 00 00 00 00 00 00 06 ff"
                "00 0a 'MuxFailure' 00 08 00 00 00 00 00 00 00 01");
    g_auto (DunlinMuxMessage) message = { 0 };

    dunlin_mux_end (&frame, 0);
    decode (&frame, &message);
    g_assert_cmpuint (message.failure, ==, 6);
}

static void
test_bad_replies (void)
{
    assert_malformed ("fe 00 00 02");
    assert_malformed ("fe 00 00 02 03 00 00");
    assert_malformed ("fe 00 00 02 00");
    assert_malformed ("fe 00 00 02 00 ff ff");
    assert_malformed ("fe 00 00 02 00 00 01 00 01 'k'");
    assert_malformed ("ff 00 00 02");
    assert_malformed ("ff 00 00 02 03");
}

static void
test_treq (void)
{
    g_auto (DunlinBuffer) frame = golden (TREQ);
    g_auto (DunlinBuffer) written = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };
    gsize mark;

    decode (&frame, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_TREQ);
    g_assert_cmpuint (message.tag, ==, 5);
    g_assert_cmpuint (message.context.span_id, ==, 1);
    g_assert_cmpuint (message.context.parent_id, ==, 2);
    g_assert_cmpuint (message.context.trace_id, ==, 3);
    g_assert_true (dunlin_context_is_sampled (&message.context));
    assert_slice (message.body, PING_CALL);
    mark = dunlin_mux_begin_treq (&written, 5, &message.context);
    golden_append (&written, PING_CALL);
    dunlin_mux_end (&written, mark);
    golden_check (&written, TREQ);
}

static void
test_treq_bare (void)
{
    DunlinContext none = { 0 };
    g_auto (DunlinBuffer) written = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };

    dunlin_mux_end (&written, dunlin_mux_begin_treq (&written, 5, &none));
    golden_check (&written, "00 00 00 05 01 00 00 05 00");
    decode (&written, &message);
    g_assert_false (message.context.has_trace);
}

static void
test_treq_keys (void)
{
    g_auto (DunlinBuffer) frame =
        golden ("00 00 00 00 01 00 00 05 03 09 02 'zz' 02 00 02 03 00 00 04 'body'");
    g_auto (DunlinMuxMessage) message = { 0 };

    dunlin_mux_end (&frame, 0);
    decode (&frame, &message);
    g_assert_false (message.context.has_trace);
    g_assert_cmpuint (message.context.trace_flags, ==, 4); /* its last byte */
    assert_slice (message.body, "'body'");
    assert_malformed ("01 00 00 05");
    assert_malformed ("01 00 00 05 01");
    assert_malformed ("01 00 00 05 ff 09 00");
    assert_malformed ("01 00 00 05 01 09 ff 'zz'");
    assert_malformed ("01 00 00 05 01 01 08 00 00 00 00 00 00 00 01");
}

static void
test_rreq (void)
{
    g_auto (DunlinBuffer) frame = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };
    gsize mark;

    mark = dunlin_mux_begin_reply (&frame, DUNLIN_MUX_TREQ, 4, DUNLIN_MUX_OK, NULL, 0);
    golden_append (&frame, PONG);
    dunlin_mux_end (&frame, mark);
    golden_check (&frame, "00 00 00 21 ff 00 00 04 00" PONG);
    decode (&frame, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_RREQ);
    assert_slice (message.body, PONG);
}

static void
test_empty_messages (void)
{
    const struct {
        DunlinMuxKind kind;
        const char *bytes;
    } rows[] = {
        { DUNLIN_MUX_TPING, "00 00 00 04 41 00 00 01" },
        { DUNLIN_MUX_RPING, "00 00 00 04 bf 00 00 01" },
        { DUNLIN_MUX_TDRAIN, "00 00 00 04 40 00 00 01" },
        { DUNLIN_MUX_RDRAIN, "00 00 00 04 c0 00 00 01" },
        { DUNLIN_MUX_RDISCARDED, "00 00 00 04 be 00 00 01" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_auto (DunlinBuffer) frame = { 0 };
        g_auto (DunlinMuxMessage) message = { 0 };

        dunlin_mux_write_empty (&frame, rows[i].kind, 1);
        golden_check (&frame, rows[i].bytes);
        decode (&frame, &message);
        g_assert_cmpint (message.kind, ==, rows[i].kind);
        g_assert_cmpuint (message.tag, ==, 1);
    }
}

static void
test_tdiscarded (void)
{
    g_auto (DunlinBuffer) frame = golden (TDISCARDED);
    g_auto (DunlinBuffer) new_id = golden ("00 00 00 07 42 00 00 00 80 00 02");
    g_auto (DunlinBuffer) written = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };

    decode (&frame, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_TDISCARDED);
    g_assert_cmpuint (message.tag, ==, 0);
    g_assert_cmpuint (message.which, ==, 2);
    assert_slice (message.body, "'java.lang.Exception: peer cancels'");
    dunlin_mux_write_tdiscarded (&written, 2, "java.lang.Exception: peer cancels");
    golden_check (&written, TDISCARDED);
    decode (&new_id, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_TDISCARDED);
    g_assert_cmpuint (message.which, ==, 2); /* without the fragment bit */
    g_assert_cmpuint (message.body.length, ==, 0);
    assert_malformed ("c2 00 00 00 00 00");
}

static void
test_tlease (void)
{
    g_auto (DunlinBuffer) frame = golden (TLEASE);
    g_auto (DunlinBuffer) written = { 0 };
    g_auto (DunlinMuxMessage) message = { 0 };

    decode (&frame, &message);
    g_assert_cmpint (message.kind, ==, DUNLIN_MUX_TLEASE);
    g_assert_cmpuint (message.lease_unit, ==, 0);
    g_assert_cmpuint (message.lease, ==, 10000);
    dunlin_mux_write_tlease (&written, 10000);
    golden_check (&written, TLEASE);
    assert_malformed ("43 00 00 00 00 00 00 00 00 00 27");
}

static void
test_unknown_types (void)
{
    guint known = 0;

    for (guint type = 0; type < 256; type++) {
        guint8 frame[] = { (guint8)type, 0, 0, 3, 'b' };
        g_auto (DunlinMuxMessage) message = { 0 };

        if (dunlin_mux_kind_of ((guint8)type) != DUNLIN_MUX_UNKNOWN) {
            known++;
            continue;
        }
        g_assert_true (dunlin_mux_decode (frame, sizeof frame, &message, NULL));
        g_assert_cmpint (message.kind, ==, DUNLIN_MUX_UNKNOWN);
        g_assert_cmpuint (message.type, ==, type);
        g_assert_cmpuint (message.tag, ==, 3);
        assert_slice (message.body, "'b'");
    }
    g_assert_cmpuint (known, ==, 16); /* 14 kinds, two of them with two ids */
}

static void
test_short_frames (void)
{
    assert_malformed ("");
    assert_malformed ("02");
    assert_malformed ("02 00 00");
}

static void
test_fragments_of_others (void)
{
    g_auto (DunlinBuffer) frame = golden ("00 00 00 06 02 80 00 05 00 04");
    g_auto (DunlinMuxMessage) message = { 0 };

    decode (&frame, &message);
    g_assert_true (message.more);
    g_assert_cmpuint (message.tag, ==, 5);
    assert_slice (message.body, "00 04");
    assert_malformed ("41 80 00 01");
    assert_malformed ("01 80 00 01 00");
    assert_malformed ("aa 80 00 01 00");
}

/* Cuts a message after every byte. What is before its body must be whole. */
static void
cut (const char *bytes, gsize body)
{
    g_auto (DunlinBuffer) frame = golden (bytes);
    gsize length = dunlin_buffer_length (&frame) - DUNLIN_MUX_SIZE_BYTES;

    for (gsize n = 0; n < length; n++) {
        g_auto (DunlinMuxMessage) message = { 0 };
        g_autoptr (GError) error = NULL;

        if (decode_prefix (&frame, n, &message, &error)) {
            g_assert_cmpuint (n, >=, length - body);
            g_assert_cmpuint (message.body.length, ==, n - (length - body));
        } else {
            g_assert_cmpuint (n, <, length - body);
            g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
        }
    }
}

static void
test_cuts (void)
{
    cut (TINIT_CHECK, 11);
    cut (TDISPATCH, 17);
    cut (RDISPATCH, 28);
    cut (TREQ, 17);
    cut (TDISCARDED, 33);
    cut (TLEASE, 0);
    cut ("00 00 00 04 41 00 00 01", 0);
    cut ("00 00 00 1d fe 00 00 05 02 00 01 00 0a 'MuxFailure' 00 08 00 00 00 00 00 00 00 03", 0);
}

/* Between two headers an init message is whole. */
static void
test_cut_init (void)
{
    g_auto (DunlinBuffer) frame = golden (TINIT);
    gsize whole[] = { 6, 28, 42 };

    for (gsize n = 0, i = 0; n <= 42; n++) {
        g_auto (DunlinMuxMessage) message = { 0 };
        gboolean ok = decode_prefix (&frame, n, &message, NULL);

        g_assert_cmpint (ok, ==, n == whole[i]);
        if (ok)
            i++;
    }
}

#define ADD(claim, function) g_test_add_func ("/wire/mux/" claim, function)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    ADD ("the-tinit-check-is-echoed-byte-for-byte", test_tinit_check);
    ADD ("rerr-has-two-ids", test_rerr_ids);
    ADD ("tinit-is-answered-as-finagle-does", test_tinit);
    ADD ("rinit-reads-back", test_rinit);
    ADD ("an-agreeable-tinit-passes", test_negotiation_passes);
    ADD ("what-cannot-be-agreed-on-draws-an-rerr", test_negotiation_fails);
    ADD ("init-sizes-that-lie-are-malformed", test_init_sizes_lie);
    ADD ("tdispatch-is-read", test_tdispatch);
    ADD ("tdispatch-is-written-as-finagle-does", test_tdispatch_written);
    ADD ("tdispatch-without-contexts", test_tdispatch_bare);
    ADD ("tdispatch-keeps-destination-and-dtab", test_tdispatch_names);
    ADD ("tdispatch-sizes-that-lie-are-malformed", test_tdispatch_sizes_lie);
    ADD ("tdispatch-lengths-are-unsigned", test_tdispatch_longest);
    ADD ("tdispatch-with-too-many-contexts-is-refused", test_tdispatch_too_many);
    ADD ("rdispatch-is-read-and-written", test_rdispatch);
    ADD ("a-oneway-call-draws-an-empty-body", test_oneway_reply);
    ADD ("reply-contexts-are-kept", test_reply_contexts);
    ADD ("a-nack-carries-its-flags", test_nack);
    ADD ("a-nack-without-flags-has-no-context", test_nack_plain);
    ADD ("an-error-reply-carries-text", test_error_reply);
    ADD ("the-first-whole-mux-failure-counts", test_failure_flags);
    ADD ("bad-replies-are-malformed", test_bad_replies);
    ADD ("treq-is-read-and-written", test_treq);
    ADD ("treq-without-a-trace", test_treq_bare);
    ADD ("treq-passes-over-unknown-keys", test_treq_keys);
    ADD ("rreq-is-read-and-written", test_rreq);
    ADD ("messages-without-a-body-are-8-bytes", test_empty_messages);
    ADD ("tdiscarded-has-two-ids", test_tdiscarded);
    ADD ("tlease-is-read-and-written", test_tlease);
    ADD ("unknown-types-are-told-apart-not-refused", test_unknown_types);
    ADD ("frames-shorter-than-a-header-are-malformed", test_short_frames);
    ADD ("only-dispatches-come-in-fragments", test_fragments_of_others);
    ADD ("every-cut-before-the-body-is-malformed", test_cuts);
    ADD ("every-cut-within-an-init-header-is-malformed", test_cut_init);
    return g_test_run ();
}
