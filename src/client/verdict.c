/* The table of verdicts. */
#include "client/verdict.h"

#define ANY DUNLIN_N_ERRORS

typedef struct {
    DunlinTryEnd end;
    DunlinError code;
    DunlinVerdict verdict;
} Row;

/* The first that fits counts. In the main what Finagle's ResponseClassifier.Default,
 * RetryableWriteException and FailureFlags say; where it differs the row says why.
 *
 * - A TApplicationException is an answer: one method's fault would else take whole members away.
 * - Who gave up (its caller has gone, a backup was faster) says nothing of the member.
 * - A time-out does: a member that hangs is found out by it alone. */
static const Row rows[] = {
    { DUNLIN_TRY_ANSWERED, ANY, { DUNLIN_HEALTH_GOOD, DUNLIN_AGAIN_NEVER, FALSE } },

    { DUNLIN_TRY_NOT_SENT,
      DUNLIN_ERROR_CANCELLED,
      { DUNLIN_HEALTH_UNKNOWN, DUNLIN_AGAIN_NEVER, FALSE } },
    /* The request itself cannot be sent, to anybody. */
    { DUNLIN_TRY_NOT_SENT,
      DUNLIN_ERROR_TOO_LARGE,
      { DUNLIN_HEALTH_UNKNOWN, DUNLIN_AGAIN_NEVER, FALSE } },
    { DUNLIN_TRY_NOT_SENT,
      DUNLIN_ERROR_SETTINGS,
      { DUNLIN_HEALTH_UNKNOWN, DUNLIN_AGAIN_NEVER, FALSE } },
    { DUNLIN_TRY_NOT_SENT,
      DUNLIN_ERROR_INTERNAL,
      { DUNLIN_HEALTH_UNKNOWN, DUNLIN_AGAIN_NEVER, FALSE } },
    /* No connection, none in time, none that may be trusted: another member may do better. */
    { DUNLIN_TRY_NOT_SENT, ANY, { DUNLIN_HEALTH_BAD, DUNLIN_AGAIN_ALWAYS, FALSE } },

    { DUNLIN_TRY_REFUSED, ANY, { DUNLIN_HEALTH_BAD, DUNLIN_AGAIN_ALWAYS, TRUE } },
    { DUNLIN_TRY_REJECTED, ANY, { DUNLIN_HEALTH_BAD, DUNLIN_AGAIN_NEVER, TRUE } },

    { DUNLIN_TRY_LOST,
      DUNLIN_ERROR_CANCELLED,
      { DUNLIN_HEALTH_UNKNOWN, DUNLIN_AGAIN_NEVER, FALSE } },
    { DUNLIN_TRY_LOST, ANY, { DUNLIN_HEALTH_BAD, DUNLIN_AGAIN_IF_IDEMPOTENT, FALSE } },

    /* Too large for us: the member is well, and would say the same again. */
    { DUNLIN_TRY_FAILED,
      DUNLIN_ERROR_TOO_LARGE,
      { DUNLIN_HEALTH_UNKNOWN, DUNLIN_AGAIN_NEVER, FALSE } },
    { DUNLIN_TRY_FAILED, ANY, { DUNLIN_HEALTH_BAD, DUNLIN_AGAIN_NEVER, FALSE } },
};

DunlinTryEnd
dunlin_try_end_of_nack (guint64 mux_failure)
{
    return (mux_failure & DUNLIN_MUX_FAILURE_NON_RETRYABLE) != 0 ? DUNLIN_TRY_REJECTED
                                                                 : DUNLIN_TRY_REFUSED;
}

DunlinVerdict
dunlin_verdict (DunlinTryEnd end, const GError *error)
{
    /* An error of another domain is no known reason. */
    gboolean known = error != NULL && error->domain == DUNLIN_ERROR;

    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        gboolean fits = rows[i].code == ANY || (known && error->code == (int)rows[i].code);

        if (rows[i].end == end && fits)
            return rows[i].verdict;
    }
    g_assert_not_reached ();
}

gboolean
dunlin_verdict_allows (const DunlinVerdict *self, gboolean idempotent)
{
    return self->again == DUNLIN_AGAIN_ALWAYS ||
           (self->again == DUNLIN_AGAIN_IF_IDEMPOTENT && idempotent);
}
