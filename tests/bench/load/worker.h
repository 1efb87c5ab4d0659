/* One thread's share of the load: connections on an epoll of its own. */
#pragma once

#include <gio/gio.h>
#include <pthread.h>

#include "bench/load/histogram.h"
#include "bench/load/message.h"

typedef enum {
    LOAD_OPENING,
    LOAD_STANDING, /* all connections are there; nothing is called */
    LOAD_WARMING,
    LOAD_MEASURING,
    LOAD_ENDING /* answers are waited for, no more calls */
} LoadPhase;

/**
 * LoadShared:
 * @phase: (atomic): what the workers do; the main thread moves it on
 * @opened: (atomic): workers whose connections are all there
 * @session: (owned) (nullable): to be resumed; set before the workers start
 *
 * What all workers see.
 */
typedef struct {
    const LoadOptions *options;
    LoadMessages messages;
    SSL_CTX *context;
    SSL_SESSION *session;
    LoadPhase phase;
    int opened;
} LoadShared;

/**
 * LoadWorker:
 * @errors: connections and calls that failed; @first_error says how the first one did
 * @wrong: replies that are not the right answer; likewise
 * @unsent: calls of a rate that were due and had no free connection, at the end
 */
typedef struct LoadWorker {
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

/* Returns: (transfer full): the context of our ends; %NULL with @error. */
SSL_CTX *load_context_new (const LoadOptions *options, GError **error);

/* One connection with one call, for what it stores and for its TLS session. FALSE with @error. */
gboolean load_prime (LoadShared *shared, GError **error);

void load_worker_clear (LoadWorker *self);
