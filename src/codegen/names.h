/* What c_glib (Thrift 0.17) calls things, and what we call ours. All texts belong to the IDL. */
#pragma once

#include "codegen/idl.h"

/* "getById" -> "get_by_id", "HTTPGet" -> "h_t_t_p_get": an underscore before each capital but the
 * first letter. */
const char *name_lower (Idl *idl, const char *name);
const char *name_upper (Idl *idl, const char *text);
/* "get_by_id" -> "GetById" */
const char *name_camel (Idl *idl, const char *name);

/* Of a struct, enum, service or class @name of @idl, with its namespace's prefix: */
const char *c_class (Idl *idl, const char *name);      /* ConformanceAddress */
const char *c_function (Idl *idl, const char *name);   /* conformance_address */
const char *c_macro (Idl *idl, const char *name);      /* CONFORMANCE_ADDRESS */
const char *c_type_macro (Idl *idl, const char *name); /* CONFORMANCE_TYPE_ADDRESS */

/* Of a method of @service: "ConformanceGetArgs". */
const char *args_name (Service *service, Method *method);
const char *result_name (Service *service, Method *method);

/* Header files that c_glib makes, without ".h". */
const char *types_file (Idl *idl);
const char *service_file (Idl *idl, const char *service);

/* The IDL's name as a C identifier. */
const char *idl_symbol (Idl *idl);
/* "conformance" for Conformance.Conformance, "conformance_base" for Conformance.Base. */
const char *service_symbol (Service *service);

/* The C type of a value: "gint64", "ConformanceColor", "gchar *", "GHashTable *". */
const char *c_type (Idl *idl, Type *type);
/* Its T_... constant. */
const char *wire_type (Type *type);

const char *text_format (Idl *idl, const char *format, ...) G_GNUC_PRINTF (2, 3);
