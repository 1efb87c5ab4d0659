/* Numbers, names and quoted texts of an IDL. */
#include "wire/json_default.h"

#include <string.h>

/* Thrift knows the escapes that a literal needs to stay on its line. */
static char *
unquote (const char *literal)
{
    gsize n = strlen (literal);
    g_autofree char *inner = NULL;

    if (n < 2 || (literal[0] != '"' && literal[0] != '\'') || literal[n - 1] != literal[0])
        return NULL;
    inner = g_strndup (literal + 1, n - 2);
    return g_strcompress (inner);
}

static char *
bool_text (const char *value)
{
    if (strcmp (value, "1") == 0 || strcmp (value, "true") == 0)
        return g_strdup ("true");
    if (strcmp (value, "0") == 0 || strcmp (value, "false") == 0)
        return g_strdup ("false");
    return NULL;
}

/* A member's name, which may have the enum's and the IDL's in front, or its number. */
static char *
member_text (const DunlinSchemaEnum *type, const char *value)
{
    const char *dot = strrchr (value, '.');
    const char *name = dot == NULL ? value : dot + 1;

    for (gsize i = 0; i < type->n_members; i++)
        if (strcmp (type->members[i].name, name) == 0)
            return g_strdup (name);
    return g_ascii_isdigit (value[0]) || value[0] == '-' ? g_strdup (value) : NULL;
}

static char *
number_text (const char *value)
{
    gint64 n;

    if (g_ascii_isdigit (value[0]) || value[0] == '-')
        return g_str_has_prefix (value, "0x") &&
                       g_ascii_string_to_signed (value + 2, 16, 0, G_MAXINT64, &n, NULL)
                   ? g_strdup_printf ("%" G_GINT64_FORMAT, n)
                   : g_strdup (value);
    return NULL;
}

char *
dunlin_json_default (const DunlinSchemaType *type, const char *value)
{
    switch (type->kind) {
    case DUNLIN_SCHEMA_BOOL:
        return bool_text (value);
    case DUNLIN_SCHEMA_STRING:
        return unquote (value);
    case DUNLIN_SCHEMA_BINARY: {
        g_autofree char *bytes = unquote (value);

        return bytes == NULL ? NULL : g_base64_encode ((const guchar *)bytes, strlen (bytes));
    }
    case DUNLIN_SCHEMA_ENUM:
        return member_text (type->enumeration, value);
    case DUNLIN_SCHEMA_I8:
    case DUNLIN_SCHEMA_I16:
    case DUNLIN_SCHEMA_I32:
    case DUNLIN_SCHEMA_I64:
    case DUNLIN_SCHEMA_DOUBLE:
        return number_text (value);
    default:
        return NULL;
    }
}
