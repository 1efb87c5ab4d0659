/* What generated stubs are made of, and what they tell rpc/dispatch. Included by gen/ only. */
#pragma once

#include <glib-object.h>
#include <thrift/c_glib/protocol/thrift_protocol.h>

G_BEGIN_DECLS

typedef struct DunlinCall DunlinCall;

/**
 * DunlinStubOutcome:
 * @DUNLIN_STUB_BAD_ARGUMENTS: the arguments could not be read; the handler was not called
 * @DUNLIN_STUB_OK: a result was written (nothing for a oneway method)
 * @DUNLIN_STUB_DECLARED: a declared exception was written
 * @DUNLIN_STUB_FAILED: the handler failed; nothing was written
 * @DUNLIN_STUB_NO_RESULT: the handler returned TRUE without a result; nothing was written
 * @DUNLIN_STUB_BAD_RESULT: the result could not be written; what was written is to be dropped
 */
typedef enum {
    DUNLIN_STUB_BAD_ARGUMENTS,
    DUNLIN_STUB_OK,
    DUNLIN_STUB_DECLARED,
    DUNLIN_STUB_FAILED,
    DUNLIN_STUB_NO_RESULT,
    DUNLIN_STUB_BAD_RESULT
} DunlinStubOutcome;

/**
 * DunlinStub:
 * @handler: an instance of the generated handler class (or of a subclass)
 *
 * Reads the arguments, calls the handler's class function, writes the result. The message headers
 * are not its business: before it runs, the input stands at the arguments' struct.
 */
typedef DunlinStubOutcome (*DunlinStub) (DunlinCall *call, GObject *handler, GError **error);

/* The protocol to read the arguments from. Belongs to the loop: not to be used after
 * dunlin_stub_arguments_end(). */
ThriftProtocol *dunlin_stub_input (DunlinCall *call);

/* After the arguments' struct: reads the message's end. FALSE with @error when anything read
 * before was malformed (a decoder that failed had been giving empty values since). */
gboolean dunlin_stub_arguments_end (DunlinCall *call, GError **error);

/* Begins the reply (its header is written) and gives the protocol to write the result struct to.
 * From here to the stub's return nothing may wait. */
ThriftProtocol *dunlin_stub_reply (DunlinCall *call);

/* Notes which declared exception is written, by the name of its type; static text. */
void dunlin_stub_declared (DunlinCall *call, const char *exception);

G_END_DECLS
