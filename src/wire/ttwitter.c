/* The upgrade call, RequestHeader and ResponseHeader (finagle-thrift tracing.thrift). */
#include "wire/ttwitter.h"
#include "base/error.h"
#include "wire/field.h"
#include "wire/message.h"

#define COMPACT_ID 0x82

static const DunlinFieldCodec *
codec_of (DunlinTtwitterEncoding encoding)
{
    return encoding == DUNLIN_TTWITTER_COMPACT ? &dunlin_field_compact : &dunlin_field_binary;
}

/* Which encoding a message is in shows in its first byte: a version, or a name's length. */
static gboolean
read_message (const guint8 *frame, gsize length, DunlinMessageHeader *header, GError **error)
{
    gboolean compact = length > 0 && frame[0] == COMPACT_ID;
    gsize used;

    return dunlin_message_read (frame, length,
                                compact ? DUNLIN_ENCODING_COMPACT : DUNLIN_ENCODING_BINARY, header,
                                &used, error);
}

/* The upgrade's messages: a header and an empty struct, which no field wraps. */
static void
write_message (DunlinBuffer *to, DunlinTtwitterEncoding encoding, DunlinMessageType type,
               gint32 sequence)
{
    gboolean compact = encoding == DUNLIN_TTWITTER_COMPACT;
    DunlinMessageHeader header = {
        .name = DUNLIN_TTWITTER_UPGRADE,
        .name_length = strlen (DUNLIN_TTWITTER_UPGRADE),
        .type = type,
        .seqid = sequence,
        .encoding = compact ? DUNLIN_ENCODING_COMPACT : DUNLIN_ENCODING_BINARY,
        .strict = encoding == DUNLIN_TTWITTER_BINARY,
    };

    dunlin_message_write (to, &header);
    dunlin_buffer_u8 (to, T_STOP);
}

gboolean
dunlin_ttwitter_is_upgrade (const guint8 *frame, gsize length, DunlinTtwitterEncoding *encoding,
                            gint32 *sequence)
{
    DunlinMessageHeader header;

    if (!read_message (frame, length, &header, NULL) || header.type != DUNLIN_MESSAGE_CALL ||
        !dunlin_slice_equal (dunlin_slice (header.name, header.name_length),
                             dunlin_slice_of (DUNLIN_TTWITTER_UPGRADE)))
        return FALSE;
    *encoding = header.encoding == DUNLIN_ENCODING_COMPACT ? DUNLIN_TTWITTER_COMPACT
                : header.strict                            ? DUNLIN_TTWITTER_BINARY
                                                           : DUNLIN_TTWITTER_BINARY_OLD;
    *sequence = header.seqid;
    return TRUE;
}

void
dunlin_ttwitter_write_upgrade (DunlinBuffer *to, DunlinTtwitterEncoding encoding)
{
    write_message (to, encoding, DUNLIN_MESSAGE_CALL, 0);
}

void
dunlin_ttwitter_write_upgrade_reply (DunlinBuffer *to, DunlinTtwitterEncoding encoding,
                                     gint32 sequence)
{
    write_message (to, encoding, DUNLIN_MESSAGE_REPLY, sequence);
}

gboolean
dunlin_ttwitter_read_upgrade_reply (const guint8 *frame, gsize length, gboolean *upgraded,
                                    GError **error)
{
    DunlinMessageHeader header;

    if (!read_message (frame, length, &header, error)) {
        g_prefix_error (error, "the answer to the TTwitter upgrade: ");
        return FALSE;
    }
    if (header.type != DUNLIN_MESSAGE_REPLY && header.type != DUNLIN_MESSAGE_EXCEPTION) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "the answer to the TTwitter upgrade is a message of type %d, not a reply",
                     header.type);
        return FALSE;
    }
    *upgraded = header.type == DUNLIN_MESSAGE_REPLY;
    return TRUE;
}

/* A RequestHeader under way: its own fields wait until the contexts have been seen. */
typedef struct {
    const DunlinFieldCodec *codec;
    DunlinReader *in;
    DunlinField field;
    DunlinContext *context;
    DunlinSlice client_id;
    gboolean has[12]; /* by field id */
    gboolean sampled;
    guint64 trace_id;
    guint64 span_id;
    guint64 parent_id;
    guint64 flags;
    guint64 trace_id_high;
    GError **error;
} Header;

static guint64
read_i64 (Header *self)
{
    return (guint64)self->codec->read_i64 (self->in);
}

static gboolean
read_trace_id (Header *self)
{
    self->trace_id = read_i64 (self);
    return TRUE;
}

static gboolean
read_span_id (Header *self)
{
    self->span_id = read_i64 (self);
    return TRUE;
}

static gboolean
read_parent_id (Header *self)
{
    self->parent_id = read_i64 (self);
    return TRUE;
}

static gboolean
read_sampled (Header *self)
{
    self->sampled = self->field.yes;
    return TRUE;
}

static gboolean
read_flags (Header *self)
{
    self->flags = read_i64 (self);
    return TRUE;
}

static gboolean
read_trace_id_high (Header *self)
{
    self->trace_id_high = read_i64 (self);
    return TRUE;
}

/* ClientId, RequestContext and Delegation alike: field 1 and perhaps field 2, both strings. */
static void
read_strings (Header *self, DunlinPair *pair)
{
    DunlinField field = { 0 };

    *pair = (DunlinPair){ 0 };
    while (self->codec->next (self->in, &field)) {
        if (field.type == T_STRING && field.id == 1)
            pair->key = self->codec->read_string (self->in);
        else if (field.type == T_STRING && field.id == 2)
            pair->value = self->codec->read_string (self->in);
        else
            dunlin_field_skip (self->codec, self->in, &field);
    }
}

static gboolean
read_client_id (Header *self)
{
    DunlinPair pair;

    read_strings (self, &pair);
    self->client_id = pair.key;
    return TRUE;
}

typedef gboolean (*PutPair) (DunlinContext *, DunlinSlice, DunlinSlice, GError **);

static gboolean
read_pairs (Header *self, PutPair put)
{
    ThriftType element;
    guint32 n = self->codec->read_list (self->in, &element);

    if (n > 0 && element != T_STRUCT)
        self->in->failed = TRUE;
    for (guint32 i = 0; i < n && !self->in->failed; i++) {
        DunlinPair pair;

        read_strings (self, &pair);
        if (!self->in->failed && !put (self->context, pair.key, pair.value, self->error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_contexts (Header *self)
{
    return read_pairs (self, dunlin_context_put);
}

static gboolean
read_dest (Header *self)
{
    DunlinSlice dest = self->codec->read_string (self->in);

    return dunlin_context_put_dest (self->context, dest, self->error);
}

static gboolean
read_delegations (Header *self)
{
    return read_pairs (self, dunlin_context_put_dtab);
}

enum {
    TRACE_ID = 1,
    SPAN_ID = 2,
    PARENT_SPAN_ID = 3,
    SAMPLED = 5,
    CLIENT_ID = 6,
    FLAGS = 7,
    CONTEXTS = 8,
    DEST = 9,
    DELEGATIONS = 10,
    TRACE_ID_HIGH = 11
};

static const struct {
    ThriftType type;
    gboolean (*read) (Header *);
} request_fields[] = {
    [TRACE_ID] = { T_I64, read_trace_id },        [SPAN_ID] = { T_I64, read_span_id },
    [PARENT_SPAN_ID] = { T_I64, read_parent_id }, [SAMPLED] = { T_BOOL, read_sampled },
    [CLIENT_ID] = { T_STRUCT, read_client_id },   [FLAGS] = { T_I64, read_flags },
    [CONTEXTS] = { T_LIST, read_contexts },       [DEST] = { T_STRING, read_dest },
    [DELEGATIONS] = { T_LIST, read_delegations }, [TRACE_ID_HIGH] = { T_I64, read_trace_id_high },
};

static gboolean
read_field (Header *self)
{
    gint16 id = self->field.id;
    gboolean known = id > 0 && id < (gint16)G_N_ELEMENTS (request_fields) &&
                     self->field.type == request_fields[id].type;

    if (!known) {
        dunlin_field_skip (self->codec, self->in, &self->field);
        return TRUE;
    }
    self->has[id] = TRUE;
    return request_fields[id].read (self);
}

static void
fill_trace (const Header *self)
{
    DunlinContext *context = self->context;

    if (context->has_trace || !(self->has[TRACE_ID] || self->has[SPAN_ID]))
        return;
    context->has_trace = TRUE;
    context->span_id = self->has[SPAN_ID] ? self->span_id : self->trace_id;
    context->trace_id = self->has[TRACE_ID] ? self->trace_id : self->span_id;
    context->parent_id = self->has[PARENT_SPAN_ID] ? self->parent_id : context->span_id;
    context->has_trace_high = self->has[TRACE_ID_HIGH];
    context->trace_id_high = self->trace_id_high;
    context->trace_flags = self->flags;
    if (!self->has[SAMPLED])
        return;
    context->trace_flags &= ~(guint64)DUNLIN_TRACE_SAMPLED;
    context->trace_flags |= DUNLIN_TRACE_DECIDED | (self->sampled ? DUNLIN_TRACE_SAMPLED : 0);
}

static gboolean
fill_client_id (const Header *self)
{
    return self->context->client_id.length > 0 ||
           dunlin_context_put_client_id (self->context, self->client_id, self->error);
}

static gboolean
read_request (Header *self)
{
    while (self->codec->next (self->in, &self->field))
        if (!read_field (self))
            return FALSE;
    if (self->in->failed) {
        g_set_error_literal (self->error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                             "cut short, too deep, or in another encoding than the upgrade was");
        return FALSE;
    }
    fill_trace (self);
    return fill_client_id (self);
}

gboolean
dunlin_ttwitter_read_request (DunlinReader *from, DunlinTtwitterEncoding encoding,
                              DunlinContext *context, GError **error)
{
    Header header = {
        .codec = codec_of (encoding), .in = from, .context = context, .error = error
    };

    *context = (DunlinContext){ 0 };
    if (read_request (&header))
        return TRUE;
    g_prefix_error (error, "TTwitter RequestHeader: ");
    dunlin_context_clear (context);
    return FALSE;
}

gboolean
dunlin_ttwitter_skip_response (DunlinReader *from, DunlinTtwitterEncoding encoding, GError **error)
{
    DunlinField all = { .type = T_STRUCT };

    dunlin_field_skip (codec_of (encoding), from, &all);
    if (!from->failed)
        return TRUE;
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                         "TTwitter ResponseHeader: cut short, too deep, or in another encoding");
    return FALSE;
}

/* Where a header is being written, and the last field of the struct at hand. */
typedef struct {
    const DunlinFieldCodec *codec;
    DunlinBuffer *to;
    DunlinField last;
} Writer;

static void
put (Writer *self, gint16 id, ThriftType type)
{
    self->codec->put (self->to, &self->last, (DunlinField){ .id = id, .type = type });
}

static void
put_i64 (Writer *self, gint16 id, guint64 value)
{
    put (self, id, T_I64);
    self->codec->put_i64 (self->to, (gint64)value);
}

static void
put_sampled (Writer *self, gboolean sampled)
{
    DunlinField field = { .id = SAMPLED, .type = T_BOOL, .yes = sampled };

    self->codec->put (self->to, &self->last, field);
}

/* A struct of @n strings */
static void
write_strings (const Writer *outer, const DunlinSlice *strings, gint16 n)
{
    Writer self = { .codec = outer->codec, .to = outer->to };

    for (gint16 i = 0; i < n; i++) {
        put (&self, (gint16)(i + 1), T_STRING);
        self.codec->put_string (self.to, strings[i]);
    }
    dunlin_buffer_u8 (self.to, T_STOP);
}

static void
write_pairs (const Writer *self, const DunlinPair *pairs, guint n)
{
    for (guint i = 0; i < n; i++) {
        DunlinSlice strings[] = { pairs[i].key, pairs[i].value };

        write_strings (self, strings, 2);
    }
}

static void
put_trace (Writer *self, const DunlinContext *context)
{
    if (!context->has_trace)
        return;
    put_i64 (self, TRACE_ID, context->trace_id);
    put_i64 (self, SPAN_ID, context->span_id);
    if (context->parent_id != context->span_id)
        put_i64 (self, PARENT_SPAN_ID, context->parent_id);
    if (context->trace_flags & (DUNLIN_TRACE_DECIDED | DUNLIN_TRACE_DEBUG))
        put_sampled (self, dunlin_context_is_sampled (context));
}

static void
put_client_id (Writer *self, const DunlinContext *context)
{
    if (context->client_id.length == 0)
        return;
    put (self, CLIENT_ID, T_STRUCT);
    write_strings (self, &context->client_id, 1);
}

static void
put_contexts (Writer *self, const DunlinContext *context)
{
    DunlinContextKnown known;

    dunlin_context_known (context, &known);
    if (known.n + context->others.n == 0)
        return;
    put (self, CONTEXTS, T_LIST);
    self->codec->put_list (self->to, T_STRUCT, known.n + context->others.n);
    write_pairs (self, known.pairs, known.n);
    write_pairs (self, context->others.items, context->others.n);
}

static void
put_names (Writer *self, const DunlinContext *context)
{
    if (context->dest.length > 0) {
        put (self, DEST, T_STRING);
        self->codec->put_string (self->to, context->dest);
    }
    if (context->dtab.n > 0) {
        put (self, DELEGATIONS, T_LIST);
        self->codec->put_list (self->to, T_STRUCT, context->dtab.n);
        write_pairs (self, context->dtab.items, context->dtab.n);
    }
}

/* 128-bit trace ids go by the TraceContext alone, as from Finagle's client. */
void
dunlin_ttwitter_write_request (DunlinBuffer *to, DunlinTtwitterEncoding encoding,
                               const DunlinContext *context)
{
    Writer self = { .codec = codec_of (encoding), .to = to };

    put_trace (&self, context);
    put_client_id (&self, context);
    if (context->has_trace)
        put_i64 (&self, FLAGS, context->trace_flags);
    put_contexts (&self, context);
    put_names (&self, context);
    dunlin_buffer_u8 (to, T_STOP);
}
