/* A look at the method's first letters, a copy, two numbers patched. An echo is the request itself
 * with a few bytes changed, so that its payload is never copied. */
#include "bench/limit/reply.h"

#include <string.h>

#define SIZE_BYTES 4
#define CALL       0x80010001
#define REPLY      0x80010002
#define TDISPATCH  0x02
#define RDISPATCH  0xfe
#define TPING      0x41
#define RPING      0xbf
#define TINIT      0x44
#define RINIT      0xbc
#define RERR       0x7f
/* Of a reply: size, type and tag, status, number of contexts. */
#define MUX_HEADER 11

/**
 * Request:
 * @message: the strict binary Thrift message
 * @arguments: in it, after the header
 * @left: from the arguments on
 */
typedef struct {
    guint8 *message;
    guint8 *arguments;
    gsize left;
    guint32 tag;
    gboolean is_mux;
} Request;

static guint32
number_at (const guint8 *at)
{
    guint32 v;

    memcpy (&v, at, sizeof v);
    return GUINT32_FROM_BE (v);
}

static void
set_number (guint8 *at, guint32 v)
{
    v = GUINT32_TO_BE (v);
    memcpy (at, &v, sizeof v);
}

static void
append_number (GByteArray *to, guint32 v)
{
    v = GUINT32_TO_BE (v);
    g_byte_array_append (to, (const guint8 *)&v, sizeof v);
}

/* ---- What is built once ---- */

static void
build (LimitReply *self, const char *method, gboolean is_mux, const void *result, gsize n)
{
    GByteArray *frame = g_byte_array_new ();

    append_number (frame, 0);
    if (is_mux) {
        append_number (frame, 0);
        g_byte_array_append (frame, (const guint8 *)"\0\0\0", 3);
    }
    append_number (frame, REPLY);
    append_number (frame, (guint32)strlen (method));
    g_byte_array_append (frame, (const guint8 *)method, (guint)strlen (method));
    self->seqid = frame->len;
    append_number (frame, 0);
    g_byte_array_append (frame, result, (guint)n);
    set_number (frame->data, frame->len - SIZE_BYTES);
    if (self->frame != NULL)
        g_byte_array_unref (self->frame);
    self->frame = frame;
}

static void
build_both (LimitReplies *self, guint method, const void *result, gsize n)
{
    static const char *const names[LIMIT_METHODS] = { "ping", "put", "get" };

    build (&self->replies[method][FALSE], names[method], FALSE, result, n);
    build (&self->replies[method][TRUE], names[method], TRUE, result, n);
}

void
limit_replies_init (LimitReplies *self)
{
    static const char pong[] = "\x0b\0\0\0\0\0\x04pong"; /* its end is the structure's */

    build_both (self, LIMIT_PING, pong, sizeof pong);
    build_both (self, LIMIT_PUT, "", 1);
    build_both (self, LIMIT_GET, "", 1);
}

void
limit_replies_clear (LimitReplies *self)
{
    for (guint i = 0; i < LIMIT_METHODS; i++)
        for (guint is_mux = 0; is_mux < 2; is_mux++)
            g_clear_pointer (&self->replies[i][is_mux].frame, g_byte_array_unref);
}

/* The argument, field 1, is the result, field 0. */
static void
put (LimitReplies *self, const Request *request)
{
    g_autofree guint8 *result = g_memdup2 (request->arguments, request->left);

    result[2] = 0;
    build_both (self, LIMIT_PUT, result, request->left);
    build_both (self, LIMIT_GET, result, request->left);
}

/* ---- What is done for each call ---- */

/* Moves behind @count texts with 16-bit sizes. Returns: FALSE when they are not there. */
static gboolean
skip_texts (guint8 **at, gsize *left, guint count)
{
    for (guint i = 0; i < count; i++) {
        gsize size = *left < 2 ? 0 : (gsize)((*at)[0] << 8 | (*at)[1]);

        if (*left < 2 + size)
            return FALSE;
        *at += 2 + size;
        *left -= 2 + size;
    }
    return TRUE;
}

/* Moves behind a list of pairs, which begins with how many there are. */
static gboolean
skip_pairs (guint8 **at, gsize *left)
{
    guint count;

    if (*left < 2)
        return FALSE;
    count = 2U * (guint)((*at)[0] << 8 | (*at)[1]);
    *at += 2;
    *left -= 2;
    return skip_texts (at, left, count);
}

static gboolean
read_request (guint8 *frame, gsize n, Request *request)
{
    gsize name;

    *request = (Request){ .message = frame, .left = n };
    if (n >= 4 && frame[0] == TDISPATCH) {
        request->is_mux = TRUE;
        request->tag = number_at (frame) & 0xffffff;
        request->message += 4;
        request->left -= 4;
        if (!skip_pairs (&request->message, &request->left) ||
            !skip_texts (&request->message, &request->left, 1) ||
            !skip_pairs (&request->message, &request->left))
            return FALSE;
    }
    if (request->left < 13 || number_at (request->message) != CALL)
        return FALSE;
    name = number_at (request->message + 4);
    if (name < 2 || name > request->left - 13)
        return FALSE;
    request->arguments = request->message + 8 + name + 4;
    request->left -= 8 + name + 4;
    return TRUE;
}

static gboolean
append (const LimitReply *reply, const Request *request, LinkBytes *out)
{
    gsize length = reply->frame->len;
    guint8 *to = link_bytes_reserve (out, length);

    memcpy (to, reply->frame->data, length);
    memcpy (to + reply->seqid, request->arguments - 4, 4);
    if (request->is_mux)
        set_number (to + SIZE_BYTES, (guint32)RDISPATCH << 24 | request->tag);
    out->end += length;
    return TRUE;
}

/* The argument is 0b 00 01, a size, bytes and the structure's end; the result has 00 in place of
 * the 01. The header of a mux reply is shorter than that of any request, so there is room. */
static gboolean
echo (const Request *request, LimitAnswer *answer)
{
    gsize header = request->is_mux ? MUX_HEADER : SIZE_BYTES;
    guint8 *start = request->message - header;
    gsize length = header + (gsize)(request->arguments - request->message) + request->left;

    if (request->left < 8 || number_at (request->arguments + 3) != request->left - 8)
        return FALSE;
    set_number (start, (guint32)(length - SIZE_BYTES));
    if (request->is_mux) {
        set_number (start + SIZE_BYTES, (guint32)RDISPATCH << 24 | request->tag);
        memset (start + 8, 0, 3);
    }
    set_number (request->message, REPLY);
    request->arguments[2] = 0;
    *answer = (LimitAnswer){ start, length };
    return TRUE;
}

/* What opens a session of mux, and its pings. */
static gboolean
control (guint8 *frame, gsize n, LimitAnswer *answer)
{
    *answer = (LimitAnswer){ frame - SIZE_BYTES, n + SIZE_BYTES };
    if (n < 4)
        return FALSE;
    switch (frame[0]) {
    case RERR: /* the question whether we know Tinit: the answer is the question */
        return TRUE;
    case TPING:
        frame[0] = RPING;
        return TRUE;
    case TINIT: /* what the caller can take is what we send */
        frame[0] = RINIT;
        return TRUE;
    default:
        return FALSE;
    }
}

gboolean
limit_reply (LimitReplies *self, guint8 *frame, gsize n, LinkBytes *out, LimitAnswer *answer)
{
    Request request;

    if (!read_request (frame, n, &request))
        return control (frame, n, answer);
    switch (request.message[8]) {
    case 'e':
        return echo (&request, answer);
    case 'g':
        return append (&self->replies[LIMIT_GET][request.is_mux], &request, out);
    case 'p':
        if (request.message[9] != 'u')
            return append (&self->replies[LIMIT_PING][request.is_mux], &request, out);
        if (request.left > 3)
            put (self, &request);
        return append (&self->replies[LIMIT_PUT][request.is_mux], &request, out);
    default:
        return FALSE;
    }
}
