/* Where a name leads now: what resolvers make and balancers read. Immutable and counted: any thread
 * may hold one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DunlinAddress:
 * @host: (owned): as it was written: for logs, and for the name that a certificate must bear
 * @address: (owned): numeric, IPv6 without brackets; or a path when @port is 0
 * @port: 0: of a Unix socket
 * @weight: 1.0 is usual; 0.0 gets no calls
 * @node: (owned) (nullable): of the member in its serverset, such as "member_0000000000"
 * @shard: meaningful with @has_shard
 * @metadata: (owned) (nullable): key, value, key, value, ...: what the member says of itself
 */
typedef struct {
    char *host;
    char *address;
    guint16 port;
    double weight;
    char *node;
    gboolean has_shard;
    gint32 shard;
    char **metadata;
} DunlinAddress;

void dunlin_address_clear (DunlinAddress *self);

/* Deep copy into @to, which must be empty. */
void dunlin_address_copy (const DunlinAddress *self, DunlinAddress *to);

/* Returns: (transfer full): "address:port", "[address]:port" or a path: one for each endpoint. */
char *dunlin_address_to_string (const DunlinAddress *self);

/**
 * DunlinAddressState:
 * @DUNLIN_ADDRESSES_PENDING: not known yet: wait
 * @DUNLIN_ADDRESSES_BOUND: there is at least one
 * @DUNLIN_ADDRESSES_EMPTY: nobody is there: fail at once
 * @DUNLIN_ADDRESSES_FAILED: the name cannot be resolved, for the reason given
 *
 * As Finagle's Addr: Pending, Bound, Neg, Failed.
 */
typedef enum {
    DUNLIN_ADDRESSES_PENDING,
    DUNLIN_ADDRESSES_BOUND,
    DUNLIN_ADDRESSES_EMPTY,
    DUNLIN_ADDRESSES_FAILED
} DunlinAddressState;

/**
 * DunlinAddressSet:
 * @addresses: in the order of their text, each endpoint once
 * @reason: (nullable): why there are none
 */
typedef struct {
    DunlinAddressState state;
    const DunlinAddress *addresses;
    guint n_addresses;
    const char *reason;
} DunlinAddressSet;

/**
 * dunlin_address_set_new:
 * @addresses: copied, in any order; of those with one endpoint the first counts
 *
 * Returns: (transfer full): bound, or empty when @n is 0.
 */
DunlinAddressSet *dunlin_address_set_new (const DunlinAddress *addresses, guint n);

/* Returns: (transfer full): one without addresses, in another state than bound. */
DunlinAddressSet *dunlin_address_set_new_without (DunlinAddressState state, const char *reason);

DunlinAddressSet *dunlin_address_set_ref (const DunlinAddressSet *self);
void dunlin_address_set_unref (DunlinAddressSet *self);

/* Whether there is no difference to a caller. */
gboolean dunlin_address_set_equal (const DunlinAddressSet *a, const DunlinAddressSet *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinAddressSet, dunlin_address_set_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinAddress, dunlin_address_clear)

G_END_DECLS
