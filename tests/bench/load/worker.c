/* Everything that a wake-up brought is checked and answered with the next calls in one write. */
#include "bench/load/worker.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench/load/connection.h"
#include "bench/load/sampler.h"

/* Handshakes that a worker has under way: more would only time out in the server's queue. */
#define OPENING_AT_ONCE 64
#define EVENTS_AT_ONCE  256
#define NS              1000000000.0
/* How long the last answers may take besides what the method itself takes. */
#define PATIENCE_NS (10 * G_GINT64_CONSTANT (1000000000))
/* A frame that no right answer has. */
#define FRAME_MAX (80u << 20)

typedef struct {
    LoadWorker *result;
    LoadShared *shared;
    LoadConnection *connections; /* owned */
    int n;
    int opening;
    int next_to_open;
    int ready;
    int failed;
    int next_to_call;
    gint64 rate_start;
    guint64 rate_sent;
    int epoll;
    LoadPhase phase;
} Run;

static void
note_error (Run *self, const char *what)
{
    self->result->errors++;
    if (self->result->first_error == NULL)
        self->result->first_error = g_strdup (what);
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
    if (!load_connection_open (connection, self->shared->options->port, self->shared->context,
                               self->shared->session)) {
        note_error (self, g_strerror (errno));
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

/* It ended before it should. */
static void
fail (Run *self, LoadConnection *connection, const char *why)
{
    note_error (self, why);
    if (connection->state == CONNECTION_HANDSHAKE || connection->state == CONNECTION_UPGRADE)
        self->opening--;
    else
        self->ready--;
    self->failed++;
    load_connection_close (connection);
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

/* Writes a call that was to begin at @begin; several are encrypted together. */
static void
add_call (Run *self, LoadConnection *connection, gint64 begin, LinkBytes *plain)
{
    const LoadMessages *messages = &self->shared->messages;
    guint8 *to = link_bytes_reserve (plain, messages->request->len);

    load_request_write (messages, to,
                        load_connection_take_slot (connection, messages->protocol, begin));
    plain->end += messages->request->len;
}

static void
send_calls (Run *self, LoadConnection *connection, LinkBytes *plain)
{
    if (link_bytes_length (plain) == 0)
        return;
    if (link_write (&connection->link, plain->data + plain->start, link_bytes_length (plain)) !=
        LINK_OK)
        fail (self, connection, "the connection broke while writing");
    else
        flush (self, connection);
    plain->start = plain->end = 0;
}

static gboolean
is_calling (Run *self)
{
    return self->phase == LOAD_WARMING || self->phase == LOAD_MEASURING;
}

/* As many calls as have no answer to wait for. */
static void
fill_up (Run *self, LoadConnection *connection)
{
    static __thread LinkBytes plain;
    gint64 now = load_now_ns ();

    if (connection->is_idle || self->result->rate > 0 || !is_calling (self) ||
        connection->state != CONNECTION_READY)
        return;
    while (connection->in_flight < connection->slots)
        add_call (self, connection, now, &plain);
    send_calls (self, connection, &plain);
}

/* The next connection with a free slot. */
static LoadConnection *
find_free (Run *self)
{
    for (int i = 0; i < self->n; i++) {
        LoadConnection *connection = &self->connections[self->next_to_call++ % self->n];

        if (connection->state == CONNECTION_READY && !connection->is_idle &&
            connection->in_flight < connection->slots)
            return connection;
    }
    return NULL;
}

/* The calls of a rate that are due. One that finds no free connection begins late, and its latency
 * counts from when it should have begun: what a caller of this rate would have seen. */
static void
send_due (Run *self)
{
    static __thread LinkBytes plain;
    double step = NS / self->result->rate;
    gint64 due = self->rate_start + (gint64)((double)self->rate_sent * step);
    gint64 now = load_now_ns ();

    while (due <= now) {
        LoadConnection *connection = find_free (self);

        if (connection == NULL)
            return;
        add_call (self, connection, due, &plain);
        send_calls (self, connection, &plain);
        due = self->rate_start + (gint64)((double)++self->rate_sent * step);
    }
}

static void
note_wrong (Run *self, LoadConnection *connection, const char *why)
{
    self->result->wrong++;
    if (self->result->first_wrong == NULL)
        self->result->first_wrong = g_strdup (why);
    self->ready--;
    self->failed++;
    load_connection_close (connection);
}

/* Returns: FALSE when the connection is closed. */
static gboolean
take_reply (Run *self, LoadConnection *connection, const guint8 *frame, gsize n, gint64 now)
{
    const LoadMessages *messages = &self->shared->messages;
    gint64 id = load_reply_id (messages, frame, n);
    gint64 begun =
        id < 0 ? 0 : load_connection_free_slot (connection, messages->protocol, (guint32)id);
    const char *why = begun == 0 ? "it answers no call that is under way"
                                 : load_reply_check (messages, frame, n, (guint32)id);

    if (why != NULL) {
        note_wrong (self, connection, why);
        return FALSE;
    }
    if (self->phase == LOAD_MEASURING) {
        self->result->calls++;
        load_histogram_add (&self->result->latencies, (guint64)MAX (now - begun, 0));
    }
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
    fill_up (self, connection);
}

static void
leave (Run *self, LoadConnection *connection)
{
    if (self->phase == LOAD_MEASURING) {
        self->result->handshakes++;
        self->result->resumed += SSL_session_reused (connection->link.ssl) == 1;
    }
    self->opening--;
    connection->state = CONNECTION_LEAVING;
    link_goodbye (&connection->link);
}

static void
go_on_opening (Run *self, LoadConnection *connection)
{
    g_autoptr (GByteArray) upgrade = NULL;
    LinkStatus status = link_handshake (&connection->link);

    if (status == LINK_FAILED || status == LINK_CLOSED) {
        fail (self, connection, "the handshake failed");
        return;
    }
    flush (self, connection);
    if (status != LINK_OK || connection->state == CONNECTION_CLOSED)
        return;
    note_tls (self, connection);
    if (self->shared->options->handshakes != LOAD_NO_HANDSHAKES) {
        leave (self, connection);
        return;
    }
    upgrade = load_upgrade (self->shared->messages.protocol);
    if (upgrade == NULL) {
        become_ready (self, connection);
        return;
    }
    connection->state = CONNECTION_UPGRADE;
    link_write (&connection->link, upgrade->data, upgrade->len);
    flush (self, connection);
}

/* Returns: FALSE when the connection is closed. */
static gboolean
take_upgrade (Run *self, LoadConnection *connection, const guint8 *frame, gsize n)
{
    if (!load_is_reply (LOAD_FRAMED, FALSE, frame, n)) {
        fail (self, connection, "the server knows no TTwitter");
        return FALSE;
    }
    become_ready (self, connection);
    return connection->state == CONNECTION_READY;
}

/* ---- Input ---- */

static void
take_frames (Run *self, LoadConnection *connection)
{
    gint64 now = load_now_ns ();
    const guint8 *frame;
    gsize n;

    while ((frame = load_connection_frame (connection, &n)) != NULL) {
        gboolean goes_on = connection->state == CONNECTION_UPGRADE
                               ? take_upgrade (self, connection, frame, n)
                               : take_reply (self, connection, frame, n, now);

        if (!goes_on)
            return;
        link_bytes_consume (&connection->link.in, n + 4);
    }
    fill_up (self, connection);
}

static void
take_input (Run *self, LoadConnection *connection)
{
    LinkStatus status = link_receive (&connection->link);

    if (connection->state == CONNECTION_LEAVING) {
        if (status == LINK_CLOSED || status == LINK_FAILED) {
            load_connection_close (connection);
            if (self->phase != LOAD_ENDING)
                open_one (self, connection);
        }
        return;
    }
    if (status == LINK_OK)
        take_frames (self, connection);
    else if (status != LINK_AGAIN)
        fail (self, connection, "the server closed the connection");
}

static void
handle (Run *self, const struct epoll_event *event)
{
    LoadConnection *connection = event->data.ptr;

    if (connection->state == CONNECTION_HANDSHAKE) {
        go_on_opening (self, connection);
        if (connection->state == CONNECTION_CLOSED || connection->state == CONNECTION_HANDSHAKE ||
            connection->link.raw_length == 0)
            return;
        take_input (self, connection);
        return;
    }
    if (connection->state != CONNECTION_CLOSED && (event->events & EPOLLOUT))
        flush (self, connection);
    if (connection->state != CONNECTION_CLOSED && (event->events & ~(guint32)EPOLLOUT))
        take_input (self, connection);
}

/* ---- The whole ---- */

static int
count_in_flight (Run *self)
{
    int n = 0;

    for (int i = 0; i < self->n; i++)
        n += (int)self->connections[i].in_flight;
    return n;
}

static int
timeout_ms (Run *self)
{
    if (self->result->rate > 0 && is_calling (self))
        return 0;
    return self->phase == LOAD_OPENING ? 10 : 2;
}

static void
turn (Run *self)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int n = epoll_wait (self->epoll, events, EVENTS_AT_ONCE, timeout_ms (self));

    for (int i = 0; i < n; i++)
        handle (self, &events[i]);
    if (self->result->rate > 0 && is_calling (self))
        send_due (self);
}

static void
begin_calling (Run *self)
{
    self->rate_start = load_now_ns ();
    for (int i = 0; i < self->n; i++)
        fill_up (self, &self->connections[i]);
}

/* What is due is answered or missed. */
static void
end_calling (Run *self)
{
    gint64 end = load_now_ns () + PATIENCE_NS;
    double due = self->result->rate * ((double)(load_now_ns () - self->rate_start) / NS);

    if (self->result->rate > 0 && due > (double)self->rate_sent)
        self->result->unsent = (guint64)due - self->rate_sent;
    if (self->shared->options->handshakes != LOAD_NO_HANDSHAKES)
        return;
    while (count_in_flight (self) > 0 && load_now_ns () < end)
        turn (self);
    for (int i = count_in_flight (self); i > 0; i--)
        note_error (self, "calls were never answered");
}

static void
open_all (Run *self)
{
    open_more (self);
    while (self->ready + self->failed < self->n &&
           __atomic_load_n (&self->shared->phase, __ATOMIC_ACQUIRE) == LOAD_OPENING)
        turn (self);
}

static void
run_phases (Run *self)
{
    if (self->shared->options->handshakes == LOAD_NO_HANDSHAKES)
        open_all (self);
    else
        open_more (self);
    __atomic_add_fetch (&self->shared->opened, 1, __ATOMIC_ACQ_REL);
    while (self->phase != LOAD_ENDING) {
        gboolean was_calling = is_calling (self);

        self->phase = __atomic_load_n (&self->shared->phase, __ATOMIC_ACQUIRE);
        if (is_calling (self) && !was_calling)
            begin_calling (self);
        turn (self);
    }
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
        self.connections[i].is_idle = i >= result->connections;
        self.connections[i].slots = slots;
        self.connections[i].begun = g_new0 (gint64, slots);
    }
    run_phases (&self);
    for (int i = 0; i < self.n; i++) {
        load_connection_close (&self.connections[i]);
        g_free (self.connections[i].begun);
    }
    g_free (self.connections);
    close (self.epoll);
    return NULL;
}

void
load_worker_clear (LoadWorker *self)
{
    g_free (self->first_error);
    g_free (self->first_wrong);
    g_free (self->tls);
    g_free (self->cipher);
}
