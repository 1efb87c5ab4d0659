/* A try, and what it tells of its member. */
#include "client/attempt.h"

#include "client/timeouts.h"

void
dunlin_attempt_begin (DunlinAttempt *self, DunlinOutgoing *call, DunlinNode *node, guint requeues,
                      gboolean backup)
{
    const DunlinRequest *request = call->request;
    gint64 now = dunlin_loop_now (call->home->loop);

    self->call = call;
    self->node = node;
    self->member = node->endpoint;
    self->started = now;
    self->context = dunlin_outgoing_try_context (call, requeues, now);
    self->context.backup = backup;
    self->exchange = (DunlinExchange){ .method = request->method,
                                       .method_length = request->method_length,
                                       .arguments = request->arguments,
                                       .encoding = call->home->options->encoding,
                                       .oneway = request->oneway,
                                       .idempotent = call->idempotent,
                                       .tell_sent = call->home->options->try_timeout > 0,
                                       .context = &self->context,
                                       .fiber = dunlin_fiber_self () };
    dunlin_member_send (self->member, &self->exchange, now);
}

/* In plain words: which of the times is over. */
static GError *
explain_lateness (const DunlinAttempt *self, gboolean sent)
{
    const DunlinExchange *exchange = &self->exchange;
    gint64 waited = exchange->ended_at - (sent ? exchange->sent_at : self->call->began);
    gboolean late = sent || exchange->ended_at >= self->call->deadline;

    return g_error_new (DUNLIN_ERROR, late ? DUNLIN_ERROR_DEADLINE : DUNLIN_ERROR_UNAVAILABLE,
                        "%s %s within %" G_GINT64_FORMAT " ms",
                        sent ? "no answer from" : "no connection to", self->member->endpoint->text,
                        waited / 1000);
}

void
dunlin_attempt_give_up (DunlinAttempt *self, GError *reason)
{
    DunlinExchange *exchange = &self->exchange;
    gboolean sent = exchange->sent_at != 0;

    dunlin_exchange_give_up (exchange, reason->message);
    exchange->end = sent ? DUNLIN_EXCHANGE_LOST : DUNLIN_EXCHANGE_NOT_SENT;
    exchange->ended_at = dunlin_loop_now (self->call->home->loop);
    exchange->given_up = TRUE;
    exchange->error = reason;
    if (reason->code != DUNLIN_ERROR_DEADLINE)
        return;
    exchange->error = explain_lateness (self, sent);
    g_error_free (reason);
}

static const DunlinTryEnd ends[] = {
    [DUNLIN_EXCHANGE_RUNNING] = DUNLIN_TRY_LOST,
    [DUNLIN_EXCHANGE_ANSWERED] = DUNLIN_TRY_ANSWERED,
    [DUNLIN_EXCHANGE_NOT_SENT] = DUNLIN_TRY_NOT_SENT,
    [DUNLIN_EXCHANGE_REFUSED] = DUNLIN_TRY_REFUSED,
    [DUNLIN_EXCHANGE_REJECTED] = DUNLIN_TRY_REJECTED,
    [DUNLIN_EXCHANGE_LOST] = DUNLIN_TRY_LOST,
    [DUNLIN_EXCHANGE_FAILED] = DUNLIN_TRY_FAILED,
};

/* A caller that had little time left says nothing about the member. */
static gboolean
was_hurried (const DunlinAttempt *self)
{
    return self->exchange.given_up && self->exchange.ended_at >= self->call->deadline &&
           !self->call->is_own_deadline;
}

/* By what another host may think that the time is over earlier. */
#define CLOCKS_DIFFER (10 * G_TIME_SPAN_MILLISECOND)

/* A server that gets to a try when the time is over that it was told rejects it for good. Where
 * that was the try's time only, the call has more: it has not been run, and may go elsewhere. */
static gboolean
was_rejected_for_its_own_time (const DunlinAttempt *self)
{
    gint64 told = dunlin_timeouts_end (self->call->told, self->call->home->options->try_timeout,
                                       self->started);

    return self->exchange.end == DUNLIN_EXCHANGE_REJECTED &&
           self->exchange.ended_at >= told - CLOCKS_DIFFER &&
           self->exchange.ended_at < self->call->told;
}

DunlinVerdict
dunlin_attempt_verdict (const DunlinAttempt *self)
{
    DunlinTryEnd end =
        was_rejected_for_its_own_time (self) ? DUNLIN_TRY_REFUSED : ends[self->exchange.end];
    DunlinVerdict verdict = dunlin_verdict (end, self->exchange.error);

    if (was_hurried (self))
        verdict.health = DUNLIN_HEALTH_UNKNOWN;
    return verdict;
}

void
dunlin_attempt_end (DunlinAttempt *self)
{
    DunlinClientLoop *home = self->call->home;
    DunlinVerdict verdict = dunlin_attempt_verdict (self);
    gint64 now = dunlin_loop_now (home->loop);
    gboolean answered = self->exchange.end == DUNLIN_EXCHANGE_ANSWERED;

    dunlin_member_ended (self->member, verdict.health, now);
    dunlin_nack_admission_record (&home->admission, verdict.nack, now);
    dunlin_balancer_done (home->balancer, g_steal_pointer (&self->node), self->started, answered,
                          now);
    dunlin_exchange_clear (&self->exchange);
}
