/* A ThriftMux client against servers that do what real ones do rarely, and hostile ones often. */
#include <sys/socket.h>
#include <sys/time.h>

#include "support/client_case.h"
#include "support/fake_server.h"
#include "support/log_capture.h"
#include "support/test_server.h"
#include "wire/mux.h"

/* What is tested, and by whom it is served. */
typedef struct {
    FakeServe serve;
    void (*body) (DunlinClient *client);
    void (*tune) (DunlinClientOptions *options);
} Case;

typedef struct {
    const Case *test;
    DunlinClient *client;
} Running;

static FakeServer *server; /* of the present test */
static int seen;           /* atomic: what the serving thread has to tell */

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

    __atomic_store_n (&seen, 0, __ATOMIC_SEQ_CST);
    dunlin_client_options_init (&options);
    options.label = "mux";
    options.protocol = DUNLIN_CLIENT_PROTOCOL_THRIFTMUX;
    if (test->tune != NULL)
        test->tune (&options);
    server = fake_server_new (test->serve, NULL);
    client = running.client = client_of_port (fake_server_port (server), &options);
    client_on_fiber (run_body, &running);
    g_clear_pointer (&server, fake_server_free);
}

static void
tell (int value)
{
    __atomic_store_n (&seen, value, __ATOMIC_SEQ_CST);
}

static int
told (void)
{
    return __atomic_load_n (&seen, __ATOMIC_SEQ_CST);
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

/* Answers pings until the client goes. */
static void
serve_pongs (int fd)
{
    GByteArray *frame;

    while ((frame = fake_mux_receive (fd)) != NULL) {
        if (frame->data[0] == 2)
            fake_mux_pong (fd, fake_mux_tag (frame), fake_sequence (frame, "ping"));
        g_byte_array_unref (frame);
    }
}

static void
serve_well (int fd)
{
    fake_mux_open (fd, NULL);
    serve_pongs (fd);
}

/* --- lies --- */

static void
serve_http (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) first = test_receive_frame (fd);
    static const char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";

    test_send (fd, answer, strlen (answer));
    test_is_closed (fd);
}

static void
fail_http (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_TOO_LARGE, "HTTP");
}

static void
serve_wrong_tag (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;

    if (n > 0) {
        serve_well (fd);
        return;
    }
    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    fake_mux_pong (fd, 99, fake_sequence (call, "ping"));
    if (test_is_closed (fd))
        tell (1);
}

/* The session is over; a new one works. */
static void
fail_wrong_tag (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_MALFORMED, "tag 99, which no call has");
    client_until (told () == 1);
    expect_pong (client);
}

static void
serve_wrong_sequence (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    fake_mux_pong (fd, fake_mux_tag (call), fake_sequence (call, "ping") + 1);
    test_is_closed (fd);
}

static void
fail_wrong_sequence (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_MALFORMED, "sequence id");
}

static void
serve_wrong_method (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;
    g_autofree char *text = NULL;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    text = g_strdup_printf ("fe %06x 00 0000 80010002 00000004 \"pong\" %08x 00",
                            fake_mux_tag (call), fake_sequence (call, "ping"));
    test_send_frame (fd, text);
    test_is_closed (fd);
}

static void
fail_wrong_method (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_MALFORMED, "another method than ping");
}

static void
serve_huge_frame (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    test_send_hex (fd, "7f ff ff ff fe 00 00 02");
    test_is_closed (fd);
}

static void
fail_huge_frame (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_TOO_LARGE, "127.0.0.1:");
}

static void
serve_half_a_frame (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    test_send_hex (fd, "00 00 00 80 fe 00 00 02 00");
}

static void
fail_half_a_frame (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_CLOSED, "closed the connection before it answered");
}

static void
serve_broken_reply (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;
    g_autofree char *text = NULL;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    text = g_strdup_printf ("fe %06x 00 ffff 00", fake_mux_tag (call));
    test_send_frame (fd, text);
    test_is_closed (fd);
}

static void
fail_broken_reply (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_MALFORMED, "127.0.0.1:");
}

/* Fragment after fragment, without an end, past what a reply may be; then its end. */
static void
serve_endless_fragments (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;
    g_autofree guint8 *part = g_malloc0 (4 + 65536 + 4);
    g_autofree char *last = NULL;
    guint32 size = GUINT32_TO_BE (65536 + 4);
    guint32 head;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    head = GUINT32_TO_BE (0xfe000000u | 0x800000u | fake_mux_tag (call));
    memcpy (part, &size, 4);
    memcpy (part + 4, &head, 4);
    for (guint i = 0; i < 40; i++)
        test_send (fd, part, 8 + 65536);
    last = g_strdup_printf ("fe %06x 00", fake_mux_tag (call));
    test_send_frame (fd, last);
    serve_pongs (fd);
}

static void
small_replies (DunlinClientOptions *options)
{
    options->max_frame = 1024 * 1024;
}

/* Only that call fails. */
static void
fail_endless_fragments (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_TOO_LARGE, "");
    expect_pong (client);
    g_assert_cmpuint (fake_server_n_connections (server), ==, 1);
}

static void
serve_flood_of_pings (int fd, guint n, gpointer data)
{
    g_autoptr (GString) pings = g_string_new (NULL);
    struct timeval limit = { .tv_sec = 10 };

    fake_mux_open (fd, NULL);
    for (guint i = 0; i < 10000; i++)
        g_string_append_len (pings, "\0\0\0\4\x41\0\0\1", 8);
    setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    /* Never reads an answer: the client must end this, and not by running out of memory. */
    while (send (fd, pings->str, pings->len, MSG_NOSIGNAL) > 0)
        ;
    tell (1);
}

static void
end_flood_of_pings (DunlinClient *client)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = client_call (client, "ping", &error);

    g_assert_null (answer);
    g_test_message ("%s", error->message);
    client_until (told () == 1);
}

/* --- rare, but right --- */

/* The same probe, in other words: it does not know Tinit. */
static void
serve_without_tinit (int fd, guint n, gpointer data)
{
    test_expect_frame (fd, "7f 00 00 01 \"tinit check\"");
    test_send_frame (fd, "7f 00 00 01 \"what is that?\"");
    serve_pongs (fd);
}

/* It does not know Tdispatch either. */
static void
serve_treq_only (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) dispatch = NULL;
    g_autoptr (GByteArray) request = NULL;
    g_autofree char *rerr = NULL;
    g_autofree char *reply = NULL;

    fake_mux_open (fd, NULL);
    dispatch = fake_mux_receive (fd);
    g_assert_cmpint (dispatch->data[0], ==, 2);
    rerr = g_strdup_printf ("7f %06x \"no such message\"", fake_mux_tag (dispatch));
    test_send_frame (fd, rerr);
    request = fake_mux_receive (fd);
    g_assert_cmpint (request->data[0], ==, 1);
    reply =
        g_strdup_printf ("ff %06x 00 80010002 00000004 \"ping\" %08x 0b 0000 00000004 \"pong\" 00",
                         fake_mux_tag (request), fake_sequence (request, "ping"));
    test_send_frame (fd, reply);
    test_is_closed (fd);
}

/* "Not run": once, then it is. */
static void
serve_nack_once (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;
    g_autoptr (GByteArray) again = NULL;
    g_autofree char *nack = NULL;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    nack = g_strdup_printf ("fe %06x 02 0000", fake_mux_tag (call));
    test_send_frame (fd, nack);
    again = fake_mux_receive (fd);
    if (test_has (again, "com.twitter.finagle.Retries") &&
        memmem (again->data, again->len, "Retries\0\4\0\0\0\1", 13) != NULL)
        tell (1);
    fake_mux_pong (fd, fake_mux_tag (again), fake_sequence (again, "ping"));
    serve_pongs (fd);
}

static void
pass_nack_once (DunlinClient *client)
{
    gint64 before = client_stat (client, "retries/requeues");

    expect_pong (client);
    g_assert_cmpint (told (), ==, 1);
    g_assert_cmpint (client_stat (client, "retries/requeues"), ==, before + 1);
}

static void
serve_nack_for_good (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;
    g_autofree char *nack = NULL;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    nack = g_strdup_printf ("fe %06x 02 0001 000a \"MuxFailure\" 0008 0000000000000006",
                            fake_mux_tag (call));
    test_send_frame (fd, nack);
    g_byte_array_unref (g_steal_pointer (&call));
    call = fake_mux_receive (fd);
    if (call != NULL)
        tell (1);
}

static void
fail_nack_for_good (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_OVERLOADED, "asks for no other try");
    g_assert_cmpint (told (), ==, 0);
}

static void
serve_error (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;
    g_autofree char *text = NULL;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    text = g_strdup_printf ("fe %06x 01 0000 \"no such luck\"", fake_mux_tag (call));
    test_send_frame (fd, text);
    test_is_closed (fd);
}

static void
fail_error (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_INTERNAL, "failed: no such luck");
}

/* Tdrain in the middle of a call: acknowledged at once, the call is still answered, the client
 * closes, and the next call goes over a new connection. */
static void
serve_drain (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;
    g_autoptr (GByteArray) drained = NULL;

    if (n > 0) {
        serve_well (fd);
        return;
    }
    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    test_send_frame (fd, "40 00 00 01");
    drained = fake_mux_receive (fd);
    g_assert_cmpint (drained->data[0], ==, 0xc0);
    fake_mux_pong (fd, fake_mux_tag (call), fake_sequence (call, "ping"));
    if (test_is_closed (fd))
        tell (1);
}

static void
pass_drain (DunlinClient *client)
{
    expect_pong (client);
    client_until (told () == 1);
    expect_pong (client);
    g_assert_cmpuint (fake_server_n_connections (server), ==, 2);
}

/* A lease that is over: with nobody else the calls go on. */
static void
serve_lease (int fd, guint n, gpointer data)
{
    fake_mux_open (fd, NULL);
    test_send_frame (fd, "43 00 00 00 00 00 00 00 00 00 00 00 00");
    serve_pongs (fd);
}

static void
pass_twice (DunlinClient *client)
{
    expect_pong (client);
    expect_pong (client);
}

/* No answer to a ping: new calls go elsewhere, and those that may run twice, too. */
static void
serve_silence (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) first = NULL;

    if (n > 0) {
        serve_well (fd);
        return;
    }
    fake_mux_open (fd, NULL);
    while (!test_is_closed (fd)) /* reads and says nothing */
        ;
}

static void
quick_pings (DunlinClientOptions *options)
{
    options->ping_interval = 50 * DUNLIN_MILLISECOND;
    options->ping_timeout = 100 * DUNLIN_MILLISECOND;
    options->idempotent = "ping";
}

static void
pass_silence (DunlinClient *client)
{
    expect_pong (client);
    g_assert_cmpuint (fake_server_n_connections (server), ==, 2);
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, "no answer to a ping"), >=, 1);
}

/* A call given up is discarded with its tag, which stays taken until an answer comes. */
static void
serve_discard (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) call = NULL;
    g_autoptr (GByteArray) discard = NULL;
    g_autoptr (GByteArray) second = NULL;
    g_autoptr (GByteArray) third = NULL;
    guint32 tag;
    guint32 which;

    fake_mux_open (fd, NULL);
    call = fake_mux_receive (fd);
    tag = fake_mux_tag (call);
    discard = fake_mux_receive (fd);
    g_assert_cmpint (discard->data[0], ==, 0xc2);
    g_assert_cmpuint (fake_mux_tag (discard), ==, 0);
    which = (guint32)discard->data[4] << 16 | (guint32)discard->data[5] << 8 | discard->data[6];
    g_assert_cmpuint (which, ==, tag);
    second = fake_mux_receive (fd);
    g_assert_cmpuint (fake_mux_tag (second), !=, tag);
    fake_mux_pong (fd, tag, fake_sequence (call, "ping")); /* late, for nobody */
    fake_mux_pong (fd, fake_mux_tag (second), fake_sequence (second, "ping"));
    third = fake_mux_receive (fd);
    fake_mux_pong (fd, fake_mux_tag (third), fake_sequence (third, "ping"));
    tell (1);
    test_is_closed (fd);
}

static void
short_tries (DunlinClientOptions *options)
{
    options->timeout = 100 * DUNLIN_MILLISECOND;
}

static void
pass_discard (DunlinClient *client)
{
    expect_error (client, DUNLIN_ERROR_DEADLINE, "no answer from 127.0.0.1:");
    expect_pong (client);
    expect_pong (client);
    client_until (told () == 1);
    g_assert_cmpuint (fake_server_n_connections (server), ==, 1);
}

/* A window of 100 bytes: a request comes in pieces, each with the tag's bit but the last. */
static void
serve_window (int fd, guint n, gpointer data)
{
    g_autoptr (GByteArray) body = g_byte_array_new ();
    guint32 bits = DUNLIN_MUX_TAG_MORE;
    guint n_parts = 0;

    fake_mux_open (fd, "00 00 00 0a \"mux-framer\" 00 00 00 04 00 00 00 64");
    while ((bits & DUNLIN_MUX_TAG_MORE) != 0) {
        g_autoptr (GByteArray) part = fake_mux_receive (fd);

        g_assert_cmpint (part->data[0], ==, 2);
        g_assert_cmpuint (part->len, <=, 104);
        bits = fake_mux_tag (part);
        g_byte_array_append (body, part->data + 4, part->len - 4);
        n_parts++;
    }
    g_assert_cmpuint (n_parts, >, 10);
    g_assert_true (test_has (body, "a text that is long enough for many pieces"));
    {
        g_autofree char *text = g_strdup_printf (
            "fe %06x 00 0000 80010002 00000004 \"echo\" %08x 0b 0000 00000004 \"pong\" 00", bits,
            fake_sequence (body, "echo"));

        test_send_frame (fd, text);
    }
    test_is_closed (fd);
}

static void
pass_window (DunlinClient *client)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = NULL;

    for (guint i = 0; i < 30; i++)
        g_string_append (text, "a text that is long enough for many pieces; ");
    answer = client_call_text (client, "echo", text->str, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (answer, ==, "pong");
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *name;
        Case test;
    } cases[] = {
        { "/client/mux/http-is-no-mux", { serve_http, fail_http, NULL } },
        { "/client/mux/a-wrong-tag-ends-the-session", { serve_wrong_tag, fail_wrong_tag, NULL } },
        { "/client/mux/a-wrong-sequence-id", { serve_wrong_sequence, fail_wrong_sequence, NULL } },
        { "/client/mux/a-wrong-method", { serve_wrong_method, fail_wrong_method, NULL } },
        { "/client/mux/a-huge-frame", { serve_huge_frame, fail_huge_frame, NULL } },
        { "/client/mux/half-a-frame", { serve_half_a_frame, fail_half_a_frame, NULL } },
        { "/client/mux/a-broken-reply", { serve_broken_reply, fail_broken_reply, NULL } },
        { "/client/mux/fragments-without-end",
          { serve_endless_fragments, fail_endless_fragments, small_replies } },
        { "/client/mux/a-flood-of-pings", { serve_flood_of_pings, end_flood_of_pings, NULL } },
        { "/client/mux/a-server-without-tinit", { serve_without_tinit, pass_twice, NULL } },
        { "/client/mux/a-server-without-tdispatch", { serve_treq_only, expect_pong, NULL } },
        { "/client/mux/a-nack-is-sent-again", { serve_nack_once, pass_nack_once, NULL } },
        { "/client/mux/unless-it-says-not-to", { serve_nack_for_good, fail_nack_for_good, NULL } },
        { "/client/mux/an-error-is-told", { serve_error, fail_error, NULL } },
        { "/client/mux/a-drain-is-obeyed", { serve_drain, pass_drain, NULL } },
        { "/client/mux/a-lease-that-is-over", { serve_lease, pass_twice, NULL } },
        { "/client/mux/a-silent-server-is-left", { serve_silence, pass_silence, quick_pings } },
        { "/client/mux/a-tag-is-kept-until-answered",
          { serve_discard, pass_discard, short_tries } },
        { "/client/mux/requests-in-pieces", { serve_window, pass_window, NULL } },
    };

    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
        g_test_add_data_func (cases[i].name, &cases[i].test, run_case);
    return g_test_run ();
}
