/* What a Finagle caller says first on a connection, and whether the service understands it. Each
 * function opens a connection's conversation; on a fiber. */
#pragma once

#include "cli/talk.h"
#include "wire/message.h"

G_BEGIN_DECLS

/**
 * cli_greeting_mux:
 * @window: (out): the largest fragment that the service takes; %DUNLIN_MUX_WINDOW_MAX: any
 *
 * ThriftMux's opening.
 *
 * Returns: FALSE with an error when the service does not speak it.
 */
gboolean cli_greeting_mux (CliTalk *talk, gint64 deadline, guint32 *window, GError **error);

/* After it: ThriftMux's own ping. */
gboolean cli_greeting_mux_ping (CliTalk *talk, gint64 deadline, GError **error);

/* TTwitter's upgrade. @upgraded: (out): whether the service speaks it; else it is plain Thrift. */
gboolean cli_greeting_upgrade (CliTalk *talk, DunlinEncoding encoding, gint64 deadline,
                               gboolean *upgraded, GError **error);

/**
 * cli_greeting_call_ping:
 * @answer: (out): what it answered, in words; static
 *
 * Calls the method ping() over framed Thrift. "There is no such method" is an answer too.
 */
gboolean cli_greeting_call_ping (CliTalk *talk, DunlinEncoding encoding, gboolean upgraded,
                                 gint64 deadline, const char **answer, GError **error);

G_END_DECLS
