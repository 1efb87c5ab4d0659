/* What both directions of wire/json share. */
#pragma once

#include "wire/json.h"

G_BEGIN_DECLS

/* How a value of the kind is written. */
static inline ThriftType
dunlin_json_wire_type (const DunlinSchemaType *type)
{
    static const ThriftType types[] = {
        [DUNLIN_SCHEMA_VOID] = T_VOID,     [DUNLIN_SCHEMA_BOOL] = T_BOOL,
        [DUNLIN_SCHEMA_I8] = T_BYTE,       [DUNLIN_SCHEMA_I16] = T_I16,
        [DUNLIN_SCHEMA_I32] = T_I32,       [DUNLIN_SCHEMA_I64] = T_I64,
        [DUNLIN_SCHEMA_DOUBLE] = T_DOUBLE, [DUNLIN_SCHEMA_STRING] = T_STRING,
        [DUNLIN_SCHEMA_BINARY] = T_STRING, [DUNLIN_SCHEMA_LIST] = T_LIST,
        [DUNLIN_SCHEMA_SET] = T_SET,       [DUNLIN_SCHEMA_MAP] = T_MAP,
        [DUNLIN_SCHEMA_ENUM] = T_I32,      [DUNLIN_SCHEMA_STRUCT] = T_STRUCT,
    };

    return types[type->kind];
}

/* Structs and containers: what no key of an object can be. */
static inline gboolean
dunlin_json_is_composite (const DunlinSchemaType *type)
{
    return type->kind == DUNLIN_SCHEMA_STRUCT || type->kind == DUNLIN_SCHEMA_LIST ||
           type->kind == DUNLIN_SCHEMA_SET || type->kind == DUNLIN_SCHEMA_MAP;
}

G_END_DECLS
