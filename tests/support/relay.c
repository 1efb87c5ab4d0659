/* A TCP relay on loopback: see the header. */
#include "support/relay.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PAIRS 32
#define CHUNK     65536
/* ZooKeeper's answer to a connect: length, protocol, timeout, session, password's length. */
#define SESSION_OFFSET  12
#define PASSWORD_OFFSET 24
#define PASSWORD_BYTES  16

typedef struct {
    int client;
    int server;
    gboolean answered; /* the server has sent something */
    gboolean swallowing;
} Pair;

struct TestRelay {
    int listener;
    int wakeup;
    guint16 port;
    guint16 target;
    pthread_t thread;

    pthread_mutex_t lock; /* guards all below up to the pairs */
    gboolean stop;
    gboolean hold;
    gboolean cut;
    char *request; /* owned, nullable: what to swallow the reply of */
    char *reply;   /* owned */
    char *last;    /* owned, nullable: the request after which to hold */
    gboolean swallowed;
    guint n_accepted;
    gint64 session_id;
    guint8 password[PASSWORD_BYTES];

    Pair pairs[MAX_PAIRS]; /* only the thread's */
    guint n_pairs;
};

static struct sockaddr_in
loopback (guint16 port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = g_htons (port),
                                 .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
}

static void
drop_pair (TestRelay *self, guint i)
{
    close (self->pairs[i].client);
    close (self->pairs[i].server);
    self->pairs[i] = self->pairs[--self->n_pairs];
}

static void
accept_pair (TestRelay *self)
{
    struct sockaddr_in address = loopback (self->target);
    int client = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC);
    int server;

    if (client < 0)
        return;
    server = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (self->n_pairs == MAX_PAIRS ||
        connect (server, (struct sockaddr *)&address, sizeof address) != 0) {
        close (client);
        close (server);
        return;
    }
    self->pairs[self->n_pairs++] = (Pair){ .client = client, .server = server };
    pthread_mutex_lock (&self->lock);
    self->n_accepted++;
    pthread_mutex_unlock (&self->lock);
}

static gboolean
contains (const char *chunk, gssize n, const char *text)
{
    return memmem (chunk, (gsize)n, text, strlen (text)) != NULL;
}

static void
note_request (TestRelay *self, Pair *pair, const char *chunk, gssize n)
{
    pthread_mutex_lock (&self->lock);
    if (self->request != NULL && contains (chunk, n, self->request)) {
        g_clear_pointer (&self->request, g_free);
        pair->swallowing = TRUE;
    }
    if (self->last != NULL && contains (chunk, n, self->last)) {
        g_clear_pointer (&self->last, g_free);
        self->hold = TRUE;
    }
    pthread_mutex_unlock (&self->lock);
}

/* FALSE when the reply is to be thrown away, and the connection with it. */
static gboolean
note_reply (TestRelay *self, Pair *pair, const char *chunk, gssize n)
{
    gboolean pass = TRUE;

    pthread_mutex_lock (&self->lock);
    if (!pair->answered && n >= PASSWORD_OFFSET + PASSWORD_BYTES) {
        memcpy (&self->session_id, chunk + SESSION_OFFSET, sizeof self->session_id);
        self->session_id = GINT64_FROM_BE (self->session_id);
        memcpy (self->password, chunk + PASSWORD_OFFSET, PASSWORD_BYTES);
    }
    pair->answered = TRUE;
    if (pair->swallowing && contains (chunk, n, self->reply)) {
        self->swallowed = TRUE;
        pass = FALSE;
    }
    pthread_mutex_unlock (&self->lock);
    return pass;
}

static gboolean
write_all (int fd, const char *chunk, gssize n)
{
    while (n > 0) {
        gssize sent = send (fd, chunk, (gsize)n, MSG_NOSIGNAL);

        if (sent <= 0)
            return FALSE;
        chunk += sent;
        n -= sent;
    }
    return TRUE;
}

/* FALSE when the pair has ended. */
static gboolean
pump (TestRelay *self, Pair *pair, gboolean from_server)
{
    char chunk[CHUNK];
    int from = from_server ? pair->server : pair->client;
    int to = from_server ? pair->client : pair->server;
    gssize n = recv (from, chunk, sizeof chunk, 0);

    if (n <= 0)
        return FALSE;
    if (!from_server)
        note_request (self, pair, chunk, n);
    else if (!note_reply (self, pair, chunk, n))
        return FALSE;
    return write_all (to, chunk, n);
}

typedef struct {
    gboolean stop, hold, cut;
} Orders;

static Orders
take_orders (TestRelay *self)
{
    Orders orders;

    pthread_mutex_lock (&self->lock);
    orders = (Orders){ .stop = self->stop, .hold = self->hold, .cut = self->cut };
    self->cut = FALSE;
    pthread_mutex_unlock (&self->lock);
    return orders;
}

/* wakeup, listener, then client and server of each pair; a held one is not looked at (-1). */
static void
fill (TestRelay *self, struct pollfd *fds, gboolean hold)
{
    fds[0] = (struct pollfd){ .fd = self->wakeup, .events = POLLIN };
    fds[1] = (struct pollfd){ .fd = hold ? -1 : self->listener, .events = POLLIN };
    for (guint i = 0; i < self->n_pairs; i++) {
        fds[2 + 2 * i] =
            (struct pollfd){ .fd = hold ? -1 : self->pairs[i].client, .events = POLLIN };
        fds[3 + 2 * i] =
            (struct pollfd){ .fd = hold ? -1 : self->pairs[i].server, .events = POLLIN };
    }
}

static void
turn (TestRelay *self, gboolean hold)
{
    struct pollfd fds[2 + 2 * MAX_PAIRS];
    guint n_pairs = self->n_pairs;
    guint64 count;

    fill (self, fds, hold);
    poll (fds, 2 + 2 * n_pairs, -1);
    if (fds[0].revents != 0)
        (void)!read (self->wakeup, &count, sizeof count);
    /* From the end: drop_pair() moves the last one into the gap. */
    for (guint i = n_pairs; i-- > 0;) {
        if ((fds[2 + 2 * i].revents != 0 && !pump (self, &self->pairs[i], FALSE)) ||
            (fds[3 + 2 * i].revents != 0 && !pump (self, &self->pairs[i], TRUE)))
            drop_pair (self, i);
    }
    if (fds[1].revents != 0)
        accept_pair (self);
}

static void *
run (void *data)
{
    TestRelay *self = data;

    for (;;) {
        Orders orders = take_orders (self);

        while ((orders.cut || orders.stop) && self->n_pairs > 0)
            drop_pair (self, 0);
        if (orders.stop)
            return NULL;
        turn (self, orders.hold);
    }
}

TestRelay *
test_relay_new (guint16 target_port)
{
    TestRelay *self = g_new0 (TestRelay, 1);
    struct sockaddr_in address = loopback (0);
    socklen_t length = sizeof address;

    self->target = target_port;
    pthread_mutex_init (&self->lock, NULL);
    self->wakeup = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint (bind (self->listener, (struct sockaddr *)&address, length), ==, 0);
    g_assert_cmpint (listen (self->listener, 16), ==, 0);
    getsockname (self->listener, (struct sockaddr *)&address, &length);
    self->port = g_ntohs (address.sin_port);
    pthread_create (&self->thread, NULL, run, self);
    return self;
}

static void
wake (TestRelay *self)
{
    const guint64 one = 1;

    (void)!write (self->wakeup, &one, sizeof one);
}

void
test_relay_free (TestRelay *self)
{
    if (self == NULL)
        return;
    pthread_mutex_lock (&self->lock);
    self->stop = TRUE;
    pthread_mutex_unlock (&self->lock);
    wake (self);
    pthread_join (self->thread, NULL);
    pthread_mutex_destroy (&self->lock);
    close (self->listener);
    close (self->wakeup);
    g_free (self->request);
    g_free (self->reply);
    g_free (self->last);
    g_free (self);
}

guint16
test_relay_port (TestRelay *self)
{
    return self->port;
}

void
test_relay_hold (TestRelay *self, gboolean hold)
{
    pthread_mutex_lock (&self->lock);
    self->hold = hold;
    pthread_mutex_unlock (&self->lock);
    wake (self);
}

void
test_relay_cut (TestRelay *self)
{
    pthread_mutex_lock (&self->lock);
    self->cut = TRUE;
    pthread_mutex_unlock (&self->lock);
    wake (self);
}

void
test_relay_swallow (TestRelay *self, const char *request, const char *reply)
{
    pthread_mutex_lock (&self->lock);
    g_free (self->request);
    g_free (self->reply);
    self->request = g_strdup (request);
    self->reply = g_strdup (reply);
    self->swallowed = FALSE;
    pthread_mutex_unlock (&self->lock);
}

void
test_relay_hold_after (TestRelay *self, const char *request)
{
    pthread_mutex_lock (&self->lock);
    g_free (self->last);
    self->last = g_strdup (request);
    pthread_mutex_unlock (&self->lock);
}

gboolean
test_relay_has_swallowed (TestRelay *self)
{
    gboolean swallowed;

    pthread_mutex_lock (&self->lock);
    swallowed = self->swallowed;
    pthread_mutex_unlock (&self->lock);
    return swallowed;
}

guint
test_relay_n_accepted (TestRelay *self)
{
    guint n;

    pthread_mutex_lock (&self->lock);
    n = self->n_accepted;
    pthread_mutex_unlock (&self->lock);
    return n;
}

void
test_relay_get_session (TestRelay *self, gint64 *id, guint8 *password)
{
    pthread_mutex_lock (&self->lock);
    *id = self->session_id;
    memcpy (password, self->password, PASSWORD_BYTES);
    pthread_mutex_unlock (&self->lock);
}
