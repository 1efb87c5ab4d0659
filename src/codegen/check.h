/* Refuses what c_glib (Thrift 0.17) generates wrong code for, with the line and the reason. What is
 * refused was found by trying: tests/unit/codegen/types.c holds what is not. */
#pragma once

#include "codegen/idl.h"

/* FALSE with @error, which says "file:line: what: why, and what to write instead". */
gboolean check_idl (Idl *idl, GError **error);

/* Types, defaults, the order of structs. */
gboolean check_types (Idl *idl, GError **error);
/* What cannot be a name in C, and names that meet in C though they differ in the IDL. */
gboolean check_names (Idl *idl, GError **error);
