/* Stubs as the generator would write them, by hand. */
#include "support/tiny_service.h"

#include <string.h>

#include "dunlin.h"

static int cancelled;
static int notes;

/* Reads a struct whose field 1 is a string or an i32; the other out-parameter stays as it is. */
static gboolean
read_one (DunlinCall *call, char **text, gint32 *number, GError **error)
{
    ThriftProtocol *in = dunlin_stub_input (call);
    ThriftType type;
    gint16 id;
    gchar *name = NULL;

    if (thrift_protocol_read_struct_begin (in, &name, error) < 0)
        return FALSE;
    for (;;) {
        if (thrift_protocol_read_field_begin (in, &name, &type, &id, error) < 0)
            return FALSE;
        if (type == T_STOP)
            break;
        if (id == 1 && type == T_STRING && text != NULL) {
            g_clear_pointer (text, g_free);
            if (thrift_protocol_read_string (in, text, error) < 0)
                return FALSE;
        } else if (id == 1 && type == T_I32 && number != NULL) {
            if (thrift_protocol_read_i32 (in, number, error) < 0)
                return FALSE;
        } else if (thrift_protocol_skip (in, type, error) < 0) {
            return FALSE;
        }
        thrift_protocol_read_field_end (in, NULL);
    }
    thrift_protocol_read_struct_end (in, NULL);
    return dunlin_stub_arguments_end (call, error);
}

static DunlinStubOutcome
reply_text (DunlinCall *call, int field, const char *text, GError **error)
{
    ThriftProtocol *out = dunlin_stub_reply (call);

    if (thrift_protocol_write_struct_begin (out, "result", error) < 0 ||
        thrift_protocol_write_field_begin (out, "success", T_STRING, (gint16)field, error) < 0 ||
        thrift_protocol_write_string (out, text, error) < 0 ||
        thrift_protocol_write_field_end (out, error) < 0 ||
        thrift_protocol_write_field_stop (out, error) < 0 ||
        thrift_protocol_write_struct_end (out, error) < 0)
        return DUNLIN_STUB_BAD_RESULT;
    return field == 0 ? DUNLIN_STUB_OK : DUNLIN_STUB_DECLARED;
}

static DunlinStubOutcome
ping (DunlinCall *call, GObject *handler, GError **error)
{
    if (!read_one (call, NULL, NULL, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    return reply_text (call, 0, "pong", error);
}

static DunlinStubOutcome
echo (DunlinCall *call, GObject *handler, GError **error)
{
    g_autofree char *text = g_strdup ("");

    if (!read_one (call, &text, NULL, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    return reply_text (call, 0, text, error);
}

static DunlinStubOutcome
sleep_ms (DunlinCall *call, GObject *handler, GError **error)
{
    gint32 ms = 0;

    if (!read_one (call, NULL, &ms, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (!dunlin_sleep ((gint64)ms * 1000, error)) {
        if (dunlin_call_is_cancelled (call))
            __atomic_add_fetch (&cancelled, 1, __ATOMIC_SEQ_CST);
        return DUNLIN_STUB_FAILED;
    }
    return reply_text (call, 0, "slept", error);
}

static DunlinStubOutcome
fail (DunlinCall *call, GObject *handler, GError **error)
{
    g_autofree char *kind = g_strdup ("");

    if (!read_one (call, &kind, NULL, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    if (strcmp (kind, "declared") == 0)
        return reply_text (call, 1, "declared", error);
    if (strcmp (kind, "nack") == 0)
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED, "as asked");
    else if (strcmp (kind, "undeclared") == 0)
        g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_IO, "secret insides");
    else if (strcmp (kind, "none") == 0)
        return DUNLIN_STUB_NO_RESULT;
    return DUNLIN_STUB_FAILED;
}

static DunlinStubOutcome
note (DunlinCall *call, GObject *handler, GError **error)
{
    if (!read_one (call, NULL, NULL, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    __atomic_add_fetch (&notes, 1, __ATOMIC_SEQ_CST);
    return DUNLIN_STUB_OK;
}

static DunlinStubOutcome
count_notes (DunlinCall *call, GObject *handler, GError **error)
{
    g_autofree char *text = NULL;

    if (!read_one (call, NULL, NULL, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    text = g_strdup_printf ("%d", __atomic_load_n (&notes, __ATOMIC_SEQ_CST));
    return reply_text (call, 0, text, error);
}

static const DunlinMethodInfo methods[] = {
    { "ping", FALSE, "", "string", "", "", ping, NULL },
    { "echo", FALSE, "1: string text", "string", "", "", echo, NULL },
    { "sleep", FALSE, "1: i32 ms", "string", "", "", sleep_ms, NULL },
    { "fail", FALSE, "1: string kind", "string", "1: string declared", "", fail, NULL },
    { "note", TRUE, "", "void", "", "", note, NULL },
    { "count_notes", FALSE, "", "string", "", "", count_notes, NULL },
};

static GType
object_type (void)
{
    return G_TYPE_OBJECT;
}

static void
no_types (void)
{
}

const DunlinServiceInfo tiny_service = { .name = "Tiny",
                                         .doc = "",
                                         .handler_type = object_type,
                                         .methods = methods,
                                         .n_methods = G_N_ELEMENTS (methods),
                                         .ensure_types = no_types,
                                         .idl_name = "tiny",
                                         .idl_json = "{}",
                                         .idl_sha256 = "" };

GObject *
tiny_handler_new (void)
{
    return g_object_new (G_TYPE_OBJECT, NULL);
}

int
tiny_cancelled (void)
{
    return __atomic_load_n (&cancelled, __ATOMIC_SEQ_CST);
}
