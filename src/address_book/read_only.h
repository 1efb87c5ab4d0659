/* A filter: what a service may put around its own methods. */
#pragma once

#include "dunlin.h"

G_BEGIN_DECLS

/* Refuses the calls that would change the book. */
void read_only_filter (DunlinCall *call, const DunlinNext *next, gpointer data);

G_END_DECLS
