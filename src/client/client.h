/* A client: what a name leads to, the connections there, and the calls that go out over them. One
 * object serves every thread: what it keeps of connections it keeps once a loop, without locks.
 * Internal to the framework and the command line tool; a service's author sees dunlin.h. */
#pragma once

#include <json-glib/json-glib.h>

#include "client/address_set.h"
#include "dunlin.h"
#include "net/credentials.h"
#include "wire/context.h"
#include "wire/payload.h"

G_BEGIN_DECLS

/**
 * DunlinClientProtocol:
 * @DUNLIN_CLIENT_PROTOCOL_AUTO: each address is asked: ThriftMux when it answers mux's first
 *   question, else plain Thrift, with Finagle's headers where the server knows them
 * @DUNLIN_CLIENT_PROTOCOL_THRIFTMUX: ThriftMux only
 * @DUNLIN_CLIENT_PROTOCOL_TTWITTER: framed Thrift; Finagle's headers where the server knows them
 * @DUNLIN_CLIENT_PROTOCOL_THRIFT: plain framed Thrift, nothing is asked
 */
typedef enum {
    DUNLIN_CLIENT_PROTOCOL_AUTO,
    DUNLIN_CLIENT_PROTOCOL_THRIFTMUX,
    DUNLIN_CLIENT_PROTOCOL_TTWITTER,
    DUNLIN_CLIENT_PROTOCOL_THRIFT
} DunlinClientProtocol;

/* Finagle's names: "choice" (least loaded of two) and its peak EWMA; aperture: a few of many. */
typedef enum {
    DUNLIN_CLIENT_BALANCER_P2C,
    DUNLIN_CLIENT_BALANCER_EWMA,
    DUNLIN_CLIENT_BALANCER_APERTURE
} DunlinClientBalancer;

/**
 * DunlinClientOptions:
 * @label: what statistics and logs call it
 * @protocol: see there
 * @encoding: of Thrift messages
 * @credentials: (nullable): %NULL: no TLS. A reference is taken
 * @verify_name: whether the server's certificate must bear a name, and not only come from our CA
 * @server_name: (nullable): that name, also sent as SNI; %NULL: the host as the address has it
 * @resumption: whether TLS sessions are continued where servers allow it
 * @client_id: (nullable): what we call ourselves (Finagle's ClientId); %NULL: what the current
 *   call's caller calls itself
 * @timeout: of a whole call; 0: only the current call's deadline counts
 * @try_timeout: of each try, from its sending; 0: none. With one, a try also waits no longer than
 *   that, or @connect_timeout, for its connection
 * @connect_timeout: TCP, TLS and the protocol's opening, each connection
 * @acquire_timeout: how long a call waits for addresses or for a free connection; 0: no limit
 * @idle_timeout: connections without a call for so long are closed; 0: never
 * @life_time: connections older than this take no new calls and are closed; 0: never
 * @max_frame: largest reply
 * @limits: what a reply may hold, for generated clients
 * @pool_low: connections of plain Thrift that an address keeps however idle, each loop
 * @pool_high: and at most; 0: no limit
 * @max_waiters: calls that wait for one of them, each address and loop; 0: no limit
 * @ping_interval: of mux's failure detector; 0: no pings
 * @ping_timeout: a peer silent for so long gets no new calls
 * @balancer: see there
 * @accrual: whether addresses that fail are left out for a while (failure accrual)
 * @fail_fast: whether addresses that cannot be connected to are left out until a probe can
 * @max_requeues: of one call at most; 0: none
 * @requeue_percent: of all calls that may be requeues; the budget
 * @requeue_min_per_second: and so many on top
 * @backup_percentile: idempotent calls slower than so many percent of all are sent a second time;
 *   0: never
 * @idempotent: (nullable): methods that may be run twice, separated by commas, besides those that
 *   the schema says are; "*": all
 *
 * Times are microseconds. dunlin_client_options_init() gives Finagle's defaults.
 */
typedef struct {
    const char *label;
    DunlinClientProtocol protocol;
    DunlinEncoding encoding;
    DunlinCredentials *credentials;
    gboolean verify_name;
    const char *server_name;
    gboolean resumption;
    const char *client_id;
    gint64 timeout;
    gint64 try_timeout;
    gint64 connect_timeout;
    gint64 acquire_timeout;
    gint64 idle_timeout;
    gint64 life_time;
    gsize max_frame;
    DunlinPayloadLimits limits;
    guint pool_low;
    guint pool_high;
    guint max_waiters;
    gint64 ping_interval;
    gint64 ping_timeout;
    DunlinClientBalancer balancer;
    gboolean accrual;
    gboolean fail_fast;
    guint max_requeues;
    guint requeue_percent;
    guint requeue_min_per_second;
    guint backup_percentile;
    const char *idempotent;
} DunlinClientOptions;

void dunlin_client_options_init (DunlinClientOptions *self);

/**
 * dunlin_client_new:
 * @options: copied
 *
 * Returns: (transfer full): a client whose addresses are not known yet: calls wait until
 * dunlin_client_set_addresses(). discovery/dest makes one that follows a name.
 */
DunlinClient *dunlin_client_new (const DunlinClientOptions *options);
DunlinClient *dunlin_client_ref (DunlinClient *self);

/* The last reference must not go while a call is under way. Connections are closed by their loops.
 */
void dunlin_client_unref (DunlinClient *self);

/* Where calls go from now on. @set: a reference is taken. From any thread. */
void dunlin_client_set_addresses (DunlinClient *self, const DunlinAddressSet *set);

/* Returns: (transfer full): the latest. From any thread. */
DunlinAddressSet *dunlin_client_get_addresses (DunlinClient *self);

/* Who tells the client its addresses: @unfollow is called with @following when the client goes,
 * from the thread that lets it go. Before the first call. */
void dunlin_client_follow (DunlinClient *self, gpointer following, GDestroyNotify unfollow);

const char *dunlin_client_label (DunlinClient *self);

/* Returns: (transfer none) (nullable): what it shows to servers; may be reloaded. */
DunlinCredentials *dunlin_client_credentials (DunlinClient *self);

/**
 * DunlinRawCall:
 * @method: "get", or "Service:get" for one of several services behind a port
 * @arguments: (array length=n_arguments): the arguments' struct in the client's encoding, with its
 *   stop byte; not owned
 * @oneway: the method draws no reply: done when it is sent (over mux: when it is acknowledged)
 * @idempotent: may be run twice, whatever the schema says
 * @deadline: absolute, or %DUNLIN_NEVER, or 0 for the same; the current call's and the client's
 * timeout count as well
 * @context: (nullable): taken for the trace, client id, delegations and other contexts instead of
 *   the current call's; its trace is sent as it is
 */
typedef struct {
    const char *method;
    const guint8 *arguments;
    gsize n_arguments;
    gboolean oneway;
    gboolean idempotent;
    gint64 deadline;
    const DunlinContext *context;
} DunlinRawCall;

/**
 * DunlinRawReply:
 * @type: DUNLIN_MESSAGE_REPLY, or DUNLIN_MESSAGE_EXCEPTION: see dunlin_raw_reply_exception()
 * @body: (owned): of a reply the result's struct with its stop byte: field 0 is the result, others
 *   are declared exceptions; empty for oneway methods
 * @address: (owned): who answered
 * @protocol: "thriftmux", "ttwitter" or "thrift"; static
 * @microseconds: of the last try, from sending to the reply
 * @tries: how often the call was sent
 */
typedef struct {
    DunlinMessageType type;
    DunlinBuffer body;
    char *address;
    const char *protocol;
    gint64 microseconds;
    guint tries;
} DunlinRawReply;

void dunlin_raw_reply_clear (DunlinRawReply *self);

/**
 * dunlin_client_call_raw:
 * @reply: (out caller-allocates): zeroed; on success for dunlin_raw_reply_clear()
 *
 * One call with Thrift bytes in and out, for callers that have no generated client. On a fiber it
 * parks the fiber, elsewhere it blocks the thread.
 *
 * Returns: FALSE with an error of DUNLIN_ERROR that names the client, the method, the address and
 * what happened: UNAVAILABLE nobody could be reached, CLOSED the connection was lost on the way,
 * DEADLINE, CANCELLED, OVERLOADED refused by the server, MALFORMED the reply makes no sense,
 * TOO_LARGE the reply is, INTERNAL the server failed.
 */
gboolean dunlin_client_call_raw (DunlinClient *self, const DunlinRawCall *call,
                                 DunlinRawReply *reply, GError **error);

/* Of a reply that is an EXCEPTION: its TApplicationException. @message: (out) (transfer full) */
gboolean dunlin_raw_reply_exception (const DunlinRawReply *self, DunlinEncoding encoding, int *type,
                                     char **message);

/**
 * dunlin_client_describe:
 *
 * Adds the state as the members of a JSON object that the caller has begun: the addresses, and for
 * each its connections, load and health on every loop that uses it. Loops that do not answer within
 * a second are said to be busy. From any thread that is no loop's, or from a fiber.
 */
void dunlin_client_describe (DunlinClient *self, JsonBuilder *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinClient, dunlin_client_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinRawReply, dunlin_raw_reply_clear)

G_END_DECLS
