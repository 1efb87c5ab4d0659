/* Names that C or c_glib cannot take. */
#include "codegen/check.h"
#include "codegen/names.h"

#include <string.h>

/* Words that the Thrift compiler takes and C does not: keywords, and macros without arguments. */
static const char *const c_words[] = {
    "asm",  "auto", "char",     "errno", "extern", "FALSE", "int",    "linux",
    "long", "NULL", "restrict", "short", "signed", "TRUE",  "typeof", "unix",
};

static gboolean
is_c_word (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (c_words); i++)
        if (strcmp (c_words[i], name) == 0)
            return TRUE;
    return FALSE;
}

/* Says why @name cannot be that of a member of a generated C struct. */
static const char *
member_fault (const char *name)
{
    if (is_c_word (name))
        return "is a word of C";
    if (strcmp (name, "parent") == 0)
        return "is what c_glib calls the parent class in every class";
    if (g_str_has_prefix (name, "__isset_"))
        return "is what c_glib calls the mark of a field that is set";
    if (name[0] == '_')
        return "begins with an underscore, with which no GObject property begins";
    return NULL;
}

static gboolean
fail_name (GError **error, Idl *idl, int line, const char *owner, const char *name,
           const char *fault)
{
    set_error_at (error, idl, line, "%s%s%s: the name %s: take another", owner,
                  owner[0] == '\0' ? "" : ".", name, fault);
    return FALSE;
}

/* c_glib numbers properties by their names in capitals. */
static gboolean
check_field_names (Idl *idl, const char *owner, GPtrArray *fields, GError **error)
{
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

    EACH (Field, field, fields)
    {
        const char *fault = member_fault (field->name);

        if (fault == NULL && !g_hash_table_add (seen, (gpointer)name_upper (idl, field->name)))
            fault = "differs from another field's only in capitals, which c_glib does not tell "
                    "apart";
        if (fault != NULL)
            return fail_name (error, idl, field->line, owner, field->name, fault);
    }
    return TRUE;
}

/* Arguments and exceptions are parameters of one C function, next to c_glib's own. */
static const char *
parameter_fault (GHashTable *seen, const char *name)
{
    static const char *const own[] = { "iface", "_return", "error" };

    for (guint i = 0; i < G_N_ELEMENTS (own); i++)
        if (strcmp (own[i], name) == 0)
            return "is that of a parameter which c_glib adds";
    if (!g_hash_table_add (seen, (gpointer)name))
        return "is there twice among the arguments and exceptions, which c_glib makes parameters "
               "of one function";
    return NULL;
}

static gboolean
check_parameters (Idl *idl, const char *owner, const Method *method, GError **error)
{
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
    GPtrArray *const lists[] = { method->arguments, method->exceptions };

    for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
        EACH (Field, field, lists[i])
        {
            const char *fault = parameter_fault (seen, field->name);

            if (fault != NULL)
                return fail_name (error, idl, field->line, owner, field->name, fault);
        }
    EACH (Field, field, method->exceptions)
    if (strcmp (field->name, name_lower (idl, field->name)) != 0)
        return fail_name (error, idl, field->line, owner, field->name,
                          "of an exception has capitals, which c_glib loses");
    return TRUE;
}

/* "get_2" is "get_2" and "get2" in c_glib's code, and so on. */
static const char *
method_fault (Idl *idl, const char *name)
{
    const char *lower = name_lower (idl, name);

    if (is_c_word (lower))
        return "is a word of C";
    if (strcmp (lower, "parent") == 0)
        return "is what c_glib calls the parent class in every class";
    if (strcmp (lower, name_lower (idl, name_camel (idl, name))) != 0)
        return "has an underscore at its beginning or end, or one that no small letter follows, "
               "where c_glib makes two different names of it";
    return NULL;
}

static gboolean
check_method_names (const Service *service, const Method *method, GError **error)
{
    Idl *idl = service->home;
    const char *owner = text_format (idl, "%s.%s", service->name, method->name);
    const char *fault = method_fault (idl, method->name);

    if (fault != NULL)
        return fail_name (error, idl, method->line, service->name, method->name, fault);
    return check_field_names (idl, owner, method->arguments, error) &&
           check_field_names (idl, owner, method->exceptions, error) &&
           check_parameters (idl, owner, method, error);
}

/* send_a () and recv_a () of a client belong to its method a. */
static gboolean
check_client_names (const Service *service, GError **error)
{
    static const char *const prefixes[] = { "", "send_", "recv_" };
    Idl *idl = service->home;
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

    EACH (Method, method, service->methods)
    for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++) {
        const char *name = text_format (idl, "%s%s", prefixes[i], name_lower (idl, method->name));

        if (!g_hash_table_add (seen, (gpointer)name))
            return fail_name (error, idl, method->line, service->name, method->name,
                              "meets another method's in the C code of the client");
    }
    return TRUE;
}

/* The files that c_glib makes of a service must not be the IDL's others. */
static gboolean
check_file (Idl *idl, const Service *service, GError **error)
{
    static const char *const ours[] = { "stub", "schema", "autoptr", "bridge" };
    const char *file = service_file (idl, service->name);
    gboolean taken = strcmp (file, types_file (idl)) == 0;

    for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
        taken |= strcmp (file, text_format (idl, "%s_%s", idl->name, ours[i])) == 0;
    if (!taken)
        return TRUE;
    return fail_name (error, idl, service->line, "", service->name,
                      text_format (idl, "gives a second file called %s.c", file));
}

static gboolean
check_service_names (Idl *idl, const Service *service, GError **error)
{
    if (!g_ascii_isupper (service->name[0]))
        return fail_name (error, idl, service->line, "", service->name,
                          "of a service begins with a small letter, where c_glib makes two "
                          "different names of it");
    EACH (Method, method, service->methods)
    if (!check_method_names (service, method, error))
        return FALSE;
    return check_client_names (service, error) && check_file (idl, service, error);
}

/* Notes the class @name; FALSE when one of that name in C is there already. */
static gboolean
add_class (GHashTable *classes, Idl *idl, const char *name, int line, GError **error)
{
    const char *function = c_function (idl, name);
    const char *other = (const char *)g_hash_table_lookup (classes, function);

    if (other == NULL) {
        g_hash_table_insert (classes, (gpointer)function, (gpointer)name);
        return TRUE;
    }
    set_error_at (error, idl, line, "%s: in C it and %s would both be %s: take another name", name,
                  other, function);
    return FALSE;
}

static gboolean
add_service_classes (GHashTable *classes, Idl *idl, Service *service, GError **error)
{
    static const char *const suffixes[] = { "If", "Client", "Handler", "Processor" };

    for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
        if (!add_class (classes, idl, text_format (idl, "%s%s", service->name, suffixes[i]),
                        service->line, error))
            return FALSE;
    EACH (Method, method, service->methods)
    if (!add_class (classes, idl, args_name (service, method), method->line, error) ||
        (!method->oneway &&
         !add_class (classes, idl, result_name (service, method), method->line, error)))
        return FALSE;
    return TRUE;
}

static gboolean
check_classes (Idl *idl, GError **error)
{
    g_autoptr (GHashTable) classes = g_hash_table_new (g_str_hash, g_str_equal);

    EACH (Struct, item, idl->structs)
    if (!add_class (classes, idl, item->name, item->line, error))
        return FALSE;
    EACH (Service, service, idl->services)
    if (!add_service_classes (classes, idl, service, error))
        return FALSE;
    return TRUE;
}

gboolean
check_names (Idl *idl, GError **error)
{
    if (strchr (idl->c_namespace, '.') != NULL) {
        set_error_at (error, idl, idl->c_namespace_line,
                      "namespace c_glib %s: c_glib leaves the dot in the names of C: write it "
                      "without",
                      idl->c_namespace);
        return FALSE;
    }
    EACH (Struct, item, idl->structs)
    if (!check_field_names (idl, item->name, item->fields, error))
        return FALSE;
    EACH (Service, service, idl->services)
    if (!check_service_names (idl, service, error))
        return FALSE;
    return check_classes (idl, error);
}
