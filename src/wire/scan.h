/* Finds the end of an unframed Thrift message while its bytes arrive: nothing but the message
 * itself says where it ends. Looks at every byte once, keeps no copy, allocates nothing. It only
 * measures: what the message holds is checked when it is read. */
#pragma once

#include "wire/payload.h"

G_BEGIN_DECLS

/**
 * DunlinScanLevel:
 * @left: values still to come; unused in a struct
 * @is_struct: its values come with headers
 * @now: type of the next value; in a struct T_STOP when a field's header is next
 * @later: of the one after it
 */
typedef struct {
    guint32 left;
    guint8 is_struct;
    guint8 now;
    guint8 later;
} DunlinScanLevel;

/**
 * DunlinScan:
 * @encoding: of the message
 * @in_body: the message's header has been passed
 * @depth: levels that are open
 * @max_bytes: the longest message that is taken
 * @at: where the scan goes on, from the message's first byte; beyond what is there when a string is
 *   passed over
 *
 * Where a scan stands. No pointers: copy and forget it as you like.
 */
typedef struct {
    DunlinEncoding encoding;
    gboolean in_body;
    int depth;
    gsize max_bytes;
    gsize at;
    DunlinScanLevel levels[DUNLIN_PAYLOAD_DEPTH_MAX];
} DunlinScan;

/* Begins at a message's first byte. @max_bytes: at most %G_MAXINT32. */
void dunlin_scan_init (DunlinScan *self, DunlinEncoding encoding, gsize max_bytes);

/**
 * dunlin_scan_feed:
 * @data: the message from its first byte on, as far as it is there; may have moved since the last
 *   feed
 * @n: bytes of @data; not fewer than at the last feed
 * @message_length: (out): its length when complete; untouched otherwise
 *
 * Goes on where the last feed stopped. The first byte after the message begins the next one: init
 * again for it.
 *
 * Returns: whether the message is there, or not yet, or %DUNLIN_FAILED with @error MALFORMED or
 *   TOO_LARGE.
 */
DunlinProgress dunlin_scan_feed (DunlinScan *self, const guint8 *data, gsize n,
                                 gsize *message_length, GError **error);

G_END_DECLS
