/* The services and their typed stubs of greeter.thrift. Made by dunlin_gen: not to be edited. */
#include "greeter_stub.h"

#include "rpc/stub_reader.h"
#include "rpc/stub_writer.h"
#include "wire/repairs.h"

static GType (*const types[]) (void) = {
    greeter_greeting_get_type,
    greeter_nobody_there_get_type,
    greeter_greeter_if_get_type,
    greeter_greeter_client_get_type,
    greeter_greeter_handler_get_type,
    greeter_greeter_greet_args_get_type,
    greeter_greeter_greet_result_get_type,
};

void
greeter_idl_ensure_types (void)
{
    dunlin_idl_ensure_types ();
    dunlin_repairs_touch (types, G_N_ELEMENTS (types));
}

typedef struct {
    struct {
        gint64 contact;
    } arguments;
    GreeterGreeting *result;
    struct {
        GreeterNobodyThere *nobody;
    } thrown;
    GError *failure;
} GreeterGreeterGreetValues;

static void
greeter_greet_clear (GreeterGreeterGreetValues *self)
{
    g_clear_pointer (&self->result, g_object_unref);
    g_clear_pointer (&self->thrown.nobody, g_object_unref);
    g_clear_error (&self->failure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GreeterGreeterGreetValues, greeter_greet_clear)

static gboolean
greeter_greet_read (GreeterGreeterGreetValues *self, DunlinCall *call, GError **error)
{
    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), .error = error };

    while (dunlin_stub_next (&reader)) {
        switch (reader.field) {
        case DUNLIN_STUB_FIELD (1, T_I64):
            dunlin_stub_read_i64 (&reader, &self->arguments.contact);
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
greeter_greet_stub (DunlinCall *call, GObject *handler, GError **error)
{
    GreeterGreeterHandlerClass *class = GREETER_GREETER_HANDLER_GET_CLASS (handler);
    g_auto (GreeterGreeterGreetValues) self = { 0 };
    gboolean done;

    if (!greeter_greet_read (&self, call, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (class->greet == NULL)
        return dunlin_stub_unimplemented ("Greeter.greet", handler, error);
    done = class->greet (
        (GreeterGreeterIf *) handler, &self.result, self.arguments.contact, &self.thrown.nobody, &self.failure);
    if (self.thrown.nobody != NULL)
        return dunlin_stub_reply_exception (call, "NobodyThere", 1, "nobody",
                                            self.thrown.nobody, error);
    if (!done)
        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);
    return dunlin_stub_reply_struct (call, self.result, error);
}

static const DunlinMethodInfo greeter_methods[] = {
    {
        .name = "greet",
        .oneway = FALSE,
        .arguments = "1: i64 contact",
        .result = "Greeting",
        .exceptions = "1: NobodyThere nobody",
        .doc = "Greets a contact of the address book. Always in good time: what the others do not answer soon\n"
               "enough is left out.",
        .stub = greeter_greet_stub,
        .schema = &greeter_method_schemas[0],
    },
};

static const guint8 greeter_slots[] = {
    1, 0,
};

const DunlinServiceInfo greeter_service = {
    .name = "Greeter",
    .doc = "The greeter.",
    .idl_name = "greeter",
    .idl_json = greeter_idl_json,
    .idl_sha256 = "11c14dd67f94ff9a8bf83df97799d9b7109f50d904febec2f9a9d4648dcef2a1",
    .extends = &dunlin_base_service,
    .handler_type = greeter_greeter_handler_get_type,
    .methods = greeter_methods,
    .n_methods = G_N_ELEMENTS (greeter_methods),
    .ensure_types = greeter_idl_ensure_types,
    .schema = &greeter_schema,
    .slots = greeter_slots,
    .slot_bits = 1,
    .slot_seed = G_GUINT64_CONSTANT (0x9e3779b97f4a7c15),
};
