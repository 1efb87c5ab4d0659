/* Makes schemas of IDLs: first one for every definition, so that they can refer to one another,
 * then what is in them. */
#include "codegen/as_schema.h"

typedef struct {
    GHashTable *made; /* an Idl, Enum, Struct or Service: to its schema */
    Idl *idl;         /* whose memory is used, and whose definitions are filled */
} Maker;

static const DunlinSchemaType *
make_type (Maker *self, Type *type)
{
    static const DunlinSchemaKind kinds[] = {
        [TYPE_VOID] = DUNLIN_SCHEMA_VOID,     [TYPE_BOOL] = DUNLIN_SCHEMA_BOOL,
        [TYPE_I8] = DUNLIN_SCHEMA_I8,         [TYPE_I16] = DUNLIN_SCHEMA_I16,
        [TYPE_I32] = DUNLIN_SCHEMA_I32,       [TYPE_I64] = DUNLIN_SCHEMA_I64,
        [TYPE_DOUBLE] = DUNLIN_SCHEMA_DOUBLE, [TYPE_STRING] = DUNLIN_SCHEMA_STRING,
        [TYPE_BINARY] = DUNLIN_SCHEMA_BINARY, [TYPE_LIST] = DUNLIN_SCHEMA_LIST,
        [TYPE_SET] = DUNLIN_SCHEMA_SET,       [TYPE_MAP] = DUNLIN_SCHEMA_MAP,
        [TYPE_ENUM] = DUNLIN_SCHEMA_ENUM,     [TYPE_STRUCT] = DUNLIN_SCHEMA_STRUCT,
    };
    DunlinSchemaType *made = idl_alloc (self->idl, sizeof *made);
    Type *meant = type_true (type);

    made->kind = kinds[meant->kind];
    made->text = type->text;
    if (meant->key != NULL)
        made->key = make_type (self, meant->key);
    if (meant->element != NULL)
        made->element = make_type (self, meant->element);
    if (meant->kind == TYPE_ENUM)
        made->enumeration = g_hash_table_lookup (self->made, meant->enumeration);
    if (meant->kind == TYPE_STRUCT)
        made->structure = g_hash_table_lookup (self->made, meant->structure);
    return made;
}

static const DunlinSchemaNote *
make_notes (Maker *self, GPtrArray *notes, gsize *n)
{
    DunlinSchemaNote *made = idl_alloc (self->idl, notes->len * sizeof *made);

    EACH (const Note, note, notes)
    made[note_at] = (DunlinSchemaNote){ note->name, note->value };
    *n = notes->len;
    return notes->len == 0 ? NULL : made;
}

static const DunlinSchemaField *
make_fields (Maker *self, GPtrArray *fields, gsize *n)
{
    static const DunlinSchemaRequiredness requiredness[] = {
        [REQUIRED_DEFAULT] = DUNLIN_SCHEMA_DEFAULT,
        [REQUIRED] = DUNLIN_SCHEMA_REQUIRED,
        [REQUIRED_OPTIONAL] = DUNLIN_SCHEMA_OPTIONAL,
    };
    DunlinSchemaField *made = idl_alloc (self->idl, fields->len * sizeof *made);

    EACH (Field, field, fields)
    {
        DunlinSchemaField *to = &made[field_at];

        to->id = (gint16)field->id;
        to->name = field->name;
        to->type = make_type (self, field->type);
        to->requiredness = requiredness[field->requiredness];
        to->value = field->value == NULL ? NULL : field->value->text;
        to->doc = field->doc;
        to->notes = make_notes (self, field->notes, &to->n_notes);
    }
    *n = fields->len;
    return fields->len == 0 ? NULL : made;
}

static void
fill_enum (Maker *self, Enum *item)
{
    DunlinSchemaEnum *made = g_hash_table_lookup (self->made, item);
    DunlinSchemaMember *members = idl_alloc (self->idl, item->members->len * sizeof *members);

    EACH (const Member, member, item->members)
    members[member_at] = (DunlinSchemaMember){ member->name, member->number, member->doc };
    made->name = item->name;
    made->doc = item->doc;
    made->members = members;
    made->n_members = item->members->len;
}

static void
fill_struct (Maker *self, Struct *item)
{
    static const DunlinSchemaForm forms[] = {
        [FORM_STRUCT] = DUNLIN_SCHEMA_FORM_STRUCT,
        [FORM_UNION] = DUNLIN_SCHEMA_FORM_UNION,
        [FORM_EXCEPTION] = DUNLIN_SCHEMA_FORM_EXCEPTION,
    };
    DunlinSchemaStruct *made = g_hash_table_lookup (self->made, item);

    made->name = item->name;
    made->form = forms[item->form];
    made->doc = item->doc;
    made->fields = make_fields (self, item->fields, &made->n_fields);
    made->notes = make_notes (self, item->notes, &made->n_notes);
}

static void
fill_method (Maker *self, const Method *item, DunlinSchemaMethod *made)
{
    made->name = item->name;
    made->oneway = item->oneway;
    made->doc = item->doc;
    made->result = make_type (self, item->result);
    made->arguments = make_fields (self, item->arguments, &made->n_arguments);
    made->exceptions = make_fields (self, item->exceptions, &made->n_exceptions);
    made->notes = make_notes (self, item->notes, &made->n_notes);
}

static void
fill_service (Maker *self, Service *item)
{
    DunlinSchemaService *made = g_hash_table_lookup (self->made, item);
    DunlinSchemaMethod *methods = idl_alloc (self->idl, item->methods->len * sizeof *methods);

    EACH (const Method, method, item->methods)
    fill_method (self, method, &methods[method_at]);
    made->name = item->name;
    made->doc = item->doc;
    made->home = g_hash_table_lookup (self->made, item->home);
    made->parent = item->parent == NULL ? NULL : g_hash_table_lookup (self->made, item->parent);
    made->methods = methods;
    made->n_methods = item->methods->len;
    made->notes = make_notes (self, item->notes, &made->n_notes);
}

static const DunlinSchemaConstant *
make_constants (Maker *self)
{
    GPtrArray *constants = self->idl->constants;
    DunlinSchemaConstant *made = idl_alloc (self->idl, constants->len * sizeof *made);

    EACH (const Constant, item, constants)
    made[item_at] = (DunlinSchemaConstant){ .name = item->name,
                                            .type = make_type (self, item->type),
                                            .value = item->value->text,
                                            .doc = item->doc };
    return made;
}

/* An array of what was made of @items. */
static gpointer
made_of (Maker *self, GPtrArray *items, gsize *n)
{
    gpointer *made = idl_alloc (self->idl, items->len * sizeof *made);

    for (guint i = 0; i < items->len; i++)
        made[i] = g_hash_table_lookup (self->made, g_ptr_array_index (items, i));
    *n = items->len;
    return made;
}

static void
make_room (Maker *self, GPtrArray *items, gsize size)
{
    for (guint i = 0; i < items->len; i++)
        g_hash_table_insert (self->made, g_ptr_array_index (items, i), idl_alloc (self->idl, size));
}

static void
fill_schema (Maker *self, DunlinSchema *made)
{
    Idl *idl = self->idl;

    EACH (Enum, item, idl->enums)
    fill_enum (self, item);
    EACH (Struct, item, idl->structs)
    fill_struct (self, item);
    EACH (Service, item, idl->services)
    fill_service (self, item);
    made->name = idl->name;
    made->doc = idl->doc;
    made->text = idl->text;
    made->sha256 = idl->sha256;
    made->includes = made_of (self, idl->includes, &made->n_includes);
    made->enums = made_of (self, idl->enums, &made->n_enums);
    made->structs = made_of (self, idl->structs, &made->n_structs);
    made->services = made_of (self, idl->services, &made->n_services);
    made->constants = make_constants (self);
    made->n_constants = idl->constants->len;
}

/* @idl and what it includes, each once and after its includes. */
static void
make_schema (Maker *self, Idl *idl)
{
    DunlinSchema *made;

    if (g_hash_table_contains (self->made, idl))
        return;
    EACH (Idl, include, idl->includes)
    make_schema (self, include);
    self->idl = idl;
    made = idl_alloc (idl, sizeof *made);
    g_hash_table_insert (self->made, idl, made);
    make_room (self, idl->enums, sizeof (DunlinSchemaEnum));
    make_room (self, idl->structs, sizeof (DunlinSchemaStruct));
    make_room (self, idl->services, sizeof (DunlinSchemaService));
    fill_schema (self, made);
}

const DunlinSchema *
idl_as_schema (Idl *idl)
{
    g_autoptr (GHashTable) made = g_hash_table_new (NULL, NULL);
    Maker maker = { .made = made };

    make_schema (&maker, idl);
    return g_hash_table_lookup (made, idl);
}
