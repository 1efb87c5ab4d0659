/* A call: one request with its context and its outcome; the same whichever wire it came by.
 * Internal to the engine; handlers see it through the functions in dunlin.h. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "base/peer.h"
#include "fiber/fiber.h"
#include "dunlin.h"
#include "rpc/router.h"
#include "wire/context.h"
#include "wire/payload.h"

G_BEGIN_DECLS

/* How late a caller's own timer may be. A call that runs out of time is ended by its caller, who
 * says so; were we faster (Finagle's timers tick every 10 ms), it would see an exception of ours
 * instead of its own timeout. */
#define DUNLIN_CALLERS_TIMER_LATE (100 * G_TIME_SPAN_MILLISECOND)

typedef struct DunlinDispatcher DunlinDispatcher;

typedef enum {
    DUNLIN_OUTCOME_RUNNING,
    DUNLIN_OUTCOME_OK,
    DUNLIN_OUTCOME_DECLARED, /* a declared exception: a good reply to a bad request */
    DUNLIN_OUTCOME_FAILED    /* @error says why */
} DunlinOutcome;

/**
 * DunlinCallWire:
 * @protocol: for logs and handlers, such as "thriftmux"
 * @begin_reply: begins a frame; the Thrift message is appended to the buffer it returns
 * @end_reply: the message is complete
 * @abort_reply: drops what was written since begin_reply
 * @refuse: (nullable): the wire's own way to say "not run", where it has one
 * @finished: the call is over and is freed after this; a reply came before if there is one
 *
 * How a call speaks to its session. Nothing in it waits.
 */
typedef struct {
    const char *protocol;
    DunlinBuffer *(*begin_reply) (DunlinCall *call);
    void (*end_reply) (DunlinCall *call);
    void (*abort_reply) (DunlinCall *call);
    void (*refuse) (DunlinCall *call, const DunlinErrorRow *row);
    void (*finished) (DunlinCall *call);
} DunlinCallWire;

/**
 * DunlinCall:
 *
 * Made by a session, which fills what is marked (session), and given to dunlin_dispatch().
 */
struct DunlinCall {
    DunlinCall *next_free;
    DunlinDispatcher *dispatcher; /* borrowed: outlives every call */

    const DunlinCallWire *wire; /* (session) static table */
    const char *protocol;       /* (session) static: the wire's, kept when it is detached */
    gpointer session;           /* (session) borrowed: detaches its calls before it goes */
    guint32 tag;                /* (session) mux: the tag that is answered */
    guint32 kind;               /* (session) mux: the kind of message that is answered */
    gsize reply_mark;           /* (session) where its begin_reply began */
    DunlinCall *previous;       /* (session) in its list of running calls */
    DunlinCall *next;

    DunlinPeer *peer;        /* (session) borrowed from it until it detaches us */
    gboolean owns_peer;      /* detached: a reference of our own */
    DunlinContext context;   /* (session) borrowed slices until the first wait */
    DunlinEncoding encoding; /* (session) */
    gboolean strict;         /* (session) binary: header with version */
    const guint8 *body;      /* (session) the Thrift message; borrowed until the first wait */
    gsize body_length;       /* (session) */
    guint8 *owned_body;      /* owned: a copy of the body, made when the call had to wait */
    gsize body_offset;       /* where the arguments begin in the body */
    gint64 arrived;          /* (session) loop time, microseconds */
    gint64 arrived_wall_ns;  /* (session) 0: not asked yet */
    gint64 ended;            /* loop time, set by the stats filter */
    gint64 deadline;         /* (session) absolute, or DUNLIN_NEVER */

    const DunlinMethod *method; /* borrowed; NULL when there is no such method */
    char *unknown_name;         /* owned: the name when there is no such method */
    DunlinMessageType message_type;
    gint32 sequence;
    gsize request_bytes;
    gsize reply_bytes;

    DunlinFiber *fiber; /* borrowed: NULL before it starts */
    gboolean decoded;   /* the body is done with */
    gboolean replying;  /* between begin_reply and end_reply */
    gboolean replied;
    gboolean cancelled;
    gboolean bad_arguments; /* the failure is about the caller's bytes */
    gboolean expired;       /* refused because of its deadline, not run */
    gboolean no_result;     /* the failure is a handler that forgot its result */
    DunlinOutcome outcome;
    const char *declared; /* static: the declared exception's type */
    GError *error;        /* owned: why it failed; full text, never sent as it is */
};

/* Returns: (transfer full): an empty call of the current loop, from its pool. */
DunlinCall *dunlin_call_new (DunlinDispatcher *dispatcher);
void dunlin_call_free (DunlinCall *self);

/* The caller has gone or given up: its wire is silent from now on, the handler's waits fail. */
void dunlin_call_detach (DunlinCall *self);

/* Whether the caller waits for a reply; from the interface, not only from the message. */
gboolean dunlin_call_wants_reply (const DunlinCall *self);

/* Copies what is borrowed from the session's buffers. Before anything may wait. */
void dunlin_call_own (DunlinCall *self);

/* Static text or the caller's own word for it, escaped for logs. */
const char *dunlin_call_method_name (const DunlinCall *self);

G_END_DECLS
