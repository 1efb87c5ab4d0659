/* The error table: one line a code, read by every protocol. */
#include "base/error.h"

G_DEFINE_QUARK (dunlin - error - quark, dunlin_error)

#define RETRYABLE (DUNLIN_MUX_FAILURE_RETRYABLE | DUNLIN_MUX_FAILURE_REJECTED)
#define FINAL     (DUNLIN_MUX_FAILURE_REJECTED | DUNLIN_MUX_FAILURE_NON_RETRYABLE)

static const DunlinErrorRow rows[DUNLIN_N_ERRORS] = {
    [DUNLIN_ERROR_CLOSED] = { "closed", FALSE, 0, DUNLIN_TAPP_INTERNAL_ERROR, 502,
                              "a peer hung up" },
    [DUNLIN_ERROR_DEADLINE] = { "deadline", FALSE, FINAL, DUNLIN_TAPP_INTERNAL_ERROR, 504,
                                "the call's deadline has passed" },
    [DUNLIN_ERROR_CANCELLED] = { "cancelled", FALSE, 0, DUNLIN_TAPP_INTERNAL_ERROR, 499,
                                 "the call was cancelled" },
    [DUNLIN_ERROR_OVERLOADED] = { "overloaded", TRUE, RETRYABLE, DUNLIN_TAPP_INTERNAL_ERROR, 503,
                                  "the server is overloaded" },
    [DUNLIN_ERROR_DENIED] = { "denied", TRUE, FINAL, DUNLIN_TAPP_INTERNAL_ERROR, 403,
                              "the caller may not do this" },
    [DUNLIN_ERROR_MALFORMED] = { "malformed", FALSE, 0, DUNLIN_TAPP_PROTOCOL_ERROR, 400,
                                 "the request is malformed" },
    [DUNLIN_ERROR_TOO_LARGE] = { "too_large", FALSE, 0, DUNLIN_TAPP_PROTOCOL_ERROR, 413,
                                 "the request is too large" },
    [DUNLIN_ERROR_UNKNOWN_METHOD] = { "unknown_method", FALSE, 0, DUNLIN_TAPP_UNKNOWN_METHOD, 404,
                                      "no such method" },
    [DUNLIN_ERROR_UNAVAILABLE] = { "unavailable", FALSE, 0, DUNLIN_TAPP_INTERNAL_ERROR, 503,
                                   "something that the service needs is unavailable" },
    [DUNLIN_ERROR_SETTINGS] = { "settings", FALSE, 0, DUNLIN_TAPP_INTERNAL_ERROR, 500,
                                "the service is misconfigured" },
    [DUNLIN_ERROR_INTERNAL] = { "internal", FALSE, 0, DUNLIN_TAPP_INTERNAL_ERROR, 500,
                                "internal error" },
};

const DunlinErrorRow *
dunlin_error_row (const GError *error)
{
    if (error == NULL || error->domain != DUNLIN_ERROR || error->code < 0 ||
        error->code >= DUNLIN_N_ERRORS)
        return &rows[DUNLIN_ERROR_INTERNAL];
    return &rows[error->code];
}
