/* ThriftMux fragments: gathering those of a peer, handing out our own. */
#pragma once

#include "wire/mux.h"

G_BEGIN_DECLS

/**
 * DunlinMuxDefrag:
 * @partials: (owned) (nullable): tag -> what has come of its message
 * @max_message: bytes of one message's body
 * @max_total: bytes of all unfinished messages
 * @max_tags: how many unfinished messages
 * @total: bytes held
 *
 * Gathers the fragments of a session's messages. Zero-initialise and set the three limits.
 */
typedef struct {
    GHashTable *partials;
    gsize max_message;
    gsize max_total;
    guint max_tags;
    gsize total;
} DunlinMuxDefrag;

/**
 * DunlinMuxDefragResult:
 * @DUNLIN_MUX_DEFRAG_FAILED: the peer breaks the protocol: close the session
 * @DUNLIN_MUX_DEFRAG_FRAME: the frame is no fragment: decode it as it is
 * @DUNLIN_MUX_DEFRAG_TAKEN: a fragment was taken; there is nothing to do
 * @DUNLIN_MUX_DEFRAG_WHOLE: the last fragment came: decode the message given
 * @DUNLIN_MUX_DEFRAG_REFUSED: the last fragment came of a message that was too large to keep:
 *   answer its tag with the error; the session goes on
 */
typedef enum {
    DUNLIN_MUX_DEFRAG_FAILED,
    DUNLIN_MUX_DEFRAG_FRAME,
    DUNLIN_MUX_DEFRAG_TAKEN,
    DUNLIN_MUX_DEFRAG_WHOLE,
    DUNLIN_MUX_DEFRAG_REFUSED
} DunlinMuxDefragResult;

/**
 * dunlin_mux_defrag_take:
 * @frame: type, tag and body of any frame, without its size
 * @whole: (out): empty buffer; gets type, tag and the whole body, as dunlin_mux_decode() takes it
 * @tag: (out): the message's tag, for %DUNLIN_MUX_DEFRAG_REFUSED
 */
DunlinMuxDefragResult dunlin_mux_defrag_take (DunlinMuxDefrag *self, const guint8 *frame,
                                              gsize length, DunlinBuffer *whole, guint32 *tag,
                                              GError **error);

/**
 * dunlin_mux_defrag_drop:
 *
 * To be called for the tag of a Tdiscarded, Rdiscarded or Rerr.
 *
 * Returns: TRUE when there was an unfinished message: a server owes an Rdiscarded.
 */
gboolean dunlin_mux_defrag_drop (DunlinMuxDefrag *self, guint32 tag);
void dunlin_mux_defrag_clear (DunlinMuxDefrag *self);

/**
 * DunlinMuxFragmenter:
 * @body: (owned): what is still to go
 * @type: Tdispatch's or Rdispatch's
 * @tag: of the message, with which a session finds it when the peer gives up
 * @window: largest body of a fragment
 *
 * Hands a large message out piece by piece, so that a session can take turns among tags.
 */
typedef struct {
    DunlinBuffer body;
    guint8 type;
    guint32 tag;
    guint32 window;
} DunlinMuxFragmenter;

/**
 * dunlin_mux_needs_fragments:
 * @frame: one whole frame with its size, as an encoder wrote it
 *
 * Returns: TRUE when its body is longer than @window and its type can be fragmented.
 */
gboolean dunlin_mux_needs_fragments (const guint8 *frame, gsize length, guint32 window);

/**
 * dunlin_mux_fragmenter_init:
 * @from: ends with a frame of which dunlin_mux_needs_fragments() is TRUE; that frame is cut off
 * @mark: where the frame starts, as the encoder's begin gave it
 */
void dunlin_mux_fragmenter_init (DunlinMuxFragmenter *self, DunlinBuffer *from, gsize mark,
                                 guint32 window);

/* Appends the next fragment. Returns: TRUE while there are more. */
gboolean dunlin_mux_fragmenter_next (DunlinMuxFragmenter *self, DunlinBuffer *to);
void dunlin_mux_fragmenter_clear (DunlinMuxFragmenter *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinMuxDefrag, dunlin_mux_defrag_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinMuxFragmenter, dunlin_mux_fragmenter_clear)

G_END_DECLS
