/* Flags, and the order of the sources: file, environment, flags. */
#include "base/settings_private.h"

#include "base/error.h"

#include <string.h>

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

        if (!dunlin_settings_put_by_name (self, flag.name, flag.text, DUNLIN_SOURCE_FLAG, place,
                                          error))
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
    if (line.config != NULL && line.config[0] != '\0' &&
        !dunlin_settings_load_file (self, line.config, error))
        return FALSE;
    if (!dunlin_settings_load_environment (self, error) || !load_flags (self, &line, error))
        return FALSE;
    leave_the_rest (&line, argc, *argv);
    return TRUE;
}
