/* What travels with a call besides its arguments: trace, client, deadline, retries, delegations and
 * the application's own broadcast contexts. One struct for every wire's form of it. Pure. */
#pragma once

#include "base/bytes.h"

G_BEGIN_DECLS

/* Entries of each kind (contexts, delegations) that one call may carry. Finagle's clients send
 * about five; the cap bounds what a peer can make us hold and compare. */
#define DUNLIN_CONTEXT_MAX_ENTRIES 128

/* Mux writes the lengths of keys, values and names in 16 bits; what is longer could not be passed
 * on, so it is refused on every wire. */
#define DUNLIN_CONTEXT_MAX_BYTES 65535

/**
 * DunlinSlice:
 * @data: (not owned): bytes as a peer sent them, neither terminated nor checked for UTF-8
 * @length: of @data
 *
 * A borrowed range. Outlives neither the frame it points into nor the next write to its buffer.
 */
typedef struct {
    const guint8 *data;
    gsize length;
} DunlinSlice;

typedef struct {
    DunlinSlice key;
    DunlinSlice value;
} DunlinPair;

/**
 * DunlinPairs:
 * @items: (nullable): a small list, made when the first entry comes
 * @n: entries
 * @capacity: 0 when @items is not of its own allocation
 */
typedef struct {
    DunlinPair *items;
    guint16 n;
    guint16 capacity;
} DunlinPairs;

/* Bits of a trace's flags (finagle-core tracing/Flags.scala); the higher ones are passed on. */
enum { DUNLIN_TRACE_DEBUG = 1, DUNLIN_TRACE_DECIDED = 2, DUNLIN_TRACE_SAMPLED = 4 };

/**
 * DunlinContext:
 * @has_trace: the ids and @trace_flags are set
 * @has_trace_high: the trace id has 128 bits
 * @has_deadline: @timestamp_ns and @deadline_ns are set
 * @has_retries: @retries is set
 * @backup: this is a backup request
 * @trace_id: (low half); equal to @span_id at the root
 * @trace_id_high: high half
 * @span_id: of this call
 * @parent_id: equal to @span_id at the root
 * @trace_flags: DUNLIN_TRACE_...
 * @timestamp_ns: when the caller set the deadline, nanoseconds since 1970 by the caller's clock
 * @deadline_ns: the deadline, likewise
 * @retries: how often the call was requeued
 * @client_id: empty when the caller did not say
 * @request_headers: (klen:2 key vlen:2 value)*, see dunlin_pairs_next(); for this hop only
 * @dest: the destination path; empty for none
 * @dtab: delegations, prefix and destination
 * @others: broadcast contexts that are not Dunlin's business, to be passed on with outgoing calls
 * @owned: (owned) (nullable): one allocation behind every slice, after dunlin_context_own()
 *
 * Zero-initialised is empty. Slices borrow from the frame until dunlin_context_own().
 */
typedef struct {
    gboolean has_trace;
    gboolean has_trace_high;
    gboolean has_deadline;
    gboolean has_retries;
    gboolean backup;
    guint32 retries;
    guint64 trace_id;
    guint64 trace_id_high;
    guint64 span_id;
    guint64 parent_id;
    guint64 trace_flags;
    gint64 timestamp_ns;
    gint64 deadline_ns;
    DunlinSlice client_id;
    DunlinSlice request_headers;
    DunlinSlice dest;
    DunlinPairs dtab;
    DunlinPairs others;
    guint8 *owned;
} DunlinContext;

static inline DunlinSlice
dunlin_slice (const void *data, gsize length)
{
    return (DunlinSlice){ .data = data, .length = length };
}

/* A literal or other terminated string; %NULL is empty. */
static inline DunlinSlice
dunlin_slice_of (const char *string)
{
    return dunlin_slice (string, string == NULL ? 0 : strlen (string));
}

static inline gboolean
dunlin_slice_equal (DunlinSlice a, DunlinSlice b)
{
    return a.length == b.length && (a.length == 0 || memcmp (a.data, b.data, a.length) == 0);
}

/**
 * dunlin_slice_to_utf8:
 *
 * Returns: (transfer full): @self as text, fit for a log: what is not UTF-8 is replaced.
 */
char *dunlin_slice_to_utf8 (DunlinSlice self);

/**
 * dunlin_pairs_next:
 * @block: what is left of a (klen:2 key vlen:2 value)* block, as in the header contexts and in a
 *   mux reply's contexts; moved past the entry
 *
 * Returns: FALSE at the end, or where the block is cut short.
 */
gboolean dunlin_pairs_next (DunlinSlice *block, DunlinPair *pair);

/* Writes (klen:2 key vlen:2 value); both at most %DUNLIN_CONTEXT_MAX_BYTES. */
void dunlin_pair_write (DunlinPair pair, DunlinBuffer *to);

/**
 * dunlin_context_put:
 * @key: the name of a context; compared without case; the last of a name counts
 * @value: its value; one of a known name that cannot be read is as if it were absent, as in Finagle
 *
 * Takes in one broadcast context as it came. The slices are borrowed.
 *
 * Returns: FALSE with %DUNLIN_ERROR_TOO_LARGE when there are too many or one is too long.
 */
gboolean dunlin_context_put (DunlinContext *self, DunlinSlice key, DunlinSlice value,
                             GError **error);

/* Adds a delegation; likewise. */
gboolean dunlin_context_put_dtab (DunlinContext *self, DunlinSlice prefix, DunlinSlice to,
                                  GError **error);

/* Set one field each, after checking its length. */
gboolean dunlin_context_put_dest (DunlinContext *self, DunlinSlice dest, GError **error);
gboolean dunlin_context_put_client_id (DunlinContext *self, DunlinSlice client_id, GError **error);

/**
 * dunlin_context_find:
 *
 * Returns: (transfer none) (nullable): the value of one of @others, looked up without case.
 */
const DunlinSlice *dunlin_context_find (const DunlinContext *self, const char *key);

/**
 * dunlin_context_own:
 *
 * Copies every slice into one allocation, so that the context may outlive its frame. What is put
 * in later is borrowed again.
 */
void dunlin_context_own (DunlinContext *self);

/* Frees what the context owns and empties it. */
void dunlin_context_clear (DunlinContext *self);

static inline DunlinContext
dunlin_context_steal (DunlinContext *self)
{
    DunlinContext stolen = *self;

    *self = (DunlinContext){ 0 };
    return stolen;
}

/* The sampling decision: yes (also for debug traces). */
static inline gboolean
dunlin_context_is_sampled (const DunlinContext *self)
{
    return (self->trace_flags & (DUNLIN_TRACE_DEBUG | DUNLIN_TRACE_SAMPLED)) != 0;
}

/**
 * dunlin_context_remaining_us:
 *
 * How long the caller wants to wait, counted from the call's arrival: deadline - timestamp, because
 * two hosts' clocks differ and one clock does not differ from itself. 0 when the deadline was over
 * before the call was sent (Finagle passes an inherited deadline on as it is).
 *
 * Returns: microseconds, rounded up; %G_MAXINT64 when there is no deadline, when it is "never"
 *   (Finagle's Time.Top), or when either time is before 1970, which no clock can have meant.
 */
gint64 dunlin_context_remaining_us (const DunlinContext *self);

/**
 * dunlin_context_set_deadline:
 * @now_us: the wall clock, microseconds since 1970
 * @remaining_us: what is left; negative counts as nothing
 */
void dunlin_context_set_deadline (DunlinContext *self, gint64 now_us, gint64 remaining_us);

/**
 * dunlin_context_read_mux:
 * @from: at the count of contexts of a Tdispatch; moved to the Thrift message
 *
 * Reads contexts, destination and delegations.
 *
 * Returns: FALSE with %DUNLIN_ERROR_MALFORMED or %DUNLIN_ERROR_TOO_LARGE; @self is to be cleared.
 */
gboolean dunlin_context_read_mux (DunlinContext *self, DunlinReader *from, GError **error);

/* Writes contexts, destination and delegations as a Tdispatch has them. */
void dunlin_context_write_mux (const DunlinContext *self, DunlinBuffer *to);

/**
 * DunlinContextKnown:
 * @pairs: (array length=n): the broadcast contexts that Dunlin knows, in their wire form
 * @scratch: the values that are not text
 *
 * What an encoder sends besides @others.
 */
typedef struct {
    DunlinPair pairs[6];
    guint n;
    guint8 scratch[60];
} DunlinContextKnown;

/* Fills @known; it borrows from @self and points into itself, so it is not to be copied. */
void dunlin_context_known (const DunlinContext *self, DunlinContextKnown *known);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DunlinContext, dunlin_context_clear)

G_END_DECLS
