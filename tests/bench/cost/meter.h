/* What is counted and when: callgrind's collection is on only while the server works in the
 * measured window. In that window time stands nearly still, so that no timer fires and every run
 * takes the same way; that also counts how often the clocks are read. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the program runs under valgrind and can talk to it. */
gboolean cost_meter_is_there (void);

/* Callgrind looks at every instruction from here on, which is slow; nothing is counted yet. */
void cost_meter_warm_up (void);

/* Counts, until cost_meter_pause(). */
void cost_meter_resume (void);
void cost_meter_pause (void);

/* To be called at each system call: kernel.c. */
void cost_meter_note_system_call (void);

/* How many of each there were while it counted. */
guint64 cost_meter_clock_reads (void);
guint64 cost_meter_system_calls (void);

G_END_DECLS
