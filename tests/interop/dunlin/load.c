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
    gboolean running; /* atomic */
    pthread_mutex_t lock;
    guint64 calls;
    guint64 failed;
    char *first_failure;    /* owned */
    GHashTable *by_address; /* owned: address -> guint64 */
    GError *error;          /* owned: of the whole */
} Load;

/* The arguments of get(1) and sleep(150): field 1, and the stop. */
static const guint8 get_binary[] = { 0x0a, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0 };
static const guint8 sleep_binary[] = { 0x08, 0, 1, 0, 0, 0, SLEEP_MS, 0 };

static void
count (Load *self, const DunlinRawReply *reply, const GError *error)
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
    }
    pthread_mutex_unlock (&self->lock);
}

/* Mostly quick calls, every fourth one long enough to be under way when a server stops. */
static void
call_once (Load *self, guint i)
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
    count (self, &reply, error);
}

static gboolean
work (gpointer data, GError **error)
{
    Load *self = data;

    for (guint i = 0; g_atomic_int_get (&self->running); i++) {
        call_once (self, i);
        dunlin_sleep (PAUSE_US, NULL);
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

void
caller_load (const CallerWay *way, const char *group, const char *what, guint workers)
{
    Load self = { .workers = MIN (workers, WORKERS_MAX), .running = TRUE };
    g_autofree char *calls = NULL;
    GThread *thread;

    self.client = dunlin_dest_client_new (way->dest, &way->options, NULL, &self.error);
    if (self.client != NULL) {
        pthread_mutex_init (&self.lock, NULL);
        self.by_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
        thread = g_thread_new ("workers", run_workers, &self);
        listen_to_driver (&self);
        g_atomic_int_set (&self.running, FALSE);
        g_thread_join (thread);
        calls = by_address (&self);
        caller_note ("%" G_GUINT64_FORMAT " calls, %" G_GUINT64_FORMAT " failed, by host%s",
                     self.calls, self.failed, calls);
    }
    caller_point (group, what, none_failed, &self);
    g_clear_pointer (&self.client, dunlin_client_unref);
    g_clear_pointer (&self.by_address, g_hash_table_unref);
    g_clear_error (&self.error);
    g_free (self.first_failure);
}
