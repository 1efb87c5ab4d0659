/* An ensemble's hosts as a setting names them: "zk1:2181,zk2:2181/chroot". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DUNLIN_ZOOKEEPER_PORT 2181

/**
 * DunlinEnsemble:
 * @hosts: (owned): names or literal addresses, IPv6 without brackets
 * @ports: (owned): of each
 * @chroot: (owned): "" or a path such as "/prod", in front of every other path
 */
typedef struct {
    char **hosts;
    guint16 *ports;
    guint n_hosts;
    char *chroot;
} DunlinEnsemble;

/**
 * dunlin_ensemble_parse:
 * @text: hosts with or without port (2181), separated by commas; "[::1]:2181" for IPv6
 * @error: DUNLIN_ERROR_SETTINGS
 *
 * Returns: (transfer full) (nullable): the hosts in the order given.
 */
DunlinEnsemble *dunlin_ensemble_parse (const char *text, GError **error);
void dunlin_ensemble_free (DunlinEnsemble *self);

/* Returns: (transfer full): a deep copy. */
DunlinEnsemble *dunlin_ensemble_copy (const DunlinEnsemble *self);

/* Returns: (transfer full): "host:port,..." without chroot, for people. */
char *dunlin_ensemble_to_string (const DunlinEnsemble *self);

/**
 * dunlin_ensemble_resolve:
 * @error: DUNLIN_ERROR_UNAVAILABLE: no host has an address now; the last one's reason
 *
 * Blocks for as long as name servers take.
 *
 * Returns: (transfer full) (nullable): "address:port,..." with all addresses of all hosts that
 * have any, as ZooKeeper's C client takes it (IPv6 without brackets).
 */
char *dunlin_ensemble_resolve (const DunlinEnsemble *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinEnsemble, dunlin_ensemble_free)

G_END_DECLS
