/* The book's errors as the exceptions that the IDL declares. */
#pragma once

#include "address_book_stub.h"

G_BEGIN_DECLS

/* Where a method's exceptions go; NULL for those that it does not declare. */
typedef struct {
    AddressBookNotFound **not_found;
    AddressBookAlreadyExists **exists;
    AddressBookRevisionConflict **conflict;
    AddressBookInvalidArgument **invalid;
} Declared;

/**
 * throw:
 * @problem: (transfer full): a BOOK_ERROR or any other
 *
 * Sets the exception that @problem stands for. What the method does not declare goes to @error: the
 * framework logs it, and the caller learns only that there was an error.
 *
 * Returns: %FALSE, for handlers to return.
 */
gboolean throw (GError * problem, Declared declared, GError **error);

G_END_DECLS
