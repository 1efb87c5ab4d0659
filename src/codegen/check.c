/* Types, defaults and orders of definition that c_glib generates wrong code for. */
#include "codegen/check.h"

/* Why c_glib's code for the type is wrong; NULL when it is right. Typedefs inside containers keep
 * c_glib from seeing what they stand for. */
static const char *
list_fault (Type *list, gboolean nested)
{
    if (list->element->kind != TYPE_ALIAS)
        return NULL;
    if (type_is_number (list->element))
        return "c_glib keeps the numbers of a list of typedefs as pointers, and crashes: write the "
               "number's own type";
    if (nested)
        return "c_glib has no code for a list of typedefs inside another container: write the "
               "typedef's own type";
    return NULL;
}

static const char *
set_fault (Type *set, gboolean nested)
{
    if (nested)
        return "c_glib loses the elements of a set inside another container: write a list";
    if (set->element->kind == TYPE_ALIAS && type_is_number (set->element))
        return "c_glib keeps the numbers of a set of typedefs as pointers, and crashes: write the "
               "number's own type";
    if (type_true (set->element)->kind == TYPE_BINARY)
        return "c_glib compares binary elements by their address in memory: write a set of "
               "strings, or a list";
    return NULL;
}

static const char *
map_fault (Type *map)
{
    if (type_true (map->key)->kind == TYPE_BINARY)
        return "c_glib compares binary keys by their address in memory: write a map with string "
               "keys";
    return NULL;
}

static const char *
own_fault (Type *type, gboolean nested)
{
    switch (type->kind) {
    case TYPE_LIST:
        return list_fault (type, nested);
    case TYPE_SET:
        return set_fault (type, nested);
    case TYPE_MAP:
        return map_fault (type);
    default:
        return NULL;
    }
}

static const char *
type_fault (Type *type, gboolean nested)
{
    const char *fault;

    type = type_true (type);
    fault = own_fault (type, nested);
    if (fault == NULL && type->key != NULL)
        fault = type_fault (type->key, TRUE);
    if (fault == NULL && type->element != NULL)
        fault = type_fault (type->element, TRUE);
    return fault;
}

static const char *
default_fault (const Field *field)
{
    TypeKind kind = type_true (field->type)->kind;

    if (field->value == NULL)
        return NULL;
    if (kind == TYPE_LIST && field->value->items->len > 0)
        return "c_glib adds what it reads to a list's default: leave the default out";
    if (type_is_container (field->type) && !field->value->is_empty)
        return "c_glib forgets the default of a set or map: leave it out";
    if (kind == TYPE_STRUCT)
        return "c_glib forgets the default of a struct: leave it out";
    if (kind == TYPE_ENUM)
        return "c_glib forgets the default of an enum and starts with 0: leave it out, and give "
               "0 a name in the enum";
    if (kind == TYPE_BINARY)
        return "c_glib takes a binary default for a string: leave it out";
    return NULL;
}

static gboolean
check_field (Idl *idl, const char *owner, const Field *field, GError **error)
{
    const char *fault = type_fault (field->type, FALSE);

    if (fault == NULL)
        fault = default_fault (field);
    if (fault == NULL)
        return TRUE;
    set_error_at (error, idl, field->line, "%s.%s: %s: %s", owner, field->name, field->type->text,
                  fault);
    return FALSE;
}

static gboolean
check_fields (Idl *idl, const char *owner, GPtrArray *fields, GError **error)
{
    EACH (Field, field, fields)
    if (!check_field (idl, owner, field, error))
        return FALSE;
    return TRUE;
}

/* C wants a struct declared before a pointer to it, and c_glib declares in the IDL's order. */
static gboolean
check_order (Idl *idl, guint at, GError **error)
{
    const Struct *item = (const Struct *)g_ptr_array_index (idl->structs, at);

    EACH (Field, field, item->fields)
    {
        Type *type = type_true (field->type);
        guint place;

        if (type->kind != TYPE_STRUCT || type->structure->home != idl)
            continue;
        g_ptr_array_find (idl->structs, type->structure, &place);
        if (place < at)
            continue;
        set_error_at (error, idl, field->line,
                      place == at ? "%s.%s: c_glib declares %s too late for a field of itself: "
                                    "write list<%s>"
                                  : "%s.%s: c_glib declares %s too late: define it above, or "
                                    "write list<%s>",
                      item->name, field->name, field->type->text, field->type->text);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_alias (Idl *idl, const Alias *alias, GError **error)
{
    const char *fault = type_fault (alias->type, FALSE);

    if (type_true (alias->type)->kind == TYPE_STRUCT)
        fault = "c_glib has no code for a typedef of a struct: use the struct's own name";
    if (fault == NULL)
        return TRUE;
    set_error_at (error, idl, alias->line, "typedef %s %s: %s", alias->type->text, alias->name,
                  fault);
    return FALSE;
}

static gboolean
check_constant (Idl *idl, const Constant *constant, GError **error)
{
    const char *fault = type_fault (constant->type, FALSE);

    if (constant->type->kind == TYPE_ALIAS)
        fault = "c_glib makes NULL of a constant whose type is a typedef: write the type itself";
    else if (constant->type->kind == TYPE_BINARY)
        fault = "c_glib makes a string of a binary constant: write a string";
    if (fault == NULL)
        return TRUE;
    set_error_at (error, idl, constant->line, "const %s %s: %s", constant->type->text,
                  constant->name, fault);
    return FALSE;
}

static gboolean
check_method (Idl *idl, const Service *service, const Method *method, GError **error)
{
    g_autofree char *owner = g_strdup_printf ("%s.%s", service->name, method->name);
    const char *fault = type_fault (method->result, FALSE);

    if (fault != NULL) {
        set_error_at (error, idl, method->line, "%s: %s: %s", owner, method->result->text, fault);
        return FALSE;
    }
    return check_fields (idl, owner, method->arguments, error) &&
           check_fields (idl, owner, method->exceptions, error);
}

static gboolean
check_service (Idl *idl, const Service *service, GError **error)
{
    EACH (Method, method, service->methods)
    if (!check_method (idl, service, method, error))
        return FALSE;
    return TRUE;
}

static gboolean
check_definitions (Idl *idl, GError **error)
{
    EACH (Alias, alias, idl->aliases)
    if (!check_alias (idl, alias, error))
        return FALSE;
    EACH (Enum, item, idl->enums)
    if (item->members->len == 0) {
        set_error_at (error, idl, item->line, "%s: C has no empty enums: give it a member",
                      item->name);
        return FALSE;
    }
    EACH (Constant, constant, idl->constants)
    if (!check_constant (idl, constant, error))
        return FALSE;
    EACH (Struct, item, idl->structs)
    if (!check_fields (idl, item->name, item->fields, error) || !check_order (idl, item_at, error))
        return FALSE;
    return TRUE;
}

gboolean
check_types (Idl *idl, GError **error)
{
    if (!check_definitions (idl, error))
        return FALSE;
    EACH (Service, service, idl->services)
    if (!check_service (idl, service, error))
        return FALSE;
    return TRUE;
}

gboolean
check_idl (Idl *idl, GError **error)
{
    return check_types (idl, error) && check_names (idl, error);
}
