/* A member of a client's set as one loop has it: its connections and its health; what the balancer
 * picks among. Internal to client/. */
#pragma once

#include "client/accrual.h"
#include "client/client_core.h"
#include "client/endpoint.h"
#include "client/fail_fast.h"
#include "client/verdict.h"
#include "client/node.h"

G_BEGIN_DECLS

typedef struct {
    DunlinClientLoop *home;   /* borrowed: frees us */
    DunlinEndpoint *endpoint; /* owned */
    DunlinAccrual accrual;
    DunlinFailFast fail_fast;
} DunlinMember;

DunlinMember *dunlin_member_new (DunlinClientLoop *home, const DunlinAddress *address);
/* Closes its connections at once. */
void dunlin_member_free (DunlinMember *self);

/* Whether it may be called. */
DunlinNodeStatus dunlin_member_status (DunlinMember *self, gint64 now);

/* A try goes there; @exchange is its, and has ended when dunlin_member_ended() is called. */
void dunlin_member_send (DunlinMember *self, DunlinExchange *exchange, gint64 now);

/* What came of a try tells of the member's health. */
void dunlin_member_ended (DunlinMember *self, DunlinHealth health, gint64 now);

/* About once a second: closes idle connections, sends probes. */
void dunlin_member_sweep (DunlinMember *self, gint64 now);

/* Adds the state as members of a JSON object that the caller has begun. */
void dunlin_member_describe (DunlinMember *self, gint64 now, JsonBuilder *json);

G_END_DECLS
