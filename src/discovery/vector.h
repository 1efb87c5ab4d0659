/* Weights of a serverset: its vector_ nodes, as Finagle's zk2! resolver reads them. Pure. */
#pragma once

#include "discovery/serverset.h"

G_BEGIN_DECLS

#define DUNLIN_VECTOR_PREFIX "vector_"

typedef struct DunlinVector DunlinVector;

/**
 * dunlin_vector_decode:
 *
 * Entries that zk2! would pass over (unknown selectors, wrong types) are passed over; only what is
 * no JSON object fails.
 *
 * Returns: (transfer full) (nullable): the vector.
 */
DunlinVector *dunlin_vector_decode (const char *json, gsize length, GError **error);
void dunlin_vector_free (DunlinVector *self);

/**
 * dunlin_vector_weight:
 * @node: the member's name in the set, such as "member_0000000000"
 * @endpoint: the one that is used
 *
 * Returns: the product of the weights of all entries that select the member; 1.0 when none does.
 */
double dunlin_vector_weight (const DunlinVector *self, const char *node, const DunlinMember *member,
                             const DunlinEndpoint *endpoint);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinVector, dunlin_vector_free)

G_END_DECLS
