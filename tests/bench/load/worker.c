/* Everything that a wake-up brought is checked and answered with the next calls in one write. */
#include "bench/load/worker.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench/load/connection.h"
#include "bench/load/pace.h"
#include "bench/load/reply.h"
#include "bench/load/sampler.h"

/* Handshakes that a worker has under way: more would only time out in the server's queue. */
#define OPENING_AT_ONCE 64
#define EVENTS_AT_ONCE  256
#define MS              G_GINT64_CONSTANT (1000000)
#define NS              1000000000.0
/* How often the phase is looked at when nothing happens. */
#define TURN_NS (2 * MS)
/* Opening is given up when nobody gets any further for so long. */
#define OPEN_PATIENCE_NS (30000 * MS)
/* A sleep ends late by about so much; the rest of the time to the next call is spun away. */
#define SPIN_NS (MS / 10)

typedef struct {
    LoadWorker *result;
    LoadShared *shared;
    LoadConnection *connections; /* owned: those that call, then the idle ones */
    int n;
    int opening;
    int next_to_open;
    int ready;
    int failed;
    int next_to_call;
    gboolean is_behind; /* a call is due and no connection is free */
    LoadPace pace;
    int epoll;
    LoadPhase phase;
    LinkBytes plain; /* calls that are encrypted together */
} Run;

static gboolean
is_calling (Run *self)
{
    return self->phase == LOAD_WARMING || self->phase == LOAD_MEASURING;
}

static gboolean
has_handshakes_only (Run *self)
{
    return self->shared->options->handshakes != LOAD_NO_HANDSHAKES;
}

static void
note_error (Run *self, const char *what, const char *why)
{
    self->result->errors++;
    if (self->result->first_error == NULL)
        self->result->first_error =
            why == NULL ? g_strdup (what) : g_strdup_printf ("%s: %s", what, why);
}

static void
watch (Run *self, LoadConnection *connection, int operation, gboolean write)
{
    struct epoll_event event = { .events = EPOLLIN | (write ? EPOLLOUT : 0),
                                 .data.ptr = connection };

    epoll_ctl (self->epoll, operation, connection->link.fd, &event);
    connection->wants_write = write;
}

static void
open_one (Run *self, LoadConnection *connection)
{
    if (!load_connection_open (connection, self->shared->options->port, self->shared->context)) {
        note_error (self, "cannot connect", g_strerror (errno));
        self->failed++;
        return;
    }
    self->opening++;
    watch (self, connection, EPOLL_CTL_ADD, TRUE);
}

static void
open_more (Run *self)
{
    while (self->next_to_open < self->n && self->opening < OPENING_AT_ONCE)
        open_one (self, &self->connections[self->next_to_open++]);
}

/* It is of no more use. */
static void
drop (Run *self, LoadConnection *connection)
{
    if (connection->state == CONNECTION_HANDSHAKE || connection->state == CONNECTION_OPENING)
        self->opening--;
    else if (connection->state == CONNECTION_READY)
        self->ready--;
    self->failed++;
    load_connection_close (connection);
    if (self->phase == LOAD_OPENING)
        open_more (self);
}

static void
fail (Run *self, LoadConnection *connection, const char *what)
{
    note_error (self, what, connection->link.why);
    drop (self, connection);
}

static void
note_wrong (Run *self, LoadConnection *connection, const char *why)
{
    self->result->wrong++;
    if (self->result->first_wrong == NULL)
        self->result->first_wrong = g_strdup (why);
    drop (self, connection);
}

static void
flush (Run *self, LoadConnection *connection)
{
    LinkStatus status = link_flush (&connection->link);

    if (status == LINK_FAILED)
        fail (self, connection, "the connection broke while writing");
    else if ((status == LINK_AGAIN) != connection->wants_write)
        watch (self, connection, EPOLL_CTL_MOD, status == LINK_AGAIN);
}

/* ---- Calls ---- */

/* Adds a call that was to begin at @begin to those that go together. */
static void
add_call (Run *self, LoadConnection *connection, gint64 begin)
{
    const LoadMessage *call = &self->shared->call;
    gsize length = call->request->len;
    guint8 *to = link_bytes_reserve (&self->plain, length);

    load_message_write (call, to, load_connection_take_slot (connection, call->protocol, begin));
    self->plain.end += length;
}

static void
send_calls (Run *self, LoadConnection *connection)
{
    gsize length = link_bytes_length (&self->plain);

    if (length == 0)
        return;
    self->plain.end = 0;
    if (link_write (&connection->link, self->plain.data, length) == LINK_OK)
        flush (self, connection);
    else
        fail (self, connection, "the connection broke while writing");
}

/* As many calls as have no answer to wait for. */
static void
fill_up (Run *self, LoadConnection *connection, gint64 now)
{
    if (connection->is_idle || self->result->rate > 0 || !is_calling (self) ||
        connection->state != CONNECTION_READY)
        return;
    while (connection->in_flight < connection->slots)
        add_call (self, connection, now);
    send_calls (self, connection);
}

/* Returns: (nullable): the next connection with a free slot. */
static LoadConnection *
find_free (Run *self)
{
    int n = self->result->connections;

    for (int i = 0; i < n; i++) {
        LoadConnection *connection = &self->connections[self->next_to_call];

        self->next_to_call = (self->next_to_call + 1) % n;
        if (connection->state == CONNECTION_READY && connection->in_flight < connection->slots)
            return connection;
    }
    return NULL;
}

/* The calls of a rate that are due. One that finds no free connection begins late, and its latency
 * counts from when it should have begun: what a caller of this rate would have seen. */
static void
send_due (Run *self)
{
    gint64 now = load_now_ns ();
    gint64 due;

    self->is_behind = FALSE;
    while ((due = load_pace_due (&self->pace)) <= now) {
        LoadConnection *connection = find_free (self);

        if (connection == NULL) {
            self->is_behind = TRUE;
            return;
        }
        self->pace.begun++;
        add_call (self, connection, due);
        send_calls (self, connection);
    }
}

/* With a rate those count that were to begin in the window, however long they took: the slowest
 * would be missing otherwise. */
static gboolean
is_in_window (Run *self, gint64 begun)
{
    const LoadShared *shared = self->shared;

    if (self->result->rate == 0)
        return self->phase == LOAD_MEASURING;
    return self->phase >= LOAD_MEASURING && begun >= shared->window_begin &&
           (self->phase == LOAD_MEASURING || begun < shared->window_end);
}

static void
note_answer (Run *self, gint64 begun, gint64 now)
{
    self->result->calls += self->phase == LOAD_MEASURING;
    if (is_in_window (self, begun))
        load_histogram_add (&self->result->latencies, (guint64)MAX (now - begun, 0));
}

/* Returns: FALSE when the connection is closed. */
static gboolean
take_reply (Run *self, LoadConnection *connection, const guint8 *frame, gsize n, gint64 now)
{
    const LoadMessage *call = &self->shared->call;
    gint64 id = load_reply_id (call, frame, n);
    gint64 begun = id < 0 ? 0 : load_connection_free_slot (connection, call->protocol, (guint32)id);
    const char *why = begun == 0 ? "it answers no call that is under way"
                                 : load_reply_check (call, frame, n, (guint32)id);

    if (why != NULL) {
        note_wrong (self, connection, why);
        return FALSE;
    }
    note_answer (self, begun, now);
    return TRUE;
}

/* ---- Opening ---- */

static void
note_tls (Run *self, LoadConnection *connection)
{
    SSL *ssl = connection->link.ssl;

    if (ssl == NULL || self->result->tls != NULL)
        return;
    self->result->tls = g_strdup (SSL_get_version (ssl));
    self->result->cipher = g_strdup (SSL_get_cipher_name (ssl));
}

static void
become_ready (Run *self, LoadConnection *connection)
{
    connection->state = CONNECTION_READY;
    self->opening--;
    self->ready++;
    open_more (self);
    fill_up (self, connection, load_now_ns ());
}

/* The opening's next step, or the first call. */
static void
go_on_speaking (Run *self, LoadConnection *connection)
{
    const LoadOpening *opening = &self->shared->opening;
    const LoadMessage *hello = &self->shared->hello;

    connection->state = CONNECTION_OPENING;
    if (connection->step < opening->n_steps) {
        link_bytes_append (&self->plain, opening->requests[connection->step]->data,
                           opening->requests[connection->step]->len);
    } else {
        load_message_write (hello, link_bytes_reserve (&self->plain, hello->request->len),
                            FIRST_TAG);
        self->plain.end += hello->request->len;
    }
    send_calls (self, connection);
}

/* Returns: FALSE when the connection is closed. */
static gboolean
take_opening (Run *self, LoadConnection *connection, const guint8 *frame, gsize n)
{
    const LoadOpening *opening = &self->shared->opening;
    const char *why;

    if (connection->step < opening->n_steps) {
        if (load_opening_check (opening, connection->step, frame, n)) {
            connection->step++;
            go_on_speaking (self, connection);
        } else
            fail (self, connection, "the server does not know the protocol's opening");
        return connection->state != CONNECTION_CLOSED;
    }
    why = load_reply_check (&self->shared->hello, frame, n, FIRST_TAG);
    if (why == NULL)
        become_ready (self, connection);
    else
        note_wrong (self, connection, why);
    return connection->state != CONNECTION_CLOSED;
}

static void
go_on_opening (Run *self, LoadConnection *connection)
{
    LinkStatus status = link_handshake (&connection->link);

    if (status == LINK_FAILED || status == LINK_CLOSED) {
        fail (self, connection, "the handshake failed");
        return;
    }
    flush (self, connection);
    if (status != LINK_OK || connection->state == CONNECTION_CLOSED)
        return;
    note_tls (self, connection);
    if (!has_handshakes_only (self)) {
        connection->step = 0;
        go_on_speaking (self, connection);
        return;
    }
    connection->state = CONNECTION_LEAVING;
    link_goodbye (&connection->link);
    self->opening--;
    open_more (self);
}

/* The server has closed: only now it has done all that a handshake costs it, and only now one
 * knows that it took our certificate. */
static void
note_handshake (Run *self, LoadConnection *connection)
{
    gboolean resumed = SSL_session_reused (connection->link.ssl) == 1;

    if (self->phase != LOAD_MEASURING)
        return;
    self->result->handshakes++;
    self->result->resumed += resumed ? 1 : 0;
    if (!resumed && self->shared->options->handshakes == LOAD_RESUMED_HANDSHAKES)
        note_error (self, "the server did not resume a session", NULL);
}

static void
take_leave (Run *self, LoadConnection *connection)
{
    LinkStatus status = link_receive (&connection->link);

    link_settle (&connection->link);
    if (status != LINK_CLOSED && status != LINK_FAILED)
        return;
    if (connection->link.why != NULL) {
        fail (self, connection, "the server refused the handshake");
        return;
    }
    note_handshake (self, connection);
    load_connection_close (connection);
    if (self->phase != LOAD_ENDING)
        open_one (self, connection);
}

/* ---- Input ---- */

static void
take_frames (Run *self, LoadConnection *connection)
{
    LinkBytes *in = &connection->link.in;
    gsize most = self->shared->call.reply->len + LOAD_REPLY_EXTRA_MAX;
    gint64 now = load_now_ns ();
    const guint8 *frame;
    gsize n;

    while ((frame = load_connection_frame (connection, &n)) != NULL) {
        gboolean goes_on = connection->state == CONNECTION_OPENING
                               ? take_opening (self, connection, frame, n)
                               : take_reply (self, connection, frame, n, now);

        if (!goes_on)
            return;
        link_bytes_consume (in, n + 4);
    }
    if (n > most) {
        note_wrong (self, connection, "its frame is larger than any right answer");
        return;
    }
    if (n > 0)
        link_bytes_reserve (in, n + 4 - link_bytes_length (in));
    link_settle (&connection->link);
    fill_up (self, connection, now);
}

static void
take_input (Run *self, LoadConnection *connection)
{
    LinkStatus status;

    if (connection->state == CONNECTION_LEAVING) {
        take_leave (self, connection);
        return;
    }
    status = link_receive (&connection->link);
    if (status == LINK_OK)
        take_frames (self, connection);
    else if (status == LINK_AGAIN)
        link_settle (&connection->link);
    else
        fail (self, connection, "the server closed the connection");
}

static void
handle (Run *self, const struct epoll_event *event)
{
    LoadConnection *connection = event->data.ptr;

    if (connection->state == CONNECTION_HANDSHAKE) {
        go_on_opening (self, connection);
        if (connection->state != CONNECTION_CLOSED && connection->state != CONNECTION_HANDSHAKE &&
            connection->link.raw_length > 0)
            take_input (self, connection);
        return;
    }
    if (connection->state != CONNECTION_CLOSED && (event->events & EPOLLOUT))
        flush (self, connection);
    if (connection->state != CONNECTION_CLOSED && (event->events & ~(guint32)EPOLLOUT))
        take_input (self, connection);
}

/* ---- The whole ---- */

static gint64
time_to_wait (Run *self)
{
    gint64 left;

    if (self->result->rate == 0 || !is_calling (self) || self->is_behind)
        return TURN_NS;
    left = load_pace_due (&self->pace) - load_now_ns () - SPIN_NS;
    return CLAMP (left, 0, TURN_NS);
}

static int
wait_for_events (Run *self, struct epoll_event *events)
{
    gint64 left = time_to_wait (self);
    struct timespec time = { .tv_nsec = left };

    if (left % MS == 0)
        return epoll_wait (self->epoll, events, EVENTS_AT_ONCE, (int)(left / MS));
    return epoll_pwait2 (self->epoll, events, EVENTS_AT_ONCE, &time, NULL);
}

static void
turn (Run *self)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int n = wait_for_events (self, events);

    for (int i = 0; i < n; i++)
        handle (self, &events[i]);
    if (self->result->rate > 0 && is_calling (self))
        send_due (self);
}

static void
begin_calling (Run *self)
{
    gint64 now = load_now_ns ();

    self->pace.start = now;
    if (self->result->rate > 0)
        self->pace.step_ns = NS / self->result->rate;
    for (int i = 0; i < self->result->connections; i++)
        fill_up (self, &self->connections[i], now);
}

static int
count_in_flight (Run *self)
{
    int n = 0;

    for (int i = 0; i < self->result->connections; i++)
        n += (int)self->connections[i].in_flight;
    return n;
}

/* Calls that should have begun, and are still waiting. */
static void
note_unsent (Run *self)
{
    gint64 now = load_now_ns ();
    gint64 due;

    for (; (due = load_pace_due (&self->pace)) < self->shared->window_end; self->pace.begun++) {
        if (!is_in_window (self, due))
            continue;
        self->result->unsent++;
        load_histogram_add (&self->result->latencies, (guint64)MAX (now - due, 0));
    }
}

/* What is under way is answered or missed. */
static void
end_calling (Run *self)
{
    const LoadOptions *options = self->shared->options;
    gint64 asleep = options->method == LOAD_SLEEP ? (gint64)options->argument * MS : 0;
    gint64 end = load_now_ns () + (gint64)(options->patience * NS) + asleep;

    if (self->result->rate > 0)
        note_unsent (self);
    while (count_in_flight (self) > 0 && load_now_ns () < end)
        turn (self);
    for (int i = count_in_flight (self); i > 0; i--)
        note_error (self, "a call was never answered", NULL);
}

static void
open_all (Run *self)
{
    gint64 end = load_now_ns () + OPEN_PATIENCE_NS;
    int settled = 0;

    open_more (self);
    while (self->ready + self->failed < self->n && load_now_ns () < end) {
        turn (self);
        if (self->ready + self->failed > settled)
            end = load_now_ns () + OPEN_PATIENCE_NS;
        settled = self->ready + self->failed;
    }
    for (int i = settled; i < self->n; i++)
        note_error (self, "a connection was not open in time", NULL);
}

static void
run_phases (Run *self)
{
    if (has_handshakes_only (self))
        open_more (self);
    else
        open_all (self);
    __atomic_add_fetch (&self->shared->opened, 1, __ATOMIC_ACQ_REL);
    while (self->phase != LOAD_ENDING) {
        gboolean was_calling = is_calling (self);

        self->phase = __atomic_load_n (&self->shared->phase, __ATOMIC_ACQUIRE);
        if (is_calling (self) && !was_calling)
            begin_calling (self);
        turn (self);
    }
    if (!has_handshakes_only (self))
        end_calling (self);
}

gpointer
load_worker_run (gpointer data)
{
    LoadWorker *result = data;
    Run self = { .result = result,
                 .shared = result->shared,
                 .n = result->connections + result->idle };
    guint slots = (guint)result->shared->options->in_flight;

    self.epoll = epoll_create1 (EPOLL_CLOEXEC);
    self.connections = g_new0 (LoadConnection, (gsize)self.n);
    for (int i = 0; i < self.n; i++) {
        gboolean is_idle = i >= result->connections;

        load_connection_init (&self.connections[i], is_idle ? 1 : slots, result->shared->session);
        self.connections[i].is_idle = is_idle;
    }
    run_phases (&self);
    for (int i = 0; i < self.n; i++)
        load_connection_clear (&self.connections[i]);
    g_free (self.connections);
    link_bytes_clear (&self.plain);
    link_end_thread ();
    close (self.epoll);
    return NULL;
}

void
load_worker_merge (LoadWorker *self, LoadWorker *other)
{
    load_histogram_merge (&self->latencies, &other->latencies);
    self->calls += other->calls;
    self->handshakes += other->handshakes;
    self->resumed += other->resumed;
    self->errors += other->errors;
    self->wrong += other->wrong;
    self->unsent += other->unsent;
    if (self->first_error == NULL)
        self->first_error = g_steal_pointer (&other->first_error);
    if (self->first_wrong == NULL)
        self->first_wrong = g_steal_pointer (&other->first_wrong);
}

void
load_worker_clear (LoadWorker *self)
{
    g_free (self->first_error);
    g_free (self->first_wrong);
    g_free (self->tls);
    g_free (self->cipher);
}
