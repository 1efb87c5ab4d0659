/* Thrift values over flat buffers: the ThriftProtocols (binary, compact) that generated code reads
 * from and writes to, and the ThriftTransport that generated clients flush. No I/O, no copies but
 * those that generated code keeps. Everything that a peer announces is checked before it is
 * believed. Objects are not thread-safe: one a loop and direction, used again for every call. */
#pragma once

#include <thrift/c_glib/protocol/thrift_protocol.h>

#include "wire/message.h"

G_BEGIN_DECLS

/* Structs, lists, sets and maps that may be open inside each other: Apache Thrift's own default. */
#define DUNLIN_PAYLOAD_DEPTH_MAX 64

/* What generated code makes of one struct or container is hundreds of bytes, even if it is one byte
 * on the wire, so these count as so many elements. */
#define DUNLIN_PAYLOAD_HEAVY_ELEMENT 10

/**
 * DunlinPayloadLimits:
 * @max_elements: of all containers of a message together; a map's entry is two, a struct or
 *   container counts %DUNLIN_PAYLOAD_HEAVY_ELEMENT wherever it stands
 * @max_depth: at most %DUNLIN_PAYLOAD_DEPTH_MAX
 * @max_output: bytes that one message may be when written
 * @allow_invalid_utf8: take strings that are not UTF-8; zero bytes are refused all the same,
 *   because a C string would end there
 */
typedef struct {
    gsize max_elements;
    int max_depth;
    gsize max_output;
    gboolean allow_invalid_utf8;
} DunlinPayloadLimits;

/* One million elements (so 100,000 structs: some 35 MiB and 0.3 s of generated code, where a
 * million structs, 1 MiB on the wire, would take 340 MiB and stop a loop for seconds), depth 64, 64
 * MiB. */
extern const DunlinPayloadLimits dunlin_payload_default_limits;

/**
 * dunlin_payload_new:
 * @limits: (nullable): %NULL for dunlin_payload_default_limits; is copied
 *
 * Returns: (transfer full): a protocol without input or output, whose transport is a
 *   DunlinPayloadTransport.
 */
ThriftProtocol *dunlin_payload_new (DunlinEncoding encoding, const DunlinPayloadLimits *limits);

/**
 * dunlin_payload_set_input:
 * @data: (not owned) (nullable): must live until the last read; %NULL with 0 bytes forgets the last
 *
 * What is read from now on, from its first byte. Forgets an earlier failure.
 */
void dunlin_payload_set_input (ThriftProtocol *self, const guint8 *data, gsize n);

/* Bytes read so far, or the place of the failure. */
gsize dunlin_payload_consumed (ThriftProtocol *self);

/**
 * dunlin_payload_failure:
 *
 * The first thing that was wrong with the input. From there on every read gives an empty value (0,
 * "", no field, no element) and no error, so that generated code runs to its end and frees what it
 * holds; only read_message_end() fails. So this must be asked after reading.
 *
 * Returns: (transfer none) (nullable): %NULL when all was well so far.
 */
const GError *dunlin_payload_failure (ThriftProtocol *self);

/**
 * dunlin_payload_check:
 *
 * Returns: TRUE when nothing was wrong with the input, else FALSE with @error, MALFORMED or
 *   TOO_LARGE. An error that generated code returned itself (a required field missing) is only
 *   worth telling when this is TRUE.
 */
gboolean dunlin_payload_check (ThriftProtocol *self, GError **error);

/**
 * dunlin_payload_set_output:
 * @out: (not owned) (nullable): must live until the last write
 *
 * Where writes append from now on; counts anew towards the limit. A write that fails returns -1
 * with TOO_LARGE and leaves what was written before: the caller truncates.
 */
void dunlin_payload_set_output (ThriftProtocol *self, DunlinBuffer *out);

/* Binary only: whether write_message_begin() writes the version first; TRUE at the beginning. */
void dunlin_payload_set_strict (ThriftProtocol *self, gboolean strict);

/* Which encoding it was made for. */
DunlinEncoding dunlin_payload_get_encoding (ThriftProtocol *self);

/**
 * DunlinPayloadHooks:
 * @on_write_begin: (nullable): a message is about to be written: what was left of one that could
 *   not be finished is to be forgotten
 * @on_flush: (nullable): the message is written: send it; where oneway calls end
 * @on_read_begin: (nullable): a generated client waits for its reply: on TRUE the input is set
 * @on_read_end: (nullable): the generated client is done with the reply
 * @user: given to each
 *
 * How a generated client's blocking calls become something else. Each returns FALSE with @error.
 */
typedef struct {
    gboolean (*on_write_begin) (gpointer user, GError **error);
    gboolean (*on_flush) (gpointer user, GError **error);
    gboolean (*on_read_begin) (gpointer user, GError **error);
    gboolean (*on_read_end) (gpointer user, GError **error);
    gpointer user;
} DunlinPayloadHooks;

/* @hooks: (nullable): is copied; %NULL: every hook does nothing and succeeds. */
void dunlin_payload_set_hooks (ThriftProtocol *self, const DunlinPayloadHooks *hooks);

G_END_DECLS
