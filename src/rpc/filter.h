/* "Your server as a function": a filter is a function around the rest of the chain. */
#pragma once

#include "rpc/call.h"

G_BEGIN_DECLS

typedef struct DunlinChain DunlinChain;

/* @innermost is what the last filter's next is: the processor. */
DunlinChain *dunlin_chain_new (void (*innermost) (DunlinCall *call));
/* Further in than all before. Before the loops start. @name is static text. */
void dunlin_chain_add (DunlinChain *self, const char *name, DunlinFilterFunc func, gpointer data,
                       GDestroyNotify destroy);
void dunlin_chain_run (DunlinChain *self, DunlinCall *call);
void dunlin_chain_free (DunlinChain *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinChain, dunlin_chain_free)

G_END_DECLS
