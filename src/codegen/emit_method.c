/* The typed stub of one method: reads the arguments, calls the handler's class function, writes
 * what came of it. Arguments and results without containers are read and written field by field;
 * with containers, by the Args and Result classes that c_glib makes. */
#include "codegen/emit.h"
#include "codegen/names.h"

#include <string.h>

const char *
method_stub_name (Service *service, Method *method)
{
    return text_format (service->home, "%s_%s", service_symbol (service),
                        name_lower (service->home, method->name));
}

/* The struct that holds a call's values while the stub runs. */
static const char *
values_name (Service *service, Method *method)
{
    return text_format (service->home, "%s%sValues", c_class (service->home, service->name),
                        name_camel (service->home, method->name));
}

static gboolean
reads_fields (Method *method)
{
    EACH (Field, field, method->arguments)
    if (type_is_container (field->type) || field->value != NULL)
        return FALSE;
    return TRUE;
}

static gboolean
has_result (Method *method)
{
    return method->result->kind != TYPE_VOID;
}

static gboolean
is_pointer (Type *type)
{
    return !type_is_number (type);
}

/* "Type *name" or "Type name". */
static void
emit_member (GString *out, Idl *idl, Type *type, const char *name)
{
    const char *text = c_type (idl, type);

    g_string_append_printf (out, "%s%s%s;\n", text, g_str_has_suffix (text, "*") ? "" : " ", name);
}

static void
emit_values (GString *out, Service *service, Method *method)
{
    Idl *idl = service->home;

    g_string_append (out, "typedef struct {\n");
    if (!reads_fields (method)) {
        g_string_append_printf (out, "    %s *arguments;\n",
                                c_class (idl, args_name (service, method)));
    } else if (method->arguments->len > 0) {
        g_string_append (out, "    struct {\n");
        EACH (Field, field, method->arguments)
        {
            g_string_append (out, "        ");
            emit_member (out, idl, field->type, field->name);
        }
        g_string_append (out, "    } arguments;\n");
    }
    if (has_result (method)) {
        g_string_append (out, "    ");
        emit_member (out, idl, method->result, "result");
    }
    if (has_result (method) && type_is_container (method->result))
        g_string_append_printf (out, "    %s *holder;\n",
                                c_class (idl, result_name (service, method)));
    if (method->exceptions->len > 0) {
        g_string_append (out, "    struct {\n");
        EACH (Field, field, method->exceptions)
        {
            g_string_append (out, "        ");
            emit_member (out, idl, field->type, field->name);
        }
        g_string_append (out, "    } thrown;\n");
    }
    g_string_append (out, "    GError *failure;\n");
    g_string_append_printf (out, "} %s;\n\n", values_name (service, method));
}

static const char *
free_function (Type *type)
{
    type = type_true (type);
    switch (type->kind) {
    case TYPE_STRING:
        return "g_free";
    case TYPE_BINARY:
        return "g_byte_array_unref";
    case TYPE_LIST:
        return type_is_number (type->element) ? "g_array_unref" : "g_ptr_array_unref";
    case TYPE_SET:
    case TYPE_MAP:
        return "g_hash_table_unref";
    default:
        return "g_object_unref";
    }
}

static void
emit_clear_member (GString *out, const char *member, Type *type)
{
    if (is_pointer (type))
        g_string_append_printf (out, "    g_clear_pointer (&self->%s, %s);\n", member,
                                free_function (type));
}

static void
emit_clear (GString *out, Service *service, Method *method)
{
    Idl *idl = service->home;

    g_string_append_printf (out, "static void\n%s_clear (%s *self)\n{\n",
                            method_stub_name (service, method), values_name (service, method));
    if (!reads_fields (method))
        g_string_append (out, "    g_clear_object (&self->arguments);\n");
    else
        EACH (Field, field, method->arguments)
    emit_clear_member (out, text_format (idl, "arguments.%s", field->name), field->type);
    if (has_result (method))
        emit_clear_member (out, "result", method->result);
    if (has_result (method) && type_is_container (method->result))
        g_string_append (out, "    g_clear_object (&self->holder);\n");
    EACH (Field, field, method->exceptions)
    emit_clear_member (out, text_format (idl, "thrown.%s", field->name), field->type);
    g_string_append (out, "    g_clear_error (&self->failure);\n}\n\n");
    g_string_append_printf (out, "G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (%s, %s_clear)\n\n",
                            values_name (service, method), method_stub_name (service, method));
}

/* The reading of one argument, behind its case label. */
static void
emit_read_value (GString *out, Idl *idl, Field *field)
{
    static const char *const readers[] = {
        [TYPE_BOOL] = "bool",     [TYPE_I8] = "i8",         [TYPE_I16] = "i16",
        [TYPE_I32] = "i32",       [TYPE_I64] = "i64",       [TYPE_DOUBLE] = "double",
        [TYPE_STRING] = "string", [TYPE_BINARY] = "binary",
    };
    Type *type = type_true (field->type);

    if (type->kind == TYPE_ENUM)
        g_string_append_printf (out,
                                "            dunlin_stub_read_i32 (&reader, &number);\n"
                                "            self->arguments.%s = (%s) number;\n",
                                field->name, c_type (idl, type));
    else if (type->kind == TYPE_STRUCT)
        g_string_append_printf (
            out,
            "            dunlin_stub_read_struct (&reader, %s,\n"
            "                                     (gpointer *) &self->arguments.%s);\n",
            c_type_macro (type->structure->home, type->structure->name), field->name);
    else
        g_string_append_printf (out,
                                "            dunlin_stub_read_%s (&reader, &self->arguments.%s);\n",
                                readers[type->kind], field->name);
}

static gboolean
has_enum (Method *method)
{
    EACH (Field, field, method->arguments)
    if (type_true (field->type)->kind == TYPE_ENUM)
        return TRUE;
    return FALSE;
}

static void
emit_field_loop (GString *out, Idl *idl, Method *method)
{
    g_string_append (out, "    while (dunlin_stub_next (&reader)) {\n"
                          "        switch (reader.field) {\n");
    EACH (Field, field, method->arguments)
    {
        g_string_append_printf (out, "        case DUNLIN_STUB_FIELD (%d, %s):\n", field->id,
                                wire_type (field->type));
        if (field->requiredness == REQUIRED)
            g_string_append_printf (out, "            has_%s = TRUE;\n", field->name);
        emit_read_value (out, idl, field);
        g_string_append (out, "            break;\n");
    }
    g_string_append (out, "        default:\n"
                          "            dunlin_stub_skip (&reader);\n"
                          "        }\n"
                          "    }\n");
}

/* A handler is never given NULL: what the caller left out is empty. */
static void
emit_fill (GString *out, Field *field, const char *access)
{
    Type *type = type_true (field->type);

    if (type->kind == TYPE_BINARY)
        g_string_append_printf (out,
                                "    if (self->arguments%s%s == NULL)\n"
                                "        self->arguments%s%s = g_byte_array_new ();\n",
                                access, field->name, access, field->name);
    else if (type->kind == TYPE_STRUCT)
        g_string_append_printf (out,
                                "    if (self->arguments%s%s == NULL)\n"
                                "        self->arguments%s%s = g_object_new (%s, NULL);\n",
                                access, field->name, access, field->name,
                                c_type_macro (type->structure->home, type->structure->name));
}

static void
emit_read_fields (GString *out, Service *service, Method *method)
{
    Idl *idl = service->home;

    if (has_enum (method))
        g_string_append (out, "    gint32 number = 0;\n");
    EACH (Field, field, method->arguments)
    if (field->requiredness == REQUIRED)
        g_string_append_printf (out, "    gboolean has_%s = FALSE;\n", field->name);
    g_string_append (out, "    DunlinStubReader reader = { .protocol = dunlin_stub_input (call), "
                          ".error = error };\n\n");
    if (method->arguments->len > 0)
        emit_field_loop (out, idl, method);
    else
        g_string_append (out, "    while (dunlin_stub_next (&reader))\n"
                              "        dunlin_stub_skip (&reader);\n");
    EACH (Field, field, method->arguments)
    if (field->requiredness == REQUIRED)
        g_string_append_printf (out,
                                "    if (!has_%s)\n"
                                "        dunlin_stub_missing (&reader, \"%s\");\n",
                                field->name, field->name);
    g_string_append (out, "    if (reader.failed || !dunlin_stub_arguments_end (call, error))\n"
                          "        return FALSE;\n");
    EACH (Field, field, method->arguments)
    emit_fill (out, field, ".");
}

static void
emit_read_object (GString *out, Service *service, Method *method)
{
    Idl *idl = service->home;

    g_string_append_printf (
        out,
        "    self->arguments = g_object_new (%s, NULL);\n"
        "    if (thrift_struct_read ((ThriftStruct *) self->arguments, dunlin_stub_input (call), "
        "error) <\n            0 ||\n"
        "        !dunlin_stub_arguments_end (call, error))\n"
        "        return FALSE;\n",
        c_type_macro (idl, args_name (service, method)));
    EACH (Field, field, method->arguments)
    emit_fill (out, field, "->");
}

static void
emit_read (GString *out, Service *service, Method *method)
{
    g_string_append_printf (
        out, "static gboolean\n%s_read (%s *self, DunlinCall *call, GError **error)\n{\n",
        method_stub_name (service, method), values_name (service, method));
    if (reads_fields (method))
        emit_read_fields (out, service, method);
    else
        emit_read_object (out, service, method);
    g_string_append (out, "    return TRUE;\n}\n\n");
}

static void
emit_argument (GString *out, Method *method, Field *field)
{
    const char *access = reads_fields (method) ? "." : "->";

    if (type_true (field->type)->kind == TYPE_STRING)
        g_string_append_printf (out, ", self.arguments%s%s == NULL ? \"\" : self.arguments%s%s",
                                access, field->name, access, field->name);
    else
        g_string_append_printf (out, ", self.arguments%s%s", access, field->name);
}

static void
emit_call (GString *out, Service *service, Method *method)
{
    Idl *idl = service->home;
    const char *function = name_lower (idl, method->name);

    g_string_append_printf (out, "    done = class->%s (\n        (%sIf *) handler", function,
                            c_class (idl, service->name));
    if (has_result (method))
        g_string_append (out, ", &self.result");
    EACH (Field, field, method->arguments)
    emit_argument (out, method, field);
    EACH (Field, field, method->exceptions)
    g_string_append_printf (out, ", &self.thrown.%s", field->name);
    g_string_append (out, ", &self.failure);\n");
}

static void
emit_reply_container (GString *out)
{
    g_string_append (out, "    if (self.result == NULL)\n"
                          "        return DUNLIN_STUB_NO_RESULT;\n"
                          "    self.holder->success = self.result;\n"
                          "    self.holder->__isset_success = TRUE;\n"
                          "    outcome = dunlin_stub_reply_result (call, self.holder, error);\n"
                          "    self.holder->success = NULL;\n"
                          "    return outcome;\n");
}

static void
emit_reply (GString *out, Method *method)
{
    static const char *const names[] = {
        [TYPE_BOOL] = "bool",     [TYPE_I8] = "i8",         [TYPE_I16] = "i16",
        [TYPE_I32] = "i32",       [TYPE_I64] = "i64",       [TYPE_DOUBLE] = "double",
        [TYPE_STRING] = "string", [TYPE_BINARY] = "binary", [TYPE_STRUCT] = "struct",
    };
    Type *type = type_true (method->result);

    if (method->oneway)
        g_string_append (out, "    return DUNLIN_STUB_OK;\n");
    else if (type->kind == TYPE_VOID)
        g_string_append (out, "    return dunlin_stub_reply_void (call, error);\n");
    else if (type_is_container (type))
        emit_reply_container (out);
    else if (type->kind == TYPE_ENUM)
        g_string_append (out,
                         "    return dunlin_stub_reply_i32 (call, (gint32) self.result, error);\n");
    else
        g_string_append_printf (out,
                                "    return dunlin_stub_reply_%s (call, self.result, error);\n",
                                names[type->kind]);
}

static void
emit_exceptions (GString *out, Method *method)
{
    EACH (Field, field, method->exceptions)
    {
        Type *type = type_true (field->type);

        g_string_append_printf (
            out,
            "    if (self.thrown.%s != NULL)\n"
            "        return dunlin_stub_reply_exception (call, \"%s\", %d, \"%s\",\n"
            "                                            self.thrown.%s, error);\n",
            field->name, type->structure->name, field->id, field->name, field->name);
    }
}

/* The container that the handler finds is the one that the Result class makes: the handler fills
 * it, or puts another in its place. */
static void
emit_take_container (GString *out, Service *service, Method *method)
{
    g_string_append_printf (out,
                            "    self.holder = g_object_new (%s, NULL);\n"
                            "    self.result = g_steal_pointer (&self.holder->success);\n",
                            c_type_macro (service->home, result_name (service, method)));
}

void
emit_method_stub (GString *out, Service *service, Method *method)
{
    Idl *idl = service->home;
    gboolean holds = has_result (method) && type_is_container (method->result);

    emit_values (out, service, method);
    emit_clear (out, service, method);
    emit_read (out, service, method);
    g_string_append_printf (out,
                            "static DunlinStubOutcome\n"
                            "%s_stub (DunlinCall *call, GObject *handler, GError **error)\n{\n"
                            "    %sHandlerClass *class = %s_GET_CLASS (handler);\n"
                            "    g_auto (%s) self = { 0 };\n"
                            "    gboolean done;\n%s\n",
                            method_stub_name (service, method), c_class (idl, service->name),
                            c_macro (idl, text_format (idl, "%sHandler", service->name)),
                            values_name (service, method),
                            holds ? "    DunlinStubOutcome outcome;\n" : "");
    g_string_append_printf (
        out,
        "    if (!%s_read (&self, call, error))\n"
        "        return DUNLIN_STUB_BAD_ARGUMENTS;\n"
        "    if (class->%s == NULL)\n"
        "        return dunlin_stub_unimplemented (\"%s.%s\", handler, error);\n",
        method_stub_name (service, method), name_lower (idl, method->name), service->name,
        method->name);
    if (holds)
        emit_take_container (out, service, method);
    emit_call (out, service, method);
    emit_exceptions (out, method);
    g_string_append (
        out, "    if (!done)\n"
             "        return dunlin_stub_failed (g_steal_pointer (&self.failure), error);\n");
    emit_reply (out, method);
    g_string_append (out, "}\n\n");
}
