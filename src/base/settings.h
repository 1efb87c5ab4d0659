/* The one mechanism for settings: tables of rows, filled from a file, the environment and flags.
 * Filled once at the start; afterwards read-only, so every thread may read. */
#pragma once

#include "base/setting.h"

G_BEGIN_DECLS

typedef struct DunlinSettings DunlinSettings;

/* Where a value came from, in rising order: a later one wins. */
typedef enum {
    DUNLIN_SOURCE_DEFAULT,
    DUNLIN_SOURCE_FILE,
    DUNLIN_SOURCE_ENVIRONMENT,
    DUNLIN_SOURCE_FLAG,
    DUNLIN_SOURCE_PROGRAM
} DunlinSettingSource;

/* What the command line asks for. */
typedef enum {
    DUNLIN_SETTINGS_RUN,
    DUNLIN_SETTINGS_HELP,
    DUNLIN_SETTINGS_VERSION,
    DUNLIN_SETTINGS_PRINT
} DunlinSettingsAction;

/* Returns: (transfer full): settings without a row. */
DunlinSettings *dunlin_settings_new (void);
void dunlin_settings_free (DunlinSettings *self);

/**
 * dunlin_settings_declare:
 * @table: (not owned): rows, static
 * @n: how many
 *
 * Adds rows; before dunlin_settings_load(). A name that is there already, or a default that the
 * row itself does not allow, is the program's mistake: it is named and the row left out.
 */
void dunlin_settings_declare (DunlinSettings *self, const DunlinSetting *table, gsize n);

/**
 * dunlin_settings_set_default:
 * @name: as declared, with its "*" where it has one
 * @text: another default; still overridden by every source
 *
 * For programs whose own default is better than the framework's; before dunlin_settings_load().
 */
void dunlin_settings_set_default (DunlinSettings *self, const char *name, const char *text);

/* The file is also another program's, a service's: groups that nobody has declared are passed over.
 * Before dunlin_settings_load(). */
void dunlin_settings_share_file (DunlinSettings *self);

/**
 * dunlin_settings_load:
 * @argc: (inout): as main() got it
 * @argv: (inout): flags are removed from it, what is no flag stays
 * @action: (out): what to do; with HELP and VERSION nothing else was looked at
 *
 * Takes the values from the file (`--config FILE` or DUNLIN_CONFIG), the environment
 * (DUNLIN_THRIFT_PORT) and the flags (`--thrift.port=9090`, `--thrift.port 9090`, and `--x` alone
 * for booleans). `--` ends the flags. Variables that only share the prefix (of a group that there
 * is not, and near no name) are let be, as are those that Kubernetes sets for services near by.
 *
 * Returns: %FALSE with DUNLIN_ERROR_SETTINGS, whose message names the setting, the value, its
 * source and what is allowed.
 */
gboolean dunlin_settings_load (DunlinSettings *self, int *argc, char ***argv,
                               DunlinSettingsAction *action, GError **error);

/**
 * dunlin_settings_set:
 * @text: the value; checked like any other
 *
 * Overrides every source, from the program itself: for tests and embedding. Not once other threads
 * read.
 */
gboolean dunlin_settings_set (DunlinSettings *self, const char *name, const char *text,
                              GError **error);

/* Getters. The name must be declared, and of a fitting type; otherwise it is the program's mistake.
 */

/* Returns: (transfer none): the text of a setting of any type; never %NULL. */
const char *dunlin_settings_get_string (DunlinSettings *self, const char *name);
/* Returns: (transfer full): the parts of a list that commas separate; without empty ones. */
GStrv dunlin_settings_get_list (DunlinSettings *self, const char *name);
gint64 dunlin_settings_get_int (DunlinSettings *self, const char *name);
/* Returns: bytes. */
gsize dunlin_settings_get_size (DunlinSettings *self, const char *name);
/* Returns: microseconds. */
gint64 dunlin_settings_get_duration (DunlinSettings *self, const char *name);
gboolean dunlin_settings_get_bool (DunlinSettings *self, const char *name);
/* Returns: the place of the word in the row's list, from 0. */
int dunlin_settings_get_enum (DunlinSettings *self, const char *name);
guint16 dunlin_settings_get_port (DunlinSettings *self, const char *name);

/**
 * dunlin_settings_get_names:
 * @pattern: a declared name with a "*", such as "client.*.dest"
 *
 * Returns: (transfer full): what stands for the "*" in the settings given: "taxa", sorted.
 */
GStrv dunlin_settings_get_names (DunlinSettings *self, const char *pattern);

/* Returns: where the value in force came from. */
DunlinSettingSource dunlin_settings_get_source (DunlinSettings *self, const char *name);

/**
 * DunlinSettingView:
 * @row: the declaration
 * @name: the name; for rows with a "*" the one that was given
 * @text: the value in force, "******" for a secret that is not empty
 * @source: where it came from
 * @place: the same for people: "default", "file dunlin.ini:7", "environment DUNLIN_TLS_MODE",
 *   "flag --tls.mode", "program"
 */
typedef struct {
    const DunlinSetting *row;
    const char *name;
    const char *text;
    DunlinSettingSource source;
    const char *place;
} DunlinSettingView;

/* Calls @func for every value in force, in the order of declaration. @view lives for the call. */
typedef void (*DunlinSettingFunc) (const DunlinSettingView *view, gpointer data);
void dunlin_settings_foreach (DunlinSettings *self, DunlinSettingFunc func, gpointer data);

/* Returns: (transfer full): what --help prints: every setting by groups. */
char *dunlin_settings_help (DunlinSettings *self, const char *program);

/* Returns: (transfer full): what --print-settings prints: a settings file that gives these values,
 * with where each came from as comments, and secrets left out. */
char *dunlin_settings_print (DunlinSettings *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinSettings, dunlin_settings_free)

G_END_DECLS
