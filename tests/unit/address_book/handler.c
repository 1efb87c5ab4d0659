/* The handler: what callers send and get, as Thrift objects, and which exception they see. */
#include "address_book/handler.h"

#include "address_book/sqlite_store.h"

typedef struct {
    BookHandler *handler;
    AddressBookAddressBookIf *iface; /* the same */
    GError *error;
    AddressBookNotFound *not_found;
    AddressBookAlreadyExists *exists;
    AddressBookRevisionConflict *conflict;
    AddressBookInvalidArgument *invalid;
} Case;

static void
set_up (Case *self, gconstpointer data)
{
    self->handler = book_handler_new (book_new (sqlite_store_open ("", NULL)));
    self->iface = ADDRESS_BOOK_ADDRESS_BOOK_IF (self->handler);
}

static void
tear_down (Case *self, gconstpointer data)
{
    g_assert_no_error (self->error);
    g_clear_object (&self->not_found);
    g_clear_object (&self->exists);
    g_clear_object (&self->conflict);
    g_clear_object (&self->invalid);
    g_assert_finalize_object (self->handler);
}

static AddressBookContact *
contact_with (const char *given, const char *email)
{
    AddressBookContact *contact = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);

    contact->name->given = g_strdup (given);
    if (email != NULL)
        g_ptr_array_add (contact->emails, g_strdup (email));
    return contact;
}

static AddressBookPhone *
phone (AddressBookPhoneKind kind, const char *number)
{
    AddressBookPhone *self = g_object_new (ADDRESS_BOOK_TYPE_PHONE, NULL);

    self->kind = kind;
    self->number = g_strdup (number);
    return self;
}

static AddressBookPostalAddress *
address (void)
{
    AddressBookPostalAddress *self = g_object_new (ADDRESS_BOOK_TYPE_POSTAL_ADDRESS, NULL);

    self->kind = ADDRESS_BOOK_ADDRESS_KIND_WORK;
    g_ptr_array_add (self->lines, g_strdup ("Watt 1"));
    self->city = g_strdup ("Büsum");
    self->region = g_strdup ("Holstein");
    self->country = g_strdup ("DE");
    return self;
}

static AddressBookContact *
create (Case *self, const AddressBookContact *contact)
{
    AddressBookContact *result = NULL;

    address_book_address_book_handler_create (self->iface, &result, contact, &self->exists,
                                              &self->invalid, &self->error);
    return result;
}

static AddressBookContact *
get (Case *self, gint64 id)
{
    AddressBookContact *result = NULL;

    address_book_address_book_handler_get (self->iface, &result, id, &self->not_found,
                                           &self->error);
    return result;
}

static AddressBookContact *
update (Case *self, const AddressBookContact *contact)
{
    AddressBookContact *result = NULL;

    address_book_address_book_handler_update (self->iface, &result, contact, &self->not_found,
                                              &self->exists, &self->conflict, &self->invalid,
                                              &self->error);
    return result;
}

static void
every_field_comes_back (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = contact_with ("Zoë", "zoe@example.org");
    g_autoptr (AddressBookContact) created = NULL;
    g_autoptr (AddressBookContact) found = NULL;
    const AddressBookPhone *first;
    const AddressBookPostalAddress *home;

    contact->name->nickname = g_strdup ("Z");
    contact->notes = g_strdup ("n");
    g_ptr_array_add (contact->phones, phone (ADDRESS_BOOK_PHONE_KIND_FAX, "112"));
    g_ptr_array_add (contact->addresses, address ());
    g_hash_table_add (contact->labels, g_strdup ("waders"));
    created = create (self, contact);
    found = get (self, created->id);
    g_assert_true (found->__isset_id && found->__isset_created_ms && found->__isset_updated_ms);
    g_assert_cmpint (found->revision, ==, 1);
    g_assert_cmpstr (found->name->given, ==, "Zoë");
    g_assert_cmpstr (found->name->family, ==, "");
    g_assert_cmpstr (found->name->nickname, ==, "Z");
    g_assert_true (found->name->__isset_nickname);
    g_assert_cmpstr (found->notes, ==, "n");
    g_assert_cmpstr (g_ptr_array_index (found->emails, 0), ==, "zoe@example.org");
    first = g_ptr_array_index (found->phones, 0);
    g_assert_cmpint (first->kind, ==, ADDRESS_BOOK_PHONE_KIND_FAX);
    g_assert_cmpstr (first->number, ==, "112");
    home = g_ptr_array_index (found->addresses, 0);
    g_assert_cmpint (home->kind, ==, ADDRESS_BOOK_ADDRESS_KIND_WORK);
    g_assert_cmpstr (g_ptr_array_index (home->lines, 0), ==, "Watt 1");
    g_assert_cmpstr (home->city, ==, "Büsum");
    g_assert_cmpstr (home->region, ==, "Holstein");
    g_assert_cmpstr (home->country, ==, "DE");
    g_assert_true (g_hash_table_contains (found->labels, "waders"));
}

static void
what_is_unset_stays_unset (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = contact_with ("a", NULL);
    g_autoptr (AddressBookContact) created = create (self, contact);

    g_assert_false (created->name->__isset_middle);
    g_assert_false (created->__isset_organisation);
    g_assert_false (created->__isset_notes);
    g_assert_false (created->__isset_last_used_ms);
}

static void
an_empty_contact_is_an_invalid_argument (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);

    g_assert_null (create (self, contact));
    g_assert_cmpstr (self->invalid->field, ==, "contact.name");
    g_assert_nonnull (self->invalid->message);
}

static void
empty_parts_are_invalid_arguments (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = contact_with ("a", NULL);

    g_ptr_array_add (contact->phones, g_object_new (ADDRESS_BOOK_TYPE_PHONE, NULL));
    g_assert_null (create (self, contact));
    g_assert_cmpstr (self->invalid->field, ==, "contact.phones[0].kind");
    g_clear_object (&self->invalid);
    g_ptr_array_set_size (contact->phones, 0);
    g_ptr_array_add (contact->addresses, g_object_new (ADDRESS_BOOK_TYPE_POSTAL_ADDRESS, NULL));
    g_assert_null (create (self, contact));
    g_assert_cmpstr (self->invalid->field, ==, "contact.addresses[0].kind");
}

static void
a_taken_email_already_exists (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = contact_with ("a", "a@example.org");
    g_autoptr (AddressBookContact) created = create (self, contact);

    g_assert_null (create (self, contact));
    g_assert_cmpstr (self->exists->email, ==, "a@example.org");
    g_assert_cmpint (self->exists->id, ==, created->id);
    g_assert_nonnull (self->exists->message);
}

static void
who_comes_second_has_a_conflict (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = contact_with ("a", NULL);
    g_autoptr (AddressBookContact) created = create (self, contact);
    g_autoptr (AddressBookContact) updated = update (self, created);

    g_assert_cmpint (updated->revision, ==, 2);
    g_assert_null (update (self, created));
    g_assert_cmpint (self->conflict->id, ==, created->id);
    g_assert_cmpint (self->conflict->current_revision, ==, 2);
    g_assert_nonnull (self->conflict->message);
    g_clear_object (&self->conflict);
    g_assert_false (address_book_address_book_handler_remove (
        self->iface, created->id, 1, &self->not_found, &self->conflict, &self->error));
    g_assert_cmpint (self->conflict->current_revision, ==, 2);
}

static void
who_is_not_there_is_not_found (Case *self, gconstpointer data)
{
    g_assert_null (get (self, 4711));
    g_assert_cmpint (self->not_found->id, ==, 4711);
    g_assert_nonnull (self->not_found->message);
}

static void
a_removed_contact_is_gone (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = contact_with ("a", NULL);
    g_autoptr (AddressBookContact) created = create (self, contact);

    g_assert_true (address_book_address_book_handler_remove (
        self->iface, created->id, 1, &self->not_found, &self->conflict, &self->error));
    g_assert_null (get (self, created->id));
}

static AddressBookPage *
search (Case *self, const char *cursor, gint32 limit)
{
    AddressBookPage *page = NULL;

    address_book_address_book_handler_search (self->iface, &page, "A", cursor, limit,
                                              &self->invalid, &self->error);
    return page;
}

static void
pages_follow_each_other (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = contact_with ("a", NULL);
    g_autoptr (AddressBookContact) one = create (self, contact);
    g_autoptr (AddressBookContact) two = create (self, contact);
    g_autoptr (AddressBookPage) first = search (self, "", 1);
    g_autoptr (AddressBookPage) second = search (self, first->next_cursor, 1);
    gint64 number = 0;

    g_assert_true (first->__isset_next_cursor);
    g_assert_false (second->__isset_next_cursor);
    g_assert_cmpint (((AddressBookContact *)second->contacts->pdata[0])->id, ==, two->id);
    g_assert_true (
        address_book_address_book_handler_count (self->iface, &number, "a", &self->error));
    g_assert_cmpint (number, ==, 2);
    g_assert_null (search (self, "?", 1));
    g_assert_cmpstr (self->invalid->field, ==, "cursor");
}

static void
a_batch_tells_what_is_missing (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = contact_with ("a", NULL);
    g_autoptr (AddressBookContact) created = create (self, contact);
    g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autoptr (AddressBookBatch) batch = NULL;
    gint64 missing = -7;

    g_array_append_val (ids, missing);
    g_array_append_val (ids, created->id);
    g_assert_true (address_book_address_book_handler_get_many (self->iface, &batch, ids,
                                                               &self->invalid, &self->error));
    g_assert_cmpuint (batch->contacts->len, ==, 1);
    g_assert_cmpint (g_array_index (batch->missing, gint64, 0), ==, missing);
}

static void
mark_used_shows (Case *self, gconstpointer data)
{
    g_autoptr (AddressBookContact) contact = contact_with ("a", NULL);
    g_autoptr (AddressBookContact) created = create (self, contact);
    g_autoptr (AddressBookContact) found = NULL;

    g_assert_true (
        address_book_address_book_handler_mark_used (self->iface, created->id, &self->error));
    found = get (self, created->id);
    g_assert_true (found->__isset_last_used_ms);
    g_assert_cmpint (found->last_used_ms, >=, found->created_ms);
}

#define ADD(name, func)                                                                            \
    g_test_add ("/address-book/handler/" name, Case, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    ADD ("every-field-comes-back", every_field_comes_back);
    ADD ("what-is-unset-stays-unset", what_is_unset_stays_unset);
    ADD ("an-empty-contact-is-an-invalid-argument", an_empty_contact_is_an_invalid_argument);
    ADD ("empty-parts-are-invalid-arguments", empty_parts_are_invalid_arguments);
    ADD ("a-taken-email-already-exists", a_taken_email_already_exists);
    ADD ("who-comes-second-has-a-conflict", who_comes_second_has_a_conflict);
    ADD ("who-is-not-there-is-not-found", who_is_not_there_is_not_found);
    ADD ("a-removed-contact-is-gone", a_removed_contact_is_gone);
    ADD ("pages-follow-each-other", pages_follow_each_other);
    ADD ("a-batch-tells-what-is-missing", a_batch_tells_what_is_missing);
    ADD ("mark-used-shows", mark_used_shows);
    return g_test_run ();
}
