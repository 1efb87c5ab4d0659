/* What the binary and the compact protocol share: the cursor over the input, the levels of what is
 * open, the budget, the room in the output. Inline, because every value passes here. */
#pragma once

#include "base/error.h"
#include "wire/payload.h"

G_BEGIN_DECLS

/* A level's next value may be of any type: outside of every struct. */
#define DUNLIN_PAYLOAD_ANY 0xff

typedef struct DunlinFarIds DunlinFarIds;

/**
 * DunlinPayloadLevel:
 * @near_ids: struct: which of the field ids 0 to 63 have come
 * @far_ids: (owned) (nullable): which of the others have; clean unless @has_far_ids
 * @has_far_ids: some bit of @far_ids is set
 * @last_id: compact struct: what the next field id counts from
 * @now: type that the next value must have; in a struct T_STOP until a field has begun
 * @later: and the one after it: the two change places with every value, which tells a map's keys
 *   from its values
 * @kind: T_STRUCT, T_LIST, T_SET or T_MAP
 * @is_key_read: in a map: the last value was a key
 *
 * An open struct or container.
 */
typedef struct {
    guint64 near_ids;
    DunlinFarIds *far_ids;
    gboolean has_far_ids;
    gint16 last_id;
    guint8 now;
    guint8 later;
    guint8 kind;
    gboolean is_key_read;
} DunlinPayloadLevel;

/**
 * DunlinPayloadScratch:
 * @data: (owned): the keys as generated code copies them, then @values, then @keys
 * @keys: of the map or set that is written now, as the list that generated code takes
 * @values: of each of @keys
 * @next: of @keys: what is asked for next
 *
 * What generated code needs while it writes a map or set; grows, is used again.
 */
typedef struct {
    gpointer data;
    gsize capacity;
    GList *keys;
    gpointer *values;
    gsize n_keys;
    gsize next;
} DunlinPayloadScratch;

/**
 * DunlinPayload:
 * @encoding: of this object's class
 * @limits: as given
 * @start: (not owned): the input
 * @at: its next byte
 * @end: its end; equal to @at after a failure, so that every read finds nothing
 * @level: the innermost one; @levels itself stands outside of every struct
 * @deepest: where @level may go at most
 * @elements_left: what containers may still announce
 * @failure: (owned) (nullable): the first one
 * @held_bool: compact: a field's header brought its value, which is a compact type; or T_STOP
 * @out: (not owned) (nullable): the output
 * @out_left: bytes that may still be written
 * @out_depth: structs and containers that are open in the output
 * @strict: binary: write versions
 * @has_out_bool: compact: the field @out_bool_id waits for its value to be written with its header
 * @out_last_ids: compact: per open struct, what the next field id counts from
 * @largest_scratch: none of @scratches is larger
 * @scratches: per depth of the output
 */
typedef struct {
    ThriftProtocol parent;
    DunlinEncoding encoding;
    DunlinPayloadLimits limits;

    const guint8 *start;
    const guint8 *at;
    const guint8 *end;
    DunlinPayloadLevel *level;
    const DunlinPayloadLevel *deepest;
    gsize elements_left;
    GError *failure;
    guint8 held_bool;

    DunlinBuffer *out;
    gsize out_left;
    int out_depth;
    gboolean strict;
    gboolean has_out_bool;
    gint16 out_bool_id;
    gint16 out_last_ids[DUNLIN_PAYLOAD_DEPTH_MAX + 1];
    gsize largest_scratch;
    DunlinPayloadScratch scratches[DUNLIN_PAYLOAD_DEPTH_MAX + 1];

    DunlinPayloadLevel levels[DUNLIN_PAYLOAD_DEPTH_MAX + 1];
} DunlinPayload;

typedef struct {
    ThriftProtocolClass parent;
} DunlinPayloadClass;

GType dunlin_payload_get_type (void);
GType dunlin_binary_protocol_get_type (void);
GType dunlin_compact_protocol_get_type (void);

/* Notes the first failure, with the encoding and the place in front, and empties the input. */
void dunlin_payload_fail (DunlinPayload *self, int code, const char *format, ...)
    G_GNUC_PRINTF (3, 4) G_GNUC_NO_INLINE;
void dunlin_payload_fail_short (DunlinPayload *self, guint64 needed,
                                const char *what) G_GNUC_NO_INLINE;
void dunlin_payload_fail_type (DunlinPayload *self, guint8 type) G_GNUC_NO_INLINE;

/* FALSE (with @error) when the output is full; what was written before stays. */
gboolean dunlin_payload_fail_room (DunlinPayload *self, gsize n, GError **error) G_GNUC_NO_INLINE;

/* Returns: FALSE (failed) when the level has had field @id before. For ids that are not near. */
gboolean dunlin_payload_note_far_id (DunlinPayload *self, gint16 id);

/* Closes a level that has far ids. */
void dunlin_payload_clean_level (DunlinPayloadLevel *level);

/* Makes a value of the next @n bytes: "" and NULL when they are not there, or not text. */
void dunlin_payload_take_string (DunlinPayload *self, guint64 n, gchar **string);
void dunlin_payload_take_binary (DunlinPayload *self, guint64 n, gpointer *data, guint32 *length);

/**
 * dunlin_payload_open:
 * @type: T_LIST, T_SET or T_MAP
 * @key: type of its elements, or of a map's keys
 * @value: the same again, or of a map's values
 * @count: what is announced
 * @bytes_each: what an element, or an entry, needs at least
 *
 * Opens a container whose header has been read, if so many elements can be there and may be.
 *
 * Returns: FALSE after a failure: generated code is to be told 0 elements.
 */
gboolean dunlin_payload_open (DunlinPayload *self, guint8 type, guint8 key, guint8 value,
                              guint64 count, guint bytes_each);

/* A struct or container has come: it counts as one, unless the container around it has announced
 * (and so paid for) it. FALSE: failed. */
gboolean dunlin_payload_charge_alone (DunlinPayload *self);

/* Whether @type is one that a field or element can have on the wire. */
static inline gboolean
dunlin_payload_is_type (guint8 type)
{
    const guint types = 1u << T_BOOL | 1u << T_BYTE | 1u << T_DOUBLE | 1u << T_I16 | 1u << T_I32 |
                        1u << T_I64 | 1u << T_STRING | 1u << T_STRUCT | 1u << T_MAP | 1u << T_SET |
                        1u << T_LIST;

    return type < 16 && (types >> type & 1) != 0;
}

static inline gboolean
dunlin_payload_is_heavy (guint8 type)
{
    return type >= T_STRUCT;
}

/* The next @n bytes, or NULL: failed. */
static inline const guint8 *
dunlin_payload_take (DunlinPayload *self, gsize n, const char *what)
{
    const guint8 *at = self->at;

    if (G_UNLIKELY ((gsize)(self->end - at) < n)) {
        dunlin_payload_fail_short (self, n, what);
        return NULL;
    }
    self->at = at + n;
    return at;
}

/* Whether a value of @type may come now; it counts as having come. */
static inline gboolean
dunlin_payload_expect (DunlinPayload *self, guint8 type)
{
    DunlinPayloadLevel *level = self->level;
    guint8 now = level->now;

    if (G_UNLIKELY (now != type && now != DUNLIN_PAYLOAD_ANY)) {
        dunlin_payload_fail_type (self, type);
        return FALSE;
    }
    level->now = level->later;
    level->later = now;
    level->is_key_read ^= 1;
    return TRUE;
}

/* Begins a field: its value is expected next. FALSE: failed, it has come before. */
static inline gboolean
dunlin_payload_begin_field (DunlinPayload *self, guint8 type, gint16 id)
{
    DunlinPayloadLevel *level = self->level;

    if (G_LIKELY (id >= 0 && id < 64)) {
        guint64 bit = G_GUINT64_CONSTANT (1) << id;

        if (G_UNLIKELY (level->near_ids & bit)) {
            dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "field %d for the second time", id);
            return FALSE;
        }
        level->near_ids |= bit;
    } else if (!dunlin_payload_note_far_id (self, id)) {
        return FALSE;
    }
    level->now = type;
    level->later = T_STOP;
    return TRUE;
}

/* Opens a struct or container of which the values have types @now and @later in turn. */
static inline gboolean
dunlin_payload_push (DunlinPayload *self, guint8 kind, guint8 now, guint8 later)
{
    DunlinPayloadLevel *level = self->level + 1;

    if (G_UNLIKELY (self->level == self->deepest)) {
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "nested deeper than %d",
                             self->limits.max_depth);
        return FALSE;
    }
    level->near_ids = 0;
    level->last_id = 0;
    level->now = now;
    level->later = later;
    level->kind = kind;
    level->is_key_read = FALSE;
    self->level = level;
    return TRUE;
}

static inline void
dunlin_payload_pop (DunlinPayload *self)
{
    DunlinPayloadLevel *level = self->level;

    /* After a failure ends no longer match beginnings. */
    if (G_UNLIKELY (level == self->levels || self->failure != NULL))
        return;
    if (G_UNLIKELY (level->has_far_ids))
        dunlin_payload_clean_level (level);
    self->level = level - 1;
}

/* Room for @n bytes, which count as written, or NULL with @error. */
static inline guint8 *
dunlin_payload_room (DunlinPayload *self, gsize n, GError **error)
{
    DunlinBuffer *out = self->out;
    guint8 *at;

    if (G_UNLIKELY (n > self->out_left)) {
        dunlin_payload_fail_room (self, n, error);
        return NULL;
    }
    self->out_left -= n;
    at = G_LIKELY (n <= out->capacity - out->end) ? out->data + out->end
                                                  : dunlin_buffer_reserve (out, n);
    out->end += n;
    return at;
}

/* Frees what of the scratches is larger than @kept. */
void dunlin_payload_trim_scratches (DunlinPayload *self, gsize kept);

/* Opens a struct or container in the output. */
gboolean dunlin_payload_descend (DunlinPayload *self, GError **error);

static inline void
dunlin_payload_ascend (DunlinPayload *self)
{
    if (self->out_depth > 0)
        self->out_depth--;
}

G_END_DECLS
