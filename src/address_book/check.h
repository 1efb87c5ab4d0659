/* Whether a contact is what the IDL allows. */
#pragma once

#include "address_book/model.h"

G_BEGIN_DECLS

/**
 * contact_check:
 *
 * Returns: %FALSE with %BOOK_ERROR_INVALID, which names the first field that is not as it should
 * be, as in "contact.phones[1].number".
 */
gboolean contact_check (const Contact *contact, GError **error);

G_END_DECLS
