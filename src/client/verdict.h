/* What the end of one try means: for the health of the member that had it, for whether the call may
 * be sent again, for the budget that pays for that. Pure: one table. */
#pragma once

#include "base/error.h"

G_BEGIN_DECLS

/**
 * DunlinTryEnd:
 * @DUNLIN_TRY_ANSWERED: a result, a declared exception or a TApplicationException
 * @DUNLIN_TRY_NOT_SENT: nothing of it has left: the server cannot have run it
 * @DUNLIN_TRY_REFUSED: the server says that it has not run it (a nack that is retryable, or says
 *   nothing)
 * @DUNLIN_TRY_REJECTED: likewise, and that it is not to be sent again (a nack with NonRetryable)
 * @DUNLIN_TRY_LOST: sent, and no answer will come: it may have been run
 * @DUNLIN_TRY_FAILED: the answer is an error of the server's, or makes no sense
 *
 * How a try ended, on the wire.
 */
typedef enum {
    DUNLIN_TRY_ANSWERED,
    DUNLIN_TRY_NOT_SENT,
    DUNLIN_TRY_REFUSED,
    DUNLIN_TRY_REJECTED,
    DUNLIN_TRY_LOST,
    DUNLIN_TRY_FAILED,
    DUNLIN_N_TRY_ENDS
} DunlinTryEnd;

/* What it says of the member; Finagle's ResponseClass. */
typedef enum { DUNLIN_HEALTH_GOOD, DUNLIN_HEALTH_BAD, DUNLIN_HEALTH_UNKNOWN } DunlinHealth;

/* Whether the call may be sent again. */
typedef enum { DUNLIN_AGAIN_NEVER, DUNLIN_AGAIN_IF_IDEMPOTENT, DUNLIN_AGAIN_ALWAYS } DunlinAgain;

/**
 * DunlinVerdict:
 * @nack: the server has refused work: for client/nack_admission.h
 *
 * GOOD ones are deposits for the retry budget.
 */
typedef struct {
    DunlinHealth health;
    DunlinAgain again;
    gboolean nack;
} DunlinVerdict;

/* Returns: how a nack with these MuxFailure flags ended its try; 0: it came without any. */
DunlinTryEnd dunlin_try_end_of_nack (guint64 mux_failure);

/* @error: (nullable): why it did not end well; its code counts if it is of DUNLIN_ERROR */
DunlinVerdict dunlin_verdict (DunlinTryEnd end, const GError *error);

/* Whether a call may be sent again that ended so. */
gboolean dunlin_verdict_allows (const DunlinVerdict *self, gboolean idempotent);

G_END_DECLS
