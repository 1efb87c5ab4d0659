/* From the settings' text to what the layers take. */
#pragma once

#include "base/access_log.h"
#include "base/settings.h"
#include "discovery/zookeeper_tls.h"
#include "net/credentials.h"
#include "wire/payload.h"

G_BEGIN_DECLS

/* Logging as log.level and log.format say. */
gboolean dunlin_app_config_log (DunlinSettings *settings, GError **error);

/**
 * dunlin_app_config_credentials:
 * @credentials: (out) (transfer full): %NULL with tls.mode=off
 *
 * Returns: FALSE with an error that names what is missing or wrong.
 */
gboolean dunlin_app_config_credentials (DunlinSettings *settings, DunlinCredentials **credentials,
                                        GError **error);

/**
 * dunlin_app_config_zookeeper_tls:
 * @own: (nullable): the service's own credentials, which are shared where nothing else is set
 * @tls: (out) (transfer full): %NULL with zookeeper.tls=off
 */
gboolean dunlin_app_config_zookeeper_tls (DunlinSettings *settings, DunlinCredentials *own,
                                          DunlinZookeeperTls **tls, GError **error);

/* @log: (out) (transfer full): %NULL when none is wanted */
gboolean dunlin_app_config_access_log (DunlinSettings *settings, DunlinAccessLog **log,
                                       GError **error);

DunlinPayloadLimits dunlin_app_config_limits (DunlinSettings *settings);

G_END_DECLS
