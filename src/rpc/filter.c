/* The chain: an array that is complete before the loops start. */
#include "rpc/filter.h"

typedef struct {
    const char *name; /* static */
    DunlinFilterFunc func;
    gpointer data; /* owned when there is a destroy */
    GDestroyNotify destroy;
} Filter;

struct DunlinChain {
    GArray *filters; /* owned: of Filter */
    void (*innermost) (DunlinCall *call);
};

struct DunlinNext {
    const DunlinChain *chain; /* borrowed: outlives every call */
    guint index;
};

static void
clear_filter (gpointer data)
{
    Filter *filter = data;

    if (filter->destroy != NULL)
        filter->destroy (filter->data);
}

DunlinChain *
dunlin_chain_new (void (*innermost) (DunlinCall *call))
{
    DunlinChain *self = g_new0 (DunlinChain, 1);

    self->filters = g_array_new (FALSE, FALSE, sizeof (Filter));
    g_array_set_clear_func (self->filters, clear_filter);
    self->innermost = innermost;
    return self;
}

void
dunlin_chain_add (DunlinChain *self, const char *name, DunlinFilterFunc func, gpointer data,
                  GDestroyNotify destroy)
{
    Filter filter = { .name = name, .func = func, .data = data, .destroy = destroy };

    g_array_append_val (self->filters, filter);
}

void
dunlin_next_run (const DunlinNext *self, DunlinCall *call)
{
    const DunlinChain *chain = self->chain;
    const Filter *filter;

    if (self->index >= chain->filters->len) {
        chain->innermost (call);
        return;
    }
    filter = &g_array_index (chain->filters, Filter, self->index);
    filter->func (call, &(DunlinNext){ .chain = chain, .index = self->index + 1 }, filter->data);
}

void
dunlin_chain_run (DunlinChain *self, DunlinCall *call)
{
    dunlin_next_run (&(DunlinNext){ .chain = self, .index = 0 }, call);
}

void
dunlin_chain_free (DunlinChain *self)
{
    if (self == NULL)
        return;
    g_array_unref (self->filters);
    g_free (self);
}
