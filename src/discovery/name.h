/* Names as Finagle writes them: "zk2!zk1:2181,zk2:2181!/services/book", "inet!host:80", ... What
 * they lead to is discovery/resolver's business. Pure. */
#pragma once

#include "discovery/ensemble.h"

G_BEGIN_DECLS

/**
 * DunlinNameKind:
 * @DUNLIN_NAME_SERVERSET: zk2!HOSTS!/path[!endpoint][#shard], and zk! likewise
 * @DUNLIN_NAME_INET: inet!host:port,...: resolved again and again; also without "inet!"
 * @DUNLIN_NAME_FIXED_INET: fixedinet!host:port,...: resolved once
 * @DUNLIN_NAME_UNIX: unix!/path/of/socket
 * @DUNLIN_NAME_EMPTY: nil! or neg!: nobody, on purpose
 * @DUNLIN_NAME_FAILED: fail!reason: every call fails, on purpose
 */
typedef enum {
    DUNLIN_NAME_SERVERSET,
    DUNLIN_NAME_INET,
    DUNLIN_NAME_FIXED_INET,
    DUNLIN_NAME_UNIX,
    DUNLIN_NAME_EMPTY,
    DUNLIN_NAME_FAILED
} DunlinNameKind;

/**
 * DunlinName:
 * @text: (owned): as it was given
 * @argument: (owned): what follows the scheme
 * @limbo_ms: how long one that has left a serverset is kept: 10 s, and 4 s with zk!, as Finagle
 * does
 * @ensemble: (owned) (nullable): of a serverset; its chroot is in @path
 * @path: (owned) (nullable): of a serverset
 * @endpoint: (owned) (nullable): the additional endpoint to take instead of the service itself
 * @shard: the only one to take, with @has_shard
 * @hosts: (owned) (nullable): of inet names
 * @ports: (owned) (nullable): of each
 */
typedef struct {
    DunlinNameKind kind;
    char *text;
    char *argument;
    int limbo_ms;
    DunlinEnsemble *ensemble;
    char *path;
    char *endpoint;
    gboolean has_shard;
    gint32 shard;
    char **hosts;
    guint16 *ports;
    guint n_hosts;
} DunlinName;

/**
 * dunlin_name_parse:
 * @error: DUNLIN_ERROR_SETTINGS, with @text and what is allowed
 *
 * Returns: (transfer full) (nullable): the name.
 */
DunlinName *dunlin_name_parse (const char *text, GError **error);
void dunlin_name_free (DunlinName *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinName, dunlin_name_free)

G_END_DECLS
