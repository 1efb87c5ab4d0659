/* One connection: how it opens, and the calls that are under way on it. */
#pragma once

#include "bench/load/options.h"
#include "bench/wire/link.h"

typedef enum {
    CONNECTION_CLOSED,
    CONNECTION_HANDSHAKE,
    CONNECTION_OPENING, /* waits for the answer to what opens the protocol */
    CONNECTION_READY,
    CONNECTION_LEAVING, /* waits for the other side to close */
} ConnectionState;

/**
 * LoadConnection:
 * @session: (owned) (nullable): to be resumed when it is opened once more
 * @step: of the opening
 * @begun: (owned) (array length=slots): when each call under way was to begin; 0: free
 * @first: slot of the oldest call, on protocols that answer in order
 * @next_id: of the next call there
 */
typedef struct {
    Link link;
    SSL_SESSION *session;
    ConnectionState state;
    guint step;
    gboolean is_idle;
    gboolean wants_write;
    guint in_flight;
    guint slots;
    guint first;
    guint32 next_id;
    gint64 *begun;
} LoadConnection;

/* Mux's tag 1 is for opening. */
#define FIRST_TAG 2

void load_connection_init (LoadConnection *self, guint slots, SSL_SESSION *session);
void load_connection_clear (LoadConnection *self);

/* Connects without waiting. FALSE: errno says why. */
gboolean load_connection_open (LoadConnection *self, int port, SSL_CTX *context);
void load_connection_close (LoadConnection *self);

/* Takes a slot for a call that begins at @now. Returns: the call's number. */
guint32 load_connection_take_slot (LoadConnection *self, LoadProtocol protocol, gint64 now);

/* Gives the slot of the call @id free. Returns: when it began; 0: there is no such call. */
gint64 load_connection_free_slot (LoadConnection *self, LoadProtocol protocol, guint32 id);

/**
 * load_connection_frame:
 * @n: (out): its size, which is known before it has come; 0: not known yet
 *
 * Returns: (nullable): the next whole frame without its size; %NULL: not there yet.
 */
const guint8 *load_connection_frame (LoadConnection *self, gsize *n);
