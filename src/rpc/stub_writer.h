/* How a generated stub writes the outcome of a call: a struct with one field, or none. Included by
 * gen/ only. Each function begins the reply, so none may be called twice for a call. */
#pragma once

#include "rpc/stub.h"

#include <thrift/c_glib/thrift_struct.h>

G_BEGIN_DECLS

/* Each returns DUNLIN_STUB_OK, or DUNLIN_STUB_BAD_RESULT with @error. */
DunlinStubOutcome dunlin_stub_reply_void (DunlinCall *call, GError **error);
DunlinStubOutcome dunlin_stub_reply_bool (DunlinCall *call, gboolean value, GError **error);
DunlinStubOutcome dunlin_stub_reply_i8 (DunlinCall *call, gint8 value, GError **error);
DunlinStubOutcome dunlin_stub_reply_i16 (DunlinCall *call, gint16 value, GError **error);
DunlinStubOutcome dunlin_stub_reply_i32 (DunlinCall *call, gint32 value, GError **error);
DunlinStubOutcome dunlin_stub_reply_i64 (DunlinCall *call, gint64 value, GError **error);
DunlinStubOutcome dunlin_stub_reply_double (DunlinCall *call, double value, GError **error);

/* These return DUNLIN_STUB_NO_RESULT when @value is %NULL, and then write nothing. */
DunlinStubOutcome dunlin_stub_reply_string (DunlinCall *call, const char *value, GError **error);
DunlinStubOutcome dunlin_stub_reply_binary (DunlinCall *call, const GByteArray *value,
                                            GError **error);
DunlinStubOutcome dunlin_stub_reply_struct (DunlinCall *call, gpointer value, GError **error);

/* @result: the generated Result object, which holds the field already. */
DunlinStubOutcome dunlin_stub_reply_result (DunlinCall *call, gpointer result, GError **error);

/**
 * dunlin_stub_reply_exception:
 * @name: static: of the exception's type
 * @id: of the exception in the method's `throws`
 * @field: its name there
 * @value: the exception
 *
 * Returns: DUNLIN_STUB_DECLARED, or DUNLIN_STUB_BAD_RESULT with @error.
 */
DunlinStubOutcome dunlin_stub_reply_exception (DunlinCall *call, const char *name, gint16 id,
                                               const char *field, gpointer value, GError **error);

/* The handler failed with @failure, which is consumed, or without a word.
 * Returns: DUNLIN_STUB_FAILED. */
DunlinStubOutcome dunlin_stub_failed (GError *failure, GError **error);

/* The handler's class has no function for the method.
 * Returns: DUNLIN_STUB_FAILED with @error. */
DunlinStubOutcome dunlin_stub_unimplemented (const char *method, GObject *handler, GError **error);

G_END_DECLS
