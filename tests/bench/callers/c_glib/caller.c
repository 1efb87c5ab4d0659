/* A caller as a user of plain c_glib would write it: stock generated code, framed and binary, a
 * thread and a connection for each call that is under way, the servers by turns. Its SSL socket
 * has no function for a client's certificate, which is loaded into its OpenSSL context here.
 *
 * The command line is that of all callers; the only protocol is framed. */
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_socket.h>
#include <thrift/c_glib/transport/thrift_ssl_socket.h>

#include "bench/callers/check.h"
#include "bench/callers/measure.h"
#include "conformance_conformance.h"

typedef struct {
    const CallerOptions *options;
    CallerCount *count;
    char *host; /* owned */
    guint port;
} Connection;

static ThriftTransport *
secure_socket (const Connection *self, GError **error)
{
    const CallerOptions *options = self->options;
    ThriftSSLSocket *socket =
        thrift_ssl_socket_new_with_host (SSLTLS, self->host, self->port, error);

    if (socket == NULL)
        return NULL;
    if (!thrift_ssl_load_cert_from_file (socket, options->ca) ||
        SSL_CTX_use_certificate_chain_file (socket->ctx, options->certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file (socket->ctx, options->key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_set_min_proto_version (socket->ctx, TLS1_3_VERSION) != 1) {
        g_set_error (error, g_quark_from_static_string ("caller"), 0,
                     "the certificates cannot be used");
        g_object_unref (socket);
        return NULL;
    }
    SSL_CTX_set_verify (socket->ctx, SSL_VERIFY_PEER, NULL);
    return THRIFT_TRANSPORT (socket);
}

static ThriftTransport *
make_socket (const Connection *self, GError **error)
{
    if (self->options->certificate != NULL)
        return secure_socket (self, error);
    return g_object_new (THRIFT_TYPE_SOCKET, "hostname", self->host, "port", self->port, NULL);
}

static gboolean
get_once (ConformanceConformanceIf *stub, GError **error)
{
    ConformanceAddress *record = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);
    ConformanceNotFound *not_found = NULL;
    gboolean right =
        conformance_conformance_if_get (stub, &record, CALLER_RECORD_ID, &not_found, error) &&
        caller_record_is_right (record);

    g_clear_object (&record);
    g_clear_object (&not_found);
    return right;
}

static gboolean
ping_once (ConformanceConformanceIf *stub, GError **error)
{
    char *answer = NULL;
    gboolean right = conformance_base_if_ping (CONFORMANCE_BASE_IF (stub), &answer, error) &&
                     g_strcmp0 (answer, "pong") == 0;

    g_free (answer);
    return right;
}

static void
call_on (const Connection *self, ConformanceConformanceIf *stub)
{
    gboolean is_get = g_str_equal (self->options->call, "get");

    while (caller_goes_on ()) {
        GError *error = NULL;
        gint64 start = caller_now ();
        gboolean right = is_get ? get_once (stub, &error) : ping_once (stub, &error);
        gboolean failed = error != NULL;

        caller_count (self->count, start, right, error);
        if (failed)
            break;
    }
}

static gpointer
run_connection (gpointer data)
{
    const Connection *self = data;
    GError *error = NULL;
    ThriftTransport *socket = make_socket (self, &error);
    ThriftTransport *framed;
    ThriftProtocol *protocol;
    ConformanceConformanceIf *stub;

    if (socket == NULL) {
        caller_count (self->count, 0, FALSE, error);
        return NULL;
    }
    framed = g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT, "transport", socket, NULL);
    protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", framed, NULL);
    stub = g_object_new (CONFORMANCE_TYPE_CONFORMANCE_CLIENT, "input_protocol", protocol,
                         "output_protocol", protocol, NULL);
    if (thrift_transport_open (framed, &error)) {
        call_on (self, stub);
        thrift_transport_close (framed, NULL);
    } else {
        caller_count (self->count, 0, FALSE, error);
    }
    g_object_unref (stub);
    g_object_unref (protocol);
    g_object_unref (framed);
    g_object_unref (socket);
    return NULL;
}

static void
set_address (Connection *self, const char *address)
{
    const char *colon = strrchr (address, ':');

    if (colon == NULL) {
        fprintf (stderr, "caller: %s: want HOST:PORT\n", address);
        exit (2);
    }
    self->host = g_strndup (address, (gsize)(colon - address));
    self->port = (guint)strtoul (colon + 1, NULL, 10);
}

int
main (int argc, char **argv)
{
    CallerOptions options;
    CallerCount *counts;
    Connection *connections;
    GThread **threads;
    char **addresses;
    guint n;

    caller_options_parse (&options, &argc, &argv);
    if (!g_str_equal (options.protocol, "framed")) {
        fprintf (stderr, "caller: c_glib does not speak %s\n", options.protocol);
        return 2;
    }
    signal (SIGPIPE, SIG_IGN);
    thrift_ssl_socket_initialize_openssl ();
    n = (guint)options.at_once;
    counts = g_new0 (CallerCount, n);
    connections = g_new0 (Connection, n);
    threads = g_new0 (GThread *, n);
    addresses = g_strsplit (options.addresses, ",", 0);
    for (guint i = 0; i < n; i++) {
        connections[i].options = &options;
        connections[i].count = &counts[i];
        set_address (&connections[i], addresses[i % g_strv_length (addresses)]);
        threads[i] = g_thread_new ("caller", run_connection, &connections[i]);
    }
    caller_wait (&options);
    for (guint i = 0; i < n; i++)
        g_thread_join (threads[i]);
    return caller_report (counts, n);
}
