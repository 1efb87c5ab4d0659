/* Settings to configuration. */
#include "app_config.h"

#include "app_settings.h"
#include "base/error.h"
#include "base/log.h"

gboolean
dunlin_app_config_log (DunlinSettings *settings, GError **error)
{
    dunlin_log_init ((DunlinLogFormat)dunlin_settings_get_enum (settings, "log.format"));
    return dunlin_log_set_levels (dunlin_settings_get_string (settings, "log.level"), error);
}

/* The text of a setting, NULL when it is empty. */
static const char *
text_or_null (DunlinSettings *settings, const char *name)
{
    const char *text = dunlin_settings_get_string (settings, name);

    return text[0] != '\0' ? text : NULL;
}

static gboolean
require_text (DunlinSettings *settings, const char *name, const char **text, GError **error)
{
    *text = text_or_null (settings, name);
    if (*text != NULL)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "%s is not set, but tls.mode is 'required': name a PEM file (certs/make-dev-ca "
                 "makes a set for development), or say --tls.mode=off",
                 name);
    return FALSE;
}

static const char *
min_version (DunlinSettings *settings)
{
    static const char *const versions[] = {
        [DUNLIN_TLS_MIN_VERSION_1_2] = "1.2", [DUNLIN_TLS_MIN_VERSION_1_3] = "1.3"
    };

    return versions[dunlin_settings_get_enum (settings, "tls.min-version")];
}

gboolean
dunlin_app_config_credentials (DunlinSettings *settings, DunlinCredentials **credentials,
                               GError **error)
{
    DunlinTlsConfig config = {
        .crl = text_or_null (settings, "tls.crl"),
        .min_version = min_version (settings),
        .ciphers = text_or_null (settings, "tls.ciphers"),
        .ciphersuites = text_or_null (settings, "tls.ciphersuites"),
        .require_client_certificate = TRUE,
        .resumption = dunlin_settings_get_bool (settings, "tls.resumption"),
    };

    *credentials = NULL;
    if (dunlin_settings_get_enum (settings, "tls.mode") == DUNLIN_TLS_MODE_OFF)
        return TRUE;
    if (!require_text (settings, "tls.certificate", &config.certificate, error) ||
        !require_text (settings, "tls.key", &config.key, error) ||
        !require_text (settings, "tls.ca", &config.ca, error))
        return FALSE;
    *credentials = dunlin_credentials_new (&config, error);
    return *credentials != NULL;
}

/* Of zookeeper.@name, or else of @name; one of them must be set. */
static gboolean
text_for_zookeeper (DunlinSettings *settings, const char *name, const char **text, GError **error)
{
    g_autofree char *own = g_strconcat ("zookeeper.", name, NULL);

    *text = text_or_null (settings, own);
    if (*text == NULL)
        *text = text_or_null (settings, name);
    if (*text != NULL)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "zookeeper.tls is 'required', but neither %s nor %s is set: name a PEM file", own,
                 name);
    return FALSE;
}

/* A certificate and its key come as a pair. */
static gboolean
check_pair (DunlinSettings *settings, GError **error)
{
    gboolean certificate = text_or_null (settings, "zookeeper.tls.certificate") != NULL;
    gboolean key = text_or_null (settings, "zookeeper.tls.key") != NULL;

    if (certificate == key)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "%s is set without %s: set both",
                 certificate ? "zookeeper.tls.certificate" : "zookeeper.tls.key",
                 certificate ? "zookeeper.tls.key" : "zookeeper.tls.certificate");
    return FALSE;
}

static DunlinCredentials *
load_for_zookeeper (DunlinSettings *settings, GError **error)
{
    gboolean foreign_ca = text_or_null (settings, "zookeeper.tls.ca") != NULL;
    DunlinTlsConfig config = {
        .crl = foreign_ca ? NULL : text_or_null (settings, "tls.crl"),
        .min_version = min_version (settings),
        .ciphers = text_or_null (settings, "tls.ciphers"),
        .ciphersuites = text_or_null (settings, "tls.ciphersuites"),
        .foreign_ca = foreign_ca,
    };
    DunlinCredentials *credentials;

    if (!check_pair (settings, error) ||
        !text_for_zookeeper (settings, "tls.certificate", &config.certificate, error) ||
        !text_for_zookeeper (settings, "tls.key", &config.key, error) ||
        !text_for_zookeeper (settings, "tls.ca", &config.ca, error))
        return NULL;
    credentials = dunlin_credentials_new (&config, error);
    if (credentials == NULL)
        g_prefix_error (error, "zookeeper.tls: ");
    return credentials;
}

gboolean
dunlin_app_config_zookeeper_tls (DunlinSettings *settings, DunlinCredentials *own,
                                 DunlinZookeeperTls **tls, GError **error)
{
    gboolean shared = own != NULL && text_or_null (settings, "zookeeper.tls.certificate") == NULL &&
                      text_or_null (settings, "zookeeper.tls.key") == NULL &&
                      text_or_null (settings, "zookeeper.tls.ca") == NULL;
    g_autoptr (DunlinCredentials) credentials = NULL;
    DunlinZookeeperTls found = { .server_name =
                                     text_or_null (settings, "zookeeper.tls.server-name") };

    *tls = NULL;
    if (dunlin_settings_get_enum (settings, "zookeeper.tls") == DUNLIN_ZOOKEEPER_TLS_OFF)
        return TRUE;
    credentials = shared ? dunlin_credentials_ref (own) : load_for_zookeeper (settings, error);
    if (credentials == NULL)
        return FALSE;
    if (!dunlin_credentials_may_act_as_client (credentials))
        dunlin_log_warning ("zookeeper.tls: our certificate's extended key usage has no clientAuth:"
                            " an ensemble that wants clients' certificates will refuse it");
    found.credentials = credentials;
    *tls = dunlin_zookeeper_tls_copy (&found);
    return TRUE;
}

gboolean
dunlin_app_config_access_log (DunlinSettings *settings, DunlinAccessLog **log, GError **error)
{
    const char *path = text_or_null (settings, "access-log.path");
    DunlinAccessFormat format =
        (DunlinAccessFormat)dunlin_settings_get_enum (settings, "access-log.format");

    *log = NULL;
    if (path == NULL)
        return TRUE;
    *log = dunlin_access_log_new (path, format, error);
    return *log != NULL;
}

DunlinPayloadLimits
dunlin_app_config_limits (DunlinSettings *settings)
{
    DunlinPayloadLimits limits = dunlin_payload_default_limits;

    limits.max_elements = (gsize)dunlin_settings_get_int (settings, "thrift.max-elements");
    limits.allow_invalid_utf8 = dunlin_settings_get_bool (settings, "thrift.allow-invalid-utf8");
    return limits;
}
