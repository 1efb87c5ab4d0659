/* How a line of the access log looks. Pure: bytes only, no file, no clock. */
#pragma once

#include "base/access_log.h"

G_BEGIN_DECLS

/* No line is longer: six texts cut to 128 bytes, each byte at most six when escaped, and the rest.
 */
#define DUNLIN_ACCESS_LINE_MAX 6144

/* The longest form of a time, with its terminating zero. */
#define DUNLIN_ACCESS_TIME_MAX 40

/**
 * DunlinAccessMiddle:
 * @of: service, method, protocol, outcome: whose @text it is
 * @length: of @text
 *
 * The part of a line that is the same for most calls of a method, as it was last. Zeroed is empty.
 */
typedef struct {
    const char *of[4];
    gsize length;
    char text[200];
} DunlinAccessMiddle;

/* Writes the time of all lines of one second, as @format wants it, to @out. */
void dunlin_access_time (DunlinAccessFormat format, gint64 seconds,
                         char out[DUNLIN_ACCESS_TIME_MAX]);

/**
 * dunlin_access_line:
 * @time: from dunlin_access_time()
 * @middle: (inout) (nullable): where a line of the same method may have left its middle; only for
 *   entries whose @is_static is set
 * @out: room for DUNLIN_ACCESS_LINE_MAX bytes
 *
 * Returns: the line's length, with its newline.
 */
gsize dunlin_access_line (DunlinAccessFormat format, const DunlinAccessEntry *entry,
                          const char *time, DunlinAccessMiddle *middle, char *out);

G_END_DECLS
