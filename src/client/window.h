/* A sum over the last while, in slices that are forgotten one by one. Pure: time is an argument. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DUNLIN_WINDOW_SLICES 10

/* By value; all of it is private. */
typedef struct {
    gint64 slice;   /* microseconds */
    gint64 current; /* number of the slice that is written to, since time 0 */
    gint64 total;
    gint64 sums[DUNLIN_WINDOW_SLICES];
} DunlinWindow;

/* @length: microseconds that the sum looks back; a tenth of it is how exact that is */
void dunlin_window_init (DunlinWindow *self, gint64 length, gint64 now);
void dunlin_window_add (DunlinWindow *self, gint64 n, gint64 now);
gint64 dunlin_window_sum (DunlinWindow *self, gint64 now);

G_END_DECLS
