/* A server that says what a test wants: a listener whose connections a function serves, byte by
 * byte, on a thread of its own; and ThriftMux's first words for it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct FakeServer FakeServer;

/* @fd: a blocking socket, closed when this returns; @n: counts connections from 0 */
typedef void (*FakeServe) (int fd, guint n, gpointer data);

/* Serves one connection after the other. */
FakeServer *fake_server_new (FakeServe serve, gpointer data);
guint16 fake_server_port (FakeServer *self);
guint fake_server_n_connections (FakeServer *self);
/* Ends what is being served by closing its socket, and waits for it. */
void fake_server_free (FakeServer *self);

/* The first words of a mux session, until the client's first ping is answered. @init: (nullable):
 * the headers of our Rinit, in test_bytes()'s form */
void fake_mux_open (int fd, const char *init);

/* Returns: (transfer full): the next frame that is no ping (those are answered); %NULL when the
 * client has closed. */
GByteArray *fake_mux_receive (int fd);

/* Of a Tdispatch: its tag, and the Thrift message's sequence id. */
guint32 fake_mux_tag (const GByteArray *frame);
guint32 fake_sequence (const GByteArray *frame, const char *method);

/* Answers "pong" to a ping() that came as @frame, with @tag and @sequence. */
void fake_mux_pong (int fd, guint32 tag, guint32 sequence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeServer, fake_server_free)

G_END_DECLS
