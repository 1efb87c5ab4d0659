/* What rpc keeps once a loop: pools and protocol objects, so that calls need none of their own. */
#pragma once

#include "base/access_log.h"
#include "rpc/call.h"

G_BEGIN_DECLS

/* Decoding and encoding never wait, so one protocol object of each kind serves all of a loop's
 * calls. */
typedef struct {
    DunlinCall *free_calls;
    guint n_free_calls;
    ThriftProtocol *readers[2];        /* owned; by DunlinEncoding */
    ThriftProtocol *writers[2];        /* owned; by DunlinEncoding */
    DunlinBuffer trash;                /* replies that nobody waits for */
    DunlinAccessWriter *access_writer; /* owned, nullable: filter_access_log.c */
    DunlinDeferred access_flush;
    DunlinTimer *access_timer; /* owned, nullable */
    gint64 access_flushed;     /* loop time */
    gint64 wall_read;          /* loop time when @wall_ns was read: dispatch.c */
    gint64 wall_ns;
    int limit_credits; /* calls that the loop may start without asking: filter_limit.c */
} DunlinRpcLoop;

/* Returns: (transfer none): the current loop's. */
DunlinRpcLoop *dunlin_rpc_loop (void);

/* The loop's protocol objects in the call's encoding. Free for use whenever nothing else is being
 * read or written, which is always so outside of a stub. */
ThriftProtocol *dunlin_rpc_reader (DunlinCall *call);
ThriftProtocol *dunlin_rpc_writer (DunlinCall *call);

G_END_DECLS
