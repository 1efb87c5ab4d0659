/* The address that a service tells its callers: see the header. */
#include "discovery/advertise.h"

#include "base/error.h"
#include "discovery/ensemble.h"
#include "discovery/host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REMEDY                                                                                     \
    "set zookeeper.advertise to a name or an address at which callers reach this service, and "    \
    "thrift.host so that it listens there"

/* What an address is good for, the worst last. */
typedef enum { GOOD, LOOPBACK, LINK_LOCAL, MULTICAST, NO_HOST, UNSPECIFIED, N_KINDS } Kind;

static const char *const faults[N_KINDS] = {
    [LOOPBACK] = "is loopback, while ZooKeeper is elsewhere: callers would call their own machine",
    [LINK_LOCAL] = "holds on one link only, and callers cannot know which",
    [MULTICAST] = "is a multicast or broadcast address, which nobody can connect to",
    [NO_HOST] = "is of 0.0.0.0/8, where no machine is (a port is said as HOST:PORT)",
    [UNSPECIFIED] = "stands for every address of a machine: callers cannot connect to it",
};

/* Where ZooKeeper is, as far as it can be known now. */
typedef struct {
    struct sockaddr_storage *addresses; /* owned */
    guint n;
    gboolean is_local; /* all of it is on loopback */
} Place;

static Kind
kind_of_ipv4 (guint32 address)
{
    if (address == INADDR_ANY)
        return UNSPECIFIED;
    if (address >> 24 == 0) /* "9090" is 0.0.35.130 to the resolver */
        return NO_HOST;
    if (IN_MULTICAST (address) || address == INADDR_BROADCAST)
        return MULTICAST;
    return address >> 24 == IN_LOOPBACKNET ? LOOPBACK : GOOD;
}

static Kind
kind_of_ipv6 (const struct in6_addr *address)
{
    guint32 last;

    if (IN6_IS_ADDR_V4MAPPED (address)) {
        memcpy (&last, address->s6_addr + 12, sizeof last);
        return kind_of_ipv4 (ntohl (last));
    }
    if (IN6_IS_ADDR_UNSPECIFIED (address))
        return UNSPECIFIED;
    if (IN6_IS_ADDR_MULTICAST (address))
        return MULTICAST;
    if (IN6_IS_ADDR_LINKLOCAL (address))
        return LINK_LOCAL;
    return IN6_IS_ADDR_LOOPBACK (address) ? LOOPBACK : GOOD;
}

static Kind
kind_of (const struct sockaddr *address)
{
    if (address->sa_family == AF_INET6)
        return kind_of_ipv6 (&((const struct sockaddr_in6 *)address)->sin6_addr);
    return kind_of_ipv4 (ntohl (((const struct sockaddr_in *)address)->sin_addr.s_addr));
}

static char *
text_of (const struct sockaddr *address)
{
    char text[NI_MAXHOST] = "?";
    socklen_t length =
        address->sa_family == AF_INET6 ? sizeof (struct sockaddr_in6) : sizeof (struct sockaddr_in);

    (void)getnameinfo (address, length, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    return g_strdup (text);
}

/* A name is as good as its best address: callers try them all. */
static const struct sockaddr *
best_of (const struct addrinfo *addresses)
{
    const struct sockaddr *best = addresses->ai_addr;

    for (const struct addrinfo *next = addresses->ai_next; next != NULL; next = next->ai_next) {
        if (kind_of (next->ai_addr) < kind_of (best))
            best = next->ai_addr;
    }
    return best;
}

/* @what: "setting: 'value'", for the message; @host: a part of that value. */
static gboolean
check (const char *what, const char *host, const Place *zookeeper, GError **error)
{
    g_autoptr (GError) failure = NULL;
    struct addrinfo *addresses = dunlin_host_look_up (host, &failure);
    g_autofree char *text = NULL;
    Kind kind;

    if (addresses == NULL) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "%s cannot be advertised: the host has no address (%s); " REMEDY, what,
                     failure->message);
        return FALSE;
    }
    kind = kind_of (best_of (addresses));
    text = text_of (best_of (addresses));
    freeaddrinfo (addresses);
    if (kind == GOOD || (kind == LOOPBACK && zookeeper->is_local))
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "%s cannot be advertised: %s %s; " REMEDY, what, text, faults[kind]);
    return FALSE;
}

static void
add_addresses (GArray *all, const struct addrinfo *addresses, guint16 port)
{
    for (const struct addrinfo *next = addresses; next != NULL; next = next->ai_next) {
        struct sockaddr_storage address = { 0 };

        if (next->ai_family != AF_INET && next->ai_family != AF_INET6)
            continue;
        memcpy (&address, next->ai_addr, next->ai_addrlen);
        /* At the same offset in both. */
        ((struct sockaddr_in *)&address)->sin_port = htons (port);
        g_array_append_val (all, address);
    }
}

/* Hosts that have no address now may have one later: they do not stop anything. */
static Place
find_zookeeper (const DunlinEnsemble *ensemble)
{
    GArray *all = g_array_new (FALSE, FALSE, sizeof (struct sockaddr_storage));
    Place place = { .is_local = TRUE };

    for (guint i = 0; i < ensemble->n_hosts; i++) {
        struct addrinfo *addresses = dunlin_host_look_up (ensemble->hosts[i], NULL);

        add_addresses (all, addresses, ensemble->ports[i]);
        /* What is on loopback has an address: "localhost" needs no name server. */
        place.is_local &= addresses != NULL && kind_of (best_of (addresses)) == LOOPBACK;
        if (addresses != NULL)
            freeaddrinfo (addresses);
    }
    place.n = all->len;
    place.addresses = (struct sockaddr_storage *)(void *)g_array_free (all, FALSE);
    return place;
}

/* The address that the machine would use towards @peer; nothing is sent. */
static char *
source_towards (const struct sockaddr_storage *peer, Kind *kind)
{
    int fd = socket (peer->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_storage own = { 0 };
    socklen_t length = sizeof own;
    gboolean found = fd >= 0 && connect (fd, (const struct sockaddr *)peer, sizeof *peer) == 0 &&
                     getsockname (fd, (struct sockaddr *)&own, &length) == 0;

    if (fd >= 0)
        close (fd);
    if (!found)
        return NULL;
    *kind = kind_of ((struct sockaddr *)&own);
    return text_of ((struct sockaddr *)&own);
}

/* Somewhere outside, of the blocks for documentation (RFC 5737, RFC 3849): nothing goes there, but
 * it lies where the default route leads. */
static void
add_outside (GArray *all)
{
    static const char *const outside[] = { "192.0.2.1", "2001:db8::1" };

    for (guint i = 0; i < G_N_ELEMENTS (outside); i++) {
        struct addrinfo *addresses = dunlin_host_look_up (outside[i], NULL);

        add_addresses (all, addresses, 9);
        if (addresses != NULL)
            freeaddrinfo (addresses);
    }
}

/* The first good one counts. While no name of the ensemble has an address, the default route has
 * to do. */
static char *
find_source (const Place *zookeeper, gboolean ipv4_only)
{
    g_autoptr (GArray) peers = g_array_new (FALSE, FALSE, sizeof (struct sockaddr_storage));
    char *loopback = NULL;

    if (zookeeper->n > 0)
        g_array_append_vals (peers, zookeeper->addresses, zookeeper->n);
    if (!zookeeper->is_local)
        add_outside (peers);
    for (guint i = 0; i < peers->len; i++) {
        const struct sockaddr_storage *peer = &g_array_index (peers, struct sockaddr_storage, i);
        Kind kind = N_KINDS;
        g_autofree char *source = NULL;

        if (ipv4_only && peer->ss_family != AF_INET)
            continue;
        source = source_towards (peer, &kind);
        if (kind == GOOD) {
            g_free (loopback);
            return g_steal_pointer (&source);
        }
        if (kind == LOOPBACK && zookeeper->is_local && loopback == NULL)
            loopback = g_steal_pointer (&source);
    }
    return loopback;
}

static char *
find_by_route (const char *bound_host, const Place *zookeeper, const char *servers, GError **error)
{
    /* What is bound to 0.0.0.0 is not there for IPv6; what is bound to :: is there for both. */
    char *host = find_source (zookeeper, strchr (bound_host, ':') == NULL);

    if (host == NULL)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "zookeeper.advertise is empty, and no address to advertise can be found: the "
                     "service listens on %s, and this machine has no route towards ZooKeeper %s "
                     "that starts from an address of its own; " REMEDY,
                     bound_host, servers);
    return host;
}

static gboolean
is_unspecified (const char *host)
{
    struct in_addr ipv4;
    struct in6_addr ipv6;

    if (inet_pton (AF_INET6, host, &ipv6) == 1)
        return kind_of_ipv6 (&ipv6) == UNSPECIFIED;
    return inet_pton (AF_INET, host, &ipv4) == 1 && ipv4.s_addr == INADDR_ANY;
}

static char *
find_bound (const char *bound_host, const Place *zookeeper, const char *servers, GError **error)
{
    g_autofree char *what = g_strdup_printf ("thrift.host: '%s'", bound_host);

    if (is_unspecified (bound_host))
        return find_by_route (bound_host, zookeeper, servers, error);
    if (check (what, bound_host, zookeeper, error))
        return g_strdup (bound_host);
    g_prefix_error (error, "zookeeper.advertise is empty, and ");
    return NULL;
}

static char *
find_set (const char *setting, guint16 *port, const Place *zookeeper, GError **error)
{
    g_autofree char *what = g_strdup_printf ("zookeeper.advertise: '%s'", setting);
    g_autofree char *host = dunlin_host_port_parse (setting, port, error);

    if (host == NULL)
        g_prefix_error (error, "zookeeper.advertise: ");
    if (host == NULL || !check (what, host, zookeeper, error))
        return NULL;
    return g_steal_pointer (&host);
}

gboolean
dunlin_advertise_find (const char *setting, const char *bound_host, guint16 bound_port,
                       const char *servers, char **host, guint16 *port, GError **error)
{
    g_autoptr (DunlinEnsemble) ensemble = dunlin_ensemble_parse (servers, error);
    gboolean is_set = setting != NULL && *setting != '\0';
    guint16 found_port = bound_port;
    char *found;
    Place zookeeper;

    if (ensemble == NULL) {
        g_prefix_error (error, "zookeeper.servers: ");
        return FALSE;
    }
    zookeeper = find_zookeeper (ensemble);
    found = is_set ? find_set (setting, &found_port, &zookeeper, error)
                   : find_bound (bound_host, &zookeeper, servers, error);
    g_free (zookeeper.addresses);
    if (found == NULL)
        return FALSE;
    *host = found;
    *port = found_port;
    return TRUE;
}
