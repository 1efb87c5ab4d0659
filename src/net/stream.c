/* A connection's life: opening, open, closing, lingering, closed. Reading shows the owner what came
 * in the loop's scratch buffer; writing happens once, at the end of a wake-up. */
#include "net/stream.h"

#include "base/clock.h"
#include "net/inbox.h"
#include "net/watch.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* What one stream may move in one wake-up before the others get their turn. */
#define TURN_BYTES ((gsize)1024 * 1024)

/* A reply of some full records gains nothing by waiting for others at the wake-up's end. It would
 * only leave the processor's cache. */
#define LARGE_OUTBOX ((gsize)32 * 1024)

/* Closing a socket with unread bytes resets the connection, and the reset may overtake our last
 * reply. So we read on until the peer closes too, but not for longer than this. */
#define LINGER G_USEC_PER_SEC

typedef enum { OPENING, OPEN, CLOSING, LINGERING, CLOSED, N_STATES } State;

struct DunlinStream {
    State state;
    int fd;                     /* owned until CLOSED */
    DunlinTransport *transport; /* owned until CLOSED */
    DunlinPeer *peer;           /* owned */
    const DunlinStreamEvents *events;
    gpointer owner;
    DunlinLoop *loop;       /* borrowed: outlives its streams */
    DunlinScratch *scratch; /* borrowed: the loop's */
    DunlinWatch watch;
    DunlinDeferred work; /* the end of the wake-up: start, or send */
    DunlinTurn turn;     /* read or send more on the next turn */
    DunlinTimer *timer;  /* owned: made by dunlin_stream_close() */
    gint64 deadline;     /* of closing */

    DunlinInbox inbox;
    DunlinBuffer outbox;
    GError *write_error; /* owned */

    gboolean paused;
    gboolean hangup_only; /* paused, and input waits in the kernel: not to be told again */
    gboolean blocked;     /* the socket takes no more for now */
    gboolean sending;     /* inside flush() */
    gboolean must_tell;   /* a drained event is due */
    gboolean goodbye_said;
    gboolean peer_ended; /* seen while closing */

    guint busy; /* how many of our functions are on the stack above an event */
    gboolean freed;

    gint64 last_active;
    guint64 received;
    guint64 sent;
};

/* What happens in each state when the socket is ready; a table at the end of the story. */
static void (*const on_ready[N_STATES]) (DunlinStream *self, guint happened);

static void update_watch (DunlinStream *self);
static void on_deadline (gpointer data);

static gsize
sealed_unsent (DunlinStream *self)
{
    if (self->transport == NULL || self->transport->class->unsent == NULL)
        return 0;
    return self->transport->class->unsent (self->transport);
}

static gboolean
is_pending (DunlinStream *self)
{
    return self->transport->class->pending != NULL &&
           self->transport->class->pending (self->transport);
}

static void
next_turn (DunlinStream *self)
{
    dunlin_scratch_next_turn (self->scratch, &self->turn);
}

/* Closes everything; what was received and not consumed stays until the stream is freed. */
static void
shut (DunlinStream *self)
{
    if (self->state == CLOSED)
        return;
    self->state = CLOSED;
    dunlin_watch_set (&self->watch, DUNLIN_WATCH_NOTHING);
    dunlin_loop_undefer (self->loop, &self->work);
    dunlin_scratch_forget_turn (&self->turn);
    g_clear_pointer (&self->timer, dunlin_timer_free);
    self->transport->class->free (g_steal_pointer (&self->transport));
    close (self->fd);
    self->fd = -1;
}

static void
destroy (DunlinStream *self)
{
    dunlin_inbox_clear (&self->inbox);
    dunlin_scratch_take_back (self->scratch, &self->outbox);
    g_clear_error (&self->write_error);
    dunlin_peer_unref (self->peer);
    g_free (self);
}

/* Events happen between enter() and leave(); only after leave() @self may be gone. */
static void
enter (DunlinStream *self)
{
    self->busy++;
}

static void
leave (DunlinStream *self)
{
    if (!self->freed) {
        dunlin_inbox_settle (&self->inbox);
        update_watch (self);
    }
    if (--self->busy == 0 && self->freed)
        destroy (self);
}

/* The last that can be done for replies to a peer that has said goodbye: it may still read. */
static void
send_last (DunlinStream *self)
{
    gsize done = 0;

    if (self->state != OPEN)
        return;
    if (dunlin_buffer_length (&self->outbox) > 0)
        self->transport->class->write (self->transport, dunlin_buffer_bytes (&self->outbox),
                                       dunlin_buffer_length (&self->outbox), &done, NULL);
    self->sent += done;
    self->transport->class->shutdown (self->transport);
}

static void
finish (DunlinStream *self, const GError *reason)
{
    if (self->state == CLOSED)
        return;
    if (reason == NULL)
        reason = self->write_error;
    if (reason == NULL)
        send_last (self);
    shut (self);
    self->events->closed (self, reason, self->owner);
}

/* --- input --- */

static gboolean
is_reading (DunlinStream *self)
{
    return self->state == OPEN && !self->paused;
}

static void
show (DunlinStream *self)
{
    if (!is_reading (self) || !dunlin_inbox_is_due (&self->inbox))
        return;
    self->inbox.fresh = FALSE;
    self->inbox.want = 0;
    self->events->input (self, self->owner);
}

static DunlinIo
read_once (DunlinStream *self, gsize *budget, GError **error)
{
    gsize room;
    gsize done = 0;
    guint8 *to = dunlin_inbox_room (&self->inbox, self->scratch, &room);
    DunlinIo io = self->transport->class->read (self->transport, to, room, &done, error);

    dunlin_inbox_received (&self->inbox, done);
    self->received += done;
    if (done > 0)
        self->last_active = dunlin_loop_now (self->loop);
    *budget = done == 0 ? 0 : *budget - MIN (done, *budget);
    return io;
}

static void
read_input (DunlinStream *self)
{
    g_autoptr (GError) error = NULL;
    gsize budget = TURN_BYTES;
    DunlinIo io = DUNLIN_IO_DONE;

    show (self); /* what was left when it was paused */
    while (io == DUNLIN_IO_DONE && budget > 0 && is_reading (self)) {
        io = read_once (self, &budget, &error);
        if (io == DUNLIN_IO_CLOSED || io == DUNLIN_IO_FAILED)
            self->inbox.want = 0; /* no more will come */
        show (self);
    }
    if (self->state != OPEN)
        return;
    if (io == DUNLIN_IO_CLOSED || io == DUNLIN_IO_FAILED)
        finish (self, error);
    else if (io == DUNLIN_IO_DONE && !self->paused)
        next_turn (self);
    else if (sealed_unsent (self) > 0)
        self->blocked = TRUE; /* the protocol's own answer waits to be sent */
}

static void
hang_up (DunlinStream *self)
{
    g_autoptr (GError) reason = NULL;
    int code = 0;
    socklen_t length = sizeof code;

    if (getsockopt (self->fd, SOL_SOCKET, SO_ERROR, &code, &length) == 0 && code != 0)
        reason = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_CLOSED, "the connection was lost: %s",
                              g_strerror (code));
    finish (self, reason);
}

/* Paused, and something happened: a hang-up, or more input, which is left where it is. */
static void
look_while_paused (DunlinStream *self)
{
    if (dunlin_watch_has_hung_up (&self->watch))
        hang_up (self);
    else
        self->hangup_only = TRUE;
}

/* --- output --- */

static void
linger (DunlinStream *self)
{
    if (self->peer_ended) {
        finish (self, NULL);
        return;
    }
    self->state = LINGERING;
    shutdown (self->fd, SHUT_WR);
    dunlin_timer_arm (self->timer, MIN (self->deadline, dunlin_deadline_in (LINGER)));
}

static void
say_goodbye (DunlinStream *self)
{
    self->goodbye_said = TRUE;
    self->transport->class->shutdown (self->transport);
    if (sealed_unsent (self) > 0)
        self->blocked = TRUE;
    else
        linger (self);
}

static void
all_sent (DunlinStream *self)
{
    gboolean tell = self->must_tell;

    dunlin_scratch_take_back (self->scratch, &self->outbox);
    self->must_tell = FALSE;
    if (self->state == CLOSING && !self->goodbye_said)
        say_goodbye (self);
    else if (self->state == CLOSING)
        linger (self);
    else if (tell && self->events->drained != NULL)
        self->events->drained (self, self->owner);
}

static DunlinIo
write_once (DunlinStream *self, gsize *budget, GError **error)
{
    gsize length = dunlin_buffer_length (&self->outbox);
    gsize done = 0;
    DunlinIo io = self->transport->class->write (
        self->transport, dunlin_buffer_bytes (&self->outbox), MIN (length, *budget), &done, error);

    dunlin_buffer_consume (&self->outbox, done);
    self->sent += done;
    if (done > 0)
        self->last_active = dunlin_loop_now (self->loop);
    *budget -= done;
    return io;
}

/* What the peer has said before it went is worth more than our failure to write to it. */
static void
fail_writing (DunlinStream *self, const GError *error)
{
    if (self->write_error == NULL)
        self->write_error = g_error_copy (error);
    if (is_reading (self))
        read_input (self);
    finish (self, error);
}

static void
flush (DunlinStream *self)
{
    g_autoptr (GError) error = NULL;
    gsize budget = TURN_BYTES;
    DunlinIo io = DUNLIN_IO_DONE;

    if (dunlin_stream_unsent (self) > DUNLIN_STREAM_SOFT_LIMIT)
        self->must_tell = TRUE;
    self->blocked = FALSE;
    self->sending = TRUE;
    while (io == DUNLIN_IO_DONE && budget > 0 && dunlin_stream_unsent (self) > 0)
        io = write_once (self, &budget, &error);
    if (io == DUNLIN_IO_FAILED || io == DUNLIN_IO_CLOSED)
        fail_writing (self, error);
    else if (dunlin_stream_unsent (self) == 0)
        all_sent (self);
    else if (io == DUNLIN_IO_DONE)
        next_turn (self);
    else
        self->blocked = self->must_tell = TRUE;
    self->sending = FALSE;
}

/* --- the states --- */

/* Takes @error. The peer should read the alert that says why: lingering keeps a reset from
 * overtaking it. */
static void
fail_opening (DunlinStream *self, GError *error)
{
    self->write_error = error;
    self->deadline = dunlin_deadline_in (LINGER);
    if (self->timer == NULL)
        self->timer = dunlin_timer_new (self->loop, on_deadline, self);
    linger (self);
}

static void
open_on (DunlinStream *self, guint happened)
{
    g_autoptr (GError) error = NULL;
    DunlinIo io = self->transport->class->handshake (self->transport, &error);

    self->blocked = io == DUNLIN_IO_WANT_WRITE;
    if (io == DUNLIN_IO_FAILED && self->transport->class->unsent != NULL)
        fail_opening (self, g_steal_pointer (&error));
    else if (io == DUNLIN_IO_FAILED || io == DUNLIN_IO_CLOSED)
        finish (self, error);
    if (io != DUNLIN_IO_DONE)
        return;
    self->state = OPEN;
    self->last_active = dunlin_loop_now (self->loop);
    self->events->opened (self, self->owner);
    if (self->state != OPEN)
        return;
    if (dunlin_stream_unsent (self) > 0)
        dunlin_loop_defer (self->loop, &self->work);
    if (is_reading (self) && is_pending (self))
        read_input (self);
}

static gboolean
has_large_outbox (const DunlinStream *self)
{
    return !self->blocked && dunlin_buffer_length (&self->outbox) >= LARGE_OUTBOX;
}

static void
serve (DunlinStream *self, guint happened)
{
    if (happened & DUNLIN_HANGUP) {
        hang_up (self);
        return;
    }
    if (happened & DUNLIN_READABLE) {
        if (self->paused)
            look_while_paused (self);
        else
            read_input (self);
    }
    if (self->state == OPEN && ((happened & DUNLIN_WRITABLE) || has_large_outbox (self)))
        flush (self);
}

/* Reads what nobody wants any more, so that the peer can go on to read. FALSE: an end was found. */
static gboolean
discard (DunlinStream *self)
{
    guint8 *scratch = dunlin_scratch_plain (self->scratch);

    for (gsize budget = TURN_BYTES; budget >= DUNLIN_SCRATCH_BYTES;
         budget -= DUNLIN_SCRATCH_BYTES) {
        gssize n = recv (self->fd, scratch, DUNLIN_SCRATCH_BYTES, 0);

        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            return FALSE;
        if (n < DUNLIN_SCRATCH_BYTES)
            return TRUE;
    }
    return TRUE;
}

static void
go_on_closing (DunlinStream *self, guint happened)
{
    if ((happened & DUNLIN_READABLE) && !discard (self))
        self->peer_ended = TRUE;
    if (happened & DUNLIN_WRITABLE)
        flush (self);
}

static void
go_on_lingering (DunlinStream *self, guint happened)
{
    if (!discard (self))
        finish (self, NULL);
}

static void
ignore (DunlinStream *self, guint happened)
{
}

static void (*const on_ready[N_STATES]) (DunlinStream *, guint) = {
    [OPENING] = open_on,           [OPEN] = serve,    [CLOSING] = go_on_closing,
    [LINGERING] = go_on_lingering, [CLOSED] = ignore,
};

static DunlinWatchMode
mode_now (DunlinStream *self)
{
    switch (self->state) {
    case OPENING:
        return self->blocked ? DUNLIN_WATCH_WRITE : DUNLIN_WATCH_READ;
    case OPEN:
        if (!self->paused)
            return self->blocked ? DUNLIN_WATCH_READ_WRITE : DUNLIN_WATCH_READ;
        if (self->blocked)
            return DUNLIN_WATCH_WRITE_HANGUP;
        /* Changing the mode costs two system calls; a peer that waits for its answer is quiet. */
        return self->hangup_only ? DUNLIN_WATCH_HANGUP : DUNLIN_WATCH_READ;
    case CLOSING:
        if (self->peer_ended)
            return self->blocked ? DUNLIN_WATCH_WRITE : DUNLIN_WATCH_NOTHING;
        return self->blocked ? DUNLIN_WATCH_READ_WRITE : DUNLIN_WATCH_READ;
    case LINGERING:
        return DUNLIN_WATCH_READ;
    default:
        return DUNLIN_WATCH_NOTHING;
    }
}

static void
update_watch (DunlinStream *self)
{
    g_autoptr (GError) error = NULL;
    int code;

    if (dunlin_watch_set (&self->watch, mode_now (self)))
        return;
    code = errno;
    error = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL, "cannot wait for the socket: %s",
                         g_strerror (code));
    finish (self, error);
}

static void
on_happened (gpointer data, guint happened)
{
    DunlinStream *self = data;

    enter (self);
    on_ready[self->state](self, happened);
    leave (self);
}

static void
on_work (gpointer data)
{
    on_happened (data, DUNLIN_WRITABLE);
}

static void
on_turn (gpointer data)
{
    DunlinStream *self = data;
    guint happened = self->blocked ? 0 : DUNLIN_WRITABLE;

    on_happened (self, self->paused ? happened : happened | DUNLIN_READABLE);
}

static void
on_deadline (gpointer data)
{
    DunlinStream *self = data;
    g_autoptr (GError) reason = NULL;
    gsize unsent = dunlin_stream_unsent (self);

    if (self->state == CLOSING && unsent > 0)
        reason = g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE,
                              "the peer did not take the last %" G_GSIZE_FORMAT " bytes in time",
                              unsent);
    enter (self);
    finish (self, reason);
    leave (self);
}

/* --- what the owner calls --- */

DunlinStream *
dunlin_stream_new (int fd, DunlinTransport *transport, DunlinPeer *peer,
                   const DunlinStreamEvents *events, gpointer owner)
{
    DunlinStream *self = g_new0 (DunlinStream, 1);

    self->loop = dunlin_loop_current ();
    g_assert (self->loop != NULL);
    self->state = OPENING;
    self->fd = fd;
    self->transport = transport;
    self->peer = peer;
    self->events = events;
    self->owner = owner;
    self->scratch = dunlin_scratch_of (self->loop);
    self->work = (DunlinDeferred){ .func = on_work, .data = self };
    self->turn = (DunlinTurn){ .func = on_turn, .data = self };
    self->last_active = dunlin_loop_now (self->loop);
    dunlin_watch_init (&self->watch, self->loop, fd, on_happened, self);
    dunlin_loop_defer (self->loop, &self->work);
    return self;
}

void
dunlin_stream_free (DunlinStream *self)
{
    if (self == NULL)
        return;
    shut (self);
    self->freed = TRUE;
    if (self->busy == 0)
        destroy (self);
}

const guint8 *
dunlin_stream_peek (DunlinStream *self, gsize *length)
{
    return dunlin_inbox_peek (&self->inbox, length);
}

void
dunlin_stream_consume (DunlinStream *self, gsize n)
{
    dunlin_inbox_consume (&self->inbox, n);
}

void
dunlin_stream_want (DunlinStream *self, gsize n)
{
    self->inbox.want = n;
}

void
dunlin_stream_pause (DunlinStream *self)
{
    self->paused = TRUE;
}

void
dunlin_stream_resume (DunlinStream *self)
{
    if (!self->paused)
        return;
    self->paused = self->hangup_only = FALSE;
    if (self->state != OPEN)
        return;
    self->inbox.fresh = dunlin_inbox_length (&self->inbox) > 0;
    if (self->inbox.fresh || is_pending (self) || !dunlin_watch_set (&self->watch, mode_now (self)))
        next_turn (self);
}

DunlinBuffer *
dunlin_stream_outbox (DunlinStream *self)
{
    dunlin_scratch_lend (self->scratch, &self->outbox);
    return &self->outbox;
}

void
dunlin_stream_flush_later (DunlinStream *self)
{
    if (self->state == LINGERING || self->state == CLOSED)
        dunlin_scratch_take_back (self->scratch, &self->outbox);
    else if (self->state == OPENING || self->blocked)
        return; /* sent when open, or when there is room */
    else if (self->sending)
        next_turn (self); /* a fast reader must not keep us here for ever */
    else
        dunlin_loop_defer (self->loop, &self->work);
}

gsize
dunlin_stream_unsent (DunlinStream *self)
{
    return dunlin_buffer_length (&self->outbox) + sealed_unsent (self);
}

void
dunlin_stream_close (DunlinStream *self, gint64 deadline)
{
    if (self->state == CLOSED)
        return;
    if (self->timer == NULL)
        self->timer = dunlin_timer_new (self->loop, on_deadline, self);
    else
        deadline = MIN (deadline, self->deadline);
    self->deadline = deadline;
    if (self->state != LINGERING)
        dunlin_timer_arm (self->timer, deadline);
    if (self->state == OPENING)
        dunlin_buffer_clear (&self->outbox);
    if (self->state == OPENING || self->state == OPEN) {
        self->state = CLOSING;
        dunlin_loop_defer (self->loop, &self->work);
    }
}

gboolean
dunlin_stream_is_open (DunlinStream *self)
{
    return self->state == OPEN;
}

DunlinPeer *
dunlin_stream_peer (DunlinStream *self)
{
    return self->peer;
}

DunlinLoop *
dunlin_stream_loop (DunlinStream *self)
{
    return self->loop;
}

gint64
dunlin_stream_last_active (DunlinStream *self)
{
    return self->last_active;
}

void
dunlin_stream_totals (DunlinStream *self, guint64 *received, guint64 *sent)
{
    *received = self->received;
    *sent = self->sent;
}
