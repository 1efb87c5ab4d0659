/* What names lead to, now and from now on: serversets followed by watches, hosts looked up again
 * and again. Callers are never disturbed by what ZooKeeper or name servers fail to say: the last
 * good addresses stay. */
#pragma once

#include "client/address_set.h"
#include "discovery/name.h"
#include "discovery/zookeeper_tls.h"
#include "loop/loop.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct DunlinResolver DunlinResolver;
typedef struct DunlinResolution DunlinResolution;

/**
 * DunlinResolverOptions:
 * @session_timeout_ms: of sessions with ZooKeeper; 0: 10 s, as Finagle's zk2! has it
 * @digest: (nullable): "user:password" for sets that not everybody may read
 * @tls: (nullable): TLS to every ensemble
 * @limbo_ms: how long one that has left a serverset is kept; 0: as Finagle, by the name's scheme
 * @lookup_ms: between look-ups of a host; 0: 5 s
 */
typedef struct {
    int session_timeout_ms;
    const char *digest;
    const DunlinZookeeperTls *tls;
    int limbo_ms;
    int lookup_ms;
} DunlinResolverOptions;

/**
 * DunlinResolvedFunc:
 * @set: what the name leads to now; take a reference to keep it
 *
 * On the resolver's loop, whenever there is a difference to callers, and never before
 * dunlin_resolver_resolve() has returned. It must not free anything of the resolver.
 */
typedef void (*DunlinResolvedFunc) (DunlinResolution *self, const DunlinAddressSet *set,
                                    gpointer data);

/**
 * dunlin_resolver_new:
 * @control: borrowed: must outlive the resolver
 * @options: (nullable): copied
 *
 * Returns: (transfer full): one session an ensemble and one watch a set, however many names use
 * them. All functions but dunlin_resolution_get() are for @control's thread, or for any while none
 * runs it.
 */
DunlinResolver *dunlin_resolver_new (DunlinLoop *control, const DunlinResolverOptions *options);

/* After all of its resolutions. */
void dunlin_resolver_free (DunlinResolver *self);

/**
 * dunlin_resolver_resolve:
 * @name: copied
 * @func: (nullable):
 *
 * New members count at once. Those that leave, all of them too, are kept for the limbo first:
 * a set that ZooKeeper has emptied by mistake (its sessions expired) still serves. While ZooKeeper
 * is away nobody is removed.
 *
 * Returns: (transfer full): follows @name until it is freed.
 */
DunlinResolution *dunlin_resolver_resolve (DunlinResolver *self, const DunlinName *name,
                                           DunlinResolvedFunc func, gpointer data);
void dunlin_resolution_free (DunlinResolution *self);

/* Returns: (transfer full): what the name leads to now; pending at first. From any thread. */
DunlinAddressSet *dunlin_resolution_get (DunlinResolution *self);

/* Returns: (transfer none) (nullable): why what is known may be out of date, as far as is known. */
const char *dunlin_resolution_problem (DunlinResolution *self);

/* Adds the state as the members of a JSON object that the caller has begun. */
void dunlin_resolution_describe (DunlinResolution *self, JsonBuilder *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinResolver, dunlin_resolver_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinResolution, dunlin_resolution_free)

G_END_DECLS
