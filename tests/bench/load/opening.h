/* What is said on a connection before the first call: TTwitter's upgrade, mux's beginning. */
#pragma once

#include "bench/load/options.h"

#define LOAD_OPENING_STEPS_MAX 2

/**
 * LoadOpening:
 * @requests: (owned): with their frames; each waits for the answer to the one before
 * @answers: (owned): what the answers begin with, without their sizes
 * @n_steps: 0: nothing is said
 */
typedef struct {
    GByteArray *requests[LOAD_OPENING_STEPS_MAX];
    GByteArray *answers[LOAD_OPENING_STEPS_MAX];
    guint n_steps;
} LoadOpening;

void load_opening_init (LoadOpening *self, const LoadOptions *options);
void load_opening_clear (LoadOpening *self);

/* Whether the server agrees. @frame: its answer to @step, without the size */
gboolean load_opening_check (const LoadOpening *self, guint step, const guint8 *frame, gsize n);
