/* Values of EveryType that are worth a round trip, and how two of them are compared. */
#pragma once

#include "conformance_autoptr.h"

/**
 * CallerValue:
 * @name: what is special about it; static
 * @make: (transfer full): makes it
 */
typedef struct {
    const char *name;
    ConformanceEveryType *(*make) (void);
} CallerValue;

extern const CallerValue caller_values[];
extern const gsize caller_n_values;

/* Returns: (transfer full): any generated object as text; the same for two that are equal, in
 * whatever order their maps and sets are kept. */
char *caller_text (gpointer object);
