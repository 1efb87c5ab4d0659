/* Try after try, until there is an answer or no sense in another. Runs on the caller's fiber, or on
 * one of the clients' own loop while the caller's thread waits. */
#include "client/request.h"

#include "client/background.h"
#include "client/client_loop.h"
#include "rpc/call.h"

/* A call that goes once more to where it has just failed, because there is nobody else, pauses
 * first: the server may be restarting. One that cannot be connected to is asked so often. */
#define SAME_AGAIN 2
#define SAME_PAUSE (10 * G_TIME_SPAN_MILLISECOND)

typedef struct {
    DunlinClientLoop *home;
    const DunlinRequest *request;
    DunlinContext context; /* owned */
    gint64 began;
    gint64 deadline;   /* of the whole call */
    gint64 acquire_by; /* until when addresses and connections are waited for */
    gboolean idempotent;
    gboolean out_of_own_time; /* the client's own timeout, not its caller's, is the shortest */
    guint requeues;
    guint same_again;
} Outgoing;

/* What became of one try. */
typedef enum { SETTLED, ONCE_MORE, OVER } Verdict;

/* --- what goes along --- */

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
make_context (Outgoing *self, DunlinCall *current)
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

static gint64
add_time (gint64 now, gint64 time)
{
    return time == 0 || time > DUNLIN_NEVER - now ? DUNLIN_NEVER : now + time;
}

static void
begin (Outgoing *self, DunlinClientLoop *home, const DunlinRequest *request)
{
    DunlinCall *current = dunlin_call_current ();
    gint64 own;

    *self = (Outgoing){ .home = home, .request = request };
    self->began = dunlin_loop_now (home->loop);
    self->deadline = request->deadline;
    if (current != NULL)
        self->deadline = MIN (self->deadline, current->deadline);
    own = add_time (self->began, home->options->timeout);
    self->out_of_own_time = own < self->deadline;
    self->deadline = MIN (self->deadline, own);
    self->acquire_by = add_time (self->began, home->options->acquire_timeout);
    self->idempotent = (request->flags & DUNLIN_METHOD_IDEMPOTENT) != 0;
    make_context (self, current);
}

/* --- one try --- */

/* Until when a try may go on: without a connection, or with one. */
static gint64
try_until (const Outgoing *self, const DunlinExchange *exchange)
{
    if (exchange->sent_at == 0)
        return MIN (self->deadline, self->acquire_by);
    return MIN (self->deadline, add_time (exchange->sent_at, self->home->options->try_timeout));
}

/* The time is over, or the fiber was cancelled: the server is told. */
static void
give_up (Outgoing *self, DunlinExchange *exchange, GError *reason)
{
    const char *where = ((DunlinMember *)exchange->user)->endpoint->text;
    gboolean sent = exchange->sent_at != 0;

    dunlin_exchange_give_up (exchange, reason->message);
    exchange->end = sent ? DUNLIN_EXCHANGE_LOST : DUNLIN_EXCHANGE_NOT_SENT;
    exchange->ended_at = dunlin_loop_now (self->home->loop);
    exchange->error = reason;
    exchange->given_up = TRUE;
    if (reason->code == DUNLIN_ERROR_DEADLINE) {
        gint64 waited = exchange->ended_at - (sent ? exchange->sent_at : self->began);

        g_error_free (reason);
        exchange->error =
            g_error_new (DUNLIN_ERROR,
                         sent || exchange->ended_at >= self->deadline ? DUNLIN_ERROR_DEADLINE
                                                                      : DUNLIN_ERROR_UNAVAILABLE,
                         "%s %s within %" G_GINT64_FORMAT " ms",
                         sent ? "no answer from" : "no connection to", where, waited / 1000);
    }
}

static void
wait_for_end (Outgoing *self, DunlinExchange *exchange)
{
    while (exchange->end == DUNLIN_EXCHANGE_RUNNING) {
        gint64 until = try_until (self, exchange);
        GError *reason = NULL;

        if (dunlin_fiber_park (until, &reason))
            continue;
        if (exchange->end != DUNLIN_EXCHANGE_RUNNING ||
            (reason->code == DUNLIN_ERROR_DEADLINE && try_until (self, exchange) != until))
            g_error_free (reason); /* it has ended, or was sent, in the meantime */
        else
            give_up (self, exchange, reason);
    }
}

static void
set_deadline (Outgoing *self)
{
    gint64 now = dunlin_loop_now (self->home->loop);
    gint64 until = MIN (self->deadline, add_time (now, self->home->options->try_timeout));

    self->context.retries = self->requeues;
    if (until != DUNLIN_NEVER)
        dunlin_context_set_deadline (&self->context, dunlin_clock_wall_ns () / 1000, until - now);
}

static void
run_try (Outgoing *self, DunlinNode *node, DunlinExchange *exchange)
{
    const DunlinRequest *request = self->request;
    gint64 now = dunlin_loop_now (self->home->loop);

    set_deadline (self);
    *exchange = (DunlinExchange){ .method = request->method,
                                  .method_length = request->method_length,
                                  .arguments = request->arguments,
                                  .encoding = self->home->options->encoding,
                                  .oneway = request->oneway,
                                  .idempotent = self->idempotent,
                                  .context = &self->context,
                                  .fiber = dunlin_fiber_self (),
                                  .user = node->endpoint };
    dunlin_member_send (node->endpoint, exchange, now);
    wait_for_end (self, exchange);
}

/* --- and after it --- */

static gboolean
is_answer (const DunlinExchange *exchange)
{
    return exchange->end == DUNLIN_EXCHANGE_ANSWERED;
}

/* A caller that gave up says nothing about the server; neither does one that had little time. */
static void
tell_health (Outgoing *self, const DunlinExchange *exchange, const GError *error, gint64 now)
{
    gboolean telling = !exchange->given_up || (error->code != DUNLIN_ERROR_CANCELLED &&
                                               (now < self->deadline || self->out_of_own_time));

    dunlin_member_ended (exchange->user, is_answer (exchange), telling, now);
}

static gboolean
may_go_again (const Outgoing *self, const DunlinExchange *exchange)
{
    switch (exchange->end) {
    case DUNLIN_EXCHANGE_NOT_SENT:
    case DUNLIN_EXCHANGE_REFUSED:
        return TRUE;
    case DUNLIN_EXCHANGE_LOST:
        return self->idempotent;
    default:
        return FALSE;
    }
}

static gboolean
is_out_of_time (const Outgoing *self, const DunlinExchange *exchange)
{
    return exchange->given_up &&
           (exchange->error->code == DUNLIN_ERROR_CANCELLED ||
            exchange->ended_at >= self->deadline || exchange->end == DUNLIN_EXCHANGE_NOT_SENT);
}

static Verdict
judge (Outgoing *self, const DunlinExchange *exchange, gint64 now)
{
    const DunlinClientMetrics *metrics = &self->home->client->metrics;

    if (is_answer (exchange))
        return SETTLED;
    if (is_out_of_time (self, exchange))
        return OVER;
    if (exchange->given_up)
        dunlin_counter_increment (metrics->timeouts);
    if (!may_go_again (self, exchange)) {
        dunlin_counter_increment (metrics->cannot_retry);
        return OVER;
    }
    if (self->requeues >= self->home->options->max_requeues) {
        dunlin_counter_increment (metrics->request_limit);
        return OVER;
    }
    if (!dunlin_budget_withdraw (&self->home->budget, now)) {
        dunlin_counter_increment (metrics->budget_exhausted);
        return OVER;
    }
    dunlin_counter_increment (metrics->requeues);
    self->requeues++;
    return ONCE_MORE;
}

static void
take_response (Outgoing *self, DunlinExchange *exchange, DunlinResponse *response)
{
    response->type = exchange->reply_type;
    response->message = exchange->reply;
    response->body = exchange->reply_body;
    exchange->reply = (DunlinBuffer){ 0 };
    response->address = g_strdup (((DunlinMember *)exchange->user)->endpoint->text);
    response->protocol = exchange->protocol;
    response->microseconds = exchange->ended_at - exchange->sent_at;
}

/* Whether there is sense in going where the call has just failed. */
static gboolean
rest (Outgoing *self, DunlinExchangeEnd last)
{
    gboolean unreachable = last == DUNLIN_EXCHANGE_NOT_SENT;

    return !(unreachable && ++self->same_again > SAME_AGAIN) && dunlin_sleep (SAME_PAUSE, NULL);
}

/* One try at @node; gives it back to the balancer. @error: set when it failed. */
static Verdict
try_at (Outgoing *self, DunlinNode *node, DunlinResponse *response, DunlinExchangeEnd *end,
        GError **error)
{
    DunlinExchange exchange;
    gint64 started = dunlin_loop_now (self->home->loop);
    gint64 now;
    Verdict verdict;

    run_try (self, node, &exchange);
    response->tries++;
    now = dunlin_loop_now (self->home->loop);
    verdict = judge (self, &exchange, now);
    if (verdict == SETTLED)
        take_response (self, &exchange, response);
    else
        *error = g_steal_pointer (&exchange.error);
    *end = exchange.end;
    tell_health (self, &exchange, *error, now);
    dunlin_balancer_done (self->home->balancer, node, started, is_answer (&exchange), now);
    dunlin_exchange_clear (&exchange);
    return verdict;
}

/* TRUE: answered. */
static gboolean
try_on (Outgoing *self, DunlinResponse *response, GError **error)
{
    const DunlinNode *avoid = NULL;
    DunlinExchangeEnd end = DUNLIN_EXCHANGE_RUNNING;
    g_autoptr (GError) last = NULL;

    for (;;) {
        Verdict verdict;
        DunlinNode *node = dunlin_client_loop_pick (self->home, avoid,
                                                    MIN (self->deadline, self->acquire_by), error);

        if (node == NULL) {
            dunlin_counter_increment (self->home->client->metrics.not_open);
            return FALSE;
        }
        if (node == avoid && !rest (self, end)) {
            gint64 now = dunlin_loop_now (self->home->loop);

            dunlin_balancer_done (self->home->balancer, node, now, FALSE, now);
            g_propagate_error (error, g_steal_pointer (&last));
            return FALSE;
        }
        g_clear_error (&last);
        verdict = try_at (self, node, response, &end, &last);
        if (verdict == SETTLED)
            return TRUE;
        if (verdict == OVER) {
            g_propagate_error (error, g_steal_pointer (&last));
            return FALSE;
        }
        avoid = node;
    }
}

/* --- the whole call --- */

static gboolean
is_missing (const DunlinRequest *request, const DunlinResponse *response)
{
    return (request->flags & DUNLIN_METHOD_HAS_RESULT) != 0 &&
           response->type == DUNLIN_MESSAGE_REPLY &&
           dunlin_buffer_length (&response->message) > response->body &&
           dunlin_buffer_bytes (&response->message)[response->body] == 0;
}

static gboolean
check_result (const DunlinRequest *request, const DunlinResponse *response, GError **error)
{
    if (request->oneway || !is_missing (request, response))
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL, "%s answered without a result",
                 response->address);
    return FALSE;
}

static void
count (Outgoing *self, const DunlinResponse *response, gboolean well, const GError *error)
{
    const DunlinClientMetrics *metrics = &self->home->client->metrics;
    gint64 took = dunlin_loop_now (self->home->loop) - self->began;

    dunlin_counter_increment (metrics->requests);
    dunlin_histogram_record (metrics->latency, (guint64)MAX (took, 0));
    dunlin_histogram_record (metrics->request_bytes, self->request->arguments.length);
    dunlin_histogram_record (metrics->reply_bytes, dunlin_buffer_length (&response->message));
    if (well && response->type != DUNLIN_MESSAGE_EXCEPTION) {
        dunlin_counter_increment (metrics->success);
        return;
    }
    dunlin_counter_increment (metrics->failures);
    if (well)
        dunlin_counter_increment (metrics->server_exceptions);
    else if (error != NULL && error->domain == DUNLIN_ERROR)
        dunlin_counter_increment (metrics->by_error[error->code]);
    if (g_error_matches (error, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED))
        dunlin_counter_increment (metrics->cancelled);
}

static gboolean
run (DunlinClient *client, const DunlinRequest *request, DunlinResponse *response, GError **error)
{
    DunlinClientLoop *home = dunlin_client_loop_of (client);
    GError *reason = NULL;
    Outgoing outgoing;
    gboolean well;

    begin (&outgoing, home, request);
    dunlin_gauge_add (client->metrics.pending, 1);
    well = try_on (&outgoing, response, &reason) && check_result (request, response, &reason);
    dunlin_gauge_add (client->metrics.pending, -1);
    if (well)
        dunlin_budget_deposit (&home->budget, dunlin_loop_now (home->loop));
    count (&outgoing, response, well, reason);
    dunlin_context_clear (&outgoing.context);
    if (well)
        return TRUE;
    g_prefix_error (&reason, "%s: %.*s: ", client->options.label, (int)request->method_length,
                    request->method);
    g_propagate_error (error, reason);
    return FALSE;
}

/* What another thread has asked for. */
typedef struct {
    DunlinClient *client;
    const DunlinRequest *request;
    DunlinResponse *response;
    GError *error;
    gboolean well;
} Asked;

static void
run_asked (gpointer data)
{
    Asked *asked = data;

    asked->well = run (asked->client, asked->request, asked->response, &asked->error);
}

gboolean
dunlin_request_run (DunlinClient *client, const DunlinRequest *request, DunlinResponse *response,
                    GError **error)
{
    Asked asked = { .client = client, .request = request, .response = response };

    if (dunlin_fiber_self () != NULL)
        return run (client, request, response, error);
    if (dunlin_loop_current () != NULL) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                     "%s: %.*s: called on a loop's own stack, which must not wait: spawn a fiber",
                     client->options.label, (int)request->method_length, request->method);
        return FALSE;
    }
    if (!dunlin_background_run_fiber ("call out", run_asked, &asked, error))
        return FALSE;
    if (!asked.well)
        g_propagate_error (error, asked.error);
    return asked.well;
}

void
dunlin_response_clear (DunlinResponse *self)
{
    dunlin_buffer_clear (&self->message);
    g_clear_pointer (&self->address, g_free);
}
