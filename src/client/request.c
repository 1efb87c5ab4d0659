/* Try after try, until there is an answer or no sense in another. Runs on the caller's fiber, or on
 * one of the clients' own loop while the caller's thread waits. */
#include "client/request.h"

#include "client/attempt.h"
#include "client/background.h"
#include "client/timeouts.h"

/* A call that goes once more to where it has just failed, because there is nobody else, pauses
 * first: the server may be restarting. One that cannot be connected to is asked so often. */
#define SAME_AGAIN 2
#define SAME_PAUSE (10 * G_TIME_SPAN_MILLISECOND)

typedef struct {
    DunlinOutgoing call;
    DunlinRequeue requeue;
    DunlinAttempt first;
    DunlinAttempt backup;
    DunlinBackup *backups; /* borrowed, nullable: the method's */
    gint64 backup_at;
    guint same_again;
    guint tries;
} Run;

/* --- waiting --- */

static gboolean
has_answer (const DunlinAttempt *attempt)
{
    return attempt->node != NULL && attempt->exchange.end == DUNLIN_EXCHANGE_ANSWERED;
}

/* The same call a second time, to somebody else. */
static void
send_backup (Run *self)
{
    DunlinClientLoop *home = self->call.home;
    gint64 now = dunlin_loop_now (home->loop);
    DunlinNode *node;

    self->backup_at = DUNLIN_NEVER;
    if (!dunlin_backup_may_send (self->backups, &home->requeuer.budget, now))
        return;
    node = dunlin_balancer_pick (home->balancer, self->first.node, now);
    if (node == NULL)
        return;
    dunlin_attempt_begin (&self->backup, &self->call, node, self->requeue.attempts, TRUE);
    self->tries++;
}

static gint64
try_until (const Run *self, const DunlinAttempt *attempt)
{
    return dunlin_outgoing_try_until (&self->call, attempt->started, attempt->exchange.sent_at);
}

static gint64
wait_until (const Run *self)
{
    gint64 until = self->backup_at;

    if (dunlin_attempt_is_running (&self->first))
        until = MIN (until, try_until (self, &self->first));
    if (dunlin_attempt_is_running (&self->backup))
        until = MIN (until, try_until (self, &self->backup));
    return until;
}

static void
give_up_late (Run *self, DunlinAttempt *attempt, const GError *reason, gint64 now)
{
    if (dunlin_attempt_is_running (attempt) && now >= try_until (self, attempt))
        dunlin_attempt_give_up (attempt, g_error_copy (reason));
}

static void
give_up (DunlinAttempt *attempt, const GError *reason)
{
    if (dunlin_attempt_is_running (attempt))
        dunlin_attempt_give_up (attempt, g_error_copy (reason));
}

/* The wait has ended without an answer: some time is over, or the fiber was cancelled. */
static void
on_no_answer (Run *self, const GError *reason, gint64 until)
{
    gint64 now = dunlin_clock_now ();

    if (reason->code != DUNLIN_ERROR_DEADLINE) {
        give_up (&self->first, reason);
        give_up (&self->backup, reason);
    } else if (now >= self->backup_at) {
        send_backup (self);
    } else if (now >= until) {
        give_up_late (self, &self->first, reason, now);
        give_up_late (self, &self->backup, reason, now);
    } else {
        /* Not ours: the fiber's own deadline. */
        give_up (&self->first, reason);
        give_up (&self->backup, reason);
    }
}

/* Until one has an answer, or none can have one any more. */
static void
wait_for_end (Run *self)
{
    while (
        !has_answer (&self->first) && !has_answer (&self->backup) &&
        (dunlin_attempt_is_running (&self->first) || dunlin_attempt_is_running (&self->backup))) {
        gint64 until = wait_until (self);
        g_autoptr (GError) reason = NULL;

        if (!dunlin_fiber_park (until, &reason) && wait_until (self) == until)
            on_no_answer (self, reason, until);
    }
}

/* --- one round: a try, and perhaps a second beside it --- */

static void
take_response (const Run *self, DunlinAttempt *attempt, DunlinResponse *response)
{
    DunlinExchange *exchange = &attempt->exchange;

    response->type = exchange->reply_type;
    response->message = exchange->reply;
    response->body = exchange->reply_body;
    exchange->reply = (DunlinBuffer){ 0 };
    response->address = g_strdup (attempt->member->endpoint->text);
    response->protocol = exchange->protocol;
    response->microseconds = exchange->ended_at - exchange->sent_at;
    response->tries = self->tries;
}

static void
record (Run *self, const DunlinAttempt *attempt, gint64 now)
{
    if (self->backups != NULL && attempt->node != NULL)
        dunlin_backup_record (self->backups, now - attempt->started, now);
}

/* Ends both; @winner is the one that counts. */
static void
end_round (Run *self, DunlinAttempt *winner)
{
    gint64 now = dunlin_loop_now (self->call.home->loop);
    DunlinAttempt *loser = winner == &self->first ? &self->backup : &self->first;

    record (self, &self->first, now);
    if (winner == &self->backup && has_answer (winner))
        dunlin_backup_won (self->backups);
    if (dunlin_attempt_is_running (loser))
        dunlin_attempt_give_up (loser, g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED,
                                                    "the same call was answered elsewhere"));
    if (loser->node != NULL)
        dunlin_attempt_end (loser);
}

typedef enum { SETTLED, ONCE_MORE, OVER } Verdict;

static void
count_timeout (const Run *self, const DunlinAttempt *attempt)
{
    const DunlinExchange *exchange = &attempt->exchange;

    if (exchange->given_up && exchange->error->code != DUNLIN_ERROR_CANCELLED)
        dunlin_counter_increment (self->call.home->client->metrics.timeouts);
}

/* A time of the whole call is over, or its caller has gone. */
static gboolean
is_out_of_time (const Run *self, const DunlinAttempt *attempt)
{
    const DunlinExchange *exchange = &attempt->exchange;
    gboolean unsent = exchange->end == DUNLIN_EXCHANGE_NOT_SENT;

    return exchange->given_up && (exchange->error->code == DUNLIN_ERROR_CANCELLED ||
                                  exchange->ended_at >= self->call.deadline ||
                                  (unsent && exchange->ended_at >= self->call.acquire_by));
}

static Verdict
ask_for_more (Run *self, DunlinAttempt *attempt, const DunlinVerdict *verdict)
{
    DunlinClientLoop *home = self->call.home;
    gint64 now = dunlin_loop_now (home->loop);
    gboolean is_open = dunlin_balancer_get_status (home->balancer, now) == DUNLIN_NODE_OPEN;
    gint64 pause = 0;
    DunlinRequeueAnswer answer =
        dunlin_requeuer_ask (&home->requeuer, &self->requeue, verdict, self->call.idempotent,
                             is_open, self->call.deadline, now, &pause);

    if (answer != DUNLIN_REQUEUE_YES) {
        if (answer != DUNLIN_REQUEUE_UNSAFE)
            g_prefix_error (&attempt->exchange.error, "%s after %u tries; the last: ",
                            dunlin_requeue_answer_to_string (answer), self->tries);
        return OVER;
    }
    return pause == 0 || dunlin_sleep (pause, NULL) ? ONCE_MORE : OVER;
}

static Verdict
judge (Run *self, DunlinAttempt *attempt)
{
    DunlinVerdict verdict = dunlin_attempt_verdict (attempt);

    if (has_answer (attempt))
        return SETTLED;
    count_timeout (self, attempt);
    return is_out_of_time (self, attempt) ? OVER : ask_for_more (self, attempt, &verdict);
}

/* @end: (out): how it ended. @error: set unless it is settled. */
static Verdict
run_round (Run *self, DunlinNode *node, DunlinResponse *response, DunlinExchangeEnd *end,
           GError **error)
{
    DunlinAttempt *winner;
    DunlinVerdict last;
    Verdict verdict;

    self->first = self->backup = (DunlinAttempt){ 0 };
    dunlin_attempt_begin (&self->first, &self->call, node, self->requeue.attempts, FALSE);
    self->tries++;
    wait_for_end (self);
    winner =
        has_answer (&self->backup) && !has_answer (&self->first) ? &self->backup : &self->first;
    end_round (self, winner);
    self->backup_at = DUNLIN_NEVER; /* one a call */
    verdict = judge (self, winner);
    last = dunlin_attempt_verdict (winner);
    if (verdict != ONCE_MORE)
        dunlin_requeuer_end (&self->call.home->requeuer, &self->requeue, &last,
                             dunlin_loop_now (self->call.home->loop));
    *end = winner->exchange.end;
    if (verdict == SETTLED)
        take_response (self, winner, response);
    else
        *error = g_steal_pointer (&winner->exchange.error);
    dunlin_attempt_end (winner);
    return verdict;
}

/* --- round after round --- */

/* Whether there is sense in going where the call has just failed. */
static gboolean
rest (Run *self, DunlinExchangeEnd last)
{
    gboolean unreachable = last == DUNLIN_EXCHANGE_NOT_SENT;

    return !(unreachable && ++self->same_again > SAME_AGAIN) && dunlin_sleep (SAME_PAUSE, NULL);
}

static void
put_back (Run *self, DunlinNode *node)
{
    gint64 now = dunlin_loop_now (self->call.home->loop);

    dunlin_balancer_done (self->call.home->balancer, node, now, FALSE, now);
}

/* TRUE: answered. */
static gboolean
run_rounds (Run *self, DunlinResponse *response, GError **error)
{
    const DunlinNode *avoid = NULL;
    DunlinExchangeEnd end = DUNLIN_EXCHANGE_RUNNING;
    g_autoptr (GError) last = NULL;
    Verdict verdict = ONCE_MORE;

    while (verdict == ONCE_MORE) {
        DunlinNode *node = dunlin_client_loop_pick (
            self->call.home, avoid, MIN (self->call.deadline, self->call.acquire_by), error);

        if (node == NULL)
            return FALSE;
        if (node == avoid && !rest (self, end)) {
            put_back (self, node);
            break;
        }
        g_clear_error (&last);
        verdict = run_round (self, node, response, &end, &last);
        avoid = node;
    }
    if (verdict == SETTLED)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&last));
    return FALSE;
}

/* --- the whole call --- */

static gboolean
admit (Run *self, GError **error)
{
    DunlinClientLoop *home = self->call.home;

    if (self->call.told <= self->call.began) {
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE,
                             "no time is left for it: it was not sent");
        return FALSE;
    }
    if (dunlin_nack_admission_admit (&home->admission, &home->random, self->call.began))
        return TRUE;
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED,
                         "not sent: most calls are refused there now");
    return FALSE;
}

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
count (const DunlinOutgoing *call, const DunlinResponse *response, gboolean well,
       const GError *error)
{
    const DunlinClientMetrics *metrics = &call->home->client->metrics;
    gint64 took = dunlin_loop_now (call->home->loop) - call->began;

    dunlin_counter_increment (metrics->requests);
    dunlin_histogram_record (metrics->latency, (guint64)MAX (took, 0));
    dunlin_histogram_record (metrics->request_bytes, call->request->arguments.length);
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
}

static gboolean
run (DunlinClient *client, const DunlinRequest *request, DunlinResponse *response, GError **error)
{
    DunlinClientLoop *home = dunlin_client_loop_of (client);
    Run self = { .backup_at = DUNLIN_NEVER };
    GError *reason = NULL;
    gboolean well;

    dunlin_outgoing_init (&self.call, home, request);
    dunlin_requeuer_begin (&home->requeuer, &self.requeue, self.call.began);
    self.backups = dunlin_client_loop_backups (home, request);
    if (self.backups != NULL)
        self.backup_at = dunlin_timeouts_end (
            DUNLIN_NEVER, dunlin_backup_begin (self.backups, self.call.began), self.call.began);
    home->n_calls++;
    dunlin_gauge_add (client->metrics.pending, 1);
    well = admit (&self, &reason) && run_rounds (&self, response, &reason) &&
           check_result (request, response, &reason);
    dunlin_gauge_add (client->metrics.pending, -1);
    home->n_calls--;
    count (&self.call, response, well, reason);
    dunlin_outgoing_clear (&self.call);
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
