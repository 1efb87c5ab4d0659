/* The book's rules over a real store. */
#include "address_book/book.h"

#include "address_book/book_error.h"
#include "address_book/sqlite_store.h"
#include "support/contact_values.h"

static Book *
new_book (void)
{
    g_autoptr (GError) error = NULL;
    Store *store = sqlite_store_open ("", &error);

    g_assert_no_error (error);
    return book_new (store);
}

/* Takes over @contact; returns its id. */
static gint64
add (Book *book, Contact *contact)
{
    g_autoptr (GError) error = NULL;
    gint64 id;

    book_create (book, contact, &error);
    g_assert_no_error (error);
    id = contact->id;
    contact_free (contact);
    return id;
}

static Contact *
read_back (Book *book, gint64 id)
{
    g_autoptr (GError) error = NULL;
    Contact *contact = book_get (book, id, &error);

    g_assert_no_error (error);
    return contact;
}

static void
every_field_is_kept (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (Contact) contact = contact_full ();
    g_autoptr (Contact) found = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (book_create (book, contact, &error));
    g_assert_no_error (error);
    g_assert_cmpint (contact->id, >, 0);
    g_assert_cmpint (contact->revision, ==, 1);
    g_assert_cmpint (contact->created_ms, >, 0);
    g_assert_cmpint (contact->created_ms, ==, contact->updated_ms);
    found = read_back (book, contact->id);
    assert_same_contact (contact, found);
}

static void
unset_differs_from_empty (void)
{
    g_autoptr (Book) book = new_book ();
    Contact *contact = contact_named ("a", "b");
    g_autoptr (Contact) found = NULL;

    contact->name.middle = g_strdup ("");
    found = read_back (book, add (book, contact));
    g_assert_cmpstr (found->name.middle, ==, "");
    g_assert_null (found->name.title);
    g_assert_null (found->notes);
}

static void
what_the_service_sets_is_ignored (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (Contact) contact = contact_named ("a", "b");

    contact->id = 77;
    contact->revision = 88;
    contact->created_ms = contact->updated_ms = contact->last_used_ms = 99;
    g_assert_true (book_create (book, contact, NULL));
    g_assert_cmpint (contact->id, !=, 77);
    g_assert_cmpint (contact->revision, ==, 1);
    g_assert_cmpint (contact->created_ms, >, 99);
    g_assert_cmpint (contact->last_used_ms, ==, 0);
}

static void
an_update_replaces_everything (void)
{
    g_autoptr (Book) book = new_book ();
    gint64 id = add (book, contact_full ());
    g_autoptr (Contact) before = read_back (book, id);
    g_autoptr (Contact) contact = contact_with_email ("Other", "zoe@wader.example");
    g_autoptr (Contact) found = NULL;
    g_autoptr (GError) error = NULL;

    contact->id = id;
    contact->revision = 1;
    g_assert_true (book_update (book, contact, &error));
    g_assert_no_error (error);
    g_assert_cmpint (contact->revision, ==, 2);
    g_assert_cmpint (contact->created_ms, ==, before->created_ms);
    found = read_back (book, id);
    assert_same_contact (contact, found);
}

static void
a_stale_update_is_a_conflict (void)
{
    g_autoptr (Book) book = new_book ();
    gint64 id = add (book, contact_full ());
    g_autoptr (Contact) first = read_back (book, id);
    g_autoptr (Contact) second = read_back (book, id);
    g_autoptr (Contact) found = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (book_update (book, first, NULL));
    g_assert_false (book_update (book, second, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_CONFLICT);
    g_assert_cmpint (book_error_get_id (error), ==, id);
    g_assert_cmpint (book_error_get_revision (error), ==, 2);
    found = read_back (book, id);
    assert_same_contact (first, found);
}

static void
who_is_not_there_is_not_found (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (Contact) contact = contact_named ("a", "b");
    GError *error = NULL;

    contact->id = 4711;
    contact->revision = 1;
    g_assert_null (book_get (book, 4711, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_NOT_FOUND);
    g_assert_cmpint (book_error_get_id (error), ==, 4711);
    g_clear_error (&error);
    g_assert_false (book_update (book, contact, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_NOT_FOUND);
    g_clear_error (&error);
    g_assert_false (book_remove (book, G_MININT64, 0, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_NOT_FOUND);
    g_clear_error (&error);
}

static void
remove_compares_the_revision (void)
{
    g_autoptr (Book) book = new_book ();
    gint64 id = add (book, contact_full ());
    g_autoptr (GError) error = NULL;

    g_assert_false (book_remove (book, id, 2, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_CONFLICT);
    g_assert_cmpint (book_error_get_revision (error), ==, 1);
    g_assert_true (book_remove (book, id, 1, NULL));
    g_assert_null (book_get (book, id, NULL));
}

static void
remove_without_a_revision_takes_any (void)
{
    g_autoptr (Book) book = new_book ();
    gint64 id = add (book, contact_full ());

    g_assert_true (book_remove (book, id, 0, NULL));
    g_assert_cmpint (book_count (book, "", NULL), ==, 0);
}

static void
a_removed_contact_frees_its_emails_but_not_its_id (void)
{
    g_autoptr (Book) book = new_book ();
    gint64 id = add (book, contact_full ());

    g_assert_true (book_remove (book, id, 0, NULL));
    g_assert_cmpint (add (book, contact_full ()), >, id);
}

static void
an_email_has_one_owner (void)
{
    g_autoptr (Book) book = new_book ();
    gint64 owner = add (book, contact_with_email ("a", "zoë@example.org"));
    gint64 other = add (book, contact_with_email ("b", "b@example.org"));
    g_autoptr (Contact) thief = contact_with_email ("c", "ZOË@EXAMPLE.org");
    g_autoptr (GError) error = NULL;
    g_autoptr (Contact) unchanged = NULL;

    g_assert_false (book_create (book, thief, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_EXISTS);
    g_assert_cmpstr (book_error_get_subject (error), ==, "ZOË@EXAMPLE.org");
    g_assert_cmpint (book_error_get_id (error), ==, owner);
    g_clear_error (&error);
    thief->id = other;
    thief->revision = 1;
    g_assert_false (book_update (book, thief, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_EXISTS);
    unchanged = read_back (book, other);
    g_assert_cmpint (unchanged->revision, ==, 1);
    g_assert_cmpstr (unchanged->name.given, ==, "b");
    g_assert_cmpint (book_count (book, "", NULL), ==, 2);
}

static void
a_contact_keeps_its_own_emails (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (Contact) contact = read_back (book, add (book, contact_full ()));
    g_autoptr (GError) error = NULL;

    g_ptr_array_remove_index (contact->emails, 0);
    g_assert_true (book_update (book, contact, &error));
    g_assert_no_error (error);
}

static void
what_is_not_allowed_is_not_stored (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (Contact) contact = contact_with_email ("a", "nonsense");
    g_autoptr (GError) error = NULL;

    g_assert_false (book_create (book, contact, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_INVALID);
    g_clear_error (&error);
    g_assert_false (book_update (book, contact, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_INVALID);
    g_assert_cmpint (book_count (book, "", NULL), ==, 0);
}

static void
mark_used_is_no_change (void)
{
    g_autoptr (Book) book = new_book ();
    gint64 id = add (book, contact_full ());
    g_autoptr (Contact) found = NULL;

    g_assert_true (book_mark_used (book, id, NULL));
    g_assert_true (book_mark_used (book, id + 1, NULL));
    found = read_back (book, id);
    g_assert_cmpint (found->last_used_ms, >=, found->updated_ms);
    g_assert_cmpint (found->revision, ==, 1);
}

static void
a_batch_keeps_the_order (void)
{
    g_autoptr (Book) book = new_book ();
    gint64 a = add (book, contact_named ("a", ""));
    gint64 b = add (book, contact_named ("b", ""));
    gint64 wanted[] = { b, 999, a, b, 999, -1 };
    g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autoptr (Batch) batch = NULL;

    g_array_append_vals (ids, wanted, G_N_ELEMENTS (wanted));
    batch = book_get_many (book, ids, NULL);
    g_assert_cmpuint (batch->contacts->len, ==, 2);
    g_assert_cmpint (((Contact *)g_ptr_array_index (batch->contacts, 0))->id, ==, b);
    g_assert_cmpint (((Contact *)g_ptr_array_index (batch->contacts, 1))->id, ==, a);
    g_assert_cmpuint (batch->missing->len, ==, 2);
    g_assert_cmpint (g_array_index (batch->missing, gint64, 0), ==, 999);
    g_assert_cmpint (g_array_index (batch->missing, gint64, 1), ==, -1);
}

static void
a_batch_has_bounds (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (GArray) ids = g_array_new (FALSE, TRUE, sizeof (gint64));
    g_autoptr (Batch) empty = book_get_many (book, ids, NULL);
    g_autoptr (Batch) full = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (empty->contacts->len + empty->missing->len, ==, 0);
    g_array_set_size (ids, BOOK_MAX_BATCH);
    full = book_get_many (book, ids, NULL);
    g_assert_cmpuint (full->missing->len, ==, 1);
    g_array_set_size (ids, BOOK_MAX_BATCH + 1);
    g_assert_null (book_get_many (book, ids, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_INVALID);
    g_assert_cmpstr (book_error_get_subject (error), ==, "ids");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/address-book/book/every-field-is-kept", every_field_is_kept);
    g_test_add_func ("/address-book/book/unset-differs-from-empty", unset_differs_from_empty);
    g_test_add_func ("/address-book/book/what-the-service-sets-is-ignored",
                     what_the_service_sets_is_ignored);
    g_test_add_func ("/address-book/book/an-update-replaces-everything",
                     an_update_replaces_everything);
    g_test_add_func ("/address-book/book/a-stale-update-is-a-conflict",
                     a_stale_update_is_a_conflict);
    g_test_add_func ("/address-book/book/who-is-not-there-is-not-found",
                     who_is_not_there_is_not_found);
    g_test_add_func ("/address-book/book/remove-compares-the-revision",
                     remove_compares_the_revision);
    g_test_add_func ("/address-book/book/remove-without-a-revision-takes-any",
                     remove_without_a_revision_takes_any);
    g_test_add_func ("/address-book/book/a-removed-contact-frees-its-emails-but-not-its-id",
                     a_removed_contact_frees_its_emails_but_not_its_id);
    g_test_add_func ("/address-book/book/an-email-has-one-owner", an_email_has_one_owner);
    g_test_add_func ("/address-book/book/a-contact-keeps-its-own-emails",
                     a_contact_keeps_its_own_emails);
    g_test_add_func ("/address-book/book/what-is-not-allowed-is-not-stored",
                     what_is_not_allowed_is_not_stored);
    g_test_add_func ("/address-book/book/mark-used-is-no-change", mark_used_is_no_change);
    g_test_add_func ("/address-book/book/a-batch-keeps-the-order", a_batch_keeps_the_order);
    g_test_add_func ("/address-book/book/a-batch-has-bounds", a_batch_has_bounds);
    return g_test_run ();
}
