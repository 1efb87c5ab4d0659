/* Contacts from and to their Thrift objects. */
#pragma once

#include "address_book/model.h"
#include "address_book_stub.h"

G_BEGIN_DECLS

/* Returns: (transfer full): what was sent, checked by nobody yet. */
Contact *contact_from_thrift (const AddressBookContact *from);

/* Returns: (transfer full) */
AddressBookContact *contact_to_thrift (const Contact *from);

/* Adds each contact of @from to @to, an array of AddressBookContact. */
void contacts_to_thrift (const GPtrArray *from, GPtrArray *to);

G_END_DECLS
