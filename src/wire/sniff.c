/* Sniffing: a table of texts for strangers, a table of the first byte in a frame for everything
 * that starts with a size, and one rule for old unframed binary, which starts with a size as well.
 */
#include "wire/sniff.h"

#include <string.h>

#include "wire/message.h"

typedef struct {
    const char *name;
    const char *description;
} Kind;

static const Kind kinds[DUNLIN_SNIFF_N_KINDS] = {
    [DUNLIN_SNIFF_NEED_MORE] = { "nothing certain yet", "nothing certain yet" },
    [DUNLIN_SNIFF_MUX] = { "ThriftMux", "ThriftMux" },
    [DUNLIN_SNIFF_FRAMED_BINARY] = { "framed Thrift (binary)", "framed Thrift (binary)" },
    [DUNLIN_SNIFF_FRAMED_BINARY_OLD] = { "framed Thrift (old binary)",
                                         "framed Thrift (old binary)" },
    [DUNLIN_SNIFF_FRAMED_COMPACT] = { "framed Thrift (compact)", "framed Thrift (compact)" },
    [DUNLIN_SNIFF_UNFRAMED_BINARY] = { "unframed Thrift (binary)", "unframed Thrift (binary)" },
    [DUNLIN_SNIFF_UNFRAMED_BINARY_OLD] = { "unframed Thrift (old binary)",
                                           "unframed Thrift (old binary)" },
    [DUNLIN_SNIFF_UNFRAMED_COMPACT] = { "unframed Thrift (compact)", "unframed Thrift (compact)" },
    [DUNLIN_SNIFF_TLS] = { "a TLS handshake",
                           "a TLS handshake on a plain port: set tls.mode=required here, or let "
                           "the client connect without TLS" },
    [DUNLIN_SNIFF_HTTP] = { "HTTP",
                            "an HTTP request on the Thrift port: is the port the right one? "
                            "HTTP, where it is on, has its own" },
    [DUNLIN_SNIFF_HTTP2] = { "HTTP/2", "HTTP/2 (or gRPC) on the Thrift port: only Thrift and "
                                       "ThriftMux are spoken here" },
    [DUNLIN_SNIFF_SSH] = { "SSH", "an SSH client: is the port the right one?" },
    [DUNLIN_SNIFF_PROXY] = { "the PROXY protocol",
                             "a PROXY protocol header: turn it off in the load balancer in front" },
    [DUNLIN_SNIFF_JSON] = { "JSON", "Thrift's JSON protocol, or other JSON: let the client use the "
                                    "binary or the compact protocol" },
    [DUNLIN_SNIFF_THEADER] = { "THeader", "Facebook's THeader transport: let the client use the "
                                          "framed transport" },
    [DUNLIN_SNIFF_REDIS] = { "Redis", "a Redis client: is the port the right one?" },
    [DUNLIN_SNIFF_MEMCACHED] = { "memcached", "a memcached client: is the port the right one?" },
    [DUNLIN_SNIFF_ZOOKEEPER] = { "ZooKeeper", "a ZooKeeper client: it was given this service's "
                                              "address instead of the ensemble's" },
    [DUNLIN_SNIFF_POSTGRES] = { "PostgreSQL", "a PostgreSQL client: is the port the right one?" },
    [DUNLIN_SNIFF_MAIL] = { "SMTP", "a mail client (SMTP): is the port the right one?" },
    [DUNLIN_SNIFF_AMQP] = { "AMQP", "an AMQP client: is the port the right one?" },
    [DUNLIN_SNIFF_UNKNOWN] = { "an unknown protocol",
                               "neither ThriftMux nor Thrift in binary or compact, framed or not" },
};

/* Read as a frame's size, the smallest of these is 369 MB, so no frame begins like them. */
static const struct {
    const char *text;
    DunlinSniff kind;
} strangers[] = {
    { "\x16\x03", DUNLIN_SNIFF_TLS },   { "GET ", DUNLIN_SNIFF_HTTP },
    { "POST", DUNLIN_SNIFF_HTTP },      { "PUT ", DUNLIN_SNIFF_HTTP },
    { "HEAD", DUNLIN_SNIFF_HTTP },      { "DELE", DUNLIN_SNIFF_HTTP },
    { "OPTI", DUNLIN_SNIFF_HTTP },      { "PATC", DUNLIN_SNIFF_HTTP },
    { "CONN", DUNLIN_SNIFF_HTTP },      { "TRAC", DUNLIN_SNIFF_HTTP },
    { "HTTP", DUNLIN_SNIFF_HTTP },      { "PRI ", DUNLIN_SNIFF_HTTP2 },
    { "SSH-", DUNLIN_SNIFF_SSH },       { "PROX", DUNLIN_SNIFF_PROXY },
    { "\r\n\r\n", DUNLIN_SNIFF_PROXY }, { "[1,\"", DUNLIN_SNIFF_JSON },
    { "{\"", DUNLIN_SNIFF_JSON },       { "*1\r\n", DUNLIN_SNIFF_REDIS },
    { "*2\r\n", DUNLIN_SNIFF_REDIS },   { "*4\r\n", DUNLIN_SNIFF_REDIS },
    { "*3\r\n", DUNLIN_SNIFF_REDIS },   { "PING", DUNLIN_SNIFF_REDIS },
    { "get ", DUNLIN_SNIFF_MEMCACHED }, { "gets", DUNLIN_SNIFF_MEMCACHED },
    { "set ", DUNLIN_SNIFF_MEMCACHED }, { "vers", DUNLIN_SNIFF_MEMCACHED },
    { "ruok", DUNLIN_SNIFF_ZOOKEEPER }, { "srvr", DUNLIN_SNIFF_ZOOKEEPER },
    { "mntr", DUNLIN_SNIFF_ZOOKEEPER }, { "EHLO", DUNLIN_SNIFF_MAIL },
    { "HELO", DUNLIN_SNIFF_MAIL },      { "AMQP", DUNLIN_SNIFF_AMQP },
};

static guint32
load_u32 (const guint8 *at)
{
    return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

static gboolean
is_message_type (guint type)
{
    return type >= DUNLIN_MESSAGE_CALL && type <= DUNLIN_MESSAGE_ONEWAY;
}

static gboolean
is_compact_head (guint8 second)
{
    return (second & 0x1f) == 1 && is_message_type (second >> 5);
}

static gboolean
is_name_byte (guint8 byte)
{
    return g_ascii_isalnum (byte) || memchr ("_:.-", byte, 4) != NULL;
}

/* Types of ThriftMux messages, both forms of Tdiscarded and of Rerr. */
static gboolean
is_mux_type (guint8 type)
{
    static const guint8 types[] = {
        0x01, 0xff,       /* Treq */
        0x02, 0xfe,       /* Tdispatch */
        0x40, 0xc0,       /* Tdrain */
        0x41, 0xbf,       /* Tping */
        0x42, 0xc2, 0xbe, /* Tdiscarded */
        0x43,             /* Tlease */
        0x44, 0xbc,       /* Tinit */
        0x7f, 0x80,       /* Rerr */
    };

    return memchr (types, type, sizeof types) != NULL;
}

/* Old binary without frames: name's length, name, type, seqid. */
static DunlinSniff
sniff_old_unframed (const guint8 *data, gsize n)
{
    gsize length = load_u32 (data);
    gsize looked_at = MIN (length, DUNLIN_SNIFF_MAX - 4);

    if (length == 0 || length > DUNLIN_MESSAGE_NAME_MAX)
        return DUNLIN_SNIFF_UNKNOWN;
    for (gsize i = 0; i < looked_at; i++) {
        if (4 + i == n)
            return DUNLIN_SNIFF_NEED_MORE;
        if (!is_name_byte (data[4 + i]))
            return DUNLIN_SNIFF_UNKNOWN;
    }
    if (4 + length >= DUNLIN_SNIFF_MAX)
        return DUNLIN_SNIFF_UNFRAMED_BINARY_OLD;
    if (4 + length == n)
        return DUNLIN_SNIFF_NEED_MORE;
    return is_message_type (data[4 + length]) ? DUNLIN_SNIFF_UNFRAMED_BINARY_OLD
                                              : DUNLIN_SNIFF_UNKNOWN;
}

/* A frame that begins with 80: a thrift version, or Rerr and its tag. */
static DunlinSniff
sniff_frame_80 (const guint8 *data, gsize n)
{
    if (n < 6)
        return DUNLIN_SNIFF_NEED_MORE;
    return data[5] == 1 ? DUNLIN_SNIFF_FRAMED_BINARY : DUNLIN_SNIFF_MUX;
}

static DunlinSniff
sniff_frame_82 (const guint8 *data, gsize n)
{
    if (n < 6)
        return DUNLIN_SNIFF_NEED_MORE;
    return is_compact_head (data[5]) ? DUNLIN_SNIFF_FRAMED_COMPACT : DUNLIN_SNIFF_UNKNOWN;
}

/* A name's length, or one of the many protocols that have a size and then some zeros. */
static DunlinSniff
sniff_frame_00 (const guint8 *data, gsize n)
{
    guint32 size = load_u32 (data);
    guint32 name;

    if (n < 8)
        return DUNLIN_SNIFF_NEED_MORE;
    name = load_u32 (data + 4);
    if (name == 0 && size > 40 && size < 64) /* ConnectRequest, protocol version 0 */
        return DUNLIN_SNIFF_ZOOKEEPER;
    if (name == 0x00030000) /* StartupMessage, version 3.0 */
        return DUNLIN_SNIFF_POSTGRES;
    if (name == 0 || name > DUNLIN_MESSAGE_NAME_MAX || name + 9 > size)
        return DUNLIN_SNIFF_UNKNOWN;
    return DUNLIN_SNIFF_FRAMED_BINARY_OLD;
}

/* 41 to 44 are Tping to Tinit, but 'A' to 'D' as well. What follows is a mux tag, which is small
 * (its first byte is 0) in a session's first message, or the name's second letter. */
static DunlinSniff
sniff_frame_letter (const guint8 *data, gsize n)
{
    DunlinSniff old = sniff_old_unframed (data, n);

    if (old == DUNLIN_SNIFF_UNKNOWN && load_u32 (data) >= 4)
        return DUNLIN_SNIFF_MUX;
    return old;
}

/* What begins with a size: data[4] is there. */
static DunlinSniff
sniff_frame (const guint8 *data, gsize n)
{
    guint32 size = load_u32 (data);
    guint8 first = data[4];

    if (first == 0x80 && size > 4)
        return sniff_frame_80 (data, n);
    if (first == 0x82)
        return sniff_frame_82 (data, n);
    if (first == 0)
        return sniff_frame_00 (data, n);
    if (first >= 'A' && first <= 'D')
        return sniff_frame_letter (data, n);
    if (is_mux_type (first))
        return size >= 4 ? DUNLIN_SNIFF_MUX : DUNLIN_SNIFF_UNKNOWN;
    if (first == '[' || first == '{')
        return DUNLIN_SNIFF_JSON;
    if (first == 0x0f && n < 6)
        return DUNLIN_SNIFF_NEED_MORE;
    if (first == 0x0f && data[5] == 0xff)
        return DUNLIN_SNIFF_THEADER;
    if (size == 8 && first == 0x04) /* SSLRequest, GSSENCRequest: 04 d2 16 2f or 30 */
        return DUNLIN_SNIFF_POSTGRES;
    return is_name_byte (first) ? sniff_old_unframed (data, n) : DUNLIN_SNIFF_UNKNOWN;
}

/* A stranger whose text is there, or, with @n too small, %DUNLIN_SNIFF_UNKNOWN. */
static DunlinSniff
find_stranger (const guint8 *data, gsize n)
{
    for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++) {
        gsize length = strlen (strangers[i].text);

        if (n >= length && memcmp (data, strangers[i].text, length) == 0)
            return strangers[i].kind;
    }
    return DUNLIN_SNIFF_UNKNOWN;
}

DunlinSniff
dunlin_sniff (const guint8 *data, gsize n)
{
    DunlinSniff stranger = find_stranger (data, n);

    if (stranger != DUNLIN_SNIFF_UNKNOWN)
        return stranger;
    if (n < 4)
        return DUNLIN_SNIFF_NEED_MORE;
    if (data[0] == 0x80 && data[1] == 0x01 && is_message_type (data[3]))
        return DUNLIN_SNIFF_UNFRAMED_BINARY;
    if (data[0] == 0x82 && is_compact_head (data[1]))
        return DUNLIN_SNIFF_UNFRAMED_COMPACT;
    if (data[0] >= 0x80 || load_u32 (data) == 0)
        return DUNLIN_SNIFF_UNKNOWN;
    if (n < 5)
        return DUNLIN_SNIFF_NEED_MORE;
    return sniff_frame (data, n);
}

const char *
dunlin_sniff_name (DunlinSniff kind)
{
    g_return_val_if_fail (kind < DUNLIN_SNIFF_N_KINDS, "an unknown protocol");
    return kinds[kind].name;
}

const char *
dunlin_sniff_describe (DunlinSniff kind)
{
    g_return_val_if_fail (kind < DUNLIN_SNIFF_N_KINDS, "an unknown protocol");
    return kinds[kind].description;
}

char *
dunlin_sniff_quote (const guint8 *data, gsize n)
{
    GString *text = g_string_new (NULL);

    n = MIN (n, 16);
    for (gsize i = 0; i < n; i++)
        g_string_append_printf (text, "%02x ", data[i]);
    g_string_append_c (text, '"');
    for (gsize i = 0; i < n; i++) {
        gboolean shown = g_ascii_isprint (data[i]) && data[i] != '"' && data[i] != '\\';

        g_string_append_c (text, shown ? (char)data[i] : '.');
    }
    g_string_append_c (text, '"');
    return g_string_free (text, FALSE);
}
