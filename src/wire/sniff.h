/* Which protocol a connection speaks, from its first bytes; or which stranger has come to the wrong
 * door. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than so many bytes are never needed to decide. */
#define DUNLIN_SNIFF_MAX 64

/**
 * DunlinSniff:
 * @DUNLIN_SNIFF_NEED_MORE: what is there could still be one thing or another
 * @DUNLIN_SNIFF_MUX: ThriftMux
 * @DUNLIN_SNIFF_FRAMED_BINARY: framed Thrift, strict binary; with or without TTwitter's upgrade
 * @DUNLIN_SNIFF_FRAMED_BINARY_OLD: framed Thrift, binary without a version
 * @DUNLIN_SNIFF_FRAMED_COMPACT: framed Thrift, compact
 * @DUNLIN_SNIFF_UNFRAMED_BINARY: the same three without frames ("buffered")
 * @DUNLIN_SNIFF_STRANGER: where those begin that are not served
 * @DUNLIN_SNIFF_UNKNOWN: none of all these
 */
typedef enum {
    DUNLIN_SNIFF_NEED_MORE,
    DUNLIN_SNIFF_MUX,
    DUNLIN_SNIFF_FRAMED_BINARY,
    DUNLIN_SNIFF_FRAMED_BINARY_OLD,
    DUNLIN_SNIFF_FRAMED_COMPACT,
    DUNLIN_SNIFF_UNFRAMED_BINARY,
    DUNLIN_SNIFF_UNFRAMED_BINARY_OLD,
    DUNLIN_SNIFF_UNFRAMED_COMPACT,
    DUNLIN_SNIFF_STRANGER,
    DUNLIN_SNIFF_TLS = DUNLIN_SNIFF_STRANGER,
    DUNLIN_SNIFF_HTTP,
    DUNLIN_SNIFF_HTTP2,
    DUNLIN_SNIFF_SSH,
    DUNLIN_SNIFF_PROXY,
    DUNLIN_SNIFF_JSON,
    DUNLIN_SNIFF_THEADER,
    DUNLIN_SNIFF_REDIS,
    DUNLIN_SNIFF_MEMCACHED,
    DUNLIN_SNIFF_ZOOKEEPER,
    DUNLIN_SNIFF_POSTGRES,
    DUNLIN_SNIFF_MAIL,
    DUNLIN_SNIFF_AMQP,
    DUNLIN_SNIFF_UNKNOWN,
    DUNLIN_SNIFF_N_KINDS
} DunlinSniff;

/**
 * dunlin_sniff:
 * @data: a connection's first bytes (after TLS, where there is TLS)
 * @n: how many are there so far
 *
 * Never %DUNLIN_SNIFF_NEED_MORE from %DUNLIN_SNIFF_MAX bytes on; usually 4 to 8 are enough. Says
 * nothing of whether a frame's size is acceptable.
 *
 * Returns: what speaks there.
 */
DunlinSniff dunlin_sniff (const guint8 *data, gsize n);

/* Whether it is a protocol that is not served here. */
static inline gboolean
dunlin_sniff_is_stranger (DunlinSniff kind)
{
    return kind >= DUNLIN_SNIFF_STRANGER;
}

/* Returns: (transfer none): "framed Thrift (compact)", "a TLS handshake"; never %NULL. */
const char *dunlin_sniff_name (DunlinSniff kind);

/**
 * dunlin_sniff_describe:
 *
 * Returns: (transfer none): a stranger's name, the likely cause and what to do about it, for the
 *   log; its name alone for what is served.
 */
const char *dunlin_sniff_describe (DunlinSniff kind);

/**
 * dunlin_sniff_quote:
 *
 * Returns: (transfer full): the first bytes as a log can show them: `47 45 54 20 "GET "`.
 */
char *dunlin_sniff_quote (const guint8 *data, gsize n);

G_END_DECLS
