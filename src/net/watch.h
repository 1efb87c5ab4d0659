/* What a stream waits for on its socket: one libevent event that is changed only when it must be,
 * since each change costs system calls. */
#pragma once

#include "loop/loop.h"

#include <event2/event_struct.h>

G_BEGIN_DECLS

typedef enum {
    DUNLIN_WATCH_NOTHING,
    DUNLIN_WATCH_READ,
    DUNLIN_WATCH_READ_WRITE,
    DUNLIN_WATCH_WRITE,
    DUNLIN_WATCH_WRITE_HANGUP,
    DUNLIN_WATCH_HANGUP,
    DUNLIN_N_WATCH_MODES
} DunlinWatchMode;

/* What has happened, as flags. Errors count as readable and writable: the next try tells which. */
enum { DUNLIN_READABLE = 1, DUNLIN_WRITABLE = 2, DUNLIN_HANGUP = 4 };

typedef void (*DunlinWatchFunc) (gpointer data, guint happened);

typedef struct {
    struct event event;
    DunlinLoop *loop; /* borrowed: outlives its streams */
    int fd;           /* borrowed: the stream's */
    DunlinWatchMode mode;
    DunlinWatchFunc func;
    gpointer data;
} DunlinWatch;

void dunlin_watch_init (DunlinWatch *self, DunlinLoop *loop, int fd, DunlinWatchFunc func,
                        gpointer data);
/* Returns: FALSE when the kernel has no room for it: nothing is watched then. */
gboolean dunlin_watch_set (DunlinWatch *self, DunlinWatchMode mode);

/* Asks the kernel now. */
gboolean dunlin_watch_has_hung_up (DunlinWatch *self);

G_END_DECLS
