/* An IDL that was read at run time as the data that generated code has: for what calls services
 * whose IDL it has never been compiled with. */
#pragma once

#include "codegen/idl.h"
#include "wire/schema.h"

/**
 * idl_as_schema:
 * @self: loaded
 *
 * Returns: (transfer none): its schema, with those of all that it includes; lives as long as the
 * IDLs do. Without classes and without the compiler's JSON.
 */
const DunlinSchema *idl_as_schema (Idl *self);
