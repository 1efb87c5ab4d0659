/* One row a stranger's language. */
#include "server/stranger.h"

#define TEXT                                                                                       \
    "This is a Thrift port (framed, buffered or ThriftMux), not an HTTP one.\r\n"                  \
    "Call it with a Thrift client.\r\n"

static const char http_400[] = "HTTP/1.1 400 Bad Request\r\n"
                               "Content-Type: text/plain; charset=utf-8\r\n"
                               "Connection: close\r\n"
                               "\r\n" TEXT;

/* A fatal handshake_failure alert of TLS 1.2's record layer (RFC 5246 7.2), which every TLS client
 * reports as "the server refused", not as garbage. */
static const guint8 tls_alert[] = { 0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28 };

typedef struct {
    const void *bytes;
    gsize length;
} Answer;

static Answer
answer_of (DunlinSniff kind)
{
    switch (kind) {
    case DUNLIN_SNIFF_HTTP:
        return (Answer){ http_400, sizeof http_400 - 1 };
    case DUNLIN_SNIFF_TLS:
        return (Answer){ tls_alert, sizeof tls_alert };
    default:
        return (Answer){ NULL, 0 };
    }
}

void
dunlin_stranger_answer (DunlinSession *session, DunlinSniff kind)
{
    Answer answer = answer_of (kind);
    g_autoptr (GError) error =
        g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "%s", dunlin_sniff_describe (kind));

    dunlin_buffer_append (dunlin_stream_outbox (session->stream), answer.bytes, answer.length);
    dunlin_session_reject (session, error);
}
