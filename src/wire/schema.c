/* Look-ups in an IDL's schema. */
#include "wire/schema.h"

#include <string.h>

const char *
dunlin_schema_note (const DunlinSchemaNote *notes, gsize n_notes, const char *name)
{
    for (gsize i = 0; i < n_notes; i++)
        if (strcmp (notes[i].name, name) == 0)
            return notes[i].value;
    return NULL;
}

const DunlinSchemaField *
dunlin_schema_field_by_id (const DunlinSchemaStruct *self, gint16 id)
{
    for (gsize i = 0; i < self->n_fields; i++)
        if (self->fields[i].id == id)
            return &self->fields[i];
    return NULL;
}

const DunlinSchemaField *
dunlin_schema_field_by_name (const DunlinSchemaStruct *self, const char *name, gsize length)
{
    for (gsize i = 0; i < self->n_fields; i++)
        if (strlen (self->fields[i].name) == length &&
            memcmp (self->fields[i].name, name, length) == 0)
            return &self->fields[i];
    return NULL;
}

const char *
dunlin_schema_member_name (const DunlinSchemaEnum *self, gint32 number)
{
    for (gsize i = 0; i < self->n_members; i++)
        if (self->members[i].number == number)
            return self->members[i].name;
    return NULL;
}
