/* Keys, certificates, CAs, CRLs: checked, loaded as one consistent set, replaced while running.
 * The only policy of TLS here; net/tls asks it for every new connection. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct DunlinCredentials DunlinCredentials;

/**
 * DunlinTlsConfig:
 * @certificate: PEM file: our certificate, then its chain
 * @key: PEM file: its private key; must not be readable by others
 * @ca: PEM file of the CAs whose certificates we accept; nothing else is trusted
 * @crl: (nullable): PEM file of revocation lists; every certificate of a chain is checked
 * @min_version: "1.2" or "1.3"
 * @ciphers: (nullable): TLS 1.2 cipher list, %NULL for Mozilla's intermediate one
 * @ciphersuites: (nullable): TLS 1.3 suites, %NULL for Mozilla's
 * @require_client_certificate: for servers; %TRUE unless a probe or test says otherwise
 * @resumption: keep the callers' sessions, some thousand at the most; off by default
 * @foreign_ca: @ca is the peers' only: our own certificate may come from another, which they know
 */
typedef struct {
    const char *certificate;
    const char *key;
    const char *ca;
    const char *crl;
    const char *min_version;
    const char *ciphers;
    const char *ciphersuites;
    gboolean require_client_certificate;
    gboolean resumption;
    gboolean foreign_ca;
} DunlinTlsConfig;

/**
 * dunlin_credentials_new:
 *
 * Loads and checks everything: the key fits, the chain verifies, nothing has expired.
 *
 * Returns: (transfer full) (nullable): or %NULL with DUNLIN_ERROR_SETTINGS that names the file,
 * what is wrong with it and the remedy.
 */
DunlinCredentials *dunlin_credentials_new (const DunlinTlsConfig *config, GError **error);
DunlinCredentials *dunlin_credentials_ref (DunlinCredentials *self);
void dunlin_credentials_unref (DunlinCredentials *self);

/* Loads the files again; on any error the old set stays in force. New connections use the new
 * set. From one thread at a time (the control loop). */
gboolean dunlin_credentials_reload (DunlinCredentials *self, GError **error);

/* Whether a file differs (device, inode, size or time) from what was last loaded or refused. */
gboolean dunlin_credentials_have_changed (DunlinCredentials *self);

/* Whether our certificate may be a client's too: it has no EKU, or one with clientAuth. */
gboolean dunlin_credentials_may_act_as_client (DunlinCredentials *self);

/* Seconds since 1970 when our certificate expires; when the CRL's next update is due (0: none). */
gint64 dunlin_credentials_not_after (DunlinCredentials *self);
gint64 dunlin_credentials_crl_next_update (DunlinCredentials *self);
/* How often a set was put in force: 1 after dunlin_credentials_new(). */
guint dunlin_credentials_generation (DunlinCredentials *self);

/* For net/tls: a new connection's SSL with the set in force. From any thread.
 * Returns: (transfer full): */
struct ssl_st *dunlin_credentials_new_ssl (DunlinCredentials *self, gboolean is_server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinCredentials, dunlin_credentials_unref)

G_END_DECLS
