/* Settings from the environment: DUNLIN_THRIFT_PORT is thrift.port. */
#include "base/settings_private.h"

#include <string.h>

#define PREFIX "DUNLIN_"

/* Kubernetes and Docker tell every container about services near it, a service that is called
 * "dunlin-something" among them: DUNLIN_X_SERVICE_HOST, DUNLIN_X_PORT=tcp://10.0.0.1:80,
 * DUNLIN_X_PORT_80_TCP_ADDR. Those are no settings of ours. */
static gboolean
is_from_orchestrator (const char *variable, const char *value)
{
    return g_str_has_suffix (variable, "_SERVICE_HOST") || strstr (variable, "_SERVICE_PORT") ||
           g_str_has_prefix (value, "tcp://") || g_str_has_prefix (value, "udp://") ||
           g_regex_match_simple ("_PORT_[0-9]+_(TCP|UDP)", variable, 0, 0);
}

/* What @variable sets by @row, or %NULL: "DUNLIN_CLIENT_TAXA_DEST" is client.taxa.dest. */
static char *
name_by_row (const DunlinSetting *row, const char *variable)
{
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    g_autofree char *prefix = NULL;
    g_autofree char *suffix = NULL;
    g_autofree char *given = NULL;
    g_autofree char *whole = dunlin_setting_environment (row->name);

    if (!dunlin_setting_split (row->name, &before, &after))
        return g_str_equal (whole, variable) ? g_strdup (row->name) : NULL;
    prefix = dunlin_setting_environment (before);
    suffix = g_strdup (whole + strlen (whole) - strlen (after));
    if (!g_str_has_prefix (variable, prefix) || !g_str_has_suffix (variable, suffix) ||
        strlen (variable) <= strlen (prefix) + strlen (suffix))
        return NULL;
    given = g_ascii_strdown (variable + strlen (prefix),
                             (gssize)(strlen (variable) - strlen (prefix) - strlen (suffix)));
    return g_strconcat (before, given, after, NULL);
}

/* Of several rows that fit, the longest says most: client.*.connect-timeout over
 * client.*.timeout.*/
static char *
name_of_variable (DunlinSettings *self, const char *variable)
{
    g_autofree char *best = NULL;
    gsize best_length = 0;

    for (guint i = 0; i < self->rows->len; i++) {
        const DunlinSetting *row = self->rows->pdata[i];
        g_autofree char *name = name_by_row (row, variable);

        if (name != NULL && strlen (row->name) > best_length) {
            best_length = strlen (row->name);
            g_free (best);
            best = g_steal_pointer (&name);
        }
    }
    return g_steal_pointer (&best);
}

/* As a setting's name would be written, for the suggestion only. */
static char *
guessed_name (const char *variable)
{
    char *name = g_ascii_strdown (variable + strlen (PREFIX), -1);
    char *group_end = strchr (name, '_');

    if (group_end != NULL)
        *group_end = '.';
    return g_strdelimit (name, "_", '-');
}

/* The environment is everybody's: a variable that only shares our prefix is let be, one that looks
 * like a slip is an error. */
static gboolean
load_variable (DunlinSettings *self, const char *variable, GError **error)
{
    const char *value = g_getenv (variable);
    g_autofree char *name = name_of_variable (self, variable);
    g_autofree char *place = g_strconcat ("environment ", variable, NULL);

    if (name == NULL) {
        name = guessed_name (variable);
        if (is_from_orchestrator (variable, value) || !dunlin_settings_looks_meant (self, name))
            return TRUE;
    }
    return dunlin_settings_put_by_name (self, name, value, DUNLIN_SOURCE_ENVIRONMENT, place, error);
}

gboolean
dunlin_settings_load_environment (DunlinSettings *self, GError **error)
{
    g_auto (GStrv) variables = g_listenv ();

    for (gsize i = 0; variables[i] != NULL; i++) {
        if (!g_str_has_prefix (variables[i], PREFIX) || g_str_equal (variables[i], "DUNLIN_CONFIG"))
            continue;
        if (!load_variable (self, variables[i], error))
            return FALSE;
    }
    return TRUE;
}
