/* Headers that give things the names under which c_glib's code looks for them: it takes its own
 * namespace for parent services and for the classes of another IDL. */
#include "codegen/emit.h"
#include "codegen/names.h"

#include <string.h>

static gboolean
same_namespace (Idl *a, Idl *b)
{
    return strcmp (a->c_namespace, b->c_namespace) == 0;
}

gboolean
needs_parent_bridge (Service *service)
{
    return service->parent != NULL && service->parent->home != service->home &&
           !same_namespace (service->parent->home, service->home);
}

static void
emit_service_bridge (GString *out, Idl *idl, Service *parent)
{
    static const char *const types[] = { "If",      "IfInterface",  "Client",    "ClientClass",
                                         "Handler", "HandlerClass", "Processor", "ProcessorClass" };
    static const char *const macros[] = { "If", "Client", "Handler", "Processor" };

    for (guint i = 0; i < G_N_ELEMENTS (types); i++)
        g_string_append_printf (out, "typedef %s%s %s%s;\n", c_class (parent->home, parent->name),
                                types[i], c_class (idl, parent->name), types[i]);
    for (guint i = 0; i < G_N_ELEMENTS (macros); i++) {
        const char *name = text_format (idl, "%s%s", parent->name, macros[i]);

        g_string_append_printf (out, "#define %s %s\n", c_type_macro (idl, name),
                                c_type_macro (parent->home, name));
        g_string_append_printf (out, "#define %s %s\n", c_macro (idl, name),
                                c_macro (parent->home, name));
    }
}

void
emit_parent_bridge (GString *out, Idl *idl, Service *service)
{
    Service *parent = service->parent;

    emit_head (out, idl, "The parent services in other IDLs under the names that c_glib expects");
    g_string_append_printf (out, "#pragma once\n\n#include \"%s.h\"\n\n",
                            service_file (parent->home, parent->name));
    for (; parent != NULL; parent = parent->parent)
        if (!same_namespace (parent->home, idl))
            emit_service_bridge (out, idl, parent);
}

static gboolean
has_struct (Idl *idl, const char *name)
{
    EACH (Struct, item, idl->structs)
    if (strcmp (item->name, name) == 0)
        return TRUE;
    return FALSE;
}

void
emit_bridge (GString *out, Idl *idl)
{
    emit_head (out, idl, "Names that c_glib's code gets wrong");
    g_string_append (out, "#pragma once\n");
    EACH (Enum, item, idl->enums) /* global in c_glib, so two IDLs could not both have it */
    g_string_append_printf (out, "#define toString_%s %s_name\n", item->name,
                            c_function (idl, item->name));
    EACH (Idl, include, idl->includes)
    EACH (Struct, item, include->structs)
    if (!same_namespace (idl, include) && !has_struct (idl, item->name))
        g_string_append_printf (out, "#define %s %s\n", c_type_macro (idl, item->name),
                                c_type_macro (include, item->name));
}
