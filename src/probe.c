/* The self-probe: resolve, connect, TLS, ping. */
#include "probe.h"

#include <arpa/inet.h>
#include <netdb.h>

#include "fiber/offload.h"
#include "net/tcp.h"
#include "net/tls.h"
#include "wire/message.h"

#define PING     "ping"
#define SEQUENCE 1

typedef struct {
    DunlinFiber *fiber; /* borrowed: waits for us */
    gboolean opened;
    gboolean answered;
    gboolean closed;
    GError *error; /* owned */
} Probe;

typedef struct {
    const char *host;
    char address[INET6_ADDRSTRLEN];
    int failure; /* of getaddrinfo() */
} Lookup;

static void
look_up (gpointer data)
{
    Lookup *lookup = data;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
    struct addrinfo *found = NULL;

    lookup->failure = getaddrinfo (lookup->host, NULL, &hints, &found);
    if (lookup->failure != 0)
        return;
    getnameinfo (found->ai_addr, found->ai_addrlen, lookup->address, sizeof lookup->address, NULL,
                 0, NI_NUMERICHOST);
    freeaddrinfo (found);
}

static void
send_ping (DunlinStream *stream)
{
    DunlinBuffer *outbox = dunlin_stream_outbox (stream);
    DunlinMessageHeader header = { .name = PING,
                                   .name_length = strlen (PING),
                                   .type = DUNLIN_MESSAGE_CALL,
                                   .seqid = SEQUENCE,
                                   .encoding = DUNLIN_ENCODING_BINARY,
                                   .strict = TRUE };
    gsize mark = dunlin_buffer_length (outbox);

    dunlin_buffer_u32 (outbox, 0);
    dunlin_message_write (outbox, &header);
    dunlin_buffer_u8 (outbox, 0); /* no arguments */
    dunlin_buffer_patch_u32 (outbox, mark, (guint32)(dunlin_buffer_length (outbox) - mark - 4));
    dunlin_stream_flush_later (stream);
}

static void
on_opened (DunlinStream *stream, gpointer owner)
{
    ((Probe *)owner)->opened = TRUE;
    send_ping (stream);
}

/* Any answer to our sequence id will do, a result as well as "unknown method". */
static void
on_input (DunlinStream *stream, gpointer owner)
{
    Probe *self = owner;
    DunlinMessageHeader header;
    gsize length;
    gsize used;
    const guint8 *data = dunlin_stream_peek (stream, &length);

    if (length < 4 || dunlin_message_parse (data + 4, length - 4, DUNLIN_ENCODING_BINARY, &header,
                                            &used, NULL) != DUNLIN_COMPLETE)
        return;
    self->answered = header.seqid == SEQUENCE;
    dunlin_fiber_wake (self->fiber);
}

static void
on_closed (DunlinStream *stream, const GError *reason, gpointer owner)
{
    Probe *self = owner;

    self->closed = TRUE;
    if (reason != NULL && self->error == NULL)
        self->error = g_error_copy (reason);
    dunlin_fiber_wake (self->fiber);
}

static const DunlinStreamEvents events = { .opened = on_opened,
                                           .input = on_input,
                                           .closed = on_closed };

static gboolean
resolve (Lookup *lookup, GError **error)
{
    if (!dunlin_offload (look_up, lookup, error))
        return FALSE;
    if (lookup->failure == 0)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "the advertised host '%s' cannot be resolved (%s): set zookeeper.advertise to a "
                 "name or address that callers can reach",
                 lookup->host, gai_strerror (lookup->failure));
    return FALSE;
}

static DunlinStream *
open_stream (Probe *self, const char *address, guint16 port, DunlinCredentials *credentials,
             GError **error)
{
    g_autofree char *name = g_strdup_printf ("%s:%u", address, port);
    int fd = dunlin_tcp_connect (address, port, error);
    DunlinPeer *peer;

    if (fd < 0)
        return NULL;
    peer = dunlin_peer_new (name);
    /* Callers decide themselves which name they expect in the certificate: only the chain. */
    return dunlin_stream_new (fd,
                              credentials != NULL
                                  ? dunlin_tls_client_transport_new (fd, credentials, NULL, peer)
                                  : dunlin_tcp_transport_new (fd),
                              peer, &events, self);
}

/* TRUE when the answer came, or all that a certificate without the client's role can get. */
static gboolean
judge (Probe *self, DunlinCredentials *credentials, GError **error)
{
    if (self->answered)
        return TRUE;
    if (self->opened && credentials != NULL && !dunlin_credentials_may_act_as_client (credentials))
        return TRUE;
    if (self->error != NULL)
        g_propagate_error (error, g_steal_pointer (&self->error));
    else
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE,
                     self->opened ? "the connection was closed without an answer to ping"
                                  : "the connection was closed during the handshake");
    return FALSE;
}

gboolean
dunlin_probe (const char *host, guint16 port, DunlinCredentials *credentials, gint64 deadline,
              GError **error)
{
    Probe self = { .fiber = dunlin_fiber_self () };
    Lookup lookup = { .host = host };
    g_autoptr (GError) reason = NULL;
    gboolean well = FALSE;
    DunlinStream *stream = NULL;

    if (resolve (&lookup, &reason))
        stream = open_stream (&self, lookup.address, port, credentials, &reason);
    if (stream != NULL) {
        while (!self.answered && !self.closed && dunlin_fiber_park (deadline, &reason))
            ;
        if (reason == NULL)
            well = judge (&self, credentials, &reason);
        dunlin_stream_free (stream);
    }
    g_clear_error (&self.error);
    if (!well)
        g_propagate_prefixed_error (error, g_steal_pointer (&reason),
                                    "the advertised address %s:%u does not answer: ", host, port);
    return well;
}
