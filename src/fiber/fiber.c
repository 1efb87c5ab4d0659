/* Fibers over Boost.Context's two C-linkage functions. A fiber is resumed by whoever spawns it and
 * later by its loop; when it parks or ends, control returns to whoever resumed it. */
#include "fiber/fiber.h"

#include "fiber/stack.h"

/* Boost.Context, boost/context/detail/fcontext.hpp: C linkage, no C header of its own. */
typedef struct {
    void *context;
    void *data;
} Transfer;
Transfer jump_fcontext (void *const to, void *data);
void *make_fcontext (void *stack_top, size_t size, void (*entry) (Transfer));

/* Finished fibers that a loop keeps with their pages; more than these give their pages back. */
#define HOT_FIBERS 1024

typedef enum { IDLE, RUNNING, PARKED, READY } State;

struct DunlinFiber {
    DunlinFiber *next;      /* in the ready queue or among the idle */
    void *context;          /* where to jump to resume it */
    struct FiberLoop *home; /* borrowed: the loop's, outlives it */
    DunlinFiber *resumer;   /* borrowed while running; NULL: the loop's own stack */
    const char *name;
    DunlinFiberFunc func;
    gpointer data;
    gpointer local;
    DunlinFiberFunc before_park;
    gpointer before_park_data;
    DunlinTimer *timer; /* owned, made at the first wait with an end */
    gint64 deadline;
    gint64 nested; /* microseconds of this turn spent in fibers it resumed */
    State state;
    int shields;
    gboolean cancelled;
    gboolean woken;
    gboolean timed_out;
    gboolean ends_now; /* the loop's time is that of its end */
    DunlinStack stack;
    DunlinSwitchPoint point;
};

typedef struct FiberLoop {
    DunlinLoop *loop;
    DunlinFiber *running;
    DunlinFiber *ready_first;
    DunlinFiber *ready_last;
    DunlinFiber *idle;
    guint n_idle;
    guint n_alive;
    DunlinStackPool *stacks; /* owned */
    DunlinDeferred runner;
    DunlinSwitchPoint point; /* the loop's own stack */
} FiberLoop;

static guint fiber_slot;
static gsize stack_size = 256 * 1024;
static gint64 stall_threshold = DUNLIN_NEVER;
static DunlinStallFunc stall_hook;

static void run_ready (gpointer data);
static void destroy_fiber (FiberLoop *home, DunlinFiber *self);

static void
free_home (gpointer data)
{
    FiberLoop *home = data;

    if (home->n_alive > 0)
        g_warning ("loop '%s' ends with %u fibers still waiting: what they hold is lost",
                   dunlin_loop_name (home->loop), home->n_alive);
    while (home->idle != NULL) {
        DunlinFiber *fiber = home->idle;

        home->idle = fiber->next;
        destroy_fiber (home, fiber);
    }
    dunlin_loop_undefer (home->loop, &home->runner);
    dunlin_stack_pool_free (home->stacks);
    g_free (home);
}

/* Before any thread: a slot's number must not change under a loop. */
__attribute__ ((constructor)) static void
alloc_slot (void)
{
    fiber_slot = dunlin_loop_alloc_slot (free_home);
}

static FiberLoop *
make_home (DunlinLoop *loop)
{
    FiberLoop *home = g_new0 (FiberLoop, 1);

    home->loop = loop;
    home->stacks = dunlin_stack_pool_new (stack_size);
    home->runner.func = run_ready;
    home->runner.data = home;
    home->runner.early = TRUE;
    dunlin_switch_point_init_thread (&home->point);
    dunlin_loop_set_slot (loop, fiber_slot, home);
    return home;
}

static FiberLoop *
current_home (void)
{
    DunlinLoop *loop = dunlin_loop_current ();
    FiberLoop *home;

    if (loop == NULL)
        return NULL;
    home = dunlin_loop_get_slot (loop, fiber_slot);
    return home != NULL ? home : make_home (loop);
}

static DunlinSwitchPoint *
point_of (FiberLoop *home, DunlinFiber *fiber)
{
    return fiber != NULL ? &fiber->point : &home->point;
}

/* Back to whoever resumed @self; returns when @self is resumed again. */
static void
leave (DunlinFiber *self)
{
    FiberLoop *home = self->home;
    DunlinFiber *to = self->resumer;
    Transfer transfer;

    dunlin_switch_start (&self->point, point_of (home, to));
    transfer = jump_fcontext (self->context, NULL);
    self->context = transfer.context; /* the resumer's, for the way back */
    dunlin_switch_finish (&self->point, point_of (home, self->resumer));
}

static void
fiber_main (Transfer transfer)
{
    DunlinFiber *self = transfer.data;

    self->context = transfer.context;
    dunlin_switch_finish (&self->point, point_of (self->home, self->resumer));
    for (;;) {
        self->func (self->data);
        self->state = IDLE;
        leave (self);
    }
}

static void
retire (FiberLoop *home, DunlinFiber *self)
{
    home->n_alive--;
    if (home->n_idle >= HOT_FIBERS) {
        destroy_fiber (home, self);
        return;
    }
    self->next = home->idle;
    home->idle = self;
    home->n_idle++;
}

static gint64
end_of_turn (DunlinFiber *self)
{
    DunlinLoop *loop = self->home->loop;

    return self->ends_now ? dunlin_loop_now (loop) : dunlin_loop_refresh_now (loop);
}

/* The one place where a fiber is entered. FALSE when it has ended: @self may be gone then. */
static gboolean
resume (DunlinFiber *self)
{
    FiberLoop *home = self->home;
    DunlinFiber *outer = home->running;
    gint64 began = dunlin_loop_now (home->loop);
    gint64 took;
    Transfer transfer;

    self->resumer = outer;
    self->state = RUNNING;
    self->nested = 0;
    home->running = self;
    dunlin_switch_start (point_of (home, outer), &self->point);
    transfer = jump_fcontext (self->context, self);
    self->context = transfer.context;
    dunlin_switch_finish (point_of (home, outer), &self->point);
    home->running = outer;

    took = end_of_turn (self) - began;
    if (outer != NULL)
        outer->nested += took;
    if (G_UNLIKELY (took - self->nested > stall_threshold) && stall_hook != NULL)
        stall_hook (self->name, took - self->nested);
    if (self->state != IDLE)
        return TRUE;
    retire (home, self);
    return FALSE;
}

static void
make_ready (DunlinFiber *self)
{
    FiberLoop *home = self->home;

    self->state = READY;
    self->next = NULL;
    if (home->ready_last != NULL)
        home->ready_last->next = self;
    else
        home->ready_first = self;
    home->ready_last = self;
    dunlin_loop_defer (home->loop, &home->runner);
}

/* Runs those that are ready now; those they make ready come with the next round. */
static void
run_ready (gpointer data)
{
    FiberLoop *home = data;
    DunlinFiber *fiber = home->ready_first;

    home->ready_first = home->ready_last = NULL;
    while (fiber != NULL) {
        DunlinFiber *next = fiber->next;

        resume (fiber);
        fiber = next;
    }
}

static DunlinFiber *
new_fiber (FiberLoop *home, GError **error)
{
    DunlinFiber *self;
    DunlinStack stack;

    if (!dunlin_stack_pool_take (home->stacks, &stack)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED,
                     "no stack for one more fiber (%u run on this loop): raise vm.max_map_count "
                     "or lower server.max-concurrency",
                     home->n_alive);
        return NULL;
    }
    self = g_new0 (DunlinFiber, 1);
    self->home = home;
    self->stack = stack;
    self->context = make_fcontext (stack.bottom + stack.size, stack.size, fiber_main);
    dunlin_switch_point_init_fiber (&self->point, stack);
    return self;
}

static void
destroy_fiber (FiberLoop *home, DunlinFiber *self)
{
    dunlin_switch_point_clear (&self->point);
    dunlin_timer_free (self->timer);
    dunlin_stack_pool_give (home->stacks, self->stack);
    g_free (self);
}

static DunlinFiber *
take_fiber (FiberLoop *home, GError **error)
{
    DunlinFiber *self = home->idle;

    if (self == NULL)
        return new_fiber (home, error);
    home->idle = self->next;
    home->n_idle--;
    return self;
}

DunlinFiber *
dunlin_fiber_spawn (const char *name, DunlinFiberFunc func, gpointer data, GError **error)
{
    FiberLoop *home = current_home ();
    DunlinFiber *self;

    g_return_val_if_fail (home != NULL, NULL);
    self = take_fiber (home, error);
    if (self == NULL)
        return NULL;
    self->name = name;
    self->func = func;
    self->data = data;
    self->local = NULL;
    self->before_park = NULL;
    self->deadline = DUNLIN_NEVER;
    self->shields = 0;
    self->cancelled = self->woken = self->timed_out = self->ends_now = FALSE;
    home->n_alive++;
    return resume (self) ? self : NULL;
}

DunlinFiber *
dunlin_fiber_self (void)
{
    FiberLoop *home = current_home ();

    return home != NULL ? home->running : NULL;
}

static void
on_timeout (gpointer data)
{
    DunlinFiber *self = data;

    if (self->state != PARKED)
        return;
    self->timed_out = TRUE;
    make_ready (self);
}

/* Gives up the processor until somebody makes the fiber ready. */
static void
wait_until (DunlinFiber *self, gint64 deadline)
{
    if (self->before_park != NULL)
        self->before_park (self->before_park_data);
    self->timed_out = FALSE;
    if (deadline != DUNLIN_NEVER) {
        if (self->timer == NULL)
            self->timer = dunlin_timer_new (self->home->loop, on_timeout, self);
        dunlin_timer_arm (self->timer, deadline);
    }
    self->state = PARKED;
    leave (self);
    if (deadline != DUNLIN_NEVER && !self->timed_out)
        dunlin_timer_disarm (self->timer);
}

static gboolean
fail_deadline (GError **error)
{
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE,
                         "the deadline passed while waiting");
    return FALSE;
}

static gboolean
fail_cancelled (GError **error)
{
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_CANCELLED, "cancelled while waiting");
    return FALSE;
}

gboolean
dunlin_fiber_park (gint64 deadline, GError **error)
{
    DunlinFiber *self = dunlin_fiber_self ();

    g_return_val_if_fail (self != NULL, FALSE);
    if (self->shields == 0) {
        if (self->cancelled)
            return fail_cancelled (error);
        deadline = MIN (deadline, self->deadline);
    }
    if (!self->woken) {
        if (deadline != DUNLIN_NEVER && deadline <= dunlin_clock_now ())
            return fail_deadline (error);
        wait_until (self, deadline);
    }
    if (self->woken) {
        self->woken = FALSE;
        return TRUE;
    }
    return self->cancelled && self->shields == 0 ? fail_cancelled (error) : fail_deadline (error);
}

void
dunlin_fiber_wake (DunlinFiber *self)
{
    self->woken = TRUE;
    if (self->state == PARKED)
        make_ready (self);
}

void
dunlin_fiber_cancel (DunlinFiber *self)
{
    self->cancelled = TRUE;
    if (self->state == PARKED && self->shields == 0)
        make_ready (self);
}

gboolean
dunlin_fiber_is_cancelled (DunlinFiber *self)
{
    return self->cancelled;
}

void
dunlin_fiber_set_deadline (DunlinFiber *self, gint64 deadline)
{
    self->deadline = deadline;
}

gint64
dunlin_fiber_get_deadline (DunlinFiber *self)
{
    return self->deadline;
}

void
dunlin_fiber_shield (DunlinFiber *self)
{
    self->shields++;
}

void
dunlin_fiber_unshield (DunlinFiber *self)
{
    g_return_if_fail (self->shields > 0);
    self->shields--;
}

gboolean
dunlin_sleep (gint64 microseconds, GError **error)
{
    DunlinFiber *self = dunlin_fiber_self ();
    gint64 until;
    g_autoptr (GError) reason = NULL;

    if (self == NULL) {
        g_usleep ((gulong)MAX (microseconds, 0));
        return TRUE;
    }
    if (microseconds <= 0)
        return dunlin_fiber_yield (error);
    until = dunlin_deadline_in (microseconds);
    /* A stray wake must not cut the sleep short. */
    while (dunlin_fiber_park (until, &reason))
        ;
    if (g_error_matches (reason, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE) &&
        dunlin_clock_now () >= until)
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

gboolean
dunlin_fiber_yield (GError **error)
{
    DunlinFiber *self = dunlin_fiber_self ();

    g_return_val_if_fail (self != NULL, FALSE);
    if (self->cancelled && self->shields == 0)
        return fail_cancelled (error);
    /* By a timer, not by the ready queue, so that sockets get their turn. */
    wait_until (self, dunlin_clock_now ());
    return self->cancelled && self->shields == 0 ? fail_cancelled (error) : TRUE;
}

void
dunlin_fiber_set_local (DunlinFiber *self, gpointer data)
{
    self->local = data;
}

gpointer
dunlin_fiber_get_local (DunlinFiber *self)
{
    return self->local;
}

void
dunlin_fiber_set_before_park (DunlinFiber *self, DunlinFiberFunc before_park, gpointer data)
{
    self->before_park = before_park;
    self->before_park_data = data;
}

void
dunlin_fiber_ends_now (DunlinFiber *self)
{
    self->ends_now = TRUE;
}

void
dunlin_fiber_set_name (DunlinFiber *self, const char *name)
{
    self->name = name;
}

const char *
dunlin_fiber_get_name (DunlinFiber *self)
{
    return self->name;
}

void
dunlin_fiber_set_stall_hook (gint64 threshold, DunlinStallFunc stalled)
{
    stall_threshold = threshold;
    stall_hook = stalled;
}

void
dunlin_fiber_set_stack_size (gsize bytes)
{
    stack_size = bytes;
}

guint
dunlin_fiber_count (void)
{
    FiberLoop *home = current_home ();

    return home != NULL ? home->n_alive : 0;
}
