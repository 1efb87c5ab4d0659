/* One table of message kinds; a decoder and an encoder for each. */
#include "wire/mux.h"
#include "base/error.h"

#define FAILURE_KEY "MuxFailure"

/* Tinit's headers (finagle-mux transport/MuxFramer.scala, OpportunisticTls.scala). */
#define WINDOW_HEADER "mux-framer"
#define TLS_HEADER    "tls"

/* Keys of a Treq, and the size of its trace: span, parent, trace. */
enum { TREQ_TRACE = 1, TREQ_FLAGS = 2, TREQ_TRACE_BYTES = 24 };

static gboolean
malformed (const DunlinMuxMessage *message, const char *what, GError **error)
{
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "mux %s, tag %u: %s",
                 dunlin_mux_kind_name (message->kind), message->tag, what);
    return FALSE;
}

static gboolean
decode_rest (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    message->body = dunlin_slice (in->data, in->left);
    return TRUE;
}

static gboolean
decode_status (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    guint8 status = dunlin_reader_u8 (in);

    message->status = status;
    if (in->failed || status > DUNLIN_MUX_NACK)
        return malformed (message, "a reply's status is 0 (OK), 1 (error) or 2 (nack)", error);
    return TRUE;
}

/* Unknown keys are passed over, of a repeated one the last counts. */
static gboolean
decode_treq_entry (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    DunlinContext *context = &message->context;
    guint8 key = dunlin_reader_u8 (in);
    gsize length = dunlin_reader_u8 (in);
    const guint8 *value = dunlin_reader_take (in, length);
    DunlinReader ids = dunlin_reader (value, value == NULL ? 0 : length);

    if (in->failed)
        return malformed (message, "its header is longer than the frame", error);
    if (key == TREQ_FLAGS && length > 0)
        context->trace_flags = value[length - 1];
    if (key != TREQ_TRACE)
        return TRUE;
    if (length != TREQ_TRACE_BYTES)
        return malformed (message, "a trace has 24 bytes", error);
    context->has_trace = TRUE;
    context->span_id = dunlin_reader_u64 (&ids);
    context->parent_id = dunlin_reader_u64 (&ids);
    context->trace_id = dunlin_reader_u64 (&ids);
    return TRUE;
}

static gboolean
decode_treq (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    guint n = dunlin_reader_u8 (in);

    if (in->failed)
        return malformed (message, "it has no header", error);
    for (guint i = 0; i < n; i++)
        if (!decode_treq_entry (message, in, error))
            return FALSE;
    return decode_rest (message, in, error);
}

static gboolean
decode_rreq (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    return decode_status (message, in, error) && decode_rest (message, in, error);
}

static gboolean
decode_tdispatch (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    if (!dunlin_context_read_mux (&message->context, in, error)) {
        g_prefix_error (error, "mux Tdispatch, tag %u: ", message->tag);
        return FALSE;
    }
    return decode_rest (message, in, error);
}

/* The first MuxFailure counts; bytes after its eighth are reserved (MuxFailure.scala). */
static guint64
find_failure (DunlinSlice contexts)
{
    DunlinPair pair;

    while (dunlin_pairs_next (&contexts, &pair)) {
        if (dunlin_slice_equal (pair.key, dunlin_slice_of (FAILURE_KEY)) &&
            pair.value.length >= sizeof (guint64)) {
            DunlinReader flags = dunlin_reader (pair.value.data, pair.value.length);

            return dunlin_reader_u64 (&flags);
        }
    }
    return 0;
}

static gboolean
decode_rdispatch (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    const guint8 *first;
    guint n;

    if (!decode_status (message, in, error))
        return FALSE;
    n = dunlin_reader_u16 (in);
    first = in->data;
    for (guint i = 0; i < 2 * n && !in->failed; i++)
        dunlin_reader_take (in, dunlin_reader_u16 (in));
    if (in->failed)
        return malformed (message, "its contexts are longer than the frame", error);
    message->contexts = dunlin_slice (first, (gsize)(in->data - first));
    message->failure = find_failure (message->contexts);
    return decode_rest (message, in, error);
}

static gboolean
decode_tdiscarded (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    message->which = dunlin_reader_u24 (in) & DUNLIN_MUX_TAG_MAX;
    if (in->failed)
        return malformed (message, "it does not say which tag", error);
    return decode_rest (message, in, error);
}

static gboolean
decode_tlease (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    message->lease_unit = dunlin_reader_u8 (in);
    message->lease = dunlin_reader_u64 (in);
    return !in->failed || malformed (message, "it is shorter than 9 bytes", error);
}

static DunlinSlice
read_slice32 (DunlinReader *in)
{
    gsize length = dunlin_reader_u32 (in);
    const guint8 *data = dunlin_reader_take (in, length);

    return dunlin_slice (data, data == NULL ? 0 : length);
}

/* (klen:4 key vlen:4 value) up to the end */
static gboolean
next_header (DunlinReader *in, DunlinPair *pair)
{
    pair->key = read_slice32 (in);
    pair->value = read_slice32 (in);
    return !in->failed;
}

static gboolean
decode_init (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    DunlinPair pair;

    message->version = dunlin_reader_u16 (in);
    message->headers = dunlin_slice (in->data, in->left);
    while (!in->failed && in->left > 0)
        next_header (in, &pair);
    return !in->failed || malformed (message, "its headers are longer than the frame", error);
}

typedef struct {
    const char *name;
    guint8 type; /* as we send it */
    gboolean (*decode) (DunlinMuxMessage *, DunlinReader *, GError **);
} Kind;

static const Kind kinds[DUNLIN_MUX_N_KINDS] = {
    [DUNLIN_MUX_UNKNOWN] = { "message of unknown type", 0, decode_rest },
    [DUNLIN_MUX_TREQ] = { "Treq", 0x01, decode_treq },
    [DUNLIN_MUX_RREQ] = { "Rreq", 0xff, decode_rreq },
    [DUNLIN_MUX_TDISPATCH] = { "Tdispatch", 0x02, decode_tdispatch },
    [DUNLIN_MUX_RDISPATCH] = { "Rdispatch", 0xfe, decode_rdispatch },
    [DUNLIN_MUX_TDRAIN] = { "Tdrain", 0x40, decode_rest },
    [DUNLIN_MUX_RDRAIN] = { "Rdrain", 0xc0, decode_rest },
    [DUNLIN_MUX_TPING] = { "Tping", 0x41, decode_rest },
    [DUNLIN_MUX_RPING] = { "Rping", 0xbf, decode_rest },
    /* Finagle sends the old ids of Tdiscarded and Rerr, for servers that know no others */
    [DUNLIN_MUX_TDISCARDED] = { "Tdiscarded", 0xc2, decode_tdiscarded },
    [DUNLIN_MUX_RDISCARDED] = { "Rdiscarded", 0xbe, decode_rest },
    [DUNLIN_MUX_TLEASE] = { "Tlease", 0x43, decode_tlease },
    [DUNLIN_MUX_TINIT] = { "Tinit", 0x44, decode_init },
    [DUNLIN_MUX_RINIT] = { "Rinit", 0xbc, decode_init },
    [DUNLIN_MUX_RERR] = { "Rerr", 0x7f, decode_rest },
};

static const guint8 kind_of_type[256] = {
    [0x01] = DUNLIN_MUX_TREQ,       [0xff] = DUNLIN_MUX_RREQ,       [0x02] = DUNLIN_MUX_TDISPATCH,
    [0xfe] = DUNLIN_MUX_RDISPATCH,  [0x40] = DUNLIN_MUX_TDRAIN,     [0xc0] = DUNLIN_MUX_RDRAIN,
    [0x41] = DUNLIN_MUX_TPING,      [0xbf] = DUNLIN_MUX_RPING,      [0x42] = DUNLIN_MUX_TDISCARDED,
    [0xc2] = DUNLIN_MUX_TDISCARDED, [0xbe] = DUNLIN_MUX_RDISCARDED, [0x43] = DUNLIN_MUX_TLEASE,
    [0x44] = DUNLIN_MUX_TINIT,      [0xbc] = DUNLIN_MUX_RINIT,      [0x80] = DUNLIN_MUX_RERR,
    [0x7f] = DUNLIN_MUX_RERR,
};

const char *
dunlin_mux_kind_name (DunlinMuxKind kind)
{
    return kinds[kind].name;
}

DunlinMuxKind
dunlin_mux_kind_of (guint8 type)
{
    return kind_of_type[type];
}

gboolean
dunlin_mux_is_tinit_check (const DunlinMuxMessage *message)
{
    return message->kind == DUNLIN_MUX_RERR && message->tag == DUNLIN_MUX_TAG_CONTROL &&
           dunlin_slice_equal (message->body, dunlin_slice_of (DUNLIN_MUX_TINIT_CHECK));
}

static gboolean
decode_body (DunlinMuxMessage *message, DunlinReader *in, GError **error)
{
    if (!message->more)
        return kinds[message->kind].decode (message, in, error);
    if (!dunlin_mux_kind_has_fragments (message->kind))
        return malformed (message, "only Tdispatch and Rdispatch come in fragments", error);
    return decode_rest (message, in, error);
}

gboolean
dunlin_mux_decode (const guint8 *frame, gsize length, DunlinMuxMessage *message, GError **error)
{
    DunlinReader in = dunlin_reader (frame, length);
    guint8 type = dunlin_reader_u8 (&in);
    guint32 tag = dunlin_reader_u24 (&in);

    *message = (DunlinMuxMessage){ 0 };
    if (in.failed) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "a mux frame of %" G_GSIZE_FORMAT " bytes; type and tag alone take 4", length);
        return FALSE;
    }
    message->type = type;
    message->kind = kind_of_type[type];
    message->tag = tag & DUNLIN_MUX_TAG_MAX;
    message->more = (tag & DUNLIN_MUX_TAG_MORE) != 0;
    if (decode_body (message, &in, error))
        return TRUE;
    dunlin_context_clear (&message->context);
    return FALSE;
}

void
dunlin_mux_message_clear (DunlinMuxMessage *self)
{
    dunlin_context_clear (&self->context);
    *self = (DunlinMuxMessage){ 0 };
}

/* Size (for end() to write), type, tag. */
static gsize
begin (DunlinBuffer *to, DunlinMuxKind kind, guint32 tag)
{
    gsize mark = dunlin_buffer_length (to);
    guint32 words[2] = { 0, GUINT32_TO_BE ((guint32)kinds[kind].type << 24 | tag) };

    g_assert (tag <= DUNLIN_MUX_TAG_MAX);
    dunlin_buffer_append (to, words, sizeof words);
    return mark;
}

gsize
dunlin_mux_end (DunlinBuffer *to, gsize mark)
{
    gsize length = dunlin_buffer_length (to) - mark;
    gsize size = length - DUNLIN_MUX_SIZE_BYTES;

    g_assert (size >= DUNLIN_MUX_HEADER_BYTES && size <= G_MAXINT32);
    dunlin_buffer_patch_u32 (to, mark, (guint32)size);
    return length;
}

void
dunlin_mux_write_empty (DunlinBuffer *to, DunlinMuxKind kind, guint32 tag)
{
    dunlin_mux_end (to, begin (to, kind, tag));
}

void
dunlin_mux_write_rerr (DunlinBuffer *to, guint32 tag, const char *text)
{
    gsize mark = begin (to, DUNLIN_MUX_RERR, tag);

    dunlin_buffer_append (to, text, strlen (text));
    dunlin_mux_end (to, mark);
}

void
dunlin_mux_write_tdiscarded (DunlinBuffer *to, guint32 which, const char *why)
{
    gsize mark = begin (to, DUNLIN_MUX_TDISCARDED, 0);

    dunlin_buffer_u24 (to, which);
    dunlin_buffer_append (to, why, strlen (why));
    dunlin_mux_end (to, mark);
}

void
dunlin_mux_write_tlease (DunlinBuffer *to, guint64 milliseconds)
{
    gsize mark = begin (to, DUNLIN_MUX_TLEASE, 0);

    dunlin_buffer_u8 (to, 0);
    dunlin_buffer_u64 (to, milliseconds);
    dunlin_mux_end (to, mark);
}

static void
write_string32 (DunlinBuffer *to, const char *string)
{
    dunlin_buffer_u32 (to, (guint32)strlen (string));
    dunlin_buffer_append (to, string, strlen (string));
}

static void
write_init (DunlinBuffer *to, DunlinMuxKind kind, guint32 tag, guint32 window)
{
    gsize mark = begin (to, kind, tag);

    g_assert (window > 0 && window <= DUNLIN_MUX_WINDOW_MAX);
    dunlin_buffer_u16 (to, DUNLIN_MUX_VERSION);
    write_string32 (to, WINDOW_HEADER);
    dunlin_buffer_u32 (to, sizeof window);
    dunlin_buffer_u32 (to, window);
    write_string32 (to, TLS_HEADER);
    write_string32 (to, "off");
    dunlin_mux_end (to, mark);
}

void
dunlin_mux_write_tinit (DunlinBuffer *to, guint32 tag, guint32 window)
{
    write_init (to, DUNLIN_MUX_TINIT, tag, window);
}

void
dunlin_mux_write_rinit (DunlinBuffer *to, guint32 tag, guint32 window)
{
    write_init (to, DUNLIN_MUX_RINIT, tag, window);
}

gsize
dunlin_mux_begin_reply (DunlinBuffer *to, DunlinMuxKind request, guint32 tag,
                        DunlinMuxStatus status, const DunlinPair *contexts, gsize n)
{
    gboolean old = request == DUNLIN_MUX_TREQ;
    gsize mark = begin (to, old ? DUNLIN_MUX_RREQ : DUNLIN_MUX_RDISPATCH, tag);

    g_assert (old || request == DUNLIN_MUX_TDISPATCH);
    g_assert (n <= DUNLIN_CONTEXT_MAX_ENTRIES);
    dunlin_buffer_u8 (to, (guint8)status);
    if (old)
        return mark;
    dunlin_buffer_u16 (to, (guint16)n);
    for (gsize i = 0; i < n; i++)
        dunlin_pair_write (contexts[i], to);
    return mark;
}

void
dunlin_mux_write_failure (DunlinBuffer *to, DunlinMuxKind request, guint32 tag,
                          DunlinMuxStatus status, guint64 failure, const char *text)
{
    guint64 flags = GUINT64_TO_BE (failure);
    DunlinPair context = { dunlin_slice_of (FAILURE_KEY), dunlin_slice (&flags, sizeof flags) };
    gsize mark = dunlin_mux_begin_reply (to, request, tag, status, &context, failure != 0);

    g_assert (status != DUNLIN_MUX_OK);
    if (status == DUNLIN_MUX_ERROR && text != NULL)
        dunlin_buffer_append (to, text, strlen (text));
    dunlin_mux_end (to, mark);
}

gsize
dunlin_mux_begin_tdispatch (DunlinBuffer *to, guint32 tag, const DunlinContext *context)
{
    gsize mark = begin (to, DUNLIN_MUX_TDISPATCH, tag);

    dunlin_context_write_mux (context, to);
    return mark;
}

gsize
dunlin_mux_begin_treq (DunlinBuffer *to, guint32 tag, const DunlinContext *context)
{
    gsize mark = begin (to, DUNLIN_MUX_TREQ, tag);

    dunlin_buffer_u8 (to, context->has_trace ? 2 : 0);
    if (!context->has_trace)
        return mark;
    dunlin_buffer_u8 (to, TREQ_TRACE);
    dunlin_buffer_u8 (to, TREQ_TRACE_BYTES);
    dunlin_buffer_u64 (to, context->span_id);
    dunlin_buffer_u64 (to, context->parent_id);
    dunlin_buffer_u64 (to, context->trace_id);
    dunlin_buffer_u8 (to, TREQ_FLAGS);
    dunlin_buffer_u8 (to, 1);
    dunlin_buffer_u8 (to, (guint8)context->trace_flags);
    return mark;
}

gboolean
dunlin_mux_header (const DunlinMuxMessage *message, const char *key, DunlinSlice *value)
{
    DunlinReader in = dunlin_reader (message->headers.data, message->headers.length);
    DunlinPair pair;

    while (in.left > 0 && next_header (&in, &pair)) {
        if (dunlin_slice_equal (pair.key, dunlin_slice_of (key))) {
            *value = pair.value;
            return TRUE;
        }
    }
    return FALSE;
}

/* A peer that names none does not fragment, and takes what we do not fragment either. */
static gboolean
read_window (const DunlinMuxMessage *message, guint32 *window, GError **error)
{
    DunlinSlice value;
    DunlinReader in;
    guint32 read;

    *window = DUNLIN_MUX_WINDOW_MAX;
    if (!dunlin_mux_header (message, WINDOW_HEADER, &value))
        return TRUE;
    in = dunlin_reader (value.data, value.length);
    read = dunlin_reader_u32 (&in);
    if (in.failed || read == 0 || read > DUNLIN_MUX_WINDOW_MAX) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "Bad mux-framer: a frame size from 1 to %u is 4 bytes", DUNLIN_MUX_WINDOW_MAX);
        return FALSE;
    }
    *window = read;
    return TRUE;
}

/* Levels that we do not know count as "off", as in Finagle. */
static gboolean
check_tls (const DunlinMuxMessage *message, gboolean encrypted, GError **error)
{
    DunlinSlice level;

    if (encrypted || !dunlin_mux_header (message, TLS_HEADER, &level) ||
        !dunlin_slice_equal (level, dunlin_slice_of ("required")))
        return TRUE;
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_DENIED,
                         "Could not negotiate whether to use TLS or not.");
    return FALSE;
}

gboolean
dunlin_mux_read_init (const DunlinMuxMessage *message, gboolean encrypted, guint32 *window,
                      GError **error)
{
    guint32 read;

    if (message->version != DUNLIN_MUX_VERSION) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "Unsupported Mux version: %u",
                     message->version);
        return FALSE;
    }
    if (!check_tls (message, encrypted, error) || !read_window (message, &read, error))
        return FALSE;
    *window = read;
    return TRUE;
}

gboolean
dunlin_mux_negotiate (const DunlinMuxMessage *tinit, gboolean encrypted, guint32 our_window,
                      guint32 *peer_window, DunlinBuffer *to, GError **error)
{
    g_autoptr (GError) why = NULL;

    if (dunlin_mux_read_init (tinit, encrypted, peer_window, &why)) {
        dunlin_mux_write_rinit (to, tinit->tag, our_window);
        return TRUE;
    }
    dunlin_mux_write_rerr (to, tinit->tag, why->message);
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
}
