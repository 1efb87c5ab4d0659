/* The life of a process: configure, start, announce, serve, drain, stop. */
#define G_LOG_DOMAIN "dunlin-app"
#include "dunlin.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "app_announce.h"
#include "app_client.h"
#include "app_config.h"
#include "app_life.h"
#include "app_settings.h"
#include "base/access_log.h"
#include "base/settings.h"
#include "base_service.h"
#include "net/credentials.h"
#include "rpc/filters.h"
#include "rpc/log_context.h"
#include "server/server.h"

/* How often the TLS files are looked at for changes. */
#define WATCH_FILES (2 * G_USEC_PER_SEC)

typedef struct {
    const char *name; /* static */
    DunlinFilterFunc func;
    gpointer data; /* owned when there is a destroy, until the chain takes it */
    GDestroyNotify destroy;
} UserFilter;

struct DunlinApp {
    char *name;               /* owned */
    char *version;            /* owned */
    DunlinSettings *settings; /* owned */
    DunlinRouter *router;     /* owned */
    GArray *filters;          /* owned: of UserFilter */
    GPtrArray *clients;       /* owned: of DunlinClient */
    GError *mistake;          /* owned: the first one made before dunlin_app_run() */
    gboolean is_set_up;       /* what the whole process needs */
    DunlinLife life;

    DunlinAccessLog *access_log;    /* owned, nullable */
    DunlinCredentials *credentials; /* owned, nullable: tls.mode=off */
    DunlinZookeeperTls *zookeeper;  /* owned, nullable: zookeeper.tls=off */
    DunlinDispatcher *dispatcher;   /* owned */
    DunlinLoop *control;            /* owned */
    DunlinLoop **loops;             /* owned: n_loops of them */
    guint n_loops;
    DunlinServer *server;        /* owned */
    DunlinAppAnnounce *announce; /* owned, nullable */
    DunlinTimer *watch;          /* owned */
    DunlinTimer *grace;          /* owned */
    gboolean stopping;
};

DunlinApp *
dunlin_app_new (const char *name, const char *version)
{
    DunlinApp *self = g_new0 (DunlinApp, 1);

    self->name = g_strdup (name);
    self->version = g_strdup (version);
    self->settings = dunlin_settings_new ();
    self->router = dunlin_router_new ();
    self->filters = g_array_new (FALSE, FALSE, sizeof (UserFilter));
    self->clients = g_ptr_array_new_with_free_func ((GDestroyNotify)dunlin_client_unref);
    dunlin_app_declare_settings (self->settings);
    dunlin_app_declare_client_settings (self->settings);
    dunlin_life_set (&self->life, DUNLIN_LIFE_STARTING);
    return self;
}

void
dunlin_app_free (DunlinApp *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < self->filters->len; i++) {
        UserFilter *filter = &g_array_index (self->filters, UserFilter, i);

        if (filter->destroy != NULL)
            filter->destroy (filter->data);
    }
    g_array_unref (self->filters);
    g_ptr_array_unref (self->clients);
    g_clear_pointer (&self->zookeeper, dunlin_zookeeper_tls_free);
    g_clear_pointer (&self->credentials, dunlin_credentials_unref);
    g_clear_error (&self->mistake);
    dunlin_router_free (self->router);
    dunlin_settings_free (self->settings);
    g_free (self->name);
    g_free (self->version);
    g_free (self);
}

void
dunlin_app_add_settings (DunlinApp *self, const DunlinSetting *table, gsize n)
{
    dunlin_settings_declare (self->settings, table, n);
}

/* What --help, --version and --print-settings ask for ends the process here. */
static void
answer_and_exit (DunlinApp *self, DunlinSettingsAction action)
{
    g_autofree char *text = NULL;

    if (action == DUNLIN_SETTINGS_HELP)
        text = dunlin_settings_help (self->settings, self->name);
    else if (action == DUNLIN_SETTINGS_VERSION)
        text = g_strdup_printf ("%s %s (dunlin %s)\n", self->name, self->version, DUNLIN_VERSION);
    else
        text = dunlin_settings_print (self->settings);
    fputs (text, stdout);
    g_clear_pointer (&text, g_free); /* exit() does not come back to free it */
    exit (EXIT_SUCCESS);
}

gboolean
dunlin_app_configure (DunlinApp *self, int *argc, char ***argv, GError **error)
{
    DunlinSettingsAction action;

    if (!dunlin_settings_load (self->settings, argc, argv, &action, error))
        return FALSE;
    if (action != DUNLIN_SETTINGS_RUN)
        answer_and_exit (self, action);
    if (*argc > 1) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "'%s' is no setting: see --help",
                     (*argv)[1]);
        return FALSE;
    }
    return dunlin_app_config_log (self->settings, error);
}

const char *
dunlin_app_get_string (DunlinApp *self, const char *name)
{
    return dunlin_settings_get_string (self->settings, name);
}

gint64
dunlin_app_get_int (DunlinApp *self, const char *name)
{
    return dunlin_settings_get_int (self->settings, name);
}

gboolean
dunlin_app_get_bool (DunlinApp *self, const char *name)
{
    return dunlin_settings_get_bool (self->settings, name);
}

gint64
dunlin_app_get_duration (DunlinApp *self, const char *name)
{
    return dunlin_settings_get_duration (self->settings, name);
}

void
dunlin_app_serve (DunlinApp *self, const DunlinServiceInfo *info, GObject *handler)
{
    dunlin_base_service_fill (handler, self->router, &self->life, self->name, self->version);
    dunlin_router_add (self->router, info, handler, self->mistake != NULL ? NULL : &self->mistake);
}

void
dunlin_app_add_filter (DunlinApp *self, const char *name, DunlinFilterFunc func, gpointer data,
                       GDestroyNotify destroy)
{
    UserFilter filter = { .name = name, .func = func, .data = data, .destroy = destroy };

    g_array_append_val (self->filters, filter);
}

int
dunlin_app_fail (DunlinApp *self, const GError *error)
{
    fprintf (stderr, "%s: %s\n", self->name, error->message);
    return g_error_matches (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS) ? 2 : 1;
}

/* How statistics call the service. */
static const char *
label_of (DunlinApp *self)
{
    const char *name = dunlin_settings_get_string (self->settings, "server.name");

    return name[0] != '\0' ? name : self->name;
}

static DunlinChain *
make_chain (DunlinApp *self)
{
    DunlinChain *chain = dunlin_dispatch_chain_new ();
    const char *label = label_of (self);
    int deadlines = dunlin_settings_get_enum (self->settings, "deadline.mode");

    if (self->access_log != NULL)
        dunlin_filter_access_log (chain, self->access_log);
    dunlin_filter_stats (chain, label, self->router);
    dunlin_filter_exceptions (chain);
    if (deadlines != DUNLIN_DEADLINE_MODE_OFF)
        dunlin_filter_deadline (chain, label, deadlines == DUNLIN_DEADLINE_MODE_ENABLED);
    dunlin_filter_limit (chain,
                         (int)dunlin_settings_get_int (self->settings, "server.max-concurrency"),
                         (int)self->n_loops);
    for (guint i = 0; i < self->filters->len; i++) {
        UserFilter *filter = &g_array_index (self->filters, UserFilter, i);

        dunlin_chain_add (chain, filter->name, filter->func, filter->data, filter->destroy);
    }
    g_array_set_size (self->filters, 0); /* the chain owns their data now */
    return chain;
}

static gboolean
make_loops (DunlinApp *self, GError **error)
{
    gint64 reactors = dunlin_settings_get_int (self->settings, "server.reactors");

    self->n_loops = reactors > 0 ? (guint)reactors : g_get_num_processors ();
    self->loops = g_new0 (DunlinLoop *, self->n_loops);
    self->control = dunlin_loop_new ("control", error);
    if (self->control == NULL)
        return FALSE;
    for (guint i = 0; i < self->n_loops; i++) {
        g_autofree char *name = g_strdup_printf ("data-%u", i + 1);

        self->loops[i] = dunlin_loop_new (name, error);
        if (self->loops[i] == NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean
make_server (DunlinApp *self, GError **error)
{
    DunlinSettings *settings = self->settings;
    DunlinDispatchConfig dispatch = {
        .router = self->router,
        .chain = make_chain (self),
        .limits = dunlin_app_config_limits (settings),
        .skew_tolerance = dunlin_settings_get_duration (settings, "deadline.clock-skew"),
    };
    DunlinServerConfig config = {
        .host = dunlin_settings_get_string (settings, "thrift.host"),
        .port = dunlin_settings_get_port (settings, "thrift.port"),
        .credentials = self->credentials,
        .label = label_of (self),
        .control = self->control,
        .loops = self->loops,
        .n_loops = self->n_loops,
        .max_frame = dunlin_settings_get_size (settings, "thrift.max-frame"),
        .max_connections = (guint)dunlin_settings_get_int (settings, "thrift.max-connections"),
        .max_handshakes = (guint)dunlin_settings_get_int (settings, "tls.max-handshakes"),
        .handshake_timeout = dunlin_settings_get_duration (settings, "tls.handshake-timeout"),
        .read_timeout = dunlin_settings_get_duration (settings, "thrift.read-timeout"),
        .write_timeout = dunlin_settings_get_duration (settings, "thrift.write-timeout"),
        .idle_timeout = dunlin_settings_get_duration (settings, "thrift.idle-timeout"),
    };

    self->dispatcher = dunlin_dispatcher_new (&dispatch);
    config.dispatcher = self->dispatcher;
    self->server = dunlin_server_new (&config, error);
    return self->server != NULL;
}

static void
on_stall (const char *name, gint64 microseconds)
{
    dunlin_log_warning ("%s kept its reactor from everything else for %" G_GINT64_FORMAT
                        " ms: let it use dunlin_offload()",
                        name, microseconds / 1000);
}

static void
reload_credentials (DunlinCredentials *credentials, const char *whose)
{
    g_autoptr (GError) error = NULL;

    if (dunlin_credentials_reload (credentials, &error))
        dunlin_log_info ("TLS%s: new certificates are in force", whose);
    else
        dunlin_log_error ("TLS%s: the old certificates stay in force: %s", whose, error->message);
}

static void
reload_changed (DunlinCredentials *credentials, const char *whose)
{
    if (dunlin_credentials_have_changed (credentials))
        reload_credentials (credentials, whose);
}

/* The service's own, ZooKeeper's and the clients' where they differ. */
static void
each_credentials (DunlinApp *self, void (*func) (DunlinCredentials *credentials, const char *whose))
{
    if (self->credentials != NULL)
        func (self->credentials, "");
    if (self->zookeeper != NULL && self->zookeeper->credentials != self->credentials)
        func (self->zookeeper->credentials, " to ZooKeeper");
    for (guint i = 0; i < self->clients->len; i++) {
        DunlinClient *client = g_ptr_array_index (self->clients, i);
        DunlinCredentials *credentials = dunlin_client_credentials (client);
        g_autofree char *whose = g_strconcat (" to ", dunlin_client_label (client), NULL);

        if (credentials != NULL && credentials != self->credentials)
            func (credentials, whose);
    }
}

static void
on_watch_files (gpointer data)
{
    DunlinApp *self = data;

    each_credentials (self, reload_changed);
    dunlin_timer_arm (self->watch, dunlin_deadline_in (WATCH_FILES));
}

static void
on_hangup (gpointer data)
{
    DunlinApp *self = data;
    g_autoptr (GError) error = NULL;

    each_credentials (self, reload_credentials);
    if (self->access_log != NULL && !dunlin_access_log_reopen (self->access_log, &error))
        dunlin_log_error ("%s", error->message);
}

static void
on_server_drained (gpointer data)
{
    DunlinApp *self = data;

    dunlin_log_info ("drained: stopping");
    dunlin_loop_stop (self->control);
}

static void
on_grace_over (gpointer data)
{
    DunlinApp *self = data;
    gint64 timeout = dunlin_settings_get_duration (self->settings, "server.drain-timeout");

    dunlin_log_info ("draining %u connections", dunlin_server_n_sessions (self->server));
    dunlin_server_drain (self->server, dunlin_deadline_in (timeout), on_server_drained, self);
}

static void
on_left (gpointer data)
{
    DunlinApp *self = data;
    gint64 grace = dunlin_settings_get_duration (self->settings, "server.drain-grace");

    dunlin_log_info ("left the serverset; serving on for %" G_GINT64_FORMAT
                     " ms until callers have noticed",
                     grace / 1000);
    dunlin_timer_arm (self->grace, dunlin_deadline_in (grace));
}

static void
on_terminate (gpointer data)
{
    DunlinApp *self = data;

    if (self->stopping) {
        dunlin_log_warning ("second signal: ending at once");
        _exit (EXIT_FAILURE);
    }
    self->stopping = TRUE;
    dunlin_life_set (&self->life, DUNLIN_LIFE_DRAINING);
    sd_notify (0, "STOPPING=1");
    dunlin_log_info ("stopping");
    if (self->announce != NULL)
        dunlin_app_announce_leave (self->announce, on_left, self);
    else
        on_grace_over (self); /* nobody was told of us, so nobody has to forget */
}

static void
on_joined (gpointer data)
{
    DunlinApp *self = data;

    if (!self->stopping)
        dunlin_life_set (&self->life, DUNLIN_LIFE_ALIVE);
}

/* The first turn of the control loop: everything is there, so the world may know. */
static void
on_started (gpointer data)
{
    DunlinApp *self = data;

    dunlin_server_start (self->server);
    dunlin_timer_arm (self->watch, dunlin_deadline_in (WATCH_FILES));
    printf ("listening thrift %s:%u\n", dunlin_server_host (self->server),
            dunlin_server_port (self->server));
    fflush (stdout);
    sd_notify (0, "READY=1");
    dunlin_life_set (&self->life, DUNLIN_LIFE_WARMING_UP);
    if (self->announce != NULL)
        dunlin_app_announce_start (self->announce, on_joined, self);
    else
        on_joined (self);
}

/* What the process needs before its first loop, be it a server's or a client's. */
static gboolean
set_up (DunlinApp *self, GError **error)
{
    DunlinSettings *settings = self->settings;
    gint64 stall = dunlin_settings_get_duration (settings, "server.stall-warning");

    if (self->is_set_up)
        return TRUE;
    signal (SIGPIPE, SIG_IGN);
    dunlin_rpc_log_context_install ();
    dunlin_fiber_set_stack_size (dunlin_settings_get_size (settings, "server.stack-size"));
    dunlin_fiber_set_stall_hook (stall > 0 ? stall : DUNLIN_NEVER, on_stall);
    dunlin_offload_configure ((int)dunlin_settings_get_int (settings, "offload.threads"),
                              (int)dunlin_settings_get_int (settings, "offload.queue"));
    self->is_set_up =
        dunlin_app_config_credentials (settings, &self->credentials, error) &&
        dunlin_app_config_zookeeper_tls (settings, self->credentials, &self->zookeeper, error);
    return self->is_set_up;
}

DunlinClient *
dunlin_app_add_client (DunlinApp *self, const char *name, GError **error)
{
    DunlinClient *client;

    g_return_val_if_fail (name != NULL, NULL);
    if (!set_up (self, error))
        return NULL;
    client =
        dunlin_app_client_new (self->settings, name, self->credentials, self->zookeeper, error);
    if (client != NULL)
        g_ptr_array_add (self->clients, client);
    return client;
}

static gboolean
prepare (DunlinApp *self, GError **error)
{
    DunlinSettings *settings = self->settings;

    if (self->mistake != NULL) {
        g_propagate_error (error, g_steal_pointer (&self->mistake));
        return FALSE;
    }
    dunlin_app_client_check_names (settings, self->clients);
    if (!dunlin_base_service_add_fallback (self->router, &self->life, self->name, self->version,
                                           error) ||
        !set_up (self, error) ||
        !dunlin_app_config_access_log (settings, &self->access_log, error) ||
        !make_loops (self, error) || !make_server (self, error))
        return FALSE;
    self->announce = dunlin_app_announce_new (
        settings, self->control, dunlin_server_host (self->server),
        dunlin_server_port (self->server), self->credentials, self->zookeeper, error);
    return self->announce != NULL || *error == NULL;
}

static void
serve (DunlinApp *self)
{
    self->watch = dunlin_timer_new (self->control, on_watch_files, self);
    self->grace = dunlin_timer_new (self->control, on_grace_over, self);
    dunlin_loop_watch_signal (self->control, SIGTERM, on_terminate, self);
    dunlin_loop_watch_signal (self->control, SIGINT, on_terminate, self);
    dunlin_loop_watch_signal (self->control, SIGHUP, on_hangup, self);
    for (guint i = 0; i < self->n_loops; i++)
        dunlin_loop_start (self->loops[i]);
    dunlin_loop_post (self->control, on_started, self);
    dunlin_loop_run (self->control);
    for (guint i = 0; i < self->n_loops; i++)
        dunlin_loop_stop (self->loops[i]);
    for (guint i = 0; i < self->n_loops; i++)
        dunlin_loop_join (self->loops[i]);
}

/* In the reverse order of making; also after half a start. */
static void
tear_down (DunlinApp *self)
{
    g_clear_pointer (&self->announce, dunlin_app_announce_free);
    dunlin_offload_shutdown ();
    g_clear_pointer (&self->watch, dunlin_timer_free);
    g_clear_pointer (&self->grace, dunlin_timer_free);
    g_clear_pointer (&self->server, dunlin_server_free);
    for (guint i = 0; i < self->n_loops; i++)
        dunlin_loop_free (self->loops[i]);
    g_clear_pointer (&self->loops, g_free);
    self->n_loops = 0;
    g_clear_pointer (&self->control, dunlin_loop_free);
    g_clear_pointer (&self->dispatcher, dunlin_dispatcher_free);
    g_clear_pointer (&self->access_log, dunlin_access_log_free);
}

int
dunlin_app_run (DunlinApp *self)
{
    GError *error = NULL;
    int status = 0;

    if (prepare (self, &error)) {
        serve (self);
    } else {
        status = dunlin_app_fail (self, error);
        g_error_free (error);
    }
    tear_down (self);
    return status;
}
