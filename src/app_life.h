/* Where the process is in its life: told by the app, asked by status() and status pages. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In the order in which a process goes through them; numbered as idl/dunlin.thrift does. */
typedef enum {
    DUNLIN_LIFE_STARTING = 1,
    DUNLIN_LIFE_WARMING_UP = 2,
    DUNLIN_LIFE_ALIVE = 3,
    DUNLIN_LIFE_DRAINING = 4
} DunlinLifeState;

/* Written by the control loop, read by any thread. */
typedef struct {
    int state;       /* atomic: DunlinLifeState */
    gint64 since_ns; /* atomic: since 1970 */
} DunlinLife;

void dunlin_life_set (DunlinLife *self, DunlinLifeState state);
DunlinLifeState dunlin_life_get (DunlinLife *self, gint64 *since_ns);

G_END_DECLS
