/* Looks up hosts on threads of their own, again and again, and remembers what was found: the loop
 * never waits for a name server. */
#pragma once

#include "loop/loop.h"

G_BEGIN_DECLS

typedef struct DunlinLookup DunlinLookup;

/* On the loop: what some host leads to has changed, or is known now; or it is time to get again
 * what is still needed. */
typedef void (*DunlinLookupFunc) (gpointer data);

/**
 * dunlin_lookup_new:
 * @interval: between look-ups of one host, microseconds
 *
 * Returns: (transfer full): empty. All functions are for @loop's thread, or for any while none runs
 * it.
 */
DunlinLookup *dunlin_lookup_new (DunlinLoop *loop, gint64 interval, DunlinLookupFunc changed,
                                 gpointer data);

/* Threads that still wait for a name server are on their own, and call nothing back. */
void dunlin_lookup_free (DunlinLookup *self);

/**
 * dunlin_lookup_get:
 * @host: a name or a literal address
 *
 * Asks for @host from now on, until nobody gets it any more.
 *
 * Returns: (transfer none) (nullable): its addresses: none when there is no answer yet, or never
 * was a good one; the last good one otherwise. Valid until the loop goes on.
 */
char **dunlin_lookup_get (DunlinLookup *self, const char *host);

/* Returns: (transfer none) (nullable): why the last look-up of @host failed. */
const char *dunlin_lookup_problem (DunlinLookup *self, const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinLookup, dunlin_lookup_free)

G_END_DECLS
