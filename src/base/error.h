/* The one error domain, and the one table that says what each code means on every wire. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DUNLIN_ERROR (dunlin_error_quark ())

/**
 * DunlinError:
 * @DUNLIN_ERROR_CLOSED: the peer has gone
 * @DUNLIN_ERROR_DEADLINE: the time that the caller gave is over
 * @DUNLIN_ERROR_CANCELLED: the caller has given up, or the fiber was cancelled
 * @DUNLIN_ERROR_OVERLOADED: refused before any work was done: may be sent again elsewhere
 * @DUNLIN_ERROR_DENIED: the caller may not do this
 * @DUNLIN_ERROR_MALFORMED: the bytes are not what the protocol allows
 * @DUNLIN_ERROR_TOO_LARGE: a size is over its limit
 * @DUNLIN_ERROR_UNKNOWN_METHOD: the service has no such method
 * @DUNLIN_ERROR_UNAVAILABLE: something that is needed cannot be reached now
 * @DUNLIN_ERROR_SETTINGS: a setting is wrong; the process should stop with exit code 2
 * @DUNLIN_ERROR_INTERNAL: everything else
 *
 * A code exists only where a caller would act differently.
 */
typedef enum {
    DUNLIN_ERROR_CLOSED,
    DUNLIN_ERROR_DEADLINE,
    DUNLIN_ERROR_CANCELLED,
    DUNLIN_ERROR_OVERLOADED,
    DUNLIN_ERROR_DENIED,
    DUNLIN_ERROR_MALFORMED,
    DUNLIN_ERROR_TOO_LARGE,
    DUNLIN_ERROR_UNKNOWN_METHOD,
    DUNLIN_ERROR_UNAVAILABLE,
    DUNLIN_ERROR_SETTINGS,
    DUNLIN_ERROR_INTERNAL,
    DUNLIN_N_ERRORS
} DunlinError;

/* TApplicationException types that Finagle's clients know (Thrift 0.10's TApplicationException). */
enum {
    DUNLIN_TAPP_UNKNOWN = 0,
    DUNLIN_TAPP_UNKNOWN_METHOD = 1,
    DUNLIN_TAPP_INVALID_MESSAGE_TYPE = 2,
    DUNLIN_TAPP_WRONG_METHOD_NAME = 3,
    DUNLIN_TAPP_BAD_SEQUENCE_ID = 4,
    DUNLIN_TAPP_MISSING_RESULT = 5,
    DUNLIN_TAPP_INTERNAL_ERROR = 6,
    DUNLIN_TAPP_PROTOCOL_ERROR = 7
};

/* MuxFailure flags, carried in a reply's context (finagle-mux transport/MuxFailure.scala). */
enum {
    DUNLIN_MUX_FAILURE_RETRYABLE = 1,
    DUNLIN_MUX_FAILURE_REJECTED = 2,
    DUNLIN_MUX_FAILURE_NON_RETRYABLE = 4
};

/**
 * DunlinErrorRow:
 * @name: the code in lower case, as metrics and logs write it
 * @nack: whether the call was not run, so that a multiplexed caller gets a nack
 * @mux_flags: MuxFailure flags that go with the nack; those of a passed deadline only where the
 *   call had not begun
 * @thrift_type: the TApplicationException type where a nack cannot be said
 * @http_status: the status of the HTTP face
 * @public_message: what a remote caller is told; never internals
 */
typedef struct {
    const char *name;
    gboolean nack;
    guint64 mux_flags;
    int thrift_type;
    int http_status;
    const char *public_message;
} DunlinErrorRow;

GQuark dunlin_error_quark (void);

/**
 * dunlin_error_row:
 * @error: (nullable): any error; foreign domains and %NULL count as internal
 *
 * Returns: (transfer none): what @error means on every wire. Thread-safe, never %NULL.
 */
const DunlinErrorRow *dunlin_error_row (const GError *error);

G_END_DECLS
