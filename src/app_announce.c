/* The way into the serverset: advertise, probe, announce. */
#define G_LOG_DOMAIN "dunlin-announce"
#include "app_announce.h"

#include "base/log.h"
#include "discovery/advertise.h"
#include "discovery/announcer.h"
#include "fiber/fiber.h"
#include "probe.h"

/* One try of the self-probe, and the pause before the next. */
#define PROBE_TIME  (5 * G_USEC_PER_SEC)
#define PROBE_PAUSE (2 * G_USEC_PER_SEC)

struct DunlinAppAnnounce {
    DunlinLoop *control;            /* borrowed: outlives us */
    DunlinCredentials *credentials; /* owned reference, nullable */
    char *host;                     /* owned */
    guint16 port;
    DunlinAnnouncer *announcer; /* owned */
    DunlinFiber *probing;       /* borrowed: while it probes */
    gboolean leaving;
    gboolean started;
    DunlinLoopFunc joined;
    gpointer joined_data;
    DunlinLoopFunc left;
    gpointer left_data;
};

static gboolean
make_announcer (DunlinAppAnnounce *self, DunlinSettings *settings, const DunlinZookeeperTls *tls,
                GError **error)
{
    const char *digest = dunlin_settings_get_string (settings, "zookeeper.digest");
    g_auto (GStrv) pairs = dunlin_settings_get_list (settings, "zookeeper.metadata");
    g_autofree DunlinMetadata *metadata = g_new0 (DunlinMetadata, g_strv_length (pairs) + 1);
    DunlinAnnounceConfig config = {
        .servers = dunlin_settings_get_string (settings, "zookeeper.servers"),
        .path = dunlin_settings_get_string (settings, "zookeeper.path"),
        .host = self->host,
        .port = self->port,
        .shard = (gint32)dunlin_settings_get_int (settings, "zookeeper.shard"),
        .metadata = metadata,
        .session_timeout_ms =
            (int)(dunlin_settings_get_duration (settings, "zookeeper.session-timeout") / 1000),
        .digest = digest[0] != '\0' ? digest : NULL,
        .tls = tls,
    };

    for (guint i = 0; pairs[i] != NULL; i++) {
        char *equals = strchr (pairs[i], '=');

        if (equals == NULL) {
            g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                         "zookeeper.metadata: '%s' is no KEY=VALUE", pairs[i]);
            return FALSE;
        }
        *equals = '\0';
        metadata[config.n_metadata].key = pairs[i];
        metadata[config.n_metadata++].value = equals + 1;
    }
    self->announcer = dunlin_announcer_new (self->control, &config, error);
    return self->announcer != NULL;
}

DunlinAppAnnounce *
dunlin_app_announce_new (DunlinSettings *settings, DunlinLoop *control, const char *bound_host,
                         guint16 port, DunlinCredentials *credentials,
                         const DunlinZookeeperTls *tls, GError **error)
{
    const char *servers = dunlin_settings_get_string (settings, "zookeeper.servers");
    g_autoptr (DunlinAppAnnounce) self = NULL;

    if (servers[0] == '\0')
        return NULL;
    self = g_new0 (DunlinAppAnnounce, 1);
    self->control = control;
    self->credentials = credentials != NULL ? dunlin_credentials_ref (credentials) : NULL;
    if (!dunlin_advertise_find (dunlin_settings_get_string (settings, "zookeeper.advertise"),
                                bound_host, port, servers, &self->host, &self->port, error) ||
        !make_announcer (self, settings, tls, error))
        return NULL;
    return g_steal_pointer (&self);
}

static void
announce (DunlinAppAnnounce *self)
{
    self->started = TRUE;
    dunlin_announcer_start (self->announcer);
    if (self->joined != NULL)
        self->joined (self->joined_data);
}

/* A fiber: goes where callers will go, until that works. */
static void
probe_until_answered (gpointer data)
{
    DunlinAppAnnounce *self = data;
    gboolean answered = FALSE;

    self->probing = dunlin_fiber_self ();
    while (!answered && !self->leaving) {
        g_autoptr (GError) error = NULL;

        answered = dunlin_probe (self->host, self->port, self->credentials,
                                 dunlin_deadline_in (PROBE_TIME), &error);
        if (answered)
            dunlin_log_info ("%s:%u answers: joining the serverset", self->host, self->port);
        else if (!self->leaving)
            dunlin_log_error ("not announced, trying again: %s", error->message);
        if (!answered)
            dunlin_sleep (PROBE_PAUSE, NULL);
    }
    self->probing = NULL;
    if (!self->leaving)
        announce (self);
    else if (self->left != NULL)
        self->left (self->left_data);
}

void
dunlin_app_announce_start (DunlinAppAnnounce *self, DunlinLoopFunc joined, gpointer data)
{
    g_autoptr (GError) error = NULL;

    self->joined = joined;
    self->joined_data = data;
    dunlin_fiber_spawn ("probe", probe_until_answered, self, &error);
    if (error != NULL)
        dunlin_log_error ("cannot probe our own address: %s", error->message);
}

static void
on_left (DunlinAnnouncer *announcer, gboolean acknowledged, gpointer data)
{
    DunlinAppAnnounce *self = data;

    if (!acknowledged)
        dunlin_log_warning ("ZooKeeper did not acknowledge that we left; our session has had the "
                            "time to expire");
    self->left (self->left_data);
}

void
dunlin_app_announce_leave (DunlinAppAnnounce *self, DunlinLoopFunc left, gpointer data)
{
    self->leaving = TRUE;
    self->left = left;
    self->left_data = data;
    if (self->probing != NULL)
        dunlin_fiber_cancel (self->probing);
    else if (self->started)
        dunlin_announcer_leave (self->announcer, on_left, self);
    else
        dunlin_loop_post (self->control, left, data);
}

void
dunlin_app_announce_free (DunlinAppAnnounce *self)
{
    if (self == NULL)
        return;
    dunlin_announcer_free (self->announcer);
    if (self->credentials != NULL)
        dunlin_credentials_unref (self->credentials);
    g_free (self->host);
    g_free (self);
}
