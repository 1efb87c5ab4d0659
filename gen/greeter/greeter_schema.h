/* The schema of greeter.thrift. Made by dunlin_gen: not to be edited. */
#pragma once

#include "wire/schema.h"
#include "greeter_greeter_types.h"
#include "dunlin_schema.h"

G_BEGIN_DECLS

extern const char greeter_idl_json[];
extern const DunlinSchema greeter_idl_schema;
extern const DunlinSchemaStruct greeter_greeting_schema;
extern const DunlinSchemaStruct greeter_nobody_there_schema;
extern const DunlinSchemaService greeter_schema;
extern const DunlinSchemaMethod greeter_method_schemas[];

G_END_DECLS
