/* The concurrency limit. Loops take credits from a shared pool in chunks and count their own calls
 * without atomics; a limit too small to share out in chunks is counted one by one. */
#include "rpc/filters.h"
#include "rpc/loop_state.h"

typedef struct {
    int max;
    int chunk;
    int available; /* atomic: credits that no loop holds */
} Limit;

static gboolean
borrow (Limit *limit, DunlinRpcLoop *loop)
{
    int available = __atomic_load_n (&limit->available, __ATOMIC_RELAXED);
    int take;

    do {
        take = MIN (available, limit->chunk);
        if (take == 0)
            return FALSE;
    } while (!__atomic_compare_exchange_n (&limit->available, &available, available - take, TRUE,
                                           __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    loop->limit_credits += take;
    return TRUE;
}

/* A loop that has become quiet must not sit on what others need. */
static void
give_back (Limit *limit, DunlinRpcLoop *loop)
{
    loop->limit_credits++;
    if (limit->chunk > 1 && loop->limit_credits < 2 * limit->chunk)
        return;
    loop->limit_credits -= limit->chunk;
    __atomic_fetch_add (&limit->available, limit->chunk, __ATOMIC_RELAXED);
}

static void
count (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    Limit *limit = data;
    DunlinRpcLoop *loop = dunlin_rpc_loop ();

    if (loop->limit_credits == 0 && !borrow (limit, loop)) {
        dunlin_call_fail (call, g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED,
                                             "%d calls run already: see server.max-concurrency",
                                             limit->max));
        return;
    }
    loop->limit_credits--;
    dunlin_next_run (next, call);
    give_back (limit, loop);
}

void
dunlin_filter_limit (DunlinChain *chain, int max, int loops)
{
    Limit *limit;

    if (max <= 0)
        return;
    limit = g_new0 (Limit, 1);
    limit->max = limit->available = max;
    /* What a loop may hold unused, at most two chunks, stays below a few per cent of the limit. */
    limit->chunk = MAX (max / (64 * MAX (loops, 1)), 1);
    dunlin_chain_add (chain, "limit", count, limit, g_free);
}
