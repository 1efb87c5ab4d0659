/* One connection to the server, from its first bytes to its end. Internal to server/. */
#pragma once

#include "net/stream.h"
#include "rpc/dispatch.h"
#include "server/server_loop.h"
#include "wire/message.h"
#include "wire/sniff.h"

G_BEGIN_DECLS

typedef struct DunlinSession DunlinSession;

/**
 * DunlinSessionProtocol:
 * @name: for logs
 * @open: makes the protocol's state for what sniff() found
 * @input: new bytes came, or it may go on reading
 * @drained: (nullable): the outbox has room again
 * @drain: finish what runs, take nothing new, then dunlin_session_close()
 * @free: frees the protocol's state; its calls are detached already
 *
 * What the wire protocols do differently.
 */
typedef struct {
    const char *name;
    gpointer (*open) (DunlinSession *session, DunlinSniff kind);
    void (*input) (DunlinSession *session, gpointer state);
    void (*drained) (DunlinSession *session, gpointer state);
    void (*drain) (DunlinSession *session, gpointer state);
    void (*free) (gpointer state);
} DunlinSessionProtocol;

extern const DunlinSessionProtocol dunlin_framed_session;
extern const DunlinSessionProtocol dunlin_mux_session;

typedef enum {
    DUNLIN_SESSION_OPENING, /* TLS handshake */
    DUNLIN_SESSION_SILENT,  /* open, but its protocol is not known yet */
    DUNLIN_SESSION_OPEN,
    DUNLIN_SESSION_CLOSING /* flushing; nothing is read any more */
} DunlinSessionState;

/**
 * DunlinSession:
 * @partial_since: when the first byte of a request that is still incomplete came; 0: none is
 */
struct DunlinSession {
    DunlinServerLoop *home; /* borrowed: the loop's part of the server */
    DunlinSession *previous;
    DunlinSession *next;
    DunlinStream *stream; /* owned */
    const DunlinSessionProtocol *protocol;
    gpointer protocol_state; /* owned */
    DunlinSessionState state;
    gboolean holds_place; /* among the handshakes at once */
    gboolean draining;
    gboolean paused;
    gint64 opened;
    gint64 partial_since;
    gint64 unsent_since; /* when the peer stopped reading its replies; 0: it has not */
    gsize unsent_before;
    gsize held_back; /* bytes of replies that the protocol has not given to the stream yet */
    gint64 least_transit_ns;
    DunlinCall *calls; /* borrowed: running, detached before the session goes */
    guint n_calls;
    guint malformed; /* requests so far that could not be decoded */
    DunlinDeferred resume;
};

DunlinSession *dunlin_session_new (DunlinServerLoop *home, int fd, DunlinPeer *peer);
/* Detaches its calls, closes what is open, takes it off its loop's list. */
void dunlin_session_free (DunlinSession *self);

/* Called by the loop's sweep: enforces what takes too long. May free the session. */
void dunlin_session_check_time (DunlinSession *self, gint64 now);
void dunlin_session_drain (DunlinSession *self);

/* For the protocols. */

/* A call that is not filled but for peer, times and session; it is in the list of running calls. */
DunlinCall *dunlin_session_new_call (DunlinSession *self, const DunlinCallWire *wire);
/* To be called by a wire's finished. */
void dunlin_session_end_call (DunlinSession *self, DunlinCall *call);
/* A peer that leaves so much of its replies unread gets no more calls run: the protocol pauses, and
 * goes on with dunlin_session_resume_later() when it is told that the stream has drained. */
gboolean dunlin_session_is_full (DunlinSession *self);
void dunlin_session_pause (DunlinSession *self);
/* Goes on reading at the end of this wake-up: after a call that the input waited for. */
void dunlin_session_resume_later (DunlinSession *self);
/* Flushes and closes. */
void dunlin_session_close (DunlinSession *self);
/* Logs @error with the peer and closes. */
void dunlin_session_reject (DunlinSession *self, const GError *error);

/**
 * dunlin_session_read_frame:
 * @size_limit: largest frame
 * @frame: (out): the frame's bytes after its 4 bytes of size, borrowed from the stream
 *
 * Returns: %DUNLIN_COMPLETE, %DUNLIN_NEED_MORE, or %DUNLIN_FAILED with @error when the size cannot
 *   be: the log text names what the bytes look like.
 */
DunlinProgress dunlin_session_read_frame (DunlinSession *self, gsize size_limit, DunlinSlice *frame,
                                          GError **error);
/* Done with the frame just read. */
void dunlin_session_consume_frame (DunlinSession *self, DunlinSlice frame);

G_END_DECLS
