/* How a generated stub writes the outcome of a call. */
#include "rpc/stub_writer.h"

#include "base/error.h"

/* The result struct's header and that of its one field. */
static gboolean
open_field (ThriftProtocol *out, const char *name, ThriftType type, gint16 id, GError **error)
{
    return thrift_protocol_write_struct_begin (out, "result", error) >= 0 &&
           thrift_protocol_write_field_begin (out, name, type, id, error) >= 0;
}

static gboolean
close_struct (ThriftProtocol *out, GError **error)
{
    return thrift_protocol_write_field_stop (out, error) >= 0 &&
           thrift_protocol_write_struct_end (out, error) >= 0;
}

static gboolean
close_field (ThriftProtocol *out, GError **error)
{
    return thrift_protocol_write_field_end (out, error) >= 0 && close_struct (out, error);
}

static DunlinStubOutcome
outcome (gboolean written)
{
    return written ? DUNLIN_STUB_OK : DUNLIN_STUB_BAD_RESULT;
}

DunlinStubOutcome
dunlin_stub_reply_void (DunlinCall *call, GError **error)
{
    ThriftProtocol *out = dunlin_stub_reply (call);

    return outcome (thrift_protocol_write_struct_begin (out, "result", error) >= 0 &&
                    close_struct (out, error));
}

/* A function for each plain type: they differ in nothing but the type. */
#define REPLY(name, ctype, thrift_type, write)                                                     \
    DunlinStubOutcome dunlin_stub_reply_##name (DunlinCall *call, ctype value, GError **error)     \
    {                                                                                              \
        ThriftProtocol *out = dunlin_stub_reply (call);                                            \
                                                                                                   \
        return outcome (open_field (out, "success", thrift_type, 0, error) &&                      \
                        write (out, value, error) >= 0 && close_field (out, error));               \
    }

REPLY (bool, gboolean, T_BOOL, thrift_protocol_write_bool)
REPLY (i8, gint8, T_BYTE, thrift_protocol_write_byte)
REPLY (i16, gint16, T_I16, thrift_protocol_write_i16)
REPLY (i32, gint32, T_I32, thrift_protocol_write_i32)
REPLY (i64, gint64, T_I64, thrift_protocol_write_i64)
REPLY (double, double, T_DOUBLE, thrift_protocol_write_double)

DunlinStubOutcome
dunlin_stub_reply_string (DunlinCall *call, const char *value, GError **error)
{
    ThriftProtocol *out;

    if (value == NULL)
        return DUNLIN_STUB_NO_RESULT;
    out = dunlin_stub_reply (call);
    return outcome (open_field (out, "success", T_STRING, 0, error) &&
                    thrift_protocol_write_string (out, value, error) >= 0 &&
                    close_field (out, error));
}

DunlinStubOutcome
dunlin_stub_reply_binary (DunlinCall *call, const GByteArray *value, GError **error)
{
    ThriftProtocol *out;

    if (value == NULL)
        return DUNLIN_STUB_NO_RESULT;
    out = dunlin_stub_reply (call);
    return outcome (open_field (out, "success", T_STRING, 0, error) &&
                    thrift_protocol_write_binary (out, value->data, value->len, error) >= 0 &&
                    close_field (out, error));
}

static gboolean
write_struct (DunlinCall *call, const char *name, gint16 id, gpointer value, GError **error)
{
    ThriftProtocol *out = dunlin_stub_reply (call);

    return open_field (out, name, T_STRUCT, id, error) &&
           thrift_struct_write ((ThriftStruct *)value, out, error) >= 0 && close_field (out, error);
}

DunlinStubOutcome
dunlin_stub_reply_struct (DunlinCall *call, gpointer value, GError **error)
{
    if (value == NULL)
        return DUNLIN_STUB_NO_RESULT;
    return outcome (write_struct (call, "success", 0, value, error));
}

DunlinStubOutcome
dunlin_stub_reply_result (DunlinCall *call, gpointer result, GError **error)
{
    ThriftProtocol *out = dunlin_stub_reply (call);

    return outcome (thrift_struct_write ((ThriftStruct *)result, out, error) >= 0);
}

DunlinStubOutcome
dunlin_stub_reply_exception (DunlinCall *call, const char *name, gint16 id, const char *field,
                             gpointer value, GError **error)
{
    dunlin_stub_declared (call, name);
    if (!write_struct (call, field, id, value, error))
        return DUNLIN_STUB_BAD_RESULT;
    return DUNLIN_STUB_DECLARED;
}

DunlinStubOutcome
dunlin_stub_failed (GError *failure, GError **error)
{
    if (failure != NULL)
        g_propagate_error (error, failure);
    return DUNLIN_STUB_FAILED;
}

DunlinStubOutcome
dunlin_stub_unimplemented (const char *method, GObject *handler, GError **error)
{
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNKNOWN_METHOD,
                 "%s is not implemented: its handler %s leaves the class function unset", method,
                 G_OBJECT_TYPE_NAME (handler));
    return DUNLIN_STUB_FAILED;
}
