/* A client as one loop has it: the addresses, who is called next, and whether a failed call may be
 * sent again. Nothing of it is shared, so nothing of it needs a lock. Internal to client/. */
#pragma once

#include "client/balancer.h"
#include "client/client_core.h"
#include "client/endpoint.h"
#include "client/member.h"
#include "client/nack_admission.h"
#include "client/request.h"
#include "client/requeue.h"

G_BEGIN_DECLS

/* A fiber that waits for addresses. On its stack. */
typedef struct DunlinAddressWaiter {
    struct DunlinAddressWaiter *next;
    DunlinFiber *fiber;
    gboolean woken;
} DunlinAddressWaiter;

/**
 * DunlinClientLoop:
 * @retired: (element-type DunlinMember): those whose connections are still being closed
 */
struct DunlinClientLoop {
    DunlinClient *client; /* owned reference */
    DunlinLoop *loop;     /* borrowed: frees us at its end */
    const DunlinClientOptions *options;
    DunlinAddressSet *set; /* owned */
    DunlinBalancer *balancer;
    DunlinRandom random;
    DunlinRequeuer requeuer;
    DunlinNackAdmission admission;
    GHashTable *backups; /* owned, nullable: method -> DunlinBackup */
    GPtrArray *retired;
    DunlinAddressWaiter *waiters;
    DunlinTimer *sweep;
    guint n_calls; /* under way */
};

/* Returns: (transfer none): @client's on the current loop; made at the first use. */
DunlinClientLoop *dunlin_client_loop_of (DunlinClient *client);

/**
 * dunlin_client_loop_pick:
 * @avoid: (nullable): where the call has failed before
 * @deadline: until when to wait for addresses
 *
 * Returns: (nullable): for dunlin_balancer_done().
 */
DunlinNode *dunlin_client_loop_pick (DunlinClientLoop *self, const DunlinNode *avoid,
                                     gint64 deadline, GError **error);

/* Returns: (transfer none) (nullable): what decides when @request's call is sent a second time;
 * %NULL: it never is. */
DunlinBackup *dunlin_client_loop_backups (DunlinClientLoop *self, const DunlinRequest *request);

/* Adds the state as members of a JSON object that the caller has begun. */
void dunlin_client_loop_describe (DunlinClientLoop *self, gint64 now, JsonBuilder *json);

/* The client has new addresses. On the loop. */
void dunlin_client_loop_update (gpointer self);

/* The client goes. On the loop. */
void dunlin_client_loop_drop (gpointer self);

G_END_DECLS
