/* The clients of a process, as the settings client.NAME.* say. */
#pragma once

#include "base/settings.h"
#include "client/client.h"
#include "discovery/zookeeper_tls.h"

G_BEGIN_DECLS

/* Declares client.*.dest and all the others. */
void dunlin_app_declare_client_settings (DunlinSettings *settings);

/**
 * dunlin_app_client_new:
 * @name: of the client
 * @own: (nullable): the service's own credentials, which are shared where nothing else is set
 * @zookeeper: (nullable): TLS to ensembles
 *
 * Returns: (transfer full) (nullable): or %NULL with an error that names the setting.
 */
DunlinClient *dunlin_app_client_new (DunlinSettings *settings, const char *name,
                                     DunlinCredentials *own, const DunlinZookeeperTls *zookeeper,
                                     GError **error);

/* Logs clients that have settings and are not among @clients (element-type DunlinClient): names
 * that are spelled in two ways. */
void dunlin_app_client_check_names (DunlinSettings *settings, const GPtrArray *clients);

G_END_DECLS
