/* An announcer on a control loop of its own: see the header. */
#include "support/announced.h"

#include "base/clock.h"
#include "discovery/zookeeper.h"

#include <pthread.h>
#include <time.h>

/* Only a failing test gets there. */
#define PATIENCE_SECONDS 60

struct TestAnnounced {
    DunlinLoop *loop;
    DunlinAnnouncer *announcer; /* owned; freed on the loop */

    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    DunlinAnnouncerState state;
    guint counts[DUNLIN_ANNOUNCER_N_STATES];
    gboolean left;
    gboolean acknowledged;
};

static void
on_state (DunlinAnnouncer *announcer, DunlinAnnouncerState from, DunlinAnnouncerState to,
          gpointer data)
{
    TestAnnounced *self = data;

    pthread_mutex_lock (&self->lock);
    self->state = to;
    self->counts[to]++;
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}

static void
start (gpointer data)
{
    dunlin_announcer_start (((TestAnnounced *)data)->announcer);
}

TestAnnounced *
test_announced_new (const DunlinAnnounceConfig *config)
{
    TestAnnounced *self = g_new0 (TestAnnounced, 1);
    g_autoptr (GError) error = NULL;

    pthread_mutex_init (&self->lock, NULL);
    pthread_cond_init (&self->changed, NULL);
    self->loop = dunlin_loop_new ("control", &error);
    g_assert_no_error (error);
    self->announcer = dunlin_announcer_new (self->loop, config, &error);
    g_assert_no_error (error);
    dunlin_announcer_set_state_func (self->announcer, on_state, self);
    dunlin_loop_start (self->loop);
    dunlin_loop_post (self->loop, start, self);
    return self;
}

static void
free_announcer (gpointer data)
{
    TestAnnounced *self = data;

    g_clear_pointer (&self->announcer, dunlin_announcer_free);
    dunlin_loop_stop (self->loop);
}

void
test_announced_stop (TestAnnounced *self)
{
    if (self->loop == NULL)
        return;
    dunlin_loop_post (self->loop, free_announcer, self);
    dunlin_loop_join (self->loop);
    g_clear_pointer (&self->loop, dunlin_loop_free);
}

void
test_announced_free (TestAnnounced *self)
{
    if (self == NULL)
        return;
    test_announced_stop (self);
    g_assert_true (dunlin_zookeeper_wait_closed (dunlin_deadline_in (20 * G_USEC_PER_SEC)));
    pthread_mutex_destroy (&self->lock);
    pthread_cond_destroy (&self->changed);
    g_free (self);
}

DunlinAnnouncer *
test_announced_announcer (TestAnnounced *self)
{
    return self->announcer;
}

static struct timespec
patience (void)
{
    struct timespec until;

    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    return until;
}

static void
wait_change (TestAnnounced *self, const struct timespec *until, const char *what)
{
    g_autofree char *problem = NULL;

    if (pthread_cond_timedwait (&self->changed, &self->lock, until) == 0)
        return;
    problem = test_announced_problem (self);
    g_error ("waited in vain until %s: it is %s (%s)", what,
             dunlin_announcer_state_name (self->state), problem);
}

void
test_announced_wait (TestAnnounced *self, DunlinAnnouncerState state)
{
    struct timespec until = patience ();

    pthread_mutex_lock (&self->lock);
    while (self->state != state)
        wait_change (self, &until, dunlin_announcer_state_name (state));
    pthread_mutex_unlock (&self->lock);
}

void
test_announced_wait_count (TestAnnounced *self, DunlinAnnouncerState state, guint n)
{
    struct timespec until = patience ();

    pthread_mutex_lock (&self->lock);
    while (self->counts[state] < n)
        wait_change (self, &until, dunlin_announcer_state_name (state));
    pthread_mutex_unlock (&self->lock);
}

guint
test_announced_count (TestAnnounced *self, DunlinAnnouncerState state)
{
    guint count;

    pthread_mutex_lock (&self->lock);
    count = self->counts[state];
    pthread_mutex_unlock (&self->lock);
    return count;
}

static void
set_healthy (gpointer data)
{
    dunlin_announcer_set_healthy (((TestAnnounced *)data)->announcer, TRUE);
}

static void
set_unhealthy (gpointer data)
{
    dunlin_announcer_set_healthy (((TestAnnounced *)data)->announcer, FALSE);
}

void
test_announced_set_healthy (TestAnnounced *self, gboolean healthy)
{
    dunlin_loop_post (self->loop, healthy ? set_healthy : set_unhealthy, self);
}

static void
on_left (DunlinAnnouncer *announcer, gboolean acknowledged, gpointer data)
{
    TestAnnounced *self = data;

    pthread_mutex_lock (&self->lock);
    self->left = TRUE;
    self->acknowledged = acknowledged;
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}

static void
leave (gpointer data)
{
    TestAnnounced *self = data;

    dunlin_announcer_leave (self->announcer, on_left, self);
}

gboolean
test_announced_leave (TestAnnounced *self)
{
    struct timespec until = patience ();
    gboolean acknowledged;

    dunlin_loop_post (self->loop, leave, self);
    pthread_mutex_lock (&self->lock);
    while (!self->left)
        wait_change (self, &until, "left");
    acknowledged = self->acknowledged;
    pthread_mutex_unlock (&self->lock);
    return acknowledged;
}

char *
test_announced_node (TestAnnounced *self)
{
    g_auto (DunlinAnnouncerStatus) status = { 0 };

    dunlin_announcer_get_status (self->announcer, &status);
    return g_steal_pointer (&status.node);
}

char *
test_announced_problem (TestAnnounced *self)
{
    g_auto (DunlinAnnouncerStatus) status = { 0 };

    dunlin_announcer_get_status (self->announcer, &status);
    return g_steal_pointer (&status.problem);
}
