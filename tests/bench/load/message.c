/* Strict binary Thrift, written once and compared byte for byte: what every implementation gives is
 * the same here, because fields go by their ids and the map has one entry. */
#include "bench/load/message.h"

#include "bench/load/bytes.h"

#define TDISPATCH 2
#define RECORD_ID 4711

/* About 200 bytes. */
static void
put_record (GByteArray *to)
{
    load_put_field (to, LOAD_I64, 1);
    load_put_u64 (to, RECORD_ID);
    load_put_field (to, LOAD_TEXT, 2);
    load_put_text (to, "Augusta Ada King, Countess of Lovelace");
    load_put_field (to, LOAD_LIST, 3);
    load_put_u8 (to, LOAD_TEXT);
    load_put_u32 (to, 3);
    load_put_text (to, "ada@analytical-engine.example");
    load_put_text (to, "countess@lovelace.example");
    load_put_text (to, "notes@menabrea.example");
    load_put_field (to, LOAD_MAP, 4);
    load_put_u8 (to, LOAD_TEXT);
    load_put_u8 (to, LOAD_TEXT);
    load_put_u32 (to, 1);
    load_put_text (to, "field");
    load_put_text (to, "mathematics");
    load_put_field (to, LOAD_I64, 5);
    load_put_u64 (to, G_GUINT64_CONSTANT (1700000000000));
    load_put_u8 (to, LOAD_STOP);
}

/* Bytes of which no two pages are alike. */
static void
put_payload (GByteArray *to, gsize n)
{
    guint at;

    load_put_u32 (to, (guint32)n);
    at = to->len;
    g_byte_array_set_size (to, at + (guint)n);
    for (gsize i = 0; i < n; i++)
        to->data[at + i] = (guint8)(i * 7 + i / 256 + i / 65536);
}

static void
put_arguments (GByteArray *to, LoadMethod method, gsize argument)
{
    switch (method) {
    case LOAD_PUT:
        load_put_field (to, LOAD_STRUCT, 1);
        put_record (to);
        break;
    case LOAD_GET:
        load_put_field (to, LOAD_I64, 1);
        load_put_u64 (to, RECORD_ID);
        break;
    case LOAD_ECHO:
        load_put_field (to, LOAD_TEXT, 1);
        put_payload (to, argument);
        break;
    case LOAD_SLEEP:
        load_put_field (to, LOAD_I32, 1);
        load_put_u32 (to, (guint32)argument);
        break;
    case LOAD_PING:
        break;
    }
    load_put_u8 (to, LOAD_STOP);
}

static void
put_result (GByteArray *to, LoadMethod method, gsize argument)
{
    gboolean is_record = method == LOAD_PUT || method == LOAD_GET;
    g_autofree char *slept = g_strdup_printf ("slept %zu", argument);

    load_put_field (to, is_record ? LOAD_STRUCT : LOAD_TEXT, 0);
    if (is_record)
        put_record (to);
    else if (method == LOAD_ECHO)
        put_payload (to, argument);
    else
        load_put_text (to, method == LOAD_SLEEP ? slept : "pong");
    load_put_u8 (to, LOAD_STOP);
}

/* Returns: where the sequence id is. */
static gsize
put_head (GByteArray *to, guint32 kind, LoadMethod method)
{
    static const char *const names[] = { "ping", "get", "echo", "sleep", "put" };

    load_put_u32 (to, kind);
    load_put_text (to, names[method]);
    load_put_u32 (to, LOAD_MUX_SEQID);
    return to->len - 4;
}

/* RequestHeader: trace_id, span_id, parent_span_id. */
static void
put_request_header (GByteArray *to)
{
    for (guint16 id = 1; id <= 3; id++) {
        load_put_field (to, LOAD_I64, id);
        load_put_u64 (to, 0x1000 + id);
    }
    load_put_u8 (to, LOAD_STOP);
}

static void
put_dispatch (GByteArray *to)
{
    load_put_u32 (to, TDISPATCH << 24); /* the tag comes into the lower three bytes */
    load_put_u16 (to, 0);               /* contexts */
    load_put_u16 (to, 0);               /* destination */
    load_put_u16 (to, 0);               /* delegations */
}

void
load_message_init (LoadMessage *self, LoadProtocol protocol, LoadMethod method, gsize argument)
{
    gsize seqid;

    *self = (LoadMessage){ .protocol = protocol };
    self->request = load_frame_begin ();
    if (protocol == LOAD_TTWITTER)
        put_request_header (self->request);
    if (protocol == LOAD_MUX)
        put_dispatch (self->request);
    seqid = put_head (self->request, LOAD_CALL, method);
    self->request_id = protocol == LOAD_MUX ? 4 : seqid;
    put_arguments (self->request, method, argument);
    load_frame_end (self->request);

    self->reply = g_byte_array_new ();
    self->reply_id = put_head (self->reply, LOAD_REPLY, method);
    put_result (self->reply, method, argument);
}

void
load_message_clear (LoadMessage *self)
{
    g_clear_pointer (&self->request, g_byte_array_unref);
    g_clear_pointer (&self->reply, g_byte_array_unref);
}

void
load_message_write (const LoadMessage *self, guint8 *to, guint32 id)
{
    if (self->protocol == LOAD_MUX)
        id |= TDISPATCH << 24;
    id = GUINT32_TO_BE (id);
    memcpy (to, self->request->data, self->request->len);
    memcpy (to + self->request_id, &id, sizeof id);
}
