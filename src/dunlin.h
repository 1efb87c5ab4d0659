/* Dunlin: all that a service's author includes, besides what is generated from the IDL.
 *
 * A service is a main() that makes a DunlinApp, declares its settings, gives it a handler and runs
 * it. A handler is plain blocking-looking C: each call runs on a fiber of its own, so
 * dunlin_sleep(), dunlin_offload() and calls to other services hold no thread while they wait. */
#pragma once

#include "base/error.h"
#include "base/log.h"
#include "base/setting.h"
#include "fiber/mutex.h"
#include "fiber/offload.h"
#include "fiber/queue.h"
#include "fiber/semaphore.h"
#include "http/http.h"
#include "rpc/service.h"

G_BEGIN_DECLS

/* ---- The application ---- */

typedef struct DunlinApp DunlinApp;

/**
 * dunlin_app_new:
 * @name: of the service, such as "address_book": in logs, metrics, status and --help
 * @version: of the service's build
 *
 * Returns: (transfer full): an application that does nothing yet. Main thread only, like all of
 * the dunlin_app_ functions before dunlin_app_run().
 */
DunlinApp *dunlin_app_new (const char *name, const char *version);
void dunlin_app_free (DunlinApp *self);

/**
 * dunlin_app_add_settings:
 * @table: (array length=n): the service's own settings, static
 *
 * Before dunlin_app_configure(). They come from the same file, environment and flags as Dunlin's.
 */
void dunlin_app_add_settings (DunlinApp *self, const DunlinSetting *table, gsize n);

/**
 * dunlin_app_configure:
 * @argc: (inout): as main() got it
 * @argv: (inout): likewise; what was understood is taken out
 *
 * Reads all settings and begins logging as they say. `--help`, `--version` and `--print-settings`
 * are answered here and end the process.
 *
 * Returns: FALSE with DUNLIN_ERROR_SETTINGS: give it to dunlin_app_fail().
 */
gboolean dunlin_app_configure (DunlinApp *self, int *argc, char ***argv, GError **error);

/* The values in force. The name must have been declared. */
const char *dunlin_app_get_string (DunlinApp *self, const char *name);
gint64 dunlin_app_get_int (DunlinApp *self, const char *name);
gboolean dunlin_app_get_bool (DunlinApp *self, const char *name);
/* Microseconds. */
gint64 dunlin_app_get_duration (DunlinApp *self, const char *name);

/**
 * dunlin_app_serve:
 * @info: the generated description, such as &address_book_service
 * @handler: an instance of (a subclass of) the service's generated handler class; referenced
 *
 * Methods of dunlin.Base that the handler does not override are answered by Dunlin. May be called
 * for several services: clients name the others as "Service:method".
 */
void dunlin_app_serve (DunlinApp *self, const DunlinServiceInfo *info, GObject *handler);

/**
 * dunlin_app_run:
 *
 * Serves until SIGTERM or SIGINT, drains, and frees what it made.
 *
 * Returns: the process's exit code: 0, 1 (could not start), 2 (a setting is wrong).
 */
int dunlin_app_run (DunlinApp *self);

/**
 * dunlin_app_fail:
 * @error: (not owned): why the service cannot start
 *
 * Says so on standard error.
 *
 * Returns: the exit code that fits: 2 for settings, else 1.
 */
int dunlin_app_fail (DunlinApp *self, const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinApp, dunlin_app_free)

/* ---- The call that a handler or filter is running for ---- */

/* Returns: (transfer none) (nullable): the running fiber's call; %NULL outside of calls. */
DunlinCall *dunlin_call_current (void);

/* The method's name, as in the IDL. */
const char *dunlin_call_get_method (const DunlinCall *self);
/* "thrift", "ttwitter" or "thriftmux". */
const char *dunlin_call_get_protocol (const DunlinCall *self);
/* Microseconds until the caller no longer waits; G_MAXINT64 when it did not say. May be <= 0. */
gint64 dunlin_call_get_remaining (const DunlinCall *self);
/* Absolute, monotonic microseconds; G_MAXINT64 for none. */
gint64 dunlin_call_get_deadline (const DunlinCall *self);
/* Whether the caller has gone or given up: long work should stop. */
gboolean dunlin_call_is_cancelled (const DunlinCall *self);
/* Returns: (nullable) (transfer full): what the caller calls itself (Finagle's ClientId). */
char *dunlin_call_dup_client_id (const DunlinCall *self);
/* "127.0.0.1:54321". */
const char *dunlin_call_get_peer_address (const DunlinCall *self);
/* Returns: (nullable): from the caller's certificate: SAN URI, else SAN DNS, else subject CN. */
const char *dunlin_call_get_peer_identity (const DunlinCall *self);
/* Returns: (nullable): such as "TLSv1.3"; %NULL without TLS. */
const char *dunlin_call_get_tls_version (const DunlinCall *self);
/* Whether the caller said how often it has requeued this call; and how often (0 otherwise). */
gboolean dunlin_call_has_retries (const DunlinCall *self);
guint dunlin_call_get_retries (const DunlinCall *self);

/**
 * DunlinTrace:
 * @trace_id: (low 64 bits)
 * @trace_id_high: high 64 bits, 0 when the id has only 64
 * @span_id: of this call
 * @parent_id: of the caller's span
 * @decided: whether sampling has been decided
 * @sampled: whether the trace is recorded
 */
typedef struct {
    guint64 trace_id;
    guint64 trace_id_high;
    guint64 span_id;
    guint64 parent_id;
    gboolean decided;
    gboolean sampled;
} DunlinTrace;

/* Returns: FALSE when the caller sent no trace. */
gboolean dunlin_call_get_trace (const DunlinCall *self, DunlinTrace *trace);

/* Returns: (nullable) (transfer full): the value of a broadcast context that the caller sent. */
GBytes *dunlin_call_dup_context (const DunlinCall *self, const char *key);

/* ---- Calling other services ---- */

typedef struct DunlinClient DunlinClient;

/**
 * dunlin_app_add_client:
 * @name: of the client: its settings are client.NAME.dest and so on
 *
 * After dunlin_app_configure(). Calls may be made at once, from any thread: also before
 * dunlin_app_run().
 *
 * Returns: (transfer none) (nullable): a client, which the app frees at its end; or %NULL with
 * DUNLIN_ERROR_SETTINGS: give it to dunlin_app_fail().
 */
DunlinClient *dunlin_app_add_client (DunlinApp *self, const char *name, GError **error);

/**
 * dunlin_client_set_schema:
 * @schema: of the service that is called, such as &taxon_schema
 *
 * Lets the client know what the IDL says of each method: those with the annotation `idempotent`
 * are sent again when a connection is lost, and results that are missing are noticed. Before the
 * first call.
 */
void dunlin_client_set_schema (DunlinClient *self, const DunlinSchemaService *schema);

/**
 * dunlin_client_stub:
 * @type: of the generated client class, such as TYPE_TAXON_CLIENT
 *
 * A call parks the fiber it is made on, elsewhere it blocks its thread. Deadline, trace, client id,
 * delegations and the other contexts of the call that the fiber runs for go along; when that call's
 * caller gives up, so does this call.
 *
 * Returns: (transfer full): an instance of @type: cheap, to be made where it is used, and for one
 * thread; the fibers of one loop may share it. Its methods fail with DUNLIN_ERROR, or with the
 * error of the exception that the method declares.
 */
gpointer dunlin_client_stub (DunlinClient *self, GType type);

/**
 * DunlinTask:
 * @func: runs on a fiber of its own, for the same call; returns FALSE with an error
 * @data: for @func
 * @error: (out) (transfer full): why it failed; %NULL when it did not
 */
typedef struct {
    gboolean (*func) (gpointer data, GError **error);
    gpointer data;
    GError *error;
} DunlinTask;

/**
 * dunlin_parallel:
 * @tasks: (array length=n): their errors are to be freed with dunlin_tasks_clear()
 *
 * Runs all tasks side by side and returns when all have ended. A caller that is cancelled or out of
 * time cancels them. Off fibers they run on a loop of the clients' own while the thread waits.
 *
 * Returns: FALSE when one failed: @error is the first one's in the order of @tasks.
 */
gboolean dunlin_parallel (DunlinTask *tasks, gsize n, GError **error);

/* Likewise, but whatever the tasks wait for ends at @deadline, absolute, at the latest, and fails
 * with DUNLIN_ERROR_DEADLINE; the services that they call are told so. */
gboolean dunlin_parallel_until (DunlinTask *tasks, gsize n, gint64 deadline, GError **error);

void dunlin_tasks_clear (DunlinTask *tasks, gsize n);

/* ---- Filters of one's own ---- */

typedef struct DunlinNext DunlinNext;

/**
 * DunlinFilterFunc:
 * @call: what is asked for, and what came of it after dunlin_next_run()
 * @next: the rest of the chain
 *
 * Calls dunlin_next_run() once, or instead dunlin_call_fail(). Runs on the call's fiber: may wait.
 */
typedef void (*DunlinFilterFunc) (DunlinCall *call, const DunlinNext *next, gpointer data);

/* Adds a filter, further in than Dunlin's own and those added before. @name: static text. */
void dunlin_app_add_filter (DunlinApp *self, const char *name, DunlinFilterFunc func, gpointer data,
                            GDestroyNotify destroy);
/* Runs what lies further in; returns when the handler has returned. */
void dunlin_next_run (const DunlinNext *next, DunlinCall *call);
/* Fails the call; a later error does not replace the first. @error: (transfer full) */
void dunlin_call_fail (DunlinCall *self, GError *error);
/* Returns: (nullable) (transfer none): after dunlin_next_run(): why the call failed; %NULL for
 * results and declared exceptions. */
const GError *dunlin_call_get_error (const DunlinCall *self);

G_END_DECLS
