/* What a payload refuses, and how it says so: sizes, counts, depth, repeated fields, bad text. */
#include "wire/payload_private.h"

#define FAR_WORDS (65536 / 64)

/* Which of all 65,536 field ids have come: 8 KiB, made when a struct first has an id that is not
 * near. Only the words between @first and @last (inclusive) can hold bits. */
struct DunlinFarIds {
    guint64 words[FAR_WORDS];
    guint16 first;
    guint16 last;
};

static const char *const type_names[16] = {
    [T_STOP] = "stop",     [T_VOID] = "void",     [T_BOOL] = "bool", [T_BYTE] = "byte",
    [T_DOUBLE] = "double", [T_I16] = "i16",       [T_I32] = "i32",   [T_I64] = "i64",
    [T_STRING] = "string", [T_STRUCT] = "struct", [T_MAP] = "map",   [T_SET] = "set",
    [T_LIST] = "list",
};

static const char *
type_name (guint8 type)
{
    if (type >= G_N_ELEMENTS (type_names) || type_names[type] == NULL)
        return "unknown type";
    return type_names[type];
}

void
dunlin_payload_fail (DunlinPayload *self, int code, const char *format, ...)
{
    g_autofree char *what = NULL;
    va_list arguments;

    if (self->failure != NULL)
        return;
    va_start (arguments, format);
    what = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_set_error (&self->failure, DUNLIN_ERROR, code,
                 "%s payload, byte %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT ": %s",
                 self->encoding == DUNLIN_ENCODING_COMPACT ? "compact" : "binary",
                 (gsize)(self->at - self->start), (gsize)(self->end - self->start), what);
    self->end = self->at;
    self->held_bool = T_STOP;
}

void
dunlin_payload_fail_short (DunlinPayload *self, guint64 needed, const char *what)
{
    dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED,
                         "%s needs %" G_GUINT64_FORMAT " bytes, %" G_GSIZE_FORMAT " are left", what,
                         needed, (gsize)(self->end - self->at));
}

void
dunlin_payload_fail_type (DunlinPayload *self, guint8 type)
{
    if (self->level->now == T_STOP)
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "a %s is read where no field has begun",
                             type_name (type));
    else
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "a %s where a %s is declared",
                             type_name (self->level->now), type_name (type));
}

gboolean
dunlin_payload_fail_room (DunlinPayload *self, gsize n, GError **error)
{
    if (self->out == NULL)
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                             "payload: written without an output");
    else
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                     "payload: the message is longer than the %" G_GSIZE_FORMAT
                     " bytes that it may be: its next value needs %" G_GSIZE_FORMAT,
                     self->limits.max_output, n);
    self->out_left = 0; /* a message with a hole must not be mistaken for one */
    return FALSE;
}

gboolean
dunlin_payload_note_far_id (DunlinPayload *self, gint16 id)
{
    DunlinPayloadLevel *level = self->level;
    guint16 word = (guint16)id / 64;
    guint64 bit = G_GUINT64_CONSTANT (1) << ((guint16)id % 64);

    if (level->far_ids == NULL)
        level->far_ids = g_new0 (DunlinFarIds, 1);
    if (!level->has_far_ids) {
        level->has_far_ids = TRUE;
        level->far_ids->first = level->far_ids->last = word;
    }
    if (level->far_ids->words[word] & bit) {
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "field %d for the second time", id);
        return FALSE;
    }
    level->far_ids->words[word] |= bit;
    level->far_ids->first = MIN (level->far_ids->first, word);
    level->far_ids->last = MAX (level->far_ids->last, word);
    return TRUE;
}

void
dunlin_payload_clean_level (DunlinPayloadLevel *level)
{
    DunlinFarIds *ids = level->far_ids;

    memset (ids->words + ids->first, 0, (gsize)(ids->last - ids->first + 1) * sizeof (guint64));
    level->has_far_ids = FALSE;
}

static gboolean
charge (DunlinPayload *self, guint64 n)
{
    if (G_LIKELY (n <= self->elements_left)) {
        self->elements_left -= n;
        return TRUE;
    }
    dunlin_payload_fail (self, DUNLIN_ERROR_TOO_LARGE,
                         "more than the %" G_GSIZE_FORMAT
                         " elements that a message may have (structs and containers count %d)",
                         self->limits.max_elements, DUNLIN_PAYLOAD_HEAVY_ELEMENT);
    return FALSE;
}

static guint
weight (guint8 type)
{
    return dunlin_payload_is_heavy (type) ? DUNLIN_PAYLOAD_HEAVY_ELEMENT : 1;
}

gboolean
dunlin_payload_charge_alone (DunlinPayload *self)
{
    /* In a container, the type of the value after the next is known. */
    if (self->level->now != T_STOP && self->level->now != DUNLIN_PAYLOAD_ANY)
        return TRUE;
    return charge (self, DUNLIN_PAYLOAD_HEAVY_ELEMENT);
}

static gboolean
check_elements (DunlinPayload *self, guint8 type, guint8 key, guint8 value, guint64 count)
{
    if (dunlin_payload_is_type (key) && dunlin_payload_is_type (value))
        return charge (self, count * (weight (key) + (type == T_MAP ? weight (value) : 0)));
    dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "a %s with elements of types %d and %d",
                         type_name (type), key, value);
    return FALSE;
}

gboolean
dunlin_payload_open (DunlinPayload *self, guint8 type, guint8 key, guint8 value, guint64 count,
                     guint bytes_each)
{
    /* @count has 32 bits, so no product overflows. */
    if (count * bytes_each > (guint64)(self->end - self->at)) {
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED,
                             "a %s of %" G_GUINT64_FORMAT " elements needs %" G_GUINT64_FORMAT
                             " bytes, %" G_GSIZE_FORMAT " are left",
                             type_name (type), count, count * bytes_each,
                             (gsize)(self->end - self->at));
        return FALSE;
    }
    if (!dunlin_payload_charge_alone (self))
        return FALSE;
    /* Empty ones come with any type: what was declared, or nothing. */
    if (count > 0 && !check_elements (self, type, key, value, count))
        return FALSE;
    return dunlin_payload_push (self, type, key, value);
}

/* Whether all of the bytes are ASCII without zeros; TRUE is sure, FALSE needs a closer look. */
static gboolean
is_plain_ascii (const guint8 *data, gsize n)
{
    const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
    guint64 bad = 0;

    for (; n >= 8; n -= 8, data += 8) {
        guint64 word;

        /* A byte that is 0 borrows its own highest bit. */
        memcpy (&word, data, sizeof word);
        bad |= word | (word - ones);
    }
    for (; n > 0; n--, data++)
        bad |= *data | (guint64)(guint8)(*data - 1);
    return (bad & (ones << 7)) == 0;
}

static gboolean
check_text (DunlinPayload *self, const guint8 *data, gsize n)
{
    if (G_LIKELY (is_plain_ascii (data, n)))
        return TRUE;
    if (memchr (data, 0, n) != NULL) {
        dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED,
                             "a string of %" G_GSIZE_FORMAT " bytes has a zero byte in it", n);
        return FALSE;
    }
    if (self->limits.allow_invalid_utf8 || g_utf8_validate_len ((const char *)data, n, NULL))
        return TRUE;
    dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED,
                         "a string of %" G_GSIZE_FORMAT " bytes is not UTF-8", n);
    return FALSE;
}

void
dunlin_payload_take_string (DunlinPayload *self, guint64 n, gchar **string)
{
    const guint8 *data = n > G_MAXINT32 ? NULL : dunlin_payload_take (self, n, "a string");

    if (n > G_MAXINT32)
        dunlin_payload_fail_short (self, n, "a string");
    if (data == NULL || !check_text (self, data, n))
        n = 0;
    /* Never NULL: generated maps leak the value that goes with a NULL key. */
    *string = g_malloc (n + 1);
    if (n > 0)
        memcpy (*string, data, n);
    (*string)[n] = '\0';
}

void
dunlin_payload_take_binary (DunlinPayload *self, guint64 n, gpointer *data, guint32 *length)
{
    const guint8 *from = NULL;

    if (n > G_MAXINT32)
        dunlin_payload_fail_short (self, n, "a string");
    else if (n > 0)
        from = dunlin_payload_take (self, n, "a string");
    *data = from == NULL ? NULL : g_memdup2 (from, n);
    *length = from == NULL ? 0 : (guint32)n;
}

gboolean
dunlin_payload_descend (DunlinPayload *self, GError **error)
{
    if (G_UNLIKELY (self->out_depth == self->limits.max_depth)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                     "payload: the message is nested deeper than %d", self->limits.max_depth);
        self->out_left = 0;
        return FALSE;
    }
    self->out_depth++;
    return TRUE;
}
