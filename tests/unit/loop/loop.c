/* The loop: posting, timers, deferred work. */
#include "loop/loop.h"

#include "base/clock.h"

typedef struct {
    DunlinLoop *loop;
    GString *order;
    DunlinDeferred early;
    DunlinDeferred late;
    DunlinTimer *timer;
    gint64 deadline;
    gint64 fired;
    int posts;
} Fixture;

static void
stop (gpointer data)
{
    dunlin_loop_stop (((Fixture *)data)->loop);
}

static void
append_a (gpointer data)
{
    g_string_append_c (((Fixture *)data)->order, 'a');
}

static void
append_b (gpointer data)
{
    g_string_append_c (((Fixture *)data)->order, 'b');
}

static void
setup (Fixture *f, gconstpointer data)
{
    g_autoptr (GError) error = NULL;

    f->loop = dunlin_loop_new ("test", &error);
    g_assert_no_error (error);
    f->order = g_string_new (NULL);
}

static void
teardown (Fixture *f, gconstpointer data)
{
    dunlin_timer_free (f->timer);
    dunlin_loop_free (f->loop);
    g_string_free (f->order, TRUE);
}

static void
posts_run_in_order (Fixture *f, gconstpointer data)
{
    dunlin_loop_post (f->loop, append_a, f);
    dunlin_loop_post (f->loop, append_b, f);
    dunlin_loop_post (f->loop, append_a, f);
    dunlin_loop_post (f->loop, stop, f);
    dunlin_loop_run (f->loop);
    g_assert_cmpstr (f->order->str, ==, "aba");
}

static void
defer_both (gpointer data)
{
    Fixture *f = data;

    dunlin_loop_defer (f->loop, &f->late);
    dunlin_loop_defer (f->loop, &f->early);
    dunlin_loop_defer (f->loop, &f->early); /* once is enough */
}

static void
early_deferred_work_goes_first (Fixture *f, gconstpointer data)
{
    f->early = (DunlinDeferred){ .func = append_a, .data = f, .early = TRUE };
    f->late = (DunlinDeferred){ .func = append_b, .data = f };
    dunlin_loop_post (f->loop, defer_both, f);
    dunlin_loop_post (f->loop, stop, f);
    dunlin_loop_run (f->loop);
    g_assert_cmpstr (f->order->str, ==, "ab");
}

typedef struct {
    DunlinLoop *loop;
    GArray *ran; /* how many were still waiting when each ran */
    guint waiting;
} Late;

static void
run_one_late (gpointer data)
{
    Late *late = data;

    late->waiting--;
    g_array_append_val (late->ran, late->waiting);
}

/* As the handlers of a wake-up's events do. */
static void
much_late_work_runs_before_the_end (Fixture *f, gconstpointer data)
{
    g_autoptr (GArray) ran = g_array_new (FALSE, FALSE, sizeof (guint));
    Late late = { .loop = f->loop, .ran = ran };
    DunlinDeferred work[100];
    guint largest = 0;

    for (guint i = 0; i < G_N_ELEMENTS (work); i++) {
        work[i] = (DunlinDeferred){ .func = run_one_late, .data = &late };
        dunlin_loop_defer (f->loop, &work[i]);
        late.waiting++;
        if (i % 2 == 1) { /* what is taken back does not count */
            dunlin_loop_undefer (f->loop, &work[i]);
            late.waiting--;
        }
        largest = MAX (largest, late.waiting);
        dunlin_loop_settle (f->loop);
        g_assert_true (ran->len == 0 || late.waiting < largest);
    }
    g_assert_cmpuint (largest, >, 8);
    g_assert_cmpuint (largest, <, 40);
    g_assert_cmpuint (ran->len, >, 0);
    dunlin_loop_post (f->loop, stop, f);
    dunlin_loop_run (f->loop);
    g_assert_cmpuint (ran->len, ==, G_N_ELEMENTS (work) / 2);
}

static void
breed (gpointer data)
{
    Fixture *f = data;

    f->posts++;
    dunlin_loop_defer (f->loop, &f->early);
}

static void
self_breeding_work_does_not_shut_out_events (Fixture *f, gconstpointer data)
{
    f->early = (DunlinDeferred){ .func = breed, .data = f, .early = TRUE };
    dunlin_loop_defer (f->loop, &f->early);
    f->timer = dunlin_timer_new (f->loop, stop, f);
    dunlin_timer_arm (f->timer, dunlin_deadline_in (20000));
    dunlin_loop_run (f->loop);
    g_assert_cmpint (f->posts, >, 64);
    dunlin_loop_undefer (f->loop, &f->early);
    f->early.func = append_a;
}

static void
on_fire (gpointer data)
{
    Fixture *f = data;

    f->fired = dunlin_clock_now ();
    dunlin_loop_stop (f->loop);
}

static void
a_timer_is_never_early (Fixture *f, gconstpointer data)
{
    for (int i = 1; i <= 10; i++) {
        f->deadline = dunlin_deadline_in (i * 700);
        dunlin_timer_free (f->timer);
        f->timer = dunlin_timer_new (f->loop, on_fire, f);
        dunlin_timer_arm (f->timer, f->deadline);
        dunlin_loop_run (f->loop);
        g_assert_cmpint (f->fired, >=, f->deadline);
    }
}

static void
a_disarmed_timer_is_silent (Fixture *f, gconstpointer data)
{
    DunlinTimer *other = dunlin_timer_new (f->loop, append_a, f);

    dunlin_timer_arm (other, dunlin_deadline_in (1000));
    dunlin_timer_disarm (other);
    f->timer = dunlin_timer_new (f->loop, on_fire, f);
    dunlin_timer_arm (f->timer, dunlin_deadline_in (10000));
    dunlin_loop_run (f->loop);
    g_assert_cmpstr (f->order->str, ==, "");
    dunlin_timer_free (other);
}

static void
count (gpointer data)
{
    Fixture *f = data;

    if (++f->posts == 4000)
        dunlin_loop_stop (f->loop);
}

static gpointer
post_many (gpointer data)
{
    Fixture *f = data;

    for (int i = 0; i < 1000; i++)
        dunlin_loop_post (f->loop, count, f);
    return NULL;
}

static void
threads_may_post_at_once (Fixture *f, gconstpointer data)
{
    GThread *threads[4];

    dunlin_loop_start (f->loop);
    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("poster", post_many, f);
    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
        g_thread_join (threads[i]);
    dunlin_loop_join (f->loop);
    g_assert_cmpint (f->posts, ==, 4000);
}

static void
freeing_runs_what_was_posted (void)
{
    Fixture f = { .order = g_string_new (NULL), .loop = dunlin_loop_new ("test", NULL) };

    dunlin_loop_post (f.loop, append_a, &f);
    dunlin_loop_free (f.loop);
    g_assert_cmpstr (f.order->str, ==, "a");
    g_string_free (f.order, TRUE);
}

#define TEST(name, func) g_test_add (name, Fixture, NULL, setup, func, teardown)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    TEST ("/loop/posts-run-in-order", posts_run_in_order);
    TEST ("/loop/early-deferred-work-goes-first", early_deferred_work_goes_first);
    TEST ("/loop/much-late-work-runs-before-the-end", much_late_work_runs_before_the_end);
    TEST ("/loop/self-breeding-work-does-not-shut-out-events",
          self_breeding_work_does_not_shut_out_events);
    TEST ("/loop/a-timer-is-never-early", a_timer_is_never_early);
    TEST ("/loop/a-disarmed-timer-is-silent", a_disarmed_timer_is_silent);
    TEST ("/loop/threads-may-post-at-once", threads_may_post_at_once);
    g_test_add_func ("/loop/freeing-runs-what-was-posted", freeing_runs_what_was_posted);
    return g_test_run ();
}
