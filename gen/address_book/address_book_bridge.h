/* Names that c_glib's code gets wrong of address_book.thrift. Made by dunlin_gen: not to be edited. */
#pragma once
#define toString_PhoneKind address_book_phone_kind_name
#define toString_AddressKind address_book_address_kind_name
#define ADDRESS_BOOK_TYPE_TIME DUNLIN_TYPE_TIME
#define ADDRESS_BOOK_TYPE_STATUS DUNLIN_TYPE_STATUS
#define ADDRESS_BOOK_TYPE_FIELD_HELP DUNLIN_TYPE_FIELD_HELP
#define ADDRESS_BOOK_TYPE_METHOD_HELP DUNLIN_TYPE_METHOD_HELP
#define ADDRESS_BOOK_TYPE_UNKNOWN_METHOD DUNLIN_TYPE_UNKNOWN_METHOD
