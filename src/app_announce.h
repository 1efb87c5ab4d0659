/* Joining and leaving the serverset, as the settings say: what to advertise, the self-probe before,
 * the announcer after. */
#pragma once

#include "base/settings.h"
#include "discovery/zookeeper_tls.h"
#include "loop/loop.h"
#include "net/credentials.h"

G_BEGIN_DECLS

typedef struct DunlinAppAnnounce DunlinAppAnnounce;

/**
 * dunlin_app_announce_new:
 * @bound_host: what the server is bound to, numeric
 * @credentials: (nullable): for the probe; borrowed
 * @tls: (nullable): to the ensemble; borrowed
 *
 * Returns: (nullable) (transfer full): %NULL without @error when zookeeper.servers is empty:
 * nothing is to be announced; with @error when a setting is wrong.
 */
DunlinAppAnnounce *dunlin_app_announce_new (DunlinSettings *settings, DunlinLoop *control,
                                            const char *bound_host, guint16 port,
                                            DunlinCredentials *credentials,
                                            const DunlinZookeeperTls *tls, GError **error);

/* Probes the advertised address until it answers, then joins. @joined: (nullable): called on the
 * control loop once the first probe has passed and the announcer works. On the control loop. */
void dunlin_app_announce_start (DunlinAppAnnounce *self, DunlinLoopFunc joined, gpointer data);

/* Leaves; @left is called on the control loop, never from inside. */
void dunlin_app_announce_leave (DunlinAppAnnounce *self, DunlinLoopFunc left, gpointer data);

void dunlin_app_announce_free (DunlinAppAnnounce *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinAppAnnounce, dunlin_app_announce_free)

G_END_DECLS
