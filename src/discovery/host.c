/* Hosts as settings name them: see the header. */
#include "discovery/host.h"

#include "base/error.h"

#include <string.h>
#include <sys/socket.h>

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

struct addrinfo *
dunlin_host_look_up (const char *host, GError **error)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
    struct addrinfo *addresses = NULL;
    int rc = getaddrinfo (host, NULL, &hints, &addresses);

    /* A machine with nothing but loopback has no family configured, by that flag's count. A name
     * server that is silent would be silent again. */
    if (rc != 0 && rc != EAI_AGAIN) {
        hints.ai_flags = 0;
        rc = getaddrinfo (host, NULL, &hints, &addresses);
    }
    if (rc == 0)
        return addresses;
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, gai_strerror (rc));
    return NULL;
}
