/* ThriftMux messages <-> structs, and what a session's opening settles. Pure. */
#pragma once

#include "wire/context.h"

G_BEGIN_DECLS

/* Tags are 23 bits; bit 23 says that more fragments follow. */
#define DUNLIN_MUX_TAG_MAX     0x7fffffu
#define DUNLIN_MUX_TAG_MORE    0x800000u
#define DUNLIN_MUX_TAG_CONTROL 1u /* what Finagle uses for Tinit, Tping and Tdrain */

/* Of mux's own making are the 4 bytes of size, then type and tag. */
#define DUNLIN_MUX_SIZE_BYTES   4u
#define DUNLIN_MUX_HEADER_BYTES 4u

#define DUNLIN_MUX_WINDOW_MAX 0x7fffffffu /* "no fragments, please" */
#define DUNLIN_MUX_VERSION    1

/* The Rerr (tag 1) that a client sends first; a server that knows Tinit echoes it. */
#define DUNLIN_MUX_TINIT_CHECK "tinit check"

typedef enum {
    DUNLIN_MUX_UNKNOWN, /* a type that mux does not define */
    DUNLIN_MUX_TREQ,
    DUNLIN_MUX_RREQ,
    DUNLIN_MUX_TDISPATCH,
    DUNLIN_MUX_RDISPATCH,
    DUNLIN_MUX_TDRAIN,
    DUNLIN_MUX_RDRAIN,
    DUNLIN_MUX_TPING,
    DUNLIN_MUX_RPING,
    DUNLIN_MUX_TDISCARDED,
    DUNLIN_MUX_RDISCARDED,
    DUNLIN_MUX_TLEASE,
    DUNLIN_MUX_TINIT,
    DUNLIN_MUX_RINIT,
    DUNLIN_MUX_RERR,
    DUNLIN_MUX_N_KINDS
} DunlinMuxKind;

typedef enum {
    DUNLIN_MUX_OK = 0,
    DUNLIN_MUX_ERROR = 1,
    DUNLIN_MUX_NACK = 2 /* not processed: the caller sends it again elsewhere */
} DunlinMuxStatus;

/**
 * DunlinMuxMessage:
 * @kind: what it is, whichever of the two ids of its type it came with
 * @type: the type byte as it came
 * @more: this is a fragment and more follow: @body is its part, nothing else is read
 * @tag: without the fragment bit
 * @which: Tdiscarded: the tag given up
 * @status: Rreq, Rdispatch
 * @failure: Rdispatch: DUNLIN_MUX_FAILURE_... bits, 0 when none came
 * @version: Tinit, Rinit
 * @lease_unit: Tlease: 0 is milliseconds from now
 * @lease: Tlease: how many
 * @context: Treq (trace only), Tdispatch
 * @contexts: Rdispatch: the reply's contexts, for dunlin_pairs_next()
 * @headers: Tinit, Rinit: checked, for dunlin_mux_header()
 * @body: the Thrift message of Treq, Tdispatch and their OK replies; the text of Rerr, Tdiscarded
 *   and ERROR replies; the rest of the frame for unknown types
 *
 * Borrows from the frame it was read from.
 */
typedef struct {
    DunlinMuxKind kind;
    guint8 type;
    gboolean more;
    guint32 tag;
    guint32 which;
    DunlinMuxStatus status;
    guint64 failure;
    guint16 version;
    guint8 lease_unit;
    guint64 lease;
    DunlinContext context;
    DunlinSlice contexts;
    DunlinSlice headers;
    DunlinSlice body;
} DunlinMuxMessage;

/**
 * dunlin_mux_decode:
 * @frame: type, tag and body, without the 4 bytes of size
 * @message: is overwritten; on success for dunlin_mux_message_clear()
 *
 * Returns: FALSE with %DUNLIN_ERROR_MALFORMED or %DUNLIN_ERROR_TOO_LARGE; @message is then empty,
 *   but for its @kind, @type and @tag when these could be read.
 */
gboolean dunlin_mux_decode (const guint8 *frame, gsize length, DunlinMuxMessage *message,
                            GError **error);
void dunlin_mux_message_clear (DunlinMuxMessage *self);

/* "Tdispatch"; static text. */
const char *dunlin_mux_kind_name (DunlinMuxKind kind);

/* The kind of a type byte, of whichever id. */
DunlinMuxKind dunlin_mux_kind_of (guint8 type);

/* Whether messages of the kind may come in fragments. */
static inline gboolean
dunlin_mux_kind_has_fragments (DunlinMuxKind kind)
{
    return kind == DUNLIN_MUX_TDISPATCH || kind == DUNLIN_MUX_RDISPATCH;
}

/* The probe that a client sends first; the answer is the same message. */
gboolean dunlin_mux_is_tinit_check (const DunlinMuxMessage *message);

/* Encoders append one whole frame. Between a begin and its end nothing may be taken from the
 * buffer's start; what is written between is the Thrift message. */

/* Tping, Rping, Tdrain, Rdrain, Rdiscarded: messages without a body. */
void dunlin_mux_write_empty (DunlinBuffer *to, DunlinMuxKind kind, guint32 tag);

/* As Finagle sends it, with the old id 7f. */
void dunlin_mux_write_rerr (DunlinBuffer *to, guint32 tag, const char *text);

/* As Finagle sends it, with the old id c2. */
void dunlin_mux_write_tdiscarded (DunlinBuffer *to, guint32 which, const char *why);

void dunlin_mux_write_tlease (DunlinBuffer *to, guint64 milliseconds);

/* @window: the largest body of a fragment that we take, 1 .. %DUNLIN_MUX_WINDOW_MAX. */
void dunlin_mux_write_tinit (DunlinBuffer *to, guint32 tag, guint32 window);
void dunlin_mux_write_rinit (DunlinBuffer *to, guint32 tag, guint32 window);

/**
 * dunlin_mux_begin_reply:
 * @request: %DUNLIN_MUX_TDISPATCH or %DUNLIN_MUX_TREQ: what is answered, which decides the form
 * @contexts: (nullable) (array length=n): reply contexts; a Treq's reply has none
 *
 * Returns: a mark for dunlin_mux_end().
 */
gsize dunlin_mux_begin_reply (DunlinBuffer *to, DunlinMuxKind request, guint32 tag,
                              DunlinMuxStatus status, const DunlinPair *contexts, gsize n);

/* Returns: a mark for dunlin_mux_end(). */
gsize dunlin_mux_begin_tdispatch (DunlinBuffer *to, guint32 tag, const DunlinContext *context);

/* For peers that do not know Tdispatch. Of the context only the trace is sent. */
gsize dunlin_mux_begin_treq (DunlinBuffer *to, guint32 tag, const DunlinContext *context);

/* Writes the size. Returns: how many bytes the frame has, with its size. */
gsize dunlin_mux_end (DunlinBuffer *to, gsize mark);

/**
 * dunlin_mux_write_failure:
 * @status: %DUNLIN_MUX_ERROR or %DUNLIN_MUX_NACK
 * @failure: DUNLIN_MUX_FAILURE_... bits; 0 for none
 * @text: (nullable): for %DUNLIN_MUX_ERROR
 */
void dunlin_mux_write_failure (DunlinBuffer *to, DunlinMuxKind request, guint32 tag,
                               DunlinMuxStatus status, guint64 failure, const char *text);

/**
 * dunlin_mux_header:
 * @message: Tinit or Rinit
 *
 * Returns: TRUE and @value, when @key is there.
 */
gboolean dunlin_mux_header (const DunlinMuxMessage *message, const char *key, DunlinSlice *value);

/**
 * dunlin_mux_read_init:
 * @message: the peer's Tinit or Rinit
 * @encrypted: TLS is already on, so that its "tls" header decides nothing
 * @window: (out): the largest fragment body the peer takes
 * @error: its text is what an Rerr should say
 *
 * Our own level of opportunistic TLS is "off".
 *
 * Returns: FALSE when the two cannot agree: close the session.
 */
gboolean dunlin_mux_read_init (const DunlinMuxMessage *message, gboolean encrypted, guint32 *window,
                               GError **error);

/**
 * dunlin_mux_negotiate:
 * @tinit: the client's Tinit
 * @our_window: the largest fragment body that we take
 * @peer_window: (out): the largest that the client takes
 * @to: gets an Rinit; on failure an Rerr, to be flushed before the session is closed
 */
gboolean dunlin_mux_negotiate (const DunlinMuxMessage *tinit, gboolean encrypted,
                               guint32 our_window, guint32 *peer_window, DunlinBuffer *to,
                               GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinMuxMessage, dunlin_mux_message_clear)

G_END_DECLS
