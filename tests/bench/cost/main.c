/* bench_cost CASE: runs one case on this one thread, and with callgrind counts what its calls
 * take of the server's processor. cost.py runs it and reads what callgrind found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callers.h"
#include "meter.h"
#include "rpc/call.h"
#include "served.h"
#include "support/test_server.h"

/* Before counting, in rounds and in calls: pools are full and lazy things are made by then. */
#define WARM_UP_ROUNDS 8
#define WARM_UP_CALLS  64

typedef struct {
    CostServed *served;
    DunlinBuffer reply;
    GByteArray *message;
    DunlinPeer *peer;
    guint calls;
} Dispatching;

static DunlinBuffer *
begin_reply (DunlinCall *call)
{
    Dispatching *self = call->session;

    dunlin_buffer_truncate (&self->reply, 0);
    return &self->reply;
}

static void
end_reply (DunlinCall *call)
{
    call->reply_bytes = dunlin_buffer_length (&((Dispatching *)call->session)->reply);
}

static void
ignore (DunlinCall *call)
{
}

static void
dispatch_one (Dispatching *self)
{
    static const DunlinCallWire wire = { .protocol = "none",
                                         .begin_reply = begin_reply,
                                         .end_reply = end_reply,
                                         .abort_reply = ignore,
                                         .finished = ignore };
    DunlinCall *call = dunlin_call_new (self->served->dispatcher);

    call->wire = &wire;
    call->protocol = wire.protocol;
    call->session = self;
    call->peer = self->peer;
    call->encoding = DUNLIN_ENCODING_BINARY;
    call->strict = TRUE;
    call->body = self->message->data;
    call->body_length = self->message->len;
    call->arrived = dunlin_loop_now (self->served->loop);
    call->deadline = DUNLIN_NEVER;
    dunlin_dispatch (call);
}

static void
dispatch_all (gpointer data)
{
    Dispatching *self = data;

    cost_meter_warm_up ();
    for (guint i = 0; i < WARM_UP_CALLS; i++)
        dispatch_one (self);
    cost_meter_resume ();
    for (guint i = 0; i < self->calls; i++)
        dispatch_one (self);
    cost_meter_pause ();
    dunlin_loop_stop (self->served->loop);
}

static guint
run_dispatch (const CostCase *what, CostServed *served)
{
    g_autoptr (GByteArray) message = cost_case_message (what);
    g_autoptr (DunlinPeer) peer = dunlin_peer_new ("127.0.0.1:40000");
    g_autoptr (GByteArray) reply = g_byte_array_new ();
    Dispatching self = { .served = served, .message = message, .peer = peer, .calls = what->calls };
    CostCase alone = *what;

    dunlin_loop_post (served->loop, dispatch_all, &self);
    dunlin_loop_run (served->loop);
    g_byte_array_append (reply, dunlin_buffer_bytes (&self.reply),
                         (guint)dunlin_buffer_length (&self.reply));
    dunlin_buffer_clear (&self.reply);
    alone.in_flight = 1;
    if (!cost_case_is_answered (&alone, reply))
        g_error ("%s: the last reply is no good one", what->name);
    return what->calls;
}

static guint
run_callers (const CostCase *what, CostServed *served)
{
    guint round = what->connections * what->in_flight;
    guint rounds = (what->calls + round - 1) / round;
    CostCallers *callers = cost_callers_new (what, dunlin_server_port (served->server), served->tls,
                                             served->loop, WARM_UP_ROUNDS, rounds);

    dunlin_loop_run (served->loop);
    cost_callers_free (callers);
    return rounds * round;
}

static int
list (void)
{
    for (gsize i = 0; i < cost_n_cases; i++)
        puts (cost_cases[i].name);
    return EXIT_SUCCESS;
}

int
main (int argc, char *argv[])
{
    const CostCase *what = argc == 2 ? cost_case_find (argv[1]) : NULL;
    CostServed *served;
    guint calls;

    if (argc == 2 && strcmp (argv[1], "--list") == 0)
        return list ();
    if (what == NULL) {
        fprintf (stderr, "usage: bench_cost CASE, or bench_cost --list\n");
        return EXIT_FAILURE;
    }
    served = cost_served_new (what->tls);
    calls = what->wire == COST_DISPATCH ? run_dispatch (what, served) : run_callers (what, served);
    cost_served_free (served);
    printf ("{\"calls\": %u, \"clock_reads\": %" G_GUINT64_FORMAT
            ", \"system_calls\": %" G_GUINT64_FORMAT ", \"counted\": %s}\n",
            calls, cost_meter_clock_reads (), cost_meter_system_calls (),
            cost_meter_is_there () ? "true" : "false");
    return EXIT_SUCCESS;
}
