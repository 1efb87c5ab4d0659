/* c_glib's own server, ThriftSimpleServer, as a peer of the benchmark: what its library and the
 * code that the stock compiler generates can do by themselves. It serves one connection after the
 * other, framed and binary, without TLS.
 *
 * usage: server [--tls=off ...] */
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thrift/c_glib/protocol/thrift_binary_protocol_factory.h>
#include <thrift/c_glib/server/thrift_simple_server.h>
#include <thrift/c_glib/transport/thrift_framed_transport_factory.h>
#include <thrift/c_glib/transport/thrift_server_socket.h>

#include "handler.h"

/* The library's server socket listens on every address, and knows not the port it was given. */
typedef struct {
    ThriftServerSocket parent;
} LocalSocket;

typedef struct {
    ThriftServerSocketClass parent;
} LocalSocketClass;

static GType local_socket_get_type (void);
G_DEFINE_TYPE (LocalSocket, local_socket, THRIFT_TYPE_SERVER_SOCKET)

static gboolean
local_socket_listen (ThriftServerTransport *transport, GError **error)
{
    ThriftServerSocket *self = THRIFT_SERVER_SOCKET (transport);
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;

    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    self->sd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (self->sd < 0 || bind (self->sd, (struct sockaddr *)&address, length) != 0 ||
        listen (self->sd, SOMAXCONN) != 0 ||
        getsockname (self->sd, (struct sockaddr *)&address, &length) != 0) {
        g_set_error (error, THRIFT_SERVER_SOCKET_ERROR, THRIFT_SERVER_SOCKET_ERROR_LISTEN,
                     "listening on 127.0.0.1: %m");
        return FALSE;
    }
    printf ("listening thrift 127.0.0.1:%d\n", ntohs (address.sin_port));
    fflush (stdout);
    return TRUE;
}

static void
local_socket_init (LocalSocket *self)
{
}

static void
local_socket_class_init (LocalSocketClass *class)
{
    THRIFT_SERVER_TRANSPORT_CLASS (class)->listen = local_socket_listen;
}

static void
end (int signal_number)
{
    _exit (0);
}

int
main (int argc, char **argv)
{
    g_autoptr (GError) error = NULL;
    ThriftServer *server;

    for (int i = 1; i < argc; i++)
        if (g_str_has_prefix (argv[i], "--tls=") && g_strcmp0 (argv[i], "--tls=off") != 0) {
            fprintf (stderr, "server: %s: c_glib has no TLS for its servers\n", argv[i]);
            return 1;
        }
    signal (SIGTERM, end);
    signal (SIGPIPE, SIG_IGN);
    server = g_object_new (
        THRIFT_TYPE_SIMPLE_SERVER, "processor", make_processor (), "server_transport",
        g_object_new (local_socket_get_type (), NULL), "input_transport_factory",
        g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT_FACTORY, NULL), "output_transport_factory",
        g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT_FACTORY, NULL), "input_protocol_factory",
        g_object_new (THRIFT_TYPE_BINARY_PROTOCOL_FACTORY, NULL), "output_protocol_factory",
        g_object_new (THRIFT_TYPE_BINARY_PROTOCOL_FACTORY, NULL), NULL);
    thrift_server_serve (server, &error);
    fprintf (stderr, "server: %s\n", error != NULL ? error->message : "it no longer serves");
    return 1;
}
