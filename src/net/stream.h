/* One connection's bytes, in and out, over a transport (TCP, or TLS over it). Event-driven: an
 * idle stream holds no stack and no buffer. A server's session and a client's channel sit on it.
 * Belongs to one loop; all functions on that loop's thread. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "base/peer.h"
#include "loop/loop.h"

G_BEGIN_DECLS

/* From here on the owner is told when everything is sent. */
#define DUNLIN_STREAM_SOFT_LIMIT (256 * 1024)

typedef struct DunlinStream DunlinStream;
typedef struct DunlinTransport DunlinTransport;

/* What comes after the bytes that were done. */
typedef enum {
    DUNLIN_IO_DONE,       /* there may be more at once: call again; or the step is finished */
    DUNLIN_IO_WANT_READ,  /* no more now: wait until the socket is readable */
    DUNLIN_IO_WANT_WRITE, /* likewise, writable */
    DUNLIN_IO_CLOSED,     /* the peer has ended its side in good order */
    DUNLIN_IO_FAILED      /* @error says why */
} DunlinIo;

/**
 * DunlinTransportClass:
 * @handshake: goes on with the opening; DONE when open
 * @read: fills up to @n bytes; @done says how many, whatever is returned. DONE with none: busy with
 *   the protocol itself, call again on another turn of the loop
 * @write: takes up to @n bytes; @done says how many. With @n 0 it goes on sending what it took
 * @pending: (nullable): whether read() would give something although the socket is not readable
 * @unsent: (nullable): bytes taken that the socket has not taken yet
 * @shutdown: says goodbye as the protocol wants it, without waiting for an answer
 *
 * What TCP and TLS do differently. None of them waits.
 */
typedef struct {
    DunlinIo (*handshake) (DunlinTransport *self, GError **error);
    DunlinIo (*read) (DunlinTransport *self, guint8 *data, gsize n, gsize *done, GError **error);
    DunlinIo (*write) (DunlinTransport *self, const guint8 *data, gsize n, gsize *done,
                       GError **error);
    gboolean (*pending) (DunlinTransport *self);
    gsize (*unsent) (DunlinTransport *self);
    void (*shutdown) (DunlinTransport *self);
    void (*free) (DunlinTransport *self);
} DunlinTransportClass;

struct DunlinTransport {
    const DunlinTransportClass *class;
};

/**
 * DunlinStreamEvents:
 * @opened: the handshake is done; dunlin_stream_peer() is complete
 * @input: there are new bytes: look with dunlin_stream_peek(), take with dunlin_stream_consume().
 *   Bytes left there are shown again together with the next ones.
 * @drained: (nullable): more than DUNLIN_STREAM_SOFT_LIMIT, or more than the socket took at once,
 *   had been unsent, and all of it is sent now
 * @closed: the last event: @reason is %NULL when the peer ended in good order (or we closed). What
 *   the peer had sent was shown first, unless paused. The owner still has to free the stream (also
 *   from inside).
 *
 * Events come from the loop, never from inside a function that the owner calls.
 */
typedef struct {
    void (*opened) (DunlinStream *stream, gpointer owner);
    void (*input) (DunlinStream *stream, gpointer owner);
    void (*drained) (DunlinStream *stream, gpointer owner);
    void (*closed) (DunlinStream *stream, const GError *reason, gpointer owner);
} DunlinStreamEvents;

/**
 * dunlin_stream_new:
 * @fd: (transfer full): a connected (or connecting) non-blocking socket
 * @transport: (transfer full): reads and writes @fd
 * @peer: (transfer full): its address; @transport completes it while opening
 *
 * Starts the handshake on the next turn of the loop. No event is sent from inside this function.
 *
 * Returns: (transfer full): a stream of the current loop.
 */
DunlinStream *dunlin_stream_new (int fd, DunlinTransport *transport, DunlinPeer *peer,
                                 const DunlinStreamEvents *events, gpointer owner);

/* Closes at once what is still open, without an event. */
void dunlin_stream_free (DunlinStream *self);

/* The bytes received and not yet consumed, in one piece. Valid until the next event or consume
 * call; a fiber that may wait copies what it needs. */
const guint8 *dunlin_stream_peek (DunlinStream *self, gsize *length);
void dunlin_stream_consume (DunlinStream *self, gsize n);

/* A hint: no input event before @n bytes are there in all (a large frame is coming). Memory grows
 * with what really arrives, not with @n. Reset by the next input event. */
void dunlin_stream_want (DunlinStream *self, gsize n);

/* Stops and restarts reading (back pressure). While paused, a hang-up of the peer is still seen
 * and reported through @closed. Bytes that were left unconsumed are shown again after resuming. */
void dunlin_stream_pause (DunlinStream *self);
void dunlin_stream_resume (DunlinStream *self);

/* Where to write: append plain bytes to it, then call dunlin_stream_flush_later(). Everything that
 * one wake-up appended goes out in as few records and as few system calls as possible. */
DunlinBuffer *dunlin_stream_outbox (DunlinStream *self);
void dunlin_stream_flush_later (DunlinStream *self);

/* Bytes that the peer has not taken yet (plain and encrypted). */
gsize dunlin_stream_unsent (DunlinStream *self);

/* Sends what is in the outbox, says goodbye and closes; @closed follows, at @deadline at the
 * latest. Input is no longer shown. */
void dunlin_stream_close (DunlinStream *self, gint64 deadline);

/* Between @opened and the first of dunlin_stream_close() and @closed. */
gboolean dunlin_stream_is_open (DunlinStream *self);
DunlinPeer *dunlin_stream_peer (DunlinStream *self);
DunlinLoop *dunlin_stream_loop (DunlinStream *self);
/* Loop time when bytes last came in or went out: for idle limits without a timer per byte. */
gint64 dunlin_stream_last_active (DunlinStream *self);
/* Bytes so far, for metrics. */
void dunlin_stream_totals (DunlinStream *self, guint64 *received, guint64 *sent);

G_END_DECLS
