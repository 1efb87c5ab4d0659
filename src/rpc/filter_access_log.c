/* The access log filter: one line a call, gathered a loop and written at the end of the wake-up,
 * unless that was done a moment ago. */
#include "rpc/filters.h"
#include "rpc/loop_state.h"

/* Writing the file costs as much as answering a call. So lines wait for others, but for less than
 * anybody who looks would notice. */
#define FLUSH_INTERVAL (10 * G_TIME_SPAN_MILLISECOND)

static void
flush (gpointer data)
{
    DunlinRpcLoop *state = data;

    dunlin_access_writer_flush (state->access_writer);
    state->access_flushed = dunlin_loop_now (dunlin_loop_current ());
}

static void
flush_when_due (gpointer data)
{
    DunlinRpcLoop *state = data;
    gint64 due = state->access_flushed + FLUSH_INTERVAL;

    if (dunlin_loop_now (dunlin_loop_current ()) >= due)
        flush (state);
    else
        dunlin_timer_arm (state->access_timer, due);
}

static DunlinAccessWriter *
writer_of (DunlinRpcLoop *state, DunlinAccessLog *log)
{
    if (G_LIKELY (state->access_writer != NULL))
        return state->access_writer;
    state->access_writer = dunlin_access_writer_new (log);
    state->access_flush = (DunlinDeferred){ .func = flush_when_due, .data = state };
    state->access_timer = dunlin_timer_new (dunlin_loop_current (), flush, state);
    return state->access_writer;
}

static const char *
outcome_of (const DunlinCall *call)
{
    if (call->outcome == DUNLIN_OUTCOME_OK)
        return "ok";
    if (call->outcome == DUNLIN_OUTCOME_DECLARED)
        return call->declared != NULL ? call->declared : "exception";
    return call->cancelled ? "cancelled" : dunlin_error_row (call->error)->name;
}

static void
add_line (DunlinCall *call, DunlinAccessLog *log)
{
    DunlinLoop *loop = dunlin_loop_current ();
    DunlinRpcLoop *state = dunlin_rpc_loop ();
    char client[64];
    DunlinAccessEntry entry = {
        .peer = call->peer->address,
        .client = call->peer->identity,
        .service = call->method != NULL ? call->method->service : NULL,
        .method = dunlin_call_method_name (call),
        .protocol = call->protocol,
        .outcome = outcome_of (call),
        .request_bytes = call->request_bytes,
        .response_bytes = call->reply_bytes,
        .duration = call->ended - call->arrived,
        .trace_id_high = call->context.trace_id_high,
        .trace_id = call->context.trace_id,
        .is_static = call->method != NULL,
        .caller = &call->peer->in_access_log,
    };

    if (call->context.client_id.length > 0) {
        gsize n = MIN (call->context.client_id.length, sizeof client - 1);

        memcpy (client, call->context.client_id.data, n);
        client[n] = '\0';
        entry.client = client;
        entry.caller = NULL; /* it may say another name with each call */
    }
    if (dunlin_access_writer_add (writer_of (state, log), &entry))
        dunlin_loop_defer (loop, &state->access_flush);
}

static void
log_call (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    dunlin_next_run (next, call);
    add_line (call, data);
}

void
dunlin_filter_access_log (DunlinChain *chain, DunlinAccessLog *log)
{
    dunlin_chain_add (chain, "access-log", log_call, log, NULL);
}
