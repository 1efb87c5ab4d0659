/* One address as one loop uses it: which protocol is spoken there, the connections, and the calls
 * that wait for one. Internal to client/. */
#pragma once

#include "client/channel.h"
#include "client/framed_channel.h"

G_BEGIN_DECLS

/* What is known of an address whose protocol has to be found out. */
typedef enum {
    DUNLIN_ENDPOINT_UNKNOWN,
    DUNLIN_ENDPOINT_MUX,
    DUNLIN_ENDPOINT_FRAMED
} DunlinEndpointKind;

/**
 * DunlinEndpointEvents:
 * @connected: a connection is open; @took: microseconds
 * @connect_failed: one could not be opened
 * @closed: one that was open is not any more
 * @empty: after dunlin_endpoint_retire(): its last connection is closed: it may be freed
 *
 * What its owner is told.
 */
typedef struct {
    void (*connected) (DunlinEndpoint *self, gint64 took, gpointer owner);
    void (*connect_failed) (DunlinEndpoint *self, const GError *error, gpointer owner);
    void (*closed) (DunlinEndpoint *self, gint64 lived, gpointer owner);
    void (*empty) (DunlinEndpoint *self, gpointer owner);
} DunlinEndpointEvents;

/**
 * DunlinEndpoint:
 * @waiting: calls that wait for a connection
 * @mux: (borrowed) (nullable): the connection that new mux calls go over; open or being opened
 * @idle: (element-type DunlinChannel): framed connections without a call, the last used at the end
 * @channels: (element-type DunlinChannel): all; owned
 */
struct DunlinEndpoint {
    const DunlinClientOptions *options; /* borrowed: the client's, which outlives us */
    const DunlinEndpointEvents *events;
    gpointer owner; /* borrowed: frees us */
    DunlinAddress address;
    char *text; /* owned: the address */
    DunlinEndpointKind kind;
    DunlinUpgrade upgrade;
    gint64 upgrade_forgotten; /* when to ask again a server that hung up on the question */
    DunlinExchangeList waiting;
    DunlinChannel *mux;
    GPtrArray *idle;
    GPtrArray *channels;
    guint n_opening;
    DunlinTlsMemory *memory; /* owned, nullable: without TLS */
    gboolean pumping;
    gboolean retired;
    GError
        *last_error; /* owned, nullable: why the last connection could not be opened or was lost */
};

/* @address: copied. Connects when the first call comes. */
DunlinEndpoint *dunlin_endpoint_new (const DunlinAddress *address,
                                     const DunlinClientOptions *options,
                                     const DunlinEndpointEvents *events, gpointer owner);

/* Closes what is open at once. No call may be under way. */
void dunlin_endpoint_free (DunlinEndpoint *self);

/* No calls come any more: closes its connections in good order. @empty may come from inside. */
void dunlin_endpoint_retire (DunlinEndpoint *self);

/* Sends @exchange as soon as there is a connection. Its end may come from inside. */
void dunlin_endpoint_send (DunlinEndpoint *self, DunlinExchange *exchange);

/* Its caller no longer waits for @exchange, which is running: it is in nobody's list afterwards. */
void dunlin_exchange_give_up (DunlinExchange *self, const char *why);

/* Opens a connection without a call: to see whether that can be done. */
void dunlin_endpoint_probe (DunlinEndpoint *self);

/* Closes connections that are idle for too long, or too old. About once a second. */
void dunlin_endpoint_sweep (DunlinEndpoint *self, gint64 now);

/* Whether the server would rather have no calls now (mux's lease). */
gboolean dunlin_endpoint_is_reluctant (DunlinEndpoint *self, gint64 now);

/* Adds the state as members of a JSON object that the caller has begun. */
void dunlin_endpoint_describe (DunlinEndpoint *self, gint64 now, JsonBuilder *json);

G_END_DECLS
