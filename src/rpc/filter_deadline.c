/* The deadline filter: what nobody waits for any more is not run. */
#include "rpc/filters.h"

typedef struct {
    DunlinCounter exceeded;
    gboolean refuse;
} Deadline;

static void
check_deadline (DunlinCall *call, const DunlinNext *next, gpointer data)
{
    const Deadline *self = data;
    gint64 late;

    if (call->deadline == DUNLIN_NEVER) {
        dunlin_next_run (next, call);
        return;
    }
    late = dunlin_loop_now (dunlin_loop_current ()) - call->deadline;
    if (late >= 0)
        dunlin_counter_increment (self->exceeded);
    if (late < 0 || !self->refuse) {
        dunlin_next_run (next, call);
        return;
    }
    call->expired = TRUE;
    dunlin_call_fail (call, g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE,
                                         "the deadline had passed %" G_GINT64_FORMAT
                                         " us before the call could be run",
                                         late));
}

void
dunlin_filter_deadline (DunlinChain *chain, const char *label, gboolean refuse)
{
    Deadline *self = g_new0 (Deadline, 1);
    g_autofree char *name = g_strdup_printf ("srv/%s/admission_control/deadline/exceeded", label);

    self->exceeded = dunlin_counter (name, NULL, "calls that came too late to be run");
    self->refuse = refuse;
    dunlin_chain_add (chain, "deadline", check_deadline, self, g_free);
}
