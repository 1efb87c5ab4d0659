/* One function an exception, and the choice between them. */
#include "address_book/exceptions.h"

#include "address_book/book_error.h"

static AddressBookNotFound *
not_found (const GError *problem)
{
    AddressBookNotFound *self = g_object_new (ADDRESS_BOOK_TYPE_NOT_FOUND, NULL);

    self->message = g_strdup (problem->message);
    self->id = book_error_get_id (problem);
    self->__isset_message = self->__isset_id = TRUE;
    return self;
}

static AddressBookAlreadyExists *
already_exists (const GError *problem)
{
    AddressBookAlreadyExists *self = g_object_new (ADDRESS_BOOK_TYPE_ALREADY_EXISTS, NULL);

    self->message = g_strdup (problem->message);
    self->email = g_strdup (book_error_get_subject (problem));
    self->id = book_error_get_id (problem);
    self->__isset_message = self->__isset_email = self->__isset_id = TRUE;
    return self;
}

static AddressBookRevisionConflict *
revision_conflict (const GError *problem)
{
    AddressBookRevisionConflict *self = g_object_new (ADDRESS_BOOK_TYPE_REVISION_CONFLICT, NULL);

    self->message = g_strdup (problem->message);
    self->id = book_error_get_id (problem);
    self->current_revision = book_error_get_revision (problem);
    self->__isset_message = self->__isset_id = self->__isset_current_revision = TRUE;
    return self;
}

static AddressBookInvalidArgument *
invalid_argument (const GError *problem)
{
    AddressBookInvalidArgument *self = g_object_new (ADDRESS_BOOK_TYPE_INVALID_ARGUMENT, NULL);

    self->message = g_strdup (problem->message);
    self->field = g_strdup (book_error_get_subject (problem));
    self->__isset_message = self->__isset_field = TRUE;
    return self;
}

gboolean throw (GError * problem, Declared declared, GError **error)
{
    if (g_error_matches (problem, BOOK_ERROR, BOOK_ERROR_NOT_FOUND) && declared.not_found != NULL)
        *declared.not_found = not_found (problem);
    else if (g_error_matches (problem, BOOK_ERROR, BOOK_ERROR_EXISTS) && declared.exists != NULL)
        *declared.exists = already_exists (problem);
    else if (g_error_matches (problem, BOOK_ERROR, BOOK_ERROR_CONFLICT) &&
             declared.conflict != NULL)
        *declared.conflict = revision_conflict (problem);
    else if (g_error_matches (problem, BOOK_ERROR, BOOK_ERROR_INVALID) && declared.invalid != NULL)
        *declared.invalid = invalid_argument (problem);
    else
        g_propagate_error (error, g_steal_pointer (&problem));
    g_clear_error (&problem);
    return FALSE;
}
