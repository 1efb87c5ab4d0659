/* The services and their typed stubs of conformance.thrift. Made by dunlin_gen: not to be edited. */
#include "conformance_stub.h"

#include "rpc/stub_reader.h"
#include "rpc/stub_writer.h"
#include "wire/repairs.h"

static GType (*const types[]) (void) = {
    conformance_address_get_type,
    conformance_not_found_get_type,
    conformance_refused_get_type,
    conformance_leaf_get_type,
    conformance_choice_get_type,
    conformance_every_type_get_type,
    conformance_base_if_get_type,
    conformance_base_client_get_type,
    conformance_base_handler_get_type,
    conformance_base_ping_args_get_type,
    conformance_base_ping_result_get_type,
    conformance_base_now_ms_args_get_type,
    conformance_base_now_ms_result_get_type,
    conformance_conformance_if_get_type,
    conformance_conformance_client_get_type,
    conformance_conformance_handler_get_type,
    conformance_conformance_put_args_get_type,
    conformance_conformance_put_result_get_type,
    conformance_conformance_get_args_get_type,
    conformance_conformance_get_result_get_type,
    conformance_conformance_search_args_get_type,
    conformance_conformance_search_result_get_type,
    conformance_conformance_touch_args_get_type,
    conformance_conformance_echo_args_get_type,
    conformance_conformance_echo_result_get_type,
    conformance_conformance_sleep_args_get_type,
    conformance_conformance_sleep_result_get_type,
    conformance_conformance_spin_args_get_type,
    conformance_conformance_spin_result_get_type,
    conformance_conformance_block_args_get_type,
    conformance_conformance_block_result_get_type,
    conformance_conformance_cancelled_args_get_type,
    conformance_conformance_cancelled_result_get_type,
    conformance_conformance_everything_args_get_type,
    conformance_conformance_everything_result_get_type,
    conformance_conformance_context_args_get_type,
    conformance_conformance_context_result_get_type,
    conformance_conformance_fail_args_get_type,
    conformance_conformance_fail_result_get_type,
    conformance_conformance_nothing_args_get_type,
    conformance_conformance_nothing_result_get_type,
};

void
conformance_idl_ensure_types (void)
{
    dunlin_repairs_touch (types, G_N_ELEMENTS (types));
}

typedef struct {
    gchar *result;
    GError *failure;
} ConformanceBasePingValues;

static void
conformance_base_ping_clear (ConformanceBasePingValues *self)
{
    g_clear_pointer (&self->result, g_free);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceBasePingValues, conformance_base_ping_clear)

static gboolean
conformance_base_ping_read (ConformanceBasePingValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_base_ping_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceBaseHandlerClass *class = CONFORMANCE_BASE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceBasePingValues) self = { 0 };
    gboolean done;

    if (!conformance_base_ping_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->ping == NULL)
        return dunlin_stub_unimplemented ("Base.ping", handler, error);
    done = class->ping (
        (ConformanceBaseIf *) handler, &self.result, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_string (call, self.result, error);
}

typedef struct {
    gint64 result;
    GError *failure;
} ConformanceBaseNowMsValues;

static void
conformance_base_now_ms_clear (ConformanceBaseNowMsValues *self)
{
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceBaseNowMsValues, conformance_base_now_ms_clear)

static gboolean
conformance_base_now_ms_read (ConformanceBaseNowMsValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_base_now_ms_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceBaseHandlerClass *class = CONFORMANCE_BASE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceBaseNowMsValues) self = { 0 };
    gboolean done;

    if (!conformance_base_now_ms_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->now_ms == NULL)
        return dunlin_stub_unimplemented ("Base.now_ms", handler, error);
    done = class->now_ms (
        (ConformanceBaseIf *) handler, &self.result, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_i64 (call, self.result, error);
}

static const DunlinMethodInfo conformance_base_methods[] = {
    {
        .name = "ping",
        .oneway = FALSE,
        .arguments = "",
        .result = "string",
        .exceptions = "",
        .doc = "Answers \"pong\".",
        .stub = conformance_base_ping_stub,
        .schema = &conformance_base_method_schemas[0],
    },
    {
        .name = "now_ms",
        .oneway = FALSE,
        .arguments = "",
        .result = "i64",
        .exceptions = "",
        .doc = "Milliseconds since the epoch.",
        .stub = conformance_base_now_ms_stub,
        .schema = &conformance_base_method_schemas[1],
    },
};

static const guint8 conformance_base_slots[] = {
    1, 2,
};

const DunlinServiceInfo conformance_base_service = {
    .name = "Base",
    .doc = "",
    .idl_name = "conformance",
    .idl_json = conformance_idl_json,
    .idl_sha256 = "d26c37d54f618eb2c860b7b599b95482b853349b868c173ecb136834e946b602",
    .handler_type = conformance_base_handler_get_type,
    .methods = conformance_base_methods,
    .n_methods = G_N_ELEMENTS (conformance_base_methods),
    .ensure_types = conformance_idl_ensure_types,
    .schema = &conformance_base_schema,
    .slots = conformance_base_slots,
    .slot_bits = 1,
    .slot_seed = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15),
};

typedef struct {
    struct {
        ConformanceAddress *address;
    } arguments;
    ConformanceAddress *result;
    GError *failure;
} ConformanceConformancePutValues;

static void
conformance_put_clear (ConformanceConformancePutValues *self)
{
    g_clear_pointer (&self->arguments.address, g_object_unref);
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformancePutValues, conformance_put_clear)

static gboolean
conformance_put_read (ConformanceConformancePutValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRUCT):
            dunlin_stub_read_struct (&reader, CONFORMANCE_TYPE_ADDRESS,
                                     (gpointer *) &self->arguments.address);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    if (self->arguments.address == NULL)
        self->arguments.address = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);
    return TRUE;
}

static DunlinStubOutcome
conformance_put_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformancePutValues) self = { 0 };
    gboolean done;

    if (!conformance_put_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->put == NULL)
        return dunlin_stub_unimplemented ("Conformance.put", handler, error);
    done = class->put (
        (ConformanceConformanceIf *) handler, &self.result, self.arguments.address, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    struct {
        gint64 id;
    } arguments;
    ConformanceAddress *result;
    struct {
        ConformanceNotFound *not_found;
    } thrown;
    GError *failure;
} ConformanceConformanceGetValues;

static void
conformance_get_clear (ConformanceConformanceGetValues *self)
{
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_pointer (&self->thrown.not_found, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceGetValues, conformance_get_clear)

static gboolean
conformance_get_read (ConformanceConformanceGetValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_I64):
            dunlin_stub_read_i64 (&reader, &self->arguments.id);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_get_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceGetValues) self = { 0 };
    gboolean done;

    if (!conformance_get_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->get == NULL)
        return dunlin_stub_unimplemented ("Conformance.get", handler, error);
    done = class->get (
        (ConformanceConformanceIf *) handler, &self.result, self.arguments.id, &self.thrown.not_found, &self.failure);
    if (self.thrown.not_found != NULL)
        return dunlin_stub_reply_exception (call, "NotFound", 1, "not_found",
                                            self.thrown.not_found, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    struct {
        gchar *prefix;
        gint32 limit;
    } arguments;
    GPtrArray *result;
    ConformanceConformanceSearchResult *holder;
    GError *failure;
} ConformanceConformanceSearchValues;

static void
conformance_search_clear (ConformanceConformanceSearchValues *self)
{
    g_clear_pointer (&self->arguments.prefix, g_free);
    g_clear_pointer (&self->result, g_ptr_array_unref);
    g_clear_object (&self->holder);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceSearchValues, conformance_search_clear)

static gboolean
conformance_search_read (ConformanceConformanceSearchValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRING):
            dunlin_stub_read_string (&reader, &self->arguments.prefix);
            break;
        case DUNLIN_STUB_FIELD (2, T_I32):
            dunlin_stub_read_i32 (&reader, &self->arguments.limit);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_search_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceSearchValues) self = { 0 };
    gboolean done;
    DunlinStubOutcome outcome;

    if (!conformance_search_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->search == NULL)
        return dunlin_stub_unimplemented ("Conformance.search", handler, error);
    self.holder = g_object_new (CONFORMANCE_TYPE_CONFORMANCE_SEARCH_RESULT, NULL);
    self.result = g_steal_pointer (&self.holder->success);
    done = class->search (
        (ConformanceConformanceIf *) handler, &self.result, self.arguments.prefix == NULL ? "" : self.arguments.prefix, self.arguments.limit, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    if (self.result == NULL)
        return DUNLIN_STUB_NO_RESULT;
    self.holder->success = self.result;
    self.holder->__isset_success = TRUE;
    outcome = dunlin_stub_reply_result (call, self.holder, error);
    self.holder->success = NULL;
    return outcome;
}

typedef struct {
    struct {
        gint64 id;
    } arguments;
    GError *failure;
} ConformanceConformanceTouchValues;

static void
conformance_touch_clear (ConformanceConformanceTouchValues *self)
{
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceTouchValues, conformance_touch_clear)

static gboolean
conformance_touch_read (ConformanceConformanceTouchValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_I64):
            dunlin_stub_read_i64 (&reader, &self->arguments.id);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_touch_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceTouchValues) self = { 0 };
    gboolean done;

    if (!conformance_touch_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->touch == NULL)
        return dunlin_stub_unimplemented ("Conformance.touch", handler, error);
    done = class->touch (
        (ConformanceConformanceIf *) handler, self.arguments.id, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return DUNLIN_STUB_OK;
}

typedef struct {
    struct {
        GByteArray *payload;
    } arguments;
    GByteArray *result;
    GError *failure;
} ConformanceConformanceEchoValues;

static void
conformance_echo_clear (ConformanceConformanceEchoValues *self)
{
    g_clear_pointer (&self->arguments.payload, g_byte_array_unref);
    g_clear_pointer (&self->result, g_byte_array_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceEchoValues, conformance_echo_clear)

static gboolean
conformance_echo_read (ConformanceConformanceEchoValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRING):
            dunlin_stub_read_binary (&reader, &self->arguments.payload);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    if (self->arguments.payload == NULL)
        self->arguments.payload = g_byte_array_new ();
    return TRUE;
}

static DunlinStubOutcome
conformance_echo_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceEchoValues) self = { 0 };
    gboolean done;

    if (!conformance_echo_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->echo == NULL)
        return dunlin_stub_unimplemented ("Conformance.echo", handler, error);
    done = class->echo (
        (ConformanceConformanceIf *) handler, &self.result, self.arguments.payload, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_binary (call, self.result, error);
}

typedef struct {
    struct {
        gint32 ms;
    } arguments;
    gchar *result;
    GError *failure;
} ConformanceConformanceSleepValues;

static void
conformance_sleep_clear (ConformanceConformanceSleepValues *self)
{
    g_clear_pointer (&self->result, g_free);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceSleepValues, conformance_sleep_clear)

static gboolean
conformance_sleep_read (ConformanceConformanceSleepValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_I32):
            dunlin_stub_read_i32 (&reader, &self->arguments.ms);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_sleep_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceSleepValues) self = { 0 };
    gboolean done;

    if (!conformance_sleep_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->sleep == NULL)
        return dunlin_stub_unimplemented ("Conformance.sleep", handler, error);
    done = class->sleep (
        (ConformanceConformanceIf *) handler, &self.result, self.arguments.ms, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_string (call, self.result, error);
}

typedef struct {
    struct {
        gint32 ms;
    } arguments;
    gchar *result;
    GError *failure;
} ConformanceConformanceSpinValues;

static void
conformance_spin_clear (ConformanceConformanceSpinValues *self)
{
    g_clear_pointer (&self->result, g_free);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceSpinValues, conformance_spin_clear)

static gboolean
conformance_spin_read (ConformanceConformanceSpinValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_I32):
            dunlin_stub_read_i32 (&reader, &self->arguments.ms);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_spin_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceSpinValues) self = { 0 };
    gboolean done;

    if (!conformance_spin_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->spin == NULL)
        return dunlin_stub_unimplemented ("Conformance.spin", handler, error);
    done = class->spin (
        (ConformanceConformanceIf *) handler, &self.result, self.arguments.ms, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_string (call, self.result, error);
}

typedef struct {
    struct {
        gint32 ms;
    } arguments;
    gchar *result;
    GError *failure;
} ConformanceConformanceBlockValues;

static void
conformance_block_clear (ConformanceConformanceBlockValues *self)
{
    g_clear_pointer (&self->result, g_free);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceBlockValues, conformance_block_clear)

static gboolean
conformance_block_read (ConformanceConformanceBlockValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_I32):
            dunlin_stub_read_i32 (&reader, &self->arguments.ms);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_block_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceBlockValues) self = { 0 };
    gboolean done;

    if (!conformance_block_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->block == NULL)
        return dunlin_stub_unimplemented ("Conformance.block", handler, error);
    done = class->block (
        (ConformanceConformanceIf *) handler, &self.result, self.arguments.ms, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_string (call, self.result, error);
}

typedef struct {
    gint64 result;
    GError *failure;
} ConformanceConformanceCancelledValues;

static void
conformance_cancelled_clear (ConformanceConformanceCancelledValues *self)
{
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceCancelledValues, conformance_cancelled_clear)

static gboolean
conformance_cancelled_read (ConformanceConformanceCancelledValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_cancelled_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceCancelledValues) self = { 0 };
    gboolean done;

    if (!conformance_cancelled_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->cancelled == NULL)
        return dunlin_stub_unimplemented ("Conformance.cancelled", handler, error);
    done = class->cancelled (
        (ConformanceConformanceIf *) handler, &self.result, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_i64 (call, self.result, error);
}

typedef struct {
    struct {
        ConformanceEveryType *value;
    } arguments;
    ConformanceEveryType *result;
    GError *failure;
} ConformanceConformanceEverythingValues;

static void
conformance_everything_clear (ConformanceConformanceEverythingValues *self)
{
    g_clear_pointer (&self->arguments.value, g_object_unref);
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceEverythingValues, conformance_everything_clear)

static gboolean
conformance_everything_read (ConformanceConformanceEverythingValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRUCT):
            dunlin_stub_read_struct (&reader, CONFORMANCE_TYPE_EVERY_TYPE,
                                     (gpointer *) &self->arguments.value);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    if (self->arguments.value == NULL)
        self->arguments.value = g_object_new (CONFORMANCE_TYPE_EVERY_TYPE, NULL);
    return TRUE;
}

static DunlinStubOutcome
conformance_everything_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceEverythingValues) self = { 0 };
    gboolean done;

    if (!conformance_everything_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->everything == NULL)
        return dunlin_stub_unimplemented ("Conformance.everything", handler, error);
    done = class->everything (
        (ConformanceConformanceIf *) handler, &self.result, self.arguments.value, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    GHashTable *result;
    ConformanceConformanceContextResult *holder;
    GError *failure;
} ConformanceConformanceContextValues;

static void
conformance_context_clear (ConformanceConformanceContextValues *self)
{
    g_clear_pointer (&self->result, g_hash_table_unref);
    g_clear_object (&self->holder);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceContextValues, conformance_context_clear)

static gboolean
conformance_context_read (ConformanceConformanceContextValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_context_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceContextValues) self = { 0 };
    gboolean done;
    DunlinStubOutcome outcome;

    if (!conformance_context_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->context == NULL)
        return dunlin_stub_unimplemented ("Conformance.context", handler, error);
    self.holder = g_object_new (CONFORMANCE_TYPE_CONFORMANCE_CONTEXT_RESULT, NULL);
    self.result = g_steal_pointer (&self.holder->success);
    done = class->context (
        (ConformanceConformanceIf *) handler, &self.result, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    if (self.result == NULL)
        return DUNLIN_STUB_NO_RESULT;
    self.holder->success = self.result;
    self.holder->__isset_success = TRUE;
    outcome = dunlin_stub_reply_result (call, self.holder, error);
    self.holder->success = NULL;
    return outcome;
}

typedef struct {
    struct {
        gchar *kind;
    } arguments;
    gchar *result;
    struct {
        ConformanceRefused *refused;
    } thrown;
    GError *failure;
} ConformanceConformanceFailValues;

static void
conformance_fail_clear (ConformanceConformanceFailValues *self)
{
    g_clear_pointer (&self->arguments.kind, g_free);
    g_clear_pointer (&self->result, g_free);
    g_clear_pointer (&self->thrown.refused, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceFailValues, conformance_fail_clear)

static gboolean
conformance_fail_read (ConformanceConformanceFailValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRING):
            dunlin_stub_read_string (&reader, &self->arguments.kind);
            break;
        default:
            dunlin_stub_skip (&reader);
        }
    }
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_fail_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceFailValues) self = { 0 };
    gboolean done;

    if (!conformance_fail_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->fail == NULL)
        return dunlin_stub_unimplemented ("Conformance.fail", handler, error);
    done = class->fail (
        (ConformanceConformanceIf *) handler, &self.result, self.arguments.kind == NULL ? "" : self.arguments.kind, &self.thrown.refused, &self.failure);
    if (self.thrown.refused != NULL)
        return dunlin_stub_reply_exception (call, "Refused", 1, "refused",
                                            self.thrown.refused, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_string (call, self.result, error);
}

typedef struct {
    GError *failure;
} ConformanceConformanceNothingValues;

static void
conformance_nothing_clear (ConformanceConformanceNothingValues *self)
{
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConformanceConformanceNothingValues, conformance_nothing_clear)

static gboolean
conformance_nothing_read (ConformanceConformanceNothingValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
conformance_nothing_stub (DunlinCall *call, GObject *handler, GError **error)
{
    ConformanceConformanceHandlerClass *class = CONFORMANCE_CONFORMANCE_HANDLER_GET_CLASS (handler);
    g_auto (ConformanceConformanceNothingValues) self = { 0 };
    gboolean done;

    if (!conformance_nothing_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->nothing == NULL)
        return dunlin_stub_unimplemented ("Conformance.nothing", handler, error);
    done = class->nothing (
        (ConformanceConformanceIf *) handler, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_void (call, error);
}

static const DunlinMethodInfo conformance_methods[] = {
    {
        .name = "put",
        .oneway = FALSE,
        .arguments = "1: Address address",
        .result = "Address",
        .exceptions = "",
        .doc = "Stores an address in memory; gives it an id, from 1000 up, when it has none.",
        .stub = conformance_put_stub,
        .schema = &conformance_method_schemas[0],
    },
    {
        .name = "get",
        .oneway = FALSE,
        .arguments = "1: i64 id",
        .result = "Address",
        .exceptions = "1: NotFound not_found",
        .doc = "Id 1 is always there: a fixed record of about 200 bytes on the wire.",
        .stub = conformance_get_stub,
        .schema = &conformance_method_schemas[1],
    },
    {
        .name = "search",
        .oneway = FALSE,
        .arguments = "1: string prefix, 2: i32 limit",
        .result = "list<Address>",
        .exceptions = "",
        .doc = "In the order of their ids.",
        .stub = conformance_search_stub,
        .schema = &conformance_method_schemas[2],
    },
    {
        .name = "touch",
        .oneway = TRUE,
        .arguments = "1: i64 id",
        .result = "void",
        .exceptions = "",
        .doc = "Sets updated_at_ms of an address to now.",
        .stub = conformance_touch_stub,
        .schema = &conformance_method_schemas[3],
    },
    {
        .name = "echo",
        .oneway = FALSE,
        .arguments = "1: binary payload",
        .result = "binary",
        .exceptions = "",
        .doc = "",
        .stub = conformance_echo_stub,
        .schema = &conformance_method_schemas[4],
    },
    {
        .name = "sleep",
        .oneway = FALSE,
        .arguments = "1: i32 ms",
        .result = "string",
        .exceptions = "",
        .doc = "Waits without holding a thread, then answers \"slept <ms>\". Ends early when the call is cancelled.",
        .stub = conformance_sleep_stub,
        .schema = &conformance_method_schemas[5],
    },
    {
        .name = "spin",
        .oneway = FALSE,
        .arguments = "1: i32 ms",
        .result = "string",
        .exceptions = "",
        .doc = "Uses the CPU for so long on the loop itself, as a careless handler would.",
        .stub = conformance_spin_stub,
        .schema = &conformance_method_schemas[6],
    },
    {
        .name = "block",
        .oneway = FALSE,
        .arguments = "1: i32 ms",
        .result = "string",
        .exceptions = "",
        .doc = "Blocks a thread of the offload pool for so long.",
        .stub = conformance_block_stub,
        .schema = &conformance_method_schemas[7],
    },
    {
        .name = "cancelled",
        .oneway = FALSE,
        .arguments = "",
        .result = "i64",
        .exceptions = "",
        .doc = "How many calls of sleep() have been cancelled since the start.",
        .stub = conformance_cancelled_stub,
        .schema = &conformance_method_schemas[8],
    },
    {
        .name = "everything",
        .oneway = FALSE,
        .arguments = "1: EveryType value",
        .result = "EveryType",
        .exceptions = "",
        .doc = "",
        .stub = conformance_everything_stub,
        .schema = &conformance_method_schemas[9],
    },
    {
        .name = "context",
        .oneway = FALSE,
        .arguments = "",
        .result = "map<string, string>",
        .exceptions = "",
        .doc = "What the handler was told of this call: method, protocol, client_id, trace_id, span_id,\n"
               "parent_id, sampled, deadline_ms (what is left of it), retries, peer_address, peer_identity, tls_version.\n"
               "A key is absent when its fact is.",
        .stub = conformance_context_stub,
        .schema = &conformance_method_schemas[10],
    },
    {
        .name = "fail",
        .oneway = FALSE,
        .arguments = "1: string kind",
        .result = "string",
        .exceptions = "1: Refused refused",
        .doc = "\"declared\" throws Refused, \"undeclared\" fails with a GError, \"nack\" refuses the call retryably, \"ok\" returns.",
        .stub = conformance_fail_stub,
        .schema = &conformance_method_schemas[11],
    },
    {
        .name = "nothing",
        .oneway = FALSE,
        .arguments = "",
        .result = "void",
        .exceptions = "",
        .doc = "",
        .stub = conformance_nothing_stub,
        .schema = &conformance_method_schemas[12],
    },
};

static const guint8 conformance_slots[] = {
    5, 9, 0, 10, 13, 6, 11, 2, 7, 0, 0, 4, 8, 3, 1, 12,
};

const DunlinServiceInfo conformance_service = {
    .name = "Conformance",
    .doc = "",
    .idl_name = "conformance",
    .idl_json = conformance_idl_json,
    .idl_sha256 = "d26c37d54f618eb2c860b7b599b95482b853349b868c173ecb136834e946b602",
    .extends = &conformance_base_service,
    .handler_type = conformance_conformance_handler_get_type,
    .methods = conformance_methods,
    .n_methods = G_N_ELEMENTS (conformance_methods),
    .ensure_types = conformance_idl_ensure_types,
    .schema = &conformance_schema,
    .slots = conformance_slots,
    .slot_bits = 4,
    .slot_seed = G_GUINT64_CONSTANT (0xbf675a41b36c58dd),
};
