/* Fibers that call; each loop counts for itself, and statistics add up. */
#include "cli/load.h"

#include <pthread.h>
#include <time.h>

#include "base/error.h"
#include "base/stats.h"
#include "cli/reply.h"
#include "fiber/fiber.h"

/* Different failures that are told apart; the rest is counted together. */
#define MAX_KINDS 20

/* How late the begin of a call may be found: a loop's pacer sleeps no shorter. */
#define PACE (1 * G_TIME_SPAN_MILLISECOND)

typedef struct {
    CliLoad *load; /* borrowed: outlives us */
    guint number;
    DunlinLoop *loop; /* owned */
    guint fibers;     /* under way */
    guint64 begun;
    GHashTable *failures; /* owned: text to number; read once the loop has ended */
} Lane;

struct CliLoad {
    CliLoadPlan plan;
    DunlinClient *client;      /* borrowed */
    const CliRequest *request; /* borrowed */
    DunlinEncoding encoding;
    gint64 start;
    gint stopped; /* atomic */
    Lane *lanes;  /* owned */
    DunlinCounter done;
    DunlinCounter declared;
    DunlinCounter failed;
    DunlinCounter late;
    DunlinHistogram latency;

    pthread_mutex_t lock; /* guards @left */
    pthread_cond_t ended;
    guint left; /* lanes that still work */
};

/* A call that is to begin at @due. */
typedef struct {
    Lane *lane;
    gint64 due;
} Order;

static guint64
share (guint64 all, const Lane *lane)
{
    guint loops = lane->load->plan.loops;

    return all / loops + (lane->number < all % loops ? 1 : 0);
}

/* When the lane's next call is to begin. */
static gint64
next_due (const Lane *lane)
{
    const CliLoad *load = lane->load;

    if (load->plan.rate == 0)
        return dunlin_clock_now ();
    return load->start + (gint64)((double)(lane->begun * load->plan.loops + lane->number) *
                                  G_USEC_PER_SEC / (double)load->plan.rate);
}

/* With a rate, calls that are due are begun even when the time has passed meanwhile: so their
 * number is always the same. */
static gboolean
is_over (const Lane *lane)
{
    const CliLoad *load = lane->load;

    return g_atomic_int_get (&load->stopped) ||
           next_due (lane) >= load->start + load->plan.duration ||
           (load->plan.requests > 0 && lane->begun >= share (load->plan.requests, lane));
}

static void
count_failure (Lane *self, const char *text)
{
    gpointer n = NULL;

    dunlin_counter_increment (self->load->failed);
    if (!g_hash_table_contains (self->failures, text) &&
        g_hash_table_size (self->failures) >= MAX_KINDS)
        text = "others";
    n = g_hash_table_lookup (self->failures, text);
    g_hash_table_replace (self->failures, g_strdup (text),
                          GSIZE_TO_POINTER (GPOINTER_TO_SIZE (n) + 1));
}

static void
count_reply (Lane *self, const DunlinRawReply *raw, gint64 since)
{
    CliLoad *load = self->load;

    dunlin_histogram_record (load->latency, (guint64)MAX (0, dunlin_clock_now () - since));
    if (raw->type == DUNLIN_MESSAGE_EXCEPTION) {
        g_autofree char *message = NULL;
        int type = 0;

        dunlin_raw_reply_exception (raw, load->encoding, &type, &message);
        count_failure (self, message == NULL ? "an exception" : message);
    } else if (cli_reply_is_declared (load->request->method, raw, load->encoding)) {
        dunlin_counter_increment (load->declared);
    }
}

static void
call_once (Lane *self, gint64 since)
{
    g_auto (DunlinRawReply) raw = { 0 };
    g_autoptr (GError) error = NULL;
    DunlinRawCall call = cli_request_call (self->load->request);

    if (dunlin_client_call_raw (self->load->client, &call, &raw, &error))
        count_reply (self, &raw, since);
    else
        count_failure (self, error->message);
    dunlin_counter_increment (self->load->done);
}

/* A fiber of the lane ends; with the last one the lane. */
static void
leave (Lane *self)
{
    if (--self->fibers > 0)
        return;
    dunlin_loop_stop (self->loop);
    pthread_mutex_lock (&self->load->lock);
    self->load->left--;
    pthread_cond_broadcast (&self->load->ended);
    pthread_mutex_unlock (&self->load->lock);
}

/* A caller's life: one call after the other. */
static void
call_on (gpointer data)
{
    Lane *self = data;

    while (!is_over (self)) {
        self->begun++;
        call_once (self, dunlin_clock_now ());
    }
    leave (self);
}

static void
call_in_time (gpointer data)
{
    Order *order = data;

    call_once (order->lane, order->due);
    leave (order->lane);
    g_free (order);
}

static void
spawn (Lane *self, DunlinFiberFunc func, gpointer data)
{
    g_autoptr (GError) error = NULL;

    self->fibers++;
    if (dunlin_fiber_spawn ("press", func, data, &error) != NULL || error == NULL)
        return;
    count_failure (self, error->message);
    dunlin_counter_increment (self->load->done);
    self->fibers--;
    if (data != self)
        g_free (data);
}

/* Begins all calls that are due, or, when too many are under way, counts them as failed. */
static void
begin_due (Lane *self, gint64 now)
{
    const CliLoadPlan *plan = &self->load->plan;
    guint64 most = MAX (1, share (plan->concurrency, self));

    while (!is_over (self)) {
        gint64 due = next_due (self);
        Order *order;

        if (due > now)
            return;
        self->begun++;
        if (self->fibers > most) {
            dunlin_counter_increment (self->load->late);
            dunlin_counter_increment (self->load->done);
            count_failure (self, "not begun: too many calls were under way");
            continue;
        }
        order = g_new (Order, 1);
        *order = (Order){ self, due };
        spawn (self, call_in_time, order);
    }
}

static void
pace (gpointer data)
{
    Lane *self = data;

    while (!is_over (self)) {
        begin_due (self, dunlin_clock_now ());
        dunlin_sleep (PACE, NULL);
    }
    leave (self);
}

static void
begin_lane (gpointer data)
{
    Lane *self = data;
    guint64 callers = self->load->plan.rate > 0 ? 1 : share (self->load->plan.concurrency, self);

    self->fibers = 1; /* so that the lane lives until all callers are there */
    for (guint64 i = 0; i < callers; i++)
        spawn (self, self->load->plan.rate > 0 ? pace : call_on, self);
    leave (self);
}

static gboolean
make_lane (CliLoad *self, guint number, GError **error)
{
    Lane *lane = &self->lanes[number];
    g_autofree char *name = g_strdup_printf ("press-%u", number + 1);

    lane->load = self;
    lane->number = number;
    lane->failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    lane->loop = dunlin_loop_new (name, error);
    return lane->loop != NULL;
}

/* The handles, and what they have counted before: nothing, in a process with one load. */
static void
make_counters (CliLoad *self)
{
    self->done = dunlin_counter ("press/done", NULL, NULL);
    self->declared = dunlin_counter ("press/declared", NULL, NULL);
    self->failed = dunlin_counter ("press/failed", NULL, NULL);
    self->late = dunlin_counter ("press/late", NULL, NULL);
    self->latency = dunlin_histogram ("press/latency", "microseconds", NULL);
}

CliLoad *
cli_load_start (const CliLoadPlan *plan, DunlinClient *client, const CliRequest *request,
                DunlinEncoding encoding, GError **error)
{
    g_autoptr (CliLoad) self = g_new0 (CliLoad, 1);
    pthread_condattr_t attributes;

    self->plan = *plan;
    self->client = client;
    self->request = request;
    self->encoding = encoding;
    self->lanes = g_new0 (Lane, plan->loops);
    pthread_mutex_init (&self->lock, NULL);
    pthread_condattr_init (&attributes);
    pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
    pthread_cond_init (&self->ended, &attributes);
    pthread_condattr_destroy (&attributes);
    make_counters (self);
    for (guint i = 0; i < plan->loops; i++)
        if (!make_lane (self, i, error))
            return NULL;
    self->left = plan->loops;
    self->start = dunlin_clock_now ();
    for (guint i = 0; i < plan->loops; i++) {
        dunlin_loop_post (self->lanes[i].loop, begin_lane, &self->lanes[i]);
        dunlin_loop_start (self->lanes[i].loop);
    }
    return g_steal_pointer (&self);
}

gboolean
cli_load_wait (CliLoad *self, gint64 deadline)
{
    struct timespec until = { .tv_sec = deadline / G_USEC_PER_SEC,
                              .tv_nsec = deadline % G_USEC_PER_SEC * 1000 };
    gboolean ended;

    pthread_mutex_lock (&self->lock);
    while (self->left > 0 && pthread_cond_timedwait (&self->ended, &self->lock, &until) == 0)
        ;
    ended = self->left == 0;
    pthread_mutex_unlock (&self->lock);
    return ended;
}

void
cli_load_stop (CliLoad *self)
{
    g_atomic_int_set (&self->stopped, TRUE);
}

void
cli_load_read (CliLoad *self, CliLoadCounts *counts)
{
    counts->done = dunlin_counter_read (self->done);
    counts->declared = dunlin_counter_read (self->declared);
    counts->failed = dunlin_counter_read (self->failed);
    counts->late = dunlin_counter_read (self->late);
    dunlin_histogram_read (self->latency, &counts->latency);
}

static void
add_failures (GHashTable *sum, GHashTable *failures)
{
    GHashTableIter iter;
    gpointer text;
    gpointer n;

    g_hash_table_iter_init (&iter, failures);
    while (g_hash_table_iter_next (&iter, &text, &n))
        g_hash_table_replace (
            sum, text,
            GSIZE_TO_POINTER (GPOINTER_TO_SIZE (n) +
                              GPOINTER_TO_SIZE (g_hash_table_lookup (sum, text))));
}

char *
cli_load_failures (CliLoad *self)
{
    g_autoptr (GHashTable) sum = g_hash_table_new (g_str_hash, g_str_equal);
    GString *out = g_string_new (NULL);
    GHashTableIter iter;
    gpointer text;
    gpointer n;

    for (guint i = 0; i < self->plan.loops; i++)
        add_failures (sum, self->lanes[i].failures);
    g_hash_table_iter_init (&iter, sum);
    while (g_hash_table_iter_next (&iter, &text, &n))
        g_string_append_printf (out, "%9" G_GSIZE_FORMAT "  %s\n", GPOINTER_TO_SIZE (n),
                                (const char *)text);
    return g_string_free (out, FALSE);
}

void
cli_load_free (CliLoad *self)
{
    if (self == NULL)
        return;
    cli_load_stop (self);
    for (guint i = 0; i < self->plan.loops; i++) {
        if (self->left > 0 || self->start > 0)
            dunlin_loop_join (self->lanes[i].loop);
        g_clear_pointer (&self->lanes[i].loop, dunlin_loop_free);
        g_clear_pointer (&self->lanes[i].failures, g_hash_table_unref);
    }
    pthread_mutex_destroy (&self->lock);
    pthread_cond_destroy (&self->ended);
    g_free (self->lanes);
    g_free (self);
}
