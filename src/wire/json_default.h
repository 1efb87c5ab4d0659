/* A field's default, as the IDL writes it, as the text that JSON would have. Pure. */
#pragma once

#include "wire/schema.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): the text of a scalar, unquoted; %NULL for defaults that are
 * containers or the names of constants. */
char *dunlin_json_default (const DunlinSchemaType *type, const char *value);

G_END_DECLS
