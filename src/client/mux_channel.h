/* A ThriftMux connection: many calls at once, each with a tag. Internal to client/. */
#pragma once

#include "client/channel.h"

G_BEGIN_DECLS

/**
 * dunlin_mux_channel_new:
 * @ask_only: do not open, only find out whether the server speaks mux, in a way that does no harm
 *   to those that do not: the channel is closed, and its @spoke_mux says so
 *
 * Returns: (transfer full) (nullable): a channel that is being opened; see dunlin_channel_start().
 */
DunlinChannel *dunlin_mux_channel_new (const DunlinAddress *address,
                                       const DunlinClientOptions *options, DunlinTlsMemory *memory,
                                       gboolean ask_only, const DunlinChannelEvents *events,
                                       gpointer owner, GError **error);

/* Whether it is one of these. */
gboolean dunlin_channel_is_mux (const DunlinChannel *self);

G_END_DECLS
