/* Clients under test. */
#include "support/client_case.h"

#include "base/stats.h"
#include "discovery/dest.h"

typedef struct {
    DunlinLoop *loop;
    void (*body) (gpointer data);
    gpointer data;
} OnFiber;

static void
run_body (gpointer data)
{
    OnFiber *self = data;

    self->body (self->data);
    dunlin_loop_stop (self->loop);
}

static void
spawn_body (gpointer data)
{
    g_autoptr (GError) error = NULL;

    dunlin_fiber_spawn ("test", run_body, data, &error);
    g_assert_no_error (error);
}

void
client_on_fiber (void (*body) (gpointer data), gpointer data)
{
    g_autoptr (DunlinLoop) loop = dunlin_loop_new ("test", NULL);
    OnFiber self = { .loop = loop, .body = body, .data = data };

    dunlin_loop_post (loop, spawn_body, &self);
    dunlin_loop_run (loop);
}

DunlinClient *
client_of_ports (const guint16 *ports, guint n, const DunlinClientOptions *options)
{
    g_autoptr (GString) dest = g_string_new ("fixedinet!");
    g_autoptr (GError) error = NULL;
    DunlinClientOptions defaults;
    DunlinClient *client;

    for (guint i = 0; i < n; i++)
        g_string_append_printf (dest, "%s127.0.0.1:%u", i > 0 ? "," : "", ports[i]);
    dunlin_client_options_init (&defaults);
    client =
        dunlin_dest_client_new (dest->str, options != NULL ? options : &defaults, NULL, &error);
    g_assert_no_error (error);
    return client;
}

DunlinClient *
client_of_port (guint16 port, const DunlinClientOptions *options)
{
    return client_of_ports (&port, 1, options);
}

void
client_write_text (DunlinBuffer *to, const char *text)
{
    dunlin_buffer_u8 (to, 11);
    dunlin_buffer_u16 (to, 1);
    dunlin_buffer_u32 (to, (guint32)strlen (text));
    dunlin_buffer_append (to, text, strlen (text));
    dunlin_buffer_u8 (to, 0);
}

void
client_write_number (DunlinBuffer *to, gint32 number)
{
    dunlin_buffer_u8 (to, 8);
    dunlin_buffer_u16 (to, 1);
    dunlin_buffer_u32 (to, (guint32)number);
    dunlin_buffer_u8 (to, 0);
}

char *
client_result (const DunlinRawReply *reply)
{
    DunlinReader in =
        dunlin_reader (dunlin_buffer_bytes (&reply->body), dunlin_buffer_length (&reply->body));
    guint32 length;
    const guint8 *text;

    g_assert_cmpint (reply->type, ==, DUNLIN_MESSAGE_REPLY);
    g_assert_cmpint (dunlin_reader_u8 (&in), ==, 11);
    g_assert_cmpint (dunlin_reader_u16 (&in), <=, 1);
    length = dunlin_reader_u32 (&in);
    text = dunlin_reader_take (&in, length);
    g_assert_nonnull (text);
    return g_strndup ((const char *)text, length);
}

static char *
call (DunlinClient *client, const char *method, const DunlinBuffer *arguments, GError **error)
{
    g_auto (DunlinRawReply) reply = { 0 };
    DunlinRawCall raw = { .method = method,
                          .arguments = dunlin_buffer_bytes (arguments),
                          .n_arguments = dunlin_buffer_length (arguments),
                          .deadline = DUNLIN_NEVER };

    if (!dunlin_client_call_raw (client, &raw, &reply, error))
        return NULL;
    if (reply.type == DUNLIN_MESSAGE_EXCEPTION) {
        g_autofree char *text = NULL;
        int type;

        g_assert_true (dunlin_raw_reply_exception (&reply, DUNLIN_ENCODING_BINARY, &type, &text));
        return g_strdup_printf ("exception %d: %s", type, text);
    }
    return client_result (&reply);
}

char *
client_call (DunlinClient *client, const char *method, GError **error)
{
    g_auto (DunlinBuffer) arguments = { 0 };

    dunlin_buffer_u8 (&arguments, 0);
    return call (client, method, &arguments, error);
}

char *
client_call_text (DunlinClient *client, const char *method, const char *text, GError **error)
{
    g_auto (DunlinBuffer) arguments = { 0 };

    client_write_text (&arguments, text);
    return call (client, method, &arguments, error);
}

char *
client_call_number (DunlinClient *client, const char *method, gint32 number, GError **error)
{
    g_auto (DunlinBuffer) arguments = { 0 };

    client_write_number (&arguments, number);
    return call (client, method, &arguments, error);
}

gint64
client_stat (DunlinClient *client, const char *name)
{
    g_autofree char *full = g_strconcat ("clnt/", dunlin_client_label (client), "/", name, NULL);
    gint64 value;

    if (!dunlin_stats_find (full, &value))
        g_error ("nothing is counted as %s", full);
    return value;
}
