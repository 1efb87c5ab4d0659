/* What every caller of the benchmark written in C does alike: its command line, its window of time,
 * its report. Nothing of the framework is in it. */
#pragma once

#include "bench/load/histogram.h"

/**
 * CallerOptions:
 * @protocol: "framed" or "mux"
 * @call: "ping" or "get"
 * @addresses: "127.0.0.1:PORT,..."
 * @at_once: calls under way at any time
 * @certificate: (nullable): with @key and @ca for mutual TLS 1.3; %NULL for none
 */
typedef struct {
    char *protocol;
    char *call;
    char *addresses;
    int at_once;
    double warm_up;
    double seconds;
    char *certificate;
    char *key;
    char *ca;
} CallerOptions;

/* What one thread counts. */
typedef struct {
    LoadHistogram latencies;
    guint64 errors;
    guint64 wrong;
    char *first_error; /* owned */
} CallerCount;

/* Nanoseconds, monotonic. */
gint64 caller_now (void);

/* Ends the process with what is wrong. */
void caller_options_parse (CallerOptions *self, int *argc, char ***argv);

/* Whether calls are still to be made. */
gboolean caller_goes_on (void);

/* One call that began at @start. @right: whether the reply is what the call must return; of no
 * interest with @error, which is freed. Counts only what ends within the measured window. */
void caller_count (CallerCount *self, gint64 start, gboolean right, GError *error);

/* Waits for the warm-up and the window to pass, while other threads call. */
void caller_wait (const CallerOptions *options);

/* Adds up and prints one JSON object. Returns: the exit code: 1 with errors or wrong replies. */
int caller_report (CallerCount *counts, guint n);
