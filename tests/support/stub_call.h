/* A call for generated stubs without a server: arguments from a buffer, the reply to another. It
 * stands in for rpc/call's half of rpc/stub.h, so a program includes this or links that. */
#pragma once

#include "rpc/stub.h"
#include "wire/payload.h"

/**
 * DunlinCall:
 * @replies: how often a reply was begun
 * @declared: (nullable): the exception that was declared
 */
struct DunlinCall {
    ThriftProtocol *reader;
    ThriftProtocol *writer;
    DunlinBuffer in;
    DunlinBuffer out;
    int replies;
    const char *declared;
};

ThriftProtocol *
dunlin_stub_input (DunlinCall *call)
{
    return call->reader;
}

gboolean
dunlin_stub_arguments_end (DunlinCall *call, GError **error)
{
    return dunlin_payload_check (call->reader, error);
}

ThriftProtocol *
dunlin_stub_reply (DunlinCall *call)
{
    call->replies++;
    dunlin_buffer_truncate (&call->out, 0);
    return call->writer;
}

void
dunlin_stub_declared (DunlinCall *call, const char *exception)
{
    call->declared = exception;
}

static inline void
stub_call_init (DunlinCall *call, DunlinEncoding encoding)
{
    *call = (DunlinCall){ .reader = dunlin_payload_new (encoding, NULL),
                          .writer = dunlin_payload_new (encoding, NULL) };
    dunlin_payload_set_output (call->writer, &call->out);
}

static inline void
stub_call_clear (DunlinCall *call)
{
    g_object_unref (call->reader);
    g_object_unref (call->writer);
    dunlin_buffer_clear (&call->in);
    dunlin_buffer_clear (&call->out);
}

/* To write the arguments to, from their struct on. */
static inline ThriftProtocol *
stub_call_arguments (DunlinCall *call)
{
    dunlin_buffer_truncate (&call->in, 0);
    dunlin_payload_set_output (call->reader, &call->in);
    return call->reader;
}

static inline DunlinStubOutcome
stub_call_run (DunlinCall *call, DunlinStub stub, GObject *handler, GError **error)
{
    call->replies = 0;
    call->declared = NULL;
    dunlin_buffer_truncate (&call->out, 0);
    dunlin_payload_set_output (call->writer, &call->out);
    dunlin_payload_set_input (call->reader, dunlin_buffer_bytes (&call->in),
                              dunlin_buffer_length (&call->in));
    return stub (call, handler, error);
}
