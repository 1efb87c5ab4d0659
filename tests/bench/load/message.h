/* The bytes of a call and of the only right answer to it, built once. */
#pragma once

#include "bench/load/options.h"

/* What the sequence id is over mux, where the tag tells calls apart. */
#define LOAD_MUX_SEQID 0

/**
 * LoadMessage:
 * @request: (owned): one call, with its frame
 * @request_id: where its number is: the sequence id, or mux's tag
 * @reply: (owned): the Thrift message of the right answer
 * @reply_id: where the sequence id is in it
 */
typedef struct {
    LoadProtocol protocol;
    GByteArray *request;
    gsize request_id;
    GByteArray *reply;
    gsize reply_id;
} LoadMessage;

/* @argument: bytes of an echo, milliseconds of a sleep */
void load_message_init (LoadMessage *self, LoadProtocol protocol, LoadMethod method,
                        gsize argument);
void load_message_clear (LoadMessage *self);

/* Writes a copy of the request with the number @id to @to, which has its length. */
void load_message_write (const LoadMessage *self, guint8 *to, guint32 id);
