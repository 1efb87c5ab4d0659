/* The schema of address_book.thrift. Made by dunlin_gen: not to be edited. */
#pragma once

#include "wire/schema.h"
#include "address_book_address_book_types.h"
#include "dunlin_schema.h"

G_BEGIN_DECLS

extern const char address_book_idl_json[];
extern const DunlinSchema address_book_idl_schema;
extern const DunlinSchemaEnum address_book_phone_kind_schema;
extern const DunlinSchemaEnum address_book_address_kind_schema;
extern const DunlinSchemaStruct address_book_name_schema;
extern const DunlinSchemaStruct address_book_phone_schema;
extern const DunlinSchemaStruct address_book_postal_address_schema;
extern const DunlinSchemaStruct address_book_contact_schema;
extern const DunlinSchemaStruct address_book_page_schema;
extern const DunlinSchemaStruct address_book_batch_schema;
extern const DunlinSchemaStruct address_book_not_found_schema;
extern const DunlinSchemaStruct address_book_already_exists_schema;
extern const DunlinSchemaStruct address_book_revision_conflict_schema;
extern const DunlinSchemaStruct address_book_invalid_argument_schema;
extern const DunlinSchemaService address_book_schema;
extern const DunlinSchemaMethod address_book_method_schemas[];

G_END_DECLS
