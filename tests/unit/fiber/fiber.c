/* Fibers: spawn, park, wake, cancel, deadlines, sleep, offload. */
#include "fiber/fiber.h"

#include "fiber/offload.h"

/* ThreadSanitizer counts a fiber as a thread, and has room for 8,128. */
#ifdef __SANITIZE_THREAD__
#define MANY 4000
#else
#define MANY 10000
#endif

static DunlinLoop *loop;
static GString *trail;
static GError *failure;
static DunlinFiber *sleeper;
static int answered;

/* Runs @func on a fiber of a fresh loop, until something stops the loop. */
static void
run (DunlinFiberFunc func)
{
    g_autoptr (DunlinLoop) fresh = dunlin_loop_new ("test", NULL);

    loop = fresh;
    trail = g_string_new (NULL);
    answered = 0;
    dunlin_loop_post (fresh, (DunlinLoopFunc)func, NULL);
    dunlin_loop_run (fresh);
    g_string_free (trail, TRUE);
    g_clear_error (&failure);
}

static void
stop (gpointer data)
{
    dunlin_loop_stop (loop);
}

static void
short_life (gpointer data)
{
    g_string_append (trail, data);
}

static void
a_fiber_runs_at_once_story (gpointer data)
{
    g_assert_null (dunlin_fiber_self ());
    g_assert_null (dunlin_fiber_spawn ("a", short_life, "a", NULL));
    g_assert_cmpstr (trail->str, ==, "a");
    g_assert_cmpuint (dunlin_fiber_count (), ==, 0);
    stop (NULL);
}

static void
a_fiber_runs_at_once (void)
{
    run (a_fiber_runs_at_once_story);
}

static void
waiter (gpointer data)
{
    g_string_append (trail, "1");
    g_assert_true (dunlin_fiber_park (DUNLIN_NEVER, NULL));
    g_string_append (trail, "3");
    stop (NULL);
}

static void
parking_returns_to_the_spawner_story (gpointer data)
{
    DunlinFiber *fiber = dunlin_fiber_spawn ("waiter", waiter, NULL, NULL);

    g_assert_nonnull (fiber);
    g_string_append (trail, "2");
    dunlin_fiber_wake (fiber);
    g_assert_cmpstr (trail->str, ==, "12"); /* not before the end of the wake-up */
}

static void
parking_returns_to_the_spawner (void)
{
    run (parking_returns_to_the_spawner_story);
}

static void
wake_itself (gpointer data)
{
    dunlin_fiber_wake (dunlin_fiber_self ());
    g_assert_true (dunlin_fiber_park (DUNLIN_NEVER, NULL));
    stop (NULL);
}

static void
wake_first_story (gpointer data)
{
    dunlin_fiber_spawn ("self", wake_itself, NULL, NULL);
}

static void
a_wake_before_the_park_is_not_lost (void)
{
    run (wake_first_story);
}

static void
sleep_long (gpointer data)
{
    dunlin_sleep (60 * G_USEC_PER_SEC, &failure);
    stop (NULL);
}

static void
cancel_story (gpointer data)
{
    sleeper = dunlin_fiber_spawn ("sleeper", sleep_long, NULL, NULL);
    dunlin_fiber_cancel (sleeper);
}

static void
check_cancelled (gpointer data)
{
    g_assert_error (failure, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED);
}

static void
cancelling_ends_a_sleep (void)
{
    g_autoptr (DunlinLoop) fresh = dunlin_loop_new ("test", NULL);

    loop = fresh;
    dunlin_loop_post (fresh, (DunlinLoopFunc)cancel_story, NULL);
    dunlin_loop_run (fresh);
    check_cancelled (NULL);
    g_clear_error (&failure);
}

static void
with_deadline (gpointer data)
{
    gint64 began = dunlin_clock_now ();

    dunlin_fiber_set_deadline (dunlin_fiber_self (), dunlin_deadline_in (5000));
    g_assert_false (dunlin_sleep (60 * G_USEC_PER_SEC, &failure));
    g_assert_error (failure, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    g_assert_cmpint (dunlin_clock_now () - began, >=, 5000);
    g_clear_error (&failure);
    g_assert_false (dunlin_fiber_park (DUNLIN_NEVER, &failure));
    g_assert_error (failure, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    stop (NULL);
}

static void
deadline_story (gpointer data)
{
    dunlin_fiber_spawn ("deadline", with_deadline, NULL, NULL);
}

static void
a_fibers_deadline_bounds_every_wait (void)
{
    run (deadline_story);
}

static void
sleep_and_count (gpointer data)
{
    g_assert_true (dunlin_sleep (20000, NULL));
    if (++answered == MANY)
        stop (NULL);
}

static void
many_story (gpointer data)
{
    for (int i = 0; i < MANY; i++)
        g_assert_nonnull (dunlin_fiber_spawn ("one of many", sleep_and_count, NULL, NULL));
    g_assert_cmpuint (dunlin_fiber_count (), ==, MANY);
}

static void
thousands_sleep_at_once (void)
{
    run (many_story);
}

static void
block_thread (gpointer data)
{
    g_usleep (5000);
    *(gboolean *)data = TRUE;
}

static void
offload_one (gpointer data)
{
    gboolean done = FALSE;

    g_assert_true (dunlin_offload (block_thread, &done, NULL));
    g_assert_true (done);
    if (++answered == 40)
        stop (NULL);
}

static void
offload_story (gpointer data)
{
    for (int i = 0; i < 40; i++)
        dunlin_fiber_spawn ("offload", offload_one, NULL, NULL);
    g_assert_cmpint (answered, ==, 0);
}

static void
offloaded_work_holds_no_loop (void)
{
    run (offload_story);
    dunlin_offload_shutdown ();
}

static void
offload_cancelled (gpointer data)
{
    gboolean done = FALSE;

    /* Cancelled meanwhile: still waits, since the job writes into this very stack. */
    g_assert_true (dunlin_offload (block_thread, &done, NULL));
    g_assert_true (done);
    g_assert_true (dunlin_fiber_is_cancelled (dunlin_fiber_self ()));
    g_assert_false (dunlin_sleep (1, &failure));
    g_assert_error (failure, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED);
    stop (NULL);
}

static void
offload_cancel_story (gpointer data)
{
    dunlin_fiber_cancel (dunlin_fiber_spawn ("offload", offload_cancelled, NULL, NULL));
}

static void
a_cancelled_fiber_waits_for_its_offloaded_work (void)
{
    run (offload_cancel_story);
    dunlin_offload_shutdown ();
}

/* One thread, which is kept busy until all the others are in line. */
static gboolean line_is_full;

static void
hold_the_thread (gpointer data)
{
    while (!__atomic_load_n (&line_is_full, __ATOMIC_ACQUIRE))
        g_usleep (100);
}

static void
leave_a_letter (gpointer data)
{
    g_string_append (trail, data);
}

static void
in_line (gpointer data)
{
    const char *letter = data;
    DunlinPriority priority = letter[0] == 'n'   ? DUNLIN_PRIORITY_NORMAL
                              : letter[0] == 'l' ? DUNLIN_PRIORITY_LOW
                                                 : DUNLIN_PRIORITY_HIGH;

    g_assert_true (dunlin_offload_with_priority (
        priority, letter[0] == 'x' ? hold_the_thread : leave_a_letter, data, NULL));
    if (++answered == 7)
        stop (NULL);
}

static void
priority_story (gpointer data)
{
    const char *const letters[] = { "x", "l", "n", "h", "l", "n", "h" };

    dunlin_offload_configure (1, 100);
    __atomic_store_n (&line_is_full, FALSE, __ATOMIC_RELEASE);
    for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
        dunlin_fiber_spawn ("in line", in_line, (gpointer)letters[i], NULL);
    __atomic_store_n (&line_is_full, TRUE, __ATOMIC_RELEASE);
}

static void
urgent_work_goes_first (void)
{
    g_autoptr (DunlinLoop) fresh = dunlin_loop_new ("test", NULL);

    loop = fresh;
    trail = g_string_new (NULL);
    answered = 0;
    dunlin_loop_post (fresh, priority_story, NULL);
    dunlin_loop_run (fresh);
    g_assert_cmpstr (trail->str, ==, "hhnnll");
    g_string_free (trail, TRUE);
    dunlin_offload_shutdown ();
    dunlin_offload_configure (16, 10000);
}

static int low_inside;
static int low_most;

static void
low_work (gpointer data)
{
    int inside = __atomic_add_fetch (&low_inside, 1, __ATOMIC_ACQ_REL);
    int most = __atomic_load_n (&low_most, __ATOMIC_ACQUIRE);

    while (inside > most && !__atomic_compare_exchange_n (&low_most, &most, inside, FALSE,
                                                          __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        ;
    g_usleep (2000);
    __atomic_sub_fetch (&low_inside, 1, __ATOMIC_ACQ_REL);
}

static void
offload_low (gpointer data)
{
    g_assert_true (dunlin_offload_with_priority (DUNLIN_PRIORITY_LOW, low_work, NULL, NULL));
    if (++answered == 40)
        stop (NULL);
}

static void
low_story (gpointer data)
{
    dunlin_offload_configure (6, 10000);
    for (int i = 0; i < 40; i++)
        dunlin_fiber_spawn ("low", offload_low, NULL, NULL);
}

static void
low_work_leaves_half_of_the_threads (void)
{
    run (low_story);
    g_assert_cmpint (low_most, ==, 3);
    dunlin_offload_shutdown ();
    dunlin_offload_configure (16, 10000);
}

static void
offload_refused (gpointer data)
{
    g_autoptr (GError) error = NULL;

    if (!dunlin_offload_with_priority (DUNLIN_PRIORITY_LOW, hold_the_thread, NULL, &error)) {
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED);
        g_string_append (trail, "r");
    }
    if (++answered == 10)
        stop (NULL);
}

static void
refused_story (gpointer data)
{
    dunlin_offload_configure (2, 8);
    __atomic_store_n (&line_is_full, FALSE, __ATOMIC_RELEASE);
    for (int i = 0; i < 10; i++)
        dunlin_fiber_spawn ("low", offload_refused, NULL, NULL);
    g_assert_cmpuint (trail->len, >=, 5); /* four wait, and one may have begun */
    g_assert_cmpuint (trail->len, <=, 6);
    __atomic_store_n (&line_is_full, TRUE, __ATOMIC_RELEASE);
}

static void
low_work_leaves_half_of_the_queue (void)
{
    run (refused_story);
    dunlin_offload_shutdown ();
    dunlin_offload_configure (16, 10000);
}

static char stalled[64];

static void
on_stall (const char *name, gint64 microseconds)
{
    g_snprintf (stalled, sizeof stalled, "%s", name);
    g_assert_cmpint (microseconds, >=, 2000);
}

static void
spin (gpointer data)
{
    gint64 until = dunlin_deadline_in (5000);

    dunlin_fiber_set_name (dunlin_fiber_self (), "spin");
    while (dunlin_clock_now () < until)
        ;
}

static void
outer_of_spin (gpointer data)
{
    dunlin_fiber_spawn ("inner", spin, NULL, NULL);
    g_assert_cmpstr (stalled, ==, "spin");
    stalled[0] = '\0';
}

static void
stall_story (gpointer data)
{
    dunlin_fiber_spawn ("outer", outer_of_spin, NULL, NULL);
    g_assert_cmpstr (stalled, ==, ""); /* the time was the inner one's */
    stop (NULL);
}

static void
a_stall_names_the_fiber_that_stalled (void)
{
    dunlin_fiber_set_stall_hook (2000, on_stall);
    run (stall_story);
    dunlin_fiber_set_stall_hook (DUNLIN_NEVER, NULL);
}

static void
before_park (gpointer data)
{
    ++*(int *)data;
}

static void
park_twice (gpointer data)
{
    int parks = 0;

    dunlin_fiber_set_before_park (dunlin_fiber_self (), before_park, &parks);
    dunlin_fiber_yield (NULL);
    dunlin_sleep (1000, NULL);
    g_assert_cmpint (parks, ==, 2);
    stop (NULL);
}

static void
before_park_story (gpointer data)
{
    dunlin_fiber_spawn ("parks", park_twice, NULL, NULL);
}

static void
before_park_runs_at_every_wait (void)
{
    run (before_park_story);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/fiber/a-fiber-runs-at-once", a_fiber_runs_at_once);
    g_test_add_func ("/fiber/parking-returns-to-the-spawner", parking_returns_to_the_spawner);
    g_test_add_func ("/fiber/a-wake-before-the-park-is-not-lost",
                     a_wake_before_the_park_is_not_lost);
    g_test_add_func ("/fiber/cancelling-ends-a-sleep", cancelling_ends_a_sleep);
    g_test_add_func ("/fiber/a-fibers-deadline-bounds-every-wait",
                     a_fibers_deadline_bounds_every_wait);
    g_test_add_func ("/fiber/thousands-sleep-at-once", thousands_sleep_at_once);
    g_test_add_func ("/fiber/offloaded-work-holds-no-loop", offloaded_work_holds_no_loop);
    g_test_add_func ("/fiber/urgent-work-goes-first", urgent_work_goes_first);
    g_test_add_func ("/fiber/low-work-leaves-half-of-the-threads",
                     low_work_leaves_half_of_the_threads);
    g_test_add_func ("/fiber/low-work-leaves-half-of-the-queue", low_work_leaves_half_of_the_queue);
    g_test_add_func ("/fiber/a-cancelled-fiber-waits-for-its-offloaded-work",
                     a_cancelled_fiber_waits_for_its_offloaded_work);
    g_test_add_func ("/fiber/a-stall-names-the-fiber-that-stalled",
                     a_stall_names_the_fiber_that_stalled);
    g_test_add_func ("/fiber/before-park-runs-at-every-wait", before_park_runs_at_every_wait);
    return g_test_run ();
}
