/* A framed client against servers of many kinds: what they know of TTwitter, how they hang up, and
 * what they must not say. Also: how the protocol of an address is found out. */
#include "support/client_case.h"
#include "support/fake_server.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

#define UPGRADE  "8001 0001 0000001b \"__can__finagle__trace__v3__\" 00000000 00"
#define UPGRADED "8001 0002 0000001b \"__can__finagle__trace__v3__\" 00000000 00"
#define UNKNOWN                                                                                    \
    "8001 0003 0000001b \"__can__finagle__trace__v3__\" 00000000 0b 0001 00000003 \"huh\" 08 "     \
    "0002 "                                                                                        \
    "00000001 00"

typedef struct {
    FakeServe serve;
    void (*body) (DunlinClient *client);
    DunlinClientProtocol protocol;
    void (*tune) (DunlinClientOptions *options);
} Case;

typedef struct {
    const Case *test;
    DunlinClient *client;
} Running;

static FakeServer *server; /* of the present test */

static void
run_body (gpointer data)
{
    Running *running = data;

    running->test->body (running->client);
}

static void
run_case (gconstpointer data)
{
    const Case *test = data;
    DunlinClientOptions options;
    g_autoptr (DunlinClient) client = NULL;
    Running running = { .test = test };

    dunlin_client_options_init (&options);
    options.label = "framed";
    options.protocol = test->protocol;
    if (test->tune != NULL)
        test->tune (&options);
    server = fake_server_new (test->serve, NULL);
    client = running.client = client_of_port (fake_server_port (server), &options);
    client_on_fiber (run_body, &running);
    g_clear_pointer (&server, fake_server_free);
}

static void
expect_pong (DunlinClient *client)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = client_call (client, "ping", &error);

    g_assert_no_error (error);
    g_assert_cmpstr (answer, ==, "pong");
}

static void
expect_error (DunlinClient *client, int code, const char *text)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = client_call (client, "ping", &error);

    g_assert_null (answer);
    g_test_message ("%s", error->message);
    g_assert_error (error, DUNLIN_ERROR, code);
    g_assert_nonnull (strstr (error->message, text));
}

static void
send_pong (int fd, const char *header, guint32 sequence)
{
    g_autofree char *text = g_strdup_printf (
        "%s 80010002 00000004 \"ping\" %08x 0b 0000 00000004 \"pong\" 00", header, sequence);

    test_send_frame (fd, text);
}

/* Answers pings, each after @header, until the client goes. */
static void
serve_pongs (int fd, const char *header)
{
    GByteArray *frame;

    while ((frame = test_receive_frame (fd)) != NULL) {
        send_pong (fd, header, fake_sequence (frame, "ping"));
        g_byte_array_unref (frame);
    }
}

/* --- TTwitter, or not --- */

static void
serve_ttwitter (int fd, guint n, gpointer data)
{
    test_expect_frame (fd, UPGRADE);
    test_send_frame (fd, UPGRADED);
    serve_pongs (fd, "00");
}

static void
serve_unknown_upgrade (int fd, guint n, gpointer data)
{
    g_assert_cmpuint (n, ==, 0);
    test_expect_frame (fd, UPGRADE);
    test_send_frame (fd, UNKNOWN);
    serve_pongs (fd, "");
}

/* Hangs up on what it does not know, and is a plain server otherwise. */
static void
serve_hang_up (int fd, guint n, gpointer data)
{
    if (n == 0)
        test_expect_frame (fd, UPGRADE);
    else
        serve_pongs (fd, "");
}

static void
pass_twice (DunlinClient *client)
{
    expect_pong (client);
    expect_pong (client);
}

static void
pass_hang_up (DunlinClient *client)
{
    pass_twice (client);
    g_assert_cmpuint (fake_server_n_connections (server), ==, 2);
}

/* A Treq without keys, which whoever speaks mux answers; mux's own first words are a text of two
 * gigabytes to Finagle's Thrift server, which dies of it. */
#define MUX_QUESTION "01 000001 00 80010001 0000001b \"__can__finagle__trace__v3__\" 00000000 00"

/* A server that hangs up on the question, and then knows TTwitter. */
static void
serve_no_mux (int fd, guint n, gpointer data)
{
    if (n == 0) {
        test_expect_frame (fd, MUX_QUESTION);
        return;
    }
    serve_ttwitter (fd, n, data);
}

/* One that answers it with an exception, as Apache's servers may. */
static void
serve_exception_to_mux (int fd, guint n, gpointer data)
{
    if (n == 0) {
        test_expect_frame (fd, MUX_QUESTION);
        test_send_frame (fd, "8001 0003 00000000 00000000 00");
        test_is_closed (fd);
        return;
    }
    serve_unknown_upgrade (fd, 0, data);
}

/* --- lies --- */

static void
serve_unasked (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;

    if (n > 0) {
        serve_pongs (fd, "");
        return;
    }
    call = test_receive_frame (fd);
    send_pong (fd, "", fake_sequence (call, "ping"));
    test_send_frame (fd, "80 01 00 02 00 00 00 00");
    test_is_closed (fd);
}

static void
pass_unasked (DunlinClient *client)
{
    expect_pong (client);
    client_until (client_stat (client, "closes") > 0);
    expect_pong (client);
    g_assert_cmpuint (fake_server_n_connections (server), ==, 2);
}

static void
serve_wrong_sequence (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = test_receive_frame (fd);

    send_pong (fd, "", fake_sequence (call, "ping") + 1);
    test_is_closed (fd);
}

static void
fail_wrong_sequence (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_MALFORMED, "sequence id");
}

static void
serve_garbage (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = test_receive_frame (fd);

    test_send_hex (fd, "00 00 00 04 de ad be ef");
    test_is_closed (fd);
}

static void
fail_garbage (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_MALFORMED, "127.0.0.1:");
}

static void
serve_huge (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = test_receive_frame (fd);

    test_send_hex (fd, "70 00 00 00");
    test_is_closed (fd);
}

static void
fail_huge (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_TOO_LARGE, "raise client.framed.max-frame");
}

/* --- lost, or late --- */

/* The first connection is lost with a call on it. */
static void
serve_lost (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;

    if (n > 0) {
        serve_pongs (fd, "");
        return;
    }
    call = test_receive_frame (fd);
}

static void
fail_lost (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_CLOSED, "closed the connection without a word");
    expect_pong (client);
}

static void
ping_may_run_twice (DunlinClientOptions *options)
{
    options->idempotent = "other, ping";
}

static void
serve_slow_once (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;

    if (n > 0) {
        serve_pongs (fd, "");
        return;
    }
    call = test_receive_frame (fd);
    g_assert_true (test_is_closed (fd)); /* there is no other way to say that nobody waits */
}

static void
short_calls (DunlinClientOptions *options)
{
    options->timeout = 200 * DUNLIN_MILLISECOND;
}

static void
fail_late (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_DEADLINE, "no answer from 127.0.0.1:");
    expect_pong (client);
}

static void
short_tries (DunlinClientOptions *options)
{
    options->try_timeout = 200 * DUNLIN_MILLISECOND;
    options->idempotent = "ping";
}

/* --- the pool, with a real server --- */

typedef struct {
    DunlinClient *client;
    guint n_running;
    guint n_failed;
} Crowd;

static void
sleep_in_crowd (gpointer data)
{
    Crowd *crowd = data;
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = client_call_number (crowd->client, "sleep", 50, &error);

    crowd->n_failed += answer == NULL;
    crowd->n_running--;
}

static void
crowd_body (gpointer data)
{
    Crowd *crowd = data;

    for (guint i = 0; i < 20; i++) {
        crowd->n_running++;
        dunlin_fiber_spawn ("crowd", sleep_in_crowd, crowd, NULL);
    }
    client_until (crowd->n_running == 0);
}

static gint64
connections_for_a_crowd (const char *label, guint pool_high, guint max_waiters, guint *n_failed)
{
    g_autoptr (GObject) handler = tiny_handler_new ();
    TestServer *real = test_server_new (&tiny_service, handler, NULL);
    DunlinClientOptions options;
    Crowd crowd = { 0 };
    gint64 connects;

    dunlin_client_options_init (&options);
    options.label = label;
    options.protocol = DUNLIN_CLIENT_PROTOCOL_TTWITTER;
    options.pool_high = pool_high;
    options.max_waiters = max_waiters;
    options.max_requeues = 0;
    crowd.client = client_of_port (test_server_port (real), &options);
    client_on_fiber (crowd_body, &crowd);
    connects = client_stat (crowd.client, "connects");
    *n_failed = crowd.n_failed;
    dunlin_client_unref (crowd.client);
    test_server_free (real);
    return connects;
}

static void
test_pool (void)
{
    guint n_failed;

    g_assert_cmpint (connections_for_a_crowd ("crowd", 0, 0, &n_failed), ==, 20);
    g_assert_cmpuint (n_failed, ==, 0);
    g_assert_cmpint (connections_for_a_crowd ("limited", 4, 0, &n_failed), ==, 4);
    g_assert_cmpuint (n_failed, ==, 0);
    g_assert_cmpint (connections_for_a_crowd ("refused", 4, 6, &n_failed), ==, 4);
    g_assert_cmpuint (n_failed, ==, 10);
}

static void
idle_body (gpointer data)
{
    DunlinClient *client = data;
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = client_call (client, "ping", &error);

    g_assert_no_error (error);
    g_assert_cmpint (client_stat (client, "connections"), ==, 1);
    client_until (client_stat (client, "connections") == 0);
}

static void
test_idle (gconstpointer data)
{
    const DunlinClientProtocol *protocol = data;
    g_autoptr (GObject) handler = tiny_handler_new ();
    TestServer *real = test_server_new (&tiny_service, handler, NULL);
    DunlinClientOptions options;
    g_autoptr (DunlinClient) client = NULL;

    dunlin_client_options_init (&options);
    options.label = *protocol == DUNLIN_CLIENT_PROTOCOL_THRIFTMUX ? "idle-mux" : "idle-framed";
    options.protocol = *protocol;
    options.idle_timeout = 100 * DUNLIN_MILLISECOND;
    client = client_of_port (test_server_port (real), &options);
    client_on_fiber (idle_body, client);
    test_server_free (real);
}

int
main (int argc, char *argv[])
{
    static const DunlinClientProtocol idle[] = { DUNLIN_CLIENT_PROTOCOL_THRIFTMUX,
                                                 DUNLIN_CLIENT_PROTOCOL_THRIFT };
    static const struct {
        const char *name;
        Case test;
    } cases[] = {
#define AUTO     DUNLIN_CLIENT_PROTOCOL_AUTO
#define TTWITTER DUNLIN_CLIENT_PROTOCOL_TTWITTER
#define THRIFT   DUNLIN_CLIENT_PROTOCOL_THRIFT
        { "an-upgrade", { serve_ttwitter, pass_twice, TTWITTER, NULL } },
        { "an-upgrade-that-is-unknown", { serve_unknown_upgrade, pass_twice, TTWITTER, NULL } },
        { "a-server-that-hangs-up-on-it", { serve_hang_up, pass_hang_up, TTWITTER, NULL } },
        { "found-out-by-a-hang-up", { serve_no_mux, pass_hang_up, AUTO, NULL } },
        { "found-out-by-an-exception", { serve_exception_to_mux, pass_hang_up, AUTO, NULL } },
        { "unasked-bytes-end-the-connection", { serve_unasked, pass_unasked, THRIFT, NULL } },
        { "a-wrong-sequence-id", { serve_wrong_sequence, fail_wrong_sequence, THRIFT, NULL } },
        { "garbage", { serve_garbage, fail_garbage, THRIFT, NULL } },
        { "a-huge-frame", { serve_huge, fail_huge, THRIFT, NULL } },
        { "a-lost-connection", { serve_lost, fail_lost, THRIFT, NULL } },
        { "is-nothing-to-an-idempotent-call",
          { serve_lost, expect_pong, THRIFT, ping_may_run_twice } },
        { "a-late-reply-closes", { serve_slow_once, fail_late, THRIFT, short_calls } },
        { "a-late-try-is-made-elsewhere", { serve_slow_once, expect_pong, THRIFT, short_tries } },
    };

    g_test_init (&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *name = g_strconcat ("/client/framed/", cases[i].name, NULL);

        g_test_add_data_func (name, &cases[i].test, run_case);
    }
    g_test_add_func ("/client/framed/a-pool-and-its-limits", test_pool);
    g_test_add_data_func ("/client/framed/idle-mux-connections-are-closed", &idle[0], test_idle);
    g_test_add_data_func ("/client/framed/idle-framed-connections-are-closed", &idle[1], test_idle);
    return g_test_run ();
}
