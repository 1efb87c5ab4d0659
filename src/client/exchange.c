/* One try of a call: its message out, its reply in. */
#include "client/exchange.h"

#include "loop/loop.h"

#include <string.h>

void
dunlin_exchange_list_append (DunlinExchangeList *self, DunlinExchange *exchange)
{
    exchange->previous = self->last;
    exchange->next = NULL;
    if (self->last != NULL)
        self->last->next = exchange;
    else
        self->first = exchange;
    self->last = exchange;
    self->n++;
}

void
dunlin_exchange_list_remove (DunlinExchangeList *self, DunlinExchange *exchange)
{
    if (exchange->previous != NULL)
        exchange->previous->next = exchange->next;
    else
        self->first = exchange->next;
    if (exchange->next != NULL)
        exchange->next->previous = exchange->previous;
    else
        self->last = exchange->previous;
    exchange->previous = exchange->next = NULL;
    self->n--;
}

void
dunlin_exchange_write (const DunlinExchange *self, DunlinBuffer *to)
{
    DunlinMessageHeader header = { .name = self->method,
                                   .name_length = self->method_length,
                                   .type =
                                       self->oneway ? DUNLIN_MESSAGE_ONEWAY : DUNLIN_MESSAGE_CALL,
                                   .seqid = self->sequence,
                                   .encoding = self->encoding,
                                   .strict = TRUE };

    dunlin_message_write (to, &header);
    dunlin_buffer_append (to, self->arguments.data, self->arguments.length);
}

/* A multiplexed server answers with the bare method's name. */
static gboolean
is_our_method (const DunlinExchange *self, const DunlinMessageHeader *header)
{
    const char *name = self->method;
    gsize length = self->method_length;
    const char *colon = memchr (name, ':', length);

    if (header->name_length == length && memcmp (header->name, name, length) == 0)
        return TRUE;
    if (colon == NULL)
        return FALSE;
    length -= (gsize)(colon + 1 - name);
    return header->name_length == length && memcmp (header->name, colon + 1, length) == 0;
}

static gboolean
check_header (const DunlinExchange *self, const DunlinMessageHeader *header, GError **error)
{
    if (header->type != DUNLIN_MESSAGE_REPLY && header->type != DUNLIN_MESSAGE_EXCEPTION) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "the answer is of message type %d, neither a reply nor an exception",
                     header->type);
        return FALSE;
    }
    if (header->seqid != self->sequence) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "the answer has the sequence id %d, the call has %d", header->seqid,
                     self->sequence);
        return FALSE;
    }
    /* Where a server cannot even read the call, its exception may lack the name. */
    if (is_our_method (self, header) || header->type == DUNLIN_MESSAGE_EXCEPTION)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                 "the answer is one to another method than %.*s", (int)self->method_length,
                 self->method);
    return FALSE;
}

gboolean
dunlin_exchange_answer (DunlinExchange *self, DunlinSlice message, GError **error)
{
    DunlinMessageHeader header;
    gsize used;

    if (!dunlin_message_read (message.data, message.length, self->encoding, &header, &used,
                              error) ||
        !check_header (self, &header, error))
        return FALSE;
    self->reply_type = header.type;
    self->reply_body = used;
    dunlin_buffer_append (&self->reply, message.data, message.length);
    return TRUE;
}

void
dunlin_exchange_finish (DunlinExchange *self, DunlinExchangeEnd end, GError *error)
{
    g_assert (self->end == DUNLIN_EXCHANGE_RUNNING);
    self->end = end;
    self->error = error;
    self->endpoint = NULL;
    self->channel = NULL;
    self->ended_at = dunlin_loop_now (dunlin_loop_current ());
    dunlin_fiber_wake (self->fiber);
}

void
dunlin_exchange_clear (DunlinExchange *self)
{
    g_clear_error (&self->error);
    dunlin_buffer_clear (&self->reply);
}
