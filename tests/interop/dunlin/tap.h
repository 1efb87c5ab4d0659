/* Test points on standard output, as every caller of the interop suites prints them. */
#pragma once

#include <glib.h>

/* A case: FALSE with @error when something is not as it should be. */
typedef gboolean (*CallerCase) (gpointer data, GError **error);

/* Runs @body and prints how it went; the name is "client | transport | protocol | security | case",
 * of which @group is all but the last. */
void caller_point (const char *group, const char *name, CallerCase body, gpointer data);

void caller_note (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Fails a case. Returns: FALSE. */
gboolean caller_wrong (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Prints the plan and the sum. Returns: the exit code. */
int caller_end (void);
