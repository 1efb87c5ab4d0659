/* What all streams of one loop share, so that an idle one needs nothing of its own: large buffers
 * to read into, storage for those who must keep bytes, and work for the loop's next turn. */
#pragma once

#include "base/bytes.h"
#include "loop/loop.h"

G_BEGIN_DECLS

/* Holds a 64 KiB payload with its frame, and stays within a core's own cache. */
#define DUNLIN_SCRATCH_BYTES (128 * 1024)

typedef struct DunlinScratch DunlinScratch;

/**
 * DunlinTurn:
 *
 * Something to do on the loop's next turn, after the sockets were looked at again: what is left
 * when a wake-up has had its fair share. Embedded in its owner, zeroed at first.
 */
typedef struct DunlinTurn {
    struct DunlinTurn *next;     /* private */
    struct DunlinTurn *previous; /* private */
    DunlinLoopFunc func;
    gpointer data;
    gboolean queued; /* private */
} DunlinTurn;

/* Returns: (transfer none): @loop's; made at the first use, ends with the loop. */
DunlinScratch *dunlin_scratch_of (DunlinLoop *loop);

/* Returns: (transfer none): DUNLIN_SCRATCH_BYTES for decrypted or plain bytes; they are the
 * caller's until it returns to the loop. */
guint8 *dunlin_scratch_plain (DunlinScratch *self);
/* Likewise for encrypted bytes on their way in and out. */
guint8 *dunlin_scratch_sealed_in (DunlinScratch *self);
guint8 *dunlin_scratch_sealed_out (DunlinScratch *self);

/* Gives @buffer some used storage if it has none and there is some. */
void dunlin_scratch_lend (DunlinScratch *self, DunlinBuffer *buffer);
/* Takes the storage of @buffer, which is empty after, for the next. */
void dunlin_scratch_take_back (DunlinScratch *self, DunlinBuffer *buffer);

/* Queues @turn; doing it twice does it once. */
void dunlin_scratch_next_turn (DunlinScratch *self, DunlinTurn *turn);
void dunlin_scratch_forget_turn (DunlinTurn *turn);

G_END_DECLS
