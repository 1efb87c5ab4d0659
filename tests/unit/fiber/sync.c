/* Semaphores, mutexes, conditions and queues: between the fibers of one loop, between loops, and
 * with threads. */
#include "fiber/mutex.h"
#include "fiber/queue.h"
#include "fiber/semaphore.h"

#include <pthread.h>

#define N_LOOPS  3
#define PATIENCE (60 * G_USEC_PER_SEC)
#define SHORT    (20 * G_TIME_SPAN_MILLISECOND)

/* What one loop of a case runs: so many fibers of a kind; it stops when all have ended. */
typedef struct {
    DunlinLoop *loop;
    DunlinFiberFunc func;
    gpointer data;
    int n_fibers;
    int n_ended;
} Crew;

static void
crew_member (gpointer data)
{
    Crew *crew = data;

    crew->func (crew->data);
    if (++crew->n_ended == crew->n_fibers)
        dunlin_loop_stop (crew->loop);
}

static void
crew_begin (gpointer data)
{
    Crew *crew = data;

    for (int i = 0; i < crew->n_fibers; i++) {
        g_autoptr (GError) error = NULL;

        dunlin_fiber_spawn ("crew", crew_member, crew, &error);
        g_assert_no_error (error);
    }
}

/* Runs @n fibers of @func on each of @n_loops loops, each with its own thread. */
static void
run_on (int n_loops, int n, DunlinFiberFunc func, gpointer data)
{
    Crew crews[N_LOOPS];

    for (int i = 0; i < n_loops; i++) {
        crews[i] = (Crew){ dunlin_loop_new ("test", NULL), func, data, n, 0 };
        dunlin_loop_post (crews[i].loop, crew_begin, &crews[i]);
    }
    for (int i = 0; i < n_loops; i++)
        dunlin_loop_start (crews[i].loop);
    for (int i = 0; i < n_loops; i++) {
        dunlin_loop_join (crews[i].loop);
        dunlin_loop_free (crews[i].loop);
    }
}

static void
run (DunlinFiberFunc func, gpointer data)
{
    run_on (1, 1, func, data);
}

static DunlinFiber *
spawn (DunlinFiberFunc func, gpointer data)
{
    g_autoptr (GError) error = NULL;
    DunlinFiber *fiber = dunlin_fiber_spawn ("helper", func, data, &error);

    g_assert_no_error (error);
    return fiber;
}

static void
yield_now (void)
{
    g_assert_true (dunlin_fiber_yield (NULL));
}

/* --- semaphore --- */

typedef struct {
    DunlinSemaphore *semaphore;
    pthread_mutex_t lock;
    int inside; /* guarded by lock */
    int most;   /* likewise */
    int rounds;
    GString *trail;
    GError *error;
} Place;

static void
place_init (Place *self, guint permits)
{
    *self = (Place){ .semaphore = dunlin_semaphore_new (permits), .trail = g_string_new (NULL) };
    pthread_mutex_init (&self->lock, NULL);
}

static void
place_clear (Place *self)
{
    dunlin_semaphore_free (self->semaphore);
    pthread_mutex_destroy (&self->lock);
    g_string_free (self->trail, TRUE);
    g_clear_error (&self->error);
}

static void
count_inside (Place *self, int change)
{
    pthread_mutex_lock (&self->lock);
    self->inside += change;
    self->most = MAX (self->most, self->inside);
    pthread_mutex_unlock (&self->lock);
}

static void
visit (gpointer data)
{
    Place *self = data;

    for (int i = 0; i < self->rounds; i++) {
        g_assert_true (
            dunlin_semaphore_acquire (self->semaphore, dunlin_deadline_in (PATIENCE), NULL));
        count_inside (self, 1);
        if (i % 3 == 0)
            yield_now ();
        count_inside (self, -1);
        dunlin_semaphore_release (self->semaphore);
    }
}

static void
no_more_than_its_permits_at_once (void)
{
    Place place;

    place_init (&place, 4);
    place.rounds = 200;
    run_on (N_LOOPS, 20, visit, &place);
    g_assert_cmpint (place.most, ==, 4);
    g_assert_cmpuint (dunlin_semaphore_available (place.semaphore), ==, 4);
    place_clear (&place);
}

/* A thread cannot yield. */
static void
visit_briefly (gpointer data)
{
    Place *self = data;

    for (int i = 0; i < self->rounds; i++) {
        g_assert_true (
            dunlin_semaphore_acquire (self->semaphore, dunlin_deadline_in (PATIENCE), NULL));
        count_inside (self, 1);
        count_inside (self, -1);
        dunlin_semaphore_release (self->semaphore);
    }
}

static gpointer
visit_as_thread (gpointer data)
{
    visit_briefly (data);
    return NULL;
}

static void
threads_wait_too (void)
{
    Place place;
    GThread *threads[2];

    place_init (&place, 1);
    place.rounds = 500;
    g_assert_true (dunlin_semaphore_try_acquire (place.semaphore));
    for (int i = 0; i < 2; i++)
        threads[i] = g_thread_new ("waiter", visit_as_thread, &place);
    dunlin_semaphore_release (place.semaphore);
    run_on (2, 5, visit_briefly, &place);
    for (int i = 0; i < 2; i++)
        g_thread_join (threads[i]);
    g_assert_cmpint (place.most, ==, 1);
    g_assert_cmpuint (dunlin_semaphore_available (place.semaphore), ==, 1);
    place_clear (&place);
}

static void
join_the_line (gpointer data)
{
    Place *self = data;
    char letter = (char)('a' + self->inside++);

    g_assert_true (dunlin_semaphore_acquire (self->semaphore, DUNLIN_NEVER, NULL));
    g_string_append_c (self->trail, letter);
    dunlin_semaphore_release (self->semaphore);
}

static void
line_story (gpointer data)
{
    Place *self = data;

    for (int i = 0; i < 4; i++)
        spawn (join_the_line, self);
    dunlin_semaphore_release (self->semaphore);
    /* The permit is the first one's already, though it has not run yet. */
    g_assert_false (dunlin_semaphore_try_acquire (self->semaphore));
    while (self->trail->len < 4)
        yield_now ();
}

static void
first_come_first_served (void)
{
    Place place;

    place_init (&place, 0);
    run (line_story, &place);
    g_assert_cmpstr (place.trail->str, ==, "abcd");
    g_assert_cmpuint (dunlin_semaphore_available (place.semaphore), ==, 1);
    place_clear (&place);
}

static void
late_story (gpointer data)
{
    Place *self = data;

    g_assert_false (
        dunlin_semaphore_acquire (self->semaphore, dunlin_deadline_in (SHORT), &self->error));
    dunlin_semaphore_release (self->semaphore);
    g_assert_cmpuint (dunlin_semaphore_available (self->semaphore), ==, 1);
}

static void
a_deadline_ends_the_wait (void)
{
    Place place;

    place_init (&place, 0);
    run (late_story, &place);
    g_assert_error (place.error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    g_assert_true (dunlin_semaphore_try_acquire (place.semaphore));
    g_clear_error (&place.error);
    /* The same off fibers. */
    g_assert_false (
        dunlin_semaphore_acquire (place.semaphore, dunlin_deadline_in (SHORT), &place.error));
    g_assert_error (place.error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    dunlin_semaphore_release (place.semaphore);
    place_clear (&place);
}

static void
wait_in_vain (gpointer data)
{
    Place *self = data;

    g_assert_false (dunlin_semaphore_acquire (self->semaphore, DUNLIN_NEVER, &self->error));
}

static void
cancel_story (gpointer data)
{
    Place *self = data;

    dunlin_fiber_cancel (spawn (wait_in_vain, self));
    yield_now ();
    dunlin_semaphore_release (self->semaphore);
}

static void
cancelling_ends_the_wait (void)
{
    Place place;

    place_init (&place, 0);
    run (cancel_story, &place);
    g_assert_error (place.error, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED);
    g_assert_cmpuint (dunlin_semaphore_available (place.semaphore), ==, 1);
    place_clear (&place);
}

static void
get_it_after_all (gpointer data)
{
    Place *self = data;

    g_assert_true (dunlin_semaphore_acquire (self->semaphore, DUNLIN_NEVER, NULL));
    g_assert_true (dunlin_fiber_is_cancelled (dunlin_fiber_self ()));
    dunlin_semaphore_release (self->semaphore);
    self->rounds++;
}

static void
both_story (gpointer data)
{
    Place *self = data;
    DunlinFiber *fiber = spawn (get_it_after_all, self);

    dunlin_semaphore_release (self->semaphore);
    dunlin_fiber_cancel (fiber);
    while (self->rounds == 0)
        yield_now ();
}

static void
a_permit_that_came_before_the_cancel_is_not_lost (void)
{
    Place place;

    place_init (&place, 0);
    run (both_story, &place);
    g_assert_cmpuint (dunlin_semaphore_available (place.semaphore), ==, 1);
    place_clear (&place);
}

static void
impatient (gpointer data)
{
    Place *self = data;

    for (int i = 0; i < self->rounds; i++) {
        gint64 wait = g_random_int_range (0, 300);

        if (!dunlin_semaphore_acquire (self->semaphore, dunlin_deadline_in (wait), NULL))
            continue;
        count_inside (self, 1);
        dunlin_sleep (g_random_int_range (0, 200), NULL);
        count_inside (self, -1);
        dunlin_semaphore_release (self->semaphore);
    }
}

/* Grants and deadlines that meet, on loops that do not know of each other. */
static void
permits_survive_races_with_deadlines (void)
{
    Place place;

    place_init (&place, 2);
    place.rounds = 100;
    run_on (N_LOOPS, 8, impatient, &place);
    g_assert_cmpint (place.most, <=, 2);
    g_assert_cmpuint (dunlin_semaphore_available (place.semaphore), ==, 2);
    place_clear (&place);
}

/* --- mutex and condition --- */

typedef struct {
    DunlinMutex *mutex;
    DunlinCondition *changed;
    int counter; /* guarded by mutex */
    int waiting; /* likewise */
    GError *error;
} Room;

static void
room_init (Room *self)
{
    *self = (Room){ .mutex = dunlin_mutex_new (), .changed = dunlin_condition_new () };
}

static void
room_clear (Room *self)
{
    dunlin_mutex_free (self->mutex);
    dunlin_condition_free (self->changed);
    g_clear_error (&self->error);
}

static void
lock (Room *self)
{
    g_assert_true (dunlin_mutex_lock (self->mutex, dunlin_deadline_in (PATIENCE), NULL));
}

static void
add_slowly (gpointer data)
{
    Room *self = data;

    for (int i = 0; i < 50; i++) {
        int before;

        lock (self);
        before = self->counter;
        yield_now (); /* a thread's mutex would not allow this */
        self->counter = before + 1;
        dunlin_mutex_unlock (self->mutex);
    }
}

static void
a_mutex_is_held_across_waits (void)
{
    Room room;

    room_init (&room);
    run_on (N_LOOPS, 6, add_slowly, &room);
    g_assert_cmpint (room.counter, ==, 50 * 6 * N_LOOPS);
    room_clear (&room);
}

static void
try_to_lock (gpointer data)
{
    Room *self = data;

    g_assert_false (dunlin_mutex_lock (self->mutex, dunlin_deadline_in (SHORT), &self->error));
}

static void
locked_story (gpointer data)
{
    Room *self = data;

    lock (self);
    spawn (try_to_lock, self);
    while (self->error == NULL)
        yield_now ();
    dunlin_mutex_unlock (self->mutex);
    lock (self);
    dunlin_mutex_unlock (self->mutex);
}

static void
a_lock_that_is_not_had_in_time_is_told (void)
{
    Room room;

    room_init (&room);
    run (locked_story, &room);
    g_assert_error (room.error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    room_clear (&room);
}

static void
wait_for_three (gpointer data)
{
    Room *self = data;

    lock (self);
    self->waiting++;
    while (self->counter < 3)
        g_assert_true (dunlin_condition_wait (self->changed, self->mutex,
                                              dunlin_deadline_in (PATIENCE), NULL));
    dunlin_mutex_unlock (self->mutex);
}

static gpointer
count_to_three (gpointer data)
{
    Room *self = data;

    for (int i = 0; i < 3; i++) {
        lock (self);
        self->counter++;
        dunlin_condition_broadcast (self->changed);
        dunlin_mutex_unlock (self->mutex);
        g_usleep (1000);
    }
    return NULL;
}

static void
a_broadcast_reaches_all_loops (void)
{
    Room room;
    GThread *thread;

    room_init (&room);
    thread = g_thread_new ("counter", count_to_three, &room);
    run_on (N_LOOPS, 10, wait_for_three, &room);
    g_thread_join (thread);
    g_assert_cmpint (room.waiting, ==, 10 * N_LOOPS);
    room_clear (&room);
}

static void
wait_for_one (gpointer data)
{
    Room *self = data;

    lock (self);
    self->waiting++;
    g_assert_true (dunlin_condition_wait (self->changed, self->mutex, DUNLIN_NEVER, NULL));
    self->waiting--;
    dunlin_mutex_unlock (self->mutex);
}

static void
signal_story (gpointer data)
{
    Room *self = data;

    for (int i = 0; i < 3; i++)
        spawn (wait_for_one, self);
    for (int left = 2; left >= 0; left--) {
        lock (self);
        dunlin_condition_signal (self->changed);
        dunlin_mutex_unlock (self->mutex);
        for (int i = 0; i < 5; i++)
            yield_now ();
        g_assert_cmpint (self->waiting, ==, left);
    }
}

static void
a_signal_wakes_one (void)
{
    Room room;

    room_init (&room);
    run (signal_story, &room);
    room_clear (&room);
}

/* The mutex is held again although the wait has failed, and nobody can be waited for any more. */
static void
give_up_waiting (gpointer data)
{
    Room *self = data;

    lock (self);
    g_assert_false (dunlin_condition_wait (self->changed, self->mutex, DUNLIN_NEVER, &self->error));
    self->counter++;
    dunlin_mutex_unlock (self->mutex);
}

static void
cancelled_wait_story (gpointer data)
{
    Room *self = data;
    DunlinFiber *fiber = spawn (give_up_waiting, self);

    lock (self);
    dunlin_fiber_cancel (fiber);
    for (int i = 0; i < 5; i++)
        yield_now ();
    g_assert_cmpint (self->counter, ==, 0);
    dunlin_mutex_unlock (self->mutex);
    while (self->counter == 0)
        yield_now ();
}

static void
a_cancelled_wait_comes_back_with_the_mutex (void)
{
    Room room;

    room_init (&room);
    run (cancelled_wait_story, &room);
    g_assert_error (room.error, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED);
    room_clear (&room);
}

/* --- queue --- */

typedef struct {
    DunlinQueue *queue;
    DunlinSemaphore *seen; /* a permit an item */
    pthread_mutex_t lock;
    gint64 sum; /* guarded by lock */
    int rounds;
    guint longest;
    gpointer popped;
    GError *error;
} Pipe;

static void
pipe_init (Pipe *self, guint capacity)
{
    *self = (Pipe){ .queue = dunlin_queue_new (capacity, NULL), .seen = dunlin_semaphore_new (0) };
    pthread_mutex_init (&self->lock, NULL);
}

static void
pipe_clear (Pipe *self)
{
    dunlin_queue_free (self->queue);
    dunlin_semaphore_free (self->seen);
    pthread_mutex_destroy (&self->lock);
    g_clear_error (&self->error);
}

static gpointer
produce (gpointer data)
{
    Pipe *self = data;

    for (int i = 1; i <= self->rounds; i++)
        g_assert_true (dunlin_queue_push (self->queue, GINT_TO_POINTER (i),
                                          dunlin_deadline_in (PATIENCE), NULL));
    return NULL;
}

static void
consume (gpointer data)
{
    Pipe *self = data;
    g_autoptr (GError) error = NULL;
    gpointer item;

    while ((item = dunlin_queue_pop (self->queue, dunlin_deadline_in (PATIENCE), &error)) != NULL) {
        pthread_mutex_lock (&self->lock);
        self->sum += GPOINTER_TO_INT (item);
        self->longest = MAX (self->longest, dunlin_queue_length (self->queue));
        pthread_mutex_unlock (&self->lock);
        dunlin_semaphore_release (self->seen);
    }
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
}

static gpointer
close_when_all_is_seen (gpointer data)
{
    Pipe *self = data;

    for (int i = 0; i < 2 * self->rounds; i++)
        g_assert_true (dunlin_semaphore_acquire (self->seen, dunlin_deadline_in (PATIENCE), NULL));
    dunlin_queue_close (self->queue);
    return NULL;
}

static void
every_item_arrives_once (void)
{
    Pipe pipe;
    GThread *threads[3];

    pipe_init (&pipe, 7);
    pipe.rounds = 2000;
    threads[0] = g_thread_new ("producer", produce, &pipe);
    threads[1] = g_thread_new ("producer", produce, &pipe);
    threads[2] = g_thread_new ("closer", close_when_all_is_seen, &pipe);
    run_on (N_LOOPS, 5, consume, &pipe);
    for (int i = 0; i < 3; i++)
        g_thread_join (threads[i]);
    g_assert_cmpint (pipe.sum, ==, 2000 * 2001);
    g_assert_cmpuint (pipe.longest, <=, 7);
    pipe_clear (&pipe);
}

static void
push_five (gpointer data)
{
    Pipe *self = data;

    for (int i = 1; i <= 5; i++)
        g_assert_true (dunlin_queue_push (self->queue, GINT_TO_POINTER (i), DUNLIN_NEVER, NULL));
    dunlin_queue_close (self->queue);
    self->rounds = 5;
}

static void
full_story (gpointer data)
{
    Pipe *self = data;

    spawn (push_five, self);
    g_assert_cmpint (self->rounds, ==, 0); /* it waits with the third */
    g_assert_cmpuint (dunlin_queue_length (self->queue), ==, 2);
    g_assert_false (dunlin_queue_try_push (self->queue, self));
    for (int i = 1; i <= 5; i++)
        g_assert_cmpint (GPOINTER_TO_INT (dunlin_queue_pop (self->queue, DUNLIN_NEVER, NULL)), ==,
                         i);
    g_assert_null (dunlin_queue_pop (self->queue, DUNLIN_NEVER, &self->error));
}

static void
a_full_queue_holds_back_and_keeps_the_order (void)
{
    Pipe pipe;

    pipe_init (&pipe, 2);
    run (full_story, &pipe);
    g_assert_error (pipe.error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
    pipe_clear (&pipe);
}

static void
push_in_vain (gpointer data)
{
    Pipe *self = data;

    g_assert_false (dunlin_queue_push (self->queue, self, DUNLIN_NEVER, &self->error));
}

static void
close_story (gpointer data)
{
    Pipe *self = data;

    g_assert_true (dunlin_queue_try_push (self->queue, "kept"));
    spawn (push_in_vain, self);
    dunlin_queue_close (self->queue);
    while (self->error == NULL)
        yield_now ();
    g_assert_error (self->error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
    g_clear_error (&self->error);
    g_assert_false (dunlin_queue_try_push (self->queue, "no"));
    g_assert_cmpstr (dunlin_queue_pop (self->queue, DUNLIN_NEVER, NULL), ==, "kept");
    g_assert_null (dunlin_queue_pop (self->queue, DUNLIN_NEVER, &self->error));
}

static void
closing_keeps_what_is_there_and_refuses_more (void)
{
    Pipe pipe;

    pipe_init (&pipe, 1);
    run (close_story, &pipe);
    g_assert_error (pipe.error, DUNLIN_ERROR, DUNLIN_ERROR_CLOSED);
    pipe_clear (&pipe);
}

static void
pop_one (gpointer data)
{
    Pipe *self = data;

    self->popped = dunlin_queue_pop (self->queue, DUNLIN_NEVER, &self->error);
    self->rounds++;
}

static void
handed_over_story (gpointer data)
{
    Pipe *self = data;
    DunlinFiber *fiber = spawn (pop_one, self);

    g_assert_true (dunlin_queue_try_push (self->queue, "mine"));
    dunlin_fiber_cancel (fiber);
    g_assert_null (dunlin_queue_try_pop (self->queue)); /* nobody cuts in */
    while (self->rounds == 0)
        yield_now ();
}

static void
an_item_that_came_before_the_cancel_is_not_lost (void)
{
    Pipe pipe;

    pipe_init (&pipe, 1);
    run (handed_over_story, &pipe);
    g_assert_cmpstr (pipe.popped, ==, "mine");
    g_assert_no_error (pipe.error);
    pipe_clear (&pipe);
}

static void
late_pop_story (gpointer data)
{
    Pipe *self = data;

    g_assert_null (dunlin_queue_pop (self->queue, dunlin_deadline_in (SHORT), &self->error));
}

static void
a_pop_ends_at_its_deadline (void)
{
    Pipe pipe;

    pipe_init (&pipe, 1);
    run (late_pop_story, &pipe);
    g_assert_error (pipe.error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    pipe_clear (&pipe);
}

static void
what_is_left_is_freed (void)
{
    DunlinQueue *queue = dunlin_queue_new (3, g_free);

    for (int i = 0; i < 3; i++)
        g_assert_true (dunlin_queue_push (queue, g_strdup ("left"), DUNLIN_NEVER, NULL));
    dunlin_queue_free (queue);
}

typedef struct {
    const char *name;
    void (*func) (void);
} Row;

static const Row rows[] = {
    { "/fiber/semaphore/no-more-than-its-permits-at-once", no_more_than_its_permits_at_once },
    { "/fiber/semaphore/threads-wait-too", threads_wait_too },
    { "/fiber/semaphore/first-come-first-served", first_come_first_served },
    { "/fiber/semaphore/a-deadline-ends-the-wait", a_deadline_ends_the_wait },
    { "/fiber/semaphore/cancelling-ends-the-wait", cancelling_ends_the_wait },
    { "/fiber/semaphore/a-permit-that-came-before-the-cancel-is-not-lost",
      a_permit_that_came_before_the_cancel_is_not_lost },
    { "/fiber/semaphore/permits-survive-races-with-deadlines",
      permits_survive_races_with_deadlines },
    { "/fiber/mutex/is-held-across-waits", a_mutex_is_held_across_waits },
    { "/fiber/mutex/a-lock-that-is-not-had-in-time-is-told",
      a_lock_that_is_not_had_in_time_is_told },
    { "/fiber/condition/a-broadcast-reaches-all-loops", a_broadcast_reaches_all_loops },
    { "/fiber/condition/a-signal-wakes-one", a_signal_wakes_one },
    { "/fiber/condition/a-cancelled-wait-comes-back-with-the-mutex",
      a_cancelled_wait_comes_back_with_the_mutex },
    { "/fiber/queue/every-item-arrives-once", every_item_arrives_once },
    { "/fiber/queue/a-full-queue-holds-back-and-keeps-the-order",
      a_full_queue_holds_back_and_keeps_the_order },
    { "/fiber/queue/closing-keeps-what-is-there-and-refuses-more",
      closing_keeps_what_is_there_and_refuses_more },
    { "/fiber/queue/an-item-that-came-before-the-cancel-is-not-lost",
      an_item_that_came_before_the_cancel_is_not_lost },
    { "/fiber/queue/a-pop-ends-at-its-deadline", a_pop_ends_at_its_deadline },
    { "/fiber/queue/what-is-left-is-freed", what_is_left_is_freed },
};

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        g_test_add_func (rows[i].name, rows[i].func);
    return g_test_run ();
}
