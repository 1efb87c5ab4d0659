/* x_stub.c and x_stub.h: the services of an IDL as data, with a typed stub for each method. */
#include "codegen/emit.h"
#include "codegen/names.h"
#include "wire/method_slot.h"

#include <string.h>

/* What a handler's author needs to know; at the top of x_stub.h. */
static const char contract[] =
    "/* What a class function of a handler finds and leaves:\n"
    " *  - an argument is never NULL: what the caller left out is 0, \"\", or empty;\n"
    " *  - *_return of a string, binary or struct is NULL, and the handler puts a new one there;\n"
    " *    *_return of a list, set or map is empty, and the handler fills it, or unrefs it and "
    "puts\n"
    " *    another there;\n"
    " *  - a declared exception that is set is what the caller gets, whatever else is returned;\n"
    " *  - FALSE with @error is a failure, as is TRUE without a result. */\n";

void
emit_stub_header (GString *out, Idl *idl)
{
    emit_head (out, idl, "The services");
    g_string_append (out, contract);
    g_string_append_printf (out,
                            "#pragma once\n\n"
                            "#include \"rpc/service.h\"\n"
                            "#include \"%s_autoptr.h\"\n#include \"%s_schema.h\"\n",
                            idl->name, idl->name);
    EACH (Idl, include, idl->includes)
    g_string_append_printf (out, "#include \"%s_stub.h\"\n", include->name);
    g_string_append (out, "\nG_BEGIN_DECLS\n\n");
    EACH (Service, service, idl->services)
    g_string_append_printf (out, "extern const DunlinServiceInfo %s_service;\n",
                            service_symbol (service));
    g_string_append_printf (out,
                            "\n/* Touches every GType of the IDL and of those it includes. */\n"
                            "void %s_idl_ensure_types (void);\n",
                            idl_symbol (idl));
    EACH (Enum, item, idl->enums)
    g_string_append_printf (
        out,
        "\n/* The constant's name in C, or its number: c_glib's toString_%s. */\n"
        "const char *%s_name (int value);\n",
        item->name, c_function (idl, item->name));
    g_string_append (out, "\nG_END_DECLS\n");
}

static void
emit_type_function (GString *out, Idl *idl, const char *name)
{
    g_string_append_printf (out, "    %s_get_type,\n", c_function (idl, name));
}

static void
emit_service_types (GString *out, Service *service)
{
    static const char *const classes[] = { "If", "Client", "Handler" };
    Idl *idl = service->home;

    for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
        emit_type_function (out, idl, text_format (idl, "%s%s", service->name, classes[i]));
    EACH (Method, method, service->methods)
    {
        emit_type_function (out, idl, args_name (service, method));
        if (!method->oneway)
            emit_type_function (out, idl, result_name (service, method));
    }
}

static void
emit_ensure_types (GString *out, Idl *idl)
{
    gboolean any = idl->structs->len > 0 || idl->services->len > 0;

    if (any) {
        g_string_append (out, "static GType (*const types[]) (void) = {\n");
        EACH (Struct, item, idl->structs)
        emit_type_function (out, idl, item->name);
        EACH (Service, service, idl->services)
        emit_service_types (out, service);
        g_string_append (out, "};\n\n");
    }
    g_string_append_printf (out, "void\n%s_idl_ensure_types (void)\n{\n", idl_symbol (idl));
    EACH (Idl, include, idl->includes)
    g_string_append_printf (out, "    %s_idl_ensure_types ();\n", idl_symbol (include));
    g_string_append (out, any ? "    dunlin_repairs_touch (types, G_N_ELEMENTS (types));\n}\n\n"
                              : "}\n\n");
}

static gboolean
fits (Service *service, guint64 seed, guint8 bits, guint8 *slots)
{
    memset (slots, 0, (gsize)1 << bits);
    for (guint i = 0; i < service->methods->len; i++) {
        const Method *method = (const Method *)g_ptr_array_index (service->methods, i);
        guint32 at = dunlin_method_slot (method->name, strlen (method->name), seed, bits);

        if (slots[at] != 0)
            return FALSE;
        slots[at] = (guint8)(i + 1);
    }
    return TRUE;
}

/* Odd numbers without a pattern, always the same ones (Weyl sequence). */
static guint64
seed_at (guint attempt)
{
    return (G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) * (attempt + 1)) | 1;
}

enum { MAX_SLOT_BITS = 11, MAX_ATTEMPTS = 2000 };

/* The smallest table with a seed that parts all names. FALSE when there is none: names that differ
 * only in their middle are alike to dunlin_method_slot(); or more methods than a byte can number.
 */
static gboolean
find_slots (Service *service, guint64 *seed, guint8 *bits, guint8 *slots)
{
    if (service->methods->len == 0 || service->methods->len > 255)
        return FALSE;
    for (*bits = 1; *bits <= MAX_SLOT_BITS; (*bits)++) {
        if (service->methods->len > 1u << *bits)
            continue;
        for (guint attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            *seed = seed_at (attempt);
            if (fits (service, *seed, *bits, slots))
                return TRUE;
        }
    }
    return FALSE;
}

static void
emit_slots (GString *out, Service *service, const guint8 *slots, guint8 bits)
{
    g_string_append_printf (out, "static const guint8 %s_slots[] = {", service_symbol (service));
    for (guint i = 0; i < 1u << bits; i++)
        g_string_append_printf (out, "%s%d,", i % 16 == 0 ? "\n    " : " ", slots[i]);
    g_string_append (out, "\n};\n\n");
}

/* "1: i64 id, 2: string name" */
static char *
fields_text (GPtrArray *fields)
{
    GString *text = g_string_new (NULL);

    EACH (Field, field, fields)
    g_string_append_printf (text, "%s%d: %s %s", field_at == 0 ? "" : ", ", field->id,
                            field->type->text, field->name);
    return g_string_free (text, FALSE);
}

static void
emit_text_member (GString *out, const char *member, const char *text)
{
    g_string_append_printf (out, "        .%s = ", member);
    emit_literal (out, text, (int)strlen (member) + 12);
    g_string_append (out, ",\n");
}

static void
emit_method_info (GString *out, Service *service, guint at)
{
    const Method *method = (const Method *)g_ptr_array_index (service->methods, at);
    g_autofree char *arguments = fields_text (method->arguments);
    g_autofree char *exceptions = fields_text (method->exceptions);

    g_string_append (out, "    {\n");
    emit_text_member (out, "name", method->name);
    g_string_append_printf (out, "        .oneway = %s,\n", method->oneway ? "TRUE" : "FALSE");
    emit_text_member (out, "arguments", arguments);
    emit_text_member (out, "result", method->result->text);
    emit_text_member (out, "exceptions", exceptions);
    emit_text_member (out, "doc", method->doc);
    g_string_append_printf (out, "        .stub = %s_stub,\n        .schema = %s,\n    },\n",
                            method_stub_name (service, (Method *)method),
                            method_schema (service, at));
}

static void
emit_methods (GString *out, Service *service)
{
    if (service->methods->len == 0)
        return;
    g_string_append_printf (out, "static const DunlinMethodInfo %s_methods[] = {\n",
                            service_symbol (service));
    for (guint i = 0; i < service->methods->len; i++)
        emit_method_info (out, service, i);
    g_string_append (out, "};\n\n");
}

static void
emit_info_texts (GString *out, Service *service)
{
    Idl *idl = service->home;

    g_string_append_printf (out, "    .name = \"%s\",\n    .doc = ", service->name);
    emit_literal (out, service->doc, 11);
    g_string_append_printf (out,
                            ",\n    .idl_name = \"%s\",\n    .idl_json = %s_idl_json,\n"
                            "    .idl_sha256 = \"%s\",\n",
                            idl->name, idl_symbol (idl), idl->sha256);
}

static void
emit_info (GString *out, Service *service)
{
    const char *symbol = service_symbol (service);
    guint8 slots[1 << MAX_SLOT_BITS];
    guint8 bits;
    guint64 seed;
    gboolean found = find_slots (service, &seed, &bits, slots);

    emit_methods (out, service);
    if (found)
        emit_slots (out, service, slots, bits);
    g_string_append_printf (out, "const DunlinServiceInfo %s_service = {\n", symbol);
    emit_info_texts (out, service);
    if (service->parent != NULL)
        g_string_append_printf (out, "    .extends = &%s_service,\n",
                                service_symbol (service->parent));
    g_string_append_printf (
        out, "    .handler_type = %s_get_type,\n",
        c_function (service->home, text_format (service->home, "%sHandler", service->name)));
    if (service->methods->len > 0)
        g_string_append_printf (
            out, "    .methods = %s_methods,\n    .n_methods = G_N_ELEMENTS (%s_methods),\n",
            symbol, symbol);
    g_string_append_printf (out,
                            "    .ensure_types = %s_idl_ensure_types,\n"
                            "    .schema = &%s_schema,\n",
                            idl_symbol (service->home), symbol);
    if (found)
        g_string_append_printf (out,
                                "    .slots = %s_slots,\n    .slot_bits = %d,\n"
                                "    .slot_seed = G_GUINT64_CONSTANT (0x%016" G_GINT64_MODIFIER
                                "x),\n",
                                symbol, bits, seed);
    g_string_append (out, "};\n");
}

void
emit_stub (GString *out, Idl *idl)
{
    emit_head (out, idl, "The services and their typed stubs");
    g_string_append_printf (out,
                            "#include \"%s_stub.h\"\n\n"
                            "#include \"rpc/stub_reader.h\"\n"
                            "#include \"rpc/stub_writer.h\"\n"
                            "#include \"wire/repairs.h\"\n\n",
                            idl->name);
    emit_ensure_types (out, idl);
    EACH (Service, service, idl->services)
    {
        EACH (Method, method, service->methods)
        emit_method_stub (out, service, method);
        emit_info (out, service);
        g_string_append_c (out, '\n');
    }
    g_string_truncate (out, out->len - 1);
}
