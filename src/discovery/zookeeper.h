/* A ZooKeeper session that belongs to one loop: all of ZooKeeper's C client is behind this. Its
 * threads, its blocking look-ups and its slow closing never touch the loop. */
#pragma once

#include "discovery/ensemble.h"
#include "discovery/zookeeper_tls.h"
#include "loop/loop.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct DunlinZookeeper DunlinZookeeper;

/**
 * DunlinZookeeperEvent:
 * @DUNLIN_ZOOKEEPER_STARTED: connected, with a new session: no ephemeral node of ours exists in it
 * @DUNLIN_ZOOKEEPER_RESUMED: connected again, the session and its nodes have survived
 * @DUNLIN_ZOOKEEPER_SUSPENDED: the connection is lost; the session may or may not survive
 * @DUNLIN_ZOOKEEPER_EXPIRED: the session and its nodes are gone; a new one is being made
 * @DUNLIN_ZOOKEEPER_AUTH_FAILED: the ensemble refused the credentials; a new session is tried
 * @DUNLIN_ZOOKEEPER_RENEWED: given up after a long silence: a new session is being made (hosts are
 *   resolved anew) while the old one, and its nodes, may live on until the ensemble expires it
 * @DUNLIN_ZOOKEEPER_NODE_CREATED: a watch has fired, for the path that comes with the event
 * @DUNLIN_ZOOKEEPER_NODE_DELETED: likewise
 * @DUNLIN_ZOOKEEPER_NODE_CHANGED: likewise
 * @DUNLIN_ZOOKEEPER_CHILDREN_CHANGED: likewise
 */
typedef enum {
    DUNLIN_ZOOKEEPER_STARTED,
    DUNLIN_ZOOKEEPER_RESUMED,
    DUNLIN_ZOOKEEPER_SUSPENDED,
    DUNLIN_ZOOKEEPER_EXPIRED,
    DUNLIN_ZOOKEEPER_AUTH_FAILED,
    DUNLIN_ZOOKEEPER_RENEWED,
    DUNLIN_ZOOKEEPER_NODE_CREATED,
    DUNLIN_ZOOKEEPER_NODE_DELETED,
    DUNLIN_ZOOKEEPER_NODE_CHANGED,
    DUNLIN_ZOOKEEPER_CHILDREN_CHANGED,
    DUNLIN_ZOOKEEPER_N_EVENTS
} DunlinZookeeperEvent;

/* @path: (nullable): of the node, for the events of watches. */
typedef void (*DunlinZookeeperEventFunc) (DunlinZookeeperEvent event, const char *path,
                                          gpointer data);

/**
 * DunlinZookeeperCode:
 * @DUNLIN_ZOOKEEPER_UNKNOWN: no answer came: it may have been done, or not
 * @DUNLIN_ZOOKEEPER_FAILED: refused for a reason that only the message tells
 */
typedef enum {
    DUNLIN_ZOOKEEPER_OK,
    DUNLIN_ZOOKEEPER_NO_NODE,
    DUNLIN_ZOOKEEPER_NODE_EXISTS,
    DUNLIN_ZOOKEEPER_NO_AUTH,
    DUNLIN_ZOOKEEPER_UNKNOWN,
    DUNLIN_ZOOKEEPER_FAILED
} DunlinZookeeperCode;

/**
 * DunlinZookeeperReply:
 * @message: what ZooKeeper calls the outcome
 * @path: what was asked for; after a successful create, the path that was made
 * @data: (nullable): of the node, after a get
 * @children: (nullable): names, after get_children
 * @owner: the session that an ephemeral node belongs to, or 0; after exists and get
 *
 * Lives only during the callback.
 */
typedef struct {
    DunlinZookeeperCode code;
    const char *message;
    const char *path;
    GBytes *data;
    char **children;
    gint64 owner;
} DunlinZookeeperReply;

typedef void (*DunlinZookeeperFunc) (const DunlinZookeeperReply *reply, gpointer data);

/**
 * DunlinZookeeperOptions:
 * @ensemble: where to connect; its chroot is the caller's business: paths here are absolute
 * @session_timeout_ms: asked for; the ensemble may grant another
 * @digest: (nullable): "user:password"
 * @tls: (nullable): TLS to the ensemble, which then listens for it at the ensemble's ports
 * @renew_after_ms: see DUNLIN_ZOOKEEPER_RENEWED; 0: three session timeouts, at least 30 s
 */
typedef struct {
    const DunlinEnsemble *ensemble;
    int session_timeout_ms;
    const char *digest;
    const DunlinZookeeperTls *tls;
    int renew_after_ms;
} DunlinZookeeperOptions;

/**
 * dunlin_zookeeper_new:
 * @on_event: called on @loop; it may free the session
 *
 * Returns: (transfer full): a session that dunlin_zookeeper_start() connects. All functions but
 * dunlin_zookeeper_wait_closed() are for @loop's thread, or for any while no thread runs the loop.
 */
DunlinZookeeper *dunlin_zookeeper_new (DunlinLoop *loop, const DunlinZookeeperOptions *options,
                                       DunlinZookeeperEventFunc on_event, gpointer data);

/* Connects, and goes on trying for ever: from now on events come. */
void dunlin_zookeeper_start (DunlinZookeeper *self);

/* Nothing is called back any more; the connection is closed in the background. */
void dunlin_zookeeper_free (DunlinZookeeper *self);

/**
 * dunlin_zookeeper_wait_closed:
 * @deadline: a dunlin_clock_now() time
 *
 * Blocks until every session that was freed is closed: at the very end of a process, so that the
 * ensemble hears of it.
 *
 * Returns: whether all were closed in time.
 */
gboolean dunlin_zookeeper_wait_closed (gint64 deadline);

gboolean dunlin_zookeeper_is_connected (DunlinZookeeper *self);

/* Returns: the present session's id, or 0 before the first connection. */
gint64 dunlin_zookeeper_session_id (DunlinZookeeper *self);

/* Returns: as granted; before the first connection, as asked for. */
int dunlin_zookeeper_session_timeout_ms (DunlinZookeeper *self);

/* Returns: (transfer none) (nullable): why there is no connection, as far as is known. */
const char *dunlin_zookeeper_problem (DunlinZookeeper *self);

/*
 * Requests. @func is called on the loop, exactly once and never before the function returns;
 * except that it is never called for a session that has ended meanwhile (STARTED, EXPIRED,
 * AUTH_FAILED, RENEWED or a free came first). With credentials, what is created belongs to them
 * (all rights) and the world may read it; without, it is the world's, as Finagle does it.
 */

/* A node without data that stays. */
void dunlin_zookeeper_create (DunlinZookeeper *self, const char *path, DunlinZookeeperFunc func,
                              gpointer data);

/* An ephemeral node: ZooKeeper appends ten digits to @prefix. */
void dunlin_zookeeper_create_member (DunlinZookeeper *self, const char *prefix, GBytes *value,
                                     DunlinZookeeperFunc func, gpointer data);

void dunlin_zookeeper_delete (DunlinZookeeper *self, const char *path, DunlinZookeeperFunc func,
                              gpointer data);
void dunlin_zookeeper_exists (DunlinZookeeper *self, const char *path, gboolean watch,
                              DunlinZookeeperFunc func, gpointer data);
void dunlin_zookeeper_get (DunlinZookeeper *self, const char *path, gboolean watch,
                           DunlinZookeeperFunc func, gpointer data);
void dunlin_zookeeper_get_children (DunlinZookeeper *self, const char *path, gboolean watch,
                                    DunlinZookeeperFunc func, gpointer data);

/* What is read after it is at least as new as now, whichever server answers. */
void dunlin_zookeeper_sync (DunlinZookeeper *self, const char *path, DunlinZookeeperFunc func,
                            gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinZookeeper, dunlin_zookeeper_free)

G_END_DECLS
