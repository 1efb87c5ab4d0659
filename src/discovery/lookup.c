/* Looks up hosts on threads of their own: see the header. */
#define G_LOG_DOMAIN "dunlin-discovery"

#include "discovery/lookup.h"

#include "base/clock.h"
#include "discovery/host.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

/* Look-ups after which a host is forgotten that nobody got. */
#define FORGET_AFTER 10

/* One look-up. The loop and the thread each have a reference. */
typedef struct {
    atomic_int references;
    pthread_mutex_t lock;
    DunlinLoop *loop; /* borrowed, guarded by lock: NULL once given up */
    char *host;       /* owned */
    char **addresses; /* owned, nullable */
    GError *error;    /* owned, nullable */
    gpointer entry;   /* borrowed: only on the loop's thread */
} Job;

typedef struct {
    DunlinLookup *owner; /* borrowed: outlives us */
    char *host;          /* owned */
    char **addresses;    /* owned, nullable: the last good ones */
    char *problem;       /* owned, nullable */
    Job *job;            /* owned reference, nullable: while one runs */
    DunlinTimer *timer;  /* owned: the next look-up */
    guint n_unused;      /* look-ups since somebody got it */
} Entry;

struct DunlinLookup {
    DunlinLoop *loop; /* borrowed: outlives us */
    gint64 interval;
    DunlinLookupFunc changed;
    gpointer data;
    GHashTable *entries; /* owned: of Entry, by host */
};

static void
job_unref (Job *job)
{
    if (atomic_fetch_sub (&job->references, 1) > 1)
        return;
    pthread_mutex_destroy (&job->lock);
    g_free (job->host);
    g_strfreev (job->addresses);
    g_clear_error (&job->error);
    g_free (job);
}

static void
job_give_up (Job *job)
{
    pthread_mutex_lock (&job->lock);
    job->loop = NULL;
    pthread_mutex_unlock (&job->lock);
    job->entry = NULL;
    job_unref (job);
}

static void
entry_free (gpointer data)
{
    Entry *entry = data;

    if (entry->job != NULL)
        job_give_up (entry->job);
    dunlin_timer_free (entry->timer);
    g_free (entry->host);
    g_strfreev (entry->addresses);
    g_free (entry->problem);
    g_free (entry);
}

static int
compare (gconstpointer a, gconstpointer b)
{
    return strcmp (*(char *const *)a, *(char *const *)b);
}

/* Sorted: name servers turn their lists to spread callers, which is no change. */
static char **
to_texts (const struct addrinfo *addresses)
{
    GPtrArray *texts = g_ptr_array_new ();

    for (; addresses != NULL; addresses = addresses->ai_next) {
        char text[NI_MAXHOST];

        if (getnameinfo (addresses->ai_addr, addresses->ai_addrlen, text, sizeof text, NULL, 0,
                         NI_NUMERICHOST) == 0)
            g_ptr_array_add (texts, g_strdup (text));
    }
    g_ptr_array_sort (texts, compare);
    g_ptr_array_add (texts, NULL);
    return (char **)g_ptr_array_free (texts, FALSE);
}

static void
keep_result (Entry *entry, Job *job)
{
    gboolean same =
        entry->addresses != NULL && job->addresses != NULL &&
        g_strv_equal ((const char *const *)entry->addresses, (const char *const *)job->addresses);
    gboolean worse = job->addresses == NULL && entry->problem != NULL;

    if (job->addresses == NULL && entry->problem == NULL)
        g_warning ("the host %s cannot be looked up: %s; %s", entry->host, job->error->message,
                   entry->addresses != NULL ? "its last addresses stay in use" : "trying on");
    g_free (entry->problem);
    entry->problem = job->error != NULL ? g_strdup (job->error->message) : NULL;
    if (job->addresses != NULL) {
        g_strfreev (entry->addresses);
        entry->addresses = g_steal_pointer (&job->addresses);
    }
    dunlin_timer_arm (entry->timer, dunlin_deadline_in (entry->owner->interval));
    if (!same && !worse)
        entry->owner->changed (entry->owner->data);
}

static void
on_done (gpointer data)
{
    Job *job = data;
    Entry *entry = job->entry;

    if (entry != NULL) {
        job_unref (g_steal_pointer (&entry->job));
        keep_result (entry, job);
    }
    job_unref (job);
}

static gpointer
job_main (gpointer data)
{
    Job *job = data;
    struct addrinfo *addresses = dunlin_host_look_up (job->host, &job->error);

    if (addresses != NULL) {
        job->addresses = to_texts (addresses);
        freeaddrinfo (addresses);
    }
    pthread_mutex_lock (&job->lock);
    if (job->loop != NULL) {
        atomic_fetch_add (&job->references, 1); /* on_done's: ours is needed to unlock */
        dunlin_loop_post (job->loop, on_done, job);
    }
    pthread_mutex_unlock (&job->lock);
    job_unref (job);
    return NULL;
}

static void
start_job (Entry *entry)
{
    Job *job = g_new0 (Job, 1);
    GThread *thread;

    atomic_init (&job->references, 2);
    pthread_mutex_init (&job->lock, NULL);
    job->loop = entry->owner->loop;
    job->host = g_strdup (entry->host);
    job->entry = entry;
    thread = g_thread_try_new ("look-up", job_main, job, NULL);
    if (thread == NULL) {
        job_unref (job);
        job_unref (job);
        dunlin_timer_arm (entry->timer, dunlin_deadline_in (entry->owner->interval));
        return;
    }
    entry->job = job;
    g_thread_unref (thread);
}

static void
on_timer (gpointer data)
{
    Entry *entry = data;

    /* Who still needs it gets it then, which sets the count back. */
    if (++entry->n_unused == FORGET_AFTER)
        entry->owner->changed (entry->owner->data);
    if (entry->n_unused == FORGET_AFTER)
        g_hash_table_remove (entry->owner->entries, entry->host);
    else
        start_job (entry);
}

DunlinLookup *
dunlin_lookup_new (DunlinLoop *loop, gint64 interval, DunlinLookupFunc changed, gpointer data)
{
    DunlinLookup *self = g_new0 (DunlinLookup, 1);

    self->loop = loop;
    self->interval = interval;
    self->changed = changed;
    self->data = data;
    self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
    return self;
}

void
dunlin_lookup_free (DunlinLookup *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref (self->entries);
    g_free (self);
}

char **
dunlin_lookup_get (DunlinLookup *self, const char *host)
{
    Entry *entry = g_hash_table_lookup (self->entries, host);

    if (entry == NULL) {
        entry = g_new0 (Entry, 1);
        entry->owner = self;
        entry->host = g_strdup (host);
        entry->timer = dunlin_timer_new (self->loop, on_timer, entry);
        g_hash_table_insert (self->entries, entry->host, entry);
        start_job (entry);
    }
    entry->n_unused = 0;
    return entry->addresses;
}

const char *
dunlin_lookup_problem (DunlinLookup *self, const char *host)
{
    Entry *entry = g_hash_table_lookup (self->entries, host);

    return entry != NULL ? entry->problem : NULL;
}
