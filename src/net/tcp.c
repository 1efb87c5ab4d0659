/* Listening, accepting and connecting, and the transport that adds nothing to a socket. */
#define G_LOG_DOMAIN "dunlin-net"
#include "net/tcp.h"

#include "base/clock.h"
#include "base/log.h"
#include "net/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Connections taken in one wake-up before the loop's other work gets its turn. */
#define ACCEPT_BATCH 64

/* How long to wait when there are no descriptors or no memory: those who call wait in the backlog
 * meanwhile, and most are served when others have gone. */
#define OUT_OF_FDS_PAUSE (G_USEC_PER_SEC / 10)

/* Between two log lines about that. */
#define OUT_OF_FDS_LOG (10 * G_USEC_PER_SEC)

/* Finds dead peers within about two minutes, below NAT gateways' usual five. */
#define KEEPALIVE_IDLE_SECONDS     60
#define KEEPALIVE_INTERVAL_SECONDS 10
#define KEEPALIVE_PROBES           6

struct DunlinListener {
    int fd; /* owned; -1 when stopped */
    guint16 port;
    char *host;          /* owned */
    struct event *event; /* owned: while started */
    DunlinTimer *timer;  /* owned: likewise; ends a pause */
    gint64 last_log;
    DunlinAcceptFunc accept;
    gpointer data;
};

typedef struct {
    struct sockaddr_storage storage;
    socklen_t length;
} Address;

static void
unmap_v4 (Address *address)
{
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address->storage;
    struct sockaddr_in v4 = { .sin_family = AF_INET };

    if (v6->sin6_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED (&v6->sin6_addr))
        return;
    v4.sin_port = v6->sin6_port;
    memcpy (&v4.sin_addr, &v6->sin6_addr.s6_addr[12], sizeof v4.sin_addr);
    memcpy (&address->storage, &v4, sizeof v4);
    address->length = sizeof v4;
}

static guint16
address_port (const Address *address)
{
    if (address->storage.ss_family == AF_INET6)
        return ntohs (((const struct sockaddr_in6 *)&address->storage)->sin6_port);
    return ntohs (((const struct sockaddr_in *)&address->storage)->sin_port);
}

static void
address_host (const Address *address, char text[INET6_ADDRSTRLEN])
{
    const void *raw = &((const struct sockaddr_in *)&address->storage)->sin_addr;

    if (address->storage.ss_family == AF_INET6)
        raw = &((const struct sockaddr_in6 *)&address->storage)->sin6_addr;
    if (inet_ntop (address->storage.ss_family, raw, text, INET6_ADDRSTRLEN) == NULL)
        g_strlcpy (text, "?", INET6_ADDRSTRLEN);
}

static DunlinPeer *
make_peer (Address *address)
{
    char host[INET6_ADDRSTRLEN];
    char text[INET6_ADDRSTRLEN + sizeof "[]:65535"];
    const char *format;

    unmap_v4 (address);
    address_host (address, host);
    format = address->storage.ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u";
    g_snprintf (text, sizeof text, format, host, address_port (address));
    return dunlin_peer_new (text);
}

static void
set_option (int fd, int level, int name, int value)
{
    setsockopt (fd, level, name, &value, sizeof value);
}

/* Small replies at once, dead peers found. On a listening socket Linux hands these down to every
 * accepted one, which saves the calls there. */
static void
set_options (int fd)
{
    set_option (fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option (fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option (fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
    set_option (fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS);
    set_option (fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
}

static int
try_listen (const struct addrinfo *candidate, int backlog)
{
    int fd = socket (candidate->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int code;

    if (fd < 0)
        return -1;
    set_option (fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (candidate->ai_family == AF_INET6)
        set_option (fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    set_options (fd);
    if (bind (fd, candidate->ai_addr, candidate->ai_addrlen) == 0 && listen (fd, backlog) == 0)
        return fd;
    code = errno;
    close (fd);
    errno = code;
    return -1;
}

static struct addrinfo *
look_up (const char *host, guint16 port, int flags, int family, GError **error)
{
    struct addrinfo hints = { .ai_family = family,
                              .ai_socktype = SOCK_STREAM,
                              .ai_flags = flags | AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    char service[8];
    int code;

    g_snprintf (service, sizeof service, "%u", port);
    code = getaddrinfo (host, service, &hints, &found);
    if (code == 0)
        return found;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "no such address '%s': %s",
                 host != NULL ? host : "*",
                 code == EAI_SYSTEM ? g_strerror (errno) : gai_strerror (code));
    return NULL;
}

static const char *
remedy (int code)
{
    switch (code) {
    case EADDRINUSE:
        return " (another process listens there: choose another port, or 0 for any)";
    case EACCES:
        return " (ports below 1024 need the CAP_NET_BIND_SERVICE capability)";
    case EADDRNOTAVAIL:
        return " (no interface of this machine has this address)";
    default:
        return "";
    }
}

/* Every address means both families on one socket; without IPv6 on this machine, the other. */
static int
listen_on (const char *host, guint16 port, int backlog, GError **error)
{
    gboolean everywhere = host == NULL || *host == '\0' || strcmp (host, "*") == 0;
    const int families[] = { everywhere ? AF_INET6 : AF_UNSPEC, AF_INET };
    int code = 0;

    for (guint i = 0; i < (everywhere ? 2 : 1); i++) {
        struct addrinfo *found =
            look_up (everywhere ? NULL : host, port, AI_PASSIVE, families[i], error);
        int fd = -1;

        if (found == NULL)
            return -1;
        for (struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next)
            fd = try_listen (at, backlog);
        code = errno;
        freeaddrinfo (found);
        if (fd >= 0)
            return fd;
        if (code != EAFNOSUPPORT && code != EADDRNOTAVAIL)
            break;
    }
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "cannot listen on %s:%u: %s%s",
                 everywhere ? "*" : host, port, g_strerror (code), remedy (code));
    return -1;
}

DunlinListener *
dunlin_listener_new (const char *host, guint16 port, int backlog, GError **error)
{
    int fd = listen_on (host, port, backlog, error);
    Address address = { .length = sizeof address.storage };
    char text[INET6_ADDRSTRLEN];
    DunlinListener *self;

    if (fd < 0)
        return NULL;
    getsockname (fd, (struct sockaddr *)&address.storage, &address.length);
    address_host (&address, text);
    self = g_new0 (DunlinListener, 1);
    self->fd = fd;
    self->port = address_port (&address);
    self->host = g_strdup (text);
    return self;
}

static void
pause_accepting (DunlinListener *self, int code)
{
    gint64 now = dunlin_clock_now ();

    event_del (self->event);
    dunlin_timer_arm (self->timer, now + OUT_OF_FDS_PAUSE);
    if (self->last_log != 0 && now - self->last_log < OUT_OF_FDS_LOG)
        return;
    self->last_log = now;
    dunlin_log_error ("%s:%u: cannot accept connections: %s. New callers wait. Remedy: raise the "
                      "limit on open files (LimitNOFILE, ulimit -n) or allow fewer connections",
                      self->host, self->port, g_strerror (code));
}

static void
on_pause_over (gpointer data)
{
    event_add (((DunlinListener *)data)->event, NULL);
}

/* What is wrong with one connection (aborted before we came, a firewall's refusal) is told here
 * too: accept(2). */
static gboolean
is_out_of_resources (int code)
{
    return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

static void
on_connection (evutil_socket_t fd, short what, void *data)
{
    DunlinListener *self = data;

    for (int i = 0; i < ACCEPT_BATCH && self->event != NULL; i++) {
        Address address = { .length = sizeof address.storage };
        int accepted = accept4 (self->fd, (struct sockaddr *)&address.storage, &address.length,
                                SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (accepted >= 0) {
            self->accept (accepted, make_peer (&address), self->data);
            continue;
        }
        if (errno == EAGAIN)
            return;
        if (is_out_of_resources (errno)) {
            pause_accepting (self, errno);
            return;
        }
    }
}

void
dunlin_listener_start (DunlinListener *self, DunlinLoop *loop, DunlinAcceptFunc accept,
                       gpointer data)
{
    g_return_if_fail (self->fd >= 0 && self->event == NULL);
    self->accept = accept;
    self->data = data;
    self->timer = dunlin_timer_new (loop, on_pause_over, self);
    self->event = event_new (dunlin_loop_event_base (loop), self->fd, EV_READ | EV_PERSIST,
                             on_connection, self);
    event_add (self->event, NULL);
}

void
dunlin_listener_stop (DunlinListener *self)
{
    if (self->fd < 0)
        return;
    g_clear_pointer (&self->event, event_free);
    g_clear_pointer (&self->timer, dunlin_timer_free);
    close (self->fd);
    self->fd = -1;
}

void
dunlin_listener_free (DunlinListener *self)
{
    if (self == NULL)
        return;
    dunlin_listener_stop (self);
    g_free (self->host);
    g_free (self);
}

guint16
dunlin_listener_port (DunlinListener *self)
{
    return self->port;
}

const char *
dunlin_listener_host (DunlinListener *self)
{
    return self->host;
}

int
dunlin_tcp_connect (const char *address, guint16 port, GError **error)
{
    struct addrinfo *found = look_up (address, port, AI_NUMERICHOST, AF_UNSPEC, error);
    int fd;
    int code;

    if (found == NULL)
        return -1;
    fd = socket (found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        set_options (fd);
    if (fd >= 0 && (connect (fd, found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS)) {
        freeaddrinfo (found);
        return fd;
    }
    code = errno;
    freeaddrinfo (found);
    if (fd >= 0)
        close (fd);
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "cannot connect to %s port %u: %s",
                 address, port, g_strerror (code));
    return -1;
}

int
dunlin_unix_connect (const char *path, GError **error)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    int fd = -1;
    int code = ENAMETOOLONG;

    if (g_strlcpy (name.sun_path, path, sizeof name.sun_path) < sizeof name.sun_path) {
        fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect (fd, (struct sockaddr *)&name, sizeof name) == 0)
            return fd;
        code = errno;
    }
    if (fd >= 0)
        close (fd);
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "cannot connect to %s: %s", path,
                 g_strerror (code));
    return -1;
}

/* --- the plain transport --- */

typedef struct {
    DunlinTransport transport;
    int fd; /* borrowed: the stream's */
} Plain;

static DunlinIo
plain_handshake (DunlinTransport *transport, GError **error)
{
    return dunlin_socket_finish_connect (((Plain *)transport)->fd, error);
}

static DunlinIo
plain_read (DunlinTransport *transport, guint8 *data, gsize n, gsize *done, GError **error)
{
    return dunlin_socket_read (((Plain *)transport)->fd, data, n, done, error);
}

static DunlinIo
plain_write (DunlinTransport *transport, const guint8 *data, gsize n, gsize *done, GError **error)
{
    return dunlin_socket_write (((Plain *)transport)->fd, data, n, done, error);
}

static void
plain_shutdown (DunlinTransport *transport)
{
}

static void
plain_free (DunlinTransport *transport)
{
    g_free (transport);
}

static const DunlinTransportClass plain_class = {
    .handshake = plain_handshake,
    .read = plain_read,
    .write = plain_write,
    .shutdown = plain_shutdown,
    .free = plain_free,
};

DunlinTransport *
dunlin_tcp_transport_new (int fd)
{
    Plain *self = g_new0 (Plain, 1);

    self->transport.class = &plain_class;
    self->fd = fd;
    return &self->transport;
}
