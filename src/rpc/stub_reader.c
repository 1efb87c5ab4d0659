/* How a generated stub reads the arguments of a call. */
#include "rpc/stub_reader.h"

/* Every read is checked here, so that stubs need not. */
static gboolean
check (DunlinStubReader *self, gint32 result)
{
    if (result < 0)
        self->failed = TRUE;
    return !self->failed;
}

static gboolean
begin (DunlinStubReader *self)
{
    g_autofree char *name = NULL;

    self->begun = TRUE;
    return check (self, thrift_protocol_read_struct_begin (self->protocol, &name, self->error));
}

static gboolean
end (DunlinStubReader *self)
{
    check (self, thrift_protocol_read_struct_end (self->protocol, self->error));
    return FALSE;
}

gboolean
dunlin_stub_next (DunlinStubReader *self)
{
    g_autofree char *name = NULL;
    gint16 id = 0;

    if (self->failed)
        return FALSE;
    if (!self->begun) {
        if (!begin (self))
            return FALSE;
    } else if (!check (self, thrift_protocol_read_field_end (self->protocol, self->error))) {
        return FALSE;
    }
    if (!check (self, thrift_protocol_read_field_begin (self->protocol, &name, &self->type, &id,
                                                        self->error)))
        return FALSE;
    if (self->type == T_STOP)
        return end (self);
    self->field = DUNLIN_STUB_FIELD (id, self->type);
    return TRUE;
}

void
dunlin_stub_skip (DunlinStubReader *self)
{
    check (self, thrift_protocol_skip (self->protocol, self->type, self->error));
}

void
dunlin_stub_read_bool (DunlinStubReader *self, gboolean *value)
{
    check (self, thrift_protocol_read_bool (self->protocol, value, self->error));
}

void
dunlin_stub_read_i8 (DunlinStubReader *self, gint8 *value)
{
    check (self, thrift_protocol_read_byte (self->protocol, value, self->error));
}

void
dunlin_stub_read_i16 (DunlinStubReader *self, gint16 *value)
{
    check (self, thrift_protocol_read_i16 (self->protocol, value, self->error));
}

void
dunlin_stub_read_i32 (DunlinStubReader *self, gint32 *value)
{
    check (self, thrift_protocol_read_i32 (self->protocol, value, self->error));
}

void
dunlin_stub_read_i64 (DunlinStubReader *self, gint64 *value)
{
    check (self, thrift_protocol_read_i64 (self->protocol, value, self->error));
}

void
dunlin_stub_read_double (DunlinStubReader *self, double *value)
{
    check (self, thrift_protocol_read_double (self->protocol, value, self->error));
}

void
dunlin_stub_read_string (DunlinStubReader *self, char **value)
{
    g_clear_pointer (value, g_free);
    check (self, thrift_protocol_read_string (self->protocol, value, self->error));
}

void
dunlin_stub_read_binary (DunlinStubReader *self, GByteArray **value)
{
    gpointer bytes = NULL;
    guint32 length = 0;

    g_clear_pointer (value, g_byte_array_unref);
    if (check (self, thrift_protocol_read_binary (self->protocol, &bytes, &length, self->error)))
        *value = g_byte_array_new_take ((guint8 *)bytes, length);
}

void
dunlin_stub_read_struct (DunlinStubReader *self, GType type, gpointer *value)
{
    g_clear_object ((GObject **)value);
    *value = g_object_new (type, NULL);
    check (self, thrift_struct_read ((ThriftStruct *)*value, self->protocol, self->error));
}

void
dunlin_stub_missing (DunlinStubReader *self, const char *argument)
{
    if (self->failed)
        return;
    self->failed = TRUE;
    g_set_error (self->error, THRIFT_PROTOCOL_ERROR, THRIFT_PROTOCOL_ERROR_INVALID_DATA,
                 "the required argument %s is missing", argument);
}
