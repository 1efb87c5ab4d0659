/* The schema of dunlin.thrift. Made by dunlin_gen: not to be edited. */
#pragma once

#include "wire/schema.h"
#include "dunlin_dunlin_types.h"

G_BEGIN_DECLS

extern const char dunlin_idl_json[];
extern const DunlinSchema dunlin_idl_schema;
extern const DunlinSchemaEnum dunlin_service_state_schema;
extern const DunlinSchemaStruct dunlin_time_schema;
extern const DunlinSchemaStruct dunlin_status_schema;
extern const DunlinSchemaStruct dunlin_field_help_schema;
extern const DunlinSchemaStruct dunlin_method_help_schema;
extern const DunlinSchemaStruct dunlin_unknown_method_schema;
extern const DunlinSchemaService dunlin_base_schema;
extern const DunlinSchemaMethod dunlin_base_method_schemas[];

G_END_DECLS
