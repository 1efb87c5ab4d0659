/* The table of tags in use. */
#include "server/tag_table.h"

/* Tags below this live in the array, 16 KiB at most. */
#define LOW_TAGS   2048u
#define FIRST_TAGS 16u

DunlinCall *
dunlin_tag_table_find (const DunlinTagTable *self, guint32 tag)
{
    if (tag < self->n_low)
        return self->low[tag];
    if (tag < LOW_TAGS || self->high == NULL)
        return NULL;
    return g_hash_table_lookup (self->high, GUINT_TO_POINTER (tag));
}

static void
grow_low (DunlinTagTable *self, guint32 tag)
{
    guint n = MAX (self->n_low, FIRST_TAGS);

    while (n <= tag)
        n *= 2;
    self->low = g_renew (DunlinCall *, self->low, n);
    memset (self->low + self->n_low, 0, (n - self->n_low) * sizeof *self->low);
    self->n_low = n;
}

void
dunlin_tag_table_insert (DunlinTagTable *self, guint32 tag, DunlinCall *call)
{
    if (tag < LOW_TAGS) {
        if (tag >= self->n_low)
            grow_low (self, tag);
        self->low[tag] = call;
        return;
    }
    if (self->high == NULL)
        self->high = g_hash_table_new (NULL, NULL);
    g_hash_table_insert (self->high, GUINT_TO_POINTER (tag), call);
}

void
dunlin_tag_table_remove (DunlinTagTable *self, guint32 tag)
{
    if (tag < self->n_low)
        self->low[tag] = NULL;
    else if (self->high != NULL)
        g_hash_table_remove (self->high, GUINT_TO_POINTER (tag));
}

void
dunlin_tag_table_clear (DunlinTagTable *self)
{
    g_free (self->low);
    g_clear_pointer (&self->high, g_hash_table_unref);
    *self = (DunlinTagTable){ 0 };
}
