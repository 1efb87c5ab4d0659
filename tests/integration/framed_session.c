/* Plain Thrift over a real socket: shapes of the wire, order, limits, strangers, drain. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test_server.h"
#include "support/tiny_service.h"

#define PING       "80010001 00000004 \"ping\" 00000007 00"
#define PING_FRAME "00000011" PING
#define PONG       "80010002 00000004 \"ping\" 00000007 0b0000 00000004 \"pong\" 00"
#define PONG_FRAME "0000001c" PONG
#define UPGRADE    "00000028 80010001 0000001b \"__can__finagle__trace__v3__\" 00000000 00"
#define UPGRADED   "00000028 80010002 0000001b \"__can__finagle__trace__v3__\" 00000000 00"

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

static void
framed_binary (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, PING_FRAME);
    test_expect_hex (f->fd, PONG_FRAME);
}

static void
byte_by_byte (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) bytes = test_bytes (PING_FRAME);

    for (guint i = 0; i < bytes->len; i++)
        test_send (f->fd, bytes->data + i, 1);
    test_expect_hex (f->fd, PONG_FRAME);
}

static void
unframed_binary (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, PING PING);
    test_expect_hex (f->fd, PONG PONG);
}

static void
old_binary_gets_an_old_reply (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, "0000000e 00000004 \"ping\" 01 00000007 00");
    test_expect_hex (f->fd, "00000019 00000004 \"ping\" 02 00000007 0b0000 00000004 \"pong\" 00");
}

static void
compact (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, "00000009 8221 07 04 \"ping\" 00");
    test_expect_hex (f->fd, "00000010 8241 07 04 \"ping\" 08 00 04 \"pong\" 00");
}

static void
multiplexed_name_is_answered_with_the_plain_one (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, "00000016 80010001 00000009 \"Tiny:ping\" 00000007 00");
    test_expect_hex (f->fd, PONG_FRAME);
}

static void
ttwitter_upgrade (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, UPGRADE);
    test_expect_hex (f->fd, UPGRADED);
    test_send_hex (f->fd, "00000033 0a0001 1374c5719aab162e 0a0002 1374c5719aab162e"
                          "0a0007 0000000000000000 00" PING); /* RequestHeader, then the call */
    test_expect_hex (f->fd, "0000001d 00" PONG);
}

static void
pipelined_calls_are_answered_in_order (Fixture *f, gconstpointer options)
{
    /* sleep(30), then two pings behind it */
    test_send_hex (
        f->fd,
        "00000019 80010001 00000005 \"sleep\" 00000001 080001 0000001e 00" PING_FRAME PING_FRAME);
    test_expect_hex (f->fd, "0000001e 80010002 00000005 \"sleep\" 00000001 0b0000 00000005 "
                            "\"slept\" 00" PONG_FRAME PONG_FRAME);
}

static void
oneway_draws_no_reply (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, "00000011 80010001 00000004 \"note\" 00000000 00" /* as a CALL */
                          "00000011 80010004 00000004 \"note\" 00000000 00" /* as a ONEWAY */
                          "00000011 80010004 00000004 \"nope\" 00000000 00" /* unknown */
                   PING_FRAME);
    test_expect_hex (f->fd, PONG_FRAME);
}

static void
unknown_method_leaves_the_connection_usable (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_hex (f->fd, "00000011 80010001 00000004 \"nope\" 00000007 00" PING_FRAME);
    test_expect_hex (f->fd, "0000003a 80010003 00000004 \"nope\" 00000007"
                            "0b0001 0000001b \"Invalid method name: 'nope'\" 080002 00000001 00");
    test_expect_hex (f->fd, PONG_FRAME);
}

static void
undeclared_errors_keep_their_insides (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_hex (f->fd, "00000022 80010001 00000004 \"fail\" 00000007 0b0001 0000000a "
                          "\"undeclared\" 00");
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_true (test_has (reply, "Internal error processing fail"));
    g_assert_false (test_has (reply, "secret"));
    test_send_hex (f->fd, PING_FRAME);
    test_expect_hex (f->fd, PONG_FRAME);
}

static void
no_result_is_missing_result (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_hex (f->fd, "0000001c 80010001 00000004 \"fail\" 00000007 0b0001 00000004 "
                          "\"none\" 00");
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_cmpuint (reply->data[reply->len - 2], ==, DUNLIN_TAPP_MISSING_RESULT);
}

static void
malformed_arguments_are_answered_then_closed (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    /* a string of 2 GiB announced in field 1 of echo */
    test_send_hex (f->fd, "00000017 80010001 00000004 \"echo\" 00000007 0b0001 7fffffff");
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_cmpuint (reply->data[3], ==, 3);
    g_assert_cmpuint (reply->data[reply->len - 2], ==, DUNLIN_TAPP_PROTOCOL_ERROR);
    g_assert_true (test_is_closed (f->fd));
}

static void
a_reply_to_a_server_is_refused (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_hex (f->fd, PONG_FRAME);
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_cmpuint (reply->data[3], ==, 3);
    g_assert_true (test_is_closed (f->fd));
}

static const TestServerOptions small_frames = { .max_frame = 1024 };

static void
oversized_frames_are_answered_by_name (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_hex (f->fd, "00100000 80010001 00000004 \"echo\" 00000007 0b0001");
    reply = test_receive_frame (f->fd);
    g_assert_nonnull (reply);
    g_assert_true (test_has (reply, "echo"));
    g_assert_true (test_has (reply, "1048576"));
    g_assert_true (test_is_closed (f->fd));
}

static void
http_is_told_so (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;

    test_send_hex (f->fd, "\"GET / HTTP/1.1\" 0d0a \"Host: x\" 0d0a0d0a");
    reply = test_receive (f->fd, 24);
    g_assert_true (test_has (reply, "HTTP/1.1 400 Bad Request"));
}

static void
tls_on_a_plain_port_gets_an_alert (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, "16030102000100");
    test_expect_hex (f->fd, "15030300020228");
    g_assert_true (test_is_closed (f->fd));
}

static const TestServerOptions impatient = { .read_timeout = 200000, .idle_timeout = 0 };

static void
half_a_request_is_cut_off (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, "00000011 8001");
    g_assert_true (test_is_closed (f->fd));
}

static gboolean
was_cancelled (gpointer data)
{
    return tiny_cancelled () > *(int *)data;
}

static void
hanging_up_cancels_the_call (Fixture *f, gconstpointer options)
{
    int before = tiny_cancelled ();
    int fd = test_connect (test_server_port (f->server));

    test_send_hex (fd, "00000019 80010001 00000005 \"sleep\" 00000001 080001 00ffffff 00");
    g_usleep (20000);
    close (fd);
    test_wait_for (was_cancelled, &before, "the call to be cancelled");
}

static void
hanging_up_behind_pipelined_calls_cancels (Fixture *f, gconstpointer options)
{
    int before = tiny_cancelled ();
    int fd = test_connect (test_server_port (f->server));

    test_send_hex (fd, "00000019 80010001 00000005 \"sleep\" 00000001 080001 00ffffff 00");
    g_usleep (20000);
    test_send_hex (fd, PING_FRAME);
    g_usleep (20000);
    close (fd);
    test_wait_for (was_cancelled, &before, "the call to be cancelled");
}

static void
draining_finishes_what_runs (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, "00000019 80010001 00000005 \"sleep\" 00000001 080001 00000064 00");
    g_usleep (20000);
    test_server_drain (f->server, 5 * G_USEC_PER_SEC);
    test_expect_hex (f->fd, "0000001e 80010002 00000005 \"sleep\" 00000001 0b0000 00000005 "
                            "\"slept\" 00");
    g_assert_true (test_is_closed (f->fd));
    shutdown (f->fd, SHUT_RDWR);
    test_server_wait_drained (f->server);
}

static void
draining_closes_the_idle (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, PING_FRAME);
    test_expect_hex (f->fd, PONG_FRAME);
    test_server_drain (f->server, 5 * G_USEC_PER_SEC);
    g_assert_true (test_is_closed (f->fd));
    shutdown (f->fd, SHUT_RDWR);
    test_server_wait_drained (f->server);
}

static void
draining_ends_at_its_deadline (Fixture *f, gconstpointer options)
{
    test_send_hex (f->fd, "00000019 80010001 00000005 \"sleep\" 00000001 080001 00ffffff 00");
    g_usleep (20000);
    test_server_drain (f->server, 300000);
    test_server_wait_drained (f->server);
    g_assert_true (test_is_closed (f->fd));
}

static const TestServerOptions one_at_a_time = { .max_concurrency = 1 };

static void
over_the_limit_calls_are_refused (Fixture *f, gconstpointer options)
{
    g_autoptr (GByteArray) reply = NULL;
    int other = test_connect (test_server_port (f->server));

    test_send_hex (f->fd, "00000019 80010001 00000005 \"sleep\" 00000001 080001 00ffffff 00");
    g_usleep (50000);
    test_send_hex (other, PING_FRAME);
    reply = test_receive_frame (other);
    g_assert_nonnull (reply);
    g_assert_true (test_has (reply, "overloaded"));
    close (other);
}

static void
a_large_echo_survives (Fixture *f, gconstpointer options)
{
    gsize n = 5 * 1024 * 1024;
    g_autofree char *text = g_strnfill (n, 'x');
    DunlinBuffer frame = { 0 };
    g_autoptr (GByteArray) reply = NULL;

    dunlin_buffer_u32 (&frame, (guint32)(n + 24));
    dunlin_buffer_append (&frame,
                          "\x80\x01\x00\x01\x00\x00\x00\x04"
                          "echo\x00\x00\x00\x07\x0b\x00\x01",
                          19);
    dunlin_buffer_u32 (&frame, (guint32)n);
    dunlin_buffer_append (&frame, text, n);
    dunlin_buffer_u8 (&frame, 0);
    test_send (f->fd, dunlin_buffer_bytes (&frame), dunlin_buffer_length (&frame));
    reply = test_receive_frame (f->fd);
    g_assert_cmpuint (reply->len, ==, n + 24);
    dunlin_buffer_clear (&frame);
}

#define TEST(name, options, func)                                                                  \
    g_test_add ("/server/framed/" name, Fixture, options, setup, func, teardown)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    TEST ("binary", NULL, framed_binary);
    TEST ("byte-by-byte", NULL, byte_by_byte);
    TEST ("unframed-binary", NULL, unframed_binary);
    TEST ("old-binary-gets-an-old-reply", NULL, old_binary_gets_an_old_reply);
    TEST ("compact", NULL, compact);
    TEST ("multiplexed-name", NULL, multiplexed_name_is_answered_with_the_plain_one);
    TEST ("ttwitter-upgrade", NULL, ttwitter_upgrade);
    TEST ("pipelined-in-order", NULL, pipelined_calls_are_answered_in_order);
    TEST ("oneway-draws-no-reply", NULL, oneway_draws_no_reply);
    TEST ("unknown-method", NULL, unknown_method_leaves_the_connection_usable);
    TEST ("undeclared-errors-keep-their-insides", NULL, undeclared_errors_keep_their_insides);
    TEST ("no-result-is-missing-result", NULL, no_result_is_missing_result);
    TEST ("malformed-arguments", NULL, malformed_arguments_are_answered_then_closed);
    TEST ("a-reply-to-a-server-is-refused", NULL, a_reply_to_a_server_is_refused);
    TEST ("oversized-frames", &small_frames, oversized_frames_are_answered_by_name);
    TEST ("http-is-told-so", NULL, http_is_told_so);
    TEST ("tls-on-a-plain-port", NULL, tls_on_a_plain_port_gets_an_alert);
    TEST ("half-a-request-is-cut-off", &impatient, half_a_request_is_cut_off);
    TEST ("hanging-up-cancels", NULL, hanging_up_cancels_the_call);
    TEST ("hanging-up-behind-pipelined-calls", NULL, hanging_up_behind_pipelined_calls_cancels);
    TEST ("draining-finishes-what-runs", NULL, draining_finishes_what_runs);
    TEST ("draining-closes-the-idle", NULL, draining_closes_the_idle);
    TEST ("draining-ends-at-its-deadline", NULL, draining_ends_at_its_deadline);
    TEST ("over-the-limit", &one_at_a_time, over_the_limit_calls_are_refused);
    TEST ("a-large-echo", NULL, a_large_echo_survives);
    return g_test_run ();
}
