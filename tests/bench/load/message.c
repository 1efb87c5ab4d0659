/* Strict binary Thrift, written once and compared byte for byte: what every implementation gives is
 * the same here, because fields go by their ids and the map has one entry. */
#include "bench/load/message.h"

#include <string.h>

#define CALL      1
#define REPLY     2
#define TDISPATCH 2
#define RDISPATCH 0xfe
#define RECORD_ID 4711
/* What the sequence id is over mux, where the tag tells calls apart. */
#define MUX_SEQID 0

enum {
    T_STOP_BYTE = 0,
    T_I32 = 8,
    T_I64 = 10,
    T_TEXT = 11,
    T_RECORD = 12,
    T_PAIRS = 13,
    T_ROW = 15
};

static void
put_u8 (GByteArray *to, guint8 v)
{
    g_byte_array_append (to, &v, 1);
}

static void
put_u16 (GByteArray *to, guint16 v)
{
    v = GUINT16_TO_BE (v);
    g_byte_array_append (to, (guint8 *)&v, sizeof v);
}

static void
put_u32 (GByteArray *to, guint32 v)
{
    v = GUINT32_TO_BE (v);
    g_byte_array_append (to, (guint8 *)&v, sizeof v);
}

static void
put_u64 (GByteArray *to, guint64 v)
{
    v = GUINT64_TO_BE (v);
    g_byte_array_append (to, (guint8 *)&v, sizeof v);
}

static void
put_text (GByteArray *to, const char *text)
{
    put_u32 (to, (guint32)strlen (text));
    g_byte_array_append (to, (const guint8 *)text, (guint)strlen (text));
}

static void
put_field (GByteArray *to, guint8 type, guint16 id)
{
    put_u8 (to, type);
    put_u16 (to, id);
}

/* Returns: where the sequence id is. */
static gsize
put_message (GByteArray *to, guint8 type, const char *name)
{
    put_u32 (to, 0x80010000 | type);
    put_text (to, name);
    put_u32 (to, MUX_SEQID);
    return to->len - 4;
}

/* About 200 bytes. */
static void
put_record (GByteArray *to)
{
    put_field (to, T_I64, 1);
    put_u64 (to, RECORD_ID);
    put_field (to, T_TEXT, 2);
    put_text (to, "Augusta Ada King, Countess of Lovelace");
    put_field (to, T_ROW, 3);
    put_u8 (to, T_TEXT);
    put_u32 (to, 3);
    put_text (to, "ada@analytical-engine.example");
    put_text (to, "countess@lovelace.example");
    put_text (to, "notes@menabrea.example");
    put_field (to, T_PAIRS, 4);
    put_u8 (to, T_TEXT);
    put_u8 (to, T_TEXT);
    put_u32 (to, 1);
    put_text (to, "field");
    put_text (to, "mathematics");
    put_field (to, T_I64, 5);
    put_u64 (to, G_GUINT64_CONSTANT (1700000000000));
    put_u8 (to, T_STOP_BYTE);
}

static void
put_payload (GByteArray *to, gsize n)
{
    guint at;

    put_u32 (to, (guint32)n);
    at = to->len;
    g_byte_array_set_size (to, at + (guint)n);
    for (gsize i = 0; i < n; i++)
        to->data[at + i] = (guint8)(i * 7 + i / 256);
}

static void
put_arguments (GByteArray *to, LoadMethod method, gsize argument)
{
    switch (method) {
    case LOAD_GET:
        put_field (to, T_I64, 1);
        put_u64 (to, RECORD_ID);
        break;
    case LOAD_ECHO:
        put_field (to, T_TEXT, 1);
        put_payload (to, argument);
        break;
    case LOAD_SLEEP:
        put_field (to, T_I32, 1);
        put_u32 (to, (guint32)argument);
        break;
    case LOAD_PING:
        break;
    }
    put_u8 (to, T_STOP_BYTE);
}

static void
put_result (GByteArray *to, LoadMethod method, gsize argument)
{
    g_autofree char *slept = g_strdup_printf ("slept %zu", argument);

    put_field (to, method == LOAD_GET ? T_RECORD : T_TEXT, 0);
    if (method == LOAD_GET)
        put_record (to);
    else if (method == LOAD_ECHO)
        put_payload (to, argument);
    else
        put_text (to, method == LOAD_SLEEP ? slept : "pong");
    put_u8 (to, T_STOP_BYTE);
}

/* RequestHeader: trace_id, span_id, parent_span_id. */
static void
put_request_header (GByteArray *to)
{
    for (guint16 id = 1; id <= 3; id++) {
        put_field (to, T_I64, id);
        put_u64 (to, 0x1000 + id);
    }
    put_u8 (to, T_STOP_BYTE);
}

static void
end_frame (GByteArray *frame)
{
    guint32 size = GUINT32_TO_BE (frame->len - 4);

    memcpy (frame->data, &size, sizeof size);
}

/* A frame's beginning, up to the Thrift message. */
static GByteArray *
begin_frame (LoadProtocol protocol)
{
    GByteArray *frame = g_byte_array_new ();

    put_u32 (frame, 0);
    if (protocol == LOAD_TTWITTER)
        put_request_header (frame);
    if (protocol == LOAD_MUX) {
        put_u32 (frame, TDISPATCH << 24 | 2); /* the tag comes into the lower three bytes */
        put_u16 (frame, 0);                   /* contexts */
        put_u16 (frame, 0);                   /* destination */
        put_u16 (frame, 0);                   /* delegations */
    }
    return frame;
}

GByteArray *
load_upgrade (LoadProtocol protocol)
{
    GByteArray *frame;

    if (protocol != LOAD_TTWITTER)
        return NULL;
    frame = begin_frame (LOAD_FRAMED);
    put_message (frame, CALL, "__can__finagle__trace__v3__");
    put_u8 (frame, T_STOP_BYTE); /* ConnectionOptions, which is empty, in the arguments' place */
    end_frame (frame);
    return frame;
}

void
load_messages_init (LoadMessages *self, const LoadOptions *options)
{
    static const char *const names[] = { "ping", "get", "echo", "sleep" };
    gsize seqid;

    *self = (LoadMessages){ .protocol = options->protocol };
    self->request = begin_frame (options->protocol);
    seqid = put_message (self->request, CALL, names[options->method]);
    self->request_id = options->protocol == LOAD_MUX ? 4 : seqid;
    put_arguments (self->request, options->method, options->argument);
    end_frame (self->request);

    self->reply = g_byte_array_new ();
    self->reply_id = put_message (self->reply, REPLY, names[options->method]);
    put_result (self->reply, options->method, options->argument);

    self->put = begin_frame (options->protocol);
    put_message (self->put, CALL, "put");
    put_field (self->put, T_RECORD, 1);
    put_record (self->put);
    put_u8 (self->put, T_STOP_BYTE);
    end_frame (self->put);
}

void
load_messages_clear (LoadMessages *self)
{
    g_clear_pointer (&self->request, g_byte_array_unref);
    g_clear_pointer (&self->reply, g_byte_array_unref);
    g_clear_pointer (&self->put, g_byte_array_unref);
}

void
load_request_write (const LoadMessages *self, guint8 *to, guint32 id)
{
    if (self->protocol == LOAD_MUX)
        id |= TDISPATCH << 24;
    id = GUINT32_TO_BE (id);
    memcpy (to, self->request->data, self->request->len);
    memcpy (to + self->request_id, &id, sizeof id);
}

/* ---- Answers ---- */

typedef struct {
    const guint8 *at;
    gsize left;
    gboolean failed;
} Cursor;

static const guint8 *
take (Cursor *self, gsize n)
{
    const guint8 *at = self->at;

    if (n > self->left) {
        self->failed = TRUE;
        self->left = 0;
        return NULL;
    }
    self->at += n;
    self->left -= n;
    return at;
}

static guint32
take_number (Cursor *self, gsize bytes)
{
    const guint8 *at = take (self, bytes);
    guint32 v = 0;

    for (gsize i = 0; at != NULL && i < bytes; i++)
        v = v << 8 | at[i];
    return v;
}

static void skip_struct (Cursor *self, int depth);

/* Only what a ResponseHeader is made of. */
static void
skip_value (Cursor *self, guint8 type, int depth)
{
    guint32 n;
    guint8 element;

    switch (type) {
    case T_TEXT:
        take (self, take_number (self, 4));
        break;
    case T_RECORD:
        skip_struct (self, depth + 1);
        break;
    case T_ROW:
        element = (guint8)take_number (self, 1);
        n = take_number (self, 4);
        for (guint32 i = 0; i < n && !self->failed; i++)
            skip_value (self, element, depth + 1);
        break;
    case T_I64:
        take (self, 8);
        break;
    case T_I32:
        take (self, 4);
        break;
    default:
        take (self, type == 2 || type == 3 ? 1 : G_MAXSIZE);
    }
}

static void
skip_struct (Cursor *self, int depth)
{
    guint8 type;

    if (depth > 16)
        self->failed = TRUE;
    while (!self->failed && (type = (guint8)take_number (self, 1)) != T_STOP_BYTE) {
        take (self, 2);
        skip_value (self, type, depth);
    }
}

/* Moves to the Thrift message. Returns: FALSE when there is none. */
static gboolean
skip_to_message (Cursor *self, LoadProtocol protocol, gboolean has_header)
{
    guint32 n;

    if (protocol == LOAD_TTWITTER && has_header)
        skip_struct (self, 0);
    if (protocol == LOAD_MUX) {
        if (take_number (self, 1) != RDISPATCH)
            return FALSE;
        take (self, 3);
        if (take_number (self, 1) != 0)
            return FALSE;
        n = 2 * take_number (self, 2);
        for (guint32 i = 0; i < n && !self->failed; i++)
            take (self, take_number (self, 2));
    }
    return !self->failed;
}

gint64
load_reply_id (const LoadMessages *self, const guint8 *frame, gsize n)
{
    Cursor cursor = { .at = frame, .left = n };
    gint64 id;

    if (self->protocol == LOAD_MUX) {
        take (&cursor, 1);
        id = take_number (&cursor, 3);
        return cursor.failed ? -1 : id;
    }
    if (!skip_to_message (&cursor, self->protocol, TRUE))
        return -1;
    take (&cursor, 4);
    take (&cursor, take_number (&cursor, 4));
    id = take_number (&cursor, 4);
    return cursor.failed ? -1 : id;
}

const char *
load_reply_check (const LoadMessages *self, const guint8 *frame, gsize n, guint32 id)
{
    Cursor cursor = { .at = frame, .left = n };
    guint32 expected_id = GUINT32_TO_BE (self->protocol == LOAD_MUX ? MUX_SEQID : id);
    const guint8 *expected = self->reply->data;
    gsize after = self->reply_id + 4;

    if (!skip_to_message (&cursor, self->protocol, TRUE))
        return "it is no reply, or says that the call failed";
    if (cursor.left != self->reply->len)
        return "it has another length";
    if (memcmp (cursor.at + self->reply_id, &expected_id, sizeof expected_id) != 0)
        return "it bears another sequence id";
    if (memcmp (cursor.at, expected, self->reply_id) != 0)
        return "it is another message";
    if (memcmp (cursor.at + after, expected + after, cursor.left - after) != 0)
        return "it holds another result";
    return NULL;
}

gboolean
load_is_reply (LoadProtocol protocol, gboolean has_header, const guint8 *frame, gsize n)
{
    Cursor cursor = { .at = frame, .left = n };

    return skip_to_message (&cursor, protocol, has_header) &&
           take_number (&cursor, 4) == (0x80010000 | REPLY);
}
