/* Where in a value something is: "value.groups["7"][2].number". For errors. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each appends a step and returns what dunlin_json_path_leave() wants. */
gsize dunlin_json_path_field (GString *path, const char *name);
gsize dunlin_json_path_index (GString *path, guint index);
gsize dunlin_json_path_key (GString *path, const char *key, gsize length);

static inline void
dunlin_json_path_leave (GString *path, gsize mark)
{
    g_string_truncate (path, mark);
}

G_END_DECLS
