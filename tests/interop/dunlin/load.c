/* The workers are fibers of one loop; the main thread listens to the driver. What both see is
 * counted under a lock. */
#include "interop/dunlin/load.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "discovery/dest.h"
#include "interop/dunlin/tap.h"

#define PAUSE_US    5000
#define SLEEP_MS    150
#define WORKERS_MAX 256

typedef struct {
    DunlinClient *client; /* owned */
    DunlinEncoding encoding;
    guint workers;
    guint rate;       /* calls a second of all workers; 0: as fast as they are answered */
    guint started;    /* workers, each in its turn; under the lock */
    gboolean running; /* atomic */
    pthread_mutex_t lock;
    guint64 calls;
    guint64 failed;
    char *first_failure;    /* owned */
    GHashTable *by_address; /* owned: address -> guint64 */
    GArray *latencies;      /* owned: of guint32, microseconds, of get() */
    GError *error;          /* owned: of the whole */
} Load;

/* The arguments of get(1) and sleep(150): field 1, and the stop. */
static const guint8 get_binary[] = { 0x0a, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0 };
static const guint8 sleep_binary[] = { 0x08, 0, 1, 0, 0, 0, SLEEP_MS, 0 };

static void
count (Load *self, const DunlinRawReply *reply, const GError *error, guint32 took)
{
    guint64 *calls;

    pthread_mutex_lock (&self->lock);
    self->calls++;
    if (error != NULL) {
        self->failed++;
        if (self->first_failure == NULL)
            self->first_failure = g_strdup (error->message);
    } else {
        calls = g_hash_table_lookup (self->by_address, reply->address);
        if (calls == NULL) {
            calls = g_new0 (guint64, 1);
            g_hash_table_insert (self->by_address, g_strdup (reply->address), calls);
        }
        (*calls)++;
        if (took > 0)
            g_array_append_val (self->latencies, took);
    }
    pthread_mutex_unlock (&self->lock);
}

/* Mostly quick calls, every fourth one long enough to be under way when a server stops. */
static void
call_once (Load *self, guint i, gint64 due)
{
    gboolean is_long = i % 4 == 3;
    DunlinRawCall call = { .method = is_long ? "sleep" : "get",
                           .arguments = is_long ? sleep_binary : get_binary,
                           .n_arguments = is_long ? sizeof sleep_binary : sizeof get_binary,
                           .idempotent = TRUE,
                           .deadline = dunlin_deadline_in (15 * G_USEC_PER_SEC) };
    g_auto (DunlinRawReply) reply = { 0 };
    g_autoptr (GError) error = NULL;

    if (dunlin_client_call_raw (self->client, &call, &reply, &error) &&
        reply.type != DUNLIN_MESSAGE_REPLY)
        caller_wrong (&error, "%s was answered with an exception", call.method);
    count (self, &reply, error, is_long ? 0 : (guint32)MAX (dunlin_clock_now () - due, 1));
}

/* When the next call of a worker is to begin: on time, however slow the last one was. */
static gint64
next_due (Load *self, gint64 due)
{
    gint64 now = dunlin_clock_now ();

    if (self->rate == 0)
        return now + PAUSE_US;
    return due + (gint64)self->workers * G_USEC_PER_SEC / self->rate;
}

static gint64
first_due (Load *self)
{
    guint turn;

    pthread_mutex_lock (&self->lock);
    turn = self->started++;
    pthread_mutex_unlock (&self->lock);
    return dunlin_clock_now () + (self->rate == 0 ? 0 : turn * G_USEC_PER_SEC / self->rate);
}

static gboolean
work (gpointer data, GError **error)
{
    Load *self = data;

    gint64 due = first_due (self);

    for (guint i = 0; g_atomic_int_get (&self->running); i++) {
        gint64 early = due - dunlin_clock_now ();

        if (early > 0)
            dunlin_sleep (early, NULL);
        call_once (self, i, due);
        due = next_due (self, due);
    }
    return TRUE;
}

static gpointer
run_workers (gpointer data)
{
    Load *self = data;
    DunlinTask tasks[WORKERS_MAX];

    for (guint i = 0; i < self->workers; i++)
        tasks[i] = (DunlinTask){ .func = work, .data = self };
    dunlin_parallel (tasks, self->workers, &self->error);
    dunlin_tasks_clear (tasks, self->workers);
    return NULL;
}

static char *
by_address (Load *self)
{
    GString *text = g_string_new (NULL);
    GHashTableIter iter;
    gpointer address;
    gpointer calls;

    pthread_mutex_lock (&self->lock);
    g_hash_table_iter_init (&iter, self->by_address);
    while (g_hash_table_iter_next (&iter, &address, &calls))
        g_string_append_printf (text, " %s=%" G_GUINT64_FORMAT, (char *)address, *(guint64 *)calls);
    pthread_mutex_unlock (&self->lock);
    return g_string_free (text, FALSE);
}

static void
listen_to_driver (Load *self)
{
    char line[256];

    printf ("@running\n");
    (void)fflush (stdout);
    while (fgets (line, sizeof line, stdin) != NULL && strcmp (line, "end\n") != 0) {
        g_autofree char *calls = by_address (self);

        printf ("@%s by host%s\n", g_strchomp (line), calls);
        (void)fflush (stdout);
    }
}

static gboolean
none_failed (gpointer data, GError **error)
{
    Load *self = data;

    if (self->error != NULL)
        return caller_wrong (error, "%s", self->error->message);
    if (self->calls <= 50)
        return caller_wrong (error, "only %" G_GUINT64_FORMAT " calls were made", self->calls);
    return self->failed == 0 || caller_wrong (error,
                                              "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                                              " calls failed, the first with: %s",
                                              self->failed, self->calls, self->first_failure);
}

static int
compare_latencies (gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a;
    guint32 y = *(const guint32 *)b;

    return (x > y) - (x < y);
}

static double
percentile_ms (const Load *self, guint percent)
{
    guint n = self->latencies->len;

    return n == 0 ? 0
                  : g_array_index (self->latencies, guint32, (guint)((guint64)n * percent / 100)) /
                        1000.0;
}

static void
report (Load *self)
{
    g_autofree char *calls = by_address (self);

    g_array_sort (self->latencies, compare_latencies);
    caller_note ("%" G_GUINT64_FORMAT " calls, %" G_GUINT64_FORMAT
                 " failed, get: p50 %.1f ms, p99 %.1f ms, by host%s",
                 self->calls, self->failed, percentile_ms (self, 50), percentile_ms (self, 99),
                 calls);
}

void
caller_load (const CallerWay *way, const char *group, const char *what, guint workers, guint rate)
{
    Load self = { .workers = MIN (workers, WORKERS_MAX), .rate = rate, .running = TRUE };
    GThread *thread;

    self.client = dunlin_dest_client_new (way->dest, &way->options, NULL, &self.error);
    if (self.client != NULL) {
        pthread_mutex_init (&self.lock, NULL);
        self.by_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
        self.latencies = g_array_new (FALSE, FALSE, sizeof (guint32));
        thread = g_thread_new ("workers", run_workers, &self);
        listen_to_driver (&self);
        g_atomic_int_set (&self.running, FALSE);
        g_thread_join (thread);
        report (&self);
    }
    caller_point (group, what, none_failed, &self);
    g_clear_pointer (&self.client, dunlin_client_unref);
    g_clear_pointer (&self.by_address, g_hash_table_unref);
    g_clear_pointer (&self.latencies, g_array_unref);
    g_clear_error (&self.error);
    g_free (self.first_failure);
}
