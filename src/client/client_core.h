/* What of a client all threads share: its settings, which never change, its addresses, and the
 * loops that use it. Internal to client/. */
#pragma once

#include <pthread.h>

#include "client/accrual.h"
#include "client/budget.h"
#include "client/balancer.h"
#include "client/client.h"
#include "client/metrics.h"

G_BEGIN_DECLS

typedef struct DunlinClientLoop DunlinClientLoop;

/* What is known of a method. */
typedef enum {
    DUNLIN_METHOD_IDEMPOTENT = 1 << 0, /* may be run twice */
    DUNLIN_METHOD_HAS_RESULT = 1 << 1  /* a reply without a result or exception is wrong */
} DunlinMethodFlags;

/**
 * DunlinClient:
 * @users: references of those who call
 * @references: @users as one, and one for each loop that has something of it
 * @methods: (nullable): name -> DunlinMethodFlags
 * @lock: guards @set and @loops
 * @loops: (element-type DunlinClientLoop)
 */
struct DunlinClient {
    gatomicrefcount users;
    gatomicrefcount references;
    DunlinClientOptions options; /* its texts and credentials are owned */
    DunlinBalancerOptions balancer_options;
    DunlinAccrualOptions accrual_options;
    DunlinBudgetOptions budget_options;
    DunlinRequeueOptions requeue_options;
    DunlinBackoffOptions fail_fast_options;
    DunlinBackupOptions backup_options;
    DunlinClientMetrics metrics;
    gboolean all_idempotent;
    GHashTable *methods;
    GDestroyNotify unfollow; /* nullable */
    gpointer following;

    pthread_mutex_t lock;
    DunlinAddressSet *set;
    GPtrArray *loops;
};

/* Keeps the struct. */
DunlinClient *dunlin_client_hold (DunlinClient *self);
void dunlin_client_release (DunlinClient *self);

/* A loop has its part now, which begins with the set returned (transfer full); or no more. */
DunlinAddressSet *dunlin_client_attach (DunlinClient *self, DunlinClientLoop *part);
void dunlin_client_detach (DunlinClient *self, DunlinClientLoop *part);

/* @method: not terminated. */
guint dunlin_client_method_flags (DunlinClient *self, const char *method, gsize length);

G_END_DECLS
