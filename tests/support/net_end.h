/* Both ends of a connection on one loop, for tests of streams: what an end does with its events is
 * set in fields, what happened is counted there. Tests run on a fiber, so that they can wait. */
#pragma once

#include "fiber/fiber.h"
#include "net/tcp.h"

G_BEGIN_DECLS

typedef enum { NET_NEVER, NET_OPENED, NET_INPUT, NET_DRAINED, NET_CLOSED } NetMoment;

/**
 * NetEnd:
 * @echo: sends back what it receives
 * @keep: consumes nothing
 * @want: asks for so many bytes with each input
 * @free_at: frees the stream in this event
 * @close_at: closes it in this event
 * @pause_at: pauses it in this event
 * @received: (owned): what was consumed
 * @longest: what was seen at once at most
 */
typedef struct {
    DunlinStream *stream;
    gboolean echo;
    gboolean keep;
    gsize want;
    NetMoment free_at;
    NetMoment close_at;
    NetMoment pause_at;

    GByteArray *received;
    gsize longest;
    guint n_opened;
    guint n_input;
    guint n_drained;
    guint n_closed;
    GError *reason;
} NetEnd;

typedef struct Net Net;
typedef DunlinTransport *(*NetWrap) (int fd, DunlinPeer *peer, gpointer data);

struct Net {
    DunlinLoop *loop;
    DunlinListener *listener;
    NetWrap wrap_server; /* %NULL: plain */
    NetWrap wrap_client;
    gpointer data;
    NetEnd server; /* of the latest connection */
    NetEnd client;
    guint n_accepted;
};

/* Runs @body on a fiber of a new loop, with a listener that answers as @net's fields say. */
void net_run (void (*body) (Net *net), NetWrap wrap_server, NetWrap wrap_client, gpointer data);

/* A second connection begins with fresh ends. */
void net_reset (Net *net);
/* Connects @net's client end, a stream. */
void net_connect (Net *net);
/* Returns: (transfer full): a plain non-blocking socket to the listener, accepted by net->server.
 */
int net_connect_raw (Net *net);
/* Connected and open on both ends. */
void net_open (Net *net);

void net_send (NetEnd *end, const void *data, gsize n);
void net_send_raw (int fd, const void *data, gsize n);
/* Returns: (transfer full): all until the peer's end of data, or its first @n bytes. */
GByteArray *net_read_raw (int fd, gsize n);
/* Whether the socket got a reset rather than an orderly end. */
gboolean net_was_reset (int fd);
void net_free (NetEnd *end);

/* Bytes that differ everywhere: a shifted or repeated block is seen. */
GByteArray *net_pattern (gsize n);

void net_assert_same (const GByteArray *got, const GByteArray *expected);
void net_assert_text (const GByteArray *got, const char *expected);
/* What @end's owner has left unconsumed. */
void net_assert_left (NetEnd *end, const char *expected);

/* For net_until(): lets the loop turn; aborts the test past @deadline. */
void net_wait (const char *what, gint64 deadline);

#define NET_PATIENCE (60 * G_USEC_PER_SEC)

#define net_until(condition)                                                                       \
    G_STMT_START                                                                                   \
    {                                                                                              \
        gint64 net_deadline_ = dunlin_clock_now () + NET_PATIENCE;                                 \
        while (!(condition))                                                                       \
            net_wait (#condition, net_deadline_);                                                  \
    }                                                                                              \
    G_STMT_END

G_END_DECLS
