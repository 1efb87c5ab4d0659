/* The services and their typed stubs of dunlin.thrift. Made by dunlin_gen: not to be edited. */
#include "dunlin_stub.h"

#include "rpc/stub_reader.h"
#include "rpc/stub_writer.h"
#include "wire/repairs.h"

static GType (*const types[]) (void) = {
    dunlin_time_get_type,
    dunlin_status_get_type,
    dunlin_field_help_get_type,
    dunlin_method_help_get_type,
    dunlin_unknown_method_get_type,
    dunlin_base_if_get_type,
    dunlin_base_client_get_type,
    dunlin_base_handler_get_type,
    dunlin_base_ping_args_get_type,
    dunlin_base_ping_result_get_type,
    dunlin_base_now_args_get_type,
    dunlin_base_now_result_get_type,
    dunlin_base_status_args_get_type,
    dunlin_base_status_result_get_type,
    dunlin_base_help_args_get_type,
    dunlin_base_help_result_get_type,
    dunlin_base_help_for_args_get_type,
    dunlin_base_help_for_result_get_type,
    dunlin_base_describe_args_get_type,
    dunlin_base_describe_result_get_type,
};

void
dunlin_idl_ensure_types (void)
{
    dunlin_repairs_touch (types, G_N_ELEMENTS (types));
}

typedef struct {
    gchar *result;
    GError *failure;
} DunlinBasePingValues;

static void
dunlin_base_ping_clear (DunlinBasePingValues *self)
{
    g_clear_pointer (&self->result, g_free);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinBasePingValues, dunlin_base_ping_clear)

static gboolean
dunlin_base_ping_read (DunlinBasePingValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
dunlin_base_ping_stub (DunlinCall *call, GObject *handler, GError **error)
{
    DunlinBaseHandlerClass *class = DUNLIN_BASE_HANDLER_GET_CLASS (handler);
    g_auto (DunlinBasePingValues) self = { 0 };
    gboolean done;

    if (!dunlin_base_ping_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->ping == NULL)
        return dunlin_stub_unimplemented ("Base.ping", handler, error);
    done = class->ping (
        (DunlinBaseIf *) handler, &self.result, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_string (call, self.result, error);
}

typedef struct {
    DunlinTime *result;
    GError *failure;
} DunlinBaseNowValues;

static void
dunlin_base_now_clear (DunlinBaseNowValues *self)
{
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinBaseNowValues, dunlin_base_now_clear)

static gboolean
dunlin_base_now_read (DunlinBaseNowValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
dunlin_base_now_stub (DunlinCall *call, GObject *handler, GError **error)
{
    DunlinBaseHandlerClass *class = DUNLIN_BASE_HANDLER_GET_CLASS (handler);
    g_auto (DunlinBaseNowValues) self = { 0 };
    gboolean done;

    if (!dunlin_base_now_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->now == NULL)
        return dunlin_stub_unimplemented ("Base.now", handler, error);
    done = class->now (
        (DunlinBaseIf *) handler, &self.result, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    DunlinStatus *result;
    GError *failure;
} DunlinBaseStatusValues;

static void
dunlin_base_status_clear (DunlinBaseStatusValues *self)
{
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinBaseStatusValues, dunlin_base_status_clear)

static gboolean
dunlin_base_status_read (DunlinBaseStatusValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
dunlin_base_status_stub (DunlinCall *call, GObject *handler, GError **error)
{
    DunlinBaseHandlerClass *class = DUNLIN_BASE_HANDLER_GET_CLASS (handler);
    g_auto (DunlinBaseStatusValues) self = { 0 };
    gboolean done;

    if (!dunlin_base_status_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->status == NULL)
        return dunlin_stub_unimplemented ("Base.status", handler, error);
    done = class->status (
        (DunlinBaseIf *) handler, &self.result, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    GPtrArray *result;
    DunlinBaseHelpResult *holder;
    GError *failure;
} DunlinBaseHelpValues;

static void
dunlin_base_help_clear (DunlinBaseHelpValues *self)
{
    g_clear_pointer (&self->result, g_ptr_array_unref);
    g_clear_object (&self->holder);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinBaseHelpValues, dunlin_base_help_clear)

static gboolean
dunlin_base_help_read (DunlinBaseHelpValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
dunlin_base_help_stub (DunlinCall *call, GObject *handler, GError **error)
{
    DunlinBaseHandlerClass *class = DUNLIN_BASE_HANDLER_GET_CLASS (handler);
    g_auto (DunlinBaseHelpValues) self = { 0 };
    gboolean done;
    DunlinStubOutcome outcome;

    if (!dunlin_base_help_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->help == NULL)
        return dunlin_stub_unimplemented ("Base.help", handler, error);
    self.holder = g_object_new (DUNLIN_TYPE_BASE_HELP_RESULT, NULL);
    self.result = g_steal_pointer (&self.holder->success);
    done = class->help (
        (DunlinBaseIf *) handler, &self.result, &self.failure);
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
        gchar *method;
    } arguments;
    DunlinMethodHelp *result;
    struct {
        DunlinUnknownMethod *unknown;
    } thrown;
    GError *failure;
} DunlinBaseHelpForValues;

static void
dunlin_base_help_for_clear (DunlinBaseHelpForValues *self)
{
    g_clear_pointer (&self->arguments.method, g_free);
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_pointer (&self->thrown.unknown, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinBaseHelpForValues, dunlin_base_help_for_clear)

static gboolean
dunlin_base_help_for_read (DunlinBaseHelpForValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_STRING):
            dunlin_stub_read_string (&reader, &self->arguments.method);
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
dunlin_base_help_for_stub (DunlinCall *call, GObject *handler, GError **error)
{
    DunlinBaseHandlerClass *class = DUNLIN_BASE_HANDLER_GET_CLASS (handler);
    g_auto (DunlinBaseHelpForValues) self = { 0 };
    gboolean done;

    if (!dunlin_base_help_for_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->help_for == NULL)
        return dunlin_stub_unimplemented ("Base.help_for", handler, error);
    done = class->help_for (
        (DunlinBaseIf *) handler, &self.result, self.arguments.method == NULL ? "" : self.arguments.method, &self.thrown.unknown, &self.failure);
    if (self.thrown.unknown != NULL)
        return dunlin_stub_reply_exception (call, "UnknownMethod", 1, "unknown",
                                            self.thrown.unknown, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

typedef struct {
    gchar *result;
    GError *failure;
} DunlinBaseDescribeValues;

static void
dunlin_base_describe_clear (DunlinBaseDescribeValues *self)
{
    g_clear_pointer (&self->result, g_free);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinBaseDescribeValues, dunlin_base_describe_clear)

static gboolean
dunlin_base_describe_read (DunlinBaseDescribeValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader))
        dunlin_stub_skip (&reader);
    if (reader.failed || !dunlin_stub_arguments_end (call, error))
        return FALSE;
    return TRUE;
}

static DunlinStubOutcome
dunlin_base_describe_stub (DunlinCall *call, GObject *handler, GError **error)
{
    DunlinBaseHandlerClass *class = DUNLIN_BASE_HANDLER_GET_CLASS (handler);
    g_auto (DunlinBaseDescribeValues) self = { 0 };
    gboolean done;

    if (!dunlin_base_describe_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->describe == NULL)
        return dunlin_stub_unimplemented ("Base.describe", handler, error);
    done = class->describe (
        (DunlinBaseIf *) handler, &self.result, &self.failure);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_string (call, self.result, error);
}

static const DunlinMethodInfo dunlin_base_methods[] = {
    {
        .name = "ping",
        .oneway = FALSE,
        .arguments = "",
        .result = "string",
        .exceptions = "",
        .doc = "Answers \"pong\": the cheapest proof that the service is there.",
        .stub = dunlin_base_ping_stub,
        .schema = &dunlin_base_method_schemas[0],
    },
    {
        .name = "now",
        .oneway = FALSE,
        .arguments = "",
        .result = "Time",
        .exceptions = "",
        .doc = "The time of the service's clock.",
        .stub = dunlin_base_now_stub,
        .schema = &dunlin_base_method_schemas[1],
    },
    {
        .name = "status",
        .oneway = FALSE,
        .arguments = "",
        .result = "Status",
        .exceptions = "",
        .doc = "The state of the process, since when it is in it, and what it is.",
        .stub = dunlin_base_status_stub,
        .schema = &dunlin_base_method_schemas[2],
    },
    {
        .name = "help",
        .oneway = FALSE,
        .arguments = "",
        .result = "list<MethodHelp>",
        .exceptions = "",
        .doc = "Every method of the service, its own first, then the inherited ones.",
        .stub = dunlin_base_help_stub,
        .schema = &dunlin_base_method_schemas[3],
    },
    {
        .name = "help_for",
        .oneway = FALSE,
        .arguments = "1: string method",
        .result = "MethodHelp",
        .exceptions = "1: UnknownMethod unknown",
        .doc = "One method, by its name.",
        .stub = dunlin_base_help_for_stub,
        .schema = &dunlin_base_method_schemas[4],
    },
    {
        .name = "describe",
        .oneway = FALSE,
        .arguments = "",
        .result = "string",
        .exceptions = "",
        .doc = "The service's whole IDL, and those that it includes, as JSON: what the Thrift compiler says of\n"
               "each, and each as it was written: {\"service\": \"AddressBook\", \"idl\": \"address_book\",\n"
               "\"idls\": {\"address_book\": {...}, ...}, \"texts\": {\"address_book\": \"...\", ...}}.",
        .stub = dunlin_base_describe_stub,
        .schema = &dunlin_base_method_schemas[5],
    },
};

static const guint8 dunlin_base_slots[] = {
    0, 6, 3, 2, 1, 4, 0, 5,
};

const DunlinServiceInfo dunlin_base_service = {
    .name = "Base",
    .doc = "The methods of every service.",
    .idl_name = "dunlin",
    .idl_json = dunlin_idl_json,
    .idl_sha256 = "24ce42ba78773ef2c088a7e382c9fcc18bed5bc0210b251471e798a549fbdecc",
    .handler_type = dunlin_base_handler_get_type,
    .methods = dunlin_base_methods,
    .n_methods = G_N_ELEMENTS (dunlin_base_methods),
    .ensure_types = dunlin_idl_ensure_types,
    .schema = &dunlin_base_schema,
    .slots = dunlin_base_slots,
    .slot_bits = 3,
    .slot_seed = G_GUINT64_CONSTANT (0x035e2aa2e7e47acb),
};
