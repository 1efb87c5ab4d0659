/* What is called when a call comes in: the IDL's methods, handed on to the book. */
#pragma once

#include "address_book/book.h"
#include "address_book_stub.h"

G_BEGIN_DECLS

#define BOOK_TYPE_HANDLER (book_handler_get_type ())
G_DECLARE_FINAL_TYPE (BookHandler, book_handler, BOOK, HANDLER, AddressBookAddressBookHandler)

/**
 * book_handler_new:
 * @book: (transfer full)
 *
 * Returns: (transfer full): a handler for address_book_service.
 */
BookHandler *book_handler_new (Book *book);

G_END_DECLS
