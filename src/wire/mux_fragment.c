/* Messages in pieces: one half-received message a tag, and one half-sent. */
#include "wire/mux_fragment.h"
#include "base/error.h"

typedef enum { KEPT, MESSAGE_TOO_LARGE, SESSION_TOO_FULL } Fate;

/* What has come of one message. Once its fate is decided its bytes are only counted. */
typedef struct {
    DunlinBuffer bytes; /* type, tag and as much of the body as there is */
    guint8 type;
    Fate fate;
    gsize body_bytes;
} Partial;

static void
partial_free (gpointer data)
{
    Partial *self = data;

    dunlin_buffer_clear (&self->bytes);
    g_free (self);
}

static Partial *
find (DunlinMuxDefrag *self, guint32 tag)
{
    return self->partials == NULL ? NULL
                                  : g_hash_table_lookup (self->partials, GUINT_TO_POINTER (tag));
}

static Partial *
add (DunlinMuxDefrag *self, guint8 type, guint32 tag, GError **error)
{
    Partial *partial;

    if (self->partials == NULL)
        self->partials = g_hash_table_new_full (NULL, NULL, NULL, partial_free);
    if (g_hash_table_size (self->partials) >= self->max_tags) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                     "mux: fragments of more than %u messages at once", self->max_tags);
        return NULL;
    }
    partial = g_new0 (Partial, 1);
    partial->type = type;
    dunlin_buffer_u32 (&partial->bytes, (guint32)type << 24 | tag);
    g_hash_table_insert (self->partials, GUINT_TO_POINTER (tag), partial);
    return partial;
}

static void
refuse (DunlinMuxDefrag *self, Partial *partial, Fate fate)
{
    self->total -= partial->body_bytes;
    partial->fate = fate;
    dunlin_buffer_clear (&partial->bytes);
}

static void
append (DunlinMuxDefrag *self, Partial *partial, DunlinReader *body)
{
    if (partial->fate != KEPT)
        return;
    if (body->left > self->max_message - partial->body_bytes)
        return refuse (self, partial, MESSAGE_TOO_LARGE);
    if (body->left > self->max_total - self->total)
        return refuse (self, partial, SESSION_TOO_FULL);
    dunlin_buffer_append (&partial->bytes, body->data, body->left);
    partial->body_bytes += body->left;
    self->total += body->left;
}

static DunlinMuxDefragResult
finish (DunlinMuxDefrag *self, guint32 tag, Partial *partial, DunlinBuffer *whole, GError **error)
{
    Fate fate = partial->fate;

    *whole = partial->bytes;
    partial->bytes = (DunlinBuffer){ 0 };
    dunlin_mux_defrag_drop (self, tag);
    if (fate == KEPT)
        return DUNLIN_MUX_DEFRAG_WHOLE;
    if (fate == MESSAGE_TOO_LARGE)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                     "mux, tag %u: a message in fragments of more than %" G_GSIZE_FORMAT " bytes",
                     tag, self->max_message);
    else
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED,
                     "mux, tag %u: unfinished messages of more than %" G_GSIZE_FORMAT " bytes", tag,
                     self->max_total);
    return DUNLIN_MUX_DEFRAG_REFUSED;
}

static gboolean
fits (const Partial *partial, guint8 type, guint32 tag, GError **error)
{
    if (partial->type == type)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                 "mux, tag %u: a %s among the fragments of a %s", tag,
                 dunlin_mux_kind_name (dunlin_mux_kind_of (type)),
                 dunlin_mux_kind_name (dunlin_mux_kind_of (partial->type)));
    return FALSE;
}

DunlinMuxDefragResult
dunlin_mux_defrag_take (DunlinMuxDefrag *self, const guint8 *frame, gsize length,
                        DunlinBuffer *whole, guint32 *tag, GError **error)
{
    DunlinReader in = dunlin_reader (frame, length);
    guint8 type = dunlin_reader_u8 (&in);
    guint32 bits = dunlin_reader_u24 (&in);
    guint32 plain = bits & DUNLIN_MUX_TAG_MAX;
    gboolean more = bits != plain;
    Partial *partial = find (self, plain);

    /* what is no fragment, or may not be one, is the decoder's to judge */
    if (in.failed || !dunlin_mux_kind_has_fragments (dunlin_mux_kind_of (type)) ||
        (partial == NULL && !more))
        return DUNLIN_MUX_DEFRAG_FRAME;
    if (partial == NULL)
        partial = add (self, type, plain, error);
    if (partial == NULL || !fits (partial, type, plain, error))
        return DUNLIN_MUX_DEFRAG_FAILED;
    append (self, partial, &in);
    *tag = plain;
    return more ? DUNLIN_MUX_DEFRAG_TAKEN : finish (self, plain, partial, whole, error);
}

gboolean
dunlin_mux_defrag_drop (DunlinMuxDefrag *self, guint32 tag)
{
    Partial *partial = find (self, tag);

    if (partial == NULL)
        return FALSE;
    if (partial->fate == KEPT)
        self->total -= partial->body_bytes;
    return g_hash_table_remove (self->partials, GUINT_TO_POINTER (tag));
}

void
dunlin_mux_defrag_clear (DunlinMuxDefrag *self)
{
    g_clear_pointer (&self->partials, g_hash_table_unref);
    self->total = 0;
}

gboolean
dunlin_mux_needs_fragments (const guint8 *frame, gsize length, guint32 window)
{
    gsize head = DUNLIN_MUX_SIZE_BYTES + DUNLIN_MUX_HEADER_BYTES;

    return length > head && length - head > window &&
           dunlin_mux_kind_has_fragments (dunlin_mux_kind_of (frame[DUNLIN_MUX_SIZE_BYTES]));
}

void
dunlin_mux_fragmenter_init (DunlinMuxFragmenter *self, DunlinBuffer *from, gsize mark,
                            guint32 window)
{
    DunlinReader in =
        dunlin_reader (dunlin_buffer_bytes (from) + mark, dunlin_buffer_length (from) - mark);

    g_assert (window > 0 && dunlin_mux_needs_fragments (in.data, in.left, window));
    dunlin_reader_u32 (&in);
    *self = (DunlinMuxFragmenter){ .window = window };
    self->type = dunlin_reader_u8 (&in);
    self->tag = dunlin_reader_u24 (&in);
    dunlin_buffer_append (&self->body, in.data, in.left);
    dunlin_buffer_truncate (from, mark);
}

gboolean
dunlin_mux_fragmenter_next (DunlinMuxFragmenter *self, DunlinBuffer *to)
{
    gsize left = dunlin_buffer_length (&self->body);
    gsize n = MIN (left, self->window);
    gboolean more = left > n;

    dunlin_buffer_u32 (to, (guint32)(n + DUNLIN_MUX_HEADER_BYTES));
    dunlin_buffer_u8 (to, self->type);
    dunlin_buffer_u24 (to, self->tag | (more ? DUNLIN_MUX_TAG_MORE : 0));
    dunlin_buffer_append (to, dunlin_buffer_bytes (&self->body), n);
    dunlin_buffer_consume (&self->body, n);
    return more;
}

void
dunlin_mux_fragmenter_clear (DunlinMuxFragmenter *self)
{
    dunlin_buffer_clear (&self->body);
}
