/* What c_glib (Thrift 0.17) calls things, and what we call ours. */
#include "codegen/names.h"

#include <string.h>

const char *
text_format (Idl *idl, const char *format, ...)
{
    va_list arguments;
    g_autofree char *text = NULL;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    return idl_text (idl, text);
}

const char *
name_lower (Idl *idl, const char *name)
{
    g_autoptr (GString) text = g_string_new (NULL);

    for (const char *c = name; *c != '\0'; c++) {
        if (c != name && g_ascii_isupper (*c))
            g_string_append_c (text, '_');
        g_string_append_c (text, g_ascii_tolower (*c));
    }
    return idl_text (idl, text->str);
}

const char *
name_upper (Idl *idl, const char *text)
{
    g_autofree char *upper = g_ascii_strup (text, -1);

    return idl_text (idl, upper);
}

const char *
name_camel (Idl *idl, const char *name)
{
    g_autoptr (GString) text = g_string_new (NULL);
    gboolean capital = TRUE;

    for (const char *c = name; *c != '\0'; c++) {
        if (*c != '_')
            g_string_append_c (text, capital ? g_ascii_toupper (*c) : *c);
        capital = *c == '_';
    }
    return idl_text (idl, text->str);
}

/* The namespace as a prefix of classes: dots are not for C. */
static const char *
class_prefix (Idl *idl)
{
    g_autofree char *text = g_strdelimit (g_strdup (idl->c_namespace), ".", '_');

    return idl_text (idl, text);
}

static const char *
function_prefix (Idl *idl)
{
    if (idl->c_namespace[0] == '\0')
        return "";
    return text_format (idl, "%s_", name_lower (idl, class_prefix (idl)));
}

const char *
c_class (Idl *idl, const char *name)
{
    return text_format (idl, "%s%s", class_prefix (idl), name);
}

const char *
c_function (Idl *idl, const char *name)
{
    return text_format (idl, "%s%s", function_prefix (idl), name_lower (idl, name));
}

const char *
c_macro (Idl *idl, const char *name)
{
    return name_upper (idl, c_function (idl, name));
}

const char *
c_type_macro (Idl *idl, const char *name)
{
    return name_upper (
        idl, text_format (idl, "%stype_%s", function_prefix (idl), name_lower (idl, name)));
}

const char *
args_name (Service *service, Method *method)
{
    Idl *idl = service->home;

    return text_format (idl, "%s%sArgs", service->name, name_camel (idl, method->name));
}

const char *
result_name (Service *service, Method *method)
{
    Idl *idl = service->home;

    return text_format (idl, "%s%sResult", service->name, name_camel (idl, method->name));
}

const char *
types_file (Idl *idl)
{
    return text_format (idl, "%s_types", c_function (idl, idl->name));
}

const char *
service_file (Idl *idl, const char *service)
{
    return c_function (idl, service);
}

const char *
idl_symbol (Idl *idl)
{
    g_autofree char *text = g_strdup (idl->name);

    return idl_text (idl, g_strcanon (text, G_CSET_A_2_Z G_CSET_a_2_z "0123456789_", '_'));
}

const char *
service_symbol (Service *service)
{
    Idl *idl = service->home;
    const char *name = name_lower (idl, service->name);
    const char *prefix = function_prefix (idl);

    if (strlen (prefix) == strlen (name) + 1 && g_str_has_prefix (prefix, name))
        return name;
    return text_format (idl, "%s%s", prefix, name);
}

const char *
c_type (Idl *idl, Type *type)
{
    static const char *const plain[] = {
        [TYPE_VOID] = "void",        [TYPE_BOOL] = "gboolean",    [TYPE_I8] = "gint8",
        [TYPE_I16] = "gint16",       [TYPE_I32] = "gint32",       [TYPE_I64] = "gint64",
        [TYPE_DOUBLE] = "gdouble",   [TYPE_STRING] = "gchar *",   [TYPE_BINARY] = "GByteArray *",
        [TYPE_SET] = "GHashTable *", [TYPE_MAP] = "GHashTable *",
    };

    type = type_true (type);
    if (type->kind == TYPE_LIST)
        return type_is_number (type->element) ? "GArray *" : "GPtrArray *";
    if (type->kind == TYPE_ENUM)
        return text_format (idl, "%s", c_class (type->enumeration->home, type->enumeration->name));
    if (type->kind == TYPE_STRUCT)
        return text_format (idl, "%s *", c_class (type->structure->home, type->structure->name));
    return plain[type->kind];
}

const char *
wire_type (Type *type)
{
    static const char *const names[] = {
        [TYPE_VOID] = "T_VOID",     [TYPE_BOOL] = "T_BOOL",     [TYPE_I8] = "T_BYTE",
        [TYPE_I16] = "T_I16",       [TYPE_I32] = "T_I32",       [TYPE_I64] = "T_I64",
        [TYPE_DOUBLE] = "T_DOUBLE", [TYPE_STRING] = "T_STRING", [TYPE_BINARY] = "T_STRING",
        [TYPE_LIST] = "T_LIST",     [TYPE_SET] = "T_SET",       [TYPE_MAP] = "T_MAP",
        [TYPE_ENUM] = "T_I32",      [TYPE_STRUCT] = "T_STRUCT",
    };

    return names[type_true (type)->kind];
}
