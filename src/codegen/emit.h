/* Our part of the generated code, each file as a text. */
#pragma once

#include "codegen/idl.h"

/* x_stub.c and x_stub.h: services as data with a typed stub for each method. */
void emit_stub (GString *out, Idl *idl);
void emit_stub_header (GString *out, Idl *idl);

/* The stub of one method. */
void emit_method_stub (GString *out, Service *service, Method *method);
const char *method_stub_name (Service *service, Method *method);

/* x_schema.c and x_schema.h: the IDL as data. @json: of the Thrift compiler. */
void emit_schema (GString *out, Idl *idl, const char *json);
void emit_schema_header (GString *out, Idl *idl);
/* Of a method, within the array that the schema has of its service's. */
const char *method_schema (Service *service, guint at);

/* x_autoptr.h: g_autoptr () for the generated classes. */
void emit_autoptr (GString *out, Idl *idl);

/* x_bridge.h: compiled in front of c_glib's code, for names that it gets wrong. */
void emit_bridge (GString *out, Idl *idl);
/* The header under which c_glib looks for a parent service of another IDL. */
void emit_parent_bridge (GString *out, Idl *idl, Service *service);
/* Whether @service needs one. */
gboolean needs_parent_bridge (Service *service);

/* "Made by dunlin_gen ... " as the first comment of a file: @what it is. */
void emit_head (GString *out, Idl *idl, const char *what);
/* As a C literal, on several lines where @text has several. */
void emit_literal (GString *out, const char *text, int indent);
