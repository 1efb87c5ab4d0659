/* A call on its way: what goes along with it, and how much time it has. Internal to client/. */
#pragma once

#include "client/client_loop.h"
#include "client/request.h"

G_BEGIN_DECLS

/**
 * DunlinOutgoing:
 * @context: (owned): for every try, but for what is set anew for each
 * @deadline: until when it is waited for
 * @told: the deadline that goes along: a little earlier where our own caller ends the call, since
 *   that is to see its own time-out and not ours
 * @acquire_by: until when addresses and connections are waited for
 * @is_own_deadline: @deadline is the client's own timeout, not its caller's
 */
typedef struct {
    DunlinClientLoop *home;
    const DunlinRequest *request;
    DunlinContext context;
    gint64 began;
    gint64 deadline;
    gint64 told;
    gint64 acquire_by;
    gboolean is_own_deadline;
    gboolean idempotent;
} DunlinOutgoing;

/* For the call that the fiber runs for, if any. */
void dunlin_outgoing_init (DunlinOutgoing *self, DunlinClientLoop *home,
                           const DunlinRequest *request);
void dunlin_outgoing_clear (DunlinOutgoing *self);

/* Until when a try may go on that began at @started and was sent at @sent_at; 0: it has no
 * connection yet. */
gint64 dunlin_outgoing_try_until (const DunlinOutgoing *self, gint64 started, gint64 sent_at);

/* What goes along with a try that begins now. Returns: to be used as long as @self is. */
DunlinContext dunlin_outgoing_try_context (const DunlinOutgoing *self, guint requeues, gint64 now);

G_END_DECLS
