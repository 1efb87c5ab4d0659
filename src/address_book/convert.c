/* Field by field. Of Thrift's objects: a text that was not sent is NULL, a list that was not sent
 * is empty, and what is to be sent needs its __isset flag if it is optional. */
#include "address_book/convert.h"

static char *
text_or_empty (const char *text)
{
    return g_strdup (text != NULL ? text : "");
}

static void
add_texts (const GPtrArray *from, GPtrArray *to)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add (to, g_strdup (g_ptr_array_index (from, i)));
}

static void
name_from_thrift (const AddressBookName *from, Name *to)
{
    to->given = text_or_empty (from->given);
    to->family = text_or_empty (from->family);
    to->middle = g_strdup (from->middle);
    to->title = g_strdup (from->title);
    to->suffix = g_strdup (from->suffix);
    to->nickname = g_strdup (from->nickname);
}

static Phone *
phone_from_thrift (const AddressBookPhone *from)
{
    return phone_new ((PhoneKind)from->kind, text_or_empty (from->number));
}

static PostalAddress *
address_from_thrift (const AddressBookPostalAddress *from)
{
    PostalAddress *to = postal_address_new ((AddressKind)from->kind);

    add_texts (from->lines, to->lines);
    to->city = text_or_empty (from->city);
    to->region = g_strdup (from->region);
    to->postal_code = g_strdup (from->postal_code);
    to->country = text_or_empty (from->country);
    return to;
}

static void
add_labels (GHashTable *from, GPtrArray *to)
{
    GHashTableIter iter;
    gpointer label;

    g_hash_table_iter_init (&iter, from);
    while (g_hash_table_iter_next (&iter, &label, NULL))
        g_ptr_array_add (to, g_strdup (label));
}

Contact *
contact_from_thrift (const AddressBookContact *from)
{
    Contact *to = contact_new ();

    to->id = from->id;
    to->revision = from->revision;
    name_from_thrift (from->name, &to->name);
    to->organisation = g_strdup (from->organisation);
    add_texts (from->emails, to->emails);
    for (guint i = 0; i < from->phones->len; i++)
        g_ptr_array_add (to->phones, phone_from_thrift (g_ptr_array_index (from->phones, i)));
    for (guint i = 0; i < from->addresses->len; i++)
        g_ptr_array_add (to->addresses,
                         address_from_thrift (g_ptr_array_index (from->addresses, i)));
    add_labels (from->labels, to->labels);
    to->notes = g_strdup (from->notes);
    return to;
}

/* NULL: not sent. */
static void
set_text (gchar **to, gboolean *is_set, const char *text)
{
    g_free (*to);
    *to = g_strdup (text);
    *is_set = text != NULL;
}

static void
set_number (gint64 *to, gboolean *is_set, gint64 number)
{
    *to = number;
    *is_set = TRUE;
}

static void
name_to_thrift (const Name *from, AddressBookName *to)
{
    set_text (&to->given, &to->__isset_given, from->given);
    set_text (&to->family, &to->__isset_family, from->family);
    set_text (&to->middle, &to->__isset_middle, from->middle);
    set_text (&to->title, &to->__isset_title, from->title);
    set_text (&to->suffix, &to->__isset_suffix, from->suffix);
    set_text (&to->nickname, &to->__isset_nickname, from->nickname);
}

static AddressBookPhone *
phone_to_thrift (const Phone *from)
{
    AddressBookPhone *to = g_object_new (ADDRESS_BOOK_TYPE_PHONE, NULL);

    to->kind = (AddressBookPhoneKind)from->kind;
    to->__isset_kind = TRUE;
    set_text (&to->number, &to->__isset_number, from->number);
    return to;
}

static AddressBookPostalAddress *
address_to_thrift (const PostalAddress *from)
{
    AddressBookPostalAddress *to = g_object_new (ADDRESS_BOOK_TYPE_POSTAL_ADDRESS, NULL);

    to->kind = (AddressBookAddressKind)from->kind;
    to->__isset_kind = TRUE;
    add_texts (from->lines, to->lines);
    to->__isset_lines = TRUE;
    set_text (&to->city, &to->__isset_city, from->city);
    set_text (&to->region, &to->__isset_region, from->region);
    set_text (&to->postal_code, &to->__isset_postal_code, from->postal_code);
    set_text (&to->country, &to->__isset_country, from->country);
    return to;
}

/* Lists and sets: the arrays are there, and to be filled. */
static void
parts_to_thrift (const Contact *from, AddressBookContact *to)
{
    add_texts (from->emails, to->emails);
    for (guint i = 0; i < from->phones->len; i++)
        g_ptr_array_add (to->phones, phone_to_thrift (g_ptr_array_index (from->phones, i)));
    for (guint i = 0; i < from->addresses->len; i++)
        g_ptr_array_add (to->addresses, address_to_thrift (g_ptr_array_index (from->addresses, i)));
    for (guint i = 0; i < from->labels->len; i++)
        g_hash_table_add (to->labels, g_strdup (g_ptr_array_index (from->labels, i)));
    to->__isset_emails = to->__isset_phones = to->__isset_addresses = to->__isset_labels = TRUE;
}

AddressBookContact *
contact_to_thrift (const Contact *from)
{
    AddressBookContact *to = g_object_new (ADDRESS_BOOK_TYPE_CONTACT, NULL);

    set_number (&to->id, &to->__isset_id, from->id);
    set_number (&to->revision, &to->__isset_revision, from->revision);
    name_to_thrift (&from->name, to->name);
    to->__isset_name = TRUE;
    set_text (&to->organisation, &to->__isset_organisation, from->organisation);
    parts_to_thrift (from, to);
    set_text (&to->notes, &to->__isset_notes, from->notes);
    set_number (&to->created_ms, &to->__isset_created_ms, from->created_ms);
    set_number (&to->updated_ms, &to->__isset_updated_ms, from->updated_ms);
    if (from->last_used_ms != 0)
        set_number (&to->last_used_ms, &to->__isset_last_used_ms, from->last_used_ms);
    return to;
}

void
contacts_to_thrift (const GPtrArray *from, GPtrArray *to)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add (to, contact_to_thrift (g_ptr_array_index (from, i)));
}
