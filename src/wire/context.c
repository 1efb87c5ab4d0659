/* Reading, keeping and writing what travels with a call. */
#include "wire/context.h"
#include "base/error.h"

#define NS_PER_US 1000

enum {
    TRACE_BYTES = 32, /* span, parent, trace, flags */
    TRACE_BYTES_128 = 40,
    DEADLINE_BYTES = 16, /* timestamp, deadline */
    RETRIES_BYTES = 4
};

/* finagle-core tracing/Trace.scala; the three ids are equal at the root */
static void
read_trace (DunlinContext *self, DunlinSlice value)
{
    DunlinReader in = dunlin_reader (value.data, value.length);

    self->has_trace = value.length == TRACE_BYTES || value.length == TRACE_BYTES_128;
    if (!self->has_trace)
        return;
    self->span_id = dunlin_reader_u64 (&in);
    self->parent_id = dunlin_reader_u64 (&in);
    self->trace_id = dunlin_reader_u64 (&in);
    self->trace_flags = dunlin_reader_u64 (&in);
    self->has_trace_high = value.length == TRACE_BYTES_128;
    self->trace_id_high = self->has_trace_high ? dunlin_reader_u64 (&in) : 0;
}

static DunlinSlice
write_trace (const DunlinContext *self, guint8 *to)
{
    guint64 words[] = { self->span_id, self->parent_id, self->trace_id, self->trace_flags,
                        self->trace_id_high };
    gsize length = self->has_trace_high ? TRACE_BYTES_128 : TRACE_BYTES;

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        words[i] = GUINT64_TO_BE (words[i]);
    memcpy (to, words, length);
    return dunlin_slice (to, length);
}

static void
read_deadline (DunlinContext *self, DunlinSlice value)
{
    DunlinReader in = dunlin_reader (value.data, value.length);

    self->has_deadline = value.length == DEADLINE_BYTES;
    self->timestamp_ns = (gint64)dunlin_reader_u64 (&in);
    self->deadline_ns = (gint64)dunlin_reader_u64 (&in);
}

static DunlinSlice
write_deadline (const DunlinContext *self, guint8 *to)
{
    gint64 words[] = { GINT64_TO_BE (self->timestamp_ns), GINT64_TO_BE (self->deadline_ns) };

    memcpy (to, words, DEADLINE_BYTES);
    return dunlin_slice (to, DEADLINE_BYTES);
}

static void
read_retries (DunlinContext *self, DunlinSlice value)
{
    DunlinReader in = dunlin_reader (value.data, value.length);

    self->retries = dunlin_reader_u32 (&in);
    self->has_retries = value.length == RETRIES_BYTES && self->retries <= G_MAXINT32;
}

static DunlinSlice
write_retries (const DunlinContext *self, guint8 *to)
{
    guint32 word = GUINT32_TO_BE (self->retries);

    memcpy (to, &word, RETRIES_BYTES);
    return dunlin_slice (to, RETRIES_BYTES);
}

static void
read_backup (DunlinContext *self, DunlinSlice value)
{
    self->backup = value.length == 0;
}

static void
read_client_id (DunlinContext *self, DunlinSlice value)
{
    self->client_id = value;
}

static void
read_request_headers (DunlinContext *self, DunlinSlice value)
{
    self->request_headers = value;
}

typedef enum { CLIENT_ID, TRACE, RETRIES, DEADLINE, BACKUP, REQUEST_HEADERS, N_KNOWN } Known;

typedef struct {
    const char *key;
    gsize length;
    void (*read) (DunlinContext *, DunlinSlice);
} KnownContext;

#define KNOWN(key_, read_)                                                                         \
    {                                                                                              \
        key_, sizeof key_ - 1, read_                                                               \
    }

static const KnownContext known_contexts[N_KNOWN] = {
    [CLIENT_ID] = KNOWN ("com.twitter.finagle.thrift.ClientIdContext", read_client_id),
    [TRACE] = KNOWN ("com.twitter.finagle.tracing.TraceContext", read_trace),
    [RETRIES] = KNOWN ("com.twitter.finagle.Retries", read_retries),
    [DEADLINE] = KNOWN ("com.twitter.finagle.Deadline", read_deadline),
    [BACKUP] = KNOWN ("com.twitter.finagle.BackupRequest", read_backup),
    [REQUEST_HEADERS] = KNOWN ("com.twitter.finagle.thrift.Request.headers", read_request_headers),
};

/* The lengths nearly always decide; case differs hardly ever, so bytes are tried first. */
static gboolean
same_key (DunlinSlice key, const char *other, gsize length)
{
    return key.length == length &&
           (length == 0 || memcmp (key.data, other, length) == 0 ||
            g_ascii_strncasecmp ((const char *)key.data, other, length) == 0);
}

static const KnownContext *
find_known (DunlinSlice key)
{
    for (gsize i = 0; i < N_KNOWN; i++)
        if (same_key (key, known_contexts[i].key, known_contexts[i].length))
            return &known_contexts[i];
    return NULL;
}

static void
make_room (DunlinPairs *pairs)
{
    guint16 capacity = (guint16)MAX (8, pairs->n * 2);
    DunlinPair *items;

    if (pairs->n < pairs->capacity)
        return;
    items = g_new (DunlinPair, capacity);
    if (pairs->n > 0)
        memcpy (items, pairs->items, pairs->n * sizeof *items);
    if (pairs->capacity > 0)
        g_free (pairs->items);
    pairs->items = items;
    pairs->capacity = capacity;
}

static gboolean
check_length (DunlinSlice slice, const char *what, GError **error)
{
    if (slice.length <= DUNLIN_CONTEXT_MAX_BYTES)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                 "%s of a call has %" G_GSIZE_FORMAT " bytes, at most %d are passed on", what,
                 slice.length, DUNLIN_CONTEXT_MAX_BYTES);
    return FALSE;
}

static gboolean
add_pair (DunlinPairs *pairs, DunlinPair pair, const char *what, GError **error)
{
    if (pairs->n == DUNLIN_CONTEXT_MAX_ENTRIES) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE, "a call carries more than %d %ss",
                     DUNLIN_CONTEXT_MAX_ENTRIES, what);
        return FALSE;
    }
    make_room (pairs);
    pairs->items[pairs->n++] = pair;
    return TRUE;
}

/* A repeated key is kept: the last counts, here and at the next hop. (To look for the earlier one
 * would let a peer have us compare every key with every other.) */
gboolean
dunlin_context_put (DunlinContext *self, DunlinSlice key, DunlinSlice value, GError **error)
{
    const KnownContext *known = find_known (key);

    if (!check_length (key, "a context's key", error) ||
        !check_length (value, "a context's value", error))
        return FALSE;
    if (known == NULL)
        return add_pair (&self->others, (DunlinPair){ key, value }, "context", error);
    known->read (self, value);
    return TRUE;
}

gboolean
dunlin_context_put_dtab (DunlinContext *self, DunlinSlice prefix, DunlinSlice to, GError **error)
{
    return check_length (prefix, "a delegation's prefix", error) &&
           check_length (to, "a delegation's destination", error) &&
           add_pair (&self->dtab, (DunlinPair){ prefix, to }, "delegation", error);
}

gboolean
dunlin_context_put_dest (DunlinContext *self, DunlinSlice dest, GError **error)
{
    if (!check_length (dest, "the destination", error))
        return FALSE;
    self->dest = dest;
    return TRUE;
}

gboolean
dunlin_context_put_client_id (DunlinContext *self, DunlinSlice client_id, GError **error)
{
    if (!check_length (client_id, "the client id", error))
        return FALSE;
    self->client_id = client_id;
    return TRUE;
}

const DunlinSlice *
dunlin_context_find (const DunlinContext *self, const char *key)
{
    gsize length = strlen (key);

    for (guint i = self->others.n; i-- > 0;)
        if (same_key (self->others.items[i].key, key, length))
            return &self->others.items[i].value;
    return NULL;
}

/* Every slice of a context. */
static void
each_slice (DunlinContext *self, void (*visit) (DunlinSlice *, gpointer), gpointer data)
{
    DunlinPairs *lists[] = { &self->dtab, &self->others };

    visit (&self->client_id, data);
    visit (&self->request_headers, data);
    visit (&self->dest, data);
    for (gsize l = 0; l < G_N_ELEMENTS (lists); l++) {
        for (guint i = 0; i < lists[l]->n; i++) {
            visit (&lists[l]->items[i].key, data);
            visit (&lists[l]->items[i].value, data);
        }
    }
}

static void
count_slice (DunlinSlice *slice, gpointer total)
{
    *(gsize *)total += slice->length;
}

static void
move_slice (DunlinSlice *slice, gpointer cursor)
{
    guint8 **to = cursor;

    if (slice->length > 0)
        memcpy (*to, slice->data, slice->length);
    slice->data = *to;
    *to += slice->length;
}

static void
move_pairs (DunlinPairs *pairs, guint8 **to)
{
    gsize bytes = pairs->n * sizeof *pairs->items;
    DunlinPair *items = (DunlinPair *)(gpointer)*to;

    if (bytes > 0)
        memcpy (items, pairs->items, bytes);
    if (pairs->capacity > 0)
        g_free (pairs->items);
    pairs->items = bytes > 0 ? items : NULL;
    pairs->capacity = 0;
    *to += bytes;
}

void
dunlin_context_own (DunlinContext *self)
{
    gsize total = (gsize)(self->dtab.n + self->others.n) * sizeof (DunlinPair);
    guint8 *old = self->owned;
    guint8 *to;

    each_slice (self, count_slice, &total);
    to = self->owned = g_malloc (total + 1); /* never NULL */
    move_pairs (&self->dtab, &to);           /* first: they want alignment */
    move_pairs (&self->others, &to);
    each_slice (self, move_slice, &to);
    g_free (old);
}

void
dunlin_context_clear (DunlinContext *self)
{
    if (self->dtab.capacity > 0)
        g_free (self->dtab.items);
    if (self->others.capacity > 0)
        g_free (self->others.items);
    g_free (self->owned);
    *self = (DunlinContext){ 0 };
}

gint64
dunlin_context_remaining_us (const DunlinContext *self)
{
    gint64 left;

    if (!self->has_deadline || self->timestamp_ns < 0 || self->deadline_ns < 0 ||
        self->deadline_ns == G_MAXINT64)
        return G_MAXINT64;
    left = self->deadline_ns - self->timestamp_ns;
    if (left <= 0)
        return 0;
    return left / NS_PER_US + (left % NS_PER_US != 0);
}

void
dunlin_context_set_deadline (DunlinContext *self, gint64 now_us, gint64 remaining_us)
{
    /* G_MAXINT64 nanoseconds would read as "never" */
    gint64 latest_us = G_MAXINT64 / NS_PER_US - 1;
    gint64 now = CLAMP (now_us, 0, latest_us);
    gint64 remaining = CLAMP (remaining_us, 0, latest_us - now);

    self->has_deadline = remaining_us != G_MAXINT64;
    self->timestamp_ns = now * NS_PER_US;
    self->deadline_ns = (now + remaining) * NS_PER_US;
}

/* A count, or a length and so many bytes; nothing when there are fewer. */
static DunlinSlice
read_slice16 (DunlinReader *in)
{
    gsize length = dunlin_reader_u16 (in);
    const guint8 *data = dunlin_reader_take (in, length);

    return dunlin_slice (data, data == NULL ? 0 : length);
}

typedef gboolean (*PutPair) (DunlinContext *, DunlinSlice, DunlinSlice, GError **);

static gboolean
read_pairs (DunlinContext *self, DunlinReader *in, PutPair put, GError **error)
{
    guint n = dunlin_reader_u16 (in);

    for (guint i = 0; i < n; i++) {
        DunlinSlice key = read_slice16 (in);
        DunlinSlice value = read_slice16 (in);

        if (in->failed)
            return TRUE; /* said once, by the caller */
        if (!put (self, key, value, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
dunlin_context_read_mux (DunlinContext *self, DunlinReader *from, GError **error)
{
    if (!read_pairs (self, from, dunlin_context_put, error))
        return FALSE;
    self->dest = read_slice16 (from);
    if (!read_pairs (self, from, dunlin_context_put_dtab, error))
        return FALSE;
    if (!from->failed)
        return TRUE;
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                         "contexts, destination and delegations are longer than the frame");
    return FALSE;
}

void
dunlin_context_known (const DunlinContext *self, DunlinContextKnown *known)
{
    const gboolean there[N_KNOWN] = {
        [CLIENT_ID] = self->client_id.length > 0,
        [TRACE] = self->has_trace,
        [RETRIES] = self->has_retries,
        [DEADLINE] = self->has_deadline,
        [BACKUP] = self->backup,
        [REQUEST_HEADERS] = self->request_headers.length > 0,
    };
    guint8 *scratch = known->scratch;
    const DunlinSlice values[N_KNOWN] = {
        [CLIENT_ID] = self->client_id,
        [TRACE] = write_trace (self, scratch),
        [RETRIES] = write_retries (self, scratch + TRACE_BYTES_128),
        [DEADLINE] = write_deadline (self, scratch + TRACE_BYTES_128 + RETRIES_BYTES),
        [REQUEST_HEADERS] = self->request_headers,
    };

    G_STATIC_ASSERT (G_N_ELEMENTS (known->pairs) == N_KNOWN);
    G_STATIC_ASSERT (sizeof known->scratch == TRACE_BYTES_128 + RETRIES_BYTES + DEADLINE_BYTES);
    known->n = 0;
    for (gsize i = 0; i < N_KNOWN; i++)
        if (there[i])
            known->pairs[known->n++] =
                (DunlinPair){ dunlin_slice (known_contexts[i].key, known_contexts[i].length),
                              values[i] };
}

static void
write_slice16 (DunlinSlice slice, DunlinBuffer *to)
{
    g_assert (slice.length <= DUNLIN_CONTEXT_MAX_BYTES);
    dunlin_buffer_u16 (to, (guint16)slice.length);
    dunlin_buffer_append (to, slice.data, slice.length);
}

void
dunlin_pair_write (DunlinPair pair, DunlinBuffer *to)
{
    write_slice16 (pair.key, to);
    write_slice16 (pair.value, to);
}

gboolean
dunlin_pairs_next (DunlinSlice *block, DunlinPair *pair)
{
    DunlinReader in = dunlin_reader (block->data, block->length);
    DunlinPair read = { .key = read_slice16 (&in) };

    read.value = read_slice16 (&in);
    if (in.failed)
        return FALSE;
    *pair = read;
    *block = dunlin_slice (in.data, in.left);
    return TRUE;
}

void
dunlin_context_write_mux (const DunlinContext *self, DunlinBuffer *to)
{
    DunlinContextKnown known;

    dunlin_context_known (self, &known);
    dunlin_buffer_u16 (to, (guint16)(known.n + self->others.n));
    for (guint i = 0; i < known.n; i++)
        dunlin_pair_write (known.pairs[i], to);
    for (guint i = 0; i < self->others.n; i++)
        dunlin_pair_write (self->others.items[i], to);
    write_slice16 (self->dest, to);
    dunlin_buffer_u16 (to, self->dtab.n);
    for (guint i = 0; i < self->dtab.n; i++)
        dunlin_pair_write (self->dtab.items[i], to);
}

char *
dunlin_slice_to_utf8 (DunlinSlice self)
{
    if (self.length == 0)
        return g_strdup ("");
    return g_utf8_make_valid ((const char *)self.data, (gssize)self.length);
}
