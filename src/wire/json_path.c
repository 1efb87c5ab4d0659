/* Steps of a path. */
#include "wire/json_path.h"

#include "base/escape.h"

/* As much of a key as helps to find it. */
#define KEY_BYTES_MAX 100

gsize
dunlin_json_path_field (GString *path, const char *name)
{
    gsize mark = path->len;

    if (mark > 0)
        g_string_append_c (path, '.');
    g_string_append (path, name);
    return mark;
}

gsize
dunlin_json_path_index (GString *path, guint index)
{
    gsize mark = path->len;

    g_string_append_printf (path, "[%u]", index);
    return mark;
}

gsize
dunlin_json_path_key (GString *path, const char *key, gsize length)
{
    gsize mark = path->len;

    g_string_append_c (path, '[');
    dunlin_escape_json (path, key, length, KEY_BYTES_MAX);
    g_string_append_c (path, ']');
    return mark;
}
