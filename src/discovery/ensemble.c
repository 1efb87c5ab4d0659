/* An ensemble's hosts as a setting names them: see the header. */
#include "discovery/ensemble.h"

#include "base/error.h"
#include "discovery/host.h"
#include "discovery/serverset.h"

#include <string.h>

/* More is a mistake: ensembles have 3 to 7 servers, and some observers. */
#define MAX_HOSTS 64

void
dunlin_ensemble_free (DunlinEnsemble *self)
{
    if (self == NULL)
        return;
    g_strfreev (self->hosts);
    g_free (self->ports);
    g_free (self->chroot);
    g_free (self);
}

static char *
parse_chroot (const char *text, GError **error)
{
    gsize length = strlen (text);
    g_autofree char *chroot = NULL;

    while (length > 0 && text[length - 1] == '/')
        length--;
    chroot = g_strndup (text, length);
    if (length > 0 && !dunlin_serverset_check_path (chroot, error))
        return NULL;
    return g_steal_pointer (&chroot);
}

static gboolean
parse_hosts (DunlinEnsemble *self, const char *hosts, GError **error)
{
    g_auto (GStrv) parts = g_strsplit (hosts, ",", -1);
    guint n = g_strv_length (parts);

    if (n == 0 || n > MAX_HOSTS) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "it names %u hosts, not 1 to %d",
                     n, MAX_HOSTS);
        return FALSE;
    }
    self->hosts = g_new0 (char *, n + 1);
    self->ports = g_new0 (guint16, n);
    for (guint i = 0; i < n; i++) {
        self->ports[i] = DUNLIN_ZOOKEEPER_PORT;
        self->hosts[i] = dunlin_host_port_parse (g_strstrip (parts[i]), &self->ports[i], error);
        if (self->hosts[i] == NULL)
            return FALSE;
        self->n_hosts++;
    }
    return TRUE;
}

DunlinEnsemble *
dunlin_ensemble_parse (const char *text, GError **error)
{
    g_autoptr (DunlinEnsemble) self = g_new0 (DunlinEnsemble, 1);
    const char *slash = strchrnul (text, '/');
    g_autofree char *hosts = g_strndup (text, (gsize)(slash - text));

    if (!parse_hosts (self, hosts, error)) {
        g_prefix_error (error, "ZooKeeper servers '%s': ", text);
        return NULL;
    }
    self->chroot = parse_chroot (slash, error);
    if (self->chroot == NULL) {
        g_prefix_error (error, "ZooKeeper servers '%s': ", text);
        return NULL;
    }
    return g_steal_pointer (&self);
}

DunlinEnsemble *
dunlin_ensemble_copy (const DunlinEnsemble *self)
{
    DunlinEnsemble *copy = g_new0 (DunlinEnsemble, 1);

    copy->hosts = g_strdupv (self->hosts);
    copy->ports = g_memdup2 (self->ports, self->n_hosts * sizeof *self->ports);
    copy->n_hosts = self->n_hosts;
    copy->chroot = g_strdup (self->chroot);
    return copy;
}

char *
dunlin_ensemble_to_string (const DunlinEnsemble *self)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < self->n_hosts; i++) {
        const char *form = strchr (self->hosts[i], ':') != NULL ? "%s[%s]:%u" : "%s%s:%u";

        g_string_append_printf (text, form, i > 0 ? "," : "", self->hosts[i], self->ports[i]);
    }
    return g_string_free (text, FALSE);
}

static void
clear_address (gpointer data)
{
    g_free (((DunlinEnsembleAddress *)data)->address);
}

static void
append_addresses (GArray *all, const struct addrinfo *addresses, const char *host, guint16 port)
{
    for (const struct addrinfo *next = addresses; next != NULL; next = next->ai_next) {
        char text[NI_MAXHOST];

        if (getnameinfo (next->ai_addr, next->ai_addrlen, text, sizeof text, NULL, 0,
                         NI_NUMERICHOST) == 0) {
            DunlinEnsembleAddress address = { g_strdup (text), port, host };

            g_array_append_val (all, address);
        }
    }
}

GArray *
dunlin_ensemble_resolve (const DunlinEnsemble *self, GError **error)
{
    g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (DunlinEnsembleAddress));
    g_autoptr (GError) failure = NULL;

    g_array_set_clear_func (all, clear_address);
    for (guint i = 0; i < self->n_hosts; i++) {
        struct addrinfo *addresses;

        g_clear_error (&failure);
        addresses = dunlin_host_look_up (self->hosts[i], &failure);
        if (addresses == NULL)
            continue;
        append_addresses (all, addresses, self->hosts[i], self->ports[i]);
        freeaddrinfo (addresses);
    }
    if (all->len > 0)
        return g_steal_pointer (&all);
    g_propagate_prefixed_error (error, g_steal_pointer (&failure),
                                "no host of it has an address: ");
    return NULL;
}

char *
dunlin_ensemble_addresses_to_string (const GArray *addresses)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < addresses->len; i++) {
        const DunlinEnsembleAddress *next = &g_array_index (addresses, DunlinEnsembleAddress, i);

        g_string_append_printf (text, "%s%s:%u", i > 0 ? "," : "", next->address, next->port);
    }
    return g_string_free (text, FALSE);
}
