/* How long to wait before the next attempt, and the one after. Pure: chance is an argument. */
#pragma once

#include "base/random.h"

G_BEGIN_DECLS

/**
 * DunlinBackoffKind:
 * @DUNLIN_BACKOFF_CONSTANT: always the first
 * @DUNLIN_BACKOFF_EXPONENTIAL: twice as long each time
 * @DUNLIN_BACKOFF_FULL_JITTER: the first, then anything up to what exponential would have
 * @DUNLIN_BACKOFF_EQUAL_JITTER: the first, then half of exponential, and up to as much again
 * @DUNLIN_BACKOFF_DECORRELATED: the first, then anything from the last to three times the last
 *
 * As Finagle's Backoff.const, exponential, exponentialJittered, equalJittered and
 * decorrelatedJittered.
 */
typedef enum {
    DUNLIN_BACKOFF_CONSTANT,
    DUNLIN_BACKOFF_EXPONENTIAL,
    DUNLIN_BACKOFF_FULL_JITTER,
    DUNLIN_BACKOFF_EQUAL_JITTER,
    DUNLIN_BACKOFF_DECORRELATED
} DunlinBackoffKind;

/**
 * DunlinBackoffOptions:
 * @first: microseconds; 0: never any wait
 * @maximum: microseconds; no wait is longer
 */
typedef struct {
    DunlinBackoffKind kind;
    gint64 first;
    gint64 maximum;
} DunlinBackoffOptions;

/* A position in it. All zeros are the beginning; so begins it anew too. */
typedef struct {
    guint attempts; /* waits given so far */
    gint64 last;
} DunlinBackoff;

/* Returns: the next wait in microseconds, from 0 to @maximum. */
gint64 dunlin_backoff_next (DunlinBackoff *self, const DunlinBackoffOptions *options,
                            DunlinRandom *random);

/* Returns: "equal jitter, 5 s to 300 s" and the like. (transfer full) */
char *dunlin_backoff_to_string (const DunlinBackoffOptions *options);

G_END_DECLS
