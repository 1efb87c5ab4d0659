/* The call's life: pooled a loop, borrowed from its session until it has to wait. */
#include "rpc/call.h"

#include <string.h>

#include "rpc/loop_state.h"

/* Calls that a loop keeps for reuse. */
#define KEPT_CALLS 1024

DunlinCall *
dunlin_call_new (DunlinDispatcher *dispatcher)
{
    DunlinRpcLoop *state = dunlin_rpc_loop ();
    DunlinCall *self = state->free_calls;

    if (self != NULL) {
        state->free_calls = self->next_free;
        state->n_free_calls--;
        memset (self, 0, sizeof *self);
    } else {
        self = g_new0 (DunlinCall, 1);
    }
    self->dispatcher = dispatcher;
    self->deadline = DUNLIN_NEVER;
    return self;
}

void
dunlin_call_free (DunlinCall *self)
{
    DunlinRpcLoop *state = dunlin_rpc_loop ();

    dunlin_context_clear (&self->context);
    if (self->owns_peer)
        dunlin_peer_unref (self->peer);
    if (self->error != NULL)
        g_error_free (self->error);
    g_free (self->unknown_name);
    g_free (self->owned_body);
    if (state->n_free_calls >= KEPT_CALLS) {
        g_free (self);
        return;
    }
    self->next_free = state->free_calls;
    state->free_calls = self;
    state->n_free_calls++;
}

static DunlinBuffer *
silent_begin (DunlinCall *call)
{
    DunlinBuffer *buffer = &dunlin_rpc_loop ()->trash;

    dunlin_buffer_truncate (buffer, 0);
    return buffer;
}

static void
silent (DunlinCall *call)
{
}

static void
silent_refuse (DunlinCall *call, const DunlinErrorRow *row)
{
}

/* The wire of a call whose caller has gone. */
static const DunlinCallWire silent_wire = { .protocol = "gone",
                                            .begin_reply = silent_begin,
                                            .end_reply = silent,
                                            .abort_reply = silent,
                                            .refuse = silent_refuse,
                                            .finished = silent };

void
dunlin_call_detach (DunlinCall *self)
{
    if (!self->owns_peer && self->peer != NULL)
        dunlin_peer_ref (self->peer);
    self->owns_peer = self->peer != NULL;
    self->wire = &silent_wire;
    self->session = NULL;
    self->cancelled = TRUE;
    if (self->fiber != NULL)
        dunlin_fiber_cancel (self->fiber);
}

void
dunlin_call_fail (DunlinCall *self, GError *error)
{
    if (self->error != NULL) {
        g_error_free (error);
        return;
    }
    self->error = error;
    self->outcome = DUNLIN_OUTCOME_FAILED;
}

gboolean
dunlin_call_wants_reply (const DunlinCall *self)
{
    return self->message_type != DUNLIN_MESSAGE_ONEWAY &&
           (self->method == NULL || !self->method->info->oneway);
}

void
dunlin_call_own (DunlinCall *self)
{
    dunlin_context_own (&self->context);
    if (self->decoded || self->owned_body != NULL || self->body_length == 0)
        return;
    self->owned_body = g_memdup2 (self->body, self->body_length);
    self->body = self->owned_body;
}

const char *
dunlin_call_method_name (const DunlinCall *self)
{
    if (self->method != NULL)
        return self->method->info->name;
    return self->unknown_name != NULL ? self->unknown_name : "";
}
