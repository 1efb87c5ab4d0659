/* The inside of settings, shared by its files only: the values, and how one is put in. */
#pragma once

#include "base/settings.h"

/**
 * DunlinSettingEntry:
 * @row: (not owned): the declaration
 * @name: (owned): the name given; the row's own where it has no "*"
 * @text: (owned): the value in force
 * @number: the same where the type has one
 * @source: where it came from
 * @place: (owned): the same for people
 */
typedef struct {
    const DunlinSetting *row;
    char *name;
    char *text;
    gint64 number;
    DunlinSettingSource source;
    char *place;
} DunlinSettingEntry;

/**
 * DunlinSettings:
 * @rows: (element-type DunlinSetting): in the order of declaration
 * @entries: (element-type utf8 DunlinSettingEntry): by the environment's form of the name, which
 *   all sources can express; a row with a "*" has one under its own name, for the default
 * @shares_file: see dunlin_settings_share_file()
 */
struct DunlinSettings {
    GPtrArray *rows;
    GHashTable *entries;
    gboolean shares_file;
};

/* Returns: (nullable): the row that @name, as files and flags write it, belongs to. */
const DunlinSetting *dunlin_settings_find_row (DunlinSettings *self, const char *name);

/* Puts @text in force for @name if the row allows it; else the error says what it does. */
gboolean dunlin_settings_put (DunlinSettings *self, const DunlinSetting *row, const char *name,
                              const char *text, DunlinSettingSource source, const char *place,
                              GError **error);

/* The same by name; an unknown one is an error. */
gboolean dunlin_settings_put_by_name (DunlinSettings *self, const char *name, const char *text,
                                      DunlinSettingSource source, const char *place,
                                      GError **error);

/* The sources. */
gboolean dunlin_settings_load_file (DunlinSettings *self, const char *path, GError **error);
gboolean dunlin_settings_load_environment (DunlinSettings *self, GError **error);

/* Sets DUNLIN_ERROR_SETTINGS: there is no @name; names the nearest that there is. */
void dunlin_settings_unknown (DunlinSettings *self, const char *name, const char *place,
                              GError **error);

/* Whether some row is of the group that @name, or what is before its dot, is. */
gboolean dunlin_settings_has_group (DunlinSettings *self, const char *name);

/* Whether an unknown @name is one of ours, only wrong: of a group that there is, or near a name. */
gboolean dunlin_settings_looks_meant (DunlinSettings *self, const char *name);

/* The parts around the "*" of a pattern; %FALSE when it has none. */
gboolean dunlin_setting_split (const char *pattern, char **before, char **after);
