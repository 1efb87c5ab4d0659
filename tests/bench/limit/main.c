/* bench_limit: what TLS over a socket costs at the least. One thread, epoll and OpenSSL: it reads
 * frames and writes prebuilt replies, of framed Thrift and of ThriftMux. There is no Thrift in it
 * and nothing that a service needs: no server can be faster with the same OpenSSL. */
#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/limit/reply.h"

/* Memory that goes back to the kernel has to be zeroed by it when it is used again. */
#define KEPT_BYTES     (1 << 28)
#define BACKLOG        4096
#define EVENTS_AT_ONCE 256
/* No call of the benchmark is larger. */
#define FRAME_MAX (80u << 20)
/* A reply that is larger is not copied to those before it. */
#define GATHERED_MAX 8192

typedef struct {
    Link link;
    gboolean is_open;
    gboolean wants_write;
} Connection;

typedef struct {
    int epoll;
    int listener;
    SSL_CTX *context;        /* owned, nullable */
    GHashTable *connections; /* owned: a set; it is only there to be freed at the end */
    LimitReplies replies;
    LinkBytes out; /* replies that are encrypted together */
} Limit;

static char *tls = "off";
static char *certificate;
static char *key;
static char *ca;
static int loops = 1;
static volatile sig_atomic_t stopped;

static const GOptionEntry entries[] = {
    { "tls", 0, 0, G_OPTION_ARG_STRING, &tls, "off or 1.3", "VERSION" },
    { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate, "ours", "FILE" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "ours", "FILE" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &ca, "of the callers", "FILE" },
    { "loops", 0, 0, G_OPTION_ARG_INT, &loops, "taken for the other servers' sake; there is one",
      "1" },
    { NULL, 0, 0, 0, NULL, NULL, NULL }
};

static void
on_signal (int number)
{
    stopped = 1;
}

static SSL_CTX *
new_context (void)
{
    SSL_CTX *context = SSL_CTX_new (TLS_server_method ());

    SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
    SSL_CTX_set_verify (context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_session_id_context (context, (const guint8 *)"limit", 5);
    /* Sessions stay here: a ticket that holds one has to be written and read as ASN.1, with the
     * caller's certificate in it, which makes a resumed handshake nearly as dear as a full one. */
    SSL_CTX_set_options (context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets (context, 1);
    if (SSL_CTX_load_verify_locations (context, ca, NULL) == 1 &&
        SSL_CTX_use_certificate_chain_file (context, certificate) == 1 &&
        SSL_CTX_use_PrivateKey_file (context, key, SSL_FILETYPE_PEM) == 1)
        return context;
    ERR_print_errors_fp (stderr);
    exit (2);
}

static void
watch (Limit *self, Connection *connection, int operation, gboolean write)
{
    struct epoll_event event = { .events = EPOLLIN | (write ? EPOLLOUT : 0),
                                 .data.ptr = connection };

    epoll_ctl (self->epoll, operation, connection->link.fd, &event);
    connection->wants_write = write;
}

static void
free_connection (gpointer data)
{
    Connection *connection = data;

    if (connection->is_open && connection->link.ssl != NULL)
        SSL_shutdown (connection->link.ssl);
    link_flush (&connection->link);
    link_close (&connection->link);
    g_free (connection);
}

static void
drop (Limit *self, Connection *connection)
{
    g_hash_table_remove (self->connections, connection);
}

/* Returns: FALSE when the connection is gone. */
static gboolean
flush (Limit *self, Connection *connection)
{
    LinkStatus status = link_flush (&connection->link);

    if (status == LINK_FAILED) {
        drop (self, connection);
        return FALSE;
    }
    if ((status == LINK_AGAIN) != connection->wants_write)
        watch (self, connection, EPOLL_CTL_MOD, status == LINK_AGAIN);
    return TRUE;
}

static gboolean
send_gathered (Connection *connection, LinkBytes *out)
{
    gsize length = link_bytes_length (out);
    gboolean sent =
        length == 0 || link_write (&connection->link, out->data + out->start, length) == LINK_OK;

    out->start = out->end = 0;
    return sent;
}

/* Answers one frame: together with others, or by itself. */
static gboolean
answer_one (Limit *self, Connection *connection, guint8 *frame, gsize n, LinkBytes *out)
{
    LimitAnswer answer = { 0 };

    if (!limit_reply (&self->replies, frame, n, out, &answer))
        return FALSE;
    if (answer.data == NULL)
        return TRUE;
    if (answer.length < GATHERED_MAX) {
        link_bytes_append (out, answer.data, answer.length);
        return TRUE;
    }
    send_gathered (connection, out);
    return link_write (&connection->link, answer.data, answer.length) == LINK_OK;
}

/* Answers all that is there. Returns: FALSE when it makes no sense. */
static gboolean
answer_all (Limit *self, Connection *connection)
{
    LinkBytes *out = &self->out;
    LinkBytes *in = &connection->link.in;
    guint32 size;

    for (;;) {
        gsize length = link_bytes_length (in);

        if (length < sizeof size)
            break;
        memcpy (&size, in->data + in->start, sizeof size);
        size = GUINT32_FROM_BE (size);
        if (size > FRAME_MAX)
            return FALSE;
        if (length - sizeof size < size) {
            link_bytes_reserve (in, size - (length - sizeof size));
            break;
        }
        if (!answer_one (self, connection, in->data + in->start + sizeof size, size, out))
            return FALSE;
        link_bytes_consume (in, sizeof size + size);
    }
    link_settle (&connection->link);
    return send_gathered (connection, out);
}

static void
take_input (Limit *self, Connection *connection)
{
    LinkStatus status = link_receive (&connection->link);

    if (status == LINK_AGAIN) {
        link_settle (&connection->link);
        return;
    }
    if (status != LINK_OK || !answer_all (self, connection)) {
        drop (self, connection);
        return;
    }
    flush (self, connection);
}

static void
handle (Limit *self, Connection *connection, guint32 events)
{
    if (!connection->is_open) {
        LinkStatus status = link_handshake (&connection->link);

        if (status == LINK_FAILED || status == LINK_CLOSED) {
            drop (self, connection);
            return;
        }
        connection->is_open = status == LINK_OK;
        if (!flush (self, connection) || !connection->is_open ||
            (connection->link.ssl != NULL && connection->link.raw_length == 0))
            return;
        take_input (self, connection);
        return;
    }
    if ((events & EPOLLOUT) && !flush (self, connection))
        return;
    if (events & ~(guint32)EPOLLOUT)
        take_input (self, connection);
}

static void
accept_all (Limit *self)
{
    int on = 1;
    int fd;

    while ((fd = accept4 (self->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        Connection *connection = g_new0 (Connection, 1);

        setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        link_open (&connection->link, fd, self->context, TRUE);
        g_hash_table_add (self->connections, connection);
        watch (self, connection, EPOLL_CTL_ADD, FALSE);
    }
}

static void
run (Limit *self)
{
    struct epoll_event events[EVENTS_AT_ONCE];

    while (!stopped) {
        int n = epoll_wait (self->epoll, events, EVENTS_AT_ONCE, -1);

        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == NULL)
                accept_all (self);
            else
                handle (self, events[i].data.ptr, events[i].events);
        }
    }
}

static void
start_listening (Limit *self)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };

    self->listener = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind (self->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen (self->listener, BACKLOG) != 0) {
        perror ("bench_limit: listening on 127.0.0.1");
        exit (1);
    }
    getsockname (self->listener, (struct sockaddr *)&address, &length);
    self->epoll = epoll_create1 (EPOLL_CLOEXEC);
    epoll_ctl (self->epoll, EPOLL_CTL_ADD, self->listener, &event);
    printf ("listening thrift 127.0.0.1:%d\n", ntohs (address.sin_port));
    (void)fflush (stdout);
}

static void
raise_file_limit (void)
{
    struct rlimit limit;

    getrlimit (RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
}

int
main (int argc, char *argv[])
{
    g_autoptr (GOptionContext) options = g_option_context_new ("- answers without thinking");
    g_autoptr (GError) error = NULL;
    struct sigaction stop = { .sa_handler = on_signal };
    Limit self = { 0 };

    g_option_context_add_main_entries (options, entries, NULL);
    if (!g_option_context_parse (options, &argc, &argv, &error)) {
        fprintf (stderr, "bench_limit: %s\n", error->message);
        return 2;
    }
    sigaction (SIGTERM, &stop, NULL);
    sigaction (SIGINT, &stop, NULL);
    raise_file_limit ();
    mallopt (M_MMAP_THRESHOLD, KEPT_BYTES);
    mallopt (M_TRIM_THRESHOLD, KEPT_BYTES);
    link_init_once ();
    limit_replies_init (&self.replies);
    if (strcmp (tls, "off") != 0)
        self.context = new_context ();
    self.connections = g_hash_table_new_full (NULL, NULL, free_connection, NULL);
    start_listening (&self);
    run (&self);
    g_hash_table_unref (self.connections);
    limit_replies_clear (&self.replies);
    SSL_CTX_free (self.context);
    link_bytes_clear (&self.out);
    link_end_thread ();
    return 0;
}
