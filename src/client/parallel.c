/* Several fibers for one call. */
#include "client/background.h"
#include "rpc/call.h"

typedef struct {
    DunlinFiber *parent; /* borrowed: waits for us */
    DunlinCall *call;    /* borrowed, nullable: the parent's, which lasts as long */
    gint64 deadline;     /* of every child */
    guint n_left;
} Group;

typedef struct {
    Group *group;
    DunlinTask *task;
    DunlinFiber *fiber; /* borrowed; NULL: not begun, or ended */
} Child;

/* A child's whole life. */
static void
run_child (gpointer data)
{
    Child *self = data;
    Group *group = self->group;

    self->fiber = dunlin_fiber_self ();
    dunlin_fiber_set_local (self->fiber, group->call);
    dunlin_fiber_set_deadline (self->fiber, group->deadline);
    if (!self->task->func (self->task->data, &self->task->error) && self->task->error == NULL)
        self->task->error = g_error_new_literal (DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                                                 "a task returned FALSE without an error");
    self->fiber = NULL;
    if (--group->n_left == 0)
        dunlin_fiber_wake (group->parent);
}

static void
spawn (Child *child)
{
    GError *error = NULL;

    dunlin_fiber_spawn ("task", run_child, child, &error);
    if (error == NULL)
        return;
    child->task->error = error;
    child->group->n_left--;
}

static void
cancel (Child *children, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (children[i].fiber != NULL)
            dunlin_fiber_cancel (children[i].fiber);
    }
}

/* The children work on the caller's data, so they are waited for whatever happens. */
static void
join (Group *group, Child *children, gsize n)
{
    while (group->n_left > 0 && dunlin_fiber_park (DUNLIN_NEVER, NULL))
        ;
    if (group->n_left == 0)
        return;
    cancel (children, n);
    dunlin_fiber_shield (group->parent);
    while (group->n_left > 0)
        dunlin_fiber_park (DUNLIN_NEVER, NULL);
    dunlin_fiber_unshield (group->parent);
}

typedef struct {
    DunlinTask *tasks;
    gsize n;
    gint64 deadline;
} Tasks;

static void
run_all (gpointer data)
{
    Tasks *all = data;
    Group group = { .parent = dunlin_fiber_self (),
                    .call = dunlin_call_current (),
                    .deadline = all->deadline,
                    .n_left = (guint)all->n };
    g_autofree Child *children = g_new0 (Child, all->n);

    if (group.call != NULL)
        group.deadline = MIN (group.deadline, group.call->deadline);
    group.deadline = MIN (group.deadline, dunlin_fiber_get_deadline (group.parent));

    for (gsize i = 0; i < all->n; i++) {
        children[i] = (Child){ .group = &group, .task = &all->tasks[i] };
        spawn (&children[i]);
    }
    join (&group, children, all->n);
}

gboolean
dunlin_parallel (DunlinTask *tasks, gsize n, GError **error)
{
    return dunlin_parallel_until (tasks, n, DUNLIN_NEVER, error);
}

gboolean
dunlin_parallel_until (DunlinTask *tasks, gsize n, gint64 deadline, GError **error)
{
    Tasks all = { .tasks = tasks, .n = n, .deadline = deadline };
    gboolean well = TRUE;

    if (dunlin_fiber_self () != NULL) {
        run_all (&all);
    } else {
        dunlin_background_hold ();
        well = dunlin_background_run_fiber ("parallel", run_all, &all, error);
        dunlin_background_release ();
    }
    for (gsize i = 0; well && i < n; i++) {
        if (tasks[i].error != NULL) {
            g_propagate_error (error, g_error_copy (tasks[i].error));
            well = FALSE;
        }
    }
    return well;
}

void
dunlin_tasks_clear (DunlinTask *tasks, gsize n)
{
    for (gsize i = 0; i < n; i++)
        g_clear_error (&tasks[i].error);
}
