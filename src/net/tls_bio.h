/* The encrypted side of a TLS connection: a BIO that fills one large buffer with one read of the
 * socket, however many records come, and gathers all records on their way out for one write. */
#pragma once

#include "net/scratch.h"
#include "net/stream.h"

#include <openssl/bio.h>

G_BEGIN_DECLS

/* What a peer said first, to tell what it speaks if that is not TLS. */
#define DUNLIN_TLS_FIRST_BYTES 8

/**
 * DunlinTlsBio:
 * @fd: borrowed: the stream's
 * @scratch: borrowed: the loop's
 * @in: records that came and were not read by OpenSSL yet, kept between wake-ups
 * @view: (nullable): such records in the loop's scratch buffer, while a call of ours lasts
 * @out: records that the socket has not taken, kept between wake-ups
 * @n_gathered: bytes of records in the loop's scratch buffer, not sent yet
 * @dry: the socket had no more
 * @ended: the peer has closed the socket
 * @lost: (owned) (nullable): reading or writing the socket has failed
 */
typedef struct {
    int fd;
    DunlinScratch *scratch;
    DunlinBuffer in;
    const guint8 *view;
    gsize view_length;
    DunlinBuffer out;
    gsize n_gathered;
    gboolean dry;
    gboolean ended;
    GError *lost;
    guint8 first[DUNLIN_TLS_FIRST_BYTES];
    gsize n_first;
} DunlinTlsBio;

void dunlin_tls_bio_init (DunlinTlsBio *self, int fd);
void dunlin_tls_bio_clear (DunlinTlsBio *self);

/* Returns: (transfer full): a BIO that reads and writes through @self. */
BIO *dunlin_tls_bio_wrap (DunlinTlsBio *self);

/* Before the first call of OpenSSL in a turn: the socket may be asked again. */
void dunlin_tls_bio_begin (DunlinTlsBio *self);

/* After the last: sends what was gathered, keeps what must outlast the turn. */
void dunlin_tls_bio_end (DunlinTlsBio *self);

/* Bytes received that OpenSSL has not taken. */
gsize dunlin_tls_bio_unread (const DunlinTlsBio *self);
/* Bytes that the socket has not taken. */
gsize dunlin_tls_bio_unsent (const DunlinTlsBio *self);

G_END_DECLS
