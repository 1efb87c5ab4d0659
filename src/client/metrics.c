/* A client's names. */
#include "client/metrics.h"

#include "client/accrual.h"
#include "client/fail_fast.h"
#include "client/nack_admission.h"

static DunlinCounter
counter (const char *scope, const char *name, const char *help)
{
    g_autofree char *full = g_strconcat (scope, "/", name, NULL);

    return dunlin_counter (full, NULL, help);
}

static DunlinGauge
gauge (const char *scope, const char *name, const char *help)
{
    g_autofree char *full = g_strconcat (scope, "/", name, NULL);

    return dunlin_gauge (full, NULL, help);
}

static DunlinHistogram
histogram (const char *scope, const char *name, const char *unit, const char *help)
{
    g_autofree char *full = g_strconcat (scope, "/", name, NULL);

    return dunlin_histogram (full, unit, help);
}

static void
init_failures (DunlinClientMetrics *self, const char *scope)
{
    for (int code = 0; code < DUNLIN_N_ERRORS; code++) {
        GError error = { .domain = DUNLIN_ERROR, .code = code };
        g_autofree char *name = g_strconcat ("failures/", dunlin_error_row (&error)->name, NULL);

        self->by_error[code] = counter (scope, name, NULL);
    }
    self->server_exceptions =
        counter (scope, "failures/exception", "calls that the server answered with an exception");
}

void
dunlin_client_metrics_init (DunlinClientMetrics *self, const char *label)
{
    g_autofree char *scope = g_strconcat ("clnt/", label, NULL);
    const char *us = "microseconds";

    self->requests = counter (scope, "requests", "calls, each counted once however often sent");
    self->success = counter (scope, "success", NULL);
    self->failures = counter (scope, "failures", NULL);
    init_failures (self, scope);
    self->latency = histogram (scope, "request_latency_us", us, "of calls, with all their tries");
    self->acquisition = histogram (scope, "service_creation/service_acquisition_latency_us", us,
                                   "until a connection was there");
    self->pending = gauge (scope, "pending", "calls that run now");
    self->request_bytes = histogram (scope, "request_payload_bytes", "bytes", NULL);
    self->reply_bytes = histogram (scope, "response_payload_bytes", "bytes", NULL);

    self->connects = counter (scope, "connects", "connections opened");
    self->connect_failures = counter (scope, "failed_connects", "connections that were not");
    self->closes = counter (scope, "closes", NULL);
    self->connections = gauge (scope, "connections", "connections open now");
    self->connect_latency = histogram (scope, "connect_latency_us", us, "TCP, TLS, protocol");
    self->connection_duration = histogram (scope, "connection_duration_us", us, NULL);

    self->timeouts = counter (scope, "timeouts", "tries that ran out of their own time");
    dunlin_accrual_metrics_init (&self->accrual, scope);
    dunlin_fail_fast_metrics_init (&self->fail_fast, scope);
    dunlin_nack_admission_metrics_init (&self->admission, scope);
    dunlin_requeue_metrics_init (&self->requeue, scope);
    dunlin_backup_metrics_init (&self->backup, scope);
    dunlin_balancer_metrics_init (&self->balancer, scope);
}
