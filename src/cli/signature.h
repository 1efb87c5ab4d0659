/* Methods and types as an IDL writes them, and as JSON that fits them. */
#pragma once

#include "wire/schema.h"

G_BEGIN_DECLS

/* "Address get(1: i64 id) throws (1: NotFound not_found)" */
void cli_signature_method (GString *out, const DunlinSchemaMethod *method);

/* The definitions of all structs and enums that a method's arguments, result and exceptions are
 * made of, each once. */
void cli_signature_types (GString *out, const DunlinSchemaMethod *method);

/* Returns: (transfer full): a method's arguments as JSON, with something in each field. */
char *cli_signature_example (const DunlinSchemaMethod *method);

G_END_DECLS
