/* One try of a call on one address: what is sent, what came back, and how sure one can be that the
 * server has not run it. Lives on the stack of the fiber that waits for it. Internal to client/. */
#pragma once

#include "base/error.h"
#include "fiber/fiber.h"
#include "wire/context.h"
#include "wire/message.h"

G_BEGIN_DECLS

typedef struct DunlinExchange DunlinExchange;
typedef struct DunlinChannel DunlinChannel;
typedef struct DunlinEndpoint DunlinEndpoint;

/* How it ended. What decides whether the call may be sent again. */
typedef enum {
    DUNLIN_EXCHANGE_RUNNING,
    DUNLIN_EXCHANGE_ANSWERED, /* a result or an exception */
    DUNLIN_EXCHANGE_NOT_SENT, /* nothing of it left: it may go elsewhere */
    DUNLIN_EXCHANGE_REFUSED,  /* the server says that it has not run it: likewise */
    DUNLIN_EXCHANGE_REJECTED, /* likewise, and asks for no other try */
    DUNLIN_EXCHANGE_LOST,     /* sent, and no answer will come: it may have run */
    DUNLIN_EXCHANGE_FAILED    /* the server's answer is an error, or makes no sense */
} DunlinExchangeEnd;

/**
 * DunlinExchange:
 * @method: the method's name as it is sent; "Service:method" for one of several services
 * @arguments: the arguments' struct
 * @context: (borrowed): goes along where the protocol can
 * @idempotent: may be run twice: is given up early when its connection falls silent
 * @tell_sent: wake @fiber when it is sent, too: its time begins there
 * @fiber: (borrowed): woken at the end
 * @previous: in the list of the endpoint's waiting ones, or of the channel's
 * @endpoint: (borrowed) (nullable): who has it while it waits for a channel
 * @channel: (borrowed) (nullable): who has it while it is on its way
 * @sequence: the message's sequence id, checked against the reply's
 * @sent_at: loop time; 0: not sent
 * @error: (owned): why it did not end well
 * @reply: (owned): the whole reply message; its body begins at @reply_body
 */
struct DunlinExchange {
    const char *method;
    gsize method_length;
    DunlinSlice arguments;
    DunlinEncoding encoding;
    gboolean oneway;
    gboolean idempotent;
    gboolean tell_sent;
    const DunlinContext *context;
    DunlinFiber *fiber;

    DunlinExchange *previous;
    DunlinExchange *next;
    DunlinEndpoint *endpoint;
    DunlinChannel *channel;
    guint32 tag;
    gint32 sequence;
    gint64 sent_at;
    gint64 ended_at;

    DunlinExchangeEnd end;
    GError *error;
    DunlinMessageType reply_type;
    DunlinBuffer reply;
    gsize reply_body;
    const char *protocol; /* static: of the channel it went over */
    gpointer user;        /* borrowed: whom it goes to */
    gboolean given_up;    /* by the caller, or for want of time */
};

/* A list of exchanges in which each can leave by itself. */
typedef struct {
    DunlinExchange *first;
    DunlinExchange *last;
    guint n;
} DunlinExchangeList;

void dunlin_exchange_list_append (DunlinExchangeList *self, DunlinExchange *exchange);
void dunlin_exchange_list_remove (DunlinExchangeList *self, DunlinExchange *exchange);

/* Writes the Thrift message. */
void dunlin_exchange_write (const DunlinExchange *self, DunlinBuffer *to);

/**
 * dunlin_exchange_answer:
 * @message: the Thrift message that came back, borrowed
 *
 * Checks that it answers this call, and keeps it.
 *
 * Returns: FALSE with MALFORMED when it does not; @self is unchanged.
 */
gboolean dunlin_exchange_answer (DunlinExchange *self, DunlinSlice message, GError **error);

/* The end, once: wakes the fiber. @error: (transfer full) (nullable) */
void dunlin_exchange_finish (DunlinExchange *self, DunlinExchangeEnd end, GError *error);

/* The reply's body. */
static inline DunlinSlice
dunlin_exchange_body (const DunlinExchange *self)
{
    return dunlin_slice (dunlin_buffer_bytes (&self->reply) + self->reply_body,
                         dunlin_buffer_length (&self->reply) - self->reply_body);
}

/* Frees what it holds; it must be in no list. */
void dunlin_exchange_clear (DunlinExchange *self);

G_END_DECLS
