/* A client that follows a name: what an app's settings and the command line tool make. */
#pragma once

#include "client/client.h"
#include "discovery/resolver.h"

G_BEGIN_DECLS

/**
 * dunlin_dest_client_new:
 * @dest: a name, such as "zk2!zk1:2181!/services/book" or "inet!host:9090"
 * @options: of the client
 * @resolving: (nullable): of the process's resolver; the first client's count
 *
 * Works at once, whether loops run or not: names are followed on a thread of the clients' own.
 * Clients of one ensemble share its session, and those of one path its watch.
 *
 * Returns: (transfer full) (nullable): or %NULL with DUNLIN_ERROR_SETTINGS when @dest is no name.
 */
DunlinClient *dunlin_dest_client_new (const char *dest, const DunlinClientOptions *options,
                                      const DunlinResolverOptions *resolving, GError **error);

G_END_DECLS
