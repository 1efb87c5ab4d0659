/* For tests of generated code: values of any type of a schema, read as text. The same for two that
 * are equal, in whatever order their maps and sets are kept. */
#pragma once

#include "support/thrift_text.h"
#include "wire/schema.h"

static ThriftType
wire_type (const DunlinSchemaType *type)
{
    static const ThriftType types[] = {
        [DUNLIN_SCHEMA_BOOL] = T_BOOL,     [DUNLIN_SCHEMA_I8] = T_BYTE,
        [DUNLIN_SCHEMA_I16] = T_I16,       [DUNLIN_SCHEMA_I32] = T_I32,
        [DUNLIN_SCHEMA_I64] = T_I64,       [DUNLIN_SCHEMA_DOUBLE] = T_DOUBLE,
        [DUNLIN_SCHEMA_STRING] = T_STRING, [DUNLIN_SCHEMA_BINARY] = T_STRING,
        [DUNLIN_SCHEMA_LIST] = T_LIST,     [DUNLIN_SCHEMA_SET] = T_SET,
        [DUNLIN_SCHEMA_MAP] = T_MAP,       [DUNLIN_SCHEMA_ENUM] = T_I32,
        [DUNLIN_SCHEMA_STRUCT] = T_STRUCT,
    };

    return types[type->kind];
}

static char *read_value (ThriftProtocol *from, const DunlinSchemaType *type);

static int
compare_texts (gconstpointer a, gconstpointer b)
{
    return strcmp (*(char *const *)a, *(char *const *)b);
}

/* Sets and maps have no order: theirs is that of the texts. */
static char *
read_container (ThriftProtocol *from, const DunlinSchemaType *type)
{
    const DunlinSchemaType *first = type->key != NULL ? type->key : type->element;
    g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
    ThriftType key_type, element_type;
    guint32 size = 0;
    g_autofree char *joined = NULL;

    if (type->kind == DUNLIN_SCHEMA_MAP)
        thrift_protocol_read_map_begin (from, &key_type, &element_type, &size, NULL);
    else if (type->kind == DUNLIN_SCHEMA_SET)
        thrift_protocol_read_set_begin (from, &key_type, &size, NULL);
    else
        thrift_protocol_read_list_begin (from, &key_type, &size, NULL);
    g_assert_cmpint (size == 0 ? wire_type (first) : key_type, ==, wire_type (first));
    for (guint32 i = 0; i < size; i++) {
        g_autofree char *key = read_value (from, first);
        g_autofree char *value =
            type->kind == DUNLIN_SCHEMA_MAP ? read_value (from, type->element) : NULL;

        g_ptr_array_add (texts, g_strconcat (key, value == NULL ? NULL : "=", value, NULL));
    }
    if (type->kind == DUNLIN_SCHEMA_MAP)
        thrift_protocol_read_map_end (from, NULL);
    else if (type->kind == DUNLIN_SCHEMA_SET)
        thrift_protocol_read_set_end (from, NULL);
    else
        thrift_protocol_read_list_end (from, NULL);
    if (type->kind != DUNLIN_SCHEMA_LIST)
        g_ptr_array_sort (texts, compare_texts);
    g_ptr_array_add (texts, NULL);
    joined = g_strjoinv (",", (char **)texts->pdata);
    return g_strdup_printf ("(%s)", joined);
}

static char *
read_struct (ThriftProtocol *from, const DunlinSchemaStruct *type)
{
    g_autoptr (GString) text = g_string_new ("{");
    g_autofree char *ignored = NULL;
    ThriftType field_type;
    gint16 id;

    thrift_protocol_read_struct_begin (from, &ignored, NULL);
    for (;;) {
        g_autofree char *name = NULL;
        g_autofree char *value = NULL;
        const DunlinSchemaField *field;

        thrift_protocol_read_field_begin (from, &name, &field_type, &id, NULL);
        if (field_type == T_STOP)
            break;
        field = dunlin_schema_field_by_id (type, id);
        g_assert_nonnull (field);
        g_assert_cmpint (field_type, ==, wire_type (field->type));
        value = read_value (from, field->type);
        g_string_append_printf (text, "%d:%s ", id, value);
        thrift_protocol_read_field_end (from, NULL);
    }
    thrift_protocol_read_struct_end (from, NULL);
    g_string_append_c (text, '}');
    return g_strdup (text->str);
}

static char *
read_value (ThriftProtocol *from, const DunlinSchemaType *type)
{
    GString *text;

    if (type->kind == DUNLIN_SCHEMA_STRUCT)
        return read_struct (from, type->structure);
    if (type->key != NULL || type->element != NULL)
        return read_container (from, type);
    text = g_string_new (NULL);
    g_assert_true (text_of_value (from, wire_type (type), text));
    return g_string_free (text, FALSE);
}
