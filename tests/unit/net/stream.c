/* Streams over plain TCP on loopback: real sockets, both ends on one loop or one end by hand. */
#include "support/net_end.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MIB (1024 * 1024)

static void
opens_and_says_so_once (Net *net)
{
    net_connect (net);
    g_assert_cmpuint (net->client.n_opened, ==, 0); /* not from inside */
    net_until (net->client.n_opened == 1 && net->server.n_opened == 1);
    g_assert_true (dunlin_stream_is_open (net->server.stream));
    g_assert_true (
        g_str_has_prefix (dunlin_stream_peer (net->server.stream)->address, "127.0.0.1:"));
    g_assert_true (dunlin_stream_loop (net->server.stream) == net->loop);
}

static void
echo (Net *net, gsize n, gsize chunk)
{
    g_autoptr (GByteArray) sent = net_pattern (n);
    guint64 received_total, sent_total;

    net->server.echo = TRUE;
    net_open (net);
    for (gsize at = 0; at < n; at += chunk)
        net_send (&net->client, sent->data + at, MIN (chunk, n - at));
    net_until (net->client.received->len >= n);
    net_assert_same (net->client.received, sent);
    dunlin_stream_totals (net->client.stream, &received_total, &sent_total);
    g_assert_cmpuint (received_total, ==, n);
    g_assert_cmpuint (sent_total, ==, n);
    g_assert_cmpuint (dunlin_stream_unsent (net->client.stream), ==, 0);
}

static void
echoes_one_byte (Net *net)
{
    echo (net, 1, 1);
}

static void
echoes_odd_chunks (Net *net)
{
    echo (net, 100003, 997);
}

static void
echoes_32_mib (Net *net)
{
    echo (net, 32 * MIB, 7777777);
}

static void
one_wake_up_is_one_segment (Net *net)
{
    net_open (net);
    for (int i = 0; i < 100; i++)
        net_send (&net->client, "0123456789", 10);
    net_until (net->server.received->len == 1000);
    g_assert_cmpuint (net->server.n_input, ==, 1);
    g_assert_cmpuint (net->server.longest, ==, 1000);
}

static void
what_is_left_is_shown_again_with_more (Net *net)
{
    net->server.keep = TRUE;
    net_open (net);
    net_send (&net->client, "abc", 3);
    net_until (net->server.n_input == 1);
    net_send (&net->client, "def", 3);
    net_until (net->server.n_input == 2);
    net_assert_left (&net->server, "abcdef");
    dunlin_stream_consume (net->server.stream, 4);
    net_send (&net->client, "g", 1);
    net_until (net->server.n_input == 3);
    net_assert_left (&net->server, "efg");
}

static void
a_wanted_frame_comes_in_one_piece (Net *net)
{
    g_autoptr (GByteArray) sent = net_pattern (3 * MIB + 17);
    int fd = net_connect_raw (net);

    net->server.want = sent->len;
    net_send_raw (fd, sent->data, 10); /* the first input tells what is wanted */
    net_until (net->server.n_input == 1);
    net_send_raw (fd, sent->data + 10, sent->len - 10);
    net_until (net->server.received->len > 0);
    g_assert_cmpuint (net->server.n_input, ==, 2);
    net_assert_same (net->server.received, sent);
    close (fd);
}

static void
a_wanted_frame_that_never_ends_is_shown_at_the_end (Net *net)
{
    int fd = net_connect_raw (net);

    net->server.want = 1000;
    net->server.keep = TRUE;
    net_send_raw (fd, "abc", 3);
    net_until (net->server.n_input == 1);
    net_send_raw (fd, "def", 3);
    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_cmpuint (net->server.n_input, ==, 2);
    net_assert_left (&net->server, "abcdef");
}

static void
slow_reader_fills_the_outbox_and_is_told_when_drained (Net *net)
{
    g_autoptr (GByteArray) sent = net_pattern (16 * MIB);

    net->client.pause_at = NET_OPENED;
    net_open (net);
    net_send (&net->server, sent->data, sent->len);
    net_until (dunlin_stream_unsent (net->server.stream) < sent->len);
    for (int i = 0; i < 20; i++)
        net_wait ("nothing", G_MAXINT64);
    g_assert_cmpuint (dunlin_stream_unsent (net->server.stream), >, 0);
    g_assert_cmpuint (net->server.n_drained, ==, 0);
    g_assert_cmpuint (net->client.received->len, ==, 0);
    dunlin_stream_resume (net->client.stream);
    net_until (net->server.n_drained == 1 && net->client.received->len == sent->len);
    net_assert_same (net->client.received, sent);
    g_assert_cmpuint (dunlin_stream_unsent (net->server.stream), ==, 0);
}

static void
small_output_drains_silently (Net *net)
{
    net_open (net);
    net_send (&net->server, "abc", 3);
    net_until (net->client.received->len == 3);
    g_assert_cmpuint (net->server.n_drained, ==, 0);
}

static void
paused_shows_nothing_until_resumed (Net *net)
{
    net->server.pause_at = NET_OPENED;
    net_open (net);
    net_send (&net->client, "abc", 3);
    for (int i = 0; i < 20; i++)
        net_wait ("nothing", G_MAXINT64);
    g_assert_cmpuint (net->server.n_input, ==, 0);
    dunlin_stream_resume (net->server.stream);
    net_until (net->server.received->len == 3);
}

static void
paused_inside_input_shows_the_rest_after_resuming (Net *net)
{
    net->server.pause_at = NET_INPUT;
    net->server.keep = TRUE;
    net_open (net);
    net_send (&net->client, "abc", 3);
    net_until (net->server.n_input == 1);
    net->server.pause_at = NET_NEVER;
    net->server.keep = FALSE;
    dunlin_stream_resume (net->server.stream);
    net_until (net->server.received->len == 3);
}

static void
paused_sees_an_orderly_hang_up (Net *net)
{
    net->server.pause_at = NET_OPENED;
    net_open (net);
    net_send (&net->client, "abc", 3);
    net_free (&net->client);
    net_until (net->server.n_closed == 1);
    g_assert_no_error (net->server.reason);
    g_assert_cmpuint (net->server.n_input, ==, 0);
}

static void
reset (int fd)
{
    const struct linger now = { .l_onoff = 1, .l_linger = 0 };

    setsockopt (fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close (fd);
}

/* First with input in the kernel, so that only hang-ups are watched any more, then the reset. */
static void
paused_sees_a_reset_without_spinning (Net *net)
{
    int fd = net_connect_raw (net);
    struct rusage before, after;

    net_until (net->server.n_opened == 1);
    dunlin_stream_pause (net->server.stream);
    net_send_raw (fd, "abc", 3);
    getrusage (RUSAGE_SELF, &before);
    for (int i = 0; i < 100; i++)
        net_wait ("nothing", G_MAXINT64);
    getrusage (RUSAGE_SELF, &after);
    g_assert_cmpint (after.ru_utime.tv_sec - before.ru_utime.tv_sec, <=, 1);
    g_assert_cmpuint (net->server.n_closed, ==, 0);
    reset (fd);
    net_until (net->server.n_closed == 1);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
    g_assert_cmpuint (net->server.n_input, ==, 0);
}

static void
paused_and_blocked_sees_a_hang_up (Net *net)
{
    g_autoptr (GByteArray) sent = net_pattern (16 * MIB);
    int fd = net_connect_raw (net);

    net_until (net->server.n_opened == 1);
    dunlin_stream_pause (net->server.stream);
    net_send (&net->server, sent->data, sent->len);
    net_until (dunlin_stream_unsent (net->server.stream) < sent->len);
    shutdown (fd, SHUT_WR);
    net_until (net->server.n_closed == 1);
    close (fd);
}

static void
orderly_end_comes_after_the_bytes (Net *net)
{
    net_open (net);
    net_send (&net->client, "abc", 3);
    dunlin_stream_close (net->client.stream, dunlin_deadline_in (G_USEC_PER_SEC));
    g_assert_cmpuint (net->client.n_closed, ==, 0);
    net_until (net->server.n_closed == 1 && net->client.n_closed == 1);
    g_assert_cmpuint (net->server.received->len, ==, 3);
    g_assert_no_error (net->server.reason);
    g_assert_no_error (net->client.reason);
    g_assert_false (dunlin_stream_is_open (net->server.stream));
}

static void
reset_is_told_as_a_loss (Net *net)
{
    int fd = net_connect_raw (net);

    net_until (net->server.n_opened == 1);
    reset (fd);
    net_until (net->server.n_closed == 1);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
    g_assert_nonnull (strstr (net->server.reason->message, "reset"));
}

/* Both in the kernel before the server looks: request and end in one wake-up. */
static void
half_closed_caller_still_gets_its_reply (Net *net)
{
    int fd;
    g_autoptr (GByteArray) reply = NULL;

    net->server.echo = TRUE;
    fd = net_connect_raw (net);
    net_until (net->server.n_opened == 1);
    net_send_raw (fd, "request", 7);
    shutdown (fd, SHUT_WR);
    reply = net_read_raw (fd, 100);
    net_assert_text (reply, "request");
    net_until (net->server.n_closed == 1);
    close (fd);
}

static void
close_sends_everything_first (Net *net)
{
    g_autoptr (GByteArray) sent = net_pattern (8 * MIB);
    g_autoptr (GByteArray) got = NULL;
    int fd = net_connect_raw (net);

    net_until (net->server.n_opened == 1);
    net_send (&net->server, sent->data, sent->len);
    dunlin_stream_close (net->server.stream, dunlin_deadline_in (NET_PATIENCE));
    got = net_read_raw (fd, G_MAXSIZE);
    net_assert_same (got, sent);
    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_no_error (net->server.reason);
}

/* The caller goes on sending while we close: unread bytes must not reset its reply away. */
static void
close_with_unread_input_does_not_reset (Net *net)
{
    g_autoptr (GByteArray) noise = net_pattern (MIB);
    g_autoptr (GByteArray) got = NULL;
    int fd;

    net->server.keep = TRUE;
    net->server.pause_at = NET_OPENED;
    fd = net_connect_raw (net);
    net_until (net->server.n_opened == 1);
    net_send_raw (fd, noise->data, 50000);
    net_send (&net->server, "last words", 10);
    dunlin_stream_close (net->server.stream, dunlin_deadline_in (5 * G_USEC_PER_SEC));
    net_send_raw (fd, noise->data, noise->len);
    got = net_read_raw (fd, G_MAXSIZE);
    net_assert_text (got, "last words");
    g_assert_false (net_was_reset (fd));
    g_assert_cmpuint (net->server.n_input, ==, 0);
    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_no_error (net->server.reason);
}

static void
close_ends_at_its_deadline (Net *net)
{
    g_autoptr (GByteArray) sent = net_pattern (16 * MIB);
    int fd = net_connect_raw (net);
    gint64 begun = dunlin_clock_now ();

    net_until (net->server.n_opened == 1);
    net_send (&net->server, sent->data, sent->len);
    dunlin_stream_close (net->server.stream, dunlin_deadline_in (G_USEC_PER_SEC / 20));
    net_until (net->server.n_closed == 1);
    g_assert_cmpint (dunlin_clock_now () - begun, >=, G_USEC_PER_SEC / 20);
    g_assert_error (net->server.reason, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    close (fd);
}

static void
lingering_is_short (Net *net)
{
    int fd = net_connect_raw (net);
    gint64 begun = dunlin_clock_now ();

    net_until (net->server.n_opened == 1);
    dunlin_stream_close (net->server.stream, dunlin_deadline_in (NET_PATIENCE));
    net_until (net->server.n_closed == 1);
    g_assert_cmpint (dunlin_clock_now () - begun, <, NET_PATIENCE / 2);
    g_assert_no_error (net->server.reason);
    close (fd);
}

static void
closing_twice_closes_once (Net *net)
{
    net_open (net);
    dunlin_stream_close (net->client.stream, DUNLIN_NEVER);
    dunlin_stream_close (net->client.stream, dunlin_deadline_in (G_USEC_PER_SEC));
    net_until (net->client.n_closed == 1);
    dunlin_stream_close (net->client.stream, DUNLIN_NEVER);
    net_wait ("nothing", G_MAXINT64);
    g_assert_cmpuint (net->client.n_closed, ==, 1);
}

static void
closing_before_open_closes (Net *net)
{
    net_connect (net);
    dunlin_stream_close (net->client.stream, dunlin_deadline_in (G_USEC_PER_SEC));
    net_until (net->client.n_closed == 1);
    g_assert_cmpuint (net->client.n_opened, ==, 0);
}

static void
freed_at_once (Net *net)
{
    net_connect (net);
    net_free (&net->client);
    net_until (net->server.n_closed == 1);
    g_assert_cmpuint (net->client.n_closed, ==, 0);
}

static void
free_inside (Net *net, NetMoment moment)
{
    g_autoptr (GByteArray) sent = net_pattern (4 * MIB);

    net->server.free_at = moment;
    net_connect (net);
    net_until (net->client.n_opened == 1);
    net_send (&net->client, "abc", 3);
    if (moment == NET_DRAINED) {
        net_until (net->server.stream != NULL);
        net_send (&net->server, sent->data, sent->len);
    } else if (moment == NET_CLOSED) {
        net_free (&net->client);
    }
    net_until (net->n_accepted == 1 && net->server.stream == NULL);
    if (moment != NET_CLOSED) {
        net_until (net->client.n_closed == 1);
        g_assert_cmpuint (net->server.n_closed, ==, 0);
    }
}

static void
freed_inside_opened (Net *net)
{
    free_inside (net, NET_OPENED);
}

static void
freed_inside_input (Net *net)
{
    free_inside (net, NET_INPUT);
}

static void
freed_inside_drained (Net *net)
{
    free_inside (net, NET_DRAINED);
}

static void
freed_inside_closed (Net *net)
{
    free_inside (net, NET_CLOSED);
}

static void
close_inside (Net *net, NetMoment moment)
{
    g_autoptr (GByteArray) sent = net_pattern (4 * MIB);

    net->server.close_at = moment;
    net->server.echo = TRUE;
    net_connect (net);
    net_until (net->client.n_opened == 1 && net->n_accepted == 1);
    net_send (&net->client, "abc", 3);
    if (moment == NET_DRAINED)
        net_send (&net->server, sent->data, sent->len);
    else if (moment == NET_CLOSED)
        dunlin_stream_close (net->client.stream, dunlin_deadline_in (G_USEC_PER_SEC));
    net_until (net->server.n_closed == 1 && net->client.n_closed == 1);
    g_assert_no_error (net->server.reason);
}

static void
closed_inside_opened (Net *net)
{
    close_inside (net, NET_OPENED);
}

/* The reply that is written after the close is sent all the same. */
static void
closed_inside_input (Net *net)
{
    close_inside (net, NET_INPUT);
    net_assert_text (net->client.received, "abc");
}

static void
closed_inside_drained (Net *net)
{
    close_inside (net, NET_DRAINED);
}

static void
closed_inside_closed (Net *net)
{
    close_inside (net, NET_CLOSED);
}

static void
refused_connection_is_told (Net *net)
{
    dunlin_listener_stop (net->listener);
    net_connect (net);
    net_until (net->client.n_closed == 1);
    g_assert_error (net->client.reason, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE);
    g_assert_nonnull (strstr (net->client.reason->message, "refused"));
}

static void
a_firehose_does_not_starve_the_others (Net *net)
{
    g_autoptr (GByteArray) chunk = net_pattern (MIB);
    NetEnd fire = { 0 };
    guint turns = 0;

    net_open (net);
    fire = net->server; /* the firehose's server end; the next connection gets a new one */
    for (int i = 0; i < 64; i++)
        net_send (&net->client, chunk->data, chunk->len);
    while (net->server.received->len < 64 * MIB) {
        net_wait ("the firehose", G_MAXINT64);
        turns++;
    }
    g_assert_cmpuint (turns, >=, 8); /* this fiber was not shut out */
    g_assert_nonnull (fire.stream);
}

static void
last_active_moves_with_bytes (Net *net)
{
    gint64 opened;

    net_open (net);
    opened = dunlin_stream_last_active (net->server.stream);
    for (int i = 0; i < 5; i++)
        net_wait ("time", G_MAXINT64);
    g_assert_cmpint (dunlin_stream_last_active (net->server.stream), ==, opened);
    net_send (&net->client, "a", 1);
    net_until (net->server.received->len == 1);
    g_assert_cmpint (dunlin_stream_last_active (net->server.stream), >, opened);
}

static void
output_before_open_goes_out_when_open (Net *net)
{
    net_connect (net);
    net_send (&net->client, "early", 5);
    net_until (net->server.received->len == 5);
}

static void
test (gconstpointer body)
{
    net_run ((void (*) (Net *))body, NULL, NULL, NULL);
}

#define CASE(name, body)                                                                           \
    {                                                                                              \
        "/net/stream/" name, body                                                                  \
    }

static const struct {
    const char *name;
    void (*body) (Net *net);
} cases[] = {
    CASE ("opens-and-says-so-once", opens_and_says_so_once),
    CASE ("echoes-one-byte", echoes_one_byte),
    CASE ("echoes-odd-chunks", echoes_odd_chunks),
    CASE ("echoes-32-mib", echoes_32_mib),
    CASE ("one-wake-up-is-one-segment", one_wake_up_is_one_segment),
    CASE ("what-is-left-is-shown-again-with-more", what_is_left_is_shown_again_with_more),
    CASE ("a-wanted-frame-comes-in-one-piece", a_wanted_frame_comes_in_one_piece),
    CASE ("a-wanted-frame-that-never-ends-is-shown-at-the-end",
          a_wanted_frame_that_never_ends_is_shown_at_the_end),
    CASE ("slow-reader-fills-the-outbox-and-is-told-when-drained",
          slow_reader_fills_the_outbox_and_is_told_when_drained),
    CASE ("small-output-drains-silently", small_output_drains_silently),
    CASE ("paused-shows-nothing-until-resumed", paused_shows_nothing_until_resumed),
    CASE ("paused-inside-input-shows-the-rest-after-resuming",
          paused_inside_input_shows_the_rest_after_resuming),
    CASE ("paused-sees-an-orderly-hang-up", paused_sees_an_orderly_hang_up),
    CASE ("paused-sees-a-reset-without-spinning", paused_sees_a_reset_without_spinning),
    CASE ("paused-and-blocked-sees-a-hang-up", paused_and_blocked_sees_a_hang_up),
    CASE ("orderly-end-comes-after-the-bytes", orderly_end_comes_after_the_bytes),
    CASE ("reset-is-told-as-a-loss", reset_is_told_as_a_loss),
    CASE ("half-closed-caller-still-gets-its-reply", half_closed_caller_still_gets_its_reply),
    CASE ("close-sends-everything-first", close_sends_everything_first),
    CASE ("close-with-unread-input-does-not-reset", close_with_unread_input_does_not_reset),
    CASE ("close-ends-at-its-deadline", close_ends_at_its_deadline),
    CASE ("lingering-is-short", lingering_is_short),
    CASE ("closing-twice-closes-once", closing_twice_closes_once),
    CASE ("closing-before-open-closes", closing_before_open_closes),
    CASE ("freed-at-once", freed_at_once),
    CASE ("freed-inside-opened", freed_inside_opened),
    CASE ("freed-inside-input", freed_inside_input),
    CASE ("freed-inside-drained", freed_inside_drained),
    CASE ("freed-inside-closed", freed_inside_closed),
    CASE ("closed-inside-opened", closed_inside_opened),
    CASE ("closed-inside-input", closed_inside_input),
    CASE ("closed-inside-drained", closed_inside_drained),
    CASE ("closed-inside-closed", closed_inside_closed),
    CASE ("refused-connection-is-told", refused_connection_is_told),
    CASE ("a-firehose-does-not-starve-the-others", a_firehose_does_not_starve_the_others),
    CASE ("last-active-moves-with-bytes", last_active_moves_with_bytes),
    CASE ("output-before-open-goes-out-when-open", output_before_open_goes_out_when_open),
};

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        g_test_add_data_func (cases[i].name, (gconstpointer)cases[i].body, test);
    return g_test_run ();
}
