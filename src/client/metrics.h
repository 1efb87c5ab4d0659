/* What a client counts, under Finagle's names: clnt/<label>/requests and so on. Shared by all its
 * loops. Internal to client/. */
#pragma once

#include "base/error.h"
#include "base/stats.h"
#include "client/backup.h"
#include "client/balancer.h"
#include "client/requeue.h"
#include "client/tally.h"

G_BEGIN_DECLS

/* Latencies are microseconds, as the server's are: a C service's millisecond is 0. */
typedef struct {
    DunlinCounter requests;
    DunlinCounter success;
    DunlinCounter failures;
    DunlinCounter by_error[DUNLIN_N_ERRORS];
    DunlinCounter server_exceptions; /* of the failures: exceptions that the server sent */
    DunlinHistogram latency;
    DunlinHistogram acquisition; /* until a connection was there */
    DunlinGauge pending;
    DunlinHistogram request_bytes;
    DunlinHistogram reply_bytes;

    DunlinCounter connects;
    DunlinCounter connect_failures;
    DunlinCounter closes;
    DunlinGauge connections;
    DunlinHistogram connect_latency;
    DunlinHistogram connection_duration;

    DunlinCounter timeouts; /* tries that ran out of time */

    DunlinTallyMetrics accrual;
    DunlinTallyMetrics fail_fast;
    DunlinTallyMetrics admission;
    DunlinRequeueMetrics requeue;
    DunlinBackupMetrics backup;
    DunlinBalancerMetrics balancer;
} DunlinClientMetrics;

void dunlin_client_metrics_init (DunlinClientMetrics *self, const char *label);

G_END_DECLS
