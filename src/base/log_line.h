/* How a log line looks: a message taken apart, and its forms. Inside of log only. */
#pragma once

#include "base/log.h"

G_BEGIN_DECLS

/**
 * DunlinLogRecord:
 *
 * A message taken apart. All borrowed from GLib's fields.
 */
typedef struct {
    DunlinLogLevel level;
    const char *message;
    gsize message_length;
    const char *domain;
    const char *file;
    const char *line;
    gboolean ours; /* from dunlin_log_*(), whose level was looked at already */
    gboolean old_api;
    const GLogField *fields;
    gsize n_fields;
    DunlinLogContext context;
} DunlinLogRecord;

/* What a line says of the running call. */
typedef struct {
    const char *key;   /* the journal's */
    const char *name;  /* of text and JSON */
    const char *value; /* "" or NULL: not said */
} DunlinLogPair;

#define DUNLIN_LOG_N_PAIRS 6

/* Returns: how many of @pairs the context has something for; those come first. */
gsize dunlin_log_pairs (const DunlinLogContext *context, DunlinLogPair pairs[DUNLIN_LOG_N_PAIRS]);

/* Append the line, its newline included. @coloured is for a terminal, which gets a short time. */
void dunlin_log_line_text (GString *out, const DunlinLogRecord *record, gboolean coloured);
void dunlin_log_line_json (GString *out, const DunlinLogRecord *record);

G_END_DECLS
