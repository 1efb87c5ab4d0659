/* rpc's state of one loop. */
#include "rpc/loop_state.h"

#include "rpc/dispatch.h"

static guint slot;

static void
free_state (gpointer data)
{
    DunlinRpcLoop *self = data;

    while (self->free_calls != NULL) {
        DunlinCall *call = self->free_calls;

        self->free_calls = call->next_free;
        g_free (call);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (self->readers); i++) {
        g_clear_object (&self->readers[i]);
        g_clear_object (&self->writers[i]);
    }
    dunlin_buffer_clear (&self->trash);
    g_clear_pointer (&self->access_timer, dunlin_timer_free);
    g_clear_pointer (&self->access_writer, dunlin_access_writer_free);
    g_free (self);
}

/* Before any thread: a slot's number must not change under a loop. */
__attribute__ ((constructor)) static void
alloc_slot (void)
{
    slot = dunlin_loop_alloc_slot (free_state);
}

DunlinRpcLoop *
dunlin_rpc_loop (void)
{
    DunlinLoop *loop = dunlin_loop_current ();
    DunlinRpcLoop *self = dunlin_loop_get_slot (loop, slot);

    if (G_UNLIKELY (self == NULL)) {
        self = g_new0 (DunlinRpcLoop, 1);
        dunlin_loop_set_slot (loop, slot, self);
    }
    return self;
}

static ThriftProtocol *
get_protocol (DunlinCall *call, ThriftProtocol **protocol)
{
    if (G_UNLIKELY (*protocol == NULL))
        *protocol =
            dunlin_payload_new (call->encoding, dunlin_dispatcher_limits (call->dispatcher));
    return *protocol;
}

ThriftProtocol *
dunlin_rpc_reader (DunlinCall *call)
{
    return get_protocol (call, &dunlin_rpc_loop ()->readers[call->encoding]);
}

ThriftProtocol *
dunlin_rpc_writer (DunlinCall *call)
{
    ThriftProtocol *writer = get_protocol (call, &dunlin_rpc_loop ()->writers[call->encoding]);

    dunlin_payload_set_strict (writer, call->strict);
    return writer;
}
