/* Those that left a set are kept for a while. */
#include "discovery/stabiliser.h"

#include "base/clock.h"

#define LIMBO 10

static DunlinAddress one = {
    .host = (char *)"a", .address = (char *)"10.0.0.1", .port = 1, .weight = 1
};
static DunlinAddress two = {
    .host = (char *)"b", .address = (char *)"10.0.0.2", .port = 1, .weight = 1
};

static void
assert_n (DunlinStabiliser *stabiliser, guint n)
{
    g_autoptr (DunlinAddressSet) set = dunlin_stabiliser_get (stabiliser);

    g_assert_cmpuint (set->n_addresses, ==, n);
}

/* @one and @two were there, and @two has left at 100. */
static DunlinStabiliser *
with_one_in_limbo (void)
{
    DunlinStabiliser *stabiliser = dunlin_stabiliser_new (LIMBO);
    DunlinAddress both[] = { one, two };

    dunlin_stabiliser_update (stabiliser, both, 2, 50);
    dunlin_stabiliser_update (stabiliser, &one, 1, 100);
    return stabiliser;
}

static void
new_ones_count_at_once (void)
{
    g_autoptr (DunlinStabiliser) stabiliser = dunlin_stabiliser_new (LIMBO);

    assert_n (stabiliser, 0);
    dunlin_stabiliser_update (stabiliser, &one, 1, 100);
    assert_n (stabiliser, 1);
    g_assert_cmpint (dunlin_stabiliser_expire (stabiliser, 100), ==, DUNLIN_NEVER);
}

static void
those_that_left_count_until_their_limbo_is_over (void)
{
    g_autoptr (DunlinStabiliser) stabiliser = with_one_in_limbo ();

    g_assert_cmpint (dunlin_stabiliser_expire (stabiliser, 109), ==, 110);
    assert_n (stabiliser, 2);
    g_assert_cmpuint (dunlin_stabiliser_n_in_limbo (stabiliser), ==, 1);
    g_assert_cmpint (dunlin_stabiliser_expire (stabiliser, 110), ==, DUNLIN_NEVER);
    assert_n (stabiliser, 1);
    g_assert_cmpuint (dunlin_stabiliser_n_in_limbo (stabiliser), ==, 0);
}

static void
further_updates_do_not_prolong_it (void)
{
    g_autoptr (DunlinStabiliser) stabiliser = with_one_in_limbo ();

    dunlin_stabiliser_update (stabiliser, &one, 1, 105);
    g_assert_cmpint (dunlin_stabiliser_expire (stabiliser, 105), ==, 110);
}

static void
back_in_time_it_never_left (void)
{
    g_autoptr (DunlinStabiliser) stabiliser = with_one_in_limbo ();
    DunlinAddress both[] = { one, two };

    dunlin_stabiliser_update (stabiliser, both, 2, 109);
    g_assert_cmpint (dunlin_stabiliser_expire (stabiliser, 200), ==, DUNLIN_NEVER);
    assert_n (stabiliser, 2);
}

static void
changed_member_is_taken_as_it_is_now (void)
{
    g_autoptr (DunlinStabiliser) stabiliser = with_one_in_limbo ();
    g_autoptr (DunlinAddressSet) set = NULL;
    DunlinAddress heavier = one;

    heavier.weight = 2;
    dunlin_stabiliser_update (stabiliser, &heavier, 1, 101);
    dunlin_stabiliser_expire (stabiliser, 200);
    set = dunlin_stabiliser_get (stabiliser);
    g_assert_cmpfloat (set->addresses[0].weight, ==, 2);
}

static void
all_that_left_at_once_are_kept_too (void)
{
    g_autoptr (DunlinStabiliser) stabiliser = with_one_in_limbo ();

    dunlin_stabiliser_update (stabiliser, NULL, 0, 105);
    g_assert_cmpint (dunlin_stabiliser_expire (stabiliser, 112), ==, 115);
    assert_n (stabiliser, 1);
    dunlin_stabiliser_expire (stabiliser, 115);
    assert_n (stabiliser, 0);
}

static void
unseen_nobody_is_removed (void)
{
    g_autoptr (DunlinStabiliser) stabiliser = with_one_in_limbo ();

    dunlin_stabiliser_set_trusted (stabiliser, FALSE, 105);
    g_assert_cmpint (dunlin_stabiliser_expire (stabiliser, 1000), ==, DUNLIN_NEVER);
    assert_n (stabiliser, 2);
    dunlin_stabiliser_set_trusted (stabiliser, TRUE, 1000);
    g_assert_cmpint (dunlin_stabiliser_expire (stabiliser, 1000), ==, 1010);
    assert_n (stabiliser, 2);
}

static void
without_limbo_they_go_at_once (void)
{
    g_autoptr (DunlinStabiliser) stabiliser = dunlin_stabiliser_new (0);

    dunlin_stabiliser_update (stabiliser, &one, 1, 100);
    dunlin_stabiliser_update (stabiliser, &two, 1, 100);
    dunlin_stabiliser_expire (stabiliser, 100);
    assert_n (stabiliser, 1);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/discovery/stabiliser/new-ones-count-at-once", new_ones_count_at_once);
    g_test_add_func ("/discovery/stabiliser/those-that-left-count-until-their-limbo-is-over",
                     those_that_left_count_until_their_limbo_is_over);
    g_test_add_func ("/discovery/stabiliser/further-updates-do-not-prolong-it",
                     further_updates_do_not_prolong_it);
    g_test_add_func ("/discovery/stabiliser/back-in-time-it-never-left",
                     back_in_time_it_never_left);
    g_test_add_func ("/discovery/stabiliser/changed-member-is-taken-as-it-is-now",
                     changed_member_is_taken_as_it_is_now);
    g_test_add_func ("/discovery/stabiliser/all-that-left-at-once-are-kept-too",
                     all_that_left_at_once_are_kept_too);
    g_test_add_func ("/discovery/stabiliser/unseen-nobody-is-removed", unseen_nobody_is_removed);
    g_test_add_func ("/discovery/stabiliser/without-limbo-they-go-at-once",
                     without_limbo_they_go_at_once);
    return g_test_run ();
}
