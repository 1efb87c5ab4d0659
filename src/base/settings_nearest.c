/* A name that nobody declared: the error, with the nearest one that somebody did. */
#include "base/settings_private.h"

#include "base/error.h"
#include "base/nearest.h"

#include <string.h>

/* "client.*.dest" as the user of @name would have to write it: "client.taxa.dest". */
static char *
fill_pattern (const char *pattern, const char *name)
{
    g_auto (GStrv) parts = g_strsplit (pattern, ".", -1);
    g_auto (GStrv) given = g_strsplit (name, ".", -1);

    if (g_strv_length (parts) != g_strv_length (given))
        return g_strdup (pattern);
    for (gsize i = 0; parts[i] != NULL; i++) {
        if (g_str_equal (parts[i], "*")) {
            g_free (parts[i]);
            parts[i] = g_strdup (given[i]);
        }
    }
    return g_strjoinv (".", parts);
}

/* "port" is nearest to "thrift.port", whatever the distance says. */
static gsize
farness (const char *name, const char *candidate)
{
    const char *last = strrchr (candidate, '.');

    if (last != NULL && g_str_equal (last + 1, name))
        return 0;
    return dunlin_nearest_distance (name, candidate);
}

static char *
nearest (DunlinSettings *self, const char *name)
{
    g_autofree char *best = NULL;
    gsize best_farness = G_MAXSIZE;

    if (strlen (name) > 100) /* the table's names are short: nothing is near */
        return NULL;
    for (guint i = 0; i < self->rows->len; i++) {
        const DunlinSetting *row = self->rows->pdata[i];
        g_autofree char *candidate = fill_pattern (row->name, name);
        gsize far = farness (name, candidate);

        if (far < best_farness && dunlin_nearest_is_near (name, far) &&
            !g_str_equal (candidate, name)) {
            best_farness = far;
            g_free (best);
            best = g_steal_pointer (&candidate);
        }
    }
    return g_steal_pointer (&best);
}

void
dunlin_settings_unknown (DunlinSettings *self, const char *name, const char *place, GError **error)
{
    g_autofree char *near = nearest (self, name);
    g_autofree char *valid = g_utf8_make_valid (name, -1);
    g_autofree char *escaped = g_strescape (valid, NULL);

    if (near != NULL)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "there is no setting %s (%s); did you mean %s?", escaped, place, near);
    else
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "there is no setting %s (%s); --help lists them all", escaped, place);
}

gboolean
dunlin_settings_has_group (DunlinSettings *self, const char *name)
{
    gsize length = strcspn (name, ".");

    for (guint i = 0; i < self->rows->len; i++) {
        const DunlinSetting *row = self->rows->pdata[i];

        if (strcspn (row->name, ".") == length && strncmp (row->name, name, length) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
dunlin_settings_looks_meant (DunlinSettings *self, const char *name)
{
    g_autofree char *near = nearest (self, name);

    return near != NULL || dunlin_settings_has_group (self, name);
}
