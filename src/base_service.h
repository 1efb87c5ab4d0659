/* dunlin.Base as the framework answers it: ping, now, status, help, describe. */
#pragma once

#include "app_life.h"
#include "rpc/router.h"

G_BEGIN_DECLS

/**
 * dunlin_base_service_fill:
 * @handler: any handler; nothing happens unless its class derives from DunlinBaseHandler
 *
 * Gives the handler's class Dunlin's own answers for those methods of Base that it leaves open.
 * @router, @life and the strings are borrowed for as long as the process serves.
 */
void dunlin_base_service_fill (GObject *handler, DunlinRouter *router, DunlinLife *life,
                               const char *name, const char *version);

/* Makes Base answer for services whose IDL does not extend it. Call after one fill. */
gboolean dunlin_base_service_add_fallback (DunlinRouter *router, DunlinLife *life, const char *name,
                                           const char *version, GError **error);

G_END_DECLS
