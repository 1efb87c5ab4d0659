/* For tests of Thrift encodings: values rendered as text, whatever protocol reads them. */
#pragma once

#include <string.h>
#include <thrift/c_glib/protocol/thrift_protocol.h>

static gboolean text_of_value (ThriftProtocol *protocol, ThriftType type, GString *text);

static gboolean
text_of_struct (ThriftProtocol *protocol, GString *text)
{
    gchar *name = NULL;
    ThriftType type;
    gint16 id;

    if (thrift_protocol_read_struct_begin (protocol, &name, NULL) < 0)
        return FALSE;
    g_string_append_c (text, '{');
    for (;;) {
        if (thrift_protocol_read_field_begin (protocol, &name, &type, &id, NULL) < 0)
            return FALSE;
        if (type == T_STOP)
            break;
        g_string_append_printf (text, "%d:", id);
        if (!text_of_value (protocol, type, text))
            return FALSE;
        g_string_append_c (text, ' ');
        thrift_protocol_read_field_end (protocol, NULL);
    }
    g_string_append_c (text, '}');
    return thrift_protocol_read_struct_end (protocol, NULL) >= 0;
}

static gboolean
text_of_map (ThriftProtocol *protocol, GString *text)
{
    ThriftType key;
    ThriftType value;
    guint32 size;

    if (thrift_protocol_read_map_begin (protocol, &key, &value, &size, NULL) < 0)
        return FALSE;
    g_string_append_printf (text, "map%u(", size);
    for (guint32 i = 0; i < size; i++) {
        if (!text_of_value (protocol, key, text))
            return FALSE;
        g_string_append (text, "=>");
        if (!text_of_value (protocol, value, text))
            return FALSE;
        g_string_append_c (text, ' ');
    }
    g_string_append_c (text, ')');
    return thrift_protocol_read_map_end (protocol, NULL) >= 0;
}

static gboolean
text_of_elements (ThriftProtocol *protocol, ThriftType type, GString *text)
{
    ThriftType element;
    guint32 size;
    gint32 n = type == T_SET ? thrift_protocol_read_set_begin (protocol, &element, &size, NULL)
                             : thrift_protocol_read_list_begin (protocol, &element, &size, NULL);

    if (n < 0)
        return FALSE;
    g_string_append_printf (text, "%s%u(", type == T_SET ? "set" : "list", size);
    for (guint32 i = 0; i < size; i++) {
        if (!text_of_value (protocol, element, text))
            return FALSE;
        g_string_append_c (text, ' ');
    }
    g_string_append_c (text, ')');
    return (type == T_SET ? thrift_protocol_read_set_end (protocol, NULL)
                          : thrift_protocol_read_list_end (protocol, NULL)) >= 0;
}

static gboolean
text_of_bytes (ThriftProtocol *protocol, GString *text)
{
    gpointer data = NULL;
    guint32 length = 0;

    if (thrift_protocol_read_binary (protocol, &data, &length, NULL) < 0)
        return FALSE;
    g_string_append_printf (text, "\"");
    for (guint32 i = 0; i < length; i++)
        g_string_append_printf (text, "%02x", ((guint8 *)data)[i]);
    g_string_append_printf (text, "\"");
    g_free (data);
    return TRUE;
}

static gboolean
text_of_number (ThriftProtocol *protocol, ThriftType type, GString *text)
{
    gboolean b = FALSE;
    gint8 i8 = 0;
    gint16 i16 = 0;
    gint32 i32 = 0;
    gint64 i64 = 0;
    gdouble d = 0;
    gint32 n = -1;

    switch (type) {
    case T_BOOL:
        n = thrift_protocol_read_bool (protocol, &b, NULL);
        g_string_append (text, b ? "true" : "false");
        break;
    case T_BYTE:
        n = thrift_protocol_read_byte (protocol, &i8, NULL);
        g_string_append_printf (text, "b%d", i8);
        break;
    case T_I16:
        n = thrift_protocol_read_i16 (protocol, &i16, NULL);
        g_string_append_printf (text, "s%d", i16);
        break;
    case T_I32:
        n = thrift_protocol_read_i32 (protocol, &i32, NULL);
        g_string_append_printf (text, "i%d", i32);
        break;
    case T_I64:
        n = thrift_protocol_read_i64 (protocol, &i64, NULL);
        g_string_append_printf (text, "l%" G_GINT64_FORMAT, i64);
        break;
    default:
        n = thrift_protocol_read_double (protocol, &d, NULL);
        memcpy (&i64, &d, sizeof i64);
        g_string_append_printf (text, "d%016" G_GINT64_MODIFIER "x", (guint64)i64);
        break;
    }
    return n >= 0;
}

/* Reads a value of @type from @protocol into @text. FALSE: the protocol gave an error. */
static gboolean
text_of_value (ThriftProtocol *protocol, ThriftType type, GString *text)
{
    switch (type) {
    case T_STRUCT:
        return text_of_struct (protocol, text);
    case T_MAP:
        return text_of_map (protocol, text);
    case T_SET:
    case T_LIST:
        return text_of_elements (protocol, type, text);
    case T_STRING:
        return text_of_bytes (protocol, text);
    default:
        return text_of_number (protocol, type, text);
    }
}
