/* How a generated stub reads the arguments of a call. Included by gen/ only. */
#pragma once

#include <glib-object.h>
#include <thrift/c_glib/protocol/thrift_protocol.h>
#include <thrift/c_glib/thrift_struct.h>

G_BEGIN_DECLS

/* A field's id and type in one number, so that a stub has one case for both. */
#define DUNLIN_STUB_FIELD(id, type) ((gint32)(id)*256 + (gint32)(type))

/**
 * DunlinStubReader:
 * @field: DUNLIN_STUB_FIELD() of the field whose value is next
 * @failed: sticky: @error is set, nothing more is read
 *
 * Goes through the fields of the arguments' struct. Whatever the caller leaves out or sends as
 * another type than declared keeps the value it had.
 */
typedef struct {
    ThriftProtocol *protocol; /* borrowed for the time of reading */
    GError **error;
    gint32 field;
    ThriftType type;
    gboolean begun;
    gboolean failed;
} DunlinStubReader;

/* On to the next field; FALSE after the last one, or when @failed. */
gboolean dunlin_stub_next (DunlinStubReader *self);

/* For a field that is unknown or of a wrong type. */
void dunlin_stub_skip (DunlinStubReader *self);

void dunlin_stub_read_bool (DunlinStubReader *self, gboolean *value);
void dunlin_stub_read_i8 (DunlinStubReader *self, gint8 *value);
void dunlin_stub_read_i16 (DunlinStubReader *self, gint16 *value);
void dunlin_stub_read_i32 (DunlinStubReader *self, gint32 *value);
void dunlin_stub_read_i64 (DunlinStubReader *self, gint64 *value);
void dunlin_stub_read_double (DunlinStubReader *self, double *value);

/* @value: (inout) (transfer full) (nullable): what it held is freed. */
void dunlin_stub_read_string (DunlinStubReader *self, char **value);
void dunlin_stub_read_binary (DunlinStubReader *self, GByteArray **value);

/* @value: (inout) (transfer full) (nullable): an object of the generated class @type. */
void dunlin_stub_read_struct (DunlinStubReader *self, GType type, gpointer *value);

/* Fails for a `required` argument that did not come. */
void dunlin_stub_missing (DunlinStubReader *self, const char *argument);

G_END_DECLS
