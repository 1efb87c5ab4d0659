/* Stubs as the generator would write them, by hand. */
#include "support/tiny_service.h"

#include <stdlib.h>
#include <string.h>

#include "dunlin.h"
#include "rpc/call.h"

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
    else if (g_str_has_prefix (kind, "code "))
        g_set_error_literal (error, DUNLIN_ERROR, atoi (kind + strlen ("code ")), "secret insides");
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

/* As many bytes as asked for, of letters that tell a shifted block. */
static DunlinStubOutcome
big (DunlinCall *call, GObject *handler, GError **error)
{
    gint32 n = 0;
    g_autofree char *text = NULL;

    if (!read_one (call, NULL, &n, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    text = g_malloc ((gsize)n + 1);
    for (gint32 i = 0; i < n; i++)
        text[i] = (char)('a' + i % 23);
    text[n] = '\0';
    return reply_text (call, 0, text, error);
}

static DunlinStubOutcome
block_ms (DunlinCall *call, GObject *handler, GError **error)
{
    gint32 ms = 0;

    if (!read_one (call, NULL, &ms, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    g_usleep ((gulong)ms * 1000);
    return reply_text (call, 0, "blocked", error);
}

static void
add_slice (GString *to, const char *name, DunlinSlice value)
{
    g_autofree char *text = dunlin_slice_to_utf8 (value);

    g_string_append_printf (to, " %s=%s", name, text);
}

/* What the handler is told, before and after a wait: nothing may be borrowed from the wire then. */
static void
describe (DunlinCall *call, GString *to)
{
    g_autofree char *client = dunlin_call_dup_client_id (call);
    g_autoptr (GBytes) other = dunlin_call_dup_context (call, "App.Key");
    const char *identity = dunlin_call_get_peer_identity (call);
    const char *version = dunlin_call_get_tls_version (call);
    gint64 remaining = dunlin_call_get_remaining (call);
    DunlinTrace trace;

    g_string_append_printf (to, "%s %s", dunlin_call_get_protocol (call),
                            dunlin_call_get_method (call));
    if (identity != NULL)
        g_string_append_printf (to, " identity=%s", identity);
    if (version != NULL)
        g_string_append_printf (to, " tls=%s", version);
    if (client != NULL)
        g_string_append_printf (to, " client=%s", client);
    if (dunlin_call_get_trace (call, &trace))
        g_string_append_printf (to,
                                " trace=%" G_GINT64_MODIFIER "x span=%" G_GINT64_MODIFIER
                                "x parent=%" G_GINT64_MODIFIER "x%s%s",
                                trace.trace_id, trace.span_id, trace.parent_id,
                                trace.decided ? " decided" : "", trace.sampled ? " sampled" : "");
    if (remaining != G_MAXINT64)
        g_string_append_printf (to, " seconds=%d", (int)((remaining + 999999) / 1000000));
    if (dunlin_call_has_retries (call))
        g_string_append_printf (to, " retries=%u", dunlin_call_get_retries (call));
    if (call->context.dest.length > 0)
        add_slice (to, "dest", call->context.dest);
    for (guint i = 0; i < call->context.dtab.n; i++) {
        add_slice (to, "from", call->context.dtab.items[i].key);
        add_slice (to, "to", call->context.dtab.items[i].value);
    }
    if (other != NULL)
        add_slice (to, "other",
                   dunlin_slice (g_bytes_get_data (other, NULL), g_bytes_get_size (other)));
}

static DunlinStubOutcome
context (DunlinCall *call, GObject *handler, GError **error)
{
    g_autoptr (GString) now = g_string_new (NULL);
    g_autoptr (GString) later = g_string_new (NULL);

    if (!read_one (call, NULL, NULL, error))
        return DUNLIN_STUB_BAD_ARGUMENTS;
    describe (call, now);
    if (!dunlin_sleep (1000, error))
        return DUNLIN_STUB_FAILED;
    describe (call, later);
    return reply_text (call, 0, strcmp (now->str, later->str) == 0 ? now->str : "it changed",
                       error);
}

static const DunlinMethodInfo methods[] = {
    { "ping", FALSE, "", "string", "", "", ping, NULL },
    { "echo", FALSE, "1: string text", "string", "", "", echo, NULL },
    { "sleep", FALSE, "1: i32 ms", "string", "", "", sleep_ms, NULL },
    { "fail", FALSE, "1: string kind", "string", "1: string declared", "", fail, NULL },
    { "note", TRUE, "", "void", "", "", note, NULL },
    { "count_notes", FALSE, "", "string", "", "", count_notes, NULL },
    { "big", FALSE, "1: i32 n", "string", "", "", big, NULL },
    { "block", FALSE, "1: i32 ms", "string", "", "", block_ms, NULL },
    { "context", FALSE, "", "string", "", "", context, NULL },
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
