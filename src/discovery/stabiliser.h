/* Keeps those that left a set for a while, so that what comes back at once (a restart, an expired
 * session, a resolver that missed something) never disturbs callers. Pure: time is an argument. */
#pragma once

#include "client/address_set.h"

G_BEGIN_DECLS

typedef struct DunlinStabiliser DunlinStabiliser;

/* @limbo: how long one that has left is kept, microseconds; 0: not at all */
DunlinStabiliser *dunlin_stabiliser_new (gint64 limbo);
void dunlin_stabiliser_free (DunlinStabiliser *self);

/**
 * dunlin_stabiliser_update:
 * @addresses: all that are there now
 *
 * New ones count at once; those that are missing are in limbo from @now on, if not before.
 */
void dunlin_stabiliser_update (DunlinStabiliser *self, const DunlinAddress *addresses, guint n,
                               gint64 now);

/* While what is there cannot be seen (@trusted %FALSE) nobody is removed; when it can again, those
 * in limbo begin it anew. */
void dunlin_stabiliser_set_trusted (DunlinStabiliser *self, gboolean trusted, gint64 now);

/* Removes those whose limbo is over. Returns: when to call it next, or DUNLIN_NEVER. */
gint64 dunlin_stabiliser_expire (DunlinStabiliser *self, gint64 now);

/* Returns: (transfer full): all that count, with those in limbo. */
DunlinAddressSet *dunlin_stabiliser_get (DunlinStabiliser *self);
guint dunlin_stabiliser_n_in_limbo (DunlinStabiliser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinStabiliser, dunlin_stabiliser_free)

G_END_DECLS
