/* The server's part on one data loop: its sessions, the handshakes that wait, the sweep that
 * enforces every time limit with one timer. Internal to server/. */
#pragma once

#include "server/server.h"

G_BEGIN_DECLS

typedef struct DunlinServerLoop DunlinServerLoop;
struct DunlinSession;

DunlinServerLoop *dunlin_server_loop_new (const DunlinServerConfig *config, DunlinLoop *loop);
void dunlin_server_loop_free (DunlinServerLoop *self);

const DunlinServerConfig *dunlin_server_loop_config (DunlinServerLoop *self);

/* From the accepting thread: hands a connection over. */
void dunlin_server_loop_give (DunlinServerLoop *self, int fd, DunlinPeer *peer);
/* Connections it has or was given. From any thread. */
guint dunlin_server_loop_n_sessions (DunlinServerLoop *self);

/* From the control loop: @done is called on this loop when all sessions have ended. */
void dunlin_server_loop_drain (DunlinServerLoop *self, gint64 deadline, DunlinLoopFunc done,
                               gpointer data);

/* For sessions, on the loop. */
void dunlin_server_loop_add (DunlinServerLoop *self, struct DunlinSession *session);
void dunlin_server_loop_remove (DunlinServerLoop *self, struct DunlinSession *session);
void dunlin_server_loop_handshake_ended (DunlinServerLoop *self);

G_END_DECLS
