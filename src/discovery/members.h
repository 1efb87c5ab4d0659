/* One serverset as it is in ZooKeeper, followed by watches: who is a member, and with what weight.
 * The counterpart of discovery/reconcile, which writes. */
#pragma once

#include "client/address_set.h"
#include "discovery/serverset.h"
#include "discovery/zookeeper.h"

G_BEGIN_DECLS

typedef struct DunlinMembers DunlinMembers;

/* The set was read anew: its members may have changed. */
typedef void (*DunlinMembersFunc) (DunlinMembers *self, gpointer data);

/**
 * dunlin_members_new:
 * @zookeeper: borrowed: it outlives us, or is freed just before
 * @path: absolute, chroot included
 *
 * Returns: (transfer full): nothing is read before the session's STARTED event is passed on.
 */
DunlinMembers *dunlin_members_new (DunlinLoop *loop, DunlinZookeeper *zookeeper, const char *path,
                                   DunlinMembersFunc changed, gpointer data);

/* Only after the session, since answers may be on their way. */
void dunlin_members_free (DunlinMembers *self);

/* Every event of the session goes here, whomever it concerns. */
void dunlin_members_on_event (DunlinMembers *self, DunlinZookeeperEvent event, const char *path);

/* Reads the set; needs a session. */
void dunlin_members_read (DunlinMembers *self);

const char *dunlin_members_path (DunlinMembers *self);

/* Whether the set was ever read, if only to find that it is not there. */
gboolean dunlin_members_is_known (DunlinMembers *self);

/* Returns: (transfer none) (nullable): what ZooKeeper refuses, in words. */
const char *dunlin_members_problem (DunlinMembers *self);

/**
 * dunlin_members_pick:
 * @endpoint: (nullable): the additional endpoint to take instead of the service itself
 * @shard: (nullable): only members of this shard
 *
 * Returns: (transfer full) (element-type DunlinAddress): the usable members, by node name; @address
 * is not set, for @host is not resolved here. Those that Finagle passes over are left out.
 */
GArray *dunlin_members_pick (DunlinMembers *self, const char *endpoint, const gint32 *shard);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinMembers, dunlin_members_free)

G_END_DECLS
