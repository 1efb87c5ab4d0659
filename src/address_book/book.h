/* The address book itself: its rules, over any store. Knows neither Thrift nor SQL. All functions
 * may wait for the store; they fail with BOOK_ERROR (see there) or with an error of the store. */
#pragma once

#include "address_book/model.h"
#include "address_book/store.h"

G_BEGIN_DECLS

#define BOOK_DEFAULT_PAGE 50
#define BOOK_MAX_PAGE     500
#define BOOK_MAX_BATCH    500

typedef struct Book Book;

/* Some contacts of a search; @next_cursor is NULL on the last page. */
typedef struct {
    GPtrArray *contacts;
    char *next_cursor;
} Page;

/* Contacts by ids; @missing holds the ids (gint64) that there are not. */
typedef struct {
    GPtrArray *contacts;
    GArray *missing;
} Batch;

/* @store: (transfer full) */
Book *book_new (Store *store);
void book_free (Book *self);

/* @contact: (inout): what to store; becomes what is stored. INVALID, EXISTS */
gboolean book_create (Book *self, Contact *contact, GError **error);

/* Returns: (transfer full) (nullable): NOT_FOUND */
Contact *book_get (Book *self, gint64 id, GError **error);

/* @contact: (inout): as for book_create(), with the id and the revision that was read.
 * INVALID, NOT_FOUND, CONFLICT, EXISTS */
gboolean book_update (Book *self, Contact *contact, GError **error);

/* @revision: that was read; 0 for any. NOT_FOUND, CONFLICT */
gboolean book_remove (Book *self, gint64 id, gint64 revision, GError **error);

/**
 * book_search:
 * @prefix: of given name, family name, nickname or organisation, in any case; empty finds all
 * @cursor: empty for the first page, then the last page's
 * @limit: 0 for BOOK_DEFAULT_PAGE
 *
 * Returns: (transfer full) (nullable): contacts by family name, given name, id; INVALID
 */
Page *book_search (Book *self, const char *prefix, const char *cursor, int limit, GError **error);

/* Returns: how many book_search() finds in all; -1 when the store fails. */
gint64 book_count (Book *self, const char *prefix, GError **error);

/* Returns: (transfer full) (nullable): contacts in the order of @ids (of gint64), each once;
 * INVALID */
Batch *book_get_many (Book *self, const GArray *ids, GError **error);

/* Notes that the contact was made use of now; an unknown id is ignored. */
gboolean book_mark_used (Book *self, gint64 id, GError **error);

void page_free (Page *self);
void batch_free (Batch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Book, book_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Batch, batch_free)

G_END_DECLS
