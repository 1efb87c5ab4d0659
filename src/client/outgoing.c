/* From the current call to the next one's context. */
#include "client/outgoing.h"

#include "client/timeouts.h"
#include "rpc/call.h"

static void
copy_context (DunlinContext *to, const DunlinContext *from)
{
    *to = *from;
    /* For one hop only, or set anew for each. */
    to->has_deadline = to->has_retries = to->backup = FALSE;
    to->request_headers = to->dest = (DunlinSlice){ 0 };
    /* Borrowed lists. */
    to->dtab.capacity = to->others.capacity = 0;
    to->owned = NULL;
}

static guint64
new_id (DunlinClientLoop *home)
{
    guint64 id;

    do
        id = dunlin_random_next (&home->random);
    while (id == 0);
    return id;
}

/* A span of our own, below the one of the call that we are made for. */
static void
begin_span (DunlinContext *context, DunlinClientLoop *home)
{
    context->parent_id = context->span_id;
    context->span_id = new_id (home);
    if (context->has_trace)
        return;
    context->has_trace = TRUE;
    context->trace_id = context->parent_id = context->span_id;
}

static void
make_context (DunlinOutgoing *self, DunlinCall *current)
{
    DunlinContext *context = &self->context;
    const char *client_id = self->home->options->client_id;

    if (self->request->context != NULL)
        copy_context (context, self->request->context);
    else if (current != NULL)
        copy_context (context, &current->context);
    if (self->request->context == NULL || !context->has_trace)
        begin_span (context, self->home);
    if (client_id != NULL)
        context->client_id = dunlin_slice_of (client_id);
    /* What the current call borrows from its session moves when its fiber first waits. */
    if (current != NULL &&
        (context->client_id.length > 0 || context->dtab.n > 0 || context->others.n > 0))
        dunlin_context_own (context);
    context->has_retries = TRUE;
}

void
dunlin_outgoing_init (DunlinOutgoing *self, DunlinClientLoop *home, const DunlinRequest *request)
{
    const DunlinClientOptions *options = home->options;
    DunlinCall *current = dunlin_call_current ();
    DunlinFiber *fiber = dunlin_fiber_self ();
    gint64 theirs = current != NULL ? current->deadline : DUNLIN_NEVER;
    gint64 late = theirs == DUNLIN_NEVER ? 0 : DUNLIN_CALLERS_TIMER_LATE;
    gint64 own;

    *self = (DunlinOutgoing){ .home = home, .request = request };
    self->began = dunlin_loop_now (home->loop);
    own = dunlin_timeouts_end (request->deadline, options->timeout, self->began);
    if (fiber != NULL) /* as dunlin_parallel_until() sets it */
        own = MIN (own, dunlin_fiber_get_deadline (fiber));
    self->deadline = MIN (own, theirs + late);
    self->told = MIN (own, theirs);
    self->is_own_deadline =
        options->timeout > 0 && self->deadline == self->began + options->timeout;
    self->acquire_by = dunlin_timeouts_end (DUNLIN_NEVER, options->acquire_timeout, self->began);
    self->idempotent = (request->flags & DUNLIN_METHOD_IDEMPOTENT) != 0;
    make_context (self, current);
}

void
dunlin_outgoing_clear (DunlinOutgoing *self)
{
    dunlin_context_clear (&self->context);
}

gint64
dunlin_outgoing_try_until (const DunlinOutgoing *self, gint64 started, gint64 sent_at)
{
    const DunlinClientOptions *options = self->home->options;
    gint64 patience = 0;

    if (sent_at > 0)
        return dunlin_timeouts_end (self->deadline, options->try_timeout, sent_at);
    /* Tries that are short, as long as a connection takes at least; but none waits for all that a
     * silent server may have until it is given up. */
    if (options->try_timeout > 0)
        patience = MAX (options->try_timeout, options->connect_timeout);
    return dunlin_timeouts_end (MIN (self->deadline, self->acquire_by), patience, started);
}

DunlinContext
dunlin_outgoing_try_context (const DunlinOutgoing *self, guint requeues, gint64 now)
{
    gint64 until = dunlin_timeouts_end (self->told, self->home->options->try_timeout, now);
    DunlinContext context = self->context;

    context.retries = requeues;
    context.owned = NULL; /* it stays ours */
    if (until != DUNLIN_NEVER)
        dunlin_context_set_deadline (&context, dunlin_clock_wall_ns () / 1000, until - now);
    return context;
}
