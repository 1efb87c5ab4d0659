/* Text from elsewhere, made harmless for a log line or JSON. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dunlin_escape_text:
 * @text: any bytes
 * @limit: at most so many of them; the rest is counted
 *
 * Appends @text so that it stays on its line and does nothing to a terminal: control characters,
 * backslashes, bytes that are no UTF-8, and characters that turn the direction of writing, as \n,
 * \\, \x1b, \u202e.
 */
void dunlin_escape_text (GString *out, const char *text, gsize length, gsize limit);

/* Appends @text as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. */
void dunlin_escape_json (GString *out, const char *text, gsize length, gsize limit);

G_END_DECLS
