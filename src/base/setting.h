/* One setting as a row of a table: its name, type, bounds and help; and what its text means. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DUNLIN_KIB ((gint64)1024)
#define DUNLIN_MIB (1024 * DUNLIN_KIB)
#define DUNLIN_GIB (1024 * DUNLIN_MIB)

/* Durations are kept in microseconds. */
#define DUNLIN_MILLISECOND ((gint64)1000)
#define DUNLIN_SECOND      (1000 * DUNLIN_MILLISECOND)
#define DUNLIN_MINUTE      (60 * DUNLIN_SECOND)
#define DUNLIN_HOUR        (60 * DUNLIN_MINUTE)

/**
 * DunlinSettingType:
 * @DUNLIN_SETTING_STRING: any text
 * @DUNLIN_SETTING_INT: a whole number
 * @DUNLIN_SETTING_SIZE: bytes: 65536, 64k, 64KiB, 16MiB, 2GiB
 * @DUNLIN_SETTING_DURATION: 250us, 100ms, 20s, 5m, 1h, 2d; a plain number is in the row's @unit
 * @DUNLIN_SETTING_BOOL: true, false, yes, no, on, off, 1, 0
 * @DUNLIN_SETTING_ENUM: one of the words in the row's @allowed
 * @DUNLIN_SETTING_PATH: a file's name; "" for none
 * @DUNLIN_SETTING_PORT: 0 to 65535
 * @DUNLIN_SETTING_ADDRESSES: HOST:PORT[,HOST:PORT]...; "" for none
 */
typedef enum {
    DUNLIN_SETTING_STRING,
    DUNLIN_SETTING_INT,
    DUNLIN_SETTING_SIZE,
    DUNLIN_SETTING_DURATION,
    DUNLIN_SETTING_BOOL,
    DUNLIN_SETTING_ENUM,
    DUNLIN_SETTING_PATH,
    DUNLIN_SETTING_PORT,
    DUNLIN_SETTING_ADDRESSES,
    DUNLIN_N_SETTING_TYPES
} DunlinSettingType;

/**
 * DunlinSettingFlags:
 * @DUNLIN_SETTING_SECRET: the value is never printed, not even in an error
 * @DUNLIN_SETTING_CHROOT: addresses may end in a path, as ZooKeeper's do: a:2181,b:2181/path
 */
typedef enum { DUNLIN_SETTING_SECRET = 1 << 0, DUNLIN_SETTING_CHROOT = 1 << 1 } DunlinSettingFlags;

/**
 * DunlinSetting:
 * @name: dotted, lower case, such as "thrift.max-frame"; one part may be "*", which stands for a
 *   name that the user gives: "client.*.dest"
 * @type: what the text means
 * @fallback: (nullable): the default, as text; %NULL counts as ""
 * @help: one or two sentences for people
 * @unit: (nullable): durations: what a plain number counts, "ms" when %NULL; integers: what is
 *   counted, for the help only
 * @minimum: in stored units (bytes, microseconds); with @maximum 0 as well: no bounds but the
 * type's
 * @maximum: likewise
 * @allowed: enums: the words, as "required|off"; texts: what they must be, for people: "HOST:PORT"
 * @check: (nullable): texts: whether it is what @allowed says
 * @flags: see there
 *
 * Tables of these are static; nothing in them is copied.
 */
typedef struct {
    const char *name;
    DunlinSettingType type;
    const char *fallback;
    const char *help;
    const char *unit;
    gint64 minimum;
    gint64 maximum;
    const char *allowed;
    gboolean (*check) (const char *text);
    guint flags;
} DunlinSetting;

/**
 * dunlin_setting_parse:
 * @number: (out): bytes, microseconds, the port, 0 or 1, or the enum word's place; 0 for texts
 *
 * Returns: %FALSE when @text is not what the row allows; dunlin_setting_allowed() says what is.
 */
gboolean dunlin_setting_parse (const DunlinSetting *self, const char *text, gint64 *number);

/**
 * dunlin_setting_allowed:
 *
 * Returns: (transfer full): what a value must be, as in "a port from 1 to 65535"; "" when any
 * UTF-8 text will do.
 */
char *dunlin_setting_allowed (const DunlinSetting *self);

/* Returns: (transfer full): the name of the environment variable: "DUNLIN_THRIFT_MAX_FRAME". */
char *dunlin_setting_environment (const char *name);

G_END_DECLS
