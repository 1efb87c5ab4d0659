/* A thin layer: it converts what Thrift gives, calls the book, and converts what comes back. Each
 * call has a fiber of its own, so the code just waits where it has to wait. What the framework
 * promises about arguments and results is said in address_book_stub.h. */
#include "address_book/handler.h"

#include "address_book/convert.h"
#include "address_book/exceptions.h"

G_STATIC_ASSERT (BOOK_DEFAULT_PAGE == ADDRESS_BOOK_DEFAULT_PAGE);
G_STATIC_ASSERT (BOOK_MAX_PAGE == ADDRESS_BOOK_MAX_PAGE);
G_STATIC_ASSERT (BOOK_MAX_BATCH == ADDRESS_BOOK_MAX_BATCH);

struct _BookHandler {
    AddressBookAddressBookHandler parent;
    Book *book; /* owned */
};

G_DEFINE_FINAL_TYPE (BookHandler, book_handler, ADDRESS_BOOK_TYPE_ADDRESS_BOOK_HANDLER)

static Book *
book_of (AddressBookAddressBookIf *iface)
{
    return BOOK_HANDLER (iface)->book;
}

static gboolean
create (AddressBookAddressBookIf *iface, AddressBookContact **result,
        const AddressBookContact *contact, AddressBookAlreadyExists **exists,
        AddressBookInvalidArgument **invalid, GError **error)
{
    g_autoptr (Contact) model = contact_from_thrift (contact);
    GError *problem = NULL;

    if (!book_create (book_of (iface), model, &problem))
        return throw (problem, (Declared){ .exists = exists, .invalid = invalid }, error);
    *result = contact_to_thrift (model);
    return TRUE;
}

static gboolean
get (AddressBookAddressBookIf *iface, AddressBookContact **result, const gint64 id,
     AddressBookNotFound **not_found, GError **error)
{
    GError *problem = NULL;
    g_autoptr (Contact) model = book_get (book_of (iface), id, &problem);

    if (model == NULL)
        return throw (problem, (Declared){ .not_found = not_found }, error);
    *result = contact_to_thrift (model);
    return TRUE;
}

static gboolean
update (AddressBookAddressBookIf *iface, AddressBookContact **result,
        const AddressBookContact *contact, AddressBookNotFound **not_found,
        AddressBookAlreadyExists **exists, AddressBookRevisionConflict **conflict,
        AddressBookInvalidArgument **invalid, GError **error)
{
    g_autoptr (Contact) model = contact_from_thrift (contact);
    GError *problem = NULL;

    if (!book_update (book_of (iface), model, &problem))
        return throw (problem, (Declared){ not_found, exists, conflict, invalid }, error);
    *result = contact_to_thrift (model);
    return TRUE;
}

static gboolean
remove_contact (AddressBookAddressBookIf *iface, const gint64 id, const gint64 revision,
                AddressBookNotFound **not_found, AddressBookRevisionConflict **conflict,
                GError **error)
{
    GError *problem = NULL;

    if (!book_remove (book_of (iface), id, revision, &problem))
        return throw (problem, (Declared){ .not_found = not_found, .conflict = conflict }, error);
    return TRUE;
}

static gboolean
search (AddressBookAddressBookIf *iface, AddressBookPage **result, const gchar *prefix,
        const gchar *cursor, const gint32 limit, AddressBookInvalidArgument **invalid,
        GError **error)
{
    GError *problem = NULL;
    g_autoptr (Page) page = book_search (book_of (iface), prefix, cursor, limit, &problem);

    if (page == NULL)
        return throw (problem, (Declared){ .invalid = invalid }, error);
    *result = g_object_new (ADDRESS_BOOK_TYPE_PAGE, NULL);
    contacts_to_thrift (page->contacts, (*result)->contacts);
    (*result)->__isset_contacts = TRUE;
    (*result)->next_cursor = g_steal_pointer (&page->next_cursor);
    (*result)->__isset_next_cursor = (*result)->next_cursor != NULL;
    return TRUE;
}

static gboolean
count (AddressBookAddressBookIf *iface, gint64 *result, const gchar *prefix, GError **error)
{
    *result = book_count (book_of (iface), prefix, error);
    return *result >= 0;
}

static gboolean
get_many (AddressBookAddressBookIf *iface, AddressBookBatch **result, const GArray *ids,
          AddressBookInvalidArgument **invalid, GError **error)
{
    GError *problem = NULL;
    g_autoptr (Batch) batch = book_get_many (book_of (iface), ids, &problem);

    if (batch == NULL)
        return throw (problem, (Declared){ .invalid = invalid }, error);
    *result = g_object_new (ADDRESS_BOOK_TYPE_BATCH, NULL);
    contacts_to_thrift (batch->contacts, (*result)->contacts);
    g_array_append_vals ((*result)->missing, batch->missing->data, batch->missing->len);
    (*result)->__isset_contacts = (*result)->__isset_missing = TRUE;
    return TRUE;
}

static gboolean
mark_used (AddressBookAddressBookIf *iface, const gint64 id, GError **error)
{
    return book_mark_used (book_of (iface), id, error);
}

static void
finalize (GObject *object)
{
    book_free (BOOK_HANDLER (object)->book);
    G_OBJECT_CLASS (book_handler_parent_class)->finalize (object);
}

static void
book_handler_init (BookHandler *self)
{
}

static void
book_handler_class_init (BookHandlerClass *class)
{
    AddressBookAddressBookHandlerClass *methods = ADDRESS_BOOK_ADDRESS_BOOK_HANDLER_CLASS (class);

    G_OBJECT_CLASS (class)->finalize = finalize;
    methods->create = create;
    methods->get = get;
    methods->update = update;
    methods->remove = remove_contact;
    methods->search = search;
    methods->count = count;
    methods->get_many = get_many;
    methods->mark_used = mark_used;
}

BookHandler *
book_handler_new (Book *book)
{
    BookHandler *self = g_object_new (BOOK_TYPE_HANDLER, NULL);

    self->book = book;
    return self;
}
