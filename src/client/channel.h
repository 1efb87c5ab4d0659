/* One connection to one address: what every channel does, whatever its protocol. Belongs to one
 * loop. Internal to client/. */
#pragma once

#include "client/address_set.h"
#include "client/client.h"
#include "client/exchange.h"
#include "net/stream.h"
#include "net/tls.h"

G_BEGIN_DECLS

typedef enum {
    DUNLIN_CHANNEL_OPENING, /* TCP, TLS, the protocol's own opening */
    DUNLIN_CHANNEL_OPEN,
    DUNLIN_CHANNEL_LEAVING, /* takes no new calls; closed after the last one */
    DUNLIN_CHANNEL_CLOSED
} DunlinChannelState;

/**
 * DunlinChannelProtocol:
 * @begin: the stream is open: say the first words, or dunlin_channel_opened()
 * @frame: a frame came, borrowed; FALSE with @error: the channel is lost
 * @send: an exchange goes out
 * @give_up: its caller no longer waits; it is in no list any more
 * @drained: (nullable): the outbox has room again
 * @timer: (nullable): the timer that the protocol has armed
 * @clear: frees what the protocol holds
 */
typedef struct {
    const char *name;
    void (*begin) (DunlinChannel *self);
    gboolean (*frame) (DunlinChannel *self, DunlinSlice frame, GError **error);
    void (*send) (DunlinChannel *self, DunlinExchange *exchange);
    void (*give_up) (DunlinChannel *self, DunlinExchange *exchange, const char *why);
    void (*drained) (DunlinChannel *self);
    void (*timer) (DunlinChannel *self);
    void (*clear) (DunlinChannel *self);
} DunlinChannelProtocol;

/**
 * DunlinChannelEvents:
 * @opened: takes calls from now on
 * @free_again: a call has ended
 * @leaving: takes no more calls, because the server drains, is silent, or the channel is old
 * @closed: the last event, except after dunlin_channel_free(); @reason is %NULL for an orderly
 *   end. The owner frees it
 *
 * What the endpoint is told.
 */
typedef struct {
    void (*opened) (DunlinChannel *self, gpointer owner);
    void (*free_again) (DunlinChannel *self, gpointer owner);
    void (*leaving) (DunlinChannel *self, gpointer owner);
    void (*closed) (DunlinChannel *self, const GError *reason, gpointer owner);
} DunlinChannelEvents;

/**
 * DunlinChannel:
 * @exchanges: on their way
 * @stranger: while opening: what came is not this protocol
 * @spoke_mux: it was only asked, and does
 * @said_nothing: the peer never sent a byte
 * @lease_ends: mux: when the server would rather have no more calls
 */
struct DunlinChannel {
    const DunlinChannelProtocol *protocol;
    const DunlinChannelEvents *events;
    gpointer owner;                     /* borrowed: frees us */
    const DunlinClientOptions *options; /* borrowed: the client's, which outlives us */
    DunlinStream *stream;               /* owned */
    int fd;                             /* borrowed: the stream's, while opening */
    DunlinTimer *opening;               /* owned, while opening */
    DunlinTimer *timer;                 /* owned: for the protocol */
    DunlinChannelState state;
    DunlinExchangeList exchanges;
    gboolean connected; /* TCP is */
    gboolean begun;     /* the stream is open */
    gboolean stranger;
    gboolean spoke_mux;
    gboolean said_nothing;
    gint64 began;
    gint64 opened;
    gint64 last_input;
    gint64 last_used;
    gint64 lease_ends;
    gint32 sequence;
    guint busy; /* our functions on the stack */
    gboolean freed;
};

/**
 * dunlin_channel_start:
 * @self: zeroed, the first field of the protocol's own struct, allocated with g_malloc
 * @memory: (nullable): borrowed: of TLS sessions there
 *
 * Begins to connect to @address; events come from the loop.
 *
 * Returns: FALSE when that is not even possible: @self is the caller's to g_free().
 */
gboolean dunlin_channel_start (DunlinChannel *self, const DunlinChannelProtocol *protocol,
                               const DunlinAddress *address, const DunlinClientOptions *options,
                               DunlinTlsMemory *memory, const DunlinChannelEvents *events,
                               gpointer owner, GError **error);

/* Closes at once without an event; its exchanges must be gone. */
void dunlin_channel_free (DunlinChannel *self);

/* Sends @exchange; the channel is open. */
void dunlin_channel_send (DunlinChannel *self, DunlinExchange *exchange);

/* The caller no longer waits for @exchange, which this channel has. */
void dunlin_channel_give_up (DunlinChannel *self, DunlinExchange *exchange, const char *why);

/* No new calls; closed after the last one. */
void dunlin_channel_leave (DunlinChannel *self);

/* Loses the connection now; @closed follows from inside. @error: (transfer none) */
void dunlin_channel_fail (DunlinChannel *self, const GError *error);

/* For the protocols. */

DunlinBuffer *dunlin_channel_outbox (DunlinChannel *self);
/* The opening is done. */
void dunlin_channel_opened (DunlinChannel *self);
/* Takes @exchange off the list, finishes it, and tells the owner. @error: (transfer full) */
void dunlin_channel_finish (DunlinChannel *self, DunlinExchange *exchange, DunlinExchangeEnd end,
                            GError *error);
/* After a call: closes a channel that is leaving and has no more. */
void dunlin_channel_close_when_done (DunlinChannel *self);
const char *dunlin_channel_address (DunlinChannel *self);
/* Whether the peer leaves too much of what we sent unread. */
gboolean dunlin_channel_is_full (DunlinChannel *self);

G_END_DECLS
