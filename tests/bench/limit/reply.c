/* A look at the method's first letter, a copy, a number patched. */
#include "bench/limit/reply.h"

#include <string.h>

/* size, type, tag, status, contexts */
#define MUX_HEADER    11
#define FRAMED_HEADER 4
#define TDISPATCH     2
#define RDISPATCH     0xfe

/**
 * Request:
 * @message: the strict binary Thrift message
 * @arguments: in it, after the header
 * @tag: of mux; 0: framed
 */
typedef struct {
    const guint8 *message;
    gsize length;
    const guint8 *arguments;
    guint32 tag;
} Request;

static guint32
number_at (const guint8 *at)
{
    guint32 v;

    memcpy (&v, at, sizeof v);
    return GUINT32_FROM_BE (v);
}

static void
append_number (LinkBytes *out, guint32 v)
{
    v = GUINT32_TO_BE (v);
    link_bytes_append (out, &v, sizeof v);
}

static gboolean
find_message (const guint8 *frame, gsize n, Request *request)
{
    gsize name;

    *request = (Request){ .message = frame, .length = n };
    if (n >= 10 && frame[0] == TDISPATCH) { /* with no contexts, destination and delegations */
        request->tag = number_at (frame) & 0xffffff;
        request->message += 10;
        request->length -= 10;
    }
    if (request->length < 13 || request->message[0] != 0x80)
        return FALSE;
    name = number_at (request->message + 4);
    if (name > request->length - 13)
        return FALSE;
    request->arguments = request->message + 8 + name + 4;
    return name > 0;
}

/* The reply's header, with the request's own name and sequence id. */
static void
begin (const Request *request, gsize result, LinkBytes *out)
{
    gsize header = (gsize)(request->arguments - request->message);
    gsize before = request->tag != 0 ? MUX_HEADER : FRAMED_HEADER;

    append_number (out, (guint32)(before - 4 + header + result));
    if (request->tag != 0) {
        append_number (out, (guint32)RDISPATCH << 24 | request->tag);
        link_bytes_append (out, "\0\0\0", 3);
    }
    append_number (out, 0x80010002);
    link_bytes_append (out, request->message + 4, header - 4);
}

static void
text (const Request *request, const guint8 *data, gsize n, LinkBytes *out)
{
    begin (request, 3 + 4 + n + 1, out);
    link_bytes_append (out, "\x0b\0\0", 3);
    append_number (out, (guint32)n);
    link_bytes_append (out, data, n);
    link_bytes_append (out, "", 1);
}

static void
record (LimitReplies *self, const Request *request, LinkBytes *out)
{
    begin (request, 3 + self->record_length, out);
    link_bytes_append (out, "\x0c\0\0", 3);
    link_bytes_append (out, self->record, self->record_length);
}

static void
put (LimitReplies *self, const Request *request)
{
    gsize n = request->length - (gsize)(request->arguments - request->message) - 3;

    g_free (self->record);
    self->record = g_memdup2 (request->arguments + 3, n);
    self->record_length = n;
}

gboolean
limit_reply (LimitReplies *self, const guint8 *frame, gsize n, LinkBytes *out)
{
    Request request;
    gsize left;

    if (!find_message (frame, n, &request))
        return FALSE;
    left = request.length - (gsize)(request.arguments - request.message);
    switch (request.message[8]) {
    case 'e': /* echo: 0b 00 01, the size, the bytes, 00 */
        if (left < 8 || number_at (request.arguments + 3) != left - 8)
            return FALSE;
        text (&request, request.arguments + 7, left - 8, out);
        return TRUE;
    case 'g':
        record (self, &request, out);
        return TRUE;
    case 'p':
        if (request.message[9] == 'u' && left > 4) {
            put (self, &request);
            record (self, &request, out);
        } else {
            text (&request, (const guint8 *)"pong", 4, out);
        }
        return TRUE;
    default:
        return FALSE;
    }
}
