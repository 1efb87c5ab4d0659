/* One thread's share of the load: connections on an epoll of its own. */
#pragma once

#include <gio/gio.h>
#include <pthread.h>

#include "bench/load/histogram.h"
#include "bench/load/message.h"
#include "bench/load/opening.h"
#include "bench/load/tls.h"

typedef enum {
    LOAD_OPENING,
    LOAD_STANDING, /* all connections are there; nothing is called */
    LOAD_WARMING,
    LOAD_MEASURING,
    LOAD_ENDING /* answers are waited for, no more calls */
} LoadPhase;

/**
 * LoadShared:
 * @call: what is measured
 * @put: comes first, and once
 * @hello: a ping, the first call on each connection: servers are strict with those who never spoke
 * @context: (owned) (nullable): of TLS
 * @session: (owned) (nullable): to be resumed; set before the workers start
 * @phase: (atomic): what the workers do; the main thread moves it on
 * @opened: (atomic): workers whose connections are all there
 * @window_begin: nanoseconds; set before @phase is %LOAD_MEASURING
 * @window_end: set before @phase is %LOAD_ENDING
 *
 * What all workers see.
 */
typedef struct {
    const LoadOptions *options;
    LoadMessage call;
    LoadMessage put;
    LoadMessage hello;
    LoadOpening opening;
    SSL_CTX *context;
    SSL_SESSION *session;
    LoadPhase phase;
    int opened;
    gint64 window_begin;
    gint64 window_end;
} LoadShared;

/**
 * LoadWorker:
 * @latencies: of the calls answered in the window; with a rate, of those that were to begin in it
 * @calls: answered in the window
 * @errors: connections and calls that failed; @first_error says how the first one did
 * @wrong: replies that are not the right answer; likewise
 * @unsent: calls of a rate that were due in the window and had no free connection until its end;
 *   each is among the latencies with what it had waited by then
 */
typedef struct {
    LoadShared *shared;
    int connections;
    int idle;
    double rate;
    pthread_t thread;
    LoadHistogram latencies;
    guint64 calls;
    guint64 handshakes;
    guint64 resumed;
    guint64 errors;
    guint64 wrong;
    guint64 unsent;
    char *first_error; /* owned */
    char *first_wrong; /* owned */
    char *tls;         /* owned */
    char *cipher;      /* owned */
} LoadWorker;

/* A thread's whole life; @data is a LoadWorker. */
gpointer load_worker_run (gpointer data);

/* Adds the figures of @other, whose texts it may take. */
void load_worker_merge (LoadWorker *self, LoadWorker *other);
void load_worker_clear (LoadWorker *self);

/* One connection with one call, for what it stores and for its TLS session. FALSE with @error. */
gboolean load_prime (LoadShared *shared, GError **error);
