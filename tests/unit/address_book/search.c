/* Search: what a prefix finds, in which order, and pages that neither repeat nor skip. */
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

static gint64
add (Book *book, const char *given, const char *family)
{
    g_autoptr (Contact) contact = contact_named (given, family);
    g_autoptr (GError) error = NULL;

    book_create (book, contact, &error);
    g_assert_no_error (error);
    return contact->id;
}

/* What @prefix finds, as "given,given". */
static char *
found (Book *book, const char *prefix)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (Page) page = book_search (book, prefix, "", 0, &error);
    GString *names = g_string_new (NULL);

    g_assert_no_error (error);
    g_assert_cmpint (book_count (book, prefix, NULL), ==, page->contacts->len);
    for (guint i = 0; i < page->contacts->len; i++) {
        const Contact *contact = g_ptr_array_index (page->contacts, i);

        g_string_append_printf (names, "%s%s", i > 0 ? "," : "", contact->name.given);
    }
    return g_string_free (names, FALSE);
}

static void
assert_found (Book *book, const char *prefix, const char *expected)
{
    g_autofree char *names = found (book, prefix);

    g_assert_cmpstr (names, ==, expected);
}

static void
a_prefix_finds_four_fields (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (Contact) full = contact_full ();

    g_assert_true (book_create (book, full, NULL));
    add (book, "Other", "Person");
    assert_found (book, "Zo", "Zoë");
    assert_found (book, "Ångström-M", "Zoë");
    assert_found (book, "Strand", "Zoë");
    assert_found (book, "鳥", "Zoë");
    assert_found (book, "Möller", "");
    assert_found (book, "Dr", "");
    assert_found (book, "P", "Other");
}

static void
a_contact_is_found_once (void)
{
    g_autoptr (Book) book = new_book ();

    add (book, "Anna", "Andersson");
    assert_found (book, "an", "Anna");
}

static void
case_makes_no_difference (void)
{
    g_autoptr (Book) book = new_book ();

    add (book, "Élodie", "STRAẞE");
    assert_found (book, "éLO", "Élodie");
    assert_found (book, "E\xcc\x81LO", "Élodie");
    assert_found (book, "strass", "Élodie");
    assert_found (book, "elo", "");
}

static void
an_empty_prefix_finds_all (void)
{
    g_autoptr (Book) book = new_book ();

    assert_found (book, "", "");
    add (book, "A", "");
    add (book, "", "B");
    add (book, "\xf4\x8f\xbf\xbd", "C");
    assert_found (book, "", "A,,\xf4\x8f\xbf\xbd");
    assert_found (book, "\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd");
}

static void
no_character_of_a_prefix_is_special (void)
{
    g_autoptr (Book) book = new_book ();

    add (book, "a_b%c*d'e", "");
    add (book, "axbyczdde", "");
    assert_found (book, "a_b%c*d'", "a_b%c*d'e");
    assert_found (book, "%", "");
    assert_found (book, "a*", "");
}

static void
the_order_is_family_given_id (void)
{
    g_autoptr (Book) book = new_book ();

    add (book, "z", "Alpha");
    add (book, "b", "beta");
    add (book, "a", "BETA");
    add (book, "A", "Beta");
    assert_found (book, "", "z,a,A,b");
}

/* The ids of all pages of @limit contacts each; @between runs after every page. */
static GArray *
all_pages (Book *book, const char *prefix, int limit, void (*between) (Book *book))
{
    GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_autofree char *cursor = g_strdup ("");

    while (cursor != NULL) {
        g_autoptr (Page) page = book_search (book, prefix, cursor, limit, NULL);

        g_assert_cmpuint (page->contacts->len, <=, (guint)limit);
        for (guint i = 0; i < page->contacts->len; i++)
            g_array_append_val (ids, ((Contact *)g_ptr_array_index (page->contacts, i))->id);
        g_free (cursor);
        cursor = g_steal_pointer (&page->next_cursor);
        if (between != NULL)
            between (book);
    }
    return ids;
}

static void
pages_neither_repeat_nor_skip (void)
{
    g_autoptr (Book) book = new_book ();

    /* Many of the same name, so that pages end between them. */
    for (int i = 0; i < 60; i++)
        add (book, i % 3 == 0 ? "Ann" : "ann", i % 2 == 0 ? "Ä" : "ä");
    for (int limit = 1; limit < 65; limit += 7) {
        g_autoptr (GArray) ids = all_pages (book, "A", limit, NULL);

        g_assert_cmpuint (ids->len, ==, 60);
        for (guint i = 1; i < ids->len; i++)
            g_assert_cmpint (g_array_index (ids, gint64, i), >, g_array_index (ids, gint64, i - 1));
    }
}

static void
remove_the_first_and_add_another (Book *book)
{
    g_autoptr (Page) page = book_search (book, "", "", 1, NULL);
    const Contact *first = g_ptr_array_index (page->contacts, 0);

    g_assert_true (book_remove (book, first->id, 0, NULL));
    add (book, "new", "0");
}

static void
changes_between_pages_shift_nothing (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (GArray) ids = NULL;

    for (int i = 0; i < 20; i++)
        add (book, "a", "a");
    ids = all_pages (book, "", 3, remove_the_first_and_add_another);
    g_assert_cmpuint (ids->len, ==, 20);
}

static void
the_last_page_says_so (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (Page) exact = NULL;
    g_autoptr (Page) short_of_one = NULL;

    add (book, "a", "");
    add (book, "b", "");
    exact = book_search (book, "", "", 2, NULL);
    short_of_one = book_search (book, "", "", 1, NULL);
    g_assert_null (exact->next_cursor);
    g_assert_nonnull (short_of_one->next_cursor);
}

static void
assert_refused (Book *book, const char *prefix, const char *cursor, int limit, const char *field)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (book_search (book, prefix, cursor, limit, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_INVALID);
    g_assert_cmpstr (book_error_get_subject (error), ==, field);
}

static void
arguments_are_checked (void)
{
    g_autoptr (Book) book = new_book ();
    g_autoptr (Page) most = book_search (book, "", "", BOOK_MAX_PAGE, NULL);

    g_assert_nonnull (most);
    assert_refused (book, "\xff", "", 0, "prefix");
    assert_refused (book, "", "nonsense", 0, "cursor");
    assert_refused (book, "", "", -1, "limit");
    assert_refused (book, "", "", BOOK_MAX_PAGE + 1, "limit");
    g_assert_cmpint (book_count (book, "\xff", NULL), ==, 0);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/address-book/search/a-prefix-finds-four-fields", a_prefix_finds_four_fields);
    g_test_add_func ("/address-book/search/a-contact-is-found-once", a_contact_is_found_once);
    g_test_add_func ("/address-book/search/case-makes-no-difference", case_makes_no_difference);
    g_test_add_func ("/address-book/search/an-empty-prefix-finds-all", an_empty_prefix_finds_all);
    g_test_add_func ("/address-book/search/no-character-of-a-prefix-is-special",
                     no_character_of_a_prefix_is_special);
    g_test_add_func ("/address-book/search/the-order-is-family-given-id",
                     the_order_is_family_given_id);
    g_test_add_func ("/address-book/search/pages-neither-repeat-nor-skip",
                     pages_neither_repeat_nor_skip);
    g_test_add_func ("/address-book/search/changes-between-pages-shift-nothing",
                     changes_between_pages_shift_nothing);
    g_test_add_func ("/address-book/search/the-last-page-says-so", the_last_page_says_so);
    g_test_add_func ("/address-book/search/arguments-are-checked", arguments_are_checked);
    return g_test_run ();
}
