/* The steps of a check as they are told: what was done, how it went, how long it took. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CliSteps:
 * @begun: when the present step began
 * @faults: how many failed
 * @warnings: how many went well, but not for long
 */
typedef struct {
    gboolean colours;
    gint64 begun;
    guint faults;
    guint warnings;
} CliSteps;

/* What the next step is about: an address, a member. */
void cli_steps_title (CliSteps *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The time of the step that is told next counts from here. */
void cli_steps_begin (CliSteps *self);

void cli_steps_well (CliSteps *self, const char *name, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void cli_steps_warn (CliSteps *self, const char *name, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* @remedy: (nullable): what to do about it. Frees @error. */
void cli_steps_fault (CliSteps *self, const char *name, GError *error, const char *remedy);

/* A line below a step. */
void cli_steps_note (CliSteps *self, const char *name, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

G_END_DECLS
