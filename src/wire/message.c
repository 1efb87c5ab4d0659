/* Message headers: strict binary `80 01 00 type, name, seqid`, old binary `name, type, seqid`,
 * compact `82, type and version, seqid, name`. */
#include "wire/message.h"

#include "base/error.h"
#include "wire/compact.h"

#define BINARY_VERSION       0x80010000u
#define BINARY_VERSION_MASK  0xffff0000u
#define COMPACT_ID           0x82
#define COMPACT_VERSION      1
#define COMPACT_VERSION_MASK 0x1f
#define COMPACT_TYPE_SHIFT   5

static DunlinProgress
malformed (GError **error, const char *what, guint64 value)
{
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                 "message header: %s %" G_GUINT64_FORMAT " (0x%" G_GINT64_MODIFIER "x)", what,
                 value, value);
    return DUNLIN_FAILED;
}

static DunlinProgress
check_name_length (guint64 length, GError **error)
{
    if (length <= DUNLIN_MESSAGE_NAME_MAX)
        return DUNLIN_COMPLETE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                 "message header: a method name of %" G_GUINT64_FORMAT
                 " bytes, at most %d are taken",
                 length, DUNLIN_MESSAGE_NAME_MAX);
    return DUNLIN_FAILED;
}

static gboolean
is_identifier (const char *name, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum (name[i]) && name[i] != '_')
            return FALSE;
    return TRUE;
}

static DunlinProgress
check_name (const char *name, gsize length, GError **error)
{
    if (G_LIKELY (is_identifier (name, length)) || g_utf8_validate_len (name, length, NULL))
        return DUNLIN_COMPLETE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                 "message header: the method name (%" G_GSIZE_FORMAT
                 " bytes) is not UTF-8 or holds a zero byte",
                 length);
    return DUNLIN_FAILED;
}

static gboolean
is_type (guint type)
{
    return type >= DUNLIN_MESSAGE_CALL && type <= DUNLIN_MESSAGE_ONEWAY;
}

/* The end of every header: checks what was taken and hands it out. */
static DunlinProgress
finish (const DunlinReader *reader, gsize n, const DunlinMessageHeader *found,
        DunlinMessageHeader *header, gsize *used, GError **error)
{
    if (reader->failed)
        return DUNLIN_NEED_MORE;
    if (!is_type (found->type))
        return malformed (error, "unknown message type", found->type);
    if (check_name (found->name, found->name_length, error) == DUNLIN_FAILED)
        return DUNLIN_FAILED;
    *header = *found;
    *used = n - reader->left;
    return DUNLIN_COMPLETE;
}

static DunlinProgress
parse_binary (const guint8 *data, gsize n, DunlinMessageHeader *header, gsize *used, GError **error)
{
    DunlinReader reader = dunlin_reader (data, n);
    guint32 word = dunlin_reader_u32 (&reader);
    DunlinMessageHeader found = { .encoding = DUNLIN_ENCODING_BINARY };
    guint32 length = word;

    if (reader.failed)
        return DUNLIN_NEED_MORE;
    found.strict = (word & 0x80000000u) != 0;
    if (found.strict) {
        if ((word & BINARY_VERSION_MASK) != BINARY_VERSION)
            return malformed (error, "bad version, expected 0x80010000:", word);
        /* Early, so that a bad type does not wait for the name. */
        if (!is_type (word & 0xff))
            return malformed (error, "unknown message type", word & 0xff);
        found.type = word & 0xff;
        length = dunlin_reader_u32 (&reader);
        if (reader.failed)
            return DUNLIN_NEED_MORE;
    }
    if (check_name_length (length, error) == DUNLIN_FAILED)
        return DUNLIN_FAILED;
    found.name = (const char *)dunlin_reader_take (&reader, length);
    found.name_length = length;
    if (!found.strict)
        found.type = dunlin_reader_u8 (&reader);
    found.seqid = (gint32)dunlin_reader_u32 (&reader);
    return finish (&reader, n, &found, header, used, error);
}

/* Takes an unsigned 32-bit varint. */
static DunlinProgress
take_varint (DunlinReader *reader, guint32 *value, const char *what, GError **error)
{
    guint64 v;
    int n = dunlin_varint_read (reader->data, reader->left, G_MAXUINT32, &v);

    if (n == 0)
        return DUNLIN_NEED_MORE;
    if (n < 0) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "message header: the %s is no 32-bit varint", what);
        return DUNLIN_FAILED;
    }
    dunlin_reader_take (reader, (gsize)n);
    *value = (guint32)v;
    return DUNLIN_COMPLETE;
}

static DunlinProgress
parse_compact (const guint8 *data, gsize n, DunlinMessageHeader *header, gsize *used,
               GError **error)
{
    DunlinReader reader = dunlin_reader (data, n);
    DunlinMessageHeader found = { .encoding = DUNLIN_ENCODING_COMPACT };
    guint32 seqid;
    guint32 length;
    DunlinProgress progress;

    if (n >= 1 && data[0] != COMPACT_ID)
        return malformed (error, "bad protocol id, expected 0x82:", data[0]);
    if (n >= 2 && (data[1] & COMPACT_VERSION_MASK) != COMPACT_VERSION)
        return malformed (error,
                          "bad compact version, expected 1:", data[1] & COMPACT_VERSION_MASK);
    if (n >= 2 && !is_type (data[1] >> COMPACT_TYPE_SHIFT))
        return malformed (error, "unknown message type", data[1] >> COMPACT_TYPE_SHIFT);
    if (dunlin_reader_take (&reader, 2) == NULL)
        return DUNLIN_NEED_MORE;
    found.type = data[1] >> COMPACT_TYPE_SHIFT;
    progress = take_varint (&reader, &seqid, "sequence id", error);
    if (progress != DUNLIN_COMPLETE)
        return progress;
    found.seqid = (gint32)seqid;
    progress = take_varint (&reader, &length, "name's length", error);
    if (progress != DUNLIN_COMPLETE)
        return progress;
    if (check_name_length (length, error) == DUNLIN_FAILED)
        return DUNLIN_FAILED;
    found.name = (const char *)dunlin_reader_take (&reader, length);
    found.name_length = length;
    return finish (&reader, n, &found, header, used, error);
}

DunlinProgress
dunlin_message_parse (const guint8 *data, gsize n, DunlinEncoding encoding,
                      DunlinMessageHeader *header, gsize *used, GError **error)
{
    if (encoding == DUNLIN_ENCODING_COMPACT)
        return parse_compact (data, n, header, used, error);
    return parse_binary (data, n, header, used, error);
}

gboolean
dunlin_message_read (const guint8 *data, gsize n, DunlinEncoding encoding,
                     DunlinMessageHeader *header, gsize *used, GError **error)
{
    DunlinProgress progress = dunlin_message_parse (data, n, encoding, header, used, error);

    if (progress == DUNLIN_NEED_MORE)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED,
                     "message header: cut short after %" G_GSIZE_FORMAT " bytes", n);
    return progress == DUNLIN_COMPLETE;
}

static void
write_varint (DunlinBuffer *to, guint32 v)
{
    guint8 *at = dunlin_buffer_reserve (to, DUNLIN_VARINT_MAX_BYTES);

    dunlin_buffer_commit (to, (gsize)dunlin_varint_write (at, v));
}

void
dunlin_message_write (DunlinBuffer *to, const DunlinMessageHeader *header)
{
    g_assert (header->name_length <= DUNLIN_MESSAGE_NAME_MAX);
    if (header->encoding == DUNLIN_ENCODING_COMPACT) {
        dunlin_buffer_u8 (to, COMPACT_ID);
        dunlin_buffer_u8 (to, (guint8)(header->type << COMPACT_TYPE_SHIFT | COMPACT_VERSION));
        write_varint (to, (guint32)header->seqid);
        write_varint (to, (guint32)header->name_length);
        dunlin_buffer_append (to, header->name, header->name_length);
        return;
    }
    if (header->strict)
        dunlin_buffer_u32 (to, BINARY_VERSION | (guint32)header->type);
    dunlin_buffer_u32 (to, (guint32)header->name_length);
    dunlin_buffer_append (to, header->name, header->name_length);
    if (!header->strict)
        dunlin_buffer_u8 (to, (guint8)header->type);
    dunlin_buffer_u32 (to, (guint32)header->seqid);
}
