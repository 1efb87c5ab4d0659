/* A ThriftMux connection: many calls at once, each with a tag. Internal to client/. */
#pragma once

#include "client/channel.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): a channel that is being opened; see dunlin_channel_start().
 */
DunlinChannel *dunlin_mux_channel_new (const DunlinAddress *address,
                                       const DunlinClientOptions *options, DunlinTlsMemory *memory,
                                       const DunlinChannelEvents *events, gpointer owner,
                                       GError **error);

/* Whether it is one of these. */
gboolean dunlin_channel_is_mux (const DunlinChannel *self);

G_END_DECLS
