/* Random numbers for decisions that nobody may guess by habit but anybody may repeat: spread,
 * jitter, probes. Not for secrets. A generator belongs to one thread; a seed gives the same numbers
 * again. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* By value; all of it is private. */
typedef struct {
    guint64 words[4];
} DunlinRandom;

/* Numbers that the same @seed gives again: for tests. */
void dunlin_random_init_with_seed (DunlinRandom *self, guint64 seed);

/* Numbers that nothing else gives. */
void dunlin_random_init (DunlinRandom *self);

/* Returns: 64 even bits. */
guint64 dunlin_random_next (DunlinRandom *self);

/* Returns: 0 to @n - 1, each as likely; @n is at least 1. */
guint64 dunlin_random_below (DunlinRandom *self, guint64 n);

/* Returns: from 0 to below 1. */
double dunlin_random_fraction (DunlinRandom *self);

G_END_DECLS
