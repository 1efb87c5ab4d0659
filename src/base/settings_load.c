/* Where settings come from: a file, the environment, flags. */
#include "base/settings_private.h"

#include "base/error.h"

#include <string.h>

#define PREFIX "DUNLIN_"

/* Levenshtein's distance; names are short, so plain rows will do. */
static gsize
distance (const char *a, const char *b)
{
    gsize n = strlen (b);
    g_autofree gsize *row = g_new (gsize, n + 1);

    for (gsize j = 0; j <= n; j++)
        row[j] = j;
    for (gsize i = 0; a[i] != '\0'; i++) {
        gsize diagonal = row[0];

        row[0] = i + 1;
        for (gsize j = 0; j < n; j++) {
            gsize replace = diagonal + (a[i] != b[j]);

            diagonal = row[j + 1];
            row[j + 1] = MIN (replace, MIN (diagonal, row[j]) + 1);
        }
    }
    return row[n];
}

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
    return distance (name, candidate);
}

static char *
nearest (DunlinSettings *self, const char *name)
{
    g_autofree char *best = NULL;
    gsize best_farness = MAX (2, strlen (name) / 3) + 1;

    if (strlen (name) > 100) /* the table's names are short: nothing is near */
        return NULL;
    for (guint i = 0; i < self->rows->len; i++) {
        const DunlinSetting *row = self->rows->pdata[i];
        g_autofree char *candidate = fill_pattern (row->name, name);
        gsize far = farness (name, candidate);

        if (far < best_farness) {
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

static gboolean
put_by_name (DunlinSettings *self, const char *name, const char *text, DunlinSettingSource source,
             const char *place, GError **error)
{
    const DunlinSetting *row = dunlin_settings_find_row (self, name);

    if (row == NULL) {
        dunlin_settings_unknown (self, name, place, error);
        return FALSE;
    }
    return dunlin_settings_put (self, row, name, text, source, place, error);
}

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
    g_autoptr (GError) bad_escape = NULL;
    g_autofree char *name = g_strconcat (group, ".", key, NULL);
    g_autofree char *text = g_key_file_get_string (file, group, key, &bad_escape);

    if (text == NULL) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "setting %s (%s): %s", name, place,
                     bad_escape->message);
        return FALSE;
    }
    return put_by_name (self, name, text, DUNLIN_SOURCE_FILE, place, error);
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

static gboolean
load_file (DunlinSettings *self, const char *path, GError **error)
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
        if (!load_group (self, file, groups[i], path, lines, error))
            return FALSE;
    }
    return TRUE;
}

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

static gboolean
load_variable (DunlinSettings *self, const char *variable, GError **error)
{
    const char *value = g_getenv (variable);
    g_autofree char *name = name_of_variable (self, variable);
    g_autofree char *place = g_strconcat ("environment ", variable, NULL);

    if (name == NULL && is_from_orchestrator (variable, value))
        return TRUE;
    if (name == NULL)
        name = guessed_name (variable);
    return put_by_name (self, name, value, DUNLIN_SOURCE_ENVIRONMENT, place, error);
}

static gboolean
load_environment (DunlinSettings *self, GError **error)
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

typedef struct {
    const char *name; /* borrowed from argv, or owned by names */
    const char *text;
} Flag;

/**
 * CommandLine:
 * @names: (owned): the names cut out of "--name=value"
 * @flags: (owned): in the order given
 * @rest: (owned): what is no flag
 * @config: (not owned) (nullable): the settings file
 */
typedef struct {
    GPtrArray *names;
    GArray *flags;
    GPtrArray *rest;
    const char *config;
    DunlinSettingsAction action;
} CommandLine;

static void
command_line_clear (CommandLine *line)
{
    g_clear_pointer (&line->names, g_ptr_array_unref);
    g_clear_pointer (&line->flags, g_array_unref);
    g_clear_pointer (&line->rest, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CommandLine, command_line_clear)

static gboolean
is_action (const char *name, DunlinSettingsAction *action)
{
    static const char *const names[] = {
        [DUNLIN_SETTINGS_HELP] = "help",
        [DUNLIN_SETTINGS_VERSION] = "version",
        [DUNLIN_SETTINGS_PRINT] = "print-settings",
    };

    for (gsize i = DUNLIN_SETTINGS_HELP; i < G_N_ELEMENTS (names); i++) {
        if (g_str_equal (names[i], name)) {
            *action = (DunlinSettingsAction)i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_bool (DunlinSettings *self, const char *name)
{
    const DunlinSetting *row = dunlin_settings_find_row (self, name);

    return row != NULL && row->type == DUNLIN_SETTING_BOOL;
}

/* Whether @name is known as a flag at all: a value must not be looked for otherwise. */
static gboolean
is_flag (DunlinSettings *self, const char *name, GError **error)
{
    g_autofree char *place = NULL;

    if (g_str_equal (name, "config") || dunlin_settings_find_row (self, name) != NULL)
        return TRUE;
    place = g_strconcat ("flag --", name, NULL);
    dunlin_settings_unknown (self, name, place, error);
    return FALSE;
}

/* Reads the flag at argv[*i], and its value when that is the next argument. */
static gboolean
scan_flag (DunlinSettings *self, CommandLine *line, char **argv, int argc, int *i, GError **error)
{
    const char *argument = argv[*i] + 2;
    const char *equals = strchr (argument, '=');
    char *name =
        equals != NULL ? g_strndup (argument, (gsize)(equals - argument)) : g_strdup (argument);
    Flag flag = { name, equals != NULL ? equals + 1 : NULL };

    g_ptr_array_add (line->names, name);
    if (equals == NULL && is_action (name, &line->action))
        return TRUE;
    if (!is_flag (self, name, error))
        return FALSE;
    if (flag.text == NULL && is_bool (self, name))
        flag.text = "true";
    if (flag.text == NULL && *i + 1 < argc)
        flag.text = argv[++*i];
    if (flag.text == NULL) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "flag --%s needs a value", name);
        return FALSE;
    }
    if (g_str_equal (name, "config"))
        line->config = flag.text;
    else
        g_array_append_val (line->flags, flag);
    return TRUE;
}

static gboolean
refuse_single_dash (const char *argument, GError **error)
{
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "argument %s: flags begin with two dashes, as in -%s", argument, argument);
    return FALSE;
}

static gboolean
scan_command_line (DunlinSettings *self, CommandLine *line, int argc, char **argv, GError **error)
{
    for (int i = 0; i < argc; i++) {
        if (i == 0 || argv[i][0] != '-' || argv[i][1] == '\0') {
            g_ptr_array_add (line->rest, argv[i]);
        } else if (g_str_equal (argv[i], "--")) {
            while (++i < argc)
                g_ptr_array_add (line->rest, argv[i]);
        } else if (argv[i][1] != '-') {
            return refuse_single_dash (argv[i], error);
        } else if (!scan_flag (self, line, argv, argc, &i, error)) {
            return FALSE;
        }
        if (line->action == DUNLIN_SETTINGS_HELP || line->action == DUNLIN_SETTINGS_VERSION)
            return TRUE;
    }
    return TRUE;
}

static gboolean
load_flags (DunlinSettings *self, CommandLine *line, GError **error)
{
    for (guint i = 0; i < line->flags->len; i++) {
        Flag flag = g_array_index (line->flags, Flag, i);
        g_autofree char *place = g_strconcat ("flag --", flag.name, NULL);

        if (!put_by_name (self, flag.name, flag.text, DUNLIN_SOURCE_FLAG, place, error))
            return FALSE;
    }
    return TRUE;
}

static void
leave_the_rest (CommandLine *line, int *argc, char **argv)
{
    for (guint i = 0; i < line->rest->len; i++)
        argv[i] = line->rest->pdata[i];
    argv[line->rest->len] = NULL;
    *argc = (int)line->rest->len;
}

gboolean
dunlin_settings_load (DunlinSettings *self, int *argc, char ***argv, DunlinSettingsAction *action,
                      GError **error)
{
    g_auto (CommandLine)
        line = { g_ptr_array_new_with_free_func (g_free), g_array_new (FALSE, FALSE, sizeof (Flag)),
                 g_ptr_array_new (), g_getenv ("DUNLIN_CONFIG"), DUNLIN_SETTINGS_RUN };

    g_return_val_if_fail (self != NULL && argc != NULL && argv != NULL && action != NULL, FALSE);

    if (!scan_command_line (self, &line, *argc, *argv, error))
        return FALSE;
    *action = line.action;
    if (line.action == DUNLIN_SETTINGS_HELP || line.action == DUNLIN_SETTINGS_VERSION)
        return TRUE;
    if (line.config != NULL && line.config[0] != '\0' && !load_file (self, line.config, error))
        return FALSE;
    if (!load_environment (self, error) || !load_flags (self, &line, error))
        return FALSE;
    leave_the_rest (&line, argc, *argv);
    return TRUE;
}
