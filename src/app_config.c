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

gboolean
dunlin_app_config_credentials (DunlinSettings *settings, DunlinCredentials **credentials,
                               GError **error)
{
    static const char *const versions[] = {
        [DUNLIN_TLS_MIN_VERSION_1_2] = "1.2", [DUNLIN_TLS_MIN_VERSION_1_3] = "1.3"
    };
    DunlinTlsConfig config = {
        .crl = text_or_null (settings, "tls.crl"),
        .min_version = versions[dunlin_settings_get_enum (settings, "tls.min-version")],
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

gboolean
dunlin_app_config_check (DunlinSettings *settings, GError **error)
{
    if (!dunlin_settings_get_bool (settings, "zookeeper.tls"))
        return TRUE;
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                         "zookeeper.tls=true: TLS to ZooKeeper is not there yet; leave it false "
                         "and keep the ensemble on a network that you trust");
    return FALSE;
}
