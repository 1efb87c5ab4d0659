/* What a run has measured, as one JSON object. */
#pragma once

#include <stdio.h>

#include "bench/load/sampler.h"
#include "bench/load/worker.h"

/**
 * LoadReport:
 * @elapsed_ns: the window in which the CPU times were taken
 * @before: after the first call, when it has hung up
 * @standing: with all connections open and nothing called
 * @peak_kib: what was resident at most while calls ran
 */
typedef struct {
    gint64 elapsed_ns;
    gint64 server_cpu_ns;
    gint64 own_cpu_ns;
    LoadMemory before;
    LoadMemory standing;
    gint64 peak_kib;
} LoadReport;

/* @sum: of all workers */
void load_report_print (const LoadReport *self, const LoadWorker *sum, FILE *to);
