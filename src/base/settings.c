/* The settings in force: rows, values, getters. Where values come from is settings_load.c. */
#include "base/settings_private.h"

#include "base/error.h"

#include <string.h>

gboolean
dunlin_setting_split (const char *pattern, char **before, char **after)
{
    const char *star = strchr (pattern, '*');

    if (star == NULL)
        return FALSE;
    *before = g_strndup (pattern, (gsize)(star - pattern));
    *after = g_strdup (star + 1);
    return TRUE;
}

/* Returns: (nullable): what stands for the "*", or %NULL when @name is not of this pattern. */
static char *
match_pattern (const char *pattern, const char *name)
{
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    g_autofree char *middle = NULL;

    if (!dunlin_setting_split (pattern, &before, &after))
        return NULL;
    if (strlen (name) <= strlen (before) + strlen (after) || !g_str_has_prefix (name, before) ||
        !g_str_has_suffix (name, after))
        return NULL;
    middle = g_strndup (name + strlen (before), strlen (name) - strlen (before) - strlen (after));
    return strpbrk (middle, ".* ") == NULL ? g_steal_pointer (&middle) : NULL;
}

/* Returns: (nullable): the row declared as @name, "*" and all. */
static const DunlinSetting *
find_declared (DunlinSettings *self, const char *name)
{
    for (guint i = 0; i < self->rows->len; i++) {
        const DunlinSetting *row = self->rows->pdata[i];

        if (g_str_equal (row->name, name))
            return row;
    }
    return NULL;
}

const DunlinSetting *
dunlin_settings_find_row (DunlinSettings *self, const char *name)
{
    for (guint i = 0; i < self->rows->len; i++) {
        const DunlinSetting *row = self->rows->pdata[i];
        g_autofree char *given = match_pattern (row->name, name);

        if (given != NULL)
            return row;
    }
    return strchr (name, '*') == NULL ? find_declared (self, name) : NULL;
}

static void
entry_free (gpointer data)
{
    DunlinSettingEntry *entry = data;

    g_free (entry->name);
    g_free (entry->text);
    g_free (entry->place);
    g_free (entry);
}

DunlinSettings *
dunlin_settings_new (void)
{
    DunlinSettings *self = g_new0 (DunlinSettings, 1);

    self->rows = g_ptr_array_new ();
    self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
    return self;
}

void
dunlin_settings_free (DunlinSettings *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref (self->rows);
    g_hash_table_unref (self->entries);
    g_free (self);
}

static void
declare (DunlinSettings *self, const DunlinSetting *row)
{
    g_autofree char *key = dunlin_setting_environment (row->name);
    const char *text = row->fallback != NULL ? row->fallback : "";
    g_autoptr (GError) error = NULL;

    if (g_hash_table_contains (self->entries, key) || strchr (row->name, '.') == NULL) {
        g_critical ("setting %s is declared twice, or has no group", row->name);
        return;
    }
    if (!dunlin_settings_put (self, row, row->name, text, DUNLIN_SOURCE_DEFAULT, "default",
                              &error)) {
        g_critical ("the default is wrong: %s", error->message);
        return;
    }
    g_ptr_array_add (self->rows, (gpointer)row);
}

void
dunlin_settings_declare (DunlinSettings *self, const DunlinSetting *table, gsize n)
{
    g_return_if_fail (self != NULL);

    for (gsize i = 0; i < n; i++)
        declare (self, &table[i]);
}

static const char *
shown (const DunlinSetting *row, const char *text)
{
    return row->flags & DUNLIN_SETTING_SECRET && text[0] != '\0' ? "******" : text;
}

static void
set_bad_value (const DunlinSetting *row, const char *name, const char *text, const char *place,
               GError **error)
{
    g_autofree char *allowed = dunlin_setting_allowed (row);
    g_autofree char *printable = g_utf8_make_valid (shown (row, text), -1);
    g_autofree char *escaped = g_strescape (printable, NULL);

    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "setting %s: \"%s\" (%s) is not allowed; it must be %s", name, escaped, place,
                 allowed[0] != '\0' ? allowed : "text in UTF-8");
}

/* The environment knows neither case nor dashes, so a name from elsewhere is the better one. */
static void
keep_better_name (DunlinSettingEntry *entry, DunlinSettingEntry *older)
{
    if (older != NULL && entry->source == DUNLIN_SOURCE_ENVIRONMENT) {
        g_free (entry->name);
        entry->name = g_steal_pointer (&older->name);
    }
}

gboolean
dunlin_settings_put (DunlinSettings *self, const DunlinSetting *row, const char *name,
                     const char *text, DunlinSettingSource source, const char *place,
                     GError **error)
{
    char *key = NULL;
    DunlinSettingEntry *entry = NULL;
    gint64 number = 0;

    if (!dunlin_setting_parse (row, text, &number)) {
        set_bad_value (row, name, text, place, error);
        return FALSE;
    }
    key = dunlin_setting_environment (name);
    entry = g_new0 (DunlinSettingEntry, 1);
    *entry = (DunlinSettingEntry){ row,    g_strdup (name), g_strdup (text),
                                   number, source,          g_strdup (place) };
    keep_better_name (entry, g_hash_table_lookup (self->entries, key));
    g_hash_table_replace (self->entries, key, entry);
    return TRUE;
}

void
dunlin_settings_share_file (DunlinSettings *self)
{
    g_return_if_fail (self != NULL);

    self->shares_file = TRUE;
}

void
dunlin_settings_set_default (DunlinSettings *self, const char *name, const char *text)
{
    const DunlinSetting *row = NULL;
    g_autoptr (GError) error = NULL;

    g_return_if_fail (self != NULL && name != NULL && text != NULL);

    row = find_declared (self, name);
    if (row == NULL)
        g_critical ("there is no setting %s", name);
    else if (!dunlin_settings_put (self, row, name, text, DUNLIN_SOURCE_DEFAULT, "default", &error))
        g_critical ("the default is wrong: %s", error->message);
}

gboolean
dunlin_settings_put_by_name (DunlinSettings *self, const char *name, const char *text,
                             DunlinSettingSource source, const char *place, GError **error)
{
    const DunlinSetting *row = dunlin_settings_find_row (self, name);

    if (row == NULL) {
        dunlin_settings_unknown (self, name, place, error);
        return FALSE;
    }
    return dunlin_settings_put (self, row, name, text, source, place, error);
}

gboolean
dunlin_settings_set (DunlinSettings *self, const char *name, const char *text, GError **error)
{
    g_return_val_if_fail (self != NULL && name != NULL && text != NULL, FALSE);

    return dunlin_settings_put_by_name (self, name, text, DUNLIN_SOURCE_PROGRAM, "program", error);
}

/* A declared name that nobody gave has its row's default. */
static DunlinSettingEntry *
find (DunlinSettings *self, const char *name)
{
    g_autofree char *key = dunlin_setting_environment (name);
    DunlinSettingEntry *entry = g_hash_table_lookup (self->entries, key);
    const DunlinSetting *row = NULL;
    g_autofree char *row_key = NULL;

    if (entry != NULL)
        return entry;
    row = dunlin_settings_find_row (self, name);
    if (row == NULL) {
        g_critical ("there is no setting %s", name);
        return NULL;
    }
    row_key = dunlin_setting_environment (row->name);
    return g_hash_table_lookup (self->entries, row_key);
}

/* The number of a setting of one of @types, a mask of 1 << type. */
static gint64
find_number (DunlinSettings *self, const char *name, guint types)
{
    DunlinSettingEntry *entry = NULL;

    g_return_val_if_fail (self != NULL && name != NULL, 0);
    entry = find (self, name);
    if (entry == NULL)
        return 0;
    if (!(types & 1U << entry->row->type)) {
        g_critical ("setting %s is of another type", name);
        return 0;
    }
    return entry->number;
}

const char *
dunlin_settings_get_string (DunlinSettings *self, const char *name)
{
    DunlinSettingEntry *entry = NULL;

    g_return_val_if_fail (self != NULL && name != NULL, "");
    entry = find (self, name);
    return entry != NULL ? entry->text : "";
}

GStrv
dunlin_settings_get_list (DunlinSettings *self, const char *name)
{
    g_auto (GStrv) parts = g_strsplit (dunlin_settings_get_string (self, name), ",", -1);
    g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

    for (gsize i = 0; parts[i] != NULL; i++) {
        const char *part = g_strstrip (parts[i]);

        if (part[0] != '\0')
            g_strv_builder_add (list, part);
    }
    return g_strv_builder_end (list);
}

gint64
dunlin_settings_get_int (DunlinSettings *self, const char *name)
{
    return find_number (self, name, 1U << DUNLIN_SETTING_INT);
}

gsize
dunlin_settings_get_size (DunlinSettings *self, const char *name)
{
    return (gsize)find_number (self, name, 1U << DUNLIN_SETTING_SIZE);
}

gint64
dunlin_settings_get_duration (DunlinSettings *self, const char *name)
{
    return find_number (self, name, 1U << DUNLIN_SETTING_DURATION);
}

gboolean
dunlin_settings_get_bool (DunlinSettings *self, const char *name)
{
    return find_number (self, name, 1U << DUNLIN_SETTING_BOOL) != 0;
}

int
dunlin_settings_get_enum (DunlinSettings *self, const char *name)
{
    return (int)find_number (self, name, 1U << DUNLIN_SETTING_ENUM);
}

guint16
dunlin_settings_get_port (DunlinSettings *self, const char *name)
{
    return (guint16)find_number (self, name, 1U << DUNLIN_SETTING_PORT);
}

DunlinSettingSource
dunlin_settings_get_source (DunlinSettings *self, const char *name)
{
    DunlinSettingEntry *entry = NULL;

    g_return_val_if_fail (self != NULL && name != NULL, DUNLIN_SOURCE_DEFAULT);
    entry = find (self, name);
    return entry != NULL ? entry->source : DUNLIN_SOURCE_DEFAULT;
}

static int
compare_text (gconstpointer a, gconstpointer b)
{
    return strcmp (*(char *const *)a, *(char *const *)b);
}

/* The names given for a row, its own included where it has no "*"; sorted. */
static GPtrArray *
given_names (DunlinSettings *self, const DunlinSetting *row)
{
    GPtrArray *names = g_ptr_array_new ();
    GHashTableIter iter;
    gpointer value = NULL;

    g_hash_table_iter_init (&iter, self->entries);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        DunlinSettingEntry *entry = value;

        if (entry->row == row && strchr (entry->name, '*') == NULL)
            g_ptr_array_add (names, entry->name);
    }
    g_ptr_array_sort (names, compare_text);
    return names;
}

GStrv
dunlin_settings_get_names (DunlinSettings *self, const char *pattern)
{
    g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

    g_return_val_if_fail (self != NULL && pattern != NULL, NULL);
    for (guint i = 0; i < self->rows->len; i++) {
        const DunlinSetting *row = self->rows->pdata[i];
        g_autoptr (GPtrArray) names = NULL;

        if (!g_str_equal (row->name, pattern))
            continue;
        names = given_names (self, row);
        for (guint j = 0; j < names->len; j++) {
            g_autofree char *given = match_pattern (pattern, names->pdata[j]);

            if (given != NULL)
                g_strv_builder_add (list, given);
        }
    }
    return g_strv_builder_end (list);
}

void
dunlin_settings_foreach (DunlinSettings *self, DunlinSettingFunc func, gpointer data)
{
    g_return_if_fail (self != NULL && func != NULL);

    for (guint i = 0; i < self->rows->len; i++) {
        const DunlinSetting *row = self->rows->pdata[i];
        g_autoptr (GPtrArray) names = given_names (self, row);

        for (guint j = 0; j < names->len; j++) {
            DunlinSettingEntry *entry = find (self, names->pdata[j]);
            DunlinSettingView view = { row, entry->name, shown (row, entry->text), entry->source,
                                       entry->place };

            func (&view, data);
        }
    }
}
