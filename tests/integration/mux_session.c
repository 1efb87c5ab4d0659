/* ThriftMux over a real socket, byte by byte as Finagle 22.7 says it. Frames are written without
 * their size: test_send_frame() puts it in front. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test_server.h"
#include "support/tiny_service.h"

#define TINIT_CHECK "7f 000001 \"tinit check\""
#define WINDOW(hex) "0000000a \"mux-framer\" 00000004" hex
#define TLS_OFF     "00000003 \"tls\" 00000003 \"off\""
#define TINIT       "44 000001 0001" WINDOW ("7fffffff") TLS_OFF
#define RINIT       "bc 000001 0001" WINDOW ("7fffffff") TLS_OFF

/* No contexts, no destination, no delegations. */
#define DISPATCH(tag) "02" tag "0000 0000 0000"
#define OK(tag)       "fe" tag "00 0000"
/* 1: may be sent again elsewhere; 2: was refused. */
#define NACK(tag) "fe" tag "02 0001 000a \"MuxFailure\" 0008 0000000000000003"

#define CALL_PING    "80010001 00000004 \"ping\" 00000000 00"
#define PONG         "80010002 00000004 \"ping\" 00000000 0b0000 00000004 \"pong\" 00"
#define PING(tag)    DISPATCH (tag) CALL_PING
#define PONG_OF(tag) OK (tag) PONG

#define CALL_SLEEP(ms) "80010001 00000005 \"sleep\" 00000000 080001" ms "00"
#define SLEPT          "80010002 00000005 \"sleep\" 00000000 0b0000 00000005 \"slept\" 00"
#define SLEEP(tag, ms) DISPATCH (tag) CALL_SLEEP (ms)
#define SLEPT_OF(tag)  OK (tag) SLEPT
#define FOR_EVER       "00ffffff"

#define BIG(tag, n) DISPATCH (tag) "80010001 00000003 \"big\" 00000000 080001" n "00"
#define FAIL(tag, size, kind)                                                                      \
    DISPATCH (tag) "80010001 00000004 \"fail\" 00000000 0b0001" size "\"" kind "\" 00"
#define CONTEXT_CALL "80010001 00000007 \"context\" 00000000 00"

#define MORE 0x800000u

typedef struct {
    TestServer *server;
    GObject *handler;
    int fd;
} Fixture;

static void
setup (Fixture *f, gconstpointer options)
{
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

static guint
type_of (const GByteArray *frame)
{
    return frame->data[0];
}

static guint
tag_of (const GByteArray *frame)
{
    return (guint)frame->data[1] << 16 | (guint)frame->data[2] << 8 | frame->data[3];
}

static GByteArray *
receive (Fixture *f)
{
    GByteArray *frame = test_receive_frame (f->fd);

    g_assert_nonnull (frame);
    g_assert_cmpuint (frame->len, >=, 4);
    return frame;
}

static void
still_answers (Fixture *f)
{
    test_send_frame (f->fd, PING ("0000ff"));
    test_expect_frame (f->fd, PONG_OF ("0000ff"));
}

static gboolean
as_many_run (gpointer data)
{
    return test_server_stat ("pending") >= *(gint64 *)data;
}

static void
wait_for_running (gint64 n)
{
    test_wait_for (as_many_run, &n, "the calls to run");
}

static gboolean
was_cancelled (gpointer data)
{
    return tiny_cancelled () >= *(int *)data;
}

static void
wait_for_cancelled (int n)
{
    test_wait_for (was_cancelled, &n, "the calls to be cancelled");
}

/* ---- Opening ---- */

/* As recorded from Finagle 22.7 with a client id and a request timeout, but for the first digit of
 * the timestamps: in the past the call would have expired. */
static void
what_finagle_says_first (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, "0000000f 7f000001 \"tinit check\"");
    test_expect_hex (f->fd, "0000000f 7f000001 \"tinit check\"");
    test_send_hex (f->fd, "0000002a 44000001 0001 0000000a \"mux-framer\" 00000004 7fffffff"
                          "00000003 \"tls\" 00000003 \"off\"");
    test_expect_hex (f->fd, "0000002a bc000001 0001 0000000a \"mux-framer\" 00000004 7fffffff"
                            "00000003 \"tls\" 00000003 \"off\"");
    test_send_hex (f->fd, "00000004 41000001"
                          "000000f3 02000002 0004"
                          "002a \"com.twitter.finagle.thrift.ClientIdContext\" 000b \"peer.client\""
                          "0028 \"com.twitter.finagle.tracing.TraceContext\" 0020"
                          "c9cc3f8d7318ef83 c9cc3f8d7318ef83 c9cc3f8d7318ef83 0000000000000000"
                          "001b \"com.twitter.finagle.Retries\" 0004 00000000"
                          "001c \"com.twitter.finagle.Deadline\" 0010"
                          "28e9efa078f548c0 28e9efa0f02adcc0"
                          "0000 0000 80010001 00000004 \"ping\" 00000000 00");
    test_expect_hex (f->fd, "00000004 bf000001"
                            "00000023 fe000002 00 0000" PONG);
}

static void
byte_by_byte (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) bytes = test_bytes ("0000000f" TINIT_CHECK "00000004 41 000001"
                                               "0000001b" PING ("000002"));

    for (guint i = 0; i < bytes->len; i++)
        test_send (f->fd, bytes->data + i, 1);
    test_expect_frame (f->fd, TINIT_CHECK);
    test_expect_frame (f->fd, "bf 000001");
    test_expect_frame (f->fd, PONG_OF ("000002"));
}

static void
a_session_may_begin_with_a_call (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, PING ("000002"));
    test_expect_frame (f->fd, PONG_OF ("000002"));
}

static void
tinit_without_headers (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "44 000001 0001");
    test_expect_frame (f->fd, RINIT);
    still_answers (f);
}

static void
unknown_init_headers_are_passed_over (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "44 000001 0001 0000000f \"accept-compress\" 00000003 \"lz4\"" TLS_OFF);
    test_expect_frame (f->fd, RINIT);
}

static void
another_version_is_refused (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "44 000001 0002");
    test_expect_frame (f->fd, "7f 000001 \"Unsupported Mux version: 2\"");
    g_assert_true (test_is_closed (f->fd));
}

static void
required_opportunistic_tls_is_refused (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "44 000001 0001 00000003 \"tls\" 00000008 \"required\"");
    test_expect_frame (f->fd, "7f 000001 \"Could not negotiate whether to use TLS or not.\"");
    g_assert_true (test_is_closed (f->fd));
}

static void
a_window_of_nothing_is_refused (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, "44 000001 0001" WINDOW ("00000000"));
    reply = receive (f);
    g_assert_cmpuint (type_of (reply), ==, 0x7f);
    g_assert_true (test_has (reply, "mux-framer"));
    g_assert_true (test_is_closed (f->fd));
}

/* ---- Calls ---- */

static void
contexts_reach_the_handler (Fixture *f, gconstpointer options)
{
    /* flags 6: sampling was decided, and sampled; the deadline is 30 s after the timestamp */
    test_send_frame (f->fd,
                     "02 000002 0005"
                     "002a \"com.twitter.finagle.thrift.ClientIdContext\" 0003 \"who\""
                     "0028 \"com.twitter.finagle.tracing.TraceContext\" 0020"
                     "0000000000000022 0000000000000033 0000000000000011 0000000000000006"
                     "001b \"com.twitter.finagle.Retries\" 0004 00000002"
                     "001c \"com.twitter.finagle.Deadline\" 0010"
                     "28e9efa078f548c0 28e9efa77518f4c0"
                     "0007 \"app.key\" 0005 \"value\""
                     "0004 \"/s/a\""
                     "0002 0002 \"/a\" 0002 \"/b\" 0002 \"/c\" 0007 \"/d | /e\"" CONTEXT_CALL);
    test_expect_frame (f->fd,
                       OK ("000002") "80010002 00000007 \"context\" 00000000 0b0000 00000093"
                                     "\"thriftmux context client=who trace=11 span=22 parent=33"
                                     " decided sampled seconds=30 retries=2 dest=/s/a"
                                     " from=/a to=/b from=/c to=/d | /e other=value\" 00");
}

static void
without_contexts_nothing_is_known (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, DISPATCH ("000002") CONTEXT_CALL);
    test_expect_frame (f->fd, OK ("000002") "80010002 00000007 \"context\" 00000000"
                                            "0b0000 00000011 \"thriftmux context\" 00");
}

static void
treq_is_answered_with_rreq (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "01 000002 02 01 18 0000000000000022 0000000000000033"
                            "0000000000000011 02 01 06" CONTEXT_CALL);
    test_expect_frame (f->fd,
                       "ff 000002 00 80010002 00000007 \"context\" 00000000 0b0000 0000003c"
                       "\"thriftmux context trace=11 span=22 parent=33 decided sampled\" 00");
}

/* What our client asks before it says that it speaks mux: no call, so none that failed. */
static void
a_question_about_ttwitter_is_no_call (Fixture *f, gconstpointer options)
{
    gint64 before = test_server_stat ("requests");

    test_send_frame (f->fd, "01 000001 00 80010001 0000001b \"__can__finagle__trace__v3__\" "
                            "00000000 00");
    test_expect_frame (f->fd, "ff 000001 00 80010002 0000001b \"__can__finagle__trace__v3__\" "
                              "00000000 00");
    g_assert_cmpint (test_server_stat ("requests"), ==, before);
    still_answers (f);
}

static void
compact_calls_get_compact_replies (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, DISPATCH ("000002") "8221 07 04 \"ping\" 00");
    test_expect_frame (f->fd, OK ("000002") "8241 07 04 \"ping\" 08 00 04 \"pong\" 00");
}

static void
the_highest_tag_is_a_tag (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, PING ("7fffff"));
    test_expect_frame (f->fd, PONG_OF ("7fffff"));
    test_send_frame (f->fd, PING ("7fffff"));
    test_expect_frame (f->fd, PONG_OF ("7fffff"));
}

/* Every tag wants an answer. */
static void
oneway_is_answered_with_nothing (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, DISPATCH ("000002") "80010004 00000004 \"note\" 00000000 00");
    test_expect_frame (f->fd, OK ("000002"));
    test_send_frame (f->fd, DISPATCH ("000003") "80010001 00000004 \"note\" 00000000 00");
    test_expect_frame (f->fd, OK ("000003"));
    still_answers (f);
}

static void
replies_overtake_each_other (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, SLEEP ("000002", "000000c8"));
    test_send_frame (f->fd, SLEEP ("000003", "00000032"));
    test_send_frame (f->fd, PING ("000004"));
    test_expect_frame (f->fd, PONG_OF ("000004"));
    test_expect_frame (f->fd, SLEPT_OF ("000003"));
    test_expect_frame (f->fd, SLEPT_OF ("000002"));
}

static void
two_hundred_calls_at_once_on_a_connection (Fixture *f, gconstpointer options)
{
    g_autoptr (GHashTable) tags = g_hash_table_new (NULL, NULL);

    for (guint tag = 2; tag < 202; tag++) {
        g_autofree char *hex =
            g_strdup_printf ("02 %06x 0000 0000 0000" CALL_SLEEP ("000003e8"), tag);

        test_send_frame (f->fd, hex);
    }
    wait_for_running (200);
    for (guint i = 0; i < 200; i++) {
        g_autoptr (GByteArray) reply = receive (f);

        g_assert_true (test_has (reply, "slept"));
        g_assert_true (g_hash_table_add (tags, GUINT_TO_POINTER (tag_of (reply))));
    }
    g_assert_false (g_hash_table_contains (tags, GUINT_TO_POINTER (1)));
    g_assert_true (g_hash_table_contains (tags, GUINT_TO_POINTER (2)));
    g_assert_true (g_hash_table_contains (tags, GUINT_TO_POINTER (201)));
}

/* ---- Failures ---- */

static void
declared_exceptions_are_ok_replies (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, FAIL ("000002", "00000008", "declared"));
    test_expect_frame (f->fd, OK ("000002") "80010002 00000004 \"fail\" 00000000"
                                            "0b0001 00000008 \"declared\" 00");
}

static void
undeclared_errors_are_ok_replies_without_insides (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, FAIL ("000002", "0000000a", "undeclared"));
    test_expect_frame (f->fd,
                       OK ("000002") "80010003 00000004 \"fail\" 00000000 0b0001 0000002e"
                                     "\"Internal error processing fail: internal error\" 080002 "
                                     "00000006 00");
}

static void
unknown_methods_are_ok_replies (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, DISPATCH ("000002") "80010001 00000004 \"nope\" 00000000 00");
    test_expect_frame (f->fd, OK ("000002") "80010003 00000004 \"nope\" 00000000 0b0001 0000001b"
                                            "\"Invalid method name: 'nope'\" 080002 00000001 00");
    still_answers (f);
}

static void
malformed_arguments_leave_the_session_usable (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd,
                     DISPATCH ("000002") "80010001 00000004 \"echo\" 00000000 0b0001 7fffffff");
    reply = receive (f);
    g_assert_cmpuint (reply->data[reply->len - 2], ==, DUNLIN_TAPP_PROTOCOL_ERROR);
    still_answers (f);
}

static void
a_dispatch_without_a_message_is_answered (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, DISPATCH ("000002"));
    reply = receive (f);
    g_assert_cmpuint (type_of (reply), ==, 0xfe);
    g_assert_cmpuint (tag_of (reply), ==, 2);
    still_answers (f);
}

static void
endless_malformed_calls_end_the_session (Fixture *f, gconstpointer options)
{
    guint answered = 0;

    for (;;) {
        g_autoptr (GByteArray) reply = NULL;

        test_send_frame (f->fd, DISPATCH ("000002") "80010001 00000004 \"echo\" 00000000 0b0001 "
                                                    "7fffffff");
        reply = test_receive_frame (f->fd);
        if (reply == NULL)
            break;
        g_assert_cmpuint (++answered, <=, 100);
    }
    g_assert_cmpuint (answered, >=, 64);
}

static const TestServerOptions one_at_a_time = { .max_concurrency = 1 };

static void
over_the_limit_calls_are_nacked (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, SLEEP ("000002", "000000c8"));
    test_send_frame (f->fd, PING ("000003"));
    test_expect_frame (f->fd, NACK ("000003"));
    test_send_frame (f->fd, "01 000004 00" CALL_PING);
    test_expect_frame (f->fd, "ff 000004 02"); /* an Rreq has no contexts */
    test_expect_frame (f->fd, SLEPT_OF ("000002"));
    still_answers (f);
}

static void
handlers_may_nack (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, FAIL ("000002", "00000004", "nack"));
    test_expect_frame (f->fd, NACK ("000002"));
}

static void
a_tag_in_use_ends_the_session (Fixture *f, gconstpointer options)
{
    int before = tiny_cancelled ();
    g_autoptr (GByteArray) first = NULL;
    g_autoptr (GByteArray) second = NULL;

    test_send_frame (f->fd, SLEEP ("000002", FOR_EVER));
    test_send_frame (f->fd, SLEEP ("000003", FOR_EVER));
    test_send_frame (f->fd, PING ("000002"));
    first = receive (f);
    second = receive (f);
    g_assert_cmpuint (type_of (first), ==, 0x7f);
    g_assert_cmpuint (type_of (second), ==, 0x7f);
    g_assert_cmpuint (tag_of (first) + tag_of (second), ==, 2 + 3);
    g_assert_true (test_has (first, "tag 2 is in use"));
    g_assert_true (test_is_closed (f->fd));
    close (f->fd);
    wait_for_cancelled (before + 2);
    f->fd = test_connect (test_server_port (f->server));
    still_answers (f);
}

static void
tag_0_is_no_tag (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, PING ("000000"));
    test_expect_frame (f->fd, "7f 000000 \"a Tdispatch of tag 0 cannot be answered\"");
    g_assert_true (test_is_closed (f->fd));
}

/* ---- Other messages ---- */

static void
pings_are_answered_while_a_call_runs (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, SLEEP ("000002", "000000c8"));
    test_send_frame (f->fd, "41 000001");
    test_expect_frame (f->fd, "bf 000001");
    test_expect_frame (f->fd, SLEPT_OF ("000002"));
}

static void
a_clients_drain_is_acknowledged (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "40 000001");
    test_expect_frame (f->fd, "c0 000001");
    still_answers (f);
}

static void
leases_and_stray_replies_are_passed_over (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "43 000000 00 0000000000002710"); /* Tlease, 10 s */
    test_send_frame (f->fd, "bf 000001");                     /* Rping */
    test_send_frame (f->fd, "be 000002");                     /* Rdiscarded */
    test_send_frame (f->fd, "c0 000001");                     /* Rdrain, when nobody drains */
    still_answers (f);
}

static void
unknown_types_get_an_rerr (Fixture *f, gconstpointer options)
{
    still_answers (f);
    test_send_frame (f->fd, "05 000002 \"what\"");
    test_expect_frame (f->fd,
                       "7f 000002 \"Unexpected mux message type 5 (message of unknown type)\"");
    test_send_frame (f->fd, "fe 000003 00 0000" PONG);
    test_expect_frame (f->fd, "7f 000003 \"Unexpected mux message type -2 (Rdispatch)\"");
    still_answers (f);
}

static void
an_rerr_of_either_id_is_taken (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "80 000001 \"tinit check\"");
    test_expect_frame (f->fd, TINIT_CHECK);
    test_send_frame (f->fd, "7f 000002 \"what?\"");
    still_answers (f);
}

static void
an_undecodable_frame_ends_the_session (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, "02 000002 0001 ffff \"short\"");
    reply = receive (f);
    g_assert_cmpuint (type_of (reply), ==, 0x7f);
    g_assert_cmpuint (tag_of (reply), ==, 2);
    g_assert_true (test_is_closed (f->fd));
}

static void
a_frame_too_short_for_a_tag_ends_the_session (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, "41 000001");
    test_expect_frame (f->fd, "bf 000001");
    test_send_frame (f->fd, "41 0000");
    reply = receive (f);
    g_assert_cmpuint (type_of (reply), ==, 0x7f);
    g_assert_true (test_is_closed (f->fd));
}

/* ---- Giving up ---- */

static void
tdiscarded_cancels_the_call (Fixture *f, gconstpointer options)
{
    int before = tiny_cancelled ();

    test_send_frame (f->fd, SLEEP ("000002", FOR_EVER));
    test_send_frame (f->fd, SLEEP ("000003", FOR_EVER));
    test_send_frame (f->fd, "c2 000000 000002 \"java.lang.Exception: peer cancels\"");
    test_expect_frame (f->fd, "be 000002");
    wait_for_cancelled (before + 1);
    test_send_frame (f->fd, "42 000000 000003 \"by the right id\"");
    test_expect_frame (f->fd, "be 000003");
    wait_for_cancelled (before + 2);
    test_send_frame (f->fd, PING ("000002")); /* the tag is free again */
    test_expect_frame (f->fd, PONG_OF ("000002"));
}

static void
tdiscarded_of_an_answered_call_is_not_answered (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, PING ("000002"));
    test_expect_frame (f->fd, PONG_OF ("000002"));
    test_send_frame (f->fd, "c2 000000 000002 \"too late\"");
    test_send_frame (f->fd, "c2 000000 7fffff \"never was\"");
    still_answers (f);
}

static void
hanging_up_cancels_all_calls (Fixture *f, gconstpointer options)
{
    int before = tiny_cancelled ();
    int fd = test_connect (test_server_port (f->server));

    for (guint tag = 2; tag < 52; tag++) {
        g_autofree char *hex =
            g_strdup_printf ("02 %06x 0000 0000 0000" CALL_SLEEP (FOR_EVER), tag);

        test_send_frame (fd, hex);
    }
    wait_for_running (50);
    close (fd);
    wait_for_cancelled (before + 50);
    still_answers (f);
}

/* ---- Fragments ---- */

static void
fragments_of_requests_interleave (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "02 800002 0000 0000");
    test_send_frame (f->fd, "02 800003 0000 0000 0000 8001");
    test_send_frame (f->fd, "02 800002 0000 80010001 0000");
    test_send_frame (f->fd, "41 000001");
    test_expect_frame (f->fd, "bf 000001");
    test_send_frame (f->fd, PING ("000004"));
    test_expect_frame (f->fd, PONG_OF ("000004"));
    test_send_frame (f->fd, "02 000003 0001 00000004 \"ping\" 00000000 00");
    test_expect_frame (f->fd, PONG_OF ("000003"));
    test_send_frame (f->fd, "02 000002 0004 \"ping\" 00000000 00");
    test_expect_frame (f->fd, PONG_OF ("000002"));
}

static void
discarding_drops_a_partial_request (Fixture *f, gconstpointer options)
{
    test_send_frame (f->fd, "02 800002 0000 0000");
    test_send_frame (f->fd, "c2 000000 000002 \"changed my mind\"");
    test_expect_frame (f->fd, "be 000002");
    test_send_frame (f->fd, PING ("000002"));
    test_expect_frame (f->fd, PONG_OF ("000002"));
}

static void
only_dispatches_come_in_fragments (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_frame (f->fd, "44 800001 0001");
    reply = receive (f);
    g_assert_cmpuint (type_of (reply), ==, 0x7f);
    g_assert_true (test_is_closed (f->fd));
}

/* Reads the fragments of one reply; its body is appended to @body. */
static guint
receive_fragments (Fixture *f, guint tag, guint window, GByteArray *body)
{
    for (guint n = 1;; n++) {
        g_autoptr (GByteArray) fragment = receive (f);

        g_assert_cmpuint (type_of (fragment), ==, 0xfe);
        g_assert_cmpuint (tag_of (fragment) & ~MORE, ==, tag);
        g_assert_cmpuint (fragment->len, <=, 4 + window);
        g_byte_array_append (body, fragment->data + 4, fragment->len - 4);
        if ((tag_of (fragment) & MORE) == 0)
            return n;
        g_assert_cmpuint (fragment->len, ==, 4 + window);
    }
}

static void
check_big (const GByteArray *body, guint n)
{
    guint head = 3 + 4 + 4 + 3 + 4 + 3 + 4; /* status and contexts, header of big, field, length */

    g_assert_cmpuint (body->len, ==, head + n + 1);
    for (guint i = 0; i < n; i++)
        g_assert_cmpuint (body->data[head + i], ==, 'a' + i % 23);
}

static void
agree (Fixture *f, const char *tinit)
{
    test_send_frame (f->fd, tinit);
    test_expect_frame (f->fd, RINIT);
}

static void
replies_come_in_fragments_as_negotiated (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) body = g_byte_array_new ();

    agree (f, "44 000001 0001" WINDOW ("00000010")); /* 16 bytes */
    test_send_frame (f->fd, BIG ("000002", "00000064"));
    g_assert_cmpuint (receive_fragments (f, 2, 16, body), ==, (25 + 100 + 1 + 15) / 16);
    check_big (body, 100);
    test_send_frame (f->fd, "41 000001");
    test_expect_frame (f->fd, "bf 000001");
}

static void
a_reply_as_long_as_the_window_is_whole (Fixture *f, gconstpointer options)
{
    agree (f, "44 000001 0001" WINDOW ("0000001f")); /* 31 bytes: exactly the reply to a ping */
    test_send_frame (f->fd, PING ("000002"));
    test_expect_frame (f->fd, PONG_OF ("000002"));
}

static void
without_a_window_replies_are_whole (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) body = g_byte_array_new ();

    agree (f, "44 000001 0001");
    test_send_frame (f->fd, BIG ("000002", "00400000"));
    g_assert_cmpuint (receive_fragments (f, 2, G_MAXINT32, body), ==, 1);
    check_big (body, 4 * 1024 * 1024);
}

static void
small_replies_overtake_fragments (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) body = g_byte_array_new ();
    gboolean overtaken = FALSE;

    agree (f, "44 000001 0001" WINDOW ("00010000")); /* 64 KiB */
    test_send_frame (f->fd, BIG ("000002", "00800000"));
    test_send_frame (f->fd, PING ("000003"));
    for (;;) {
        g_autoptr (GByteArray) frame = receive (f);

        if (tag_of (frame) == 3) {
            overtaken = TRUE;
            continue;
        }
        g_byte_array_append (body, frame->data + 4, frame->len - 4);
        if (tag_of (frame) == 2)
            break;
    }
    g_assert_true (overtaken);
    check_big (body, 8 * 1024 * 1024);
}

static void
big_replies_take_turns (Fixture *f, gconstpointer options)
{
    guint switches = 0;
    guint last = 0;
    guint ended = 0;

    agree (f, "44 000001 0001" WINDOW ("00010000"));
    test_send_frame (f->fd, BIG ("000002", "00400000"));
    test_send_frame (f->fd, BIG ("000003", "00400000"));
    while (ended < 2) {
        g_autoptr (GByteArray) frame = receive (f);
        guint tag = tag_of (frame) & ~MORE;

        switches += tag != last;
        last = tag;
        ended += (tag_of (frame) & MORE) == 0;
    }
    g_assert_cmpuint (switches, >, 16);
}

static void
discarding_stops_a_reply_half_way (Fixture *f, gconstpointer options)
{
    gsize received = 0;

    agree (f, "44 000001 0001" WINDOW ("00010000"));
    test_send_frame (f->fd, BIG ("000002", "00f00000")); /* more than the sockets hold */
    g_byte_array_unref (receive (f));
    test_send_frame (f->fd, "c2 000000 000002 \"enough\"");
    for (;;) {
        g_autoptr (GByteArray) frame = receive (f);

        if (type_of (frame) == 0xbe)
            break;
        g_assert_cmpuint (tag_of (frame), ==, MORE | 2);
        received += frame->len;
    }
    g_assert_cmpuint (received, <, 0xf00000);
    test_send_frame (f->fd, PING ("000002"));
    test_expect_frame (f->fd, PONG_OF ("000002"));
}

static void
a_tag_is_in_use_until_its_last_fragment (Fixture *f, gconstpointer options)
{
    agree (f, "44 000001 0001" WINDOW ("00010000"));
    test_send_frame (f->fd, BIG ("000002", "00f00000"));
    g_byte_array_unref (receive (f));
    test_send_frame (f->fd, PING ("000002"));
    for (;;) {
        g_autoptr (GByteArray) frame = receive (f);

        g_assert_false (test_has (frame, "pong"));
        if (type_of (frame) == 0x7f)
            break;
    }
    g_assert_true (test_is_closed (f->fd));
}

/* ---- Limits ---- */

static const TestServerOptions small_frames = { .max_frame = 1024 };

static void
oversized_frames_end_the_session (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    still_answers (f);
    test_send_hex (f->fd, "00100000 02 000002 0000 0000 0000 80010001");
    reply = receive (f);
    g_assert_cmpuint (type_of (reply), ==, 0x7f);
    g_assert_true (test_has (reply, "1048576"));
    g_assert_true (test_is_closed (f->fd));
}

/* A frame of @n bytes of nothing after @head. */
static void
send_padded (Fixture *f, const char *head, guint n)
{
    g_autoptr (GByteArray) bytes = test_bytes (head);
    guint at = bytes->len;
    guint32 size = GUINT32_TO_BE (at + n);

    g_byte_array_set_size (bytes, at + n);
    memset (bytes->data + at, 0, n);
    g_byte_array_prepend (bytes, (const guint8 *)&size, sizeof size);
    test_send (f->fd, bytes->data, bytes->len);
}

static void
oversized_messages_in_fragments_are_answered (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    for (int i = 0; i < 8; i++)
        send_padded (f, "02 800002", 60000);
    send_padded (f, "02 000002", 0);
    reply = receive (f);
    g_assert_cmpuint (type_of (reply), ==, 0xfe);
    g_assert_cmpuint (tag_of (reply), ==, 2);
    g_assert_cmpuint (reply->data[4], ==, 1); /* ERROR: again would be no better */
    still_answers (f);
}

#define UNREAD                                                                                     \
    400 /* calls with replies of 256 KiB: ten times what the server and the sockets hold */

static gboolean
all_were_run (gpointer data)
{
    return test_server_stat ("requests") == *(gint64 *)data;
}

/* Calls whose replies nobody reads are not run; once somebody reads, they are. */
static void
check_unread (Fixture *f)
{
    gint64 before = test_server_stat ("requests");
    gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC;
    guint ended = 0;

    for (guint i = 0; i < UNREAD; i++) {
        g_autofree char *hex = g_strdup_printf (BIG ("%06x", "00040000"), 2 + i);

        test_send_frame (f->fd, hex);
    }
    while (g_get_monotonic_time () < until && !all_were_run (&(gint64){ before + UNREAD }))
        g_usleep (1000);
    g_assert_cmpint (test_server_stat ("requests"), <, before + UNREAD / 2);
    while (ended < UNREAD) {
        g_autoptr (GByteArray) frame = receive (f);

        ended += (tag_of (frame) & MORE) == 0;
    }
    test_wait_for (all_were_run, &(gint64){ before + UNREAD }, "all calls to be counted");
}

static void
calls_wait_while_replies_are_unread (Fixture *f, gconstpointer options)
{
    agree (f, "44 000001 0001");
    check_unread (f);
}

static void
calls_wait_while_fragments_are_unread (Fixture *f, gconstpointer options)
{
    agree (f, "44 000001 0001" WINDOW ("00010000"));
    check_unread (f);
}

/* ---- Drain ---- */

static void
draining_says_tdrain_and_finishes_what_runs (Fixture *f, gconstpointer options)
{
    still_answers (f);
    test_send_frame (f->fd, SLEEP ("000002", "0000012c"));
    wait_for_running (1);
    test_server_drain (f->server, 10 * G_USEC_PER_SEC);
    test_expect_frame (f->fd, "40 000001");
    test_send_frame (f->fd, PING ("000003")); /* crossed the Tdrain: served */
    test_expect_frame (f->fd, PONG_OF ("000003"));
    test_send_frame (f->fd, "c0 000001");
    test_send_frame (f->fd, PING ("000004")); /* after the Rdrain: not */
    test_expect_frame (f->fd, "fe 000004 02 0001 000a \"MuxFailure\" 0008 0000000000000001");
    test_expect_frame (f->fd, SLEPT_OF ("000002"));
    g_assert_true (test_is_closed (f->fd));
    shutdown (f->fd, SHUT_RDWR);
    test_server_wait_drained (f->server);
}

static void
draining_closes_idle_sessions_when_acknowledged (Fixture *f, gconstpointer options)
{
    still_answers (f);
    test_server_drain (f->server, 10 * G_USEC_PER_SEC);
    test_expect_frame (f->fd, "40 000001");
    test_send_frame (f->fd, "c0 000001");
    g_assert_true (test_is_closed (f->fd));
    shutdown (f->fd, SHUT_RDWR);
    test_server_wait_drained (f->server);
}

static void
draining_waits_for_the_last_fragment (Fixture *f, gconstpointer options)
{
    agree (f, "44 000001 0001" WINDOW ("00010000"));
    test_send_frame (f->fd, BIG ("000002", "00f00000"));
    g_byte_array_unref (receive (f));
    test_server_drain (f->server, 10 * G_USEC_PER_SEC);
    for (;;) {
        g_autoptr (GByteArray) frame = receive (f);

        if (type_of (frame) == 0x40)
            test_send_frame (f->fd, "c0 000001");
        else if (tag_of (frame) == 2)
            break;
    }
    g_assert_true (test_is_closed (f->fd));
    shutdown (f->fd, SHUT_RDWR);
    test_server_wait_drained (f->server);
}

static void
draining_ends_at_its_deadline (Fixture *f, gconstpointer options)
{
    int before = tiny_cancelled ();

    test_send_frame (f->fd, SLEEP ("000002", FOR_EVER));
    wait_for_running (1);
    test_server_drain (f->server, 300000);
    test_server_wait_drained (f->server);
    test_expect_frame (f->fd, "40 000001");
    g_assert_true (test_is_closed (f->fd));
    wait_for_cancelled (before + 1);
}

#define CALLERS      8
#define CALLS_OF_ONE 200

typedef struct {
    guint16 port;
    guint answered; /* atomic */
} Caller;

/* Sends call after call until it is told to stop, as a Finagle client does. */
static gpointer
call_until_drained (gpointer data)
{
    Caller *self = data;
    int fd = test_connect (self->port);
    guint sent = 0;
    gboolean draining = FALSE;

    for (;;) {
        g_autoptr (GByteArray) frame = NULL;

        while (!draining && sent < self->answered + CALLS_OF_ONE) {
            g_autofree char *hex = g_strdup_printf ("02 %06x 0000 0000 0000" CALL_SLEEP ("%08x"),
                                                    2 + sent % 0x10000, sent % 50);

            test_send_frame (fd, hex);
            sent++;
        }
        frame = test_receive_frame (fd);
        if (frame == NULL)
            break;
        if (type_of (frame) == 0x40) {
            draining = TRUE;
            test_send_frame (fd, "c0 000001");
        } else {
            g_assert_cmpuint (type_of (frame), ==, 0xfe);
            g_assert_cmpuint (frame->data[4], ==, 0);
            __atomic_add_fetch (&self->answered, 1, __ATOMIC_SEQ_CST);
        }
    }
    g_assert_true (draining);
    g_assert_cmpuint (self->answered, ==, sent);
    close (fd);
    return NULL;
}

static gboolean
all_are_served (gpointer data)
{
    const Caller *callers = data;

    for (int i = 0; i < CALLERS; i++) {
        if (__atomic_load_n (&callers[i].answered, __ATOMIC_SEQ_CST) == 0)
            return FALSE;
    }
    return TRUE;
}

static void
draining_under_load_answers_everything (Fixture *f, gconstpointer options)
{
    Caller callers[CALLERS] = { 0 };
    GThread *threads[CALLERS];

    close (f->fd);
    for (int i = 0; i < CALLERS; i++) {
        callers[i].port = test_server_port (f->server);
        threads[i] = g_thread_new ("caller", call_until_drained, &callers[i]);
    }
    /* Who has no connection yet is not told of the drain. */
    test_wait_for (all_are_served, callers, "every caller to be answered");
    test_server_drain (f->server, 30 * G_USEC_PER_SEC);
    for (int i = 0; i < CALLERS; i++)
        g_thread_join (threads[i]);
    test_server_wait_drained (f->server);
    f->fd = -1;
}

#define TEST(name, options, func)                                                                  \
    g_test_add ("/server/mux/" name, Fixture, options, setup, func, teardown)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    TEST ("what-finagle-says-first", NULL, what_finagle_says_first);
    TEST ("byte-by-byte", NULL, byte_by_byte);
    TEST ("a-session-may-begin-with-a-call", NULL, a_session_may_begin_with_a_call);
    TEST ("tinit-without-headers", NULL, tinit_without_headers);
    TEST ("unknown-init-headers", NULL, unknown_init_headers_are_passed_over);
    TEST ("another-version", NULL, another_version_is_refused);
    TEST ("required-opportunistic-tls", NULL, required_opportunistic_tls_is_refused);
    TEST ("a-window-of-nothing", NULL, a_window_of_nothing_is_refused);

    TEST ("contexts-reach-the-handler", NULL, contexts_reach_the_handler);
    TEST ("without-contexts", NULL, without_contexts_nothing_is_known);
    TEST ("treq", NULL, treq_is_answered_with_rreq);
    TEST ("a-question-about-ttwitter", NULL, a_question_about_ttwitter_is_no_call);
    TEST ("compact", NULL, compact_calls_get_compact_replies);
    TEST ("the-highest-tag", NULL, the_highest_tag_is_a_tag);
    TEST ("oneway", NULL, oneway_is_answered_with_nothing);
    TEST ("replies-overtake-each-other", NULL, replies_overtake_each_other);
    TEST ("two-hundred-at-once", NULL, two_hundred_calls_at_once_on_a_connection);

    TEST ("declared-exceptions", NULL, declared_exceptions_are_ok_replies);
    TEST ("undeclared-errors", NULL, undeclared_errors_are_ok_replies_without_insides);
    TEST ("unknown-methods", NULL, unknown_methods_are_ok_replies);
    TEST ("malformed-arguments", NULL, malformed_arguments_leave_the_session_usable);
    TEST ("a-dispatch-without-a-message", NULL, a_dispatch_without_a_message_is_answered);
    TEST ("endless-malformed-calls", NULL, endless_malformed_calls_end_the_session);
    TEST ("over-the-limit", &one_at_a_time, over_the_limit_calls_are_nacked);
    TEST ("handlers-may-nack", NULL, handlers_may_nack);
    TEST ("a-tag-in-use", NULL, a_tag_in_use_ends_the_session);
    TEST ("tag-0", NULL, tag_0_is_no_tag);

    TEST ("pings-while-a-call-runs", NULL, pings_are_answered_while_a_call_runs);
    TEST ("a-clients-drain", NULL, a_clients_drain_is_acknowledged);
    TEST ("leases-and-stray-replies", NULL, leases_and_stray_replies_are_passed_over);
    TEST ("unknown-types", NULL, unknown_types_get_an_rerr);
    TEST ("an-rerr-of-either-id", NULL, an_rerr_of_either_id_is_taken);
    TEST ("an-undecodable-frame", NULL, an_undecodable_frame_ends_the_session);
    TEST ("a-frame-too-short", NULL, a_frame_too_short_for_a_tag_ends_the_session);

    TEST ("tdiscarded-cancels", NULL, tdiscarded_cancels_the_call);
    TEST ("tdiscarded-too-late", NULL, tdiscarded_of_an_answered_call_is_not_answered);
    TEST ("hanging-up-cancels", NULL, hanging_up_cancels_all_calls);

    TEST ("fragments-of-requests", NULL, fragments_of_requests_interleave);
    TEST ("discarding-a-partial-request", NULL, discarding_drops_a_partial_request);
    TEST ("only-dispatches-come-in-fragments", NULL, only_dispatches_come_in_fragments);
    TEST ("fragments-of-replies", NULL, replies_come_in_fragments_as_negotiated);
    TEST ("as-long-as-the-window", NULL, a_reply_as_long_as_the_window_is_whole);
    TEST ("without-a-window", NULL, without_a_window_replies_are_whole);
    TEST ("small-replies-overtake", NULL, small_replies_overtake_fragments);
    TEST ("big-replies-take-turns", NULL, big_replies_take_turns);
    TEST ("discarding-half-a-reply", NULL, discarding_stops_a_reply_half_way);
    TEST ("a-tag-until-its-last-fragment", NULL, a_tag_is_in_use_until_its_last_fragment);

    TEST ("oversized-frames", &small_frames, oversized_frames_end_the_session);
    TEST ("oversized-in-fragments", &small_frames, oversized_messages_in_fragments_are_answered);
    TEST ("unread-replies", NULL, calls_wait_while_replies_are_unread);
    TEST ("unread-fragments", NULL, calls_wait_while_fragments_are_unread);

    TEST ("draining", NULL, draining_says_tdrain_and_finishes_what_runs);
    TEST ("draining-the-idle", NULL, draining_closes_idle_sessions_when_acknowledged);
    TEST ("draining-waits-for-fragments", NULL, draining_waits_for_the_last_fragment);
    TEST ("draining-ends-at-its-deadline", NULL, draining_ends_at_its_deadline);
    TEST ("draining-under-load", NULL, draining_under_load_answers_everything);
    return g_test_run ();
}
