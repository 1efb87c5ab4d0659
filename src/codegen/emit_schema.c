/* x_schema.c and x_schema.h: the IDL as data. Types come first, each once by its text; then enums,
 * structs, services, which refer to one another by address. */
#include "codegen/emit.h"
#include "codegen/names.h"

#include <string.h>

/* What tells types apart: the same name may stand for different types in different IDLs. */
static const char *
type_key (Idl *idl, Type *type)
{
    switch (type->kind) {
    case TYPE_ALIAS:
        return text_format (idl, "%s.%s", type->alias->home->name, type->alias->name);
    case TYPE_ENUM:
        return text_format (idl, "%s.%s", type->enumeration->home->name, type->enumeration->name);
    case TYPE_STRUCT:
        return text_format (idl, "%s.%s", type->structure->home->name, type->structure->name);
    case TYPE_LIST:
    case TYPE_SET:
        return text_format (idl, "%d<%s>", type->kind, type_key (idl, type->element));
    case TYPE_MAP:
        return text_format (idl, "map<%s,%s>", type_key (idl, type->key),
                            type_key (idl, type->element));
    default:
        return type->text;
    }
}

/* The name of a type's constant; each type is there once. */
static const char *
type_symbol (GHashTable *types, Idl *idl, Type *type)
{
    const char *key = type_key (idl, type);
    const char *symbol = (const char *)g_hash_table_lookup (types, key);

    if (symbol != NULL)
        return symbol;
    symbol = text_format (idl, "type_%u", g_hash_table_size (types));
    g_hash_table_insert (types, (gpointer)key, (gpointer)symbol);
    return symbol;
}

static const char *
kind_name (TypeKind kind)
{
    static const char *const names[] = {
        [TYPE_VOID] = "VOID",     [TYPE_BOOL] = "BOOL",     [TYPE_I8] = "I8",
        [TYPE_I16] = "I16",       [TYPE_I32] = "I32",       [TYPE_I64] = "I64",
        [TYPE_DOUBLE] = "DOUBLE", [TYPE_STRING] = "STRING", [TYPE_BINARY] = "BINARY",
        [TYPE_LIST] = "LIST",     [TYPE_SET] = "SET",       [TYPE_MAP] = "MAP",
        [TYPE_ENUM] = "ENUM",     [TYPE_STRUCT] = "STRUCT",
    };

    return names[kind];
}

/* Emits the type, those within it before it, unless it is there already. */
static void
emit_type (GString *out, GHashTable *types, Idl *idl, Type *type)
{
    Type *true_type = type_true (type);

    if (g_hash_table_contains (types, type_key (idl, type)))
        return;
    if (true_type->key != NULL)
        emit_type (out, types, idl, true_type->key);
    if (true_type->element != NULL)
        emit_type (out, types, idl, true_type->element);
    g_string_append_printf (out,
                            "static const DunlinSchemaType %s = {\n"
                            "    .kind = DUNLIN_SCHEMA_%s,\n    .text = \"%s\",\n",
                            type_symbol (types, idl, type), kind_name (true_type->kind),
                            type->text);
    if (true_type->key != NULL)
        g_string_append_printf (out, "    .key = &%s,\n", type_symbol (types, idl, true_type->key));
    if (true_type->element != NULL)
        g_string_append_printf (out, "    .element = &%s,\n",
                                type_symbol (types, idl, true_type->element));
    if (true_type->kind == TYPE_ENUM)
        g_string_append_printf (
            out, "    .enumeration = &%s_schema,\n",
            c_function (true_type->enumeration->home, true_type->enumeration->name));
    if (true_type->kind == TYPE_STRUCT)
        g_string_append_printf (
            out, "    .structure = &%s_schema,\n",
            c_function (true_type->structure->home, true_type->structure->name));
    g_string_append (out, "};\n");
}

static void
emit_field_types (GString *out, GHashTable *types, Idl *idl, GPtrArray *fields)
{
    EACH (Field, field, fields)
    emit_type (out, types, idl, field->type);
}

static void
emit_types (GString *out, GHashTable *types, Idl *idl)
{
    EACH (Struct, item, idl->structs)
    emit_field_types (out, types, idl, item->fields);
    EACH (Constant, item, idl->constants)
    emit_type (out, types, idl, item->type);
    EACH (Service, service, idl->services)
    EACH (Method, method, service->methods)
    {
        emit_type (out, types, idl, method->result);
        emit_field_types (out, types, idl, method->arguments);
        emit_field_types (out, types, idl, method->exceptions);
    }
    g_string_append_c (out, '\n');
}

static void
emit_text (GString *out, int indent, const char *member, const char *text)
{
    g_string_append_printf (out, "%*s.%s = ", indent, "", member);
    emit_literal (out, text, indent + (int)strlen (member) + 4);
    g_string_append (out, ",\n");
}

/* Returns the array's name; NULL when there is none. */
static const char *
emit_notes (GString *out, Idl *idl, const char *owner, GPtrArray *notes)
{
    if (notes->len == 0)
        return NULL;
    g_string_append_printf (out, "static const DunlinSchemaNote %s_notes[] = {\n", owner);
    EACH (Note, note, notes)
    {
        g_string_append_printf (out, "    { .name = \"%s\", .value = ", note->name);
        emit_literal (out, note->value, 8);
        g_string_append (out, " },\n");
    }
    g_string_append (out, "};\n");
    return text_format (idl, "%s_notes", owner);
}

static void
emit_counted (GString *out, int indent, const char *member, const char *array)
{
    if (array != NULL)
        g_string_append_printf (out, "%*s.%s = %s,\n%*s.n_%s = G_N_ELEMENTS (%s),\n", indent, "",
                                member, array, indent, "", member, array);
}

static void
emit_field (GString *out, GHashTable *types, Idl *idl, Field *field, const char *notes)
{
    static const char *const requiredness[] = {
        [REQUIRED_DEFAULT] = "DEFAULT",
        [REQUIRED] = "REQUIRED",
        [REQUIRED_OPTIONAL] = "OPTIONAL",
    };

    g_string_append_printf (out,
                            "    {\n        .id = %d,\n        .name = \"%s\",\n"
                            "        .type = &%s,\n        .requiredness = DUNLIN_SCHEMA_%s,\n",
                            field->id, field->name, type_symbol (types, idl, field->type),
                            requiredness[field->requiredness]);
    if (field->value != NULL)
        emit_text (out, 8, "value", field->value->text);
    emit_text (out, 8, "doc", field->doc);
    emit_counted (out, 8, "notes", notes);
    g_string_append (out, "    },\n");
}

/* Returns the array's name; NULL when there is none. */
static const char *
emit_fields (GString *out, GHashTable *types, Idl *idl, const char *owner, GPtrArray *fields)
{
    g_autoptr (GPtrArray) notes = g_ptr_array_new ();

    if (fields->len == 0)
        return NULL;
    EACH (Field, field, fields)
    g_ptr_array_add (notes,
                     (gpointer)emit_notes (out, idl, text_format (idl, "%s_%s", owner, field->name),
                                           field->notes));
    g_string_append_printf (out, "static const DunlinSchemaField %s[] = {\n", owner);
    EACH (Field, field, fields)
    emit_field (out, types, idl, field, (const char *)g_ptr_array_index (notes, field_at));
    g_string_append (out, "};\n");
    return owner;
}

static void
emit_enum (GString *out, Idl *idl, Enum *item)
{
    const char *symbol = c_function (idl, item->name);

    g_string_append_printf (out, "static const DunlinSchemaMember %s_members[] = {\n", symbol);
    EACH (Member, member, item->members)
    {
        g_string_append_printf (out, "    { .name = \"%s\", .number = %d, .doc = ", member->name,
                                member->number);
        emit_literal (out, member->doc, 8);
        g_string_append (out, " },\n");
    }
    g_string_append_printf (out, "};\nconst DunlinSchemaEnum %s_schema = {\n    .name = \"%s\",\n",
                            symbol, item->name);
    emit_text (out, 4, "doc", item->doc);
    emit_counted (out, 4, "members", text_format (idl, "%s_members", symbol));
    g_string_append (out, "};\n\n");
}

static void
emit_struct (GString *out, GHashTable *types, Idl *idl, Struct *item)
{
    static const char *const forms[] = {
        [FORM_STRUCT] = "STRUCT",
        [FORM_UNION] = "UNION",
        [FORM_EXCEPTION] = "EXCEPTION",
    };
    const char *symbol = c_function (idl, item->name);
    const char *notes = emit_notes (out, idl, symbol, item->notes);
    const char *fields =
        emit_fields (out, types, idl, text_format (idl, "%s_fields", symbol), item->fields);

    g_string_append_printf (out,
                            "const DunlinSchemaStruct %s_schema = {\n    .name = \"%s\",\n"
                            "    .form = DUNLIN_SCHEMA_FORM_%s,\n",
                            symbol, item->name, forms[item->form]);
    emit_text (out, 4, "doc", item->doc);
    g_string_append_printf (out, "    .get_type = %s_get_type,\n", symbol);
    emit_counted (out, 4, "fields", fields);
    emit_counted (out, 4, "notes", notes);
    g_string_append (out, "};\n\n");
}

const char *
method_schema (Service *service, guint at)
{
    return text_format (service->home, "&%s_method_schemas[%u]", service_symbol (service), at);
}

/* The names of the arrays that belong to a method; NULL where there is none. */
typedef struct {
    const char *arguments;
    const char *exceptions;
    const char *notes;
} MethodParts;

static void
emit_method (GString *out, GHashTable *types, Idl *idl, const Method *method,
             const MethodParts *parts)
{
    g_string_append_printf (out, "    {\n        .name = \"%s\",\n        .oneway = %s,\n",
                            method->name, method->oneway ? "TRUE" : "FALSE");
    emit_text (out, 8, "doc", method->doc);
    g_string_append_printf (out, "        .result = &%s,\n",
                            type_symbol (types, idl, method->result));
    emit_counted (out, 8, "arguments", parts->arguments);
    emit_counted (out, 8, "exceptions", parts->exceptions);
    emit_counted (out, 8, "notes", parts->notes);
    g_string_append (out, "    },\n");
}

static void
emit_methods (GString *out, GHashTable *types, Service *service)
{
    Idl *idl = service->home;
    guint n = service->methods->len;
    g_autofree MethodParts *parts = g_new0 (MethodParts, n + 1);

    EACH (Method, method, service->methods)
    {
        const char *symbol = method_stub_name (service, method);

        parts[method_at].arguments = emit_fields (
            out, types, idl, text_format (idl, "%s_arguments", symbol), method->arguments);
        parts[method_at].exceptions = emit_fields (
            out, types, idl, text_format (idl, "%s_exceptions", symbol), method->exceptions);
        parts[method_at].notes = emit_notes (out, idl, symbol, method->notes);
    }
    g_string_append_printf (out, "const DunlinSchemaMethod %s_method_schemas[] = {\n",
                            service_symbol (service));
    EACH (Method, method, service->methods)
    emit_method (out, types, idl, method, &parts[method_at]);
    g_string_append (out, n == 0 ? "    { 0 },\n};\n" : "};\n");
}

static void
emit_service (GString *out, GHashTable *types, Service *service)
{
    Idl *idl = service->home;
    const char *symbol = service_symbol (service);
    const char *notes = emit_notes (out, idl, symbol, service->notes);

    emit_methods (out, types, service);
    g_string_append_printf (out, "const DunlinSchemaService %s_schema = {\n    .name = \"%s\",\n",
                            symbol, service->name);
    emit_text (out, 4, "doc", service->doc);
    g_string_append_printf (out, "    .home = &%s_idl_schema,\n", idl_symbol (idl));
    if (service->parent != NULL)
        g_string_append_printf (out, "    .parent = &%s_schema,\n",
                                service_symbol (service->parent));
    g_string_append_printf (out, "    .methods = %s_method_schemas,\n    .n_methods = %u,\n",
                            symbol, service->methods->len);
    emit_counted (out, 4, "notes", notes);
    g_string_append (out, "};\n\n");
}

static const char *
emit_constants (GString *out, GHashTable *types, Idl *idl)
{
    if (idl->constants->len == 0)
        return NULL;
    g_string_append (out, "static const DunlinSchemaConstant constants[] = {\n");
    EACH (Constant, item, idl->constants)
    {
        g_string_append_printf (out, "    {\n        .name = \"%s\",\n        .type = &%s,\n",
                                item->name, type_symbol (types, idl, item->type));
        emit_text (out, 8, "value", item->value->text);
        emit_text (out, 8, "doc", item->doc);
        g_string_append (out, "    },\n");
    }
    g_string_append (out, "};\n\n");
    return "constants";
}

/* The array of addresses of the schemas of all @names. */
static const char *
emit_addresses (GString *out, const char *ctype, const char *array, GPtrArray *names)
{
    if (names->len == 0)
        return NULL;
    g_string_append_printf (out, "static const %s *const %s[] = {\n", ctype, array);
    EACH (const char, name, names)
    g_string_append_printf (out, "    &%s_schema,\n", name);
    g_string_append (out, "};\n\n");
    return array;
}

static void
emit_idl (GString *out, GHashTable *types, Idl *idl)
{
    g_autoptr (GPtrArray) includes = g_ptr_array_new ();
    g_autoptr (GPtrArray) enums = g_ptr_array_new ();
    g_autoptr (GPtrArray) structs = g_ptr_array_new ();
    g_autoptr (GPtrArray) services = g_ptr_array_new ();
    const char *arrays[5];

    EACH (Idl, include, idl->includes)
    g_ptr_array_add (includes, (gpointer)text_format (idl, "%s_idl", idl_symbol (include)));
    EACH (Enum, item, idl->enums)
    g_ptr_array_add (enums, (gpointer)c_function (idl, item->name));
    EACH (Struct, item, idl->structs)
    g_ptr_array_add (structs, (gpointer)c_function (idl, item->name));
    EACH (Service, service, idl->services)
    g_ptr_array_add (services, (gpointer)service_symbol (service));
    arrays[0] = emit_addresses (out, "DunlinSchema", "includes", includes);
    arrays[1] = emit_addresses (out, "DunlinSchemaEnum", "enums", enums);
    arrays[2] = emit_addresses (out, "DunlinSchemaStruct", "structs", structs);
    arrays[3] = emit_addresses (out, "DunlinSchemaService", "services", services);
    arrays[4] = emit_constants (out, types, idl);
    g_string_append_printf (out, "const DunlinSchema %s_idl_schema = {\n    .name = \"%s\",\n",
                            idl_symbol (idl), idl->name);
    emit_text (out, 4, "doc", idl->doc);
    g_string_append_printf (
        out, "    .text = idl_text,\n    .json = %s_idl_json,\n    .sha256 = \"%s\",\n",
        idl_symbol (idl), idl->sha256);
    emit_counted (out, 4, "includes", arrays[0]);
    emit_counted (out, 4, "enums", arrays[1]);
    emit_counted (out, 4, "structs", arrays[2]);
    emit_counted (out, 4, "services", arrays[3]);
    emit_counted (out, 4, "constants", arrays[4]);
    g_string_append (out, "};\n");
}

void
emit_schema (GString *out, Idl *idl, const char *json)
{
    g_autoptr (GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);

    emit_head (out, idl, "The schema");
    g_string_append_printf (out, "#include \"%s_schema.h\"\n\n", idl->name);
    g_string_append_printf (out, "const char %s_idl_json[] =\n    ", idl_symbol (idl));
    emit_literal (out, json, 4);
    g_string_append_printf (out, ";\n\nstatic const char idl_text[] =\n    ");
    emit_literal (out, idl->text, 4);
    g_string_append (out, ";\n\n");
    emit_types (out, types, idl);
    EACH (Enum, item, idl->enums)
    emit_enum (out, idl, item);
    EACH (Struct, item, idl->structs)
    emit_struct (out, types, idl, item);
    EACH (Service, service, idl->services)
    emit_service (out, types, service);
    emit_idl (out, types, idl);
}

void
emit_schema_header (GString *out, Idl *idl)
{
    emit_head (out, idl, "The schema");
    g_string_append_printf (out, "#pragma once\n\n#include \"wire/schema.h\"\n#include \"%s.h\"\n",
                            types_file (idl));
    EACH (Idl, include, idl->includes)
    g_string_append_printf (out, "#include \"%s_schema.h\"\n", include->name);
    g_string_append (out, "\nG_BEGIN_DECLS\n\n");
    g_string_append_printf (out,
                            "extern const char %s_idl_json[];\n"
                            "extern const DunlinSchema %s_idl_schema;\n",
                            idl_symbol (idl), idl_symbol (idl));
    EACH (Enum, item, idl->enums)
    g_string_append_printf (out, "extern const DunlinSchemaEnum %s_schema;\n",
                            c_function (idl, item->name));
    EACH (Struct, item, idl->structs)
    g_string_append_printf (out, "extern const DunlinSchemaStruct %s_schema;\n",
                            c_function (idl, item->name));
    EACH (Service, service, idl->services)
    g_string_append_printf (out,
                            "extern const DunlinSchemaService %s_schema;\n"
                            "extern const DunlinSchemaMethod %s_method_schemas[];\n",
                            service_symbol (service), service_symbol (service));
    g_string_append (out, "\nG_END_DECLS\n");
}
