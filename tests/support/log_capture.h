/* What was logged, so that a test can ask for it. Warnings do not end the test. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From now on log lines are kept (and shown by --verbose). Once, after g_test_init(). */
void test_log_capture (void);

/* How many lines of at least @level ("warning": G_LOG_LEVEL_WARNING) hold @text. */
guint test_log_count (GLogLevelFlags level, const char *text);
void test_log_clear (void);

G_END_DECLS
