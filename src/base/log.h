/* Structured logging over g_log_structured: text for a terminal, JSON lines, or the journal; a
 * level per domain that may change at any time; the running call's names on every line. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Higher says more. A domain at INFO writes ERROR to INFO. */
typedef enum {
    DUNLIN_LOG_OFF,
    DUNLIN_LOG_ERROR,
    DUNLIN_LOG_WARNING,
    DUNLIN_LOG_NOTICE,
    DUNLIN_LOG_INFO,
    DUNLIN_LOG_DEBUG,
    DUNLIN_N_LOG_LEVELS
} DunlinLogLevel;

/* In the order of the words of the setting log.format. */
typedef enum {
    DUNLIN_LOG_FORMAT_AUTO,
    DUNLIN_LOG_FORMAT_TEXT,
    DUNLIN_LOG_FORMAT_JSON,
    DUNLIN_LOG_FORMAT_JOURNALD,
    DUNLIN_N_LOG_FORMATS
} DunlinLogFormat;

typedef struct DunlinLogDomain DunlinLogDomain;

/* A place in the source that logs; the macros below make one each. */
typedef struct {
    const char *domain_name;
    const char *file;
    int line;
    const char *function;
    DunlinLogDomain *domain; /* atomic; found at the first use */
} DunlinLogSite;

/**
 * dunlin_log_error:
 *
 * Logs one line, printf-like; dunlin_log_warning(), _notice(), _info() and _debug() likewise. The
 * domain is G_LOG_DOMAIN ("dunlin-tls"), to be defined before the includes. Unlike g_error() none
 * of them ends the process, whatever G_DEBUG says: they tell of the world, not of mistakes in the
 * program. The arguments are evaluated only where the level is on.
 */
#define dunlin_log_error(...)   dunlin_log_at (DUNLIN_LOG_ERROR, NULL, __VA_ARGS__)
#define dunlin_log_warning(...) dunlin_log_at (DUNLIN_LOG_WARNING, NULL, __VA_ARGS__)
#define dunlin_log_notice(...)  dunlin_log_at (DUNLIN_LOG_NOTICE, NULL, __VA_ARGS__)
#define dunlin_log_info(...)    dunlin_log_at (DUNLIN_LOG_INFO, NULL, __VA_ARGS__)
#define dunlin_log_debug(...)   dunlin_log_at (DUNLIN_LOG_DEBUG, NULL, __VA_ARGS__)

/* The same for what a peer can cause as often as it likes; @limit is a DunlinLogLimit. */
#define dunlin_log_limited(level, limit, ...) dunlin_log_at (level, limit, __VA_ARGS__)

#define dunlin_log_at(level, limit, ...)                                                           \
    G_STMT_START                                                                                   \
    {                                                                                              \
        static DunlinLogSite dunlin_log_site_ = { G_LOG_DOMAIN, __FILE__, __LINE__, __func__,      \
                                                  NULL };                                          \
        if (dunlin_log_is_on (&dunlin_log_site_, (level)))                                         \
            dunlin_log_write (&dunlin_log_site_, (level), (limit), __VA_ARGS__);                   \
    }                                                                                              \
    G_STMT_END

/**
 * DunlinLogLimit:
 * @burst: lines that pass in one interval
 * @interval: microseconds
 *
 * Lets @burst lines through in each interval; the first one after that says how many were left
 * out. Static: `static DunlinLogLimit limit = DUNLIN_LOG_LIMIT (5, 10 * G_USEC_PER_SEC);`
 */
typedef struct {
    int burst;
    gint64 interval;
    GMutex lock;      /* private, as all below */
    gint64 beginning; /* of the present interval */
    int used;
    guint suppressed;
} DunlinLogLimit;

#define DUNLIN_LOG_LIMIT(burst, interval)                                                          \
    {                                                                                              \
        (burst), (interval), { 0 }, 0, 0, 0                                                        \
    }

/**
 * dunlin_log_limit_pass:
 * @suppressed: (out): how many did not pass before this one
 *
 * Returns: whether a line may be written now. Thread-safe.
 */
gboolean dunlin_log_limit_pass (DunlinLogLimit *self, guint *suppressed);

/* Behind the macros. */
struct DunlinLogDomain {
    const char *name;
    int level; /* atomic */
};
DunlinLogDomain *dunlin_log_find_domain (const char *name);
void dunlin_log_emit (GLogLevelFlags flags, const GLogField *fields, gsize n_fields);
void dunlin_log_write (DunlinLogSite *site, DunlinLogLevel level, DunlinLogLimit *limit,
                       const char *format, ...) G_GNUC_PRINTF (4, 5);

static inline gboolean
dunlin_log_is_on (DunlinLogSite *site, DunlinLogLevel level)
{
    DunlinLogDomain *domain = __atomic_load_n (&site->domain, __ATOMIC_ACQUIRE);

    if (G_UNLIKELY (domain == NULL)) {
        domain = dunlin_log_find_domain (site->domain_name);
        __atomic_store_n (&site->domain, domain, __ATOMIC_RELEASE);
    }
    return (int)level <= __atomic_load_n (&domain->level, __ATOMIC_RELAXED);
}

/**
 * dunlin_log_init:
 * @format: AUTO: the journal where standard error is connected to it, text on a terminal, else JSON
 *
 * Makes GLib's messages (g_warning() and friends, of every library) go the same way. May be called
 * again to change the format. Not in a program that has given GLib a writer function of its own,
 * since GLib takes only one. Without it our own lines still come, in the format AUTO.
 */
void dunlin_log_init (DunlinLogFormat format);

/**
 * dunlin_log_set_levels:
 * @levels: "info", or "dunlin-tls=debug,info": the last plain word is the level of all others;
 *   "dunlin=debug" covers every domain that begins with "dunlin-"
 *
 * Replaces every level. From any thread.
 */
gboolean dunlin_log_set_levels (const char *levels, GError **error);

/* Whether dunlin_log_set_levels() would take it. */
gboolean dunlin_log_levels_valid (const char *levels);

/**
 * dunlin_log_set_level:
 * @domain: (nullable): a domain or the beginning of several; %NULL: all that have no other
 * @level: from now on; -1 removes what was said of @domain
 */
void dunlin_log_set_level (const char *domain, int level);
DunlinLogLevel dunlin_log_get_level (const char *domain);

/* Calls @func for every domain that has logged or been given a level, sorted. */
typedef void (*DunlinLogDomainFunc) (const char *domain, DunlinLogLevel level, gboolean overridden,
                                     gpointer data);
void dunlin_log_foreach_domain (DunlinLogDomainFunc func, gpointer data);

/* Returns: (nullable): "error", "warning", "notice", "info", "debug", "off". */
const char *dunlin_log_level_name (DunlinLogLevel level);

/* Returns: the level of that name, or -1. */
int dunlin_log_level_by_name (const char *name);

/**
 * DunlinLogContext:
 *
 * What is running on the calling thread; empty text and %NULL for nothing. Borrowed until the
 * provider is asked again.
 */
typedef struct {
    const char *service;
    const char *method;
    const char *client;
    const char *peer;
    char trace_id[33];
    char span_id[17];
} DunlinLogContext;

/* @provider fills a zeroed context; called on the thread that logs, for every line. */
typedef void (*DunlinLogContextFunc) (DunlinLogContext *context);
void dunlin_log_set_context_provider (DunlinLogContextFunc provider);

/**
 * dunlin_log_set_sink:
 * @sink: (nullable): gets each finished line (with its newline) instead of standard error; %NULL:
 *   standard error again
 *
 * For tests and for programs that keep their logs elsewhere. Called from any thread.
 */
typedef void (*DunlinLogSink) (DunlinLogLevel level, const char *line, gsize length, gpointer data);
void dunlin_log_set_sink (DunlinLogSink sink, gpointer data);

/* Returns: lines that standard error did not take. */
guint64 dunlin_log_dropped (void);

G_END_DECLS
