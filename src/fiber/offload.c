/* The offload pool: threads made when needed, a bounded queue, plain POSIX primitives (which
 * ThreadSanitizer can follow, unlike GLib's). */
#include "fiber/offload.h"

#include <pthread.h>
#include <signal.h>

typedef struct Job {
    struct Job *next;
    DunlinOffloadFunc func;
    gpointer data;
    DunlinLoop *loop;   /* borrowed: where the fiber waits */
    DunlinFiber *fiber; /* borrowed: cannot end before the job */
    DunlinPriority priority;
    gboolean done; /* only on the loop's thread */
} Job;

#define N_PRIORITIES (DUNLIN_PRIORITY_LOW + 1)

/* So many jobs may overtake others of lower priority before one of those has its turn. */
#define MAX_OVERTAKES 32

typedef struct {
    Job *first; /* borrowed: on the waiting fibers' stacks */
    Job *last;
} Line;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    Line lines[N_PRIORITIES];
    int waiting;
    int running;
    int running_low;
    int idle;
    int threads;
    int overtakes;
    gboolean ending;
    int max_threads;
    int queue_limit;
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
           .changed = PTHREAD_COND_INITIALIZER,
           .max_threads = 16,
           .queue_limit = 10000 };

static void
on_done (gpointer data)
{
    Job *job = data;

    job->done = TRUE;
    dunlin_fiber_wake (job->fiber);
}

/* All of these with the lock held. */

static void
put (Job *job)
{
    Line *line = &pool.lines[job->priority];

    if (line->last != NULL)
        line->last->next = job;
    else
        line->first = job;
    line->last = job;
    pool.waiting++;
}

static Job *
take (DunlinPriority priority)
{
    Line *line = &pool.lines[priority];
    Job *job = line->first;

    line->first = job->next;
    if (line->first == NULL)
        line->last = NULL;
    pool.waiting--;
    return job;
}

static gboolean
may_run (int priority)
{
    if (pool.lines[priority].first == NULL)
        return FALSE;
    return priority != DUNLIN_PRIORITY_LOW || pool.running_low < MAX (pool.max_threads / 2, 1);
}

/* The highest that may run; the lowest, when that was overtaken too often. */
static int
pick (void)
{
    int highest = 0;
    int lowest = N_PRIORITIES - 1;

    while (highest < N_PRIORITIES && !may_run (highest))
        highest++;
    while (lowest > highest && !may_run (lowest))
        lowest--;
    if (lowest > highest && ++pool.overtakes <= MAX_OVERTAKES)
        return highest;
    pool.overtakes = 0;
    return lowest > highest ? lowest : highest;
}

static Job *
next_job (void)
{
    int priority;

    while ((priority = pick ()) == N_PRIORITIES) {
        if (pool.ending)
            return NULL; /* what is left, whoever runs low work takes over */
        pool.idle++;
        pthread_cond_wait (&pool.changed, &pool.lock);
        pool.idle--;
    }
    return take ((DunlinPriority)priority);
}

static void
count_running (const Job *job, int change)
{
    pool.running += change;
    if (job->priority != DUNLIN_PRIORITY_LOW)
        return;
    pool.running_low += change;
    if (change < 0) /* there is room for another one, which an idle thread could run */
        pthread_cond_signal (&pool.changed);
}

static void *
worker (void *data)
{
    Job *job;

    pthread_setname_np (pthread_self (), "offload");
    pthread_mutex_lock (&pool.lock);
    while ((job = next_job ()) != NULL) {
        Job copy = *job; /* it is gone when its fiber goes on */

        count_running (&copy, 1);
        pthread_mutex_unlock (&pool.lock);
        copy.func (copy.data);
        dunlin_loop_post (copy.loop, on_done, job);
        pthread_mutex_lock (&pool.lock);
        count_running (&copy, -1);
    }
    pool.threads--;
    pthread_cond_broadcast (&pool.changed);
    pthread_mutex_unlock (&pool.lock);
    return NULL;
}

/* Signals are the control loop's business: no worker may be interrupted by them. */
static gboolean
start_worker (void)
{
    sigset_t all;
    sigset_t before;
    pthread_attr_t attributes;
    pthread_t thread;
    gboolean started;

    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    pthread_attr_init (&attributes);
    pthread_attr_setdetachstate (&attributes, PTHREAD_CREATE_DETACHED);
    started = pthread_create (&thread, &attributes, worker, NULL) == 0;
    pthread_attr_destroy (&attributes);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (started)
        pool.threads++;
    return started;
}

static gboolean
enqueue (Job *job, GError **error)
{
    gboolean accepted;
    int limit;

    pthread_mutex_lock (&pool.lock);
    limit = pool.queue_limit;
    if (job->priority == DUNLIN_PRIORITY_LOW)
        limit = MAX (limit / 2, 1);
    accepted = pool.waiting < limit;
    if (accepted && pool.idle <= pool.waiting && pool.threads < pool.max_threads)
        accepted = start_worker () || pool.threads > 0;
    if (accepted) {
        put (job);
        pthread_cond_signal (&pool.changed);
    }
    pthread_mutex_unlock (&pool.lock);
    if (!accepted)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED,
                     "%d jobs already wait for one of %d offload threads: see offload.threads and "
                     "offload.queue",
                     limit, pool.max_threads);
    return accepted;
}

gboolean
dunlin_offload (DunlinOffloadFunc func, gpointer data, GError **error)
{
    return dunlin_offload_with_priority (DUNLIN_PRIORITY_NORMAL, func, data, error);
}

gboolean
dunlin_offload_with_priority (DunlinPriority priority, DunlinOffloadFunc func, gpointer data,
                              GError **error)
{
    DunlinFiber *fiber = dunlin_fiber_self ();
    Job job = { .func = func,
                .data = data,
                .priority = priority,
                .fiber = fiber,
                .loop = dunlin_loop_current () };

    if (fiber == NULL) {
        func (data);
        return TRUE;
    }
    if (dunlin_fiber_is_cancelled (fiber)) {
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED,
                             "cancelled before the offloaded work began");
        return FALSE;
    }
    if (!enqueue (&job, error))
        return FALSE;
    dunlin_fiber_shield (fiber);
    while (!job.done)
        dunlin_fiber_park (DUNLIN_NEVER, NULL);
    dunlin_fiber_unshield (fiber);
    return TRUE;
}

void
dunlin_offload_configure (int threads, int queue_limit)
{
    pthread_mutex_lock (&pool.lock);
    pool.max_threads = MAX (threads, 1);
    pool.queue_limit = MAX (queue_limit, 1);
    pthread_mutex_unlock (&pool.lock);
}

void
dunlin_offload_shutdown (void)
{
    pthread_mutex_lock (&pool.lock);
    pool.ending = TRUE;
    pthread_cond_broadcast (&pool.changed);
    while (pool.threads > 0)
        pthread_cond_wait (&pool.changed, &pool.lock);
    pool.ending = FALSE;
    pthread_mutex_unlock (&pool.lock);
}

void
dunlin_offload_describe (int *running, int *waiting)
{
    pthread_mutex_lock (&pool.lock);
    *running = pool.running;
    *waiting = pool.waiting;
    pthread_mutex_unlock (&pool.lock);
}
