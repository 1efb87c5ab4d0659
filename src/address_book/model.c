/* Making and freeing of the model's structs. */
#include "address_book/model.h"

#include "address_book/text.h"

Contact *
contact_new (void)
{
    Contact *self = g_new0 (Contact, 1);

    self->emails = g_ptr_array_new_with_free_func (g_free);
    self->phones = g_ptr_array_new_with_free_func ((GDestroyNotify)phone_free);
    self->addresses = g_ptr_array_new_with_free_func ((GDestroyNotify)postal_address_free);
    self->labels = g_ptr_array_new_with_free_func (g_free);
    return self;
}

static void
clear_name (Name *name)
{
    g_free (name->given);
    g_free (name->family);
    g_free (name->middle);
    g_free (name->title);
    g_free (name->suffix);
    g_free (name->nickname);
}

void
contact_free (Contact *self)
{
    if (self == NULL)
        return;
    clear_name (&self->name);
    g_free (self->organisation);
    g_ptr_array_unref (self->emails);
    g_ptr_array_unref (self->phones);
    g_ptr_array_unref (self->addresses);
    g_ptr_array_unref (self->labels);
    g_free (self->notes);
    g_free (self);
}

GPtrArray *
contact_array_new (void)
{
    return g_ptr_array_new_with_free_func ((GDestroyNotify)contact_free);
}

Phone *
phone_new (PhoneKind kind, char *number)
{
    Phone *self = g_new0 (Phone, 1);

    self->kind = kind;
    self->number = number;
    return self;
}

void
phone_free (Phone *self)
{
    if (self == NULL)
        return;
    g_free (self->number);
    g_free (self);
}

PostalAddress *
postal_address_new (AddressKind kind)
{
    PostalAddress *self = g_new0 (PostalAddress, 1);

    self->kind = kind;
    self->lines = g_ptr_array_new_with_free_func (g_free);
    return self;
}

void
postal_address_free (PostalAddress *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref (self->lines);
    g_free (self->city);
    g_free (self->region);
    g_free (self->postal_code);
    g_free (self->country);
    g_free (self);
}

Place *
place_of (const Contact *contact)
{
    Place *self = g_new0 (Place, 1);

    self->family = text_fold (contact->name.family);
    self->given = text_fold (contact->name.given);
    self->id = contact->id;
    return self;
}

void
place_free (Place *self)
{
    if (self == NULL)
        return;
    g_free (self->family);
    g_free (self->given);
    g_free (self);
}
