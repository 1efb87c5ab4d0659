/* One loop on one thread, counted by those who need it. */
#include "client/background.h"

#include <pthread.h>

#include "fiber/fiber.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static DunlinLoop *loop; /* owned: while held */
static guint n_holders;

DunlinLoop *
dunlin_background_hold (void)
{
    g_autoptr (GError) error = NULL;

    pthread_mutex_lock (&lock);
    if (n_holders++ == 0) {
        loop = dunlin_loop_new ("clients", &error);
        if (loop == NULL)
            g_error ("%s",
                     error->message); /* no descriptor left for what a client cannot do without */
        dunlin_loop_start (loop);
    }
    pthread_mutex_unlock (&lock);
    return loop;
}

void
dunlin_background_release (void)
{
    DunlinLoop *last = NULL;

    pthread_mutex_lock (&lock);
    g_assert (n_holders > 0);
    if (--n_holders == 0)
        last = g_steal_pointer (&loop);
    pthread_mutex_unlock (&lock);
    if (last == NULL)
        return;
    g_assert (dunlin_loop_current () != last);
    dunlin_loop_stop (last);
    dunlin_loop_join (last);
    dunlin_loop_free (last);
}

/* What another thread waits for. */
typedef struct {
    const char *name;
    DunlinLoopFunc func;
    gpointer data;
    GError *error;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    gboolean done;
} Job;

static void
finish (Job *job)
{
    pthread_mutex_lock (&job->lock);
    job->done = TRUE;
    pthread_cond_signal (&job->changed);
    pthread_mutex_unlock (&job->lock);
}

static void
run_job (gpointer data)
{
    Job *job = data;

    job->func (job->data);
    finish (job);
}

static void
spawn_job (gpointer data)
{
    Job *job = data;
    GError *error = NULL;

    dunlin_fiber_spawn (job->name, run_job, job, &error);
    if (error == NULL)
        return; /* it may have ended, and the job be gone */
    job->error = error;
    finish (job);
}

static void
run_and_wait (DunlinLoopFunc how, Job *job)
{
    pthread_mutex_init (&job->lock, NULL);
    pthread_cond_init (&job->changed, NULL);
    dunlin_loop_post (loop, how, job);
    pthread_mutex_lock (&job->lock);
    while (!job->done)
        pthread_cond_wait (&job->changed, &job->lock);
    pthread_mutex_unlock (&job->lock);
    pthread_cond_destroy (&job->changed);
    pthread_mutex_destroy (&job->lock);
}

void
dunlin_background_run (DunlinLoopFunc func, gpointer data)
{
    Job job = { .func = func, .data = data };

    if (dunlin_loop_current () == loop)
        func (data);
    else
        run_and_wait (run_job, &job);
}

gboolean
dunlin_background_run_fiber (const char *name, DunlinLoopFunc func, gpointer data, GError **error)
{
    Job job = { .name = name, .func = func, .data = data };

    run_and_wait (spawn_job, &job);
    if (job.error == NULL)
        return TRUE;
    g_propagate_error (error, job.error);
    return FALSE;
}
