/* How a call's outcome becomes a Thrift message on its wire. Internal to rpc. */
#pragma once

#include "rpc/call.h"

G_BEGIN_DECLS

/* Begins a reply: the session's frame and the message's header.
 * Returns: (transfer none): where the result struct goes. */
DunlinBuffer *dunlin_reply_begin (DunlinCall *call, DunlinMessageType type);

/* After the stub: sends or drops what it wrote, and notes the outcome. @error: (transfer full) */
void dunlin_reply_finish (DunlinCall *call, DunlinStubOutcome outcome, GError *error);

/* Answers a failed call: a nack where the wire has one and the call was not run, otherwise a
 * TApplicationException whose text tells nothing of our insides. */
void dunlin_reply_error (DunlinCall *call);

G_END_DECLS
