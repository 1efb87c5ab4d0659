/* The access log's file and its writers. One descriptor for all: reopening replaces what it names
 * (dup3 is atomic), so writers need no lock and no message. */
#define G_LOG_DOMAIN "dunlin-access-log"
#include "base/access_log.h"

#include "base/access_line.h"
#include "base/error.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A few hundred lines: what a busy wake-up brings. */
#define BUFFER_SIZE (64 * 1024)

/* Middles of lines that are kept: a service's methods, mostly with one outcome. */
#define N_MIDDLES 64

struct DunlinAccessLog {
    char *path;
    DunlinAccessFormat format;
    int fd;
    guint64 lines;   /* atomic; once a flush */
    guint64 dropped; /* atomic */
};

/**
 * DunlinAccessWriter:
 * @log: (not owned): outlives its writers by contract
 * @torn: the last write ended inside a line
 * @second: what @time says
 * @middles: by the method's address, of one format
 */
struct DunlinAccessWriter {
    DunlinAccessLog *log;
    gsize length;
    guint n_lines;
    gboolean torn;
    gint64 second;
    char time[DUNLIN_ACCESS_TIME_MAX];
    DunlinAccessMiddle middles[N_MIDDLES];
    char buffer[BUFFER_SIZE];
};

static gboolean
is_stderr (const char *path)
{
    return g_str_equal (path, "-");
}

/* Not blocking: matters for a named pipe only, which must not hold up a loop. */
static int
open_file (const char *path, GError **error)
{
    int fd =
        is_stderr (path)
            ? fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
            : open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640);

    if (fd < 0)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "access log %s: %s", path,
                     g_strerror (errno));
    return fd;
}

DunlinAccessLog *
dunlin_access_log_new (const char *path, DunlinAccessFormat format, GError **error)
{
    DunlinAccessLog *self = NULL;
    int fd = -1;

    g_return_val_if_fail (path != NULL && format < DUNLIN_N_ACCESS_FORMATS, NULL);

    fd = open_file (path, error);
    if (fd < 0)
        return NULL;
    self = g_new0 (DunlinAccessLog, 1);
    self->path = g_strdup (path);
    self->format = format;
    self->fd = fd;
    return self;
}

void
dunlin_access_log_free (DunlinAccessLog *self)
{
    if (self == NULL)
        return;
    close (self->fd);
    g_free (self->path);
    g_free (self);
}

gboolean
dunlin_access_log_reopen (DunlinAccessLog *self, GError **error)
{
    gboolean replaced = FALSE;
    int fd = -1;

    if (is_stderr (self->path))
        return TRUE;
    fd = open_file (self->path, error);
    if (fd < 0)
        return FALSE;
    replaced = dup3 (fd, self->fd, O_CLOEXEC) >= 0;
    if (!replaced)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "access log %s: %s", self->path,
                     g_strerror (errno));
    close (fd);
    return replaced;
}

guint64
dunlin_access_log_lines (DunlinAccessLog *self)
{
    return __atomic_load_n (&self->lines, __ATOMIC_RELAXED);
}

guint64
dunlin_access_log_dropped (DunlinAccessLog *self)
{
    return __atomic_load_n (&self->dropped, __ATOMIC_RELAXED);
}

DunlinAccessWriter *
dunlin_access_writer_new (DunlinAccessLog *log)
{
    DunlinAccessWriter *self = g_new (DunlinAccessWriter, 1);

    self->log = log;
    self->length = 0;
    self->n_lines = 0;
    self->torn = FALSE;
    self->second = -1;
    memset (self->middles, 0, sizeof self->middles);
    return self;
}

void
dunlin_access_writer_free (DunlinAccessWriter *self)
{
    if (self == NULL)
        return;
    dunlin_access_writer_flush (self);
    g_free (self);
}

/* The coarse clock costs a few nanoseconds; its few milliseconds do not matter here. */
static void
refresh_time (DunlinAccessWriter *self)
{
    struct timespec now;

    clock_gettime (CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec == self->second)
        return;
    self->second = now.tv_sec;
    dunlin_access_time (self->log->format, self->second, self->time);
}

/* After a torn line the next begins on a line of its own. */
static void
begin_anew (DunlinAccessWriter *self)
{
    if (self->torn)
        self->buffer[self->length++] = '\n';
}

/* Texts of a table of methods lie some bytes apart. */
static DunlinAccessMiddle *
middle_of (DunlinAccessWriter *self, const DunlinAccessEntry *entry)
{
    guintptr at = (guintptr)entry->method ^ (guintptr)entry->protocol >> 3;

    return entry->is_static ? &self->middles[(at ^ at >> 6) % N_MIDDLES] : NULL;
}

gboolean
dunlin_access_writer_add (DunlinAccessWriter *self, const DunlinAccessEntry *entry)
{
    gboolean first = FALSE;

    if (BUFFER_SIZE - self->length < DUNLIN_ACCESS_LINE_MAX + 1)
        dunlin_access_writer_flush (self);
    first = self->length == 0;
    if (first) {
        refresh_time (self);
        begin_anew (self);
    }
    self->length += dunlin_access_line (self->log->format, entry, self->time,
                                        middle_of (self, entry), self->buffer + self->length);
    self->n_lines++;
    return first;
}

static guint
count_lines (const char *bytes, gsize length)
{
    guint n = 0;

    for (gsize i = 0; i < length; i++)
        n += bytes[i] == '\n';
    return n;
}

/* Counts what the file took and what it did not; whatever was torn before begins the buffer. */
static void
drop (DunlinAccessWriter *self, gsize written, int reason)
{
    static DunlinLogLimit limit = DUNLIN_LOG_LIMIT (1, 10 * G_USEC_PER_SEC);
    guint taken = count_lines (self->buffer, written);
    guint lost = 0;

    if (self->torn && written > 0)
        taken--;
    if (written > 0)
        self->torn = self->buffer[written - 1] != '\n';
    lost = self->n_lines - taken;
    __atomic_fetch_add (&self->log->dropped, lost, __ATOMIC_RELAXED);
    __atomic_fetch_add (&self->log->lines, taken, __ATOMIC_RELAXED);
    dunlin_log_limited (DUNLIN_LOG_WARNING, &limit, "access log %s: %s: %u lines were dropped",
                        self->log->path, g_strerror (reason), lost);
}

void
dunlin_access_writer_flush (DunlinAccessWriter *self)
{
    gsize written = 0;

    if (self->length == 0)
        return;
    while (written < self->length) {
        gssize n = write (self->log->fd, self->buffer + written, self->length - written);

        if (n > 0)
            written += (gsize)n;
        else if (n == 0 || errno != EINTR)
            break;
    }
    if (written < self->length) {
        drop (self, written, errno);
    } else {
        self->torn = FALSE;
        __atomic_fetch_add (&self->log->lines, self->n_lines, __ATOMIC_RELAXED);
    }
    self->length = 0;
    self->n_lines = 0;
}
