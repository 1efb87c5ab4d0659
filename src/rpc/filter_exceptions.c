/* The exceptions filter: failures end here. The caller gets what the error table allows it to know,
 * the log gets everything. */
#define G_LOG_DOMAIN "dunlin-rpc"
#include "rpc/filters.h"

#include "base/log.h"
#include "rpc/reply.h"

/* How loud: what callers can cause by themselves is not the operator's emergency. */
static DunlinLogLevel
level_of (const GError *error)
{
    if (error->domain != DUNLIN_ERROR)
        return DUNLIN_LOG_WARNING;
    switch (error->code) {
    case DUNLIN_ERROR_CANCELLED:
    case DUNLIN_ERROR_DEADLINE:
    case DUNLIN_ERROR_CLOSED:
        return DUNLIN_LOG_DEBUG;
    case DUNLIN_ERROR_OVERLOADED:
    case DUNLIN_ERROR_UNKNOWN_METHOD:
    case DUNLIN_ERROR_DENIED:
        return DUNLIN_LOG_INFO;
    default:
        return DUNLIN_LOG_WARNING;
    }
}

/* Callers can do wrong as often as they like; what they do must not hide what the service does. */
static DunlinLogLimit *
limit_of (const GError *error)
{
    static DunlinLogLimit callers = DUNLIN_LOG_LIMIT (20, 10 * G_USEC_PER_SEC);
    static DunlinLogLimit ours = DUNLIN_LOG_LIMIT (20, 10 * G_USEC_PER_SEC);
    gboolean malformed = g_error_matches (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED) ||
                         g_error_matches (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE);

    return level_of (error) == DUNLIN_LOG_WARNING && !malformed ? &ours : &callers;
}

static void
answer_failures (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    dunlin_next_run (next, call);
    if (call->outcome == DUNLIN_OUTCOME_OK || call->outcome == DUNLIN_OUTCOME_DECLARED)
        return;
    if (!call->replied && dunlin_call_wants_reply (call))
        dunlin_reply_error (call);
    if (call->error == NULL)
        return;
    dunlin_log_limited (level_of (call->error), limit_of (call->error),
                        "%s for %s (%s) failed: %s: %s", dunlin_call_method_name (call),
                        call->peer->address,
                        call->peer->identity != NULL ? call->peer->identity : "no identity",
                        dunlin_error_row (call->error)->name, call->error->message);
}

void
dunlin_filter_exceptions (DunlinChain *chain)
{
    dunlin_chain_add (chain, "exceptions", answer_failures, NULL, NULL);
}
