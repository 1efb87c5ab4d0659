/* Where calls go. */
#include "client/balancer.h"

#include <math.h>

#define N_MAX 2000

/* A member as its owner would have it. */
typedef struct {
    guint number;
    DunlinNodeStatus status;
    guint calls;
    gboolean removed;
} Member;

typedef struct {
    DunlinRandom random;
    DunlinBalancer *balancer;
    Member members[N_MAX]; /* by port */
    guint asked;           /* how often a status was asked for */
    gint64 now;
} Fixture;

static gpointer
on_add (const DunlinAddress *address, gpointer data)
{
    Fixture *self = data;
    Member *member = &self->members[address->port - 1];

    *member = (Member){ .number = address->port };
    return member;
}

static void
on_remove (gpointer endpoint, gpointer data)
{
    Member *member = endpoint;

    g_assert_false (member->removed);
    member->removed = TRUE;
}

static DunlinNodeStatus
on_status (gpointer endpoint, gint64 now, gpointer data)
{
    Fixture *self = data;

    self->asked++;
    return ((Member *)endpoint)->status;
}

static const DunlinBalancerFuncs funcs = { on_add, on_remove, on_status };

static void
set_members (Fixture *self, guint first, guint n, const double *weights)
{
    g_autofree DunlinAddress *addresses = g_new0 (DunlinAddress, n);
    g_autoptr (DunlinAddressSet) set = NULL;

    for (guint i = 0; i < n; i++)
        addresses[i] = (DunlinAddress){ .host = (char *)"h",
                                        .address = (char *)"127.0.0.1",
                                        .port = (guint16)(first + i),
                                        .weight = weights != NULL ? weights[i] : 1 };
    set = dunlin_address_set_new (addresses, n);
    dunlin_balancer_update (self->balancer, set, self->now);
}

static Fixture *
fixture_new (const DunlinBalancerOptions *options, guint n, const double *weights)
{
    Fixture *self = g_new0 (Fixture, 1);

    dunlin_random_init_with_seed (&self->random, 42);
    self->now = 1000 * G_TIME_SPAN_SECOND;
    self->balancer = dunlin_balancer_new (options, &funcs, self, &self->random, NULL);
    set_members (self, 1, n, weights);
    return self;
}

static void
fixture_free (Fixture *self)
{
    dunlin_balancer_free (self->balancer);
    g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static DunlinNode *
pick (Fixture *self)
{
    DunlinNode *node = dunlin_balancer_pick (self->balancer, NULL, self->now);

    ((Member *)node->endpoint)->calls++;
    return node;
}

static void
done (Fixture *self, DunlinNode *node, gint64 took)
{
    dunlin_balancer_done (self->balancer, node, self->now - took, TRUE, self->now);
}

/* Calls one after the other. */
static void
call (Fixture *self, guint n)
{
    for (guint i = 0; i < n; i++)
        done (self, pick (self), 1000);
}

/* Calls of random length, @at_once of them in the mean, as a busy client has them. @slow:
 * (nullable): takes ten times as long. */
static void
call_side_by_side (Fixture *self, guint n, guint at_once, const Member *slow)
{
    g_autofree DunlinNode **running = g_new0 (DunlinNode *, at_once);
    g_autofree gint64 *started = g_new0 (gint64, at_once);
    g_autofree gint64 *ends = g_new0 (gint64, at_once);

    for (guint i = 0; i < n;) {
        for (guint slot = 0; slot < at_once; slot++) {
            if (running[slot] != NULL && ends[slot] > self->now)
                continue;
            if (running[slot] != NULL)
                dunlin_balancer_done (self->balancer, running[slot], started[slot], TRUE,
                                      self->now);
            running[slot] = pick (self);
            started[slot] = self->now;
            ends[slot] = self->now + 500 + (gint64)dunlin_random_below (&self->random, 1000);
            if (running[slot]->endpoint == slow)
                ends[slot] += 9000;
            i++;
        }
        self->now += 100;
    }
    for (guint slot = 0; slot < at_once; slot++)
        dunlin_balancer_done (self->balancer, running[slot], started[slot], TRUE, self->now);
}

/* What @member got of all calls, in shares of an even spread by weight. */
static double
share (Fixture *self, guint member, guint n, const double *weights)
{
    double calls = 0, weight = 0;

    for (guint i = 0; i < n; i++) {
        calls += self->members[i].calls;
        weight += weights != NULL ? weights[i] : 1;
    }
    return self->members[member].calls / calls * weight / (weights != NULL ? weights[member] : 1);
}

static void
assert_shares (Fixture *self, guint n, const double *weights, double tolerance)
{
    for (guint i = 0; i < n; i++) {
        if (weights != NULL && weights[i] <= 0)
            g_assert_cmpuint (self->members[i].calls, ==, 0);
        else
            g_assert_cmpfloat_with_epsilon (share (self, i, n, weights), 1, tolerance);
    }
}

static void
without_members_there_is_nobody (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 0, NULL);

    g_assert_null (dunlin_balancer_pick (self->balancer, NULL, self->now));
    g_assert_cmpint (dunlin_balancer_get_status (self->balancer, self->now), ==,
                     DUNLIN_NODE_CLOSED);
}

static void
one_member_gets_all (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 1, NULL);

    call (self, 10);
    g_assert_cmpuint (self->members[0].calls, ==, 10);
}

static void
calls_one_by_one_are_spread_evenly (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 10, NULL);

    call (self, 20000);
    assert_shares (self, 10, NULL, 0.1);
}

static void
calls_side_by_side_are_spread_evenly (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 10, NULL);

    call_side_by_side (self, 20000, 50, NULL);
    assert_shares (self, 10, NULL, 0.05);
}

static void
idle_member_is_preferred_to_a_busy_one (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 2, NULL);
    DunlinNode *first = pick (self), *second = pick (self);

    g_assert_true (first != second);
    done (self, first, 1);
    g_assert_true (pick (self) == first);
    done (self, first, 1);
    done (self, second, 1);
}

static void
weights_are_shares (gconstpointer data)
{
    static const double sets[][10] = {
        { 1, 2 },
        { 1, 1, 2, 4 },
        { 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5 },
        { 0.5, 1, 1.5, 2, 2.5 },
        { 1, 0, 1, 0, 3 },
        { 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.1 },
    };
    guint at_once = GPOINTER_TO_UINT (data);

    for (guint i = 0; i < G_N_ELEMENTS (sets); i++) {
        guint n = 10;
        g_autoptr (Fixture) self = NULL;

        while (sets[i][n - 1] <= 0)
            n--;
        self = fixture_new (NULL, n, sets[i]);
        call_side_by_side (self, 60000, at_once, NULL);
        assert_shares (self, n, sets[i], 0.1);
    }
}

static void
weights_hold_for_latencies_too (void)
{
    static const double weights[] = { 1, 1, 2, 4 };
    DunlinBalancerOptions options = DUNLIN_BALANCER_DEFAULTS;
    g_autoptr (Fixture) self = NULL;

    options.load = DUNLIN_LOAD_PEAK_EWMA;
    self = fixture_new (&options, 4, weights);
    call_side_by_side (self, 40000, 20, NULL);
    assert_shares (self, 4, weights, 0.15);
}

static void
weight_of_nothing_is_left_alone_even_in_panic (void)
{
    static const double weights[] = { 1, 0 };
    g_autoptr (Fixture) self = fixture_new (NULL, 2, weights);

    self->members[0].status = DUNLIN_NODE_BUSY;
    call (self, 100);
    g_assert_cmpuint (self->members[0].calls, ==, 100);
    g_assert_cmpuint (dunlin_balancer_get_size (self->balancer), ==, 2);
}

static void
only_weights_of_nothing_are_nobody (void)
{
    static const double weights[] = { 0, -1, NAN };
    g_autoptr (Fixture) self = fixture_new (NULL, 3, weights);

    g_assert_null (dunlin_balancer_pick (self->balancer, NULL, self->now));
}

/* Not given up for its weight: it is slow, so it gets less than that. */
static void
stuck_member_is_avoided_whatever_its_weight (void)
{
    static const double weights[] = { 1, 2 };
    g_autoptr (Fixture) self = fixture_new (NULL, 2, weights);
    DunlinNode *stuck[100];
    guint n_stuck = 0;

    for (guint i = 0; i < 1000; i++) {
        DunlinNode *node = pick (self);

        if (node->endpoint == &self->members[1])
            stuck[n_stuck++] = node;
        else
            done (self, node, 1000);
    }
    g_assert_cmpuint (n_stuck, <=, 6);
    while (n_stuck > 0)
        done (self, stuck[--n_stuck], G_TIME_SPAN_SECOND);
}

static void
slow_member_gets_less (void)
{
    DunlinBalancerOptions options = DUNLIN_BALANCER_DEFAULTS;
    double by_load[DUNLIN_N_LOADS] = { 0 };

    for (guint load = 0; load < DUNLIN_N_LOADS; load++) {
        g_autoptr (Fixture) self = NULL;

        options.load = load;
        self = fixture_new (&options, 10, NULL);
        call_side_by_side (self, 50000, 10, &self->members[0]);
        by_load[load] = share (self, 0, 10, NULL);
        g_test_message ("ten times slower: %.3f of its share", by_load[load]);
    }
    g_assert_cmpfloat (by_load[DUNLIN_LOAD_LEAST], <, 0.6);
    g_assert_cmpfloat (by_load[DUNLIN_LOAD_PEAK_EWMA], <, 0.1);
}

static void
slow_member_is_tried_again (void)
{
    DunlinBalancerOptions options = DUNLIN_BALANCER_DEFAULTS;
    g_autoptr (Fixture) self = NULL;

    options.load = DUNLIN_LOAD_PEAK_EWMA;
    self = fixture_new (&options, 2, NULL);
    call_side_by_side (self, 1000, 2, &self->members[0]);
    self->members[0].calls = self->members[1].calls = 0;
    /* A hundred calls a second for a minute: its peak has faded by then. */
    for (guint i = 0; i < 6000; i++) {
        self->now += 10 * G_TIME_SPAN_MILLISECOND;
        call (self, 1);
    }
    g_assert_cmpuint (self->members[0].calls, >, 1000);
}

static void
quick_failure_does_not_look_fast (void)
{
    DunlinBalancerOptions options = DUNLIN_BALANCER_DEFAULTS;
    g_autoptr (Fixture) self = NULL;

    options.load = DUNLIN_LOAD_PEAK_EWMA;
    self = fixture_new (&options, 2, NULL);
    for (guint i = 0; i < 2000; i++) {
        DunlinNode *node = pick (self);
        gboolean fails = i > 100 && node->endpoint == &self->members[0];

        self->now += 1000;
        dunlin_balancer_done (self->balancer, node, self->now - (fails ? 10 : 1000), !fails,
                              self->now);
    }
    g_assert_cmpfloat (share (self, 0, 2, NULL), <, 1.3);
}

static void
sick_members_get_nothing_while_few_are_sick (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 10, NULL);

    self->members[3].status = DUNLIN_NODE_BUSY;
    self->members[7].status = DUNLIN_NODE_CLOSED;
    call (self, 10000);
    g_assert_cmpuint (self->members[3].calls + self->members[7].calls, <=, 2);
}

static void
busy_is_better_than_closed (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 2, NULL);

    self->members[0].status = DUNLIN_NODE_CLOSED;
    self->members[1].status = DUNLIN_NODE_BUSY;
    call (self, 100);
    g_assert_cmpuint (self->members[0].calls, ==, 0);
}

static void
half_sick_is_where_panic_begins (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 10, NULL);
    double panicked = 0;

    for (guint i = 0; i < 5; i++)
        self->members[i].status = DUNLIN_NODE_BUSY;
    call (self, 100000);
    panicked = (double)dunlin_balancer_get_count (self->balancer, DUNLIN_BALANCER_PANICKED);
    g_assert_cmpfloat (panicked, <, 0.01 * 100000);
    for (guint i = 5; i < 9; i++)
        self->members[i].status = DUNLIN_NODE_BUSY;
    call (self, 1000);
    g_assert_cmpfloat (dunlin_balancer_get_count (self->balancer, DUNLIN_BALANCER_PANICKED), >,
                       panicked + 100);
}

static void
all_sick_are_called_all_the_same (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 4, NULL);

    for (guint i = 0; i < 4; i++)
        self->members[i].status = DUNLIN_NODE_BUSY;
    call (self, 4000);
    assert_shares (self, 4, NULL, 0.15);
    g_assert_cmpuint (dunlin_balancer_get_count (self->balancer, DUNLIN_BALANCER_PANICKED), ==,
                      4000);
    g_assert_cmpuint (
        dunlin_balancer_get_count (self->balancer, DUNLIN_BALANCER_MAX_EFFORT_EXHAUSTED), ==, 4000);
}

static void
effort_is_bounded (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 1000, NULL);

    for (guint i = 0; i < 1000; i++)
        self->members[i].status = DUNLIN_NODE_BUSY;
    self->asked = 0;
    call (self, 1);
    g_assert_cmpuint (self->asked, ==, 10); /* four pairs, and the last one */
}

static void
one_to_avoid_is_avoided (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 3, NULL);
    DunlinNode *failed = pick (self);

    for (guint i = 0; i < 100; i++) {
        DunlinNode *other = dunlin_balancer_pick (self->balancer, failed, self->now);

        g_assert_true (other != failed);
        done (self, other, 1);
    }
    done (self, failed, 1);
}

static void
one_to_avoid_is_better_than_none (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 1, NULL);
    DunlinNode *failed = pick (self);

    g_assert_true (dunlin_balancer_pick (self->balancer, failed, self->now) == failed);
    done (self, failed, 1);
    done (self, failed, 1);
}

static void
who_stays_keeps_its_state (void)
{
    static const double heavier[] = { 1, 5, 1 };
    g_autoptr (Fixture) self = fixture_new (NULL, 3, NULL);

    call (self, 30);
    set_members (self, 1, 3, heavier);
    set_members (self, 2, 4, NULL);
    g_assert_true (self->members[0].removed);
    g_assert_false (self->members[1].removed);
    g_assert_cmpuint (self->members[1].calls, >, 0); /* not made anew */
    g_assert_cmpuint (dunlin_balancer_get_count (self->balancer, DUNLIN_BALANCER_ADDS), ==, 5);
    g_assert_cmpuint (dunlin_balancer_get_count (self->balancer, DUNLIN_BALANCER_REMOVES), ==, 1);
}

static void
who_leaves_finishes_its_calls (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 1, NULL);
    DunlinNode *first = pick (self), *second = pick (self), *other = NULL;

    set_members (self, 2, 1, NULL);
    g_assert_false (self->members[0].removed);
    other = pick (self);
    g_assert_true (other->endpoint == &self->members[1]);
    done (self, first, 1);
    g_assert_false (self->members[0].removed);
    done (self, second, 1);
    g_assert_true (self->members[0].removed);
    set_members (self, 3, 1, NULL);
    g_assert_false (self->members[1].removed);
    done (self, other, 1);
    g_assert_true (self->members[1].removed);
}

static void
who_comes_back_in_time_is_the_same (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 1, NULL);
    DunlinNode *node = pick (self);

    set_members (self, 2, 1, NULL);
    set_members (self, 1, 1, NULL);
    g_assert_true (pick (self) == node);
    done (self, node, 1);
    done (self, node, 1);
    g_assert_false (self->members[0].removed);
}

static void
set_that_is_not_known_changes_nothing (void)
{
    g_autoptr (Fixture) self = fixture_new (NULL, 2, NULL);
    g_autoptr (DunlinAddressSet) pending =
        dunlin_address_set_new_without (DUNLIN_ADDRESSES_PENDING, NULL);
    g_autoptr (DunlinAddressSet) failed =
        dunlin_address_set_new_without (DUNLIN_ADDRESSES_FAILED, "no such host");
    g_autoptr (DunlinAddressSet) gone =
        dunlin_address_set_new_without (DUNLIN_ADDRESSES_EMPTY, "nobody is there");

    dunlin_balancer_update (self->balancer, pending, self->now);
    dunlin_balancer_update (self->balancer, failed, self->now);
    g_assert_cmpuint (dunlin_balancer_get_size (self->balancer), ==, 2);
    dunlin_balancer_update (self->balancer, gone, self->now);
    g_assert_cmpuint (dunlin_balancer_get_size (self->balancer), ==, 0);
    g_assert_true (self->members[0].removed);
}

static DunlinBalancerOptions
with_aperture (guint minimum)
{
    DunlinBalancerOptions options = DUNLIN_BALANCER_DEFAULTS;

    options.aperture.minimum = minimum;
    return options;
}

static guint
count_called (Fixture *self, guint n)
{
    guint called = 0;

    for (guint i = 0; i < n; i++)
        called += self->members[i].calls > 0;
    return called;
}

static void
aperture_keeps_to_few (void)
{
    DunlinBalancerOptions options = with_aperture (5);
    g_autoptr (Fixture) self = fixture_new (&options, 1000, NULL);

    call (self, 10000);
    g_assert_cmpuint (count_called (self, 1000), ==, 5);
}

static void
aperture_widens_with_what_is_asked (void)
{
    DunlinBalancerOptions options = with_aperture (5);
    g_autoptr (Fixture) self = NULL;

    options.aperture.smooth = 100 * G_TIME_SPAN_MILLISECOND;
    self = fixture_new (&options, 1000, NULL);
    call_side_by_side (self, 100000, 100, NULL);
    g_assert_cmpuint (count_called (self, 1000), >=, 50);
    g_assert_cmpuint (count_called (self, 1000), <=, 250);
    g_assert_cmpuint (dunlin_balancer_get_count (self->balancer, DUNLIN_BALANCER_WIDEN), >, 40);
}

static void
aperture_is_another_for_each_client (void)
{
    DunlinBalancerOptions options = with_aperture (10);
    guint common = 0;
    g_autoptr (Fixture) self = fixture_new (&options, 1000, NULL);
    g_autoptr (Fixture) other = g_new0 (Fixture, 1);

    dunlin_random_init_with_seed (&other->random, 43);
    other->balancer = dunlin_balancer_new (&options, &funcs, other, &other->random, NULL);
    set_members (other, 1, 1000, NULL);
    call (self, 1000);
    call (other, 1000);
    for (guint i = 0; i < 1000; i++)
        common += self->members[i].calls > 0 && other->members[i].calls > 0;
    g_assert_cmpuint (common, <=, 3);
}

static void
aperture_leaves_the_sick_and_comes_back (void)
{
    DunlinBalancerOptions options = with_aperture (3);
    g_autoptr (Fixture) self = fixture_new (&options, 100, NULL);
    gboolean used[100] = { FALSE };

    call (self, 1000);
    for (guint i = 0; i < 100; i++) {
        used[i] = self->members[i].calls > 0;
        if (used[i])
            self->members[i].status = DUNLIN_NODE_BUSY;
        self->members[i].calls = 0;
    }
    self->now += G_TIME_SPAN_SECOND;
    call (self, 1000);
    g_assert_cmpuint (count_called (self, 100), ==, 3);
    for (guint i = 0; i < 100; i++) {
        g_assert_false (used[i] && self->members[i].calls > 0);
        self->members[i].status = DUNLIN_NODE_OPEN;
        self->members[i].calls = 0;
    }
    self->now += G_TIME_SPAN_SECOND;
    call (self, 1000);
    g_assert_cmpuint (count_called (self, 100), ==, 3);
    for (guint i = 0; i < 100; i++)
        g_assert_true (used[i] == (self->members[i].calls > 0));
}

#define N_RUNNING 64

/* Members come, go, fall ill and change their weights while calls begin and end, by chance. */
static void
any_history_keeps_its_books (gconstpointer data)
{
    DunlinBalancerOptions options = DUNLIN_BALANCER_DEFAULTS;
    DunlinNode *running[N_RUNNING] = { NULL };
    g_autoptr (Fixture) self = NULL;
    DunlinRandom *random = NULL;

    options.load = GPOINTER_TO_UINT (data) % DUNLIN_N_LOADS;
    options.aperture.minimum = GPOINTER_TO_UINT (data) / DUNLIN_N_LOADS;
    self = fixture_new (&options, 5, NULL);
    random = &self->random;
    for (guint i = 0; i < 100000; i++) {
        DunlinNode **slot = &running[dunlin_random_below (random, N_RUNNING)];
        DunlinNode *avoid = running[dunlin_random_below (random, N_RUNNING)];
        double weights[12];

        self->now += (gint64)dunlin_random_below (random, 20 * 1000);
        if (dunlin_random_below (random, 200) == 0) {
            for (guint w = 0; w < G_N_ELEMENTS (weights); w++)
                weights[w] = (double)dunlin_random_below (random, 3);
            set_members (self, 1 + (guint)dunlin_random_below (random, 20),
                         (guint)dunlin_random_below (random, G_N_ELEMENTS (weights)), weights);
        }
        self->members[dunlin_random_below (random, 32)].status =
            (DunlinNodeStatus)dunlin_random_below (random, 3);
        if (*slot != NULL) {
            g_assert_false (((Member *)(*slot)->endpoint)->removed);
            dunlin_balancer_done (self->balancer, g_steal_pointer (slot), self->now - 500,
                                  dunlin_random_below (random, 2) == 0, self->now);
            continue;
        }
        *slot = dunlin_balancer_pick (self->balancer, avoid, self->now);
        if (*slot != NULL) {
            g_assert_false (((Member *)(*slot)->endpoint)->removed);
            g_assert_true ((*slot)->in_set && (*slot)->weight > 0);
        }
    }
    for (guint i = 0; i < N_RUNNING; i++) {
        if (running[i] != NULL)
            done (self, running[i], 1);
    }
    set_members (self, 1, 0, NULL);
    g_assert_cmpuint (dunlin_balancer_get_count (self->balancer, DUNLIN_BALANCER_ADDS), ==,
                      dunlin_balancer_get_count (self->balancer, DUNLIN_BALANCER_REMOVES));
    for (guint i = 0; i < 32; i++)
        g_assert_true (self->members[i].removed || self->members[i].number == 0);
}

static void
gauges_are_of_all_balancers_of_a_client (void)
{
    DunlinBalancerMetrics metrics = { 0 };
    DunlinRandom random;
    gint64 value = 0;

    dunlin_random_init_with_seed (&random, 1);
    dunlin_balancer_metrics_init (&metrics, "clnt/t");
    {
        g_autoptr (Fixture) other = g_new0 (Fixture, 1);
        g_autoptr (Fixture) self = g_new0 (Fixture, 1);

        self->balancer = dunlin_balancer_new (NULL, &funcs, self, &random, &metrics);
        other->balancer = dunlin_balancer_new (NULL, &funcs, other, &random, &metrics);
        set_members (self, 1, 3, NULL);
        set_members (other, 1, 3, NULL);
        other->members[1].status = DUNLIN_NODE_BUSY;
        dunlin_balancer_publish (self->balancer, 1);
        dunlin_balancer_publish (other->balancer, 1);
        g_assert_true (dunlin_stats_find ("clnt/t/loadbalancer/size", &value));
        g_assert_cmpint (value, ==, 6);
        g_assert_true (dunlin_stats_find ("clnt/t/loadbalancer/available", &value));
        g_assert_cmpint (value, ==, 5);
        g_assert_true (dunlin_stats_find ("clnt/t/loadbalancer/busy", &value));
        g_assert_cmpint (value, ==, 1);
        g_assert_true (dunlin_stats_find ("clnt/t/loadbalancer/adds", &value));
        g_assert_cmpint (value, ==, 6);
    }
    g_assert_true (dunlin_stats_find ("clnt/t/loadbalancer/size", &value));
    g_assert_cmpint (value, ==, 0);
    g_assert_true (dunlin_stats_find ("clnt/t/loadbalancer/removes", &value));
    g_assert_cmpint (value, ==, 6);
}

static void
description_names_members_and_counts (void)
{
    static const double weights[] = { 1, 0.5 };
    g_autoptr (Fixture) self = fixture_new (NULL, 2, weights);
    g_autoptr (JsonBuilder) json = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    JsonObject *object = NULL, *node = NULL;

    call (self, 100);
    json_builder_begin_object (json);
    dunlin_balancer_describe (self->balancer, self->now, json);
    json_builder_end_object (json);
    root = json_builder_get_root (json);
    object = json_node_get_object (root);
    g_assert_cmpstr (json_object_get_string_member (object, "algorithm"), ==, "p2c_least_loaded");
    g_assert_cmpint (json_object_get_int_member (object, "adds"), ==, 2);
    g_assert_cmpint (json_object_get_int_member (object, "available"), ==, 2);
    node = json_array_get_object_element (json_object_get_array_member (object, "nodes"), 1);
    g_assert_cmpstr (json_object_get_string_member (node, "address"), ==, "127.0.0.1:2");
    g_assert_cmpstr (json_object_get_string_member (node, "status"), ==, "open");
    g_assert_cmpfloat (json_object_get_double_member (node, "weight"), ==, 0.5);
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *path;
        void (*func) (void);
    } tests[] = {
        { "without-members-there-is-nobody", without_members_there_is_nobody },
        { "one-member-gets-all", one_member_gets_all },
        { "calls-one-by-one-are-spread-evenly", calls_one_by_one_are_spread_evenly },
        { "calls-side-by-side-are-spread-evenly", calls_side_by_side_are_spread_evenly },
        { "idle-member-is-preferred-to-a-busy-one", idle_member_is_preferred_to_a_busy_one },
        { "weights-hold-for-latencies-too", weights_hold_for_latencies_too },
        { "weight-of-nothing-is-left-alone-even-in-panic",
          weight_of_nothing_is_left_alone_even_in_panic },
        { "only-weights-of-nothing-are-nobody", only_weights_of_nothing_are_nobody },
        { "stuck-member-is-avoided-whatever-its-weight",
          stuck_member_is_avoided_whatever_its_weight },
        { "slow-member-gets-less", slow_member_gets_less },
        { "slow-member-is-tried-again", slow_member_is_tried_again },
        { "quick-failure-does-not-look-fast", quick_failure_does_not_look_fast },
        { "sick-members-get-nothing-while-few-are-sick",
          sick_members_get_nothing_while_few_are_sick },
        { "busy-is-better-than-closed", busy_is_better_than_closed },
        { "half-sick-is-where-panic-begins", half_sick_is_where_panic_begins },
        { "all-sick-are-called-all-the-same", all_sick_are_called_all_the_same },
        { "effort-is-bounded", effort_is_bounded },
        { "one-to-avoid-is-avoided", one_to_avoid_is_avoided },
        { "one-to-avoid-is-better-than-none", one_to_avoid_is_better_than_none },
        { "who-stays-keeps-its-state", who_stays_keeps_its_state },
        { "who-leaves-finishes-its-calls", who_leaves_finishes_its_calls },
        { "who-comes-back-in-time-is-the-same", who_comes_back_in_time_is_the_same },
        { "set-that-is-not-known-changes-nothing", set_that_is_not_known_changes_nothing },
        { "aperture-keeps-to-few", aperture_keeps_to_few },
        { "aperture-widens-with-what-is-asked", aperture_widens_with_what_is_asked },
        { "aperture-is-another-for-each-client", aperture_is_another_for_each_client },
        { "aperture-leaves-the-sick-and-comes-back", aperture_leaves_the_sick_and_comes_back },
        { "gauges-are-of-all-balancers-of-a-client", gauges_are_of_all_balancers_of_a_client },
        { "description-names-members-and-counts", description_names_members_and_counts },
    };

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path = g_strconcat ("/client/balancer/", tests[i].path, NULL);

        g_test_add_func (path, tests[i].func);
    }
    g_test_add_data_func ("/client/balancer/weights-are-shares-of-single-calls",
                          GUINT_TO_POINTER (1), weights_are_shares);
    g_test_add_data_func ("/client/balancer/weights-are-shares-of-a-few-at-once",
                          GUINT_TO_POINTER (4), weights_are_shares);
    g_test_add_data_func ("/client/balancer/weights-are-shares-of-many-at-once",
                          GUINT_TO_POINTER (40), weights_are_shares);
    for (guint i = 0; i < 4; i++) {
        static const char *const kinds[] = { "least", "ewma", "least-in-an-aperture",
                                             "ewma-in-an-aperture" };
        g_autofree char *path =
            g_strconcat ("/client/balancer/any-history-keeps-its-books/", kinds[i], NULL);

        g_test_add_data_func (path, GUINT_TO_POINTER (i), any_history_keeps_its_books);
    }
    return g_test_run ();
}
