/* x_autoptr.h: g_autoptr () for the generated classes, and the interfaces that clients are used by.
 */
#include "codegen/emit.h"
#include "codegen/names.h"

static void
emit_class (GString *out, const char *class)
{
    g_string_append_printf (out, "G_DEFINE_AUTOPTR_CLEANUP_FUNC (%s, g_object_unref)\n", class);
}

void
emit_autoptr (GString *out, Idl *idl)
{
    emit_head (out, idl, "g_autoptr () for the generated classes");
    g_string_append_printf (out, "#pragma once\n\n#include \"%s.h\"\n", types_file (idl));
    EACH (Service, service, idl->services)
    g_string_append_printf (out, "#include \"%s.h\"\n", service_file (idl, service->name));
    g_string_append_c (out, '\n');
    EACH (Struct, item, idl->structs)
    emit_class (out, c_class (idl, item->name));
    EACH (Service, service, idl->services)
    {
        emit_class (out, text_format (idl, "%sIf", c_class (idl, service->name)));
        emit_class (out, text_format (idl, "%sClient", c_class (idl, service->name)));
        emit_class (out, text_format (idl, "%sHandler", c_class (idl, service->name)));
    }
}
