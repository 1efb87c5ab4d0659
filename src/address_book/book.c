/* The book's rules: what is checked, who sets which field, how pages and batches are cut. That one
 * of two writers loses is decided in the store, where it can be decided at one stroke. */
#include "address_book/book.h"

#include "address_book/book_error.h"
#include "address_book/check.h"
#include "address_book/cursor.h"

struct Book {
    Store *store; /* owned */
};

static gint64
now_ms (void)
{
    return g_get_real_time () / 1000;
}

Book *
book_new (Store *store)
{
    Book *self = g_new0 (Book, 1);

    self->store = store;
    return self;
}

void
book_free (Book *self)
{
    if (self == NULL)
        return;
    store_free (self->store);
    g_free (self);
}

gboolean
book_create (Book *self, Contact *contact, GError **error)
{
    if (!contact_check (contact, error))
        return FALSE;
    contact->created_ms = now_ms ();
    contact->updated_ms = contact->created_ms;
    contact->last_used_ms = 0;
    return self->store->methods->insert (self->store, contact, error);
}

Contact *
book_get (Book *self, gint64 id, GError **error)
{
    g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof id);
    g_autoptr (GPtrArray) found = NULL;

    g_array_append_val (ids, id);
    found = self->store->methods->load (self->store, ids, error);
    if (found == NULL)
        return NULL;
    if (found->len == 0) {
        book_error_not_found (error, id);
        return NULL;
    }
    return g_ptr_array_steal_index (found, 0);
}

gboolean
book_update (Book *self, Contact *contact, GError **error)
{
    if (!contact_check (contact, error))
        return FALSE;
    contact->updated_ms = now_ms ();
    return self->store->methods->replace (self->store, contact, error);
}

gboolean
book_remove (Book *self, gint64 id, gint64 revision, GError **error)
{
    return self->store->methods->remove (self->store, id, revision, error);
}

/* One more contact than fits was asked for: if it is there, there is a next page. */
static Page *
page_new (GPtrArray *contacts, guint limit)
{
    Page *self = g_new0 (Page, 1);

    self->contacts = contacts;
    if (contacts->len > limit) {
        g_autoptr (Place) last = place_of (g_ptr_array_index (contacts, limit - 1));

        self->next_cursor = cursor_encode (last);
        g_ptr_array_set_size (contacts, (int)limit);
    }
    return self;
}

Page *
book_search (Book *self, const char *prefix, const char *cursor, int limit, GError **error)
{
    g_autoptr (Place) after = NULL;
    GPtrArray *contacts;

    if (!g_utf8_validate (prefix, -1, NULL)) {
        book_error_invalid (error, "prefix", "must be UTF-8");
        return NULL;
    }
    if (limit < 0 || limit > BOOK_MAX_PAGE) {
        book_error_invalid (error, "limit", "must be from 0 to " G_STRINGIFY (BOOK_MAX_PAGE));
        return NULL;
    }
    if (cursor[0] != '\0' && (after = cursor_decode (cursor, error)) == NULL)
        return NULL;
    if (limit == 0)
        limit = BOOK_DEFAULT_PAGE;
    contacts = self->store->methods->search (self->store, prefix, after, limit + 1, error);
    return contacts != NULL ? page_new (contacts, (guint)limit) : NULL;
}

gint64
book_count (Book *self, const char *prefix, GError **error)
{
    if (!g_utf8_validate (prefix, -1, NULL))
        return 0; /* what is stored is UTF-8, so nothing begins like this */
    return self->store->methods->count (self->store, prefix, error);
}

/* Returns: (transfer full): each id once, in the order in which they come first. */
static GArray *
distinct (const GArray *ids)
{
    GArray *result = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);

    for (guint i = 0; i < ids->len; i++)
        if (g_hash_table_add (seen, &g_array_index (ids, gint64, i)))
            g_array_append_val (result, g_array_index (ids, gint64, i));
    return result;
}

/* @contacts are in the order of @ids, but there may be fewer. */
static GArray *
missing_of (const GArray *ids, const GPtrArray *contacts)
{
    GArray *missing = g_array_new (FALSE, FALSE, sizeof (gint64));
    guint found = 0;

    for (guint i = 0; i < ids->len; i++) {
        gint64 id = g_array_index (ids, gint64, i);
        const Contact *next = found < contacts->len ? g_ptr_array_index (contacts, found) : NULL;

        if (next != NULL && next->id == id)
            found++;
        else
            g_array_append_val (missing, id);
    }
    return missing;
}

Batch *
book_get_many (Book *self, const GArray *ids, GError **error)
{
    g_autoptr (GArray) once = NULL;
    GPtrArray *contacts;
    Batch *batch;

    if (ids->len > BOOK_MAX_BATCH) {
        book_error_invalid (error, "ids",
                            "must be " G_STRINGIFY (BOOK_MAX_BATCH) " at most at once");
        return NULL;
    }
    once = distinct (ids);
    contacts = self->store->methods->load (self->store, once, error);
    if (contacts == NULL)
        return NULL;
    batch = g_new0 (Batch, 1);
    batch->contacts = contacts;
    batch->missing = missing_of (once, contacts);
    return batch;
}

gboolean
book_mark_used (Book *self, gint64 id, GError **error)
{
    return self->store->methods->touch (self->store, id, now_ms (), error);
}

void
page_free (Page *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref (self->contacts);
    g_free (self->next_cursor);
    g_free (self);
}

void
batch_free (Batch *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref (self->contacts);
    g_array_unref (self->missing);
    g_free (self);
}
