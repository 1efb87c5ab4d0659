/* Names to methods: all services of a process, the first being the default one, and the methods of
 * dunlin.Base, which every service has whether its IDL extends it or not. */
#pragma once

#include "rpc/service.h"

G_BEGIN_DECLS

/**
 * DunlinMethod:
 * @info: what the IDL says
 * @service: the name it is served under
 * @handler: (borrowed): whom the stub calls
 * @index: counts the process's methods from 0
 *
 * One method as served here.
 */
typedef struct DunlinMethod {
    const DunlinMethodInfo *info;
    const char *service;
    GObject *handler;
    guint index;
} DunlinMethod;

typedef struct DunlinRouter DunlinRouter;

DunlinRouter *dunlin_router_new (void);
void dunlin_router_free (DunlinRouter *self);

/**
 * dunlin_router_add:
 * @handler: an instance of the service's generated handler class, or of a subclass of it
 *
 * Before the loops start. The first service is the default one. Touches all its GTypes.
 *
 * Returns: FALSE with DUNLIN_ERROR_SETTINGS when @handler is of another type or the name is taken.
 */
gboolean dunlin_router_add (DunlinRouter *self, const DunlinServiceInfo *info, GObject *handler,
                            GError **error);

/* Methods that answer where no service has one of that name: dunlin.Base's. */
gboolean dunlin_router_add_fallback (DunlinRouter *self, const DunlinServiceInfo *info,
                                     GObject *handler, GError **error);

/**
 * dunlin_router_find:
 * @name: "method" or "Service:method", as a TMultiplexedProtocol client sends it; not terminated
 *
 * Returns: (transfer none) (nullable): thread-safe once the loops run.
 */
const DunlinMethod *dunlin_router_find (const DunlinRouter *self, const char *name, gsize length);

guint dunlin_router_n_methods (const DunlinRouter *self);
const DunlinMethod *dunlin_router_method (const DunlinRouter *self, guint index);
/* The default service's description; %NULL when there is none yet. */
const DunlinServiceInfo *dunlin_router_default (const DunlinRouter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinRouter, dunlin_router_free)

G_END_DECLS
