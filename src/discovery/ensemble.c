/* An ensemble's hosts as a setting names them: see the header. */
#include "discovery/ensemble.h"

#include "base/error.h"
#include "discovery/serverset.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

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

static gboolean
is_host (const char *host)
{
    for (const char *p = host; *p != '\0'; p++) {
        if (!g_ascii_isalnum (*p) && strchr ("-._:%", *p) == NULL)
            return FALSE;
    }
    return *host != '\0';
}

/* Splits at the port's colon: the only one, or the one after ']'. */
static char *
split_port (const char *text, const char **port)
{
    const char *colon = strchr (text, ':');

    *port = NULL;
    if (*text == '[') {
        const char *end = strchr (text, ']');

        if (end == NULL || (end[1] != '\0' && end[1] != ':'))
            return g_strdup ("");
        *port = end[1] == ':' ? end + 2 : NULL;
        return g_strndup (text + 1, (gsize)(end - text - 1));
    }
    if (colon == NULL || strchr (colon + 1, ':') != NULL)
        return g_strdup (text);
    *port = colon + 1;
    return g_strndup (text, (gsize)(colon - text));
}

char *
dunlin_host_port_parse (const char *text, guint16 *port, GError **error)
{
    const char *digits;
    g_autofree char *host = split_port (text, &digits);
    guint64 number = 0;

    if (!is_host (host)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "'%s' is no host: say name, name:port, 192.0.2.1:port or [2001:db8::1]:port",
                     text);
        return NULL;
    }
    if (digits == NULL)
        return g_steal_pointer (&host);
    if (!g_ascii_string_to_unsigned (digits, 10, 1, G_MAXUINT16, &number, NULL)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "'%s' in '%s' is no port: it must be 1 to 65535", digits, text);
        return NULL;
    }
    *port = (guint16)number;
    return g_steal_pointer (&host);
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

static int
look_up (const char *host, struct addrinfo **addresses)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
    int rc = getaddrinfo (host, NULL, &hints, addresses);

    if (rc == 0)
        return 0;
    /* A machine with nothing but loopback has no family configured, by that flag's count. */
    hints.ai_flags = 0;
    return getaddrinfo (host, NULL, &hints, addresses);
}

static void
append_addresses (GString *text, const struct addrinfo *addresses, guint16 port)
{
    for (const struct addrinfo *next = addresses; next != NULL; next = next->ai_next) {
        char address[NI_MAXHOST];

        if (getnameinfo (next->ai_addr, next->ai_addrlen, address, sizeof address, NULL, 0,
                         NI_NUMERICHOST) == 0)
            g_string_append_printf (text, "%s%s:%u", text->len > 0 ? "," : "", address, port);
    }
}

char *
dunlin_ensemble_resolve (const DunlinEnsemble *self, GError **error)
{
    g_autoptr (GString) text = g_string_new (NULL);
    int failure = 0;

    for (guint i = 0; i < self->n_hosts; i++) {
        struct addrinfo *addresses = NULL;
        int rc = look_up (self->hosts[i], &addresses);

        if (rc != 0) {
            failure = rc;
            continue;
        }
        append_addresses (text, addresses, self->ports[i]);
        freeaddrinfo (addresses);
    }
    if (text->len > 0)
        return g_string_free (g_steal_pointer (&text), FALSE);
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "no host of it has an address: %s",
                 gai_strerror (failure));
    return NULL;
}
