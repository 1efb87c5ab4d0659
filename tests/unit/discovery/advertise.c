/* Which address a service tells its callers, and which it refuses to tell. */
#include "discovery/advertise.h"

#include "base/error.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define ELSEWHERE "192.0.2.7:2181" /* of a block for documentation: nobody's loopback */
#define PORT      9090

typedef struct {
    const char *name;
    const char *setting;
    const char *bound;
    const char *servers;
    const char *host; /* NULL: refused */
    guint16 port;
    const char *complaint; /* in the message, beside the remedy */
} Row;

static const Row rows[] = {
    /* As set. */
    { "set-address-is-taken", "192.0.2.1", "0.0.0.0", ELSEWHERE, "192.0.2.1", PORT, NULL },
    { "set-port-is-taken", "192.0.2.1:80", "0.0.0.0", ELSEWHERE, "192.0.2.1", 80, NULL },
    { "set-ipv6-is-taken", "2001:db8::1", "::", ELSEWHERE, "2001:db8::1", PORT, NULL },
    { "set-ipv6-with-port-is-taken", "[2001:db8::1]:80", "::", ELSEWHERE, "2001:db8::1", 80, NULL },
    { "set-goes-before-bound", "192.0.2.1", "127.0.0.1", ELSEWHERE, "192.0.2.1", PORT, NULL },
    { "set-loopback-with-zookeeper-on-loopback", "127.0.0.1", "0.0.0.0", "127.0.0.1:2181",
      "127.0.0.1", PORT, NULL },
    { "set-localhost-with-zookeeper-on-localhost", "localhost", "0.0.0.0",
      "localhost,127.0.0.1:2182", "localhost", PORT, NULL },
    { "set-ipv6-loopback-with-zookeeper-on-it", "::1", "::", "[::1]:2181", "::1", PORT, NULL },
    { "set-loopback-is-refused", "127.0.0.1", "0.0.0.0", ELSEWHERE, NULL, 0,
      "zookeeper.advertise: '127.0.0.1' cannot be advertised: 127.0.0.1 is loopback" },
    { "set-loopback-network-is-refused", "127.0.1.1:80", "0.0.0.0", ELSEWHERE, NULL, 0,
      "zookeeper.advertise: '127.0.1.1:80'" },
    { "set-localhost-is-refused", "localhost", "0.0.0.0", ELSEWHERE, NULL, 0, "loopback" },
    { "set-ipv6-loopback-is-refused", "::1", "0.0.0.0", ELSEWHERE, NULL, 0, "loopback" },
    { "set-mapped-loopback-is-refused", "::ffff:127.0.0.1", "::", ELSEWHERE, NULL, 0, "loopback" },
    { "one-zookeeper-host-elsewhere-is-enough", "127.0.0.1", "0.0.0.0", "127.0.0.1:2181," ELSEWHERE,
      NULL, 0, "loopback" },
    { "zookeeper-without-address-is-elsewhere", "127.0.0.1", "0.0.0.0", "zookeeper.invalid", NULL,
      0, "loopback" },
    { "set-0.0.0.0-is-refused", "0.0.0.0", "127.0.0.1", "127.0.0.1:2181", NULL, 0,
      "zookeeper.advertise: '0.0.0.0' cannot be advertised: 0.0.0.0 stands for every address" },
    { "set-short-form-of-0.0.0.0-is-refused", "0:80", "127.0.0.1", "127.0.0.1", NULL, 0,
      "0.0.0.0 stands for every address" },
    { "set-number-is-no-host", "9090", "127.0.0.1", ELSEWHERE, NULL, 0,
      "'9090' cannot be advertised: 0.0.35.130 is of 0.0.0.0/8" },
    { "set-::-is-refused", "[::]:80", "127.0.0.1", "127.0.0.1:2181", NULL, 0,
      "'[::]:80' cannot be advertised: :: stands for every address" },
    { "set-mapped-0.0.0.0-is-refused", "::ffff:0.0.0.0", "::", ELSEWHERE, NULL, 0,
      "every address" },
    { "set-multicast-is-refused", "224.0.0.1", "0.0.0.0", ELSEWHERE, NULL, 0, "multicast" },
    { "set-broadcast-is-refused", "255.255.255.255", "0.0.0.0", ELSEWHERE, NULL, 0, "broadcast" },
    { "set-ipv6-multicast-is-refused", "ff02::1", "::", ELSEWHERE, NULL, 0, "multicast" },
    { "set-link-local-is-refused", "fe80::1", "::", ELSEWHERE, NULL, 0, "one link only" },
    { "set-name-without-address-is-refused", "service.invalid:80", "0.0.0.0", ELSEWHERE, NULL, 0,
      "zookeeper.advertise: 'service.invalid:80' cannot be advertised: the host has no address" },
    { "set-nonsense-is-refused", "a b", "0.0.0.0", ELSEWHERE, NULL, 0,
      "zookeeper.advertise: 'a b' is no host" },
    { "set-port-0-is-refused", "192.0.2.1:0", "0.0.0.0", ELSEWHERE, NULL, 0, "is no port" },
    /* By itself. */
    { "bound-address-is-taken", "", "192.0.2.1", ELSEWHERE, "192.0.2.1", PORT, NULL },
    { "bound-address-needs-no-zookeeper", "", "192.0.2.1", "zookeeper.invalid", "192.0.2.1", PORT,
      NULL },
    { "bound-loopback-with-zookeeper-on-loopback", NULL, "127.0.0.1", "localhost:2181/chroot",
      "127.0.0.1", PORT, NULL },
    { "bound-loopback-is-refused", "", "127.0.0.1", ELSEWHERE, NULL, 0,
      "thrift.host: '127.0.0.1' cannot be advertised: 127.0.0.1 is loopback" },
    { "bound-everywhere-with-zookeeper-on-loopback", "", "0.0.0.0", "127.0.0.1", "127.0.0.1", PORT,
      NULL },
    { "bound-everywhere-ipv6-with-zookeeper-on-loopback", "", "::", "127.0.0.1", "127.0.0.1", PORT,
      NULL },
    { "bound-to-ipv4-is-not-reached-by-ipv6", "", "0.0.0.0", "[::1]:2181", NULL, 0,
      "zookeeper.advertise is empty, and no address" },
    { "nonsense-of-servers-is-refused", "192.0.2.1", "0.0.0.0", "zk!h!/p", NULL, 0,
      "zookeeper.servers: " },
};

static void
advertised_or_refused (gconstpointer data)
{
    const Row *row = data;
    g_autoptr (GError) error = NULL;
    g_autofree char *host = NULL;
    guint16 port = 0;
    gboolean found =
        dunlin_advertise_find (row->setting, row->bound, PORT, row->servers, &host, &port, &error);

    g_assert_cmpstr (host, ==, row->host);
    g_assert_cmpuint (port, ==, row->port);
    if (row->host != NULL) {
        g_assert_no_error (error);
        g_assert_true (found);
        return;
    }
    g_assert_false (found);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, row->complaint));
}

static void
refusal_tells_the_remedy (void)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *host = NULL;
    guint16 port = 0;

    g_assert_false (dunlin_advertise_find ("", "127.0.0.1", PORT, ELSEWHERE, &host, &port, &error));
    g_assert_nonnull (strstr (error->message, "set zookeeper.advertise to "));
}

/* An IPv4 address of this machine that is not loopback, or NULL. */
static char *
own_address (void)
{
    struct ifaddrs *interfaces = NULL;
    char text[INET_ADDRSTRLEN];
    char *own = NULL;

    g_assert_cmpint (getifaddrs (&interfaces), ==, 0);
    for (struct ifaddrs *next = interfaces; next != NULL && own == NULL; next = next->ifa_next) {
        const struct sockaddr_in *address = (const struct sockaddr_in *)(void *)next->ifa_addr;

        if (address == NULL || address->sin_family != AF_INET ||
            ntohl (address->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET)
            continue;
        own = g_strdup (inet_ntop (AF_INET, &address->sin_addr, text, sizeof text));
    }
    freeifaddrs (interfaces);
    return own;
}

static void
assert_found_by_route (const char *bound, const char *servers, const char *expected)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *host = NULL;
    guint16 port = 0;

    g_assert_true (dunlin_advertise_find ("", bound, PORT, servers, &host, &port, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (host, ==, expected);
    g_assert_cmpuint (port, ==, PORT);
}

/* The route to an own address starts at it. */
static void
bound_everywhere_is_the_address_of_the_route (void)
{
    g_autofree char *own = own_address ();

    if (own == NULL) {
        g_test_skip ("this machine has no address but loopback");
        return;
    }
    assert_found_by_route ("0.0.0.0", own, own);
    assert_found_by_route ("::", own, own);
}

static void
loopback_among_the_hosts_is_passed_over (void)
{
    g_autofree char *own = own_address ();
    g_autofree char *servers = g_strdup_printf ("127.0.0.1:2181,%s:2181", own);

    if (own == NULL) {
        g_test_skip ("this machine has no address but loopback");
        return;
    }
    assert_found_by_route ("0.0.0.0", servers, own);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *path = g_strconcat ("/discovery/advertise/", rows[i].name, NULL);

        g_test_add_data_func (path, &rows[i], advertised_or_refused);
    }
    g_test_add_func ("/discovery/advertise/refusal-tells-the-remedy", refusal_tells_the_remedy);
    g_test_add_func ("/discovery/advertise/bound-everywhere-is-the-address-of-the-route",
                     bound_everywhere_is_the_address_of_the_route);
    g_test_add_func ("/discovery/advertise/loopback-among-the-hosts-is-passed-over",
                     loopback_among_the_hosts_is_passed_over);
    return g_test_run ();
}
