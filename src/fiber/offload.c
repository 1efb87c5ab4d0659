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
    gboolean done;      /* only on the loop's thread */
} Job;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    Job *first; /* borrowed: on the waiting fibers' stacks */
    Job *last;
    int waiting;
    int running;
    int idle;
    int threads;
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

/* Called and returns with the lock held. */
static Job *
next_job (void)
{
    Job *job;

    while (pool.first == NULL && !pool.ending) {
        pool.idle++;
        pthread_cond_wait (&pool.changed, &pool.lock);
        pool.idle--;
    }
    job = pool.first;
    if (job == NULL)
        return NULL;
    pool.first = job->next;
    if (pool.first == NULL)
        pool.last = NULL;
    pool.waiting--;
    return job;
}

static void *
worker (void *data)
{
    Job *job;

    pthread_setname_np (pthread_self (), "offload");
    pthread_mutex_lock (&pool.lock);
    while ((job = next_job ()) != NULL) {
        DunlinLoop *loop = job->loop;

        pool.running++;
        pthread_mutex_unlock (&pool.lock);
        job->func (job->data);
        dunlin_loop_post (loop, on_done, job);
        pthread_mutex_lock (&pool.lock);
        pool.running--;
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

    pthread_mutex_lock (&pool.lock);
    accepted = pool.waiting < pool.queue_limit;
    if (accepted && pool.idle <= pool.waiting && pool.threads < pool.max_threads)
        accepted = start_worker () || pool.threads > 0;
    if (accepted) {
        if (pool.last != NULL)
            pool.last->next = job;
        else
            pool.first = job;
        pool.last = job;
        pool.waiting++;
        pthread_cond_signal (&pool.changed);
    }
    pthread_mutex_unlock (&pool.lock);
    if (!accepted)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED,
                     "%d jobs already wait for one of %d offload threads: see offload.threads and "
                     "offload.queue",
                     pool.queue_limit, pool.max_threads);
    return accepted;
}

gboolean
dunlin_offload (DunlinOffloadFunc func, gpointer data, GError **error)
{
    DunlinFiber *fiber = dunlin_fiber_self ();
    Job job = { .func = func, .data = data, .fiber = fiber, .loop = dunlin_loop_current () };

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
