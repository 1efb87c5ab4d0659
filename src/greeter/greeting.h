/* What a greeting says: pure text, from what is known. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The hour of a time as dunlin.Base's now() has it, "2024-02-29T12:30:00...", or -1. */
int greeting_hour (const char *iso8601);

/**
 * greeting_text:
 * @hour: 0 to 23, or -1: not known
 * @name: (nullable):
 * @saying: (nullable):
 *
 * Returns: (transfer full): "Good morning, Ada! Well begun is half done."
 */
char *greeting_text (int hour, const char *name, const char *saying);

/* Returns: (transfer full) (nullable): one line of what an HTTP service gave, fit to be said. */
char *greeting_saying (const char *text);

G_END_DECLS
