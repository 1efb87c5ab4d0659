/* A socket, with or without TLS, as cheap as OpenSSL allows: one read fills a buffer for many
 * records, one write takes all that is waiting. What the load generator and the limit have in
 * common; nothing here is from the framework, so that it is measured against something else. */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

/* How much one read takes at most, and how much waits for one write. */
#define LINK_READ_BYTES  (256 * 1024)
#define LINK_WRITE_BYTES (256 * 1024)

/**
 * LinkBytes:
 * @data: (owned)
 * @start: of what is not yet consumed
 *
 * A growing queue. Zeroed is empty.
 */
typedef struct {
    guint8 *data;
    gsize start;
    gsize end;
    gsize capacity;
} LinkBytes;

void link_bytes_append (LinkBytes *self, const void *data, gsize n);
/* Returns: room for @n bytes at the end; add them with ->end += n. */
guint8 *link_bytes_reserve (LinkBytes *self, gsize n);
void link_bytes_consume (LinkBytes *self, gsize n);
void link_bytes_clear (LinkBytes *self);

static inline gsize
link_bytes_length (const LinkBytes *self)
{
    return self->end - self->start;
}

typedef enum { LINK_OK, LINK_AGAIN, LINK_CLOSED, LINK_FAILED } LinkStatus;

/**
 * Link:
 * @in: decrypted bytes that came
 * @out: bytes for the socket that it has not taken
 * @raw: what was last read and OpenSSL has not taken; borrowed for the time of one call
 * @why: (nullable): what TLS complained of; static
 */
typedef struct {
    int fd;
    SSL *ssl;
    LinkBytes in;
    LinkBytes out;
    const guint8 *raw;
    gsize raw_length;
    const char *why;
    gboolean ended;
    gboolean is_full; /* the socket took not all of the last write */
    gboolean is_broken;
} Link;

/* Before all other functions; one method for all links. */
void link_init_once (void);
/* The last that a thread does with links: what they shared is freed. */
void link_end_thread (void);

/* @context: (nullable): %NULL for no TLS. Takes @fd, which must be non-blocking. */
void link_open (Link *self, int fd, SSL_CTX *context, gboolean is_server);
void link_close (Link *self);

/* Goes on with the handshake. LINK_OK: done (without TLS at once). */
LinkStatus link_handshake (Link *self);
/* One read; what came is in @in. LINK_AGAIN: nothing did. LINK_CLOSED also after some bytes. */
LinkStatus link_receive (Link *self);
/* After what came was consumed: an idle link holds no memory for it. */
void link_settle (Link *self);
/* Encrypts into @out; link_flush() sends what was not so much that it went at once. */
LinkStatus link_write (Link *self, const void *data, gsize n);
/* LINK_AGAIN: the socket takes no more now. */
LinkStatus link_flush (Link *self);
/* Says goodbye; the other side may still speak. */
void link_goodbye (Link *self);
