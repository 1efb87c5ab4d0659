/* The scanner: a stack of open structs and containers, and one token at a time. A token (a type, an
 * id, a length) is taken whole or not at all, so a scan can stop between any two bytes. */
#include "wire/scan.h"

#include "base/error.h"
#include "wire/compact.h"
#include "wire/payload_private.h"

/* What values of a type take at least (in binary; compact ones need a byte, doubles 8), and whether
 * all of them take just that. */
typedef struct {
    guint8 binary_bytes;
    gboolean binary_fixed;
    guint8 compact_bytes;
    gboolean compact_fixed;
} Size;

static const Size sizes[16] = {
    [T_BOOL] = { 1, TRUE, 1, TRUE },     [T_BYTE] = { 1, TRUE, 1, TRUE },
    [T_I16] = { 2, TRUE, 1, FALSE },     [T_I32] = { 4, TRUE, 1, FALSE },
    [T_I64] = { 8, TRUE, 1, FALSE },     [T_DOUBLE] = { 8, TRUE, 8, TRUE },
    [T_STRING] = { 4, FALSE, 1, FALSE }, [T_STRUCT] = { 1, FALSE, 1, FALSE },
    [T_MAP] = { 6, FALSE, 1, FALSE },    [T_SET] = { 5, FALSE, 1, FALSE },
    [T_LIST] = { 5, FALSE, 1, FALSE },
};

/**
 * Cursor:
 * @scan: where the token in hand is taken from
 * @data: the message's first byte
 * @n: bytes that are there
 * @at: the next byte; becomes the scan's when the token is whole
 * @progress: sticky: NEED_MORE when the token is cut short, FAILED with @error set
 * @error: (nullable): the caller's
 */
typedef struct {
    DunlinScan *scan;
    const guint8 *data;
    gsize n;
    gsize at;
    DunlinProgress progress;
    GError **error;
} Cursor;

static void fail (Cursor *self, int code, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
fail (Cursor *self, int code, const char *format, ...)
{
    g_autofree char *what = NULL;
    va_list arguments;

    va_start (arguments, format);
    what = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_set_error (self->error, DUNLIN_ERROR, code,
                 "unframed %s message, byte %" G_GSIZE_FORMAT ": %s",
                 self->scan->encoding == DUNLIN_ENCODING_COMPACT ? "compact" : "binary",
                 self->scan->at, what);
    self->progress = DUNLIN_FAILED;
}

static gboolean
is_compact (const Cursor *self)
{
    return self->scan->encoding == DUNLIN_ENCODING_COMPACT;
}

static guint
bytes_least (const Cursor *self, guint8 type)
{
    return is_compact (self) ? sizes[type].compact_bytes : sizes[type].binary_bytes;
}

static gboolean
is_fixed (const Cursor *self, guint8 type)
{
    return is_compact (self) ? sizes[type].compact_fixed : sizes[type].binary_fixed;
}

static guint8
take_u8 (Cursor *self)
{
    if (self->progress != DUNLIN_COMPLETE || self->at >= self->n) {
        if (self->progress == DUNLIN_COMPLETE)
            self->progress = DUNLIN_NEED_MORE;
        return 0;
    }
    return self->data[self->at++];
}

static guint32
take_u32 (Cursor *self)
{
    guint32 v = 0;

    for (int i = 0; i < 4; i++)
        v = v << 8 | take_u8 (self);
    return v;
}

static guint64
take_varint (Cursor *self, guint64 limit)
{
    guint64 value = 0;
    int n;

    if (self->progress != DUNLIN_COMPLETE)
        return 0;
    n = dunlin_varint_read (self->data + self->at, self->n - self->at, limit, &value);
    if (n == 0)
        self->progress = DUNLIN_NEED_MORE;
    else if (n < 0)
        fail (self, DUNLIN_ERROR_MALFORMED, "a number is too large for its type, or too long");
    else
        self->at += (gsize)n;
    return value;
}

/* A string's length, a map's size. */
static guint32
take_count (Cursor *self)
{
    return is_compact (self) ? (guint32)take_varint (self, G_MAXUINT32) : take_u32 (self);
}

/* Whether @count values of @bytes each can still come. */
static gboolean
has_room (Cursor *self, guint64 count, guint bytes)
{
    guint64 all = count * bytes;
    gsize room = self->at < self->scan->max_bytes ? self->scan->max_bytes - self->at : 0;

    if (self->progress != DUNLIN_COMPLETE)
        return FALSE;
    if (all <= room)
        return TRUE;
    fail (self, DUNLIN_ERROR_TOO_LARGE,
          "the next value needs %" G_GUINT64_FORMAT " bytes, but a message of %" G_GSIZE_FORMAT
          " is the longest that is taken",
          all, self->scan->max_bytes);
    return FALSE;
}

static void
pass_over (Cursor *self, guint64 count, guint bytes)
{
    if (has_room (self, count, bytes))
        self->at += count * bytes;
}

static void
push (Cursor *self, DunlinScanLevel level)
{
    if (self->progress != DUNLIN_COMPLETE)
        return;
    if (self->scan->depth == DUNLIN_PAYLOAD_DEPTH_MAX)
        fail (self, DUNLIN_ERROR_MALFORMED, "nested deeper than %d", DUNLIN_PAYLOAD_DEPTH_MAX);
    else
        self->scan->levels[self->scan->depth++] = level;
}

static void
check_type (Cursor *self, guint8 type)
{
    if (self->progress == DUNLIN_COMPLETE && !dunlin_payload_is_type (type))
        fail (self, DUNLIN_ERROR_MALFORMED, "unknown type %d", type);
}

/* The elements of a container whose header was taken; for a map @count counts entries. */
static void
enter (Cursor *self, guint64 count, guint8 key, guint8 value, gboolean is_map)
{
    guint bytes;

    if (self->progress != DUNLIN_COMPLETE || count == 0)
        return;
    check_type (self, key);
    check_type (self, value);
    if (self->progress != DUNLIN_COMPLETE)
        return;
    bytes = bytes_least (self, key) + (is_map ? bytes_least (self, value) : 0);
    if (is_fixed (self, key) && is_fixed (self, value)) {
        pass_over (self, count, bytes);
        return;
    }
    /* Twice @count does not overflow: so many values of a byte each were found to fit. */
    if (has_room (self, count, bytes))
        push (self, (DunlinScanLevel){ .left = (guint32)(is_map ? 2 * count : count),
                                       .now = key,
                                       .later = value });
}

static void
step_map (Cursor *self)
{
    guint8 key = T_STOP;
    guint8 value = T_STOP;
    guint32 count;

    if (is_compact (self)) {
        count = take_count (self);
        if (count > 0) {
            guint8 types = take_u8 (self);

            key = dunlin_compact_to_type (types >> 4);
            value = dunlin_compact_to_type (types);
        }
    } else {
        key = take_u8 (self);
        value = take_u8 (self);
        count = take_count (self);
    }
    enter (self, count, key, value, TRUE);
}

static void
step_list (Cursor *self)
{
    guint8 first = take_u8 (self);
    guint8 element = first;
    guint32 count;

    if (is_compact (self)) {
        element = dunlin_compact_to_type (first);
        count = first >> 4;
        if (count == DUNLIN_COMPACT_LONG_LIST)
            count = take_count (self);
    } else {
        count = take_count (self);
    }
    enter (self, count, element, element, FALSE);
}

static void
step_value (Cursor *self, guint8 type)
{
    switch (type) {
    case T_STRING:
        pass_over (self, take_count (self), 1);
        return;
    case T_STRUCT:
        push (self, (DunlinScanLevel){ .is_struct = TRUE });
        return;
    case T_MAP:
        step_map (self);
        return;
    case T_SET:
    case T_LIST:
        step_list (self);
        return;
    default:
        if (is_fixed (self, type))
            pass_over (self, 1, bytes_least (self, type));
        else
            take_varint (self, G_MAXUINT64);
        return;
    }
}

static void
step_compact_field (Cursor *self, DunlinScanLevel *level)
{
    guint8 header = take_u8 (self);
    guint8 type = dunlin_compact_to_type (header);

    if (header == DUNLIN_COMPACT_STOP && self->progress == DUNLIN_COMPLETE) {
        self->scan->depth--;
        return;
    }
    check_type (self, type);
    if (header >> 4 == DUNLIN_COMPACT_LONG_STEP)
        take_varint (self, G_MAXUINT16);
    /* A bool's value was in the header. */
    if (self->progress == DUNLIN_COMPLETE && type != T_BOOL)
        level->now = type;
}

static void
step_binary_field (Cursor *self, DunlinScanLevel *level)
{
    guint8 type = take_u8 (self);

    if (type == T_STOP && self->progress == DUNLIN_COMPLETE) {
        self->scan->depth--;
        return;
    }
    check_type (self, type);
    take_u8 (self);
    take_u8 (self);
    if (self->progress == DUNLIN_COMPLETE)
        level->now = type;
}

/* The next token of the innermost open level. The level changes only when the token is whole;
 * a value may open another level, so it does before. */
static void
step_level (Cursor *self)
{
    DunlinScanLevel *level = &self->scan->levels[self->scan->depth - 1];
    DunlinScanLevel before = *level;

    if (!level->is_struct && level->left == 0) {
        self->scan->depth--;
        return;
    }
    if (level->is_struct && level->now == T_STOP) {
        if (is_compact (self))
            step_compact_field (self, level);
        else
            step_binary_field (self, level);
        return;
    }
    level->now = before.later;
    if (!level->is_struct) {
        level->later = before.now;
        level->left--;
    }
    step_value (self, before.now);
    if (self->progress != DUNLIN_COMPLETE)
        *level = before;
}

static void
step_header (Cursor *self)
{
    DunlinMessageHeader header;
    gsize used;

    self->progress = dunlin_message_parse (self->data, self->n, self->scan->encoding, &header,
                                           &used, self->error);
    if (self->progress != DUNLIN_COMPLETE)
        return;
    self->at = used;
    self->scan->in_body = TRUE;
    push (self, (DunlinScanLevel){ .is_struct = TRUE });
}

void
dunlin_scan_init (DunlinScan *self, DunlinEncoding encoding, gsize max_bytes)
{
    /* The levels are written before they are read. */
    self->encoding = encoding;
    self->in_body = FALSE;
    self->depth = 0;
    self->max_bytes = MIN (max_bytes, G_MAXINT32);
    self->at = 0;
}

DunlinProgress
dunlin_scan_feed (DunlinScan *self, const guint8 *data, gsize n, gsize *message_length,
                  GError **error)
{
    Cursor cursor = { .scan = self, .data = data, .n = n, .at = self->at, .error = error };

    for (;;) {
        if (self->at > n)
            return DUNLIN_NEED_MORE;
        if (self->in_body && self->depth == 0) {
            *message_length = self->at;
            return DUNLIN_COMPLETE;
        }
        cursor.at = self->at;
        cursor.progress = DUNLIN_COMPLETE;
        if (self->in_body)
            step_level (&cursor);
        else
            step_header (&cursor);
        if (cursor.progress == DUNLIN_COMPLETE && cursor.at > self->max_bytes)
            fail (&cursor, DUNLIN_ERROR_TOO_LARGE,
                  "longer than the %" G_GSIZE_FORMAT " bytes that are taken", self->max_bytes);
        if (cursor.progress != DUNLIN_COMPLETE)
            return cursor.progress;
        self->at = cursor.at;
    }
}
