/* Hosts as settings name them. */
#include "discovery/host.h"

#include "base/error.h"

static void
without_port_it_is_left_alone (void)
{
    guint16 port = 7;
    g_autofree char *host = dunlin_host_port_parse ("2001:db8::1", &port, NULL);

    g_assert_cmpstr (host, ==, "2001:db8::1");
    g_assert_cmpuint (port, ==, 7);
}

static void
brackets_are_taken_off (void)
{
    guint16 port = 0;
    g_autofree char *host = dunlin_host_port_parse ("[2001:db8::1]:443", &port, NULL);

    g_assert_cmpstr (host, ==, "2001:db8::1");
    g_assert_cmpuint (port, ==, 443);
}

static void
refused_leaves_the_port_alone (void)
{
    guint16 port = 7;
    g_autoptr (GError) error = NULL;

    g_assert_null (dunlin_host_port_parse ("host:65536", &port, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
    g_assert_cmpuint (port, ==, 7);
}

static void
literal_has_one_address (void)
{
    struct addrinfo *addresses = dunlin_host_look_up ("192.0.2.1", NULL);

    g_assert_nonnull (addresses);
    g_assert_null (addresses->ai_next);
    freeaddrinfo (addresses);
}

static void
unknown_name_has_none (void)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (dunlin_host_look_up ("host.invalid", &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/discovery/host/without-port-it-is-left-alone",
                     without_port_it_is_left_alone);
    g_test_add_func ("/discovery/host/brackets-are-taken-off", brackets_are_taken_off);
    g_test_add_func ("/discovery/host/refused-leaves-the-port-alone",
                     refused_leaves_the_port_alone);
    g_test_add_func ("/discovery/host/literal-has-one-address", literal_has_one_address);
    g_test_add_func ("/discovery/host/unknown-name-has-none", unknown_name_has_none);
    return g_test_run ();
}
