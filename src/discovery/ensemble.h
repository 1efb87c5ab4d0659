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
 * DunlinEnsembleAddress:
 * @address: (owned): numeric, IPv6 without brackets
 * @host: borrowed from the ensemble: whose address it is
 */
typedef struct {
    char *address;
    guint16 port;
    const char *host;
} DunlinEnsembleAddress;

/**
 * dunlin_ensemble_resolve:
 * @error: DUNLIN_ERROR_UNAVAILABLE: no host has an address now; the last one's reason
 *
 * Blocks for as long as name servers take.
 *
 * Returns: (transfer full) (nullable): of DunlinEnsembleAddress: all addresses of all hosts that
 * have any.
 */
GArray *dunlin_ensemble_resolve (const DunlinEnsemble *self, GError **error);

/* Returns: (transfer full): of what dunlin_ensemble_resolve() gave, as ZooKeeper's C client takes
 * it: "address:port,...". */
char *dunlin_ensemble_addresses_to_string (const GArray *addresses);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinEnsemble, dunlin_ensemble_free)

G_END_DECLS
