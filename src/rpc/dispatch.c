/* Dispatch: one fiber a call; its filters, its stub, its reply. The stub asks for input and output
 * through the dunlin_stub_ functions here. */
#include "rpc/dispatch.h"

#include "rpc/loop_state.h"
#include "rpc/reply.h"

struct DunlinDispatcher {
    DunlinRouter *router; /* borrowed: outlives us, config */
    DunlinChain *chain;   /* owned */
    DunlinPayloadLimits limits;
    gint64 skew_tolerance_ns;
};

static void
call_stub (DunlinCall *call)
{
    GError *error = NULL;
    DunlinStubOutcome outcome;

    if (call->error != NULL)
        return; /* it was wrong from the start: nothing to run */
    outcome = call->method->info->stub (call, call->method->handler, &error);
    dunlin_reply_finish (call, outcome, error);
}

DunlinChain *
dunlin_dispatch_chain_new (void)
{
    return dunlin_chain_new (call_stub);
}

DunlinDispatcher *
dunlin_dispatcher_new (const DunlinDispatchConfig *config)
{
    DunlinDispatcher *self = g_new0 (DunlinDispatcher, 1);

    self->router = config->router;
    self->chain = config->chain;
    self->limits = config->limits;
    self->skew_tolerance_ns = config->skew_tolerance * 1000;
    return self;
}

void
dunlin_dispatcher_free (DunlinDispatcher *self)
{
    if (self == NULL)
        return;
    dunlin_chain_free (self->chain);
    g_free (self);
}

const DunlinPayloadLimits *
dunlin_dispatcher_limits (const DunlinDispatcher *self)
{
    return &self->limits;
}

/* The wall clock at the loop's time. Both clocks run alike for a millisecond, so one reading serves
 * all calls of a wake-up. */
static gint64
wall_now_ns (void)
{
    DunlinRpcLoop *state = dunlin_rpc_loop ();
    gint64 now = dunlin_loop_now (dunlin_loop_current ());

    if (state->wall_ns == 0 || now < state->wall_read ||
        now - state->wall_read > G_TIME_SPAN_MILLISECOND) {
        state->wall_ns = dunlin_clock_wall_ns ();
        state->wall_read = now;
    }
    return state->wall_ns + (now - state->wall_read) * 1000;
}

void
dunlin_dispatch_set_deadline (DunlinCall *call, gint64 *least_transit_ns)
{
    const DunlinContext *context = &call->context;
    gint64 remaining = dunlin_context_remaining_us (context);
    gint64 transit;

    call->deadline = DUNLIN_NEVER;
    if (remaining == G_MAXINT64)
        return;
    call->arrived_wall_ns = wall_now_ns ();
    transit = call->arrived_wall_ns - context->timestamp_ns;
    *least_transit_ns = MIN (*least_transit_ns, transit);
    /* A clock ahead of ours, or behind it by less than the tolerance, is not the call's fault. */
    transit -= MIN (*least_transit_ns, call->dispatcher->skew_tolerance_ns);
    remaining = MAX (remaining - MAX (transit, 0) / 1000, 0);
    call->deadline =
        remaining > DUNLIN_NEVER - call->arrived ? DUNLIN_NEVER : call->arrived + remaining;
}

/* Reads the message's header and finds the method. */
static void
read_header (DunlinCall *call)
{
    DunlinMessageHeader header;
    GError *error = NULL;

    call->message_type = DUNLIN_MESSAGE_CALL;
    if (!dunlin_message_read (call->body, call->body_length, call->encoding, &header,
                              &call->body_offset, &error)) {
        dunlin_call_fail (call, error);
        return;
    }
    call->sequence = header.seqid;
    call->strict = header.strict;
    call->method = dunlin_router_find (call->dispatcher->router, header.name, header.name_length);
    if (call->method == NULL)
        call->unknown_name = g_strndup (header.name, header.name_length);
    if (header.type != DUNLIN_MESSAGE_CALL && header.type != DUNLIN_MESSAGE_ONEWAY) {
        call->bad_arguments = TRUE;
        dunlin_call_fail (call,
                          g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                                       "message type %d of '%s' is no call: clients send CALL "
                                       "(1) or ONEWAY (4)",
                                       header.type, dunlin_call_method_name (call)));
        return;
    }
    call->message_type = header.type;
    if (call->method == NULL)
        dunlin_call_fail (call, g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_UNKNOWN_METHOD,
                                             "Invalid method name: '%s'", call->unknown_name));
}

static void
own_before_park (gpointer data)
{
    DunlinCall *call = data;

    dunlin_call_own (call);
    dunlin_fiber_set_before_park (call->fiber, NULL, NULL);
}

static void
finish (DunlinCall *call)
{
    if (!call->replied && dunlin_call_wants_reply (call))
        dunlin_reply_error (call);
    call->wire->finished (call);
    dunlin_call_free (call);
}

static void
run (gpointer data)
{
    DunlinCall *call = data;

    call->fiber = dunlin_fiber_self ();
    if (call->method != NULL)
        dunlin_fiber_set_name (call->fiber, call->method->info->name);
    dunlin_fiber_set_local (call->fiber, call);
    if (call->deadline != DUNLIN_NEVER)
        dunlin_fiber_set_deadline (call->fiber, call->deadline + DUNLIN_CALLERS_TIMER_LATE);
    dunlin_fiber_set_before_park (call->fiber, own_before_park, call);
    dunlin_chain_run (call->dispatcher->chain, call);
    dunlin_fiber_set_before_park (call->fiber, NULL, NULL);
    dunlin_fiber_set_local (call->fiber, NULL);
    if (call->ended == dunlin_loop_now (dunlin_loop_current ()))
        dunlin_fiber_ends_now (call->fiber);
    finish (call);
}

void
dunlin_dispatch (DunlinCall *call)
{
    GError *error = NULL;

    call->request_bytes = call->body_length;
    read_header (call);
    dunlin_fiber_spawn ("call", run, call, &error);
    if (error != NULL) {
        dunlin_call_fail (call, error);
        finish (call);
    }
}

ThriftProtocol *
dunlin_stub_input (DunlinCall *call)
{
    ThriftProtocol *reader = dunlin_rpc_reader (call);

    dunlin_payload_set_input (reader, call->body + call->body_offset,
                              call->body_length - call->body_offset);
    return reader;
}

gboolean
dunlin_stub_arguments_end (DunlinCall *call, GError **error)
{
    ThriftProtocol *reader = dunlin_rpc_reader (call);
    gboolean well = dunlin_payload_check (reader, error);

    dunlin_payload_set_input (reader, NULL, 0);
    call->decoded = TRUE;
    return well;
}

ThriftProtocol *
dunlin_stub_reply (DunlinCall *call)
{
    ThriftProtocol *writer = dunlin_rpc_writer (call);

    dunlin_payload_set_output (writer, dunlin_reply_begin (call, DUNLIN_MESSAGE_REPLY));
    return writer;
}

void
dunlin_stub_declared (DunlinCall *call, const char *exception)
{
    call->declared = exception;
}

DunlinCall *
dunlin_call_current (void)
{
    DunlinFiber *fiber = dunlin_fiber_self ();

    return fiber != NULL ? dunlin_fiber_get_local (fiber) : NULL;
}
