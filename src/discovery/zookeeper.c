/* A ZooKeeper session that belongs to one loop: see the header.
 *
 * The C client has two threads a handle, whose callbacks here only copy what they were given and
 * post it. Making a handle (it resolves names) and closing one (it waits for the network) happen
 * on short-lived threads. With TLS the client connects to a tunnel of its handle's own, whose
 * thread ends after it. A session that is gone needs a new handle; what a former handle still has
 * to say is dropped, because its owner is no longer set. */
#define G_LOG_DOMAIN "dunlin-discovery"

#include "discovery/zookeeper.h"

#include "base/clock.h"
#include "base/error.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <zookeeper/zookeeper.h>

/* Between attempts to make a handle; doubled each time. */
#define MIN_BACKOFF (100 * G_TIME_SPAN_MILLISECOND)
#define MAX_BACKOFF (10 * G_TIME_SPAN_SECOND)
/* A session that lived this long was a good one: the next attempt starts over at MIN_BACKOFF. */
#define GOOD_SESSION   (10 * G_TIME_SPAN_SECOND)
#define MIN_RENEWAL_MS (30 * 1000)
/* The client writes up to 15 lines a second while its servers are down. */
#define LOG_INTERVAL (10 * G_TIME_SPAN_SECOND)
/* The same failure of TLS is named again after so long. */
#define TLS_LOG_INTERVAL G_TIME_SPAN_MINUTE

/* One handle of the C client. Its opener's reference goes on to whoever closes it. */
typedef struct {
    /* Of C and of pthreads, not of GLib, whose own ThreadSanitizer cannot see. */
    atomic_int references;
    pthread_mutex_t lock;
    DunlinLoop *loop; /* borrowed, guarded by lock: NULL once let go, then nothing is posted */
    gboolean opened;  /* guarded by lock: the opening thread is done with it */

    DunlinEnsemble *ensemble; /* owned */
    char *digest;             /* owned, nullable */
    DunlinZookeeperTls *tls;  /* owned, nullable */
    GArray *addresses;        /* owned, nullable: of DunlinEnsembleAddress, what hosts mean */
    DunlinTunnel *tunnel;     /* owned, nullable: with tls; it ends after zh */
    int timeout_ms;
    zhandle_t *zh;   /* owned, nullable: the loop's from `ready` on */
    GError *failure; /* owned, nullable: why there is no zh */

    /* Only on the loop's thread. */
    DunlinZookeeper *owner; /* borrowed: NULL once let go */
    gboolean ready;
    gboolean authenticated;
    gboolean had_session;
    int state;
} Handle;

struct DunlinZookeeper {
    DunlinLoop *loop; /* borrowed: outlives us */
    DunlinZookeeperEventFunc on_event;
    gpointer data;
    DunlinEnsemble *ensemble; /* owned */
    char *hosts;              /* owned: the same, for messages */
    char *digest;             /* owned, nullable */
    DunlinZookeeperTls *tls;  /* owned, nullable */
    int asked_timeout_ms;
    gint64 renew_after;

    Handle *handle; /* owned, nullable: between two attempts there is none */
    gboolean connected;
    gint64 connected_since;
    gint64 session_id;
    int session_timeout_ms;
    char *problem;     /* owned, nullable */
    char *tls_problem; /* owned, nullable: as last logged */
    gint64 next_tls_log;
    gint64 backoff;
    DunlinTimer *retry;   /* owned: makes the next handle */
    DunlinTimer *renewal; /* owned: gives up a handle that does not connect */
};

/* What a callback of the C client brings to the loop. */
typedef struct {
    Handle *handle; /* owned reference */
    int type;       /* of event; 0: credentials were answered with rc */
    int state;
    int rc;
    gint64 session_id;
    int timeout_ms;
    char *path; /* owned, nullable */
} Notice;

/* What a handle's tunnel brings to the loop. */
typedef struct {
    Handle *handle; /* owned reference */
    char *text;     /* owned */
} TlsNotice;

typedef struct {
    Handle *handle; /* owned reference */
    DunlinZookeeperFunc func;
    gpointer data;
    int rc;
    char *path;      /* owned */
    GBytes *value;   /* owned, nullable */
    char **children; /* owned, nullable */
    gint64 owner;
} Request;

static void open_handle (DunlinZookeeper *self);

/* Handles that were let go and are not closed yet. */
static pthread_mutex_t closing_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t closing_changed = PTHREAD_COND_INITIALIZER;
static int n_closing;

static void
count_closing (int change)
{
    pthread_mutex_lock (&closing_lock);
    n_closing += change;
    pthread_cond_broadcast (&closing_changed);
    pthread_mutex_unlock (&closing_lock);
}

gboolean
dunlin_zookeeper_wait_closed (gint64 deadline)
{
    gint64 wait = MAX (deadline - dunlin_clock_now (), 0);
    struct timespec until;
    gboolean closed;
    int rc = 0;

    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(wait % G_USEC_PER_SEC) * 1000;
    until.tv_sec += (time_t)(wait / G_USEC_PER_SEC) + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock (&closing_lock);
    while (n_closing > 0 && rc == 0)
        rc = pthread_cond_timedwait (&closing_changed, &closing_lock, &until);
    closed = n_closing == 0;
    pthread_mutex_unlock (&closing_lock);
    return closed;
}

static Handle *
handle_new (DunlinZookeeper *owner)
{
    Handle *handle = g_new0 (Handle, 1);

    atomic_init (&handle->references, 1);
    pthread_mutex_init (&handle->lock, NULL);
    handle->loop = owner->loop;
    handle->owner = owner;
    handle->ensemble = dunlin_ensemble_copy (owner->ensemble);
    handle->digest = g_strdup (owner->digest);
    handle->tls = dunlin_zookeeper_tls_copy (owner->tls);
    handle->timeout_ms = owner->asked_timeout_ms;
    handle->authenticated = owner->digest == NULL;
    handle->state = ZOO_NOTCONNECTED_STATE;
    return handle;
}

static Handle *
handle_ref (Handle *handle)
{
    atomic_fetch_add (&handle->references, 1);
    return handle;
}

static void
handle_unref (Handle *handle)
{
    if (atomic_fetch_sub (&handle->references, 1) > 1)
        return;
    pthread_mutex_destroy (&handle->lock);
    g_clear_pointer (&handle->addresses, g_array_unref);
    dunlin_ensemble_free (handle->ensemble);
    dunlin_zookeeper_tls_free (handle->tls);
    g_clear_error (&handle->failure);
    g_free (handle->digest);
    g_free (handle);
}

/* FALSE when nobody listens any more: @item is still the caller's. */
static gboolean
handle_post (Handle *handle, DunlinLoopFunc func, gpointer item)
{
    gboolean posted;

    pthread_mutex_lock (&handle->lock);
    posted = handle->loop != NULL;
    if (posted)
        dunlin_loop_post (handle->loop, func, item);
    pthread_mutex_unlock (&handle->lock);
    return posted;
}

/* The client's threads inherit the mask: signals are for the loops. */
static void
block_signals (void)
{
    sigset_t all;

    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, NULL);
}

static gpointer
close_main (gpointer data)
{
    Handle *handle = data;

    block_signals ();
    if (handle->zh != NULL)
        zookeeper_close (handle->zh);
    dunlin_tunnel_free (g_steal_pointer (&handle->tunnel));
    handle_unref (handle);
    count_closing (-1);
    return NULL;
}

static void
start_closing (Handle *handle)
{
    GThread *thread = g_thread_try_new ("zk-close", close_main, handle, NULL);

    if (thread != NULL) {
        g_thread_unref (thread);
        return;
    }
    g_warning ("no thread to close a ZooKeeper session on: it will expire by itself");
    count_closing (-1);
}

/* Takes the owner's reference. From here on the handle is silent. */
static void
handle_let_go (Handle *handle)
{
    gboolean opened;

    count_closing (1);
    handle->owner = NULL;
    pthread_mutex_lock (&handle->lock);
    handle->loop = NULL;
    opened = handle->opened;
    pthread_mutex_unlock (&handle->lock);
    if (opened)
        start_closing (handle);
    handle_unref (handle);
}

static void
emit (DunlinZookeeper *self, DunlinZookeeperEvent event, const char *path)
{
    self->on_event (event, path, self->data);
}

static gint64
next_backoff (DunlinZookeeper *self)
{
    self->backoff = CLAMP (self->backoff * 2, MIN_BACKOFF, MAX_BACKOFF);
    /* Jitter, so that a fleet does not come back in step. */
    return (gint64)((double)self->backoff * g_random_double_range (0.5, 1.0));
}

static void
drop_handle (DunlinZookeeper *self)
{
    self->connected = FALSE;
    dunlin_timer_disarm (self->renewal);
    handle_let_go (g_steal_pointer (&self->handle));
}

static void
set_problem (DunlinZookeeper *self, char *problem)
{
    g_free (self->problem);
    self->problem = problem;
}

static void
retry_later (DunlinZookeeper *self)
{
    drop_handle (self);
    dunlin_timer_arm (self->retry, dunlin_deadline_in (next_backoff (self)));
}

/* The session is over; its handle is of no more use. The event comes last: it may free us. */
static void
end_session (DunlinZookeeper *self, DunlinZookeeperEvent event)
{
    if (self->connected_since != 0 && dunlin_clock_now () - self->connected_since >= GOOD_SESSION)
        self->backoff = 0;
    self->connected_since = 0;
    retry_later (self);
    emit (self, event, NULL);
}

/* Compares what the handle is with what was last said of it. */
static void
update_connected (DunlinZookeeper *self)
{
    Handle *handle = self->handle;
    gboolean connected =
        handle->ready && handle->authenticated && handle->state == ZOO_CONNECTED_STATE;
    gboolean resumed = handle->had_session;

    if (connected == self->connected)
        return;
    self->connected = connected;
    if (!connected) {
        set_problem (self, g_strdup_printf ("the connection to %s is lost", self->hosts));
        dunlin_timer_arm (self->renewal, dunlin_deadline_in (self->renew_after));
        emit (self, DUNLIN_ZOOKEEPER_SUSPENDED, NULL);
        return;
    }
    handle->had_session = TRUE;
    if (!resumed)
        self->connected_since = dunlin_clock_now ();
    set_problem (self, NULL);
    dunlin_timer_disarm (self->renewal);
    emit (self, resumed ? DUNLIN_ZOOKEEPER_RESUMED : DUNLIN_ZOOKEEPER_STARTED, NULL);
}

static void
on_session_state (DunlinZookeeper *self, const Notice *notice)
{
    if (notice->state == ZOO_EXPIRED_SESSION_STATE) {
        set_problem (self, g_strdup ("the session has expired"));
        end_session (self, DUNLIN_ZOOKEEPER_EXPIRED);
        return;
    }
    if (notice->state == ZOO_AUTH_FAILED_STATE) {
        set_problem (self, g_strdup ("the ensemble refused the credentials"));
        end_session (self, DUNLIN_ZOOKEEPER_AUTH_FAILED);
        return;
    }
    self->handle->state = notice->state;
    if (notice->state == ZOO_CONNECTED_STATE) {
        self->session_id = notice->session_id;
        self->session_timeout_ms = notice->timeout_ms;
    }
    update_connected (self);
}

static void
on_auth_answered (DunlinZookeeper *self, const Notice *notice)
{
    if (notice->rc == ZAUTHFAILED) {
        set_problem (self, g_strdup ("the ensemble refused the credentials"));
        end_session (self, DUNLIN_ZOOKEEPER_AUTH_FAILED);
        return;
    }
    /* Anything else than ZOK is a lost connection: the client sends them again by itself. */
    if (notice->rc == ZOK)
        self->handle->authenticated = TRUE;
    update_connected (self);
}

static void
dispatch_notice (DunlinZookeeper *self, const Notice *notice)
{
    /* The client's constants are variables: no switch. */
    if (notice->type == 0)
        on_auth_answered (self, notice);
    else if (notice->type == ZOO_SESSION_EVENT)
        on_session_state (self, notice);
    else if (notice->type == ZOO_CREATED_EVENT)
        emit (self, DUNLIN_ZOOKEEPER_NODE_CREATED, notice->path);
    else if (notice->type == ZOO_DELETED_EVENT)
        emit (self, DUNLIN_ZOOKEEPER_NODE_DELETED, notice->path);
    else if (notice->type == ZOO_CHANGED_EVENT)
        emit (self, DUNLIN_ZOOKEEPER_NODE_CHANGED, notice->path);
    else if (notice->type == ZOO_CHILD_EVENT)
        emit (self, DUNLIN_ZOOKEEPER_CHILDREN_CHANGED, notice->path);
}

static void
notice_free (Notice *notice)
{
    handle_unref (notice->handle);
    g_free (notice->path);
    g_free (notice);
}

static void
on_notice (gpointer data)
{
    Notice *notice = data;

    if (notice->handle->owner != NULL)
        dispatch_notice (notice->handle->owner, notice);
    notice_free (notice);
}

static void
post_notice (Notice *notice)
{
    if (!handle_post (notice->handle, on_notice, notice))
        notice_free (notice);
}

/* On a thread of the client: for sessions and for all watches. */
static void
on_watch (zhandle_t *zh, int type, int state, const char *path, void *data)
{
    Notice *notice = g_new0 (Notice, 1);

    notice->handle = handle_ref (data);
    notice->type = type;
    notice->state = state;
    notice->path = g_strdup (path);
    if (state == ZOO_CONNECTED_STATE) {
        notice->session_id = zoo_client_id (zh)->client_id;
        notice->timeout_ms = zoo_recv_timeout (zh);
    }
    post_notice (notice);
}

/* On a thread of the client. */
static void
on_auth (int rc, const void *data)
{
    Notice *notice = g_new0 (Notice, 1);

    notice->handle = handle_ref ((Handle *)data);
    notice->rc = rc;
    post_notice (notice);
}

/* "2024-05-06 07:08:09,123:42(0x7f):ZOO_ERROR@function@947: text" without all that we log too. */
static const char *
log_text (const char *message)
{
    const char *level = strstr (message, ":ZOO_");
    const char *text = level != NULL ? strstr (level, ": ") : NULL;

    return text != NULL ? text + 2 : message;
}

/* On any thread. The session's own messages tell the story; these are details, and many. */
static void
on_log (const char *message)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static gint64 next;
    static guint n_suppressed;
    gint64 now = dunlin_clock_now ();
    g_autofree char *text = g_strstrip (g_strdup (log_text (message)));
    guint n = 0;

    pthread_mutex_lock (&lock);
    if (now < next) {
        n_suppressed++;
        pthread_mutex_unlock (&lock);
        return;
    }
    next = now + LOG_INTERVAL;
    n = n_suppressed;
    n_suppressed = 0;
    pthread_mutex_unlock (&lock);
    if (n > 0)
        g_info ("ZooKeeper's client: %s (and %u lines before that)", text, n);
    else
        g_info ("ZooKeeper's client: %s", text);
}

static void
on_opened (gpointer data)
{
    Handle *handle = data;
    DunlinZookeeper *self = handle->owner;

    if (self != NULL && handle->zh == NULL) {
        set_problem (self, g_strdup_printf ("no session with %s can be made: %s", self->hosts,
                                            handle->failure->message));
        retry_later (self);
    } else if (self != NULL) {
        handle->ready = TRUE;
        set_problem (self, g_strdup_printf ("no answer from %s", self->hosts));
        update_connected (self);
    }
    handle_unref (handle);
}

static void
tls_notice_free (TlsNotice *notice)
{
    handle_unref (notice->handle);
    g_free (notice->text);
    g_free (notice);
}

/* The client tries again at once and for ever: the log has each reason once a minute. */
static void
on_tls_failed (gpointer data)
{
    TlsNotice *notice = data;
    DunlinZookeeper *self = notice->handle->owner;
    gint64 now = dunlin_clock_now ();

    if (self != NULL && !self->connected) {
        if (g_strcmp0 (self->tls_problem, notice->text) != 0 || now >= self->next_tls_log) {
            self->next_tls_log = now + TLS_LOG_INTERVAL;
            g_free (self->tls_problem);
            self->tls_problem = g_strdup (notice->text);
            g_warning ("%s", notice->text);
        }
        set_problem (self, g_steal_pointer (&notice->text));
    }
    tls_notice_free (notice);
}

/* On the tunnel's thread. */
static void
on_tunnel (guint end, const GError *failure, gpointer data)
{
    Handle *handle = data;
    const DunlinEnsembleAddress *address =
        &g_array_index (handle->addresses, DunlinEnsembleAddress, end);
    TlsNotice *notice;

    if (failure == NULL)
        return; /* the client will say that it is connected */
    notice = g_new0 (TlsNotice, 1);
    notice->handle = handle_ref (handle);
    notice->text = g_strdup_printf ("no TLS connection to ZooKeeper %s:%u (%s): %s", address->host,
                                    address->port, address->address, failure->message);
    if (!handle_post (handle, on_tls_failed, notice))
        tls_notice_free (notice);
}

/* Returns: (transfer full) (nullable): where the client is to connect. Names are resolved here,
 * for with one that has no address the client connects in a tight loop. */
static char *
find_way (Handle *handle)
{
    handle->addresses = dunlin_ensemble_resolve (handle->ensemble, &handle->failure);
    if (handle->addresses == NULL)
        return NULL;
    if (handle->tls == NULL)
        return dunlin_ensemble_addresses_to_string (handle->addresses);
    handle->tunnel = dunlin_zookeeper_tls_open (handle->tls, handle->addresses, handle->timeout_ms,
                                                on_tunnel, handle, &handle->failure);
    if (handle->tunnel == NULL)
        return NULL;
    return dunlin_zookeeper_tls_addresses (handle->tunnel, handle->addresses->len);
}

/* Names are never resolved again by the client, which by default does it on every turn. A new
 * handle does it anew. */
static void
make_zh (Handle *handle)
{
    g_autofree char *addresses = find_way (handle);

    if (addresses == NULL)
        return;
    handle->zh = zookeeper_init2 (addresses, on_watch, handle->timeout_ms, NULL, handle,
                                  ZOO_NO_LOG_CLIENTENV, on_log);
    if (handle->zh == NULL) {
        g_set_error_literal (&handle->failure, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE,
                             g_strerror (errno));
        return;
    }
    zoo_set_servers_resolution_delay (handle->zh, -1);
    if (handle->digest != NULL)
        zoo_add_auth (handle->zh, "digest", handle->digest, (int)strlen (handle->digest), on_auth,
                      handle);
}

static gpointer
open_main (gpointer data)
{
    Handle *handle = data;
    gboolean let_go;

    block_signals ();
    make_zh (handle);
    pthread_mutex_lock (&handle->lock);
    handle->opened = TRUE;
    let_go = handle->loop == NULL;
    if (!let_go)
        dunlin_loop_post (handle->loop, on_opened, handle_ref (handle));
    pthread_mutex_unlock (&handle->lock);
    if (let_go)
        close_main (handle);
    return NULL;
}

static void
open_handle (DunlinZookeeper *self)
{
    Handle *handle = handle_new (self);
    GThread *thread;

    self->handle = handle;
    thread = g_thread_try_new ("zk-open", open_main, handle_ref (handle), NULL);
    if (thread == NULL) {
        handle->opened = TRUE; /* nobody else has seen it */
        set_problem (self, g_strdup ("no thread can be started"));
        retry_later (self);
        return;
    }
    g_thread_unref (thread);
    dunlin_timer_arm (self->renewal, dunlin_deadline_in (self->renew_after));
}

static void
on_retry (gpointer data)
{
    open_handle (data);
}

/* Long without connection: names may mean other addresses now, or the handle is wedged. */
static void
on_renewal (gpointer data)
{
    DunlinZookeeper *self = data;
    gboolean had_session = self->handle->had_session;

    drop_handle (self);
    open_handle (self);
    if (had_session)
        emit (self, DUNLIN_ZOOKEEPER_RENEWED, NULL);
}

static gpointer
set_log_level (gpointer data)
{
    zoo_set_debug_level (ZOO_LOG_LEVEL_WARN);
    return NULL;
}

DunlinZookeeper *
dunlin_zookeeper_new (DunlinLoop *loop, const DunlinZookeeperOptions *options,
                      DunlinZookeeperEventFunc on_event, gpointer data)
{
    static GOnce once = G_ONCE_INIT;
    DunlinZookeeper *self = g_new0 (DunlinZookeeper, 1);
    int renew_after_ms = options->renew_after_ms != 0
                             ? options->renew_after_ms
                             : MAX (3 * options->session_timeout_ms, MIN_RENEWAL_MS);

    g_once (&once, set_log_level, NULL);
    self->loop = loop;
    self->on_event = on_event;
    self->data = data;
    self->ensemble = dunlin_ensemble_copy (options->ensemble);
    self->hosts = dunlin_ensemble_to_string (options->ensemble);
    self->digest = g_strdup (options->digest);
    self->tls = dunlin_zookeeper_tls_copy (options->tls);
    self->asked_timeout_ms = self->session_timeout_ms = options->session_timeout_ms;
    self->renew_after = renew_after_ms * G_TIME_SPAN_MILLISECOND;
    self->retry = dunlin_timer_new (loop, on_retry, self);
    self->renewal = dunlin_timer_new (loop, on_renewal, self);
    return self;
}

void
dunlin_zookeeper_start (DunlinZookeeper *self)
{
    g_return_if_fail (self->handle == NULL);
    open_handle (self);
}

void
dunlin_zookeeper_free (DunlinZookeeper *self)
{
    if (self == NULL)
        return;
    if (self->handle != NULL)
        drop_handle (self);
    dunlin_timer_free (self->retry);
    dunlin_timer_free (self->renewal);
    dunlin_ensemble_free (self->ensemble);
    g_free (self->hosts);
    g_free (self->digest);
    dunlin_zookeeper_tls_free (self->tls);
    g_free (self->tls_problem);
    g_free (self->problem);
    g_free (self);
}

gboolean
dunlin_zookeeper_is_connected (DunlinZookeeper *self)
{
    return self->connected;
}

gint64
dunlin_zookeeper_session_id (DunlinZookeeper *self)
{
    return self->session_id;
}

int
dunlin_zookeeper_session_timeout_ms (DunlinZookeeper *self)
{
    return self->session_timeout_ms;
}

const char *
dunlin_zookeeper_problem (DunlinZookeeper *self)
{
    return self->problem;
}

/* What is not here is FAILED. */
static const struct {
    int rc;
    DunlinZookeeperCode code;
} codes[] = {
    { ZOK, DUNLIN_ZOOKEEPER_OK },
    { ZNONODE, DUNLIN_ZOOKEEPER_NO_NODE },
    { ZNODEEXISTS, DUNLIN_ZOOKEEPER_NODE_EXISTS },
    { ZNOAUTH, DUNLIN_ZOOKEEPER_NO_AUTH },
    { ZINVALIDACL, DUNLIN_ZOOKEEPER_NO_AUTH },
    { ZCONNECTIONLOSS, DUNLIN_ZOOKEEPER_UNKNOWN },
    { ZOPERATIONTIMEOUT, DUNLIN_ZOOKEEPER_UNKNOWN },
    { ZINVALIDSTATE, DUNLIN_ZOOKEEPER_UNKNOWN },
    { ZSESSIONEXPIRED, DUNLIN_ZOOKEEPER_UNKNOWN },
    { ZAUTHFAILED, DUNLIN_ZOOKEEPER_UNKNOWN },
    { ZCLOSING, DUNLIN_ZOOKEEPER_UNKNOWN },
    { ZSESSIONMOVED, DUNLIN_ZOOKEEPER_UNKNOWN },
    { ZTHROTTLEDOP, DUNLIN_ZOOKEEPER_UNKNOWN },
};

static DunlinZookeeperCode
code_of (int rc)
{
    for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
        if (codes[i].rc == rc)
            return codes[i].code;
    }
    return DUNLIN_ZOOKEEPER_FAILED;
}

static Request *
request_new (DunlinZookeeper *self, const char *path, DunlinZookeeperFunc func, gpointer data)
{
    Request *request = g_new0 (Request, 1);

    g_assert (self->handle != NULL && self->handle->ready);
    request->handle = handle_ref (self->handle);
    request->func = func;
    request->data = data;
    request->path = g_strdup (path);
    return request;
}

static void
request_free (Request *request)
{
    handle_unref (request->handle);
    g_clear_pointer (&request->value, g_bytes_unref);
    g_strfreev (request->children);
    g_free (request->path);
    g_free (request);
}

static void
on_reply (gpointer data)
{
    Request *request = data;
    DunlinZookeeperReply reply = { .code = code_of (request->rc),
                                   .message = zerror (request->rc),
                                   .path = request->path,
                                   .data = request->value,
                                   .children = request->children,
                                   .owner = request->owner };

    if (request->handle->owner != NULL)
        request->func (&reply, request->data);
    request_free (request);
}

static void
request_answer (Request *request, int rc)
{
    request->rc = rc;
    if (!handle_post (request->handle, on_reply, request))
        request_free (request);
}

/* The client took the request, or it is answered right away with why not. */
static void
request_sent (Request *request, int rc)
{
    if (rc != ZOK)
        request_answer (request, rc);
}

static void
on_void (int rc, const void *data)
{
    request_answer ((Request *)data, rc);
}

static void
on_created (int rc, const char *path, const void *data)
{
    Request *request = (Request *)data;

    if (rc == ZOK && path != NULL) {
        g_free (request->path);
        request->path = g_strdup (path);
    }
    request_answer (request, rc);
}

static void
on_synced (int rc, const char *path, const void *data)
{
    request_answer ((Request *)data, rc);
}

static void
on_stat (int rc, const struct Stat *stat, const void *data)
{
    Request *request = (Request *)data;

    if (rc == ZOK && stat != NULL)
        request->owner = stat->ephemeralOwner;
    request_answer (request, rc);
}

static void
on_data (int rc, const char *value, int length, const struct Stat *stat, const void *data)
{
    Request *request = (Request *)data;

    if (rc == ZOK && stat != NULL)
        request->owner = stat->ephemeralOwner;
    if (rc == ZOK)
        request->value = g_bytes_new (value, length > 0 ? (gsize)length : 0);
    request_answer (request, rc);
}

static void
on_children (int rc, const struct String_vector *strings, const void *data)
{
    Request *request = (Request *)data;

    if (rc == ZOK && strings != NULL) {
        request->children = g_new0 (char *, (gsize)strings->count + 1);
        for (int i = 0; i < strings->count; i++)
            request->children[i] = g_strdup (strings->data[i]);
    }
    request_answer (request, rc);
}

static int
create (Handle *handle, const char *path, const char *value, int length, int flags,
        Request *request)
{
    struct ACL entries[] = { { ZOO_PERM_ALL, ZOO_AUTH_IDS },
                             { ZOO_PERM_READ, ZOO_ANYONE_ID_UNSAFE } };
    const struct ACL_vector owned = { G_N_ELEMENTS (entries), entries };

    return zoo_acreate (handle->zh, path, value, length,
                        handle->digest != NULL ? &owned : &ZOO_OPEN_ACL_UNSAFE, flags, on_created,
                        request);
}

void
dunlin_zookeeper_create (DunlinZookeeper *self, const char *path, DunlinZookeeperFunc func,
                         gpointer data)
{
    Request *request = request_new (self, path, func, data);

    /* Length -1 is null, which is what Finagle's announcer writes. */
    request_sent (request, create (self->handle, path, NULL, -1, 0, request));
}

void
dunlin_zookeeper_create_member (DunlinZookeeper *self, const char *prefix, GBytes *value,
                                DunlinZookeeperFunc func, gpointer data)
{
    Request *request = request_new (self, prefix, func, data);

    request_sent (request,
                  create (self->handle, prefix, g_bytes_get_data (value, NULL),
                          (int)g_bytes_get_size (value), ZOO_EPHEMERAL | ZOO_SEQUENCE, request));
}

void
dunlin_zookeeper_delete (DunlinZookeeper *self, const char *path, DunlinZookeeperFunc func,
                         gpointer data)
{
    Request *request = request_new (self, path, func, data);

    request_sent (request, zoo_adelete (self->handle->zh, path, -1, on_void, request));
}

void
dunlin_zookeeper_exists (DunlinZookeeper *self, const char *path, gboolean watch,
                         DunlinZookeeperFunc func, gpointer data)
{
    Request *request = request_new (self, path, func, data);

    request_sent (request, zoo_aexists (self->handle->zh, path, watch, on_stat, request));
}

void
dunlin_zookeeper_get (DunlinZookeeper *self, const char *path, gboolean watch,
                      DunlinZookeeperFunc func, gpointer data)
{
    Request *request = request_new (self, path, func, data);

    request_sent (request, zoo_aget (self->handle->zh, path, watch, on_data, request));
}

void
dunlin_zookeeper_get_children (DunlinZookeeper *self, const char *path, gboolean watch,
                               DunlinZookeeperFunc func, gpointer data)
{
    Request *request = request_new (self, path, func, data);

    request_sent (request, zoo_aget_children (self->handle->zh, path, watch, on_children, request));
}

void
dunlin_zookeeper_sync (DunlinZookeeper *self, const char *path, DunlinZookeeperFunc func,
                       gpointer data)
{
    Request *request = request_new (self, path, func, data);

    request_sent (request, zoo_async (self->handle->zh, path, on_synced, request));
}
