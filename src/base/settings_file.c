/* Settings from an INI file, each with the line it stands on. */
#include "base/settings_private.h"

#include "base/error.h"

#include <string.h>

/* GKeyFile tells no lines: the last line in @group that sets @key, from 1; 0 when not found. */
static guint
line_of (GStrv lines, const char *group, const char *key)
{
    gboolean in_group = FALSE;
    guint found = 0;

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *line = g_strstrip (g_strdup (lines[i]));
        const char *equals = strchr (line, '=');

        if (line[0] == '[') {
            in_group = g_str_has_prefix (line + 1, group) && line[1 + strlen (group)] == ']';
        } else if (in_group && equals != NULL && line[0] != '#') {
            g_autofree char *left = g_strchomp (g_strndup (line, (gsize)(equals - line)));

            if (g_str_equal (left, key))
                found = i + 1;
        }
    }
    return found;
}

/* GKeyFile's own complaint about a broken line does not say which one. */
static guint
broken_line (GStrv lines)
{
    gboolean in_group = FALSE;

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *line = g_strstrip (g_strdup (lines[i]));

        if (line[0] == '\0' || line[0] == '#')
            continue;
        if (line[0] == '[' && g_str_has_suffix (line, "]"))
            in_group = TRUE;
        else if (!in_group || strchr (line, '=') == NULL || line[0] == '=' || line[0] == '[')
            return i + 1;
    }
    return 0;
}

static char *
place_in_file (const char *path, guint line)
{
    return line != 0 ? g_strdup_printf ("file %s:%u", path, line)
                     : g_strdup_printf ("file %s", path);
}

static gboolean
load_key (DunlinSettings *self, GKeyFile *file, const char *group, const char *key,
          const char *place, GError **error)
{
    g_autoptr (GError) cause = NULL;
    g_autofree char *name = g_strconcat (group, ".", key, NULL);
    g_autofree char *text = g_key_file_get_string (file, group, key, &cause);

    if (cause != NULL) { /* GLib gives a text even then, and says nothing of a bad escape */
        gboolean bad_escape =
            g_error_matches (cause, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE);

        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "setting %s (%s): %s", name, place,
                     bad_escape ? "after a backslash there may be s, n, t, r or another backslash; "
                                  "write \\\\ for a backslash"
                                : cause->message);
        return FALSE;
    }
    return dunlin_settings_put_by_name (self, name, text, DUNLIN_SOURCE_FILE, place, error);
}

static gboolean
load_group (DunlinSettings *self, GKeyFile *file, const char *group, const char *path, GStrv lines,
            GError **error)
{
    g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

    for (gsize i = 0; keys != NULL && keys[i] != NULL; i++) {
        g_autofree char *place = place_in_file (path, line_of (lines, group, keys[i]));

        if (!load_key (self, file, group, keys[i], place, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
dunlin_settings_load_file (DunlinSettings *self, const char *path, GError **error)
{
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_autoptr (GError) cause = NULL;
    g_autofree char *text = NULL;
    g_auto (GStrv) lines = NULL;
    g_auto (GStrv) groups = NULL;
    gsize length = 0;

    if (!g_file_get_contents (path, &text, &length, &cause)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "settings file: %s",
                     cause->message);
        return FALSE;
    }
    lines = g_strsplit (text, "\n", -1);
    if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &cause)) {
        g_autofree char *place = place_in_file (path, broken_line (lines));

        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "settings %s: %s", place,
                     cause->message);
        return FALSE;
    }
    groups = g_key_file_get_groups (file, NULL);
    for (gsize i = 0; groups[i] != NULL; i++) {
        if (self->shares_file && !dunlin_settings_has_group (self, groups[i]))
            continue;
        if (!load_group (self, file, groups[i], path, lines, error))
            return FALSE;
    }
    return TRUE;
}
