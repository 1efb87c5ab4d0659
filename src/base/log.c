/* Levels of domains, limits, and what the logging macros call. How a line looks and where it goes
 * is log_writer.c. */
#include "base/log.h"

#include "base/clock.h"
#include "base/error.h"

#include <stdarg.h>
#include <string.h>

static const char *const level_names[DUNLIN_N_LOG_LEVELS] = {
    [DUNLIN_LOG_OFF] = "off",       [DUNLIN_LOG_ERROR] = "error", [DUNLIN_LOG_WARNING] = "warning",
    [DUNLIN_LOG_NOTICE] = "notice", [DUNLIN_LOG_INFO] = "info",   [DUNLIN_LOG_DEBUG] = "debug",
};

/* Guards what follows; a domain's level is read without it. */
static GMutex lock;
static GHashTable *domains;   /* name -> DunlinLogDomain; never shrinks, sites point into it */
static GHashTable *overrides; /* name or beginning of names -> level */
static int default_level = DUNLIN_LOG_INFO;

const char *
dunlin_log_level_name (DunlinLogLevel level)
{
    return level < DUNLIN_N_LOG_LEVELS ? level_names[level] : NULL;
}

int
dunlin_log_level_by_name (const char *name)
{
    for (int i = 0; i < DUNLIN_N_LOG_LEVELS; i++) {
        if (g_str_equal (level_names[i], name))
            return i;
    }
    return -1;
}

static void
ensure_tables (void)
{
    if (domains != NULL)
        return;
    domains = g_hash_table_new (g_str_hash, g_str_equal);
    overrides = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* The level said of @name, or of the longest beginning of it that ends before a dash. */
static gboolean
find_override (const char *name, int *level)
{
    g_autofree char *beginning = g_strdup (name);

    for (;;) {
        gpointer value = NULL;
        char *dash = NULL;

        if (g_hash_table_lookup_extended (overrides, beginning, NULL, &value)) {
            *level = GPOINTER_TO_INT (value);
            return TRUE;
        }
        dash = strrchr (beginning, '-');
        if (dash == NULL)
            return FALSE;
        *dash = '\0';
    }
}

static void
refresh_domain (DunlinLogDomain *domain)
{
    int level = default_level;

    find_override (domain->name, &level);
    __atomic_store_n (&domain->level, level, __ATOMIC_RELAXED);
}

static void
refresh_all (void)
{
    GHashTableIter iter;
    gpointer domain = NULL;

    g_hash_table_iter_init (&iter, domains);
    while (g_hash_table_iter_next (&iter, NULL, &domain))
        refresh_domain (domain);
}

DunlinLogDomain *
dunlin_log_find_domain (const char *name)
{
    DunlinLogDomain *domain = NULL;

    if (name == NULL)
        name = "app";
    g_mutex_lock (&lock);
    ensure_tables ();
    domain = g_hash_table_lookup (domains, name);
    if (domain == NULL) {
        domain = g_new0 (DunlinLogDomain, 1);
        domain->name = g_strdup (name);
        refresh_domain (domain);
        g_hash_table_insert (domains, (gpointer)domain->name, domain);
    }
    g_mutex_unlock (&lock);
    return domain;
}

void
dunlin_log_set_level (const char *domain, int level)
{
    g_return_if_fail (level >= -1 && level < DUNLIN_N_LOG_LEVELS);

    g_mutex_lock (&lock);
    ensure_tables ();
    if (domain == NULL)
        default_level = level == -1 ? DUNLIN_LOG_INFO : level;
    else if (level == -1)
        g_hash_table_remove (overrides, domain);
    else
        g_hash_table_replace (overrides, g_strdup (domain), GINT_TO_POINTER (level));
    refresh_all ();
    g_mutex_unlock (&lock);
}

DunlinLogLevel
dunlin_log_get_level (const char *domain)
{
    int level = DUNLIN_LOG_INFO;

    if (domain != NULL)
        return (DunlinLogLevel)__atomic_load_n (&dunlin_log_find_domain (domain)->level,
                                                __ATOMIC_RELAXED);
    g_mutex_lock (&lock);
    level = default_level;
    g_mutex_unlock (&lock);
    return (DunlinLogLevel)level;
}

/* Reads "dunlin-tls=debug,info" into @fallback and @table. */
static gboolean
parse_levels (const char *levels, GHashTable *table, int *fallback, GError **error)
{
    g_auto (GStrv) parts = g_strsplit (levels, ",", -1);

    for (gsize i = 0; parts[i] != NULL; i++) {
        char *part = g_strstrip (parts[i]);
        char *equals = strchr (part, '=');
        int level = dunlin_log_level_by_name (equals != NULL ? equals + 1 : part);

        if (level == -1 || equals == part) {
            g_set_error (
                error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                "\"%s\" is no log level: LEVEL or DOMAIN=LEVEL, where LEVEL is off, error, "
                "warning, notice, info or debug",
                part);
            return FALSE;
        }
        if (equals == NULL)
            *fallback = level;
        else
            g_hash_table_replace (table, g_strndup (part, (gsize)(equals - part)),
                                  GINT_TO_POINTER (level));
    }
    return TRUE;
}

gboolean
dunlin_log_set_levels (const char *levels, GError **error)
{
    g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    int fallback = DUNLIN_LOG_INFO;

    if (!parse_levels (levels, table, &fallback, error))
        return FALSE;
    g_mutex_lock (&lock);
    ensure_tables ();
    g_hash_table_unref (overrides);
    overrides = g_steal_pointer (&table);
    default_level = fallback;
    refresh_all ();
    g_mutex_unlock (&lock);
    return TRUE;
}

gboolean
dunlin_log_levels_valid (const char *levels)
{
    g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    int fallback = DUNLIN_LOG_INFO;

    return parse_levels (levels, table, &fallback, NULL);
}

typedef struct {
    char *name; /* owned */
    DunlinLogLevel level;
    gboolean overridden;
} DomainView;

static void
clear_view (gpointer data)
{
    g_free (((DomainView *)data)->name);
}

static int
compare_views (gconstpointer a, gconstpointer b)
{
    return strcmp (((const DomainView *)a)->name, ((const DomainView *)b)->name);
}

static void
add_view (GArray *views, const char *name, int level, gboolean overridden)
{
    DomainView view = { g_strdup (name), (DunlinLogLevel)level, overridden };

    g_array_append_val (views, view);
}

/* A copy, so that the caller's function may log and change levels. */
static GArray *
copy_domains (void)
{
    GArray *views = g_array_new (FALSE, FALSE, sizeof (DomainView));
    GHashTableIter iter;
    gpointer name = NULL;
    gpointer value = NULL;

    g_array_set_clear_func (views, clear_view);
    g_mutex_lock (&lock);
    ensure_tables ();
    g_hash_table_iter_init (&iter, domains);
    while (g_hash_table_iter_next (&iter, &name, &value))
        add_view (views, name, ((DunlinLogDomain *)value)->level, /* written under the lock */
                  g_hash_table_contains (overrides, name));
    g_hash_table_iter_init (&iter, overrides);
    while (g_hash_table_iter_next (&iter, &name, &value)) {
        if (!g_hash_table_contains (domains, name))
            add_view (views, name, GPOINTER_TO_INT (value), TRUE);
    }
    g_mutex_unlock (&lock);
    g_array_sort (views, compare_views);
    return views;
}

void
dunlin_log_foreach_domain (DunlinLogDomainFunc func, gpointer data)
{
    g_autoptr (GArray) views = copy_domains ();

    for (guint i = 0; i < views->len; i++) {
        DomainView *view = &g_array_index (views, DomainView, i);

        func (view->name, view->level, view->overridden, data);
    }
}

gboolean
dunlin_log_limit_pass (DunlinLogLimit *self, guint *suppressed)
{
    gint64 now = dunlin_clock_now ();
    gboolean pass = FALSE;

    g_mutex_lock (&self->lock);
    if (self->used == 0 || now - self->beginning >= self->interval) {
        self->beginning = now;
        self->used = 0;
    }
    pass = self->used < self->burst;
    if (pass) {
        self->used++;
        *suppressed = self->suppressed;
        self->suppressed = 0;
    } else {
        self->suppressed++;
    }
    g_mutex_unlock (&self->lock);
    return pass;
}

/* GLib's levels. Ours are never G_LOG_LEVEL_ERROR, which would end the process. */
static const struct {
    GLogLevelFlags level;
    const char *priority; /* syslog's */
} glib_levels[DUNLIN_N_LOG_LEVELS] = {
    [DUNLIN_LOG_ERROR] = { G_LOG_LEVEL_CRITICAL, "3" },
    [DUNLIN_LOG_WARNING] = { G_LOG_LEVEL_WARNING, "4" },
    [DUNLIN_LOG_NOTICE] = { G_LOG_LEVEL_MESSAGE, "5" },
    [DUNLIN_LOG_INFO] = { G_LOG_LEVEL_INFO, "6" },
    [DUNLIN_LOG_DEBUG] = { G_LOG_LEVEL_DEBUG, "7" },
};

void
dunlin_log_write (DunlinLogSite *site, DunlinLogLevel level, DunlinLogLimit *limit,
                  const char *format, ...)
{
    g_autoptr (GString) message = NULL;
    char line[12];
    guint suppressed = 0;
    va_list arguments;

    if (limit != NULL && !dunlin_log_limit_pass (limit, &suppressed))
        return;
    message = g_string_new (NULL);
    va_start (arguments, format);
    g_string_append_vprintf (message, format, arguments);
    va_end (arguments);
    if (suppressed > 0)
        g_string_append_printf (message, " (%u such lines were left out)", suppressed);
    g_snprintf (line, sizeof line, "%d", site->line);

    const GLogField fields[] = {
        { "MESSAGE", message->str, (gssize)message->len },
        { "PRIORITY", glib_levels[level].priority, -1 },
        { "GLIB_DOMAIN", site->domain->name, -1 },
        { "CODE_FILE", site->file, -1 },
        { "CODE_LINE", line, -1 },
        { "CODE_FUNC", site->function, -1 },
        { "DUNLIN_LEVEL", dunlin_log_level_name (level), -1 },
    };
    dunlin_log_emit (glib_levels[level].level, fields, G_N_ELEMENTS (fields));
}
