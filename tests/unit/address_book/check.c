/* The rules for each field: what passes, what does not, and which field the error names. */
#include "address_book/check.h"

#include "address_book/book_error.h"
#include "support/contact_values.h"

static void
assert_passes (const Contact *contact)
{
    g_autoptr (GError) error = NULL;

    contact_check (contact, &error);
    g_assert_no_error (error);
}

static void
assert_refused (const Contact *contact, const char *field)
{
    g_autoptr (GError) error = NULL;

    g_assert_false (contact_check (contact, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_INVALID);
    g_assert_cmpstr (book_error_get_subject (error), ==, field);
    g_assert_true (g_str_has_prefix (error->message, field));
}

/* @length two-byte letters. */
static char *
letters (int length)
{
    GString *text = g_string_new (NULL);

    for (int i = 0; i < length; i++)
        g_string_append (text, "é");
    return g_string_free (text, FALSE);
}

static void
a_full_contact_passes (void)
{
    g_autoptr (Contact) contact = contact_full ();

    assert_passes (contact);
}

static void
one_name_is_enough (void)
{
    g_autoptr (Contact) given = contact_named ("Zoë", "");
    g_autoptr (Contact) family = contact_named ("", "Ångström");

    assert_passes (given);
    assert_passes (family);
}

static void
no_name_is_refused (void)
{
    g_autoptr (Contact) nothing = contact_new ();
    g_autoptr (Contact) blank = contact_named (" \xc2\xa0", "\xe3\x80\x80");

    assert_refused (nothing, "contact.name");
    assert_refused (blank, "contact.name");
}

/* Each text of a contact, how long it may be, and how an error calls it. */
static const struct {
    const char *field;
    gsize offset;
    int most;
} texts[] = {
    { "contact.name.given", G_STRUCT_OFFSET (Contact, name.given), 100 },
    { "contact.name.family", G_STRUCT_OFFSET (Contact, name.family), 100 },
    { "contact.name.middle", G_STRUCT_OFFSET (Contact, name.middle), 100 },
    { "contact.name.title", G_STRUCT_OFFSET (Contact, name.title), 50 },
    { "contact.name.suffix", G_STRUCT_OFFSET (Contact, name.suffix), 50 },
    { "contact.name.nickname", G_STRUCT_OFFSET (Contact, name.nickname), 100 },
    { "contact.organisation", G_STRUCT_OFFSET (Contact, organisation), 200 },
    { "contact.notes", G_STRUCT_OFFSET (Contact, notes), 10000 },
};

static void
set (Contact *contact, gsize i, char *value)
{
    char **text = &G_STRUCT_MEMBER (char *, contact, texts[i].offset);

    g_free (*text);
    *text = value;
}

static void
lengths_are_counted_in_characters (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (Contact) contact = contact_full ();

        set (contact, i, letters (texts[i].most));
        assert_passes (contact);
        set (contact, i, letters (texts[i].most + 1));
        assert_refused (contact, texts[i].field);
    }
}

static void
texts_are_clean_utf8 (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (Contact) contact = contact_full ();

        set (contact, i, g_strdup ("a\xff"));
        assert_refused (contact, texts[i].field);
        set (contact, i, g_strdup ("a\x1b[31m"));
        assert_refused (contact, texts[i].field);
    }
}

static void
only_notes_have_lines (void)
{
    g_autoptr (Contact) contact = contact_full ();

    g_free (contact->name.given);
    contact->name.given = g_strdup ("a\nb");
    assert_refused (contact, "contact.name.given");
}

static void
assert_email_passes (const char *email)
{
    g_autoptr (Contact) contact = contact_with_email ("a", email);

    assert_passes (contact);
}

static void
assert_email_refused (const char *email)
{
    g_autoptr (Contact) contact = contact_with_email ("a", "fine@example.org");

    g_ptr_array_add (contact->emails, g_strdup (email));
    assert_refused (contact, "contact.emails[1]");
}

static void
emails_look_like_emails (void)
{
    g_autofree char *local = g_strnfill (64, 'a');
    g_autofree char *longest = g_strconcat (local, "@example.org", NULL);
    g_autofree char *longer = g_strconcat ("a", longest, NULL);

    assert_email_passes ("a@b");
    assert_email_passes ("a.b+c_d-e!#$%&'*/=?^`{|}~@x-1.example.org");
    assert_email_passes ("用户@例子.中国");
    assert_email_passes (longest);
    assert_email_refused ("");
    assert_email_refused ("a");
    assert_email_refused ("@b");
    assert_email_refused ("a@");
    assert_email_refused ("a@b@c");
    assert_email_refused ("a b@c");
    assert_email_refused ("a@b c");
    assert_email_refused (".a@b");
    assert_email_refused ("a.@b");
    assert_email_refused ("a..a@b");
    assert_email_refused ("a@b..c");
    assert_email_refused ("a@b.");
    assert_email_refused ("a@-b.c");
    assert_email_refused ("a@b_c");
    assert_email_refused ("Zoe <a@b>");
    assert_email_refused (longer);
    assert_email_refused ("a\xff@b");
}

static void
an_email_is_there_once (void)
{
    g_autoptr (Contact) contact = contact_with_email ("a", "zoë@example.org");

    g_ptr_array_add (contact->emails, g_strdup ("other@example.org"));
    g_ptr_array_add (contact->emails, g_strdup ("ZOË@Example.ORG"));
    assert_refused (contact, "contact.emails[2]");
}

static void
assert_phone (int kind, const char *number, const char *refused_field)
{
    g_autoptr (Contact) contact = contact_named ("a", "b");

    g_ptr_array_add (contact->phones, phone_new ((PhoneKind)kind, g_strdup (number)));
    if (refused_field == NULL)
        assert_passes (contact);
    else
        assert_refused (contact, refused_field);
}

static void
phones_have_kinds_and_digits (void)
{
    assert_phone (PHONE_MOBILE, "112", NULL);
    assert_phone (PHONE_OTHER, "+49 (0)30 / 123-45.67", NULL);
    assert_phone (PHONE_HOME, "1234567890123456789012345678901234567890", NULL);
    assert_phone (PHONE_HOME, "12345678901234567890123456789012345678901",
                  "contact.phones[0].number");
    assert_phone (PHONE_HOME, NULL, "contact.phones[0].number");
    assert_phone (PHONE_HOME, "12", "contact.phones[0].number");
    assert_phone (PHONE_HOME, "+-()", "contact.phones[0].number");
    assert_phone (PHONE_HOME, "0800 CALL", "contact.phones[0].number");
    assert_phone (PHONE_HOME, "١٢٣٤", "contact.phones[0].number");
    assert_phone (0, "112", "contact.phones[0].kind");
    assert_phone (6, "112", "contact.phones[0].kind");
    assert_phone (-1, "112", "contact.phones[0].kind");
}

/* The last address of a full contact. */
static PostalAddress *
last_address (Contact *contact)
{
    return g_ptr_array_index (contact->addresses, contact->addresses->len - 1);
}

static void
set_country (PostalAddress *address, const char *country)
{
    g_free (address->country);
    address->country = g_strdup (country);
}

static void
countries_are_two_capitals (void)
{
    static const char *const wrong[] = { NULL, "", "N", "nl", "Nl", "NLD", "N1", "ÄÖ" };
    g_autoptr (Contact) contact = contact_full ();

    for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
        set_country (last_address (contact), wrong[i]);
        assert_refused (contact, "contact.addresses[1].country");
    }
}

static void
addresses_have_lines_and_a_city (void)
{
    g_autoptr (Contact) contact = contact_full ();
    PostalAddress *address = last_address (contact);

    address->kind = (AddressKind)9;
    assert_refused (contact, "contact.addresses[1].kind");
    address->kind = ADDRESS_WORK;
    while (address->lines->len < 5)
        g_ptr_array_add (address->lines, g_strdup ("line"));
    assert_passes (contact);
    g_ptr_array_add (address->lines, g_strdup ("sixth"));
    assert_refused (contact, "contact.addresses[1].lines");
    g_ptr_array_set_size (address->lines, 1);
    g_ptr_array_add (address->lines, g_strdup (""));
    assert_refused (contact, "contact.addresses[1].lines[1]");
    g_ptr_array_set_size (address->lines, 0);
    assert_refused (contact, "contact.addresses[1].lines");
    g_ptr_array_add (address->lines, g_strdup ("line"));
    g_clear_pointer (&address->city, g_free);
    assert_refused (contact, "contact.addresses[1].city");
}

static void
addresses_have_bounds (void)
{
    g_autoptr (Contact) contact = contact_full ();
    PostalAddress *address = last_address (contact);

    address->postal_code = letters (21);
    assert_refused (contact, "contact.addresses[1].postal_code");
    g_clear_pointer (&address->postal_code, g_free);
    address->region = letters (101);
    assert_refused (contact, "contact.addresses[1].region");
}

static void
labels_have_bounds (void)
{
    g_autoptr (Contact) contact = contact_named ("a", "b");

    for (int i = 0; i < 50; i++)
        g_ptr_array_add (contact->labels, letters (1 + i));
    assert_passes (contact);
    g_ptr_array_add (contact->labels, g_strdup ("one more"));
    assert_refused (contact, "contact.labels");
    g_ptr_array_set_size (contact->labels, 1);
    g_ptr_array_add (contact->labels, letters (51));
    assert_refused (contact, "contact.labels[1]");
}

static void
lists_have_bounds (void)
{
    g_autoptr (Contact) emails = contact_named ("a", "b");
    g_autoptr (Contact) phones = contact_named ("a", "b");
    g_autoptr (Contact) addresses = contact_named ("a", "b");

    for (int i = 0; i < 21; i++) {
        g_ptr_array_add (emails->emails, g_strdup_printf ("%d@example.org", i));
        g_ptr_array_add (phones->phones, phone_new (PHONE_HOME, g_strdup ("112")));
        g_ptr_array_add (addresses->addresses, address_in ("Delfzijl"));
    }
    assert_refused (emails, "contact.emails");
    assert_refused (phones, "contact.phones");
    assert_refused (addresses, "contact.addresses");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/address-book/check/a-full-contact-passes", a_full_contact_passes);
    g_test_add_func ("/address-book/check/one-name-is-enough", one_name_is_enough);
    g_test_add_func ("/address-book/check/no-name-is-refused", no_name_is_refused);
    g_test_add_func ("/address-book/check/lengths-are-counted-in-characters",
                     lengths_are_counted_in_characters);
    g_test_add_func ("/address-book/check/texts-are-clean-utf8", texts_are_clean_utf8);
    g_test_add_func ("/address-book/check/only-notes-have-lines", only_notes_have_lines);
    g_test_add_func ("/address-book/check/emails-look-like-emails", emails_look_like_emails);
    g_test_add_func ("/address-book/check/an-email-is-there-once", an_email_is_there_once);
    g_test_add_func ("/address-book/check/phones-have-kinds-and-digits",
                     phones_have_kinds_and_digits);
    g_test_add_func ("/address-book/check/countries-are-two-capitals", countries_are_two_capitals);
    g_test_add_func ("/address-book/check/addresses-have-lines-and-a-city",
                     addresses_have_lines_and_a_city);
    g_test_add_func ("/address-book/check/addresses-have-bounds", addresses_have_bounds);
    g_test_add_func ("/address-book/check/labels-have-bounds", labels_have_bounds);
    g_test_add_func ("/address-book/check/lists-have-bounds", lists_have_bounds);
    return g_test_run ();
}
