/* What the book needs of a store. An implementation fills in StoreMethods and puts Store first into
 * its own struct: see sqlite_store.c.
 *
 * All methods may be called from several fibers or threads at once; each takes effect as a whole or
 * not at all. They fail with the errors of book_error.h that are named here; any other error means
 * that the store itself has failed. */
#pragma once

#include "address_book/model.h"

G_BEGIN_DECLS

typedef struct Store Store;

/**
 * StoreMethods:
 * @insert: stores a new contact and sets its id and revision; EXISTS
 * @replace: replaces the contact with the same id, provided that its revision is the same too; sets
 *   revision, created_ms and last_used_ms to what they are now; NOT_FOUND, CONFLICT, EXISTS
 * @remove: provided that its revision is @revision; 0 stands for any; NOT_FOUND, CONFLICT
 * @load: (transfer full): the contacts with these ids (of gint64), in their order, without those
 *   that there are not
 * @search: (transfer full): the first @limit contacts behind @after (nullable) of which a name, the
 *   nickname or the organisation begins with @prefix
 * @count: how many there are without a limit; -1 on failure
 * @touch: sets last_used_ms; an unknown id is ignored
 */
typedef struct {
    gboolean (*insert) (Store *self, Contact *contact, GError **error);
    gboolean (*replace) (Store *self, Contact *contact, GError **error);
    gboolean (*remove) (Store *self, gint64 id, gint64 revision, GError **error);
    GPtrArray *(*load) (Store *self, const GArray *ids, GError **error);
    GPtrArray *(*search) (Store *self, const char *prefix, const Place *after, int limit,
                          GError **error);
    gint64 (*count) (Store *self, const char *prefix, GError **error);
    gboolean (*touch) (Store *self, gint64 id, gint64 used_ms, GError **error);
    void (*free) (Store *self);
} StoreMethods;

struct Store {
    const StoreMethods *methods;
};

static inline void
store_free (Store *self)
{
    if (self != NULL)
        self->methods->free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Store, store_free)

G_END_DECLS
