/* A real server in the test's own process: loops on threads, a port on loopback; and a blocking
 * socket to talk to it byte by byte. */
#pragma once

#include "rpc/filters.h"
#include "server/server.h"

G_BEGIN_DECLS

typedef struct TestServer TestServer;

/**
 * TestServerOptions:
 *
 * Zero is the default of each: 2 loops, no TLS, 16 MiB frames, no limits, long times.
 */
typedef struct {
    guint n_loops;
    DunlinCredentials *credentials;
    gsize max_frame;
    int max_concurrency;
    guint max_handshakes;
    DunlinAccessLog *access_log;
    guint max_connections;
    gint64 read_timeout;
    gint64 handshake_timeout;
    gint64 idle_timeout;
    gint64 write_timeout;
    void (*add_filters) (DunlinChain *chain);
} TestServerOptions;

TestServer *test_server_new (const DunlinServiceInfo *service, GObject *handler,
                             const TestServerOptions *options);
guint16 test_server_port (TestServer *self);
guint test_server_n_sessions (TestServer *self);
/* The value of srv/test/@name, such as "requests": since the program's start, over all servers. */
gint64 test_server_stat (const char *name);
/* Begins to drain; test_server_wait_drained() waits for the end of it. */
void test_server_drain (TestServer *self, gint64 within);
void test_server_wait_drained (TestServer *self);
void test_server_free (TestServer *self);

/* A connected blocking socket with a receive time limit of 10 s. */
int test_connect (guint16 port);
void test_send (int fd, const void *data, gsize n);
/* Text of hexadecimal pairs, blanks ignored; "text" in double quotes as it is. */
void test_send_hex (int fd, const char *hex);
GByteArray *test_bytes (const char *hex);
/* The same as one frame: its 4 bytes of size go first. */
void test_send_frame (int fd, const char *hex);
/* Exactly @n bytes; fails the test when the peer closes before. */
GByteArray *test_receive (int fd, gsize n);
/* One frame: 4 bytes of size and so many; without the size. NULL when the peer closed. */
GByteArray *test_receive_frame (int fd);
/* Whether the peer closes (nothing more comes). */
gboolean test_is_closed (int fd);
/* Fails unless the next bytes are these. */
void test_expect_hex (int fd, const char *hex);
/* Fails unless the next frame is this; @hex as in test_send_frame(). */
void test_expect_frame (int fd, const char *hex);
/* Whether @text is in @bytes. */
gboolean test_has (const GByteArray *bytes, const char *text);
/* Spins (sleeping shortly) until @check gives TRUE; fails after 10 s with @what. */
void test_wait_for (gboolean (*check) (gpointer data), gpointer data, const char *what);

G_END_DECLS
