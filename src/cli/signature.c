/* Walks schemas and writes them down. */
#include "cli/signature.h"

#include <string.h>

#include "cli/screen.h"
#include "wire/json_writer.h"

/* Structs inside one another that an example shows. */
#define EXAMPLE_DEPTH_MAX 4

/* Values in an example: a struct of structs of structs is no help at any length. */
#define EXAMPLE_VALUES_MAX 200

static void
append_fields (GString *out, const DunlinSchemaField *fields, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_string_append_printf (out, "%s%d: %s %s", i > 0 ? ", " : "", fields[i].id,
                                fields[i].type->text, fields[i].name);
        if (fields[i].value != NULL)
            g_string_append_printf (out, " = %s", fields[i].value);
    }
}

void
cli_signature_method (GString *out, const DunlinSchemaMethod *method)
{
    g_autoptr (GString) text = g_string_new (method->oneway ? "oneway " : "");

    g_string_append_printf (text, "%s %s(", method->result->text, method->name);
    append_fields (text, method->arguments, method->n_arguments);
    g_string_append_c (text, ')');
    if (method->n_exceptions > 0) {
        g_string_append (text, " throws (");
        append_fields (text, method->exceptions, method->n_exceptions);
        g_string_append_c (text, ')');
    }
    cli_screen_clean (out, text->str);
}

/* ---- Definitions ---- */

static void
append_struct (GString *out, const DunlinSchemaStruct *type)
{
    static const char *const forms[] = {
        [DUNLIN_SCHEMA_FORM_STRUCT] = "struct",
        [DUNLIN_SCHEMA_FORM_UNION] = "union",
        [DUNLIN_SCHEMA_FORM_EXCEPTION] = "exception",
    };
    static const char *const requiredness[] = {
        [DUNLIN_SCHEMA_DEFAULT] = "",
        [DUNLIN_SCHEMA_REQUIRED] = "required ",
        [DUNLIN_SCHEMA_OPTIONAL] = "optional ",
    };
    g_autoptr (GString) text = g_string_new (NULL);

    g_string_append_printf (text, "%s %s {\n", forms[type->form], type->name);
    for (gsize i = 0; i < type->n_fields; i++) {
        const DunlinSchemaField *field = &type->fields[i];
        gboolean is_plain = type->form == DUNLIN_SCHEMA_FORM_UNION;

        g_string_append_printf (text, "  %d: %s%s %s", field->id,
                                is_plain ? "" : requiredness[field->requiredness],
                                field->type->text, field->name);
        if (field->value != NULL)
            g_string_append_printf (text, " = %s", field->value);
        g_string_append_c (text, '\n');
    }
    g_string_append (text, "}\n");
    cli_screen_clean (out, text->str);
}

static void
append_enum (GString *out, const DunlinSchemaEnum *type)
{
    g_string_append_printf (out, "enum %s {", type->name);
    for (gsize i = 0; i < type->n_members; i++)
        g_string_append_printf (out, "%s %s = %d", i > 0 ? "," : "", type->members[i].name,
                                type->members[i].number);
    g_string_append (out, " }\n");
}

static void append_type (GString *out, GHashTable *seen, const DunlinSchemaType *type);

static void
append_types (GString *out, GHashTable *seen, const DunlinSchemaField *fields, gsize n)
{
    for (gsize i = 0; i < n; i++)
        append_type (out, seen, fields[i].type);
}

/* A struct is marked as seen before its fields are looked at: it may hold itself. */
static void
append_type (GString *out, GHashTable *seen, const DunlinSchemaType *type)
{
    if (type == NULL)
        return;
    append_type (out, seen, type->key);
    append_type (out, seen, type->element);
    if (type->enumeration != NULL && g_hash_table_add (seen, (gpointer)type->enumeration))
        append_enum (out, type->enumeration);
    if (type->structure != NULL && g_hash_table_add (seen, (gpointer)type->structure)) {
        append_struct (out, type->structure);
        append_types (out, seen, type->structure->fields, type->structure->n_fields);
    }
}

void
cli_signature_types (GString *out, const DunlinSchemaMethod *method)
{
    g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

    append_types (out, seen, method->arguments, method->n_arguments);
    append_type (out, seen, method->result);
    append_types (out, seen, method->exceptions, method->n_exceptions);
}

/* ---- An example ---- */

typedef struct {
    DunlinJsonWriter json;
    int depth;
    int values;
} Example;

static void write_example (Example *self, const DunlinSchemaType *type);

static void
write_fields (Example *self, const DunlinSchemaField *fields, gsize n, gboolean only_one)
{
    dunlin_json_writer_begin (&self->json, '{', FALSE);
    for (gsize i = 0; i < n && self->values < EXAMPLE_VALUES_MAX; i++) {
        if (only_one && i > 0)
            break;
        dunlin_json_writer_name (&self->json, fields[i].name, strlen (fields[i].name));
        write_example (self, fields[i].type);
    }
    dunlin_json_writer_end (&self->json, '}', FALSE);
}

/* The name that a key of the type has. */
static const char *
example_key (const DunlinSchemaType *type)
{
    switch (type->kind) {
    case DUNLIN_SCHEMA_ENUM:
        return type->enumeration->n_members > 0 ? type->enumeration->members[0].name : "0";
    case DUNLIN_SCHEMA_STRING:
        return "key";
    case DUNLIN_SCHEMA_BINARY:
        return "a2V5";
    case DUNLIN_SCHEMA_BOOL:
        return "true";
    default:
        return "0";
    }
}

static gboolean
is_composite (const DunlinSchemaType *type)
{
    return type->element != NULL || type->structure != NULL;
}

static void
write_map (Example *self, const DunlinSchemaType *type)
{
    const char *key = is_composite (type->key) ? NULL : example_key (type->key);

    if (key == NULL) {
        dunlin_json_writer_begin (&self->json, '[', FALSE);
        dunlin_json_writer_begin (&self->json, '[', FALSE);
        write_example (self, type->key);
        write_example (self, type->element);
        dunlin_json_writer_end (&self->json, ']', FALSE);
        dunlin_json_writer_end (&self->json, ']', FALSE);
        return;
    }
    dunlin_json_writer_begin (&self->json, '{', FALSE);
    dunlin_json_writer_name (&self->json, key, strlen (key));
    write_example (self, type->element);
    dunlin_json_writer_end (&self->json, '}', FALSE);
}

static void
write_list (Example *self, const DunlinSchemaType *type)
{
    gboolean is_flat = !is_composite (type->element);

    dunlin_json_writer_begin (&self->json, '[', is_flat);
    write_example (self, type->element);
    dunlin_json_writer_end (&self->json, ']', is_flat);
}

static void
write_scalar (Example *self, const DunlinSchemaType *type)
{
    switch (type->kind) {
    case DUNLIN_SCHEMA_BOOL:
        g_string_append (dunlin_json_writer_value (&self->json), "false");
        break;
    case DUNLIN_SCHEMA_STRING:
    case DUNLIN_SCHEMA_BINARY:
        dunlin_json_writer_string (&self->json, "", 0);
        break;
    case DUNLIN_SCHEMA_ENUM:
        dunlin_json_writer_string (&self->json, example_key (type), strlen (example_key (type)));
        break;
    default:
        g_string_append (dunlin_json_writer_value (&self->json), "0");
    }
}

static void
write_example (Example *self, const DunlinSchemaType *type)
{
    gboolean deeper = ++self->depth <= EXAMPLE_DEPTH_MAX;

    self->values++;
    if (!is_composite (type))
        write_scalar (self, type);
    else if (!deeper && type->structure == NULL)
        g_string_append (dunlin_json_writer_value (&self->json),
                         type->key != NULL && !is_composite (type->key) ? "{}" : "[]");
    else if (!deeper)
        g_string_append (dunlin_json_writer_value (&self->json), "{}");
    else if (type->kind == DUNLIN_SCHEMA_MAP)
        write_map (self, type);
    else if (type->structure == NULL)
        write_list (self, type);
    else
        write_fields (self, type->structure->fields, type->structure->n_fields,
                      type->structure->form == DUNLIN_SCHEMA_FORM_UNION);
    self->depth--;
}

char *
cli_signature_example (const DunlinSchemaMethod *method)
{
    Example example = { .json = { .out = g_string_new (NULL), .pretty = TRUE } };

    write_fields (&example, method->arguments, method->n_arguments, FALSE);
    return g_string_free (example.json.out, FALSE);
}
