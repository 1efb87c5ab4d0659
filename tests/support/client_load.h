/* Many calls of one client, and what became of them: who answered how many, how fast, what failed.
 */
#pragma once

#include "base/histogram.h"
#include "client/client.h"

G_BEGIN_DECLS

/**
 * ClientLoad:
 * @method: without arguments
 * @n_calls: in all
 * @at_once: fibers that call one after the other; or 0:
 * @per_second: so many calls begin a second, whether those before have ended or not
 * @by_address: (element-type utf8 guint): who answered how many
 * @n_answered: calls that were answered well
 * @n_failed: the others
 * @first_error: (nullable): of one that failed
 * @n_tries: how often calls were sent in all, of those that were answered
 * @latency: of calls that were answered, microseconds, with all their tries
 */
typedef struct {
    DunlinClient *client;
    const char *method;
    gboolean idempotent;
    guint n_calls;
    guint at_once;
    guint per_second;

    GHashTable *by_address;
    guint n_begun;
    guint n_answered;
    guint n_failed;
    guint n_tries;
    GError *first_error;
    DunlinHistogramData latency;
    guint n_fibers; /* that still run */
} ClientLoad;

/* Back when all calls have ended. On a fiber. May be run again: adds up. */
void client_load_run (ClientLoad *self);

/* How many calls 127.0.0.1:@port has answered. */
guint client_load_count (const ClientLoad *self, guint16 port);

void client_load_clear (ClientLoad *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ClientLoad, client_load_clear)

G_END_DECLS
