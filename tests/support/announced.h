/* An announcer on a control loop of its own, as a test sees it: commands, and the states it goes
 * through. */
#pragma once

#include "discovery/announcer.h"

G_BEGIN_DECLS

typedef struct TestAnnounced TestAnnounced;

/* Made and started. */
TestAnnounced *test_announced_new (const DunlinAnnounceConfig *config);
void test_announced_free (TestAnnounced *self);

/* Frees the announcer and ends its loop: a part of test_announced_free(), which then waits until
 * the session is closed. */
void test_announced_stop (TestAnnounced *self);

DunlinAnnouncer *test_announced_announcer (TestAnnounced *self);

/* Blocks until the present state is @state; aborts the test after a minute. */
void test_announced_wait (TestAnnounced *self, DunlinAnnouncerState state);

/* How often the state was entered, and until it was entered for the @n-th time. */
guint test_announced_count (TestAnnounced *self, DunlinAnnouncerState state);
void test_announced_wait_count (TestAnnounced *self, DunlinAnnouncerState state, guint n);

void test_announced_set_healthy (TestAnnounced *self, gboolean healthy);

/* Leaves and waits for its end. Returns: whether ZooKeeper acknowledged it. */
gboolean test_announced_leave (TestAnnounced *self);

/* Returns: (transfer full) (nullable): path of the member. */
char *test_announced_node (TestAnnounced *self);

/* Returns: (transfer full) (nullable): what is in the way. */
char *test_announced_problem (TestAnnounced *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestAnnounced, test_announced_free)

G_END_DECLS
