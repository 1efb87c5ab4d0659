/* Tags in use -> calls. Finagle's clients use the smallest free tag, so a small array holds nearly
 * all; a peer that spreads its tags over 23 bits gets a hash table. */
#pragma once

#include "rpc/call.h"

G_BEGIN_DECLS

typedef struct {
    DunlinCall **low; /* owned: indexed by tag */
    guint n_low;
    GHashTable *high; /* owned, nullable */
} DunlinTagTable;

DunlinCall *dunlin_tag_table_find (const DunlinTagTable *self, guint32 tag);
void dunlin_tag_table_insert (DunlinTagTable *self, guint32 tag, DunlinCall *call);
void dunlin_tag_table_remove (DunlinTagTable *self, guint32 tag);
void dunlin_tag_table_clear (DunlinTagTable *self);

G_END_DECLS
