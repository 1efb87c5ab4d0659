/* Keeps this process in a serverset: see the header. The states are DunlinAnnouncerState; what is
 * done in the set itself is discovery/reconcile's, and sessions are discovery/zookeeper's. */
#define G_LOG_DOMAIN "dunlin-discovery"

#include "discovery/announcer.h"

#include "base/clock.h"
#include "base/error.h"
#include "discovery/reconcile.h"

#include <pthread.h>
#include <string.h>

/* Between attempts to bring the set to what is wanted; the first repair comes at once. */
#define MIN_BACKOFF (100 * G_TIME_SPAN_MILLISECOND)
#define MAX_BACKOFF (10 * G_TIME_SPAN_SECOND)
/* A member that stood this long was no quarrel: the next repair comes at once again. */
#define GOOD_REGISTRATION (10 * G_TIME_SPAN_SECOND)
/* How long a deletion is tried at least (and a session timeout, if that is longer). */
#define MIN_LEAVE (5 * G_TIME_SPAN_SECOND)
/* When to say that there is still no registration; doubled each time. */
#define FIRST_REMINDER (5 * G_TIME_SPAN_SECOND)
#define MAX_REMINDER   (5 * G_TIME_SPAN_MINUTE)
/* ZooKeeper takes any timeout and clamps it; less than this cannot survive a pause of a JVM. */
#define MIN_SESSION_TIMEOUT_MS 1000
#define MAX_SESSION_TIMEOUT_MS (10 * 60 * 1000)

struct DunlinAnnouncer {
    DunlinLoop *loop;                  /* borrowed: outlives us */
    char *servers;                     /* owned: as the setting has it, for messages */
    char *path;                        /* owned: chroot included */
    DunlinMember member;               /* owned */
    DunlinZookeeper *zookeeper;        /* owned, nullable: once gone it is not needed */
    DunlinReconcile *reconcile;        /* owned */
    DunlinAnnouncerStateFunc on_state; /* nullable */
    gpointer on_state_data;

    gboolean has_session;
    gboolean left_behind; /* a session was given up that may live on, with a member */
    gint64 backoff;
    gint64 registered_at; /* when the present member was made or found */
    gint64 reminder;
    DunlinTimer *retry;          /* owned */
    DunlinTimer *reminder_timer; /* owned */

    DunlinAnnouncerLeftFunc on_left; /* nullable: until leaving, and after it was called */
    gpointer on_left_data;
    gboolean acknowledged;
    gint64 last_contact; /* at most: when the connection was found lost */
    DunlinTimer *left;   /* owned: the end of leaving */

    pthread_mutex_t lock;         /* for `status` only, which other threads read */
    DunlinAnnouncerStatus status; /* owned; written by the loop's thread */
};

static const char *const state_names[DUNLIN_ANNOUNCER_N_STATES] = {
    [DUNLIN_ANNOUNCER_IDLE] = "idle",
    [DUNLIN_ANNOUNCER_CONNECTING] = "connecting",
    [DUNLIN_ANNOUNCER_RECONCILING] = "reconciling",
    [DUNLIN_ANNOUNCER_REGISTERED] = "registered",
    [DUNLIN_ANNOUNCER_SUSPENDED] = "suspended",
    [DUNLIN_ANNOUNCER_EXPIRED] = "expired",
    [DUNLIN_ANNOUNCER_AUTH_FAILED] = "auth-failed",
    [DUNLIN_ANNOUNCER_WITHDRAWN] = "withdrawn",
    [DUNLIN_ANNOUNCER_DRAINING] = "draining",
    [DUNLIN_ANNOUNCER_GONE] = "gone",
};

const char *
dunlin_announcer_state_name (DunlinAnnouncerState state)
{
    return state < DUNLIN_ANNOUNCER_N_STATES ? state_names[state] : "unknown";
}

/* The loop's thread is the only writer: it may read without the lock. */
static DunlinAnnouncerState
state_of (DunlinAnnouncer *self)
{
    return self->status.state;
}

static gboolean
is_leaving (DunlinAnnouncer *self)
{
    return state_of (self) == DUNLIN_ANNOUNCER_DRAINING || state_of (self) == DUNLIN_ANNOUNCER_GONE;
}

static gboolean
is_wanted (DunlinAnnouncer *self)
{
    return self->status.healthy && !is_leaving (self);
}

static gboolean
is_connected (DunlinAnnouncer *self)
{
    return self->has_session && dunlin_zookeeper_is_connected (self->zookeeper);
}

static void
set_state (DunlinAnnouncer *self, DunlinAnnouncerState to)
{
    DunlinAnnouncerState from = state_of (self);

    if (from == to)
        return;
    pthread_mutex_lock (&self->lock);
    self->status.state = to;
    self->status.since = dunlin_clock_now ();
    pthread_mutex_unlock (&self->lock);
    g_debug ("announcer of %s: %s -> %s", self->path, state_names[from], state_names[to]);
    if (self->on_state != NULL)
        self->on_state (self, from, to, self->on_state_data);
}

static void
set_node (DunlinAnnouncer *self, const char *node)
{
    pthread_mutex_lock (&self->lock);
    g_free (self->status.node);
    self->status.node = g_strdup (node);
    pthread_mutex_unlock (&self->lock);
}

static void
set_problem (DunlinAnnouncer *self, const char *problem)
{
    pthread_mutex_lock (&self->lock);
    g_free (self->status.problem);
    self->status.problem = g_strdup (problem);
    pthread_mutex_unlock (&self->lock);
}

static void
set_session (DunlinAnnouncer *self)
{
    pthread_mutex_lock (&self->lock);
    self->status.session_id = dunlin_zookeeper_session_id (self->zookeeper);
    self->status.session_timeout_ms = dunlin_zookeeper_session_timeout_ms (self->zookeeper);
    pthread_mutex_unlock (&self->lock);
}

static void
start_reminding (DunlinAnnouncer *self)
{
    self->reminder = FIRST_REMINDER;
    dunlin_timer_arm (self->reminder_timer, dunlin_deadline_in (self->reminder));
}

static void
on_reminder (gpointer data)
{
    DunlinAnnouncer *self = data;
    const char *problem = dunlin_zookeeper_problem (self->zookeeper);

    if (problem != NULL)
        set_problem (self, problem);
    else
        problem = self->status.problem;
    g_warning ("not registered in %s at ZooKeeper %s: %s; serving, and trying on", self->path,
               self->servers, problem != NULL ? problem : "no answer yet");
    self->reminder = MIN (self->reminder * 2, MAX_REMINDER);
    dunlin_timer_arm (self->reminder_timer, dunlin_deadline_in (self->reminder));
}

/* What is asked of the set now: one member or none. Without a connection, when it is back. */
static void
look (DunlinAnnouncer *self)
{
    dunlin_timer_disarm (self->retry);
    if (!is_connected (self))
        return;
    if (!is_leaving (self))
        set_state (self, DUNLIN_ANNOUNCER_RECONCILING);
    dunlin_reconcile_run (self->reconcile, is_wanted (self));
}

static void
on_retry (gpointer data)
{
    look (data);
}

/* At once after long peace; slower and slower in a quarrel. */
static void
look_later (DunlinAnnouncer *self)
{
    gint64 delay;

    if (self->registered_at != 0 && dunlin_clock_now () - self->registered_at >= GOOD_REGISTRATION)
        self->backoff = 0;
    delay = (gint64)((double)self->backoff * g_random_double_range (0.5, 1.0));
    self->backoff = CLAMP (self->backoff * 2, MIN_BACKOFF, MAX_BACKOFF);
    if (!is_leaving (self))
        set_state (self, DUNLIN_ANNOUNCER_RECONCILING);
    dunlin_timer_arm (self->retry, dunlin_deadline_in (delay));
}

static void
forget_node (DunlinAnnouncer *self)
{
    set_node (self, NULL);
    self->registered_at = 0;
}

static void
count_registration (DunlinAnnouncer *self)
{
    self->registered_at = dunlin_clock_now ();
    pthread_mutex_lock (&self->lock);
    self->status.n_registrations++;
    pthread_mutex_unlock (&self->lock);
}

static void
set_registered (DunlinAnnouncer *self, const char *node)
{
    if (g_strcmp0 (node, self->status.node) != 0) {
        g_message ("registered %s:%u in ZooKeeper %s as %s (session 0x%" G_GINT64_MODIFIER "x)",
                   self->member.service.host, self->member.service.port, self->servers, node,
                   self->status.session_id);
        set_node (self, node);
        count_registration (self);
    }
    set_problem (self, NULL);
    dunlin_timer_disarm (self->reminder_timer);
    set_state (self, DUNLIN_ANNOUNCER_REGISTERED);
}

/* Nothing of us is in the set any more. The timer does the rest: we are inside a callback of the
 * session that it will close. */
static void
finish_leaving (DunlinAnnouncer *self)
{
    if (self->status.n_registrations > 0)
        g_message ("left %s in ZooKeeper %s", self->path, self->servers);
    self->acknowledged = TRUE;
    forget_node (self);
    set_problem (self, NULL);
    set_state (self, DUNLIN_ANNOUNCER_GONE);
    dunlin_timer_arm (self->left, dunlin_clock_now ());
}

static void
give_up_leaving (DunlinAnnouncer *self)
{
    const char *problem = dunlin_zookeeper_problem (self->zookeeper);

    if (problem == NULL)
        problem = self->status.problem;
    g_warning ("ZooKeeper %s has not confirmed that our member in %s is deleted (%s): %s",
               self->servers, self->path, problem != NULL ? problem : "no answer",
               is_connected (self) ? "its session is closed now"
                                   : "its session has expired by now");
    set_state (self, DUNLIN_ANNOUNCER_GONE);
}

/* The end of leaving; @on_left may free us. */
static void
on_left_timer (gpointer data)
{
    DunlinAnnouncer *self = data;
    DunlinAnnouncerLeftFunc func = self->on_left;
    gint64 expiry = self->last_contact + self->status.session_timeout_ms * G_TIME_SPAN_MILLISECOND;

    if (state_of (self) == DUNLIN_ANNOUNCER_DRAINING) {
        /* Contact may have been lost since leaving began. */
        if (!is_connected (self) && expiry > dunlin_clock_now ()) {
            dunlin_timer_arm (self->left, expiry);
            return;
        }
        give_up_leaving (self);
    }
    dunlin_reconcile_cancel (self->reconcile);
    g_clear_pointer (&self->zookeeper, dunlin_zookeeper_free);
    self->has_session = FALSE;
    self->on_left = NULL;
    if (func != NULL)
        func (self, self->acknowledged, self->on_left_data);
}

static void
on_reconcile_failed (DunlinAnnouncer *self, const GError *error)
{
    if (g_strcmp0 (error->message, self->status.problem) != 0 &&
        !g_error_matches (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE))
        g_warning ("%s; serving, and trying on", error->message);
    set_problem (self, error->message);
    if (is_leaving (self) && !dunlin_reconcile_may_exist (self->reconcile))
        finish_leaving (self);
    else if (is_connected (self))
        look_later (self);
}

static void
on_reconciled (const char *node, const GError *error, gpointer data)
{
    DunlinAnnouncer *self = data;

    if (error != NULL) {
        on_reconcile_failed (self, error);
        return;
    }
    self->left_behind = FALSE;
    if (node != NULL) {
        set_registered (self, node);
    } else if (is_leaving (self)) {
        finish_leaving (self);
    } else {
        forget_node (self);
        set_problem (self, NULL);
        dunlin_timer_disarm (self->reminder_timer);
        set_state (self, DUNLIN_ANNOUNCER_WITHDRAWN);
    }
}

static void
on_started (DunlinAnnouncer *self, const char *path)
{
    self->has_session = TRUE;
    set_session (self);
    look (self);
}

/* The session has survived: is the member still there? */
static void
on_verified (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinAnnouncer *self = data;

    if (state_of (self) != DUNLIN_ANNOUNCER_SUSPENDED)
        return;
    if (reply->code == DUNLIN_ZOOKEEPER_OK && reply->owner == self->status.session_id &&
        is_wanted (self) && is_connected (self))
        set_registered (self, reply->path);
    else
        look (self);
}

static void
on_resumed (DunlinAnnouncer *self, const char *path)
{
    set_session (self);
    if (self->status.node != NULL && is_wanted (self) &&
        !dunlin_reconcile_is_running (self->reconcile))
        dunlin_zookeeper_exists (self->zookeeper, self->status.node, TRUE, on_verified, self);
    else
        look (self);
}

static void
on_suspended (DunlinAnnouncer *self, const char *path)
{
    self->last_contact = dunlin_clock_now ();
    dunlin_timer_disarm (self->retry);
    if (is_leaving (self))
        return;
    g_warning ("no connection to ZooKeeper %s: serving on, the member in %s stays until its "
               "session expires",
               self->servers, self->path);
    start_reminding (self);
    set_state (self, DUNLIN_ANNOUNCER_SUSPENDED);
}

/* The session has ended; a new one comes by itself. */
static void
lose_session (DunlinAnnouncer *self, DunlinAnnouncerState state)
{
    self->has_session = FALSE;
    dunlin_reconcile_cancel (self->reconcile);
    dunlin_timer_disarm (self->retry);
    if (!self->left_behind)
        dunlin_reconcile_set_gone (self->reconcile);
    forget_node (self);
    if (!is_leaving (self)) {
        start_reminding (self);
        set_state (self, state);
    } else if (!dunlin_reconcile_may_exist (self->reconcile)) {
        finish_leaving (self);
    }
}

static void
on_expired (DunlinAnnouncer *self, const char *path)
{
    g_warning ("the session with ZooKeeper %s has expired: joining %s anew", self->servers,
               self->path);
    lose_session (self, DUNLIN_ANNOUNCER_EXPIRED);
}

static void
on_auth_failed (DunlinAnnouncer *self, const char *path)
{
    const char *problem = "the ensemble refused the credentials (digest): check user and password, "
                          "and that it allows this scheme";

    if (g_strcmp0 (problem, self->status.problem) != 0)
        g_warning ("ZooKeeper %s: %s; serving, and trying on", self->servers, problem);
    set_problem (self, problem);
    self->left_behind |= dunlin_reconcile_may_exist (self->reconcile);
    lose_session (self, DUNLIN_ANNOUNCER_AUTH_FAILED);
}

static void
on_renewed (DunlinAnnouncer *self, const char *path)
{
    g_warning ("ZooKeeper %s has been silent for long: trying with a new session", self->servers);
    self->left_behind |= dunlin_reconcile_may_exist (self->reconcile);
    lose_session (self, DUNLIN_ANNOUNCER_CONNECTING);
}

static void
on_node_event (DunlinAnnouncer *self, const char *path)
{
    if (dunlin_reconcile_is_running (self->reconcile)) {
        look (self);
        return;
    }
    if (is_leaving (self) || g_strcmp0 (path, self->status.node) != 0)
        return;
    g_warning ("somebody else deleted or changed %s in ZooKeeper %s: repairing (if this goes on, "
               "another process advertises %s:%u, too)",
               path, self->servers, self->member.service.host, self->member.service.port);
    start_reminding (self);
    look_later (self);
    forget_node (self);
}

static void (*const on_event_table[DUNLIN_ZOOKEEPER_N_EVENTS]) (DunlinAnnouncer *, const char *) = {
    [DUNLIN_ZOOKEEPER_STARTED] = on_started,
    [DUNLIN_ZOOKEEPER_RESUMED] = on_resumed,
    [DUNLIN_ZOOKEEPER_SUSPENDED] = on_suspended,
    [DUNLIN_ZOOKEEPER_EXPIRED] = on_expired,
    [DUNLIN_ZOOKEEPER_AUTH_FAILED] = on_auth_failed,
    [DUNLIN_ZOOKEEPER_RENEWED] = on_renewed,
    [DUNLIN_ZOOKEEPER_NODE_DELETED] = on_node_event,
    [DUNLIN_ZOOKEEPER_NODE_CHANGED] = on_node_event,
};

static void
on_event (DunlinZookeeperEvent event, const char *path, gpointer data)
{
    DunlinAnnouncer *self = data;

    if (state_of (self) != DUNLIN_ANNOUNCER_GONE && on_event_table[event] != NULL)
        on_event_table[event](self, path);
}

/* Fills the member; the strings are borrowed from @config. */
static DunlinMember
member_of (const DunlinAnnounceConfig *config)
{
    return (DunlinMember){ .service = { .host = (char *)config->host, .port = config->port },
                           .additional = (DunlinEndpoint *)config->additional,
                           .n_additional = config->n_additional,
                           .has_shard = TRUE,
                           .shard = config->shard,
                           .metadata = (DunlinMetadata *)config->metadata,
                           .n_metadata = config->n_metadata };
}

static gboolean
check_config (const DunlinAnnounceConfig *config, GError **error)
{
    DunlinMember member = member_of (config);

    if (!dunlin_serverset_check_path (config->path, error) || !dunlin_member_check (&member, error))
        return FALSE;
    if (config->session_timeout_ms < MIN_SESSION_TIMEOUT_MS ||
        config->session_timeout_ms > MAX_SESSION_TIMEOUT_MS) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "a ZooKeeper session timeout of %d ms is not between %d and %d ms: set "
                     "zookeeper.session-timeout",
                     config->session_timeout_ms, MIN_SESSION_TIMEOUT_MS, MAX_SESSION_TIMEOUT_MS);
        return FALSE;
    }
    if (config->digest != NULL && strchr (config->digest, ':') == NULL) {
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                             "ZooKeeper credentials must be user:password");
        return FALSE;
    }
    return TRUE;
}

DunlinAnnouncer *
dunlin_announcer_new (DunlinLoop *control, const DunlinAnnounceConfig *config, GError **error)
{
    g_autoptr (DunlinEnsemble) ensemble = dunlin_ensemble_parse (config->servers, error);
    DunlinMember member = member_of (config);
    DunlinZookeeperOptions options = { .ensemble = ensemble,
                                       .session_timeout_ms = config->session_timeout_ms,
                                       .digest = config->digest,
                                       .tls = config->tls,
                                       .renew_after_ms = config->renew_after_ms };
    DunlinAnnouncer *self;

    if (ensemble == NULL || !check_config (config, error))
        return NULL;
    self = g_new0 (DunlinAnnouncer, 1);
    pthread_mutex_init (&self->lock, NULL);
    self->loop = control;
    self->servers = g_strdup (config->servers);
    self->path = g_strconcat (ensemble->chroot, config->path, NULL);
    dunlin_member_copy (&member, &self->member);
    self->status.healthy = TRUE;
    self->status.session_timeout_ms = config->session_timeout_ms;
    self->status.since = dunlin_clock_now ();
    self->zookeeper = dunlin_zookeeper_new (control, &options, on_event, self);
    self->reconcile =
        dunlin_reconcile_new (self->zookeeper, self->path, &self->member, on_reconciled, self);
    self->retry = dunlin_timer_new (control, on_retry, self);
    self->reminder_timer = dunlin_timer_new (control, on_reminder, self);
    self->left = dunlin_timer_new (control, on_left_timer, self);
    return self;
}

void
dunlin_announcer_set_state_func (DunlinAnnouncer *self, DunlinAnnouncerStateFunc func,
                                 gpointer data)
{
    self->on_state = func;
    self->on_state_data = data;
}

void
dunlin_announcer_start (DunlinAnnouncer *self)
{
    g_return_if_fail (state_of (self) == DUNLIN_ANNOUNCER_IDLE);
    start_reminding (self);
    set_state (self, DUNLIN_ANNOUNCER_CONNECTING);
    dunlin_zookeeper_start (self->zookeeper);
}

void
dunlin_announcer_set_healthy (DunlinAnnouncer *self, gboolean healthy)
{
    if (healthy == self->status.healthy)
        return;
    pthread_mutex_lock (&self->lock);
    self->status.healthy = healthy;
    pthread_mutex_unlock (&self->lock);
    if (!is_leaving (self))
        look (self);
}

static void
on_deleted (const DunlinZookeeperReply *reply, gpointer data)
{
    DunlinAnnouncer *self = data;

    if (state_of (self) != DUNLIN_ANNOUNCER_DRAINING)
        return;
    if (reply->code == DUNLIN_ZOOKEEPER_OK || reply->code == DUNLIN_ZOOKEEPER_NO_NODE)
        finish_leaving (self);
    else
        look (self);
}

void
dunlin_announcer_leave (DunlinAnnouncer *self, DunlinAnnouncerLeftFunc func, gpointer data)
{
    gboolean registered = state_of (self) == DUNLIN_ANNOUNCER_REGISTERED;
    gint64 timeout = self->status.session_timeout_ms * G_TIME_SPAN_MILLISECOND;

    g_return_if_fail (!is_leaving (self));
    self->on_left = func;
    self->on_left_data = data;
    dunlin_timer_disarm (self->retry);
    dunlin_timer_disarm (self->reminder_timer);
    set_state (self, DUNLIN_ANNOUNCER_DRAINING);
    if (!dunlin_reconcile_may_exist (self->reconcile) &&
        !dunlin_reconcile_is_running (self->reconcile)) {
        finish_leaving (self);
        return;
    }
    dunlin_timer_arm (self->left, dunlin_deadline_in (MAX (MIN_LEAVE, timeout)));
    if (registered && is_connected (self))
        dunlin_zookeeper_delete (self->zookeeper, self->status.node, on_deleted, self);
    else
        look (self);
}

void
dunlin_announcer_free (DunlinAnnouncer *self)
{
    if (self == NULL)
        return;
    dunlin_reconcile_free (self->reconcile);
    dunlin_zookeeper_free (self->zookeeper);
    dunlin_timer_free (self->retry);
    dunlin_timer_free (self->reminder_timer);
    dunlin_timer_free (self->left);
    dunlin_member_clear (&self->member);
    dunlin_announcer_status_clear (&self->status);
    pthread_mutex_destroy (&self->lock);
    g_free (self->servers);
    g_free (self->path);
    g_free (self);
}

DunlinAnnouncerState
dunlin_announcer_get_state (DunlinAnnouncer *self)
{
    DunlinAnnouncerState state;

    pthread_mutex_lock (&self->lock);
    state = self->status.state;
    pthread_mutex_unlock (&self->lock);
    return state;
}

void
dunlin_announcer_get_status (DunlinAnnouncer *self, DunlinAnnouncerStatus *status)
{
    pthread_mutex_lock (&self->lock);
    *status = self->status;
    status->node = g_strdup (self->status.node);
    status->problem = g_strdup (self->status.problem);
    pthread_mutex_unlock (&self->lock);
}

void
dunlin_announcer_status_clear (DunlinAnnouncerStatus *status)
{
    g_clear_pointer (&status->node, g_free);
    g_clear_pointer (&status->problem, g_free);
}

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
    json_builder_set_member_name (json, name);
    if (value != NULL)
        json_builder_add_string_value (json, value);
    else
        json_builder_add_null_value (json);
}

static void
add_int (JsonBuilder *json, const char *name, gint64 value)
{
    json_builder_set_member_name (json, name);
    json_builder_add_int_value (json, value);
}

void
dunlin_announcer_describe (DunlinAnnouncer *self, JsonBuilder *json)
{
    g_auto (DunlinAnnouncerStatus) status = { 0 };
    g_autofree char *session = NULL;

    dunlin_announcer_get_status (self, &status);
    session = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", status.session_id);
    add_string (json, "state", state_names[status.state]);
    add_int (json, "state_for_ms", (dunlin_clock_now () - status.since) / G_TIME_SPAN_MILLISECOND);
    json_builder_set_member_name (json, "healthy");
    json_builder_add_boolean_value (json, status.healthy);
    add_string (json, "servers", self->servers);
    add_string (json, "path", self->path);
    add_string (json, "node", status.node);
    add_string (json, "session", status.session_id != 0 ? session : NULL);
    add_int (json, "session_timeout_ms", status.session_timeout_ms);
    add_int (json, "registrations", (gint64)status.n_registrations);
    add_string (json, "problem", status.problem);
}
