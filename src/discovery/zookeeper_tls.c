/* A tunnel to an ensemble: see the header. Each address has a port of its own, so that the client
 * goes from server to server as it does without TLS. */
#include "discovery/zookeeper_tls.h"

/* For one server's TCP and TLS; a JVM's first handshake takes its time. */
#define MIN_DIALLING (2 * G_TIME_SPAN_SECOND)
#define MAX_DIALLING (10 * G_TIME_SPAN_SECOND)

DunlinZookeeperTls *
dunlin_zookeeper_tls_copy (const DunlinZookeeperTls *self)
{
    DunlinZookeeperTls *copy;

    if (self == NULL)
        return NULL;
    copy = g_new0 (DunlinZookeeperTls, 1);
    copy->credentials = dunlin_credentials_ref (self->credentials);
    copy->server_name = g_strdup (self->server_name);
    return copy;
}

void
dunlin_zookeeper_tls_free (DunlinZookeeperTls *self)
{
    if (self == NULL)
        return;
    dunlin_credentials_unref (self->credentials);
    g_free ((char *)self->server_name);
    g_free (self);
}

/* The client gives up on a server that is silent for two thirds of the session's timeout. */
static gint64
dialling_time (int session_timeout_ms, guint n)
{
    gint64 share = session_timeout_ms * G_TIME_SPAN_MILLISECOND * 2 / 3 / n;

    return CLAMP (share, MIN_DIALLING, MAX_DIALLING);
}

DunlinTunnel *
dunlin_zookeeper_tls_open (const DunlinZookeeperTls *self, const GArray *addresses,
                           int session_timeout_ms, DunlinTunnelFunc func, gpointer data,
                           GError **error)
{
    g_autofree DunlinTunnelEnd *ends = g_new0 (DunlinTunnelEnd, addresses->len);

    for (guint i = 0; i < addresses->len; i++) {
        const DunlinEnsembleAddress *address = &g_array_index (addresses, DunlinEnsembleAddress, i);

        ends[i].address = address->address;
        ends[i].port = address->port;
        ends[i].name = self->server_name != NULL ? self->server_name : address->host;
    }
    return dunlin_tunnel_new (ends, addresses->len,
                              dialling_time (session_timeout_ms, addresses->len), self->credentials,
                              func, data, error);
}

char *
dunlin_zookeeper_tls_addresses (DunlinTunnel *tunnel, guint n)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%s127.0.0.1:%u", i > 0 ? "," : "",
                                dunlin_tunnel_port (tunnel, i));
    return g_string_free (text, FALSE);
}
