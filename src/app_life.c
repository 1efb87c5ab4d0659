/* The life of a process, readable from every thread. */
#include "app_life.h"

#include "base/clock.h"

void
dunlin_life_set (DunlinLife *self, DunlinLifeState state)
{
    __atomic_store_n (&self->since_ns, dunlin_clock_wall_ns (), __ATOMIC_RELAXED);
    __atomic_store_n (&self->state, state, __ATOMIC_RELEASE);
}

DunlinLifeState
dunlin_life_get (DunlinLife *self, gint64 *since_ns)
{
    DunlinLifeState state = (DunlinLifeState)__atomic_load_n (&self->state, __ATOMIC_ACQUIRE);

    *since_ns = __atomic_load_n (&self->since_ns, __ATOMIC_RELAXED);
    return state;
}
