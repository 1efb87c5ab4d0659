/* From settings to a client. */
#define G_LOG_DOMAIN "dunlin-app"
#include "app_client.h"

#include "app_settings.h"
#include "base/error.h"
#include "base/log.h"
#include "discovery/dest.h"

/* The words of the enums, in the order of their rows in app_client_settings.c. */
enum { TLS_AS_SERVICE, TLS_REQUIRED, TLS_OFF };
enum { VERIFY_NAME, VERIFY_CHAIN };

/* One client's settings. */
typedef struct {
    DunlinSettings *settings;
    const char *name;
    char full[256];
} Scope;

static const char *
full_name (Scope *self, const char *setting)
{
    g_snprintf (self->full, sizeof self->full, "client.%s.%s", self->name, setting);
    return self->full;
}

static const char *
text_or_null (Scope *self, const char *setting)
{
    const char *text = dunlin_settings_get_string (self->settings, full_name (self, setting));

    return text[0] != '\0' ? text : NULL;
}

static gint64
duration (Scope *self, const char *setting)
{
    return dunlin_settings_get_duration (self->settings, full_name (self, setting));
}

static guint
number (Scope *self, const char *setting)
{
    return (guint)dunlin_settings_get_int (self->settings, full_name (self, setting));
}

static int
word (Scope *self, const char *setting)
{
    return dunlin_settings_get_enum (self->settings, full_name (self, setting));
}

static gboolean
is_on (Scope *self, const char *setting)
{
    return dunlin_settings_get_bool (self->settings, full_name (self, setting));
}

static void
read_options (Scope *self, DunlinClientOptions *options)
{
    dunlin_client_options_init (options);
    options->label = self->name;
    options->protocol = (DunlinClientProtocol)word (self, "protocol");
    options->encoding = (DunlinEncoding)word (self, "encoding");
    options->verify_name = word (self, "tls.verify") == VERIFY_NAME;
    options->server_name = text_or_null (self, "tls.server-name");
    options->resumption = is_on (self, "tls.resumption");
    options->client_id = text_or_null (self, "client-id");
    options->timeout = duration (self, "timeout");
    options->try_timeout = duration (self, "try-timeout");
    options->connect_timeout = duration (self, "connect-timeout");
    options->acquire_timeout = duration (self, "acquire-timeout");
    options->idle_timeout = duration (self, "idle-timeout");
    options->life_time = duration (self, "life-time");
    options->max_frame = dunlin_settings_get_size (self->settings, full_name (self, "max-frame"));
    options->limits.max_elements = number (self, "max-elements");
    options->pool_low = number (self, "pool-low");
    options->pool_high = number (self, "pool-high");
    options->max_waiters = number (self, "max-waiters");
    options->ping_interval = duration (self, "ping-interval");
    options->ping_timeout = duration (self, "ping-timeout");
    options->balancer = (DunlinClientBalancer)word (self, "balancer");
    options->accrual = is_on (self, "failure-accrual");
    options->fail_fast = is_on (self, "fail-fast");
    options->max_requeues = number (self, "max-requeues");
    options->requeue_percent = number (self, "requeue-percent");
    options->requeue_min_per_second = number (self, "requeue-min");
    options->backup_percentile = number (self, "backup-percentile");
    options->idempotent = text_or_null (self, "idempotent");
}

/* --- TLS --- */

/* The client's own file, or the service's. */
static gboolean
file (Scope *self, const char *setting, const char **path, GError **error)
{
    *path = text_or_null (self, setting);
    if (*path == NULL)
        *path = dunlin_settings_get_string (self->settings, setting);
    if ((*path)[0] != '\0')
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "neither client.%s.%s nor %s is set: name a PEM file, or say "
                 "--client.%s.tls.mode=off",
                 self->name, setting, setting, self->name);
    return FALSE;
}

static const char *
service_text (Scope *self, const char *setting)
{
    const char *text = dunlin_settings_get_string (self->settings, setting);

    return text[0] != '\0' ? text : NULL;
}

static gboolean
has_own_files (Scope *self)
{
    return text_or_null (self, "tls.certificate") != NULL ||
           text_or_null (self, "tls.key") != NULL || text_or_null (self, "tls.ca") != NULL;
}

static DunlinCredentials *
load (Scope *self, GError **error)
{
    static const char *const versions[] = {
        [DUNLIN_TLS_MIN_VERSION_1_2] = "1.2", [DUNLIN_TLS_MIN_VERSION_1_3] = "1.3"
    };
    gboolean foreign_ca = text_or_null (self, "tls.ca") != NULL;
    DunlinTlsConfig config = {
        .crl = foreign_ca ? NULL : service_text (self, "tls.crl"),
        .min_version = versions[dunlin_settings_get_enum (self->settings, "tls.min-version")],
        .ciphers = service_text (self, "tls.ciphers"),
        .ciphersuites = service_text (self, "tls.ciphersuites"),
        .foreign_ca = foreign_ca,
    };

    if (!file (self, "tls.certificate", &config.certificate, error) ||
        !file (self, "tls.key", &config.key, error) || !file (self, "tls.ca", &config.ca, error))
        return NULL;
    return dunlin_credentials_new (&config, error);
}

static gboolean
find_credentials (Scope *self, DunlinCredentials *own, DunlinCredentials **credentials,
                  GError **error)
{
    int mode = word (self, "tls.mode");
    gboolean service_off =
        dunlin_settings_get_enum (self->settings, "tls.mode") == DUNLIN_TLS_MODE_OFF;

    *credentials = NULL;
    if (mode == TLS_OFF || (mode == TLS_AS_SERVICE && service_off))
        return TRUE;
    if (own != NULL && !has_own_files (self))
        *credentials = dunlin_credentials_ref (own);
    else
        *credentials = load (self, error);
    if (*credentials != NULL && !dunlin_credentials_may_act_as_client (*credentials))
        dunlin_log_warning ("client.%s: the certificate's extended key usage has no clientAuth: "
                            "servers that want clients' certificates will refuse it",
                            self->name);
    return *credentials != NULL;
}

/* --- the client --- */

static DunlinClient *
make (Scope *self, const DunlinClientOptions *options, const DunlinZookeeperTls *zookeeper,
      GError **error)
{
    const char *dest = text_or_null (self, "dest");
    DunlinResolverOptions resolving = { .digest = service_text (self, "zookeeper.digest"),
                                        .tls = zookeeper };
    DunlinClient *client;

    if (dest == NULL) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "client.%s.dest is not set: say where the service is, as in "
                     "zk2!HOST:2181!/services/%s or inet!HOST:PORT",
                     self->name, self->name);
        return NULL;
    }
    client = dunlin_dest_client_new (dest, options, &resolving, error);
    if (client == NULL)
        g_prefix_error (error, "client.%s.dest: ", self->name);
    return client;
}

/* What may stand in a setting's name, and in a metric's. */
static gboolean
is_name (const char *name)
{
    for (const char *p = name; *p != '\0'; p++) {
        if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
            return FALSE;
    }
    return name[0] != '\0' && strlen (name) <= 64;
}

DunlinClient *
dunlin_app_client_new (DunlinSettings *settings, const char *name, DunlinCredentials *own,
                       const DunlinZookeeperTls *zookeeper, GError **error)
{
    Scope scope = { .settings = settings, .name = name };
    g_autoptr (DunlinCredentials) credentials = NULL;
    DunlinClientOptions options;

    if (!is_name (name)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "'%s' is no name for a client: letters, digits, - and _", name);
        return NULL;
    }
    read_options (&scope, &options);
    if (!find_credentials (&scope, own, &credentials, error)) {
        g_prefix_error (error, "client.%s: ", name);
        return NULL;
    }
    options.credentials = credentials;
    return make (&scope, &options, zookeeper, error);
}

static gboolean
is_among (const char *name, const GPtrArray *clients)
{
    for (guint i = 0; i < clients->len; i++) {
        if (strcmp (dunlin_client_label (g_ptr_array_index (clients, i)), name) == 0)
            return TRUE;
    }
    return FALSE;
}

void
dunlin_app_client_check_names (DunlinSettings *settings, const GPtrArray *clients)
{
    g_auto (GStrv) names = dunlin_settings_get_names (settings, "client.*.dest");

    for (gsize i = 0; names[i] != NULL; i++) {
        if (!is_among (names[i], clients))
            dunlin_log_warning ("client.%s.dest is set, but the service has no client of that name",
                                names[i]);
    }
}
