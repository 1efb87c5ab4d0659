/* A serverset's paths and members: what Finagle's announcer writes into ZooKeeper, byte for byte,
 * and what its resolvers read. Pure: no I/O. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Finagle reads only children with this prefix; ZooKeeper appends ten digits. */
#define DUNLIN_MEMBER_PREFIX "member_"

/**
 * DunlinEndpoint:
 * @name: (owned) (nullable): of an additional endpoint, such as "admin"; %NULL: the service itself
 * @host: (owned) (nullable): a name or a literal address
 * @port: 1 to 65535
 */
typedef struct {
    char *name;
    char *host;
    guint16 port;
} DunlinEndpoint;

/**
 * DunlinMetadata:
 *
 * One entry of a member's metadata; both strings are owned.
 */
typedef struct {
    char *key;
    char *value;
} DunlinMetadata;

/**
 * DunlinMember:
 * @service: its host is %NULL when the member had no usable service endpoint
 * @additional: (owned) (nullable): in the order given
 * @status: (owned) (nullable): "ALIVE" is the only one that callers use
 * @shard: meaningful with @has_shard
 * @metadata: (owned) (nullable): in the order given
 *
 * Zero-initialised is empty; dunlin_member_clear() frees what it holds.
 */
typedef struct {
    DunlinEndpoint service;
    DunlinEndpoint *additional;
    guint n_additional;
    char *status;
    gboolean has_shard;
    gint32 shard;
    DunlinMetadata *metadata;
    guint n_metadata;
} DunlinMember;

void dunlin_member_clear (DunlinMember *self);

/* Deep copy into @to, which must be empty. */
void dunlin_member_copy (const DunlinMember *self, DunlinMember *to);

/**
 * dunlin_member_check:
 *
 * Whether callers will be able to use this member: a host, ports, names, UTF-8.
 */
gboolean dunlin_member_check (const DunlinMember *self, GError **error);

/**
 * dunlin_member_encode:
 * @self: one that passes dunlin_member_check()
 *
 * The status is always ALIVE: no other one is honoured by both of Finagle's resolvers.
 *
 * Returns: (transfer full): the bytes that Finagle's announcer would write: compact, the keys in
 * its order, "metadata" only when there is any.
 */
GBytes *dunlin_member_encode (const DunlinMember *self);

/**
 * dunlin_member_decode:
 * @self: (out): untouched on failure
 *
 * As tolerant as Finagle's zk2! resolver: what has a wrong type counts as missing, and only what
 * is no JSON object at all fails. Ask dunlin_member_pick() whether the member can be used.
 */
gboolean dunlin_member_decode (const char *json, gsize length, DunlinMember *self, GError **error);

/**
 * dunlin_member_pick:
 * @name: (nullable): of an additional endpoint, or %NULL for the service itself
 * @error: DUNLIN_ERROR_UNAVAILABLE, with the reason why callers pass the member over
 *
 * Returns: (transfer none) (nullable): where callers go.
 */
const DunlinEndpoint *dunlin_member_pick (const DunlinMember *self, const char *name,
                                          GError **error);

/* Whether @name (no path) is a member's node. */
gboolean dunlin_serverset_is_member (const char *name);

/**
 * dunlin_serverset_check_path:
 * @path: such as "/services/address_book"
 * @error: DUNLIN_ERROR_SETTINGS
 */
gboolean dunlin_serverset_check_path (const char *path, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinMember, dunlin_member_clear)

G_END_DECLS
