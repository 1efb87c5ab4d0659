/* A TCP relay on loopback, on a thread of its own, that a test puts between two peers to hold,
 * cut or lose what they say. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct TestRelay TestRelay;

TestRelay *test_relay_new (guint16 target_port);
void test_relay_free (TestRelay *self);

guint16 test_relay_port (TestRelay *self);

/* Nothing moves in either direction, and nothing is closed, until released. */
void test_relay_hold (TestRelay *self, gboolean hold);

/* Once: when bytes pass that show @request, everything is held behind them: what was asked for is
 * done, and its reply comes too late. */
void test_relay_hold_after (TestRelay *self, const char *request);

/* Closes every connection of now. */
void test_relay_cut (TestRelay *self);

/**
 * test_relay_swallow:
 * @request: bytes that show the request
 * @reply: bytes that show its reply
 *
 * Once: the request passes; its reply is thrown away and the connection is cut.
 */
void test_relay_swallow (TestRelay *self, const char *request, const char *reply);
gboolean test_relay_has_swallowed (TestRelay *self);

/* How many connections it has passed on so far. */
guint test_relay_n_accepted (TestRelay *self);

/* The session that ZooKeeper granted last, as seen passing by. @password: 16 bytes */
void test_relay_get_session (TestRelay *self, gint64 *id, guint8 *password);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRelay, test_relay_free)

G_END_DECLS
