/* A connection of framed Thrift: one call at a time, with Finagle's headers (TTwitter) where the
 * server knows them. Internal to client/. */
#pragma once

#include "client/channel.h"

G_BEGIN_DECLS

/* Whether Finagle's headers go along: asked for on every connection, unless the answer is known. */
typedef enum {
    DUNLIN_UPGRADE_ASK,
    DUNLIN_UPGRADE_NEVER, /* it is plain Thrift */
    DUNLIN_UPGRADE_DONE   /* it knows them; asked for all the same, as each connection must */
} DunlinUpgrade;

/* Returns: (transfer full) (nullable): a channel that is being opened; see dunlin_channel_start().
 */
DunlinChannel *dunlin_framed_channel_new (const DunlinAddress *address,
                                          const DunlinClientOptions *options, DunlinUpgrade upgrade,
                                          DunlinTlsMemory *memory,
                                          const DunlinChannelEvents *events, gpointer owner,
                                          GError **error);

/* What the server has answered; of use once the channel is open, or was closed while opening:
 * NEVER then means that it hung up on the question. */
DunlinUpgrade dunlin_framed_channel_upgrade (DunlinChannel *self);

/* Whether a call is on its way. */
gboolean dunlin_framed_channel_is_busy (DunlinChannel *self);

G_END_DECLS
