/* The bytes of the calls and of the only right answers to them. */
#pragma once

#include "bench/load/options.h"
#include "bench/wire/link.h"

/**
 * LoadMessages:
 * @request: (owned): one call, with its frame
 * @request_id: where its number is: the sequence id, or mux's tag
 * @reply: (owned): the Thrift message of the right answer
 * @reply_id: where the sequence id is in it
 * @put: (owned): stores what get() gets
 */
typedef struct {
    LoadProtocol protocol;
    GByteArray *request;
    gsize request_id;
    GByteArray *reply;
    gsize reply_id;
    GByteArray *put;
} LoadMessages;

void load_messages_init (LoadMessages *self, const LoadOptions *options);
void load_messages_clear (LoadMessages *self);

/* Returns: (transfer full): what opens a TTwitter connection; %NULL for the other protocols. */
GByteArray *load_upgrade (LoadProtocol protocol);

/* Writes @id into a copy of the request at @to, which has its length. */
void load_request_write (const LoadMessages *self, guint8 *to, guint32 id);

/**
 * load_reply_id:
 * @frame: without its size
 *
 * Returns: the number that a reply bears, or -1 when it has none.
 */
gint64 load_reply_id (const LoadMessages *self, const guint8 *frame, gsize n);

/* Returns: %NULL when it is the right answer to the call @id, else what is wrong; static. */
const char *load_reply_check (const LoadMessages *self, const guint8 *frame, gsize n, guint32 id);

/* Whether it is an answer to the upgrade or to put() that says yes. */
gboolean load_is_reply (LoadProtocol protocol, gboolean has_header, const guint8 *frame, gsize n);
