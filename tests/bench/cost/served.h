/* The server under the meter: a loop on this thread, the conformance service, and what a service
 * has by default: statistics, exceptions, deadlines, limits, and the access log in a file. */
#pragma once

#include "base/access_log.h"
#include "server/server.h"
#include "support/tls_folder.h"

G_BEGIN_DECLS

typedef struct {
    char *folder; /* owned: of the log */
    char *log_path;
    GObject *handler;
    DunlinRouter *router;
    DunlinAccessLog *log;
    DunlinDispatcher *dispatcher;
    DunlinLoop *loop;
    TlsFolder *tls; /* owned, nullable */
    DunlinCredentials *credentials;
    DunlinServer *server;
} CostServed;

CostServed *cost_served_new (gboolean tls);
/* Frees it when its loop has stopped. */
void cost_served_free (CostServed *self);

G_END_DECLS
