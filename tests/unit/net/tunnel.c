/* The tunnel between a plain socket of this process and a server that wants TLS: who may use it,
 * whom it believes, what passes, and how it ends. */
#include "net/tunnel.h"

#include "base/clock.h"
#include "net/tls.h"
#include "support/log_capture.h"
#include "support/net_end.h"
#include "support/tls_folder.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB  (1024 * 1024)
#define DAY  (24 * 3600)
#define LONG (30 * G_USEC_PER_SEC)

/* What a case may change before it opens the tunnel; and what the tunnel has said. */
typedef struct {
    TlsFolder *folder;
    DunlinCredentials *server;
    DunlinCredentials *client;
    const char *name;
    gint64 timeout;
    guint16 port; /* of the far end; 0: the test's server */
    DunlinTunnel *tunnel;

    pthread_mutex_t lock; /* guards all below */
    guint n_opened;
    guint n_failed;
    GError *failure;
} Case;

static void
on_tunnel (guint end, const GError *failure, gpointer data)
{
    Case *self = data;

    g_assert_cmpuint (end, ==, 0);
    pthread_mutex_lock (&self->lock);
    if (failure == NULL)
        self->n_opened++;
    else
        self->n_failed++;
    if (failure != NULL && self->failure == NULL)
        self->failure = g_error_copy (failure);
    pthread_mutex_unlock (&self->lock);
}

static guint
count (Case *self, const guint *counter)
{
    guint n;

    pthread_mutex_lock (&self->lock);
    n = *counter;
    pthread_mutex_unlock (&self->lock);
    return n;
}

static void
open_tunnel (Net *net)
{
    Case *self = net->data;
    DunlinTunnelEnd end = { "127.0.0.1",
                            self->port != 0 ? self->port : dunlin_listener_port (net->listener),
                            self->name };
    g_autoptr (GError) error = NULL;

    self->tunnel =
        dunlin_tunnel_new (&end, 1, self->timeout, self->client, on_tunnel, self, &error);
    g_assert_no_error (error);
}

static gboolean
is_connected (int fd)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;

    return getpeername (fd, (struct sockaddr *)&address, &length) == 0;
}

/* A plain socket of ours that is connected to the tunnel. */
static int
enter (Net *net)
{
    Case *self = net->data;
    g_autoptr (GError) error = NULL;
    int fd;

    if (self->tunnel == NULL)
        open_tunnel (net);
    fd = dunlin_tcp_connect ("127.0.0.1", dunlin_tunnel_port (self->tunnel, 0), &error);
    g_assert_no_error (error);
    net_until (is_connected (fd));
    return fd;
}

static void
assert_ended (int fd)
{
    g_autoptr (GByteArray) rest = net_read_raw (fd, 1);

    g_assert_cmpuint (rest->len, ==, 0);
    close (fd);
}

/* The attempt fails for a reason that says @what, and the library is told by its connection. */
static void
fails (Net *net, int code, const char *what)
{
    Case *self = net->data;
    int fd = enter (net);

    net_until (count (self, &self->n_failed) == 1);
    g_assert_error (self->failure, DUNLIN_ERROR, code);
    if (strstr (self->failure->message, what) == NULL)
        g_error ("'%s' does not say '%s'", self->failure->message, what);
    assert_ended (fd);
    g_assert_cmpuint (count (self, &self->n_opened), ==, 0);
}

/* --- what passes --- */

static void
bytes_pass_both_ways (Net *net)
{
    Case *self = net->data;
    int fd = enter (net);
    g_autoptr (GByteArray) answer = NULL;

    net->server.echo = TRUE;
    net_send_raw (fd, "hello", 5);
    answer = net_read_raw (fd, 5);
    net_assert_text (answer, "hello");
    g_assert_cmpuint (count (self, &self->n_opened), ==, 1);
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->identity, ==, "spiffe://test/client");
    close (fd);
}

static void
eight_mib_pass_whole (Net *net)
{
    int fd = enter (net);
    g_autoptr (GByteArray) pattern = net_pattern (8 * MIB);
    g_autoptr (GByteArray) answer = NULL;

    net_send_raw (fd, pattern->data, pattern->len);
    net_until (net->server.received->len == pattern->len);
    net_assert_same (net->server.received, pattern);
    net_send (&net->server, pattern->data, pattern->len);
    answer = net_read_raw (fd, pattern->len);
    net_assert_same (answer, pattern);
    close (fd);
}

/* A reader that does not read holds the writer back instead of filling our memory. */
static void
slow_server_holds_the_library_back (Net *net)
{
    int fd = enter (net);
    g_autoptr (GByteArray) pattern = net_pattern (MIB);
    gsize sent = 0;
    gint64 last = dunlin_clock_now ();

    net->server.pause_at = NET_OPENED;
    net_until (net->server.n_opened == 1);
    while (dunlin_clock_now () - last < 300 * 1000) {
        gssize n = send (fd, pattern->data, pattern->len, MSG_NOSIGNAL);

        if (n > 0) {
            sent += (gsize)n;
            last = dunlin_clock_now ();
        }
        g_assert_cmpuint (sent, <, 64 * MIB);
        dunlin_sleep (1000, NULL);
    }
    dunlin_stream_resume (net->server.stream);
    net_until (net->server.received->len == sent);
    close (fd);
}

/* --- who may use it --- */

/* In a child: what another process meets. Only what is safe after fork() in a threaded program. */
static void
try_from_outside (guint16 port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons (port),
                                   .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    char byte;

    if (connect (fd, (struct sockaddr *)&address, sizeof address) != 0)
        _exit (2);
    send (fd, "stolen", 6, MSG_NOSIGNAL);
    _exit (recv (fd, &byte, 1, 0) <= 0 ? 0 : 1);
}

static void
another_process_is_refused (Net *net)
{
    Case *self = net->data;
    int status = -1;
    int fd;
    pid_t child;

    open_tunnel (net);
    test_log_clear ();
    child = fork ();
    if (child == 0)
        try_from_outside (dunlin_tunnel_port (self->tunnel, 0));
    net_until (waitpid (child, &status, WNOHANG) == child);
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    g_assert_cmpuint (test_log_count (G_LOG_LEVEL_WARNING, "was refused: it is another process"),
                      ==, 1);
    /* Nothing was dialled for it, and we still may. */
    g_assert_cmpuint (net->n_accepted, ==, 0);
    fd = enter (net);
    net_until (net->server.n_opened == 1);
    g_assert_cmpuint (net->n_accepted, ==, 1);
    g_assert_cmpuint (net->server.received->len, ==, 0);
    close (fd);
}

/* The child has a copy of our connection: it is still ours, and only the child's own is not. */
static void
another_process_beside_ours_is_refused (Net *net)
{
    Case *self = net->data;
    int status = -1;
    int fd = enter (net);
    g_autoptr (GByteArray) answer = NULL;
    pid_t child;

    net->server.echo = TRUE;
    net_until (net->server.n_opened == 1);
    child = fork ();
    if (child == 0)
        try_from_outside (dunlin_tunnel_port (self->tunnel, 0));
    net_until (waitpid (child, &status, WNOHANG) == child);
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    g_assert_cmpuint (net->n_accepted, ==, 1);
    net_send_raw (fd, "mine", 4);
    answer = net_read_raw (fd, 4);
    net_assert_text (answer, "mine");
    close (fd);
}

/* --- whom it believes --- */

static void
a_server_of_another_name_is_refused (Net *net)
{
    ((Case *)net->data)->name = "zk1.test";
    fails (net, DUNLIN_ERROR_DENIED, "it is not for the name or address that was called");
    g_assert_cmpuint (net->server.received->len, ==, 0);
}

static void
a_server_of_another_ca_is_refused (Net *net)
{
    Case *self = net->data;
    DunlinTlsConfig config = tls_folder_config (self->folder, "client");
    g_autoptr (TestCa) other = test_ca_new ("Other CA");
    g_autoptr (GError) error = NULL;

    test_ca_write (other, tls_folder_path (self->folder, "other-ca", ".pem"));
    config.ca = tls_folder_path (self->folder, "other-ca", ".pem");
    config.foreign_ca = TRUE;
    dunlin_credentials_unref (self->client);
    self->client = dunlin_credentials_new (&config, &error);
    g_assert_no_error (error);
    fails (net, DUNLIN_ERROR_DENIED, "it comes from no CA");
}

/* We would not load one that has expired: it runs out while the server is up. On a busy machine
 * even loading takes its time, so the next one lasts longer. */
static void
be_a_server_for_a_moment (Case *self)
{
    g_clear_pointer (&self->server, dunlin_credentials_unref);
    for (int seconds = 1; self->server == NULL; seconds *= 2) {
        TestLeaf leaf = { .san = "DNS:localhost", .begins = -DAY, .ends = seconds };
        DunlinTlsConfig config = tls_folder_config (self->folder, "short");

        tls_folder_issue (self->folder, "short", &leaf);
        self->server = dunlin_credentials_new (&config, NULL);
    }
    net_until (dunlin_clock_wall_ns () / 1000000000 > dunlin_credentials_not_after (self->server));
}

static void
an_expired_server_is_refused (Net *net)
{
    be_a_server_for_a_moment (net->data);
    fails (net, DUNLIN_ERROR_DENIED, "certificate has expired");
}

static void
an_address_can_be_what_a_certificate_is_for (Net *net)
{
    int fd;

    ((Case *)net->data)->name = "127.0.0.1";
    fd = enter (net);
    net_until (net->server.n_opened == 1);
    close (fd);
}

static void
new_connections_show_the_new_certificate (Net *net)
{
    Case *self = net->data;
    int fd = enter (net);
    g_autoptr (GError) error = NULL;

    net_until (net->server.n_opened == 1);
    close (fd);
    net_until (net->server.n_closed == 1);
    net_reset (net);
    tls_folder_issue (self->folder, "client",
                      &(TestLeaf){ .san = "DNS:renewed.test", .usage = "clientAuth" });
    g_assert_true (dunlin_credentials_reload (self->client, &error));
    fd = enter (net);
    net_until (net->server.n_opened == 1);
    g_assert_cmpstr (dunlin_stream_peer (net->server.stream)->identity, ==, "renewed.test");
    close (fd);
}

/* --- what goes wrong --- */

static void
nobody_there_is_told (Net *net)
{
    g_autoptr (DunlinListener) listener = dunlin_listener_new ("127.0.0.1", 0, 1, NULL);

    ((Case *)net->data)->port = dunlin_listener_port (listener);
    dunlin_listener_stop (listener);
    fails (net, DUNLIN_ERROR_UNAVAILABLE, "Connection refused");
}

static void
a_server_without_tls_is_told (Net *net)
{
    Case *self = net->data;
    int fd;

    net->wrap_server = NULL;
    fd = enter (net);
    net_until (net->server.n_input == 1); /* the hello */
    net_send (&net->server, "nonsense", 8);
    net_until (count (self, &self->n_failed) == 1);
    g_assert_nonnull (strstr (self->failure->message, "does not speak TLS"));
    assert_ended (fd);
}

static void
a_silent_server_is_given_up (Net *net)
{
    Case *self = net->data;

    net->wrap_server = NULL;
    self->timeout = 100 * 1000;
    fails (net, DUNLIN_ERROR_DEADLINE, "no TLS connection within 100 ms");
}

/* The library tries again at once, for ever; the server shall not have to shake hands as often. */
static void
failed_handshakes_become_rare (Net *net)
{
    Case *self = net->data;
    gint64 begin = dunlin_clock_now ();

    self->name = "zk1.test";
    for (guint i = 1; i <= 4; i++) {
        int fd = enter (net);

        net_until (count (self, &self->n_failed) == i);
        assert_ended (fd);
        net_until (net->server.n_closed == 1);
        net_reset (net);
    }
    /* 100 + 200 + 400 ms */
    g_assert_cmpint (dunlin_clock_now () - begin, >=, 690 * 1000);
}

/* --- how it ends --- */

static void
last_words_arrive (Net *net)
{
    Case *self = net->data;
    int fd = enter (net);
    g_autoptr (GByteArray) pattern = net_pattern (MIB);

    net_until (net->server.n_opened == 1);
    net_send_raw (fd, pattern->data, pattern->len);
    close (fd);
    g_clear_pointer (&self->tunnel, dunlin_tunnel_free);
    net_until (net->server.n_closed == 1);
    net_assert_same (net->server.received, pattern);
}

static void
the_servers_end_is_passed_on (Net *net)
{
    int fd = enter (net);
    g_autoptr (GByteArray) answer = NULL;

    net_until (net->server.n_opened == 1);
    net_send (&net->server, "bye", 3);
    dunlin_stream_close (net->server.stream, dunlin_deadline_in (LONG));
    answer = net_read_raw (fd, 100);
    net_assert_text (answer, "bye");
    close (fd);
}

static void
given_up_before_it_is_open (Net *net)
{
    int fd;

    net->wrap_server = NULL;
    fd = enter (net);
    net_until (net->server.n_input == 1);
    close (fd);
    net_until (net->server.n_closed == 1);
    g_assert_cmpuint (count (net->data, &((Case *)net->data)->n_failed), ==, 0);
}

static void
freed_while_connections_are_open (Net *net)
{
    Case *self = net->data;
    int fd = enter (net);

    net_until (net->server.n_opened == 1);
    g_clear_pointer (&self->tunnel, dunlin_tunnel_free);
    assert_ended (fd);
}

typedef struct {
    const char *name;
    void (*body) (Net *net);
} Row;

#define CASE(text, function)                                                                       \
    {                                                                                              \
        "/net/tunnel/" text, function                                                              \
    }

static const Row rows[] = {
    CASE ("bytes-pass-both-ways", bytes_pass_both_ways),
    CASE ("eight-mib-pass-whole", eight_mib_pass_whole),
    CASE ("slow-server-holds-the-library-back", slow_server_holds_the_library_back),
    CASE ("another-process-is-refused", another_process_is_refused),
    CASE ("another-process-beside-ours-is-refused", another_process_beside_ours_is_refused),
    CASE ("a-server-of-another-name-is-refused", a_server_of_another_name_is_refused),
    CASE ("a-server-of-another-ca-is-refused", a_server_of_another_ca_is_refused),
    CASE ("an-expired-server-is-refused", an_expired_server_is_refused),
    CASE ("an-address-can-be-what-a-certificate-is-for",
          an_address_can_be_what_a_certificate_is_for),
    CASE ("new-connections-show-the-new-certificate", new_connections_show_the_new_certificate),
    CASE ("nobody-there-is-told", nobody_there_is_told),
    CASE ("a-server-without-tls-is-told", a_server_without_tls_is_told),
    CASE ("a-silent-server-is-given-up", a_silent_server_is_given_up),
    CASE ("failed-handshakes-become-rare", failed_handshakes_become_rare),
    CASE ("last-words-arrive", last_words_arrive),
    CASE ("the-servers-end-is-passed-on", the_servers_end_is_passed_on),
    CASE ("given-up-before-it-is-open", given_up_before_it_is_open),
    CASE ("freed-while-connections-are-open", freed_while_connections_are_open),
};

static DunlinTransport *
wrap_server (int fd, DunlinPeer *peer, gpointer data)
{
    return dunlin_tls_server_transport_new (fd, ((Case *)data)->server, peer);
}

static void
test (gconstpointer data)
{
    const Row *row = data;
    Case self = { .folder = tls_folder_new (), .name = "localhost", .timeout = LONG };

    pthread_mutex_init (&self.lock, NULL);
    self.server = tls_folder_credentials (self.folder, "server");
    self.client = tls_folder_credentials (self.folder, "client");
    net_run (row->body, wrap_server, NULL, &self);
    dunlin_tunnel_free (self.tunnel);
    dunlin_credentials_unref (self.server);
    dunlin_credentials_unref (self.client);
    g_clear_error (&self.failure);
    pthread_mutex_destroy (&self.lock);
    tls_folder_free (self.folder);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    test_log_capture ();
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        g_test_add_data_func (rows[i].name, &rows[i], test);
    return g_test_run ();
}
