/* Where a name leads now. */
#include "client/address_set.h"

static DunlinAddress
address (const char *text, guint16 port, double weight)
{
    return (DunlinAddress){
        .host = (char *)text, .address = (char *)text, .port = port, .weight = weight
    };
}

static void
order_does_not_matter (void)
{
    DunlinAddress forth[] = { address ("10.0.0.1", 1, 1), address ("10.0.0.2", 1, 1) };
    DunlinAddress back[] = { forth[1], forth[0] };
    g_autoptr (DunlinAddressSet) a = dunlin_address_set_new (forth, 2);
    g_autoptr (DunlinAddressSet) b = dunlin_address_set_new (back, 2);

    g_assert_true (dunlin_address_set_equal (a, b));
    g_assert_cmpstr (b->addresses[0].address, ==, "10.0.0.1");
}

static void
endpoint_given_twice_counts_once (void)
{
    DunlinAddress twice[] = { address ("::1", 1, 2), address ("::1", 2, 1), address ("::1", 1, 3) };
    g_autoptr (DunlinAddressSet) set = dunlin_address_set_new (twice, 3);

    g_assert_cmpuint (set->n_addresses, ==, 2);
    g_assert_cmpfloat (set->addresses[0].weight, ==, 2);
}

static void
weight_is_a_difference (void)
{
    DunlinAddress light = address ("::1", 1, 1), heavy = address ("::1", 1, 2);
    g_autoptr (DunlinAddressSet) a = dunlin_address_set_new (&light, 1);
    g_autoptr (DunlinAddressSet) b = dunlin_address_set_new (&heavy, 1);

    g_assert_false (dunlin_address_set_equal (a, b));
}

static void
metadata_is_a_difference (void)
{
    char *first[] = { (char *)"version", (char *)"1", NULL };
    char *second[] = { (char *)"version", (char *)"2", NULL };
    DunlinAddress one = address ("::1", 1, 1), two = address ("::1", 1, 1);
    g_autoptr (DunlinAddressSet) bare = dunlin_address_set_new (&one, 1);
    g_autoptr (DunlinAddressSet) a = NULL, b = NULL;

    one.metadata = first;
    two.metadata = second;
    a = dunlin_address_set_new (&one, 1);
    b = dunlin_address_set_new (&two, 1);
    g_assert_false (dunlin_address_set_equal (a, b));
    g_assert_false (dunlin_address_set_equal (a, bare));
    g_assert_true (dunlin_address_set_equal (a, a));
}

static void
without_addresses_it_is_empty (void)
{
    g_autoptr (DunlinAddressSet) set = dunlin_address_set_new (NULL, 0);

    g_assert_cmpint (set->state, ==, DUNLIN_ADDRESSES_EMPTY);
}

static void
reference_outlives_the_maker (void)
{
    DunlinAddress one = address ("::1", 1, 1);
    DunlinAddressSet *made = dunlin_address_set_new (&one, 1);
    g_autoptr (DunlinAddressSet) kept = dunlin_address_set_ref (made);

    dunlin_address_set_unref (made);
    g_assert_cmpstr (kept->addresses[0].host, ==, "::1");
}

static void
text_is_what_is_dialled (void)
{
    DunlinAddress ipv4 = address ("10.0.0.1", 80, 1), ipv6 = address ("::1", 80, 1);
    DunlinAddress path = address ("/run/book.sock", 0, 1);
    g_autofree char *a = dunlin_address_to_string (&ipv4);
    g_autofree char *b = dunlin_address_to_string (&ipv6);
    g_autofree char *c = dunlin_address_to_string (&path);

    g_assert_cmpstr (a, ==, "10.0.0.1:80");
    g_assert_cmpstr (b, ==, "[::1]:80");
    g_assert_cmpstr (c, ==, "/run/book.sock");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/client/address-set/order-does-not-matter", order_does_not_matter);
    g_test_add_func ("/client/address-set/endpoint-given-twice-counts-once",
                     endpoint_given_twice_counts_once);
    g_test_add_func ("/client/address-set/weight-is-a-difference", weight_is_a_difference);
    g_test_add_func ("/client/address-set/metadata-is-a-difference", metadata_is_a_difference);
    g_test_add_func ("/client/address-set/without-addresses-it-is-empty",
                     without_addresses_it_is_empty);
    g_test_add_func ("/client/address-set/reference-outlives-the-maker",
                     reference_outlives_the_maker);
    g_test_add_func ("/client/address-set/text-is-what-is-dialled", text_is_what_is_dialled);
    return g_test_run ();
}
