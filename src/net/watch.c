/* One event on a socket, and its modes. */
#include "net/watch.h"

#include <event2/event.h>
#include <poll.h>

/* HANGUP alone is edge-triggered: without EV_READ libevent has nobody to tell of a reset
 * connection, and level-triggered it would spin. EV_WRITE is there for its sake. */
static const short flags[DUNLIN_N_WATCH_MODES] = {
    [DUNLIN_WATCH_READ] = EV_READ | EV_PERSIST,
    [DUNLIN_WATCH_READ_WRITE] = EV_READ | EV_WRITE | EV_PERSIST,
    [DUNLIN_WATCH_WRITE] = EV_WRITE | EV_PERSIST,
    [DUNLIN_WATCH_WRITE_HANGUP] = EV_WRITE | EV_CLOSED | EV_PERSIST,
    [DUNLIN_WATCH_HANGUP] = EV_WRITE | EV_CLOSED | EV_ET | EV_PERSIST,
};

gboolean
dunlin_watch_has_hung_up (DunlinWatch *self)
{
    struct pollfd poll_fd = { .fd = self->fd, .events = POLLRDHUP };

    return poll (&poll_fd, 1, 0) == 1;
}

static void
tell (DunlinWatch *self, short what)
{
    guint happened = 0;

    if (self->mode == DUNLIN_WATCH_HANGUP) {
        if (dunlin_watch_has_hung_up (self))
            self->func (self->data, DUNLIN_HANGUP);
        return;
    }
    if (what & EV_READ)
        happened |= DUNLIN_READABLE;
    if (what & EV_WRITE)
        happened |= DUNLIN_WRITABLE;
    if (what & EV_CLOSED)
        happened |= DUNLIN_HANGUP;
    self->func (self->data, happened);
}

static void
on_event (evutil_socket_t fd, short what, void *data)
{
    DunlinWatch *self = data;
    DunlinLoop *loop = self->loop;

    tell (self, what); /* @self may be gone then */
    dunlin_loop_settle (loop);
}

void
dunlin_watch_init (DunlinWatch *self, DunlinLoop *loop, int fd, DunlinWatchFunc func, gpointer data)
{
    self->loop = loop;
    self->fd = fd;
    self->mode = DUNLIN_WATCH_NOTHING;
    self->func = func;
    self->data = data;
}

gboolean
dunlin_watch_set (DunlinWatch *self, DunlinWatchMode mode)
{
    if (mode == self->mode)
        return TRUE;
    if (self->mode != DUNLIN_WATCH_NOTHING)
        event_del (&self->event);
    self->mode = DUNLIN_WATCH_NOTHING;
    if (mode == DUNLIN_WATCH_NOTHING)
        return TRUE;
    event_assign (&self->event, dunlin_loop_event_base (self->loop), self->fd, flags[mode],
                  on_event, self);
    if (event_add (&self->event, NULL) != 0)
        return FALSE;
    self->mode = mode;
    return TRUE;
}
