/* The schema of conformance.thrift. Made by dunlin_gen: not to be edited. */
#pragma once

#include "wire/schema.h"
#include "conformance_conformance_types.h"

G_BEGIN_DECLS

extern const char conformance_idl_json[];
extern const DunlinSchema conformance_idl_schema;
extern const DunlinSchemaEnum conformance_color_schema;
extern const DunlinSchemaStruct conformance_address_schema;
extern const DunlinSchemaStruct conformance_not_found_schema;
extern const DunlinSchemaStruct conformance_refused_schema;
extern const DunlinSchemaStruct conformance_leaf_schema;
extern const DunlinSchemaStruct conformance_choice_schema;
extern const DunlinSchemaStruct conformance_every_type_schema;
extern const DunlinSchemaService conformance_base_schema;
extern const DunlinSchemaMethod conformance_base_method_schemas[];
extern const DunlinSchemaService conformance_schema;
extern const DunlinSchemaMethod conformance_method_schemas[];

G_END_DECLS
