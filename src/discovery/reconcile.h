/* Makes the members that are ours in a serverset what they should be: exactly one, or none. One
 * run at a time; it says when the set is as wanted, or why it could not be brought there. */
#pragma once

#include "discovery/serverset.h"
#include "discovery/zookeeper.h"

G_BEGIN_DECLS

typedef struct DunlinReconcile DunlinReconcile;

/**
 * DunlinReconcileFunc:
 * @node: (nullable): path of our one member, watched; %NULL when there is none
 * @error: (nullable): DUNLIN_ERROR_UNAVAILABLE when an answer is missing (try again once
 *   connected), DUNLIN_ERROR_DENIED or DUNLIN_ERROR_INTERNAL when ZooKeeper refused
 */
typedef void (*DunlinReconcileFunc) (const char *node, const GError *error, gpointer data);

/**
 * dunlin_reconcile_new:
 * @path: of the set, absolute, chroot included
 * @member: what is written
 *
 * Returns: (transfer full): nothing runs yet.
 */
DunlinReconcile *dunlin_reconcile_new (DunlinZookeeper *zookeeper, const char *path,
                                       const DunlinMember *member, DunlinReconcileFunc func,
                                       gpointer data);
void dunlin_reconcile_free (DunlinReconcile *self);

/**
 * dunlin_reconcile_run:
 * @wanted: whether there should be a member, or none
 *
 * Needs a session. Ours is what a session of this object made. With @wanted, members of others
 * with our host and port are left-overs of a former run and removed: we hold the port. The
 * function given at the start is called once at the end, unless dunlin_reconcile_cancel() came.
 * During a run, this makes it look once more before it ends.
 */
void dunlin_reconcile_run (DunlinReconcile *self, gboolean wanted);
gboolean dunlin_reconcile_is_running (DunlinReconcile *self);

/* The session has ended, and with it what was under way. */
void dunlin_reconcile_cancel (DunlinReconcile *self);

/* Whether a member of ours may be there, for all we know. */
gboolean dunlin_reconcile_may_exist (DunlinReconcile *self);

/* For who knows that our members are gone: they were deleted, or all our sessions have ended. */
void dunlin_reconcile_set_gone (DunlinReconcile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinReconcile, dunlin_reconcile_free)

G_END_DECLS
