/* Settings for people: --help and --print-settings. */
#include "base/settings_private.h"

#include <string.h>

#define WIDTH  80
#define INDENT 6

static const char *const placeholders[DUNLIN_N_SETTING_TYPES] = {
    [DUNLIN_SETTING_STRING] = "TEXT",
    [DUNLIN_SETTING_INT] = "N",
    [DUNLIN_SETTING_SIZE] = "SIZE",
    [DUNLIN_SETTING_DURATION] = "DURATION",
    [DUNLIN_SETTING_BOOL] = "BOOL",
    [DUNLIN_SETTING_ENUM] = "WORD",
    [DUNLIN_SETTING_PATH] = "FILE",
    [DUNLIN_SETTING_PORT] = "PORT",
    [DUNLIN_SETTING_ADDRESSES] = "HOST:PORT,...",
};

/* Appends @text word by word in lines of WIDTH, each indented. */
static void
wrap (GString *out, const char *text)
{
    g_auto (GStrv) words = g_strsplit (text, " ", -1);
    gsize column = 0;

    for (gsize i = 0; words[i] != NULL; i++) {
        gsize length = (gsize)g_utf8_strlen (words[i], -1);

        if (length == 0)
            continue;
        if (column != 0 && column + 1 + length > WIDTH) {
            g_string_append_c (out, '\n');
            column = 0;
        }
        if (column == 0)
            g_string_append_printf (out, "%*s%s", INDENT, "", words[i]);
        else
            g_string_append_printf (out, " %s", words[i]);
        column += (column == 0 ? INDENT : 1) + length;
    }
    g_string_append_c (out, '\n');
}

static void
append_row (GString *out, DunlinSettings *self, const DunlinSetting *row)
{
    g_autofree char *allowed = dunlin_setting_allowed (row);
    g_autofree char *variable = dunlin_setting_environment (row->name);
    g_auto (GStrv) named = g_strsplit (row->name, "*", 2);
    g_auto (GStrv) variable_named = g_strsplit (variable, "*", 2);
    g_autofree char *name = g_strjoinv ("NAME", named);
    g_autofree char *environment = g_strjoinv ("NAME", variable_named);
    DunlinSettingEntry *entry = g_hash_table_lookup (self->entries, variable);
    const char *fallback = entry->text[0] != '\0' ? entry->text : "none";
    GString *text = g_string_new (row->help);

    if (allowed[0] != '\0')
        g_string_append_printf (text, " Value: %s.", allowed);
    if (row->type == DUNLIN_SETTING_INT && row->unit != NULL)
        g_string_append_printf (text, " Unit: %s.", row->unit);
    g_string_append_printf (text, " Default: %s. Environment: %s.",
                            row->flags & DUNLIN_SETTING_SECRET ? "none" : fallback, environment);
    g_string_append_printf (out, "  --%s=%s\n", name, placeholders[row->type]);
    wrap (out, text->str);
    g_string_free (text, TRUE);
}

/* A group is what stands before the first dot. */
static gsize
group_length (const char *name)
{
    return strcspn (name, ".");
}

static gboolean
same_group (const char *a, const char *b)
{
    return group_length (a) == group_length (b) && strncmp (a, b, group_length (a)) == 0;
}

static gboolean
is_first_of_group (DunlinSettings *self, guint i)
{
    const DunlinSetting *row = self->rows->pdata[i];

    for (guint j = 0; j < i; j++) {
        if (same_group (((const DunlinSetting *)self->rows->pdata[j])->name, row->name))
            return FALSE;
    }
    return TRUE;
}

static void
append_group (GString *out, DunlinSettings *self, guint first)
{
    const char *name = ((const DunlinSetting *)self->rows->pdata[first])->name;

    g_string_append_printf (out, "\n%.*s\n", (int)group_length (name), name);
    for (guint i = first; i < self->rows->len; i++) {
        const DunlinSetting *row = self->rows->pdata[i];

        if (same_group (row->name, name))
            append_row (out, self, row);
    }
}

char *
dunlin_settings_help (DunlinSettings *self, const char *program)
{
    GString *out = g_string_new (NULL);

    g_return_val_if_fail (self != NULL && program != NULL, NULL);
    g_string_append_printf (
        out,
        "Usage: %s [--SETTING=VALUE]...\n\n"
        "Every setting can come from a file, from the environment or from a flag; a later\n"
        "one of these wins. In the file the part before the first dot is the group:\n"
        "    [thrift]\n"
        "    port = 9090\n\n"
        "  --config=FILE\n      The settings file. Environment: DUNLIN_CONFIG.\n"
        "  --print-settings\n      Prints the values in force and where each came from, and ends.\n"
        "  --version\n      Prints name and version, and ends.\n"
        "  --help\n      Prints this, and ends.\n",
        program);
    for (guint i = 0; i < self->rows->len; i++) {
        if (is_first_of_group (self, i))
            append_group (out, self, i);
    }
    return g_string_free (out, FALSE);
}

/* What --print-settings gathers: one text a group, in the order of the groups. */
typedef struct {
    GPtrArray *names; /* of groups, owned */
    GPtrArray *texts; /* GString, owned */
} Groups;

static void
free_string (gpointer data)
{
    g_string_free (data, TRUE);
}

static GString *
text_of_group (Groups *groups, const char *name)
{
    for (guint i = 0; i < groups->names->len; i++) {
        if (same_group (groups->names->pdata[i], name))
            return groups->texts->pdata[i];
    }
    g_ptr_array_add (groups->names, g_strndup (name, group_length (name)));
    g_ptr_array_add (groups->texts, g_string_new (NULL));
    return groups->texts->pdata[groups->texts->len - 1];
}

/* As GKeyFile writes a value, so that the output can be read as a settings file. */
static char *
escaped (const char *group, const char *key, const char *text)
{
    g_autoptr (GKeyFile) file = g_key_file_new ();

    g_key_file_set_string (file, group, key, text);
    return g_key_file_get_value (file, group, key, NULL);
}

static void
print_value (const DunlinSettingView *view, gpointer data)
{
    const char *key = view->name + group_length (view->name) + 1;
    GString *out = text_of_group (data, view->name);
    g_autofree char *value = escaped ("g", "k", view->text);
    gboolean hidden = view->row->flags & DUNLIN_SETTING_SECRET && view->text[0] != '\0';

    g_string_append_printf (out, "# %s\n%s%s = %s\n", view->place, hidden ? "# " : "", key, value);
}

char *
dunlin_settings_print (DunlinSettings *self)
{
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (free_string);
    Groups groups = { names, texts };
    GString *out = g_string_new (NULL);

    g_return_val_if_fail (self != NULL, NULL);
    dunlin_settings_foreach (self, print_value, &groups);
    for (guint i = 0; i < names->len; i++)
        g_string_append_printf (out, "%s[%s]\n%s", i == 0 ? "" : "\n", (char *)names->pdata[i],
                                ((GString *)texts->pdata[i])->str);
    return g_string_free (out, FALSE);
}
