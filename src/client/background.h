/* The clients' own loop: serves callers that are on no loop, and follows names. Runs on a thread of
 * its own while there is a client. Internal to client/ and discovery/dest. */
#pragma once

#include "loop/loop.h"

G_BEGIN_DECLS

/* Starts it for the first. Pairs with dunlin_background_release(). From any thread. */
DunlinLoop *dunlin_background_hold (void);

/* Ends it after the last, once everything posted has run. Not from its own thread. */
void dunlin_background_release (void);

/* Runs @func on the loop and waits for it; from its own thread it is simply called. */
void dunlin_background_run (DunlinLoopFunc func, gpointer data);

/* Runs @func on a fiber of the loop and waits for its end. Not from a loop's thread.
 * Returns: FALSE when there is no stack for one more. */
gboolean dunlin_background_run_fiber (const char *name, DunlinLoopFunc func, gpointer data,
                                      GError **error);

G_END_DECLS
