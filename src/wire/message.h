/* The header of a Thrift message (name, type, sequence id) in both encodings, read and written
 * without allocation. Pure: what follows the header is wire/payload's business. */
#pragma once

#include "base/bytes.h"

G_BEGIN_DECLS

typedef enum { DUNLIN_ENCODING_BINARY, DUNLIN_ENCODING_COMPACT } DunlinEncoding;

/* The longest IDL names seen are below 100 bytes; with `Service:` in front there is still room, and
 * whoever announces more is no Thrift peer. */
#define DUNLIN_MESSAGE_NAME_MAX 1024

typedef enum {
    DUNLIN_MESSAGE_CALL = 1,
    DUNLIN_MESSAGE_REPLY = 2,
    DUNLIN_MESSAGE_EXCEPTION = 3,
    DUNLIN_MESSAGE_ONEWAY = 4
} DunlinMessageType;

/* What came of looking at bytes that may not all be there. */
typedef enum { DUNLIN_NEED_MORE, DUNLIN_COMPLETE, DUNLIN_FAILED } DunlinProgress;

/**
 * DunlinMessageHeader:
 * @name: (not owned): the method's name, or "Service:method"; UTF-8 without zero bytes, not
 *   terminated; points into the bytes that were read
 * @name_length: bytes of @name
 * @type: what the message is
 * @seqid: to be echoed in the reply
 * @encoding: of the message
 * @strict: binary only: whether it began with the version, `80 01`; a reply does as its call did
 */
typedef struct {
    const char *name;
    gsize name_length;
    DunlinMessageType type;
    gint32 seqid;
    DunlinEncoding encoding;
    gboolean strict;
} DunlinMessageHeader;

/**
 * dunlin_message_parse:
 * @data: where the message begins
 * @n: bytes that are there so far
 * @encoding: the connection's; strict and old binary are told apart by themselves
 * @header: (out caller-allocates): untouched unless complete
 * @used: (out): bytes of the header; untouched unless complete
 *
 * Returns: whether the header is there, or not yet, or %DUNLIN_FAILED with @error MALFORMED or
 *   TOO_LARGE (a name over %DUNLIN_MESSAGE_NAME_MAX).
 */
DunlinProgress dunlin_message_parse (const guint8 *data, gsize n, DunlinEncoding encoding,
                                     DunlinMessageHeader *header, gsize *used, GError **error);

/**
 * dunlin_message_read:
 *
 * As dunlin_message_parse(), of bytes that are all there: a header cut short is MALFORMED.
 *
 * Returns: FALSE with @error set when there is no header.
 */
gboolean dunlin_message_read (const guint8 *data, gsize n, DunlinEncoding encoding,
                              DunlinMessageHeader *header, gsize *used, GError **error);

/* Appends @header. The name must not be longer than %DUNLIN_MESSAGE_NAME_MAX. */
void dunlin_message_write (DunlinBuffer *to, const DunlinMessageHeader *header);

G_END_DECLS
