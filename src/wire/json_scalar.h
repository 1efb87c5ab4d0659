/* Thrift's scalars as JSON writes them, exact both ways. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    DUNLIN_INTEGER_OK,
    DUNLIN_INTEGER_IS_NONE,
    DUNLIN_INTEGER_OUT_OF_RANGE
} DunlinInteger;

/* Digits, with '-' in front or not: not 1.0, not 1e3, not 007. @bits: 8, 16, 32 or 64. */
DunlinInteger dunlin_json_read_integer (const char *text, gsize length, int bits, gint64 *value);

/* A number as JSON has it, or NaN, Infinity, -Infinity. FALSE also when it is too large for a
 * double. */
gboolean dunlin_json_read_double (const char *text, gsize length, double *value);

/* Base64 (RFC 4648, section 4) in its one spelling, with padding.
 * Returns: (transfer full) (nullable): the bytes, or %NULL. */
guint8 *dunlin_json_read_base64 (const char *text, gsize length, gsize *n);

/* The shortest decimal that reads back as the same double. NaN and infinities: without quotes. */
void dunlin_json_append_double (GString *out, double value);

void dunlin_json_append_base64 (GString *out, const guint8 *data, gsize n);

G_END_DECLS
