/* Contacts for tests of the address book. */
#pragma once

#include "address_book/model.h"

static inline Contact *
contact_named (const char *given, const char *family)
{
    Contact *contact = contact_new ();

    contact->name.given = g_strdup (given);
    contact->name.family = g_strdup (family);
    return contact;
}

static inline Contact *
contact_with_email (const char *given, const char *email)
{
    Contact *contact = contact_named (given, "");

    g_ptr_array_add (contact->emails, g_strdup (email));
    return contact;
}

static inline PostalAddress *
address_in (const char *city)
{
    PostalAddress *address = postal_address_new (ADDRESS_HOME);

    g_ptr_array_add (address->lines, g_strdup ("Waddenpromenade 1"));
    g_ptr_array_add (address->lines, g_strdup ("2. OG"));
    address->city = g_strdup (city);
    address->country = g_strdup ("NL");
    return address;
}

/* Every field set. */
static inline Contact *
contact_full (void)
{
    Contact *contact = contact_named ("Zoë", "Ångström-Möller");
    PostalAddress *address = address_in ("Harlingen");

    contact->name.middle = g_strdup ("J.");
    contact->name.title = g_strdup ("Dr");
    contact->name.suffix = g_strdup ("Jr");
    contact->name.nickname = g_strdup ("Strandläufer");
    contact->organisation = g_strdup ("鳥類協会");
    g_ptr_array_add (contact->emails, g_strdup ("Zoe@Wader.example"));
    g_ptr_array_add (contact->emails, g_strdup ("zoë.å@möwe.example"));
    g_ptr_array_add (contact->phones, phone_new (PHONE_MOBILE, g_strdup ("+31 (6) 1234-5678")));
    g_ptr_array_add (contact->phones, phone_new (PHONE_FAX, g_strdup ("112")));
    address->kind = ADDRESS_OTHER;
    address->region = g_strdup ("Fryslân");
    address->postal_code = g_strdup ("8861 NT");
    g_ptr_array_add (contact->addresses, address);
    g_ptr_array_add (contact->addresses, address_in ("Den Oever"));
    g_ptr_array_add (contact->labels, g_strdup ("waders"));
    g_ptr_array_add (contact->labels, g_strdup ("familie"));
    contact->notes = g_strdup ("first line\n\tsecond line");
    return contact;
}

static inline void
assert_same_texts (const GPtrArray *a, const GPtrArray *b)
{
    g_assert_cmpuint (a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++)
        g_assert_cmpstr (g_ptr_array_index (a, i), ==, g_ptr_array_index (b, i));
}

static inline void
assert_same_name (const Name *a, const Name *b)
{
    g_assert_cmpstr (a->given, ==, b->given);
    g_assert_cmpstr (a->family, ==, b->family);
    g_assert_cmpstr (a->middle, ==, b->middle);
    g_assert_cmpstr (a->title, ==, b->title);
    g_assert_cmpstr (a->suffix, ==, b->suffix);
    g_assert_cmpstr (a->nickname, ==, b->nickname);
}

static inline void
assert_same_phones (const GPtrArray *a, const GPtrArray *b)
{
    g_assert_cmpuint (a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++) {
        const Phone *left = g_ptr_array_index (a, i);
        const Phone *right = g_ptr_array_index (b, i);

        g_assert_cmpint (left->kind, ==, right->kind);
        g_assert_cmpstr (left->number, ==, right->number);
    }
}

static inline void
assert_same_addresses (const GPtrArray *a, const GPtrArray *b)
{
    g_assert_cmpuint (a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++) {
        const PostalAddress *left = g_ptr_array_index (a, i);
        const PostalAddress *right = g_ptr_array_index (b, i);

        g_assert_cmpint (left->kind, ==, right->kind);
        assert_same_texts (left->lines, right->lines);
        g_assert_cmpstr (left->city, ==, right->city);
        g_assert_cmpstr (left->region, ==, right->region);
        g_assert_cmpstr (left->postal_code, ==, right->postal_code);
        g_assert_cmpstr (left->country, ==, right->country);
    }
}

static inline void
assert_same_contact (const Contact *a, const Contact *b)
{
    g_assert_cmpint (a->id, ==, b->id);
    g_assert_cmpint (a->revision, ==, b->revision);
    assert_same_name (&a->name, &b->name);
    g_assert_cmpstr (a->organisation, ==, b->organisation);
    assert_same_texts (a->emails, b->emails);
    assert_same_phones (a->phones, b->phones);
    assert_same_addresses (a->addresses, b->addresses);
    assert_same_texts (a->labels, b->labels);
    g_assert_cmpstr (a->notes, ==, b->notes);
    g_assert_cmpint (a->created_ms, ==, b->created_ms);
    g_assert_cmpint (a->updated_ms, ==, b->updated_ms);
    g_assert_cmpint (a->last_used_ms, ==, b->last_used_ms);
}
