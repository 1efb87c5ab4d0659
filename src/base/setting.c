/* What a setting's text means, by a table of types. Pure: no file, no environment. */
#include "base/setting.h"

#include <errno.h>
#include <string.h>

typedef struct {
    const char *name; /* compared without regard to case for sizes */
    gint64 factor;
} Unit;

/* "kB" and "MB" are missing on purpose: half of the world means 1,000 by them. */
static const Unit size_units[] = {
    { "GiB", DUNLIN_GIB }, { "MiB", DUNLIN_MIB }, { "KiB", DUNLIN_KIB }, { "B", 1 },
    { "G", DUNLIN_GIB },   { "M", DUNLIN_MIB },   { "K", DUNLIN_KIB },
};

static const Unit duration_units[] = {
    { "d", 24 * DUNLIN_HOUR }, { "h", DUNLIN_HOUR },         { "m", DUNLIN_MINUTE },
    { "s", DUNLIN_SECOND },    { "ms", DUNLIN_MILLISECOND }, { "us", 1 },
    { "min", DUNLIN_MINUTE },
};

static gboolean
factor_of (const Unit *units, gsize n, const char *name, gint64 *factor)
{
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_strcasecmp (units[i].name, name) == 0) {
            *factor = units[i].factor;
            return TRUE;
        }
    }
    return FALSE;
}

/* The number at the start of @text; *end is what follows. No white space, no "+", no hexadecimal.
 */
static gboolean
parse_number (const char *text, const char **end, gint64 *number)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    char *after = NULL;

    if (!g_ascii_isdigit (digits[0]))
        return FALSE;
    errno = 0;
    *number = g_ascii_strtoll (text, &after, 10);
    *end = after;
    return errno == 0;
}

static gboolean
parse_plain (const char *text, gint64 *number)
{
    const char *end = NULL;

    return parse_number (text, &end, number) && *end == '\0';
}

static gboolean
parse_scaled (const char *text, const Unit *units, gsize n, gint64 plain_factor, gint64 *number)
{
    const char *end = NULL;
    gint64 factor = plain_factor;

    if (!parse_number (text, &end, number) || *number < 0)
        return FALSE;
    if (*end != '\0' && !factor_of (units, n, end, &factor))
        return FALSE;
    return !__builtin_mul_overflow (*number, factor, number);
}

static gboolean
within (const DunlinSetting *self, gint64 number)
{
    gboolean bounded = self->minimum != 0 || self->maximum != 0;

    return !bounded || (number >= self->minimum && number <= self->maximum);
}

static gboolean
parse_text (const DunlinSetting *self, const char *text, gint64 *number)
{
    *number = 0;
    return g_utf8_validate (text, -1, NULL);
}

static gboolean
parse_int (const DunlinSetting *self, const char *text, gint64 *number)
{
    return parse_plain (text, number) && within (self, *number);
}

static gboolean
parse_size (const DunlinSetting *self, const char *text, gint64 *number)
{
    return parse_scaled (text, size_units, G_N_ELEMENTS (size_units), 1, number) &&
           within (self, *number);
}

static const char *
plain_unit (const DunlinSetting *self)
{
    return self->unit != NULL ? self->unit : "ms";
}

static gboolean
parse_duration (const DunlinSetting *self, const char *text, gint64 *number)
{
    gint64 plain_factor = DUNLIN_MILLISECOND;

    factor_of (duration_units, G_N_ELEMENTS (duration_units), plain_unit (self), &plain_factor);
    return parse_scaled (text, duration_units, G_N_ELEMENTS (duration_units), plain_factor,
                         number) &&
           within (self, *number);
}

static gboolean
parse_bool (const DunlinSetting *self, const char *text, gint64 *number)
{
    static const char *const words[] = { "false", "true", "no", "yes", "off", "on", "0", "1" };

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
        if (g_ascii_strcasecmp (words[i], text) == 0) {
            *number = i % 2;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
parse_enum (const DunlinSetting *self, const char *text, gint64 *number)
{
    g_auto (GStrv) words = g_strsplit (self->allowed, "|", -1);

    for (gsize i = 0; words[i] != NULL; i++) {
        if (g_str_equal (words[i], text)) {
            *number = (gint64)i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
parse_port (const DunlinSetting *self, const char *text, gint64 *number)
{
    return parse_plain (text, number) && *number >= 0 && *number <= 65535 && within (self, *number);
}

/* A name, an IPv4 address, or an IPv6 address in brackets: no white space, nothing that would be
 * another part of the list. */
static gboolean
is_host (const char *host, gsize length)
{
    gboolean bracketed = length > 2 && host[0] == '[' && host[length - 1] == ']';

    if (length == 0 || length > 255)
        return FALSE;
    if (bracketed) {
        host++;
        length -= 2;
    }
    for (gsize i = 0; i < length; i++) {
        if (g_ascii_isalnum (host[i]) || strchr ("-._", host[i]) != NULL)
            continue;
        if (!bracketed || strchr (":%", host[i]) == NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_address (const char *address)
{
    const char *colon = strrchr (address, ':');
    gint64 port = 0;

    return colon != NULL && is_host (address, (gsize)(colon - address)) &&
           parse_plain (colon + 1, &port) && port >= 1 && port <= 65535;
}

static gboolean
parse_addresses (const DunlinSetting *self, const char *text, gint64 *number)
{
    const char *slash = strchr (text, '/');
    g_autofree char *list = NULL;
    g_auto (GStrv) addresses = NULL;

    *number = 0;
    if (text[0] == '\0')
        return TRUE;
    if (slash != NULL && !(self->flags & DUNLIN_SETTING_CHROOT))
        return FALSE;
    list = slash == NULL ? g_strdup (text) : g_strndup (text, (gsize)(slash - text));
    addresses = g_strsplit (list, ",", -1);
    for (gsize i = 0; addresses[i] != NULL; i++) {
        if (!is_address (addresses[i]))
            return FALSE;
    }
    return addresses[0] != NULL;
}

/* The largest unit that says @number without a fraction. */
static char *
scaled (const Unit *units, gsize n, gint64 number)
{
    for (gsize i = 0; i < n; i++) {
        if (number != 0 && number % units[i].factor == 0)
            return g_strdup_printf ("%" G_GINT64_FORMAT "%s", number / units[i].factor,
                                    units[i].name);
    }
    return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

static char *
scaled_range (const DunlinSetting *self, const Unit *units, gsize n)
{
    g_autofree char *low = NULL;
    g_autofree char *high = NULL;

    if (self->minimum == 0 && self->maximum == 0)
        return g_strdup ("");
    low = scaled (units, n, self->minimum);
    high = scaled (units, n, self->maximum);
    return g_strdup_printf (", from %s to %s", low, high);
}

static char *
allowed_text (const DunlinSetting *self)
{
    return g_strdup (self->allowed != NULL ? self->allowed : "");
}

static char *
allowed_int (const DunlinSetting *self)
{
    if (self->minimum == 0 && self->maximum == 0)
        return g_strdup ("a whole number");
    return g_strdup_printf ("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                            self->minimum, self->maximum);
}

static char *
allowed_size (const DunlinSetting *self)
{
    g_autofree char *range = scaled_range (self, size_units, 4);

    return g_strdup_printf ("a size in bytes or with a unit (k, KiB, M, MiB, G, GiB)%s", range);
}

static char *
allowed_duration (const DunlinSetting *self)
{
    g_autofree char *range = scaled_range (self, duration_units, 6);

    return g_strdup_printf ("a duration with a unit (us, ms, s, m, h, d; %s when there is none)%s",
                            plain_unit (self), range);
}

static char *
allowed_bool (const DunlinSetting *self)
{
    return g_strdup ("true or false");
}

static char *
allowed_enum (const DunlinSetting *self)
{
    g_auto (GStrv) words = g_strsplit (self->allowed, "|", -1);
    g_autofree char *list = g_strjoinv (", ", words);

    return g_strdup_printf ("one of: %s", list);
}

static char *
allowed_port (const DunlinSetting *self)
{
    gint64 maximum = self->maximum != 0 ? self->maximum : 65535;

    return g_strdup_printf ("a port from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, self->minimum,
                            maximum);
}

static char *
allowed_addresses (const DunlinSetting *self)
{
    return g_strdup (self->flags & DUNLIN_SETTING_CHROOT ? "HOST:PORT[,HOST:PORT]...[/PATH]"
                                                         : "HOST:PORT[,HOST:PORT]...");
}

static const struct {
    gboolean (*parse) (const DunlinSetting *, const char *, gint64 *);
    char *(*allowed) (const DunlinSetting *);
} types[DUNLIN_N_SETTING_TYPES] = {
    [DUNLIN_SETTING_STRING] = { parse_text, allowed_text },
    [DUNLIN_SETTING_INT] = { parse_int, allowed_int },
    [DUNLIN_SETTING_SIZE] = { parse_size, allowed_size },
    [DUNLIN_SETTING_DURATION] = { parse_duration, allowed_duration },
    [DUNLIN_SETTING_BOOL] = { parse_bool, allowed_bool },
    [DUNLIN_SETTING_ENUM] = { parse_enum, allowed_enum },
    [DUNLIN_SETTING_PATH] = { parse_text, allowed_text },
    [DUNLIN_SETTING_PORT] = { parse_port, allowed_port },
    [DUNLIN_SETTING_ADDRESSES] = { parse_addresses, allowed_addresses },
};

gboolean
dunlin_setting_parse (const DunlinSetting *self, const char *text, gint64 *number)
{
    gint64 parsed = 0;

    g_assert (self->type < DUNLIN_N_SETTING_TYPES);
    if (!types[self->type].parse (self, text, &parsed))
        return FALSE;
    if (self->check != NULL && !self->check (text))
        return FALSE;
    *number = parsed;
    return TRUE;
}

char *
dunlin_setting_allowed (const DunlinSetting *self)
{
    return types[self->type].allowed (self);
}

char *
dunlin_setting_environment (const char *name)
{
    GString *variable = g_string_new ("DUNLIN_");

    for (const char *p = name; *p != '\0'; p++)
        g_string_append_c (variable, *p == '.' || *p == '-' ? '_' : g_ascii_toupper (*p));
    return g_string_free (variable, FALSE);
}
