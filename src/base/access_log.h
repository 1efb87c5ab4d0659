/* One line a call, in the manner of web servers. Each loop gathers its lines and writes them with
 * one write, which waits for some milliseconds when the last one was just before. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The file, shared by all loops. */
typedef struct DunlinAccessLog DunlinAccessLog;
/* One thread's lines. */
typedef struct DunlinAccessWriter DunlinAccessWriter;

/* In the order of the words of the setting access-log.format. */
typedef enum { DUNLIN_ACCESS_TEXT, DUNLIN_ACCESS_JSON, DUNLIN_N_ACCESS_FORMATS } DunlinAccessFormat;

/**
 * DunlinAccessEntry:
 * @peer: (nullable): "127.0.0.1:40312"
 * @client: (nullable): the client id or the certificate's name
 * @service: (nullable): "AddressBook"
 * @method: (nullable): as the caller wrote it
 * @protocol: (nullable): "thriftmux"
 * @outcome: (nullable): "ok", or what went wrong: an exception's name, "deadline"
 * @request_bytes: of the request's body
 * @response_bytes: of the reply's body
 * @duration: microseconds
 * @trace_id_high: the upper half, 0 where ids have 64 bits
 * @trace_id: 0 and 0 for none
 * @is_static: service, method, protocol and outcome are static: the same pointer is the same text
 * @caller: (inout) (nullable): where the lines of one @peer and @client keep what tells of them;
 *   %NULL at first, g_free() it last
 *
 * All borrowed for the call. The texts may be any bytes: they are escaped and cut where they are
 * longer than anybody needs.
 */
typedef struct {
    const char *peer;
    const char *client;
    const char *service;
    const char *method;
    const char *protocol;
    const char *outcome;
    guint64 request_bytes;
    guint64 response_bytes;
    gint64 duration;
    guint64 trace_id_high;
    guint64 trace_id;
    gboolean is_static;
    gpointer *caller;
} DunlinAccessEntry;

/**
 * dunlin_access_log_new:
 * @path: a file, appended to and made where there is none; a named pipe or device; "-": standard
 *   error
 *
 * Text is one line a call:
 * |[
 * 127.0.0.1:40312 - web [21/Nov/2026:06:45:00 +0000] "AddressBook.get thriftmux" ok 25 210 385
 * 4bf92f3577b34da6
 * ]|
 * peer, client, time, method and protocol, outcome, request and reply bytes, microseconds, trace.
 *
 * Returns: (transfer full) (nullable): the log, or DUNLIN_ERROR_SETTINGS when it cannot be opened.
 */
DunlinAccessLog *dunlin_access_log_new (const char *path, DunlinAccessFormat format,
                                        GError **error);

/* Frees it; every writer must have been freed before. */
void dunlin_access_log_free (DunlinAccessLog *self);

/**
 * dunlin_access_log_reopen:
 *
 * Opens @path anew, for log rotation; the old file is used on when that fails. From any thread,
 * while others write.
 */
gboolean dunlin_access_log_reopen (DunlinAccessLog *self, GError **error);

/* Returns: lines written by all writers, and lines that the file did not take. From any thread. */
guint64 dunlin_access_log_lines (DunlinAccessLog *self);
guint64 dunlin_access_log_dropped (DunlinAccessLog *self);

/* Returns: (transfer full): a writer for the calling thread's calls. */
DunlinAccessWriter *dunlin_access_writer_new (DunlinAccessLog *log);

/* Flushes and frees. */
void dunlin_access_writer_free (DunlinAccessWriter *self);

/**
 * dunlin_access_writer_add:
 *
 * Adds a line. Nothing is written until dunlin_access_writer_flush(), unless the buffer is full.
 *
 * Returns: whether this was the first line since the last flush: the loop should then arrange
 * for a flush at the end of its wake-up.
 */
gboolean dunlin_access_writer_add (DunlinAccessWriter *self, const DunlinAccessEntry *entry);

/* Writes what was added. Lines that the file does not take (disk full) are dropped and counted. */
void dunlin_access_writer_flush (DunlinAccessWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinAccessLog, dunlin_access_log_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinAccessWriter, dunlin_access_writer_free)

G_END_DECLS
