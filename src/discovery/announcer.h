/* Keeps this process in a serverset: exactly one member while it is healthy, none when it is not,
 * whatever ZooKeeper, the network and others do. Never stops the service from serving. */
#pragma once

#include "discovery/serverset.h"
#include "discovery/zookeeper_tls.h"
#include "loop/loop.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct DunlinAnnouncer DunlinAnnouncer;

/**
 * DunlinAnnouncerState:
 * @DUNLIN_ANNOUNCER_IDLE: not started
 * @DUNLIN_ANNOUNCER_CONNECTING: no session yet
 * @DUNLIN_ANNOUNCER_RECONCILING: making the set what it should be
 * @DUNLIN_ANNOUNCER_REGISTERED: one member, which is watched
 * @DUNLIN_ANNOUNCER_SUSPENDED: no connection: the member may be there or not
 * @DUNLIN_ANNOUNCER_EXPIRED: the session and the member are gone; a new session is being made
 * @DUNLIN_ANNOUNCER_AUTH_FAILED: credentials refused; a new session is tried now and then
 * @DUNLIN_ANNOUNCER_WITHDRAWN: unhealthy: connected, and no member
 * @DUNLIN_ANNOUNCER_DRAINING: leaving
 * @DUNLIN_ANNOUNCER_GONE: left
 */
typedef enum {
    DUNLIN_ANNOUNCER_IDLE,
    DUNLIN_ANNOUNCER_CONNECTING,
    DUNLIN_ANNOUNCER_RECONCILING,
    DUNLIN_ANNOUNCER_REGISTERED,
    DUNLIN_ANNOUNCER_SUSPENDED,
    DUNLIN_ANNOUNCER_EXPIRED,
    DUNLIN_ANNOUNCER_AUTH_FAILED,
    DUNLIN_ANNOUNCER_WITHDRAWN,
    DUNLIN_ANNOUNCER_DRAINING,
    DUNLIN_ANNOUNCER_GONE,
    DUNLIN_ANNOUNCER_N_STATES
} DunlinAnnouncerState;

/**
 * DunlinAnnounceConfig:
 * @servers: the setting zookeeper.servers: "h1:2181,h2:2181/chroot"
 * @path: of the serverset, below the chroot; it and its parents are created as needed
 * @host: to advertise; see discovery/advertise
 * @shard: Finagle's announcer always writes one
 * @session_timeout_ms: asked for; ensembles grant between 2 and 20 of their ticks
 * @digest: (nullable): "user:password"; then members belong to it and the world may only read
 * @tls: (nullable): TLS to the ensemble
 * @renew_after_ms: see DunlinZookeeperOptions; 0: default
 *
 * Everything is copied.
 */
typedef struct {
    const char *servers;
    const char *path;
    const char *host;
    guint16 port;
    const DunlinEndpoint *additional;
    guint n_additional;
    gint32 shard;
    const DunlinMetadata *metadata;
    guint n_metadata;
    int session_timeout_ms;
    const char *digest;
    const DunlinZookeeperTls *tls;
    int renew_after_ms;
} DunlinAnnounceConfig;

/**
 * DunlinAnnouncerStatus:
 * @node: (owned) (nullable): path of our member, as far as is known
 * @session_id: of ZooKeeper; 0 before the first
 * @since: when the state began, dunlin_clock_now() time
 * @problem: (owned) (nullable): what is in the way of the state that is wanted
 * @n_registrations: how often a member was made or found again
 */
typedef struct {
    DunlinAnnouncerState state;
    gboolean healthy;
    char *node;
    gint64 session_id;
    int session_timeout_ms;
    gint64 since;
    char *problem;
    guint64 n_registrations;
} DunlinAnnouncerStatus;

/* On the loop. It must not free the announcer. */
typedef void (*DunlinAnnouncerStateFunc) (DunlinAnnouncer *self, DunlinAnnouncerState from,
                                          DunlinAnnouncerState to, gpointer data);

/**
 * DunlinAnnouncerLeftFunc:
 * @acknowledged: whether ZooKeeper has said that the member is gone; otherwise its session has had
 *   the time to expire
 *
 * On the loop. It may free the announcer.
 */
typedef void (*DunlinAnnouncerLeftFunc) (DunlinAnnouncer *self, gboolean acknowledged,
                                         gpointer data);

/**
 * dunlin_announcer_new:
 * @control: borrowed: must outlive the announcer
 * @error: DUNLIN_ERROR_SETTINGS
 *
 * Returns: (transfer full) (nullable): an idle announcer. All but the status functions is for
 * @control's thread, or for any while no thread runs it.
 */
DunlinAnnouncer *dunlin_announcer_new (DunlinLoop *control, const DunlinAnnounceConfig *config,
                                       GError **error);

void dunlin_announcer_set_state_func (DunlinAnnouncer *self, DunlinAnnouncerStateFunc func,
                                      gpointer data);

/* Joins, and stays joined. Call when the service answers at the advertised address. */
void dunlin_announcer_start (DunlinAnnouncer *self);

/* Healthy from the start. An unhealthy one has no member, and stays connected. */
void dunlin_announcer_set_healthy (DunlinAnnouncer *self, gboolean healthy);

/**
 * dunlin_announcer_leave:
 * @func: called once, never before this returns
 *
 * Deletes the member. Tries until ZooKeeper acknowledges it or the session must have expired:
 * max (5 s, session timeout) from now, and a session timeout after the last contact. Go on serving
 * meanwhile, and then as long as callers take to notice. Once only.
 */
void dunlin_announcer_leave (DunlinAnnouncer *self, DunlinAnnouncerLeftFunc func, gpointer data);

/* Without leaving first, the member stays until the session is closed in the background. */
void dunlin_announcer_free (DunlinAnnouncer *self);

/* From any thread. */
DunlinAnnouncerState dunlin_announcer_get_state (DunlinAnnouncer *self);
void dunlin_announcer_get_status (DunlinAnnouncer *self, DunlinAnnouncerStatus *status);
void dunlin_announcer_status_clear (DunlinAnnouncerStatus *status);

/* Adds the status as the members of a JSON object that the caller has begun. From any thread. */
void dunlin_announcer_describe (DunlinAnnouncer *self, JsonBuilder *json);

/* Returns: (transfer none): in lower case, as logs and status pages write it. */
const char *dunlin_announcer_state_name (DunlinAnnouncerState state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinAnnouncer, dunlin_announcer_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinAnnouncerStatus, dunlin_announcer_status_clear)

G_END_DECLS
