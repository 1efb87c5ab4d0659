/* One connection in plain code on a fiber, step by step: what `dunlin check` looks at singly is
 * what a client does at once. */
#pragma once

#include "client/address_set.h"
#include "fiber/fiber.h"
#include "net/credentials.h"
#include "net/stream.h"

G_BEGIN_DECLS

typedef struct CliTalk CliTalk;

/* Returns: a connected socket, or -1 with @error. Blocks the thread until @deadline at most. */
int cli_talk_connect (const DunlinAddress *address, gint64 deadline, GError **error);

/**
 * cli_talk_open:
 * @fd: (transfer full): from cli_talk_connect()
 * @credentials: (nullable): for TLS
 * @server_name: (nullable): that its certificate must bear
 *
 * Waits for the handshake.
 *
 * Returns: (transfer full) (nullable): an open connection, or %NULL with @error.
 */
CliTalk *cli_talk_open (int fd, const DunlinAddress *address, DunlinCredentials *credentials,
                        const char *server_name, gint64 deadline, GError **error);
void cli_talk_free (CliTalk *self);

/* Returns: (transfer none): who is there; complete. */
const DunlinPeer *cli_talk_peer (CliTalk *self);

/* Appended to it is sent at the next cli_talk_frame(). */
DunlinBuffer *cli_talk_outbox (CliTalk *self);

/* Sends, and waits for a frame. Returns: (transfer full) (nullable): without its size. */
GBytes *cli_talk_frame (CliTalk *self, gint64 deadline, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliTalk, cli_talk_free)

G_END_DECLS
