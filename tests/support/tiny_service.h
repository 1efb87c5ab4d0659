/* A service without an IDL: hand-made stubs, for tests of the engine below the generated code. */
#pragma once

#include "rpc/service.h"

G_BEGIN_DECLS

/* ping() -> "pong"; echo(1: string); sleep(1: i32 ms) -> "slept"; fail(1: string kind) with kinds
 * undeclared, nack, none, false, declared, "code N" of DUNLIN_ERROR; oneway note(); count_notes()
 * -> how many as text; big(1: i32 n) -> so many letters, a to w in turn; block(1: i32 ms) holds its
 * loop; context() -> what the call tells its handler. */
extern const DunlinServiceInfo tiny_service;

/* Returns: (transfer full): a handler for it (any object will do). */
GObject *tiny_handler_new (void);

/* Calls of sleep() that ended because they were cancelled, since the start. */
int tiny_cancelled (void);

G_END_DECLS
