/* Refuses what c_glib (Thrift 0.17) generates wrong code for, with the line and the reason. */
#pragma once

#include "codegen/idl.h"

gboolean check_idl (Idl *idl, GError **error);
