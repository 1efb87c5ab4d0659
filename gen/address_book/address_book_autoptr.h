/* g_autoptr () for the generated classes of address_book.thrift. Made by dunlin_gen: not to be edited. */
#pragma once

#include "address_book_address_book_types.h"
#include "address_book_address_book.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookName, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookPhone, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookPostalAddress, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookContact, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookPage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookBatch, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookNotFound, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookAlreadyExists, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookRevisionConflict, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookInvalidArgument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookAddressBookIf, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookAddressBookClient, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressBookAddressBookHandler, g_object_unref)
