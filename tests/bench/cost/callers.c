/* Callers in a loop of their own inside epoll_wait(): a round is sent on every connection, and the
 * next one when all of it is answered. */
#include "callers.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "meter.h"
#include "support/test_server.h"

#define PATIENCE_MS 60000
/* A whole round leaves with one call, however large. */
#define SEND_ROOM (1024 * 1024)

typedef struct {
    int fd;                /* owned */
    SSL *ssl;              /* owned, nullable: without TLS */
    const GByteArray *out; /* borrowed: what is being sent */
    gsize sent;
    GByteArray *in; /* owned: what came of the present round */
    gsize framed;   /* how far @in is known to be whole frames */
    guint awaited;  /* frames of the round that have not come */
} Caller;

struct CostCallers {
    const CostCase *what;
    DunlinLoop *loop;     /* borrowed: outlives us */
    SSL_CTX *context;     /* owned, nullable */
    GByteArray *preamble; /* owned */
    GByteArray *round;    /* owned */
    GByteArray *expected; /* owned, nullable: what the first round was answered with */
    Caller *callers;      /* owned */
    struct pollfd *polls; /* owned: the server's epoll descriptor, then the callers' */
    guint n;
    guint warm_up;
    guint rounds;
    guint round_number; /* 0: the preamble */
    gboolean measuring;
    gboolean done;
};

typedef int (*EpollWait) (int epoll, struct epoll_event *events, int n, int timeout_ms);

static CostCallers *acting; /* borrowed: those of the run that is on */

static SSL_CTX *
new_context (TlsFolder *folder)
{
    SSL_CTX *context = SSL_CTX_new (TLS_client_method ());

    SSL_CTX_set_min_proto_version (context, TLS1_3_VERSION);
    SSL_CTX_set_mode (context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_use_certificate_chain_file (context, tls_folder_path (folder, "client", ".pem")) !=
            1 ||
        SSL_CTX_use_PrivateKey_file (context, tls_folder_path (folder, "client", ".key"),
                                     SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_load_verify_file (context, tls_folder_path (folder, "ca", ".pem")) != 1)
        g_error ("the caller's certificates cannot be loaded from %s", folder->path);
    return context;
}

static void
connect_caller (CostCallers *self, Caller *caller, guint16 port)
{
    int room = SEND_ROOM;
    int on = 1;

    caller->fd = test_connect (port);
    setsockopt (caller->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    setsockopt (caller->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    caller->in = g_byte_array_new ();
    fcntl (caller->fd, F_SETFL, O_NONBLOCK);
    if (self->context == NULL)
        return;
    caller->ssl = SSL_new (self->context);
    SSL_set_fd (caller->ssl, caller->fd);
    SSL_set_connect_state (caller->ssl);
}

/* ---- One caller ---- */

/* A count, 0 when the socket is not ready, and never an error: those end the program. */
static gsize
outcome (const Caller *caller, int result)
{
    int code;

    if (result > 0)
        return (gsize)result;
    if (caller->ssl == NULL) {
        if (result < 0 && errno == EAGAIN)
            return 0;
        g_error ("the server closed a caller's connection: %s", g_strerror (errno));
    }
    code = SSL_get_error (caller->ssl, result);
    if (code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE)
        return 0;
    g_error ("a caller's TLS failed: %s", ERR_error_string (ERR_get_error (), NULL));
}

static gsize
send_some (const Caller *caller, const guint8 *data, gsize n)
{
    return outcome (caller, caller->ssl != NULL ? SSL_write (caller->ssl, data, (int)n)
                                                : (int)send (caller->fd, data, n, MSG_NOSIGNAL));
}

static gsize
receive_some (const Caller *caller, guint8 *data, gsize n)
{
    return outcome (caller, caller->ssl != NULL ? SSL_read (caller->ssl, data, (int)n)
                                                : (int)recv (caller->fd, data, n, 0));
}

static void
send_rest (Caller *caller)
{
    gsize n;

    while (caller->sent < caller->out->len) {
        n = send_some (caller, caller->out->data + caller->sent, caller->out->len - caller->sent);
        if (n == 0)
            return;
        caller->sent += n;
    }
}

static void
count_frames (Caller *caller)
{
    const GByteArray *in = caller->in;
    guint32 size;

    while (in->len - caller->framed >= sizeof size) {
        memcpy (&size, in->data + caller->framed, sizeof size);
        size = GUINT32_FROM_BE (size) + (guint32)sizeof size;
        if (in->len - caller->framed < size)
            return;
        g_assert_cmpuint (caller->awaited, >, 0);
        caller->framed += size;
        caller->awaited--;
    }
}

static void
receive_all (Caller *caller)
{
    guint8 piece[65536];
    gsize n;

    while ((n = receive_some (caller, piece, sizeof piece)) > 0) {
        g_byte_array_append (caller->in, piece, (guint)n);
        count_frames (caller);
    }
}

static void
begin_round (Caller *caller, const GByteArray *out, guint awaited)
{
    caller->out = out;
    caller->sent = 0;
    caller->awaited = awaited;
    caller->framed = 0;
    g_byte_array_set_size (caller->in, 0);
    send_rest (caller);
}

static gboolean
is_open (const Caller *caller)
{
    return caller->ssl == NULL || SSL_is_init_finished (caller->ssl);
}

static gboolean
is_sending (const Caller *caller)
{
    return is_open (caller) && caller->sent < caller->out->len;
}

static void
act (Caller *caller)
{
    if (!is_open (caller) && outcome (caller, SSL_do_handshake (caller->ssl)) == 0)
        return;
    send_rest (caller);
    receive_all (caller);
}

/* ---- All of them ---- */

static gboolean
is_answered (const CostCallers *self)
{
    for (guint i = 0; i < self->n; i++) {
        if (!is_open (&self->callers[i]) || self->callers[i].awaited > 0)
            return FALSE;
    }
    return TRUE;
}

static void
check_replies (CostCallers *self)
{
    if (self->round_number == 0)
        return;
    if (self->expected == NULL) {
        const GByteArray *first = self->callers[0].in;

        if (!cost_case_is_answered (self->what, first))
            g_error ("%s: the server's first replies are no good ones", self->what->name);
        self->expected = g_byte_array_new ();
        g_byte_array_append (self->expected, first->data, first->len);
    }
    for (guint i = 0; i < self->n; i++) {
        const GByteArray *in = self->callers[i].in;

        if (in->len != self->expected->len || memcmp (in->data, self->expected->data, in->len) != 0)
            g_error ("%s: another reply than before", self->what->name);
    }
}

static void
next_round (CostCallers *self)
{
    check_replies (self);
    if (self->round_number == self->warm_up + self->rounds) {
        self->measuring = FALSE;
        self->done = TRUE;
        dunlin_loop_stop (self->loop);
        return;
    }
    if (self->round_number == 0)
        cost_meter_warm_up ();
    self->measuring = self->round_number >= self->warm_up;
    self->round_number++;
    for (guint i = 0; i < self->n; i++)
        begin_round (&self->callers[i], self->round, self->what->in_flight);
}

static void
fill_polls (CostCallers *self, int epoll)
{
    self->polls[0] = (struct pollfd){ .fd = epoll, .events = POLLIN };
    for (guint i = 0; i < self->n; i++) {
        const Caller *caller = &self->callers[i];

        self->polls[i + 1] =
            (struct pollfd){ .fd = caller->fd,
                             .events = is_sending (caller) ? POLLIN | POLLOUT : POLLIN };
    }
}

/* Whether a caller had something to do; waits until somebody has. */
static gboolean
act_once (CostCallers *self, int epoll, int timeout_ms)
{
    gboolean acted = FALSE;

    fill_polls (self, epoll);
    if (poll (self->polls, self->n + 1, timeout_ms < 0 ? PATIENCE_MS : timeout_ms) == 0 &&
        timeout_ms < 0)
        g_error ("%s: the server does not answer", self->what->name);
    for (guint i = 0; i < self->n; i++) {
        if (self->polls[i + 1].revents == 0)
            continue;
        act (&self->callers[i]);
        acted = TRUE;
    }
    return acted;
}

/* Until the server has something to do, and no caller has. */
static void
act_all (CostCallers *self, int epoll, int timeout_ms)
{
    do {
        if (is_answered (self))
            next_round (self);
    } while (!self->done && act_once (self, epoll, timeout_ms));
}

static EpollWait
real_epoll_wait (void)
{
    static EpollWait real;

    if (real == NULL)
        real = (EpollWait)dlsym (RTLD_NEXT, "epoll_wait");
    return real;
}

/* In front of the C library's: this is where the server's loop waits. */
int
epoll_wait (int epoll, struct epoll_event *events, int n, int timeout_ms)
{
    EpollWait wait;

    cost_meter_pause ();
    wait = real_epoll_wait ();
    if (acting != NULL && !acting->done && timeout_ms != 0)
        act_all (acting, epoll, timeout_ms);
    if (acting != NULL && acting->measuring)
        cost_meter_resume ();
    cost_meter_note_system_call ();
    return wait (epoll, events, n, timeout_ms);
}

CostCallers *
cost_callers_new (const CostCase *what, guint16 port, TlsFolder *folder, DunlinLoop *loop,
                  guint warm_up, guint rounds)
{
    CostCallers *self = g_new0 (CostCallers, 1);

    self->what = what;
    self->loop = loop;
    self->context = folder != NULL ? new_context (folder) : NULL;
    self->preamble = cost_case_preamble (what);
    self->round = cost_case_round (what);
    self->n = what->connections;
    self->callers = g_new0 (Caller, self->n);
    self->polls = g_new0 (struct pollfd, self->n + 1);
    self->warm_up = warm_up;
    self->rounds = rounds;
    for (guint i = 0; i < self->n; i++) {
        connect_caller (self, &self->callers[i], port);
        self->callers[i].out = self->preamble;
        self->callers[i].awaited = self->preamble->len > 0 ? 1 : 0;
        act (&self->callers[i]);
    }
    acting = self;
    return self;
}

void
cost_callers_free (CostCallers *self)
{
    acting = NULL;
    for (guint i = 0; i < self->n; i++) {
        SSL_free (self->callers[i].ssl);
        close (self->callers[i].fd);
        g_byte_array_unref (self->callers[i].in);
    }
    SSL_CTX_free (self->context);
    g_byte_array_unref (self->preamble);
    g_byte_array_unref (self->round);
    if (self->expected != NULL)
        g_byte_array_unref (self->expected);
    g_free (self->callers);
    g_free (self->polls);
    g_free (self);
}
