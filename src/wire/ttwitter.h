/* TTwitter: Finagle's headers in front of plain framed Thrift messages, and the upgrade that turns
 * them on. Pure: the rest of the frame, the Thrift message itself, is wire/payload's. */
#pragma once

#include "wire/context.h"

G_BEGIN_DECLS

#define DUNLIN_TTWITTER_UPGRADE "__can__finagle__trace__v3__"

/**
 * DunlinTtwitterEncoding:
 * @DUNLIN_TTWITTER_BINARY: strict binary, `80 01 00 ..`
 * @DUNLIN_TTWITTER_BINARY_OLD: non-strict binary: the message starts with its name's length
 * @DUNLIN_TTWITTER_COMPACT: compact, `82 ..`
 *
 * The connection's Thrift encoding, in which handshake and headers are written as well. The two
 * binary ones differ in message headers only.
 */
typedef enum {
    DUNLIN_TTWITTER_BINARY,
    DUNLIN_TTWITTER_BINARY_OLD,
    DUNLIN_TTWITTER_COMPACT
} DunlinTtwitterEncoding;

/**
 * dunlin_ttwitter_is_upgrade:
 * @frame: the body of a connection's first frame
 * @encoding: (out): the caller's
 * @sequence: (out): its sequence id, to be echoed
 *
 * Returns: TRUE when it is a CALL of %DUNLIN_TTWITTER_UPGRADE, in whichever encoding. Its arguments
 *   (ConnectionOptions, which are empty) are not read.
 */
gboolean dunlin_ttwitter_is_upgrade (const guint8 *frame, gsize length,
                                     DunlinTtwitterEncoding *encoding, gint32 *sequence);

/* The frame's body is written, not its 4 bytes of size: a REPLY with an empty UpgradeReply. */
void dunlin_ttwitter_write_upgrade_reply (DunlinBuffer *to, DunlinTtwitterEncoding encoding,
                                          gint32 sequence);

/* The client's side of it: the CALL, likewise without the size. */
void dunlin_ttwitter_write_upgrade (DunlinBuffer *to, DunlinTtwitterEncoding encoding);

/**
 * dunlin_ttwitter_read_upgrade_reply:
 * @frame: the body of the first frame that comes back
 * @upgraded: (out): whether the server speaks TTwitter; if not, the connection is plain Thrift
 *
 * Returns: FALSE with %DUNLIN_ERROR_MALFORMED or %DUNLIN_ERROR_TOO_LARGE when it is no reply.
 */
gboolean dunlin_ttwitter_read_upgrade_reply (const guint8 *frame, gsize length, gboolean *upgraded,
                                             GError **error);

/**
 * dunlin_ttwitter_read_request:
 * @from: at the RequestHeader; moved past it, to the Thrift message
 * @context: is overwritten; borrows from the frame; for dunlin_context_clear()
 *
 * The entries of its list of contexts count first, the header's own fields fill in what they leave
 * open, which is what Finagle's servers do (VanillaThriftSession.scala,
 * TTwitterServerFilter.scala). Fields that are unknown or of another type than expected are
 * skipped; of a repeated field the last counts.
 *
 * Returns: FALSE with %DUNLIN_ERROR_MALFORMED or %DUNLIN_ERROR_TOO_LARGE; @context is then empty.
 */
gboolean dunlin_ttwitter_read_request (DunlinReader *from, DunlinTtwitterEncoding encoding,
                                       DunlinContext *context, GError **error);

/* Writes a RequestHeader as Finagle's client does. */
void dunlin_ttwitter_write_request (DunlinBuffer *to, DunlinTtwitterEncoding encoding,
                                    const DunlinContext *context);

/* Writes an empty ResponseHeader, one byte in every encoding: it stands before each reply's Thrift
 * message on an upgraded connection. */
static inline void
dunlin_ttwitter_write_response (DunlinBuffer *to)
{
    dunlin_buffer_u8 (to, 0);
}

/* Moves @from past a ResponseHeader, whose contents mean nothing to Finagle's clients either. */
gboolean dunlin_ttwitter_skip_response (DunlinReader *from, DunlinTtwitterEncoding encoding,
                                        GError **error);

G_END_DECLS
