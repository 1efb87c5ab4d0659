/* The first frames of each protocol. */
#include "cli/greeting.h"

#include <string.h>

#include "base/error.h"
#include "wire/frame.h"
#include "wire/mux.h"
#include "wire/ttwitter.h"

#define PING     "ping"
#define SEQUENCE 1

static gboolean
read_mux (CliTalk *talk, gint64 deadline, DunlinMuxMessage *message, GBytes **frame, GError **error)
{
    gsize n;
    const guint8 *data;

    *frame = cli_talk_frame (talk, deadline, error);
    if (*frame == NULL)
        return FALSE;
    data = g_bytes_get_data (*frame, &n);
    return dunlin_mux_decode (data, n, message, error);
}

static gboolean
expect_kind (const DunlinMuxMessage *message, DunlinMuxKind kind, GError **error)
{
    if (message->kind == kind)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "%s came, where %s was expected",
                 dunlin_mux_kind_name (message->kind), dunlin_mux_kind_name (kind));
    return FALSE;
}

static gboolean
ask_tinit (CliTalk *talk, gint64 deadline, gboolean *knows, GError **error)
{
    g_auto (DunlinMuxMessage) message = { 0 };
    g_autoptr (GBytes) frame = NULL;

    dunlin_mux_write_rerr (cli_talk_outbox (talk), DUNLIN_MUX_TAG_CONTROL, DUNLIN_MUX_TINIT_CHECK);
    if (!read_mux (talk, deadline, &message, &frame, error) ||
        !expect_kind (&message, DUNLIN_MUX_RERR, error))
        return FALSE;
    *knows = dunlin_mux_is_tinit_check (&message);
    return TRUE;
}

gboolean
cli_greeting_mux (CliTalk *talk, gint64 deadline, guint32 *window, GError **error)
{
    g_auto (DunlinMuxMessage) message = { 0 };
    g_autoptr (GBytes) frame = NULL;
    gboolean knows = FALSE;

    *window = DUNLIN_MUX_WINDOW_MAX;
    if (!ask_tinit (talk, deadline, &knows, error))
        return FALSE;
    if (!knows) /* an old service: version 1 without an opening */
        return TRUE;
    dunlin_mux_write_tinit (cli_talk_outbox (talk), DUNLIN_MUX_TAG_CONTROL, DUNLIN_MUX_WINDOW_MAX);
    return read_mux (talk, deadline, &message, &frame, error) &&
           expect_kind (&message, DUNLIN_MUX_RINIT, error) &&
           dunlin_mux_read_init (&message, cli_talk_peer (talk)->tls_version != NULL, window,
                                 error);
}

gboolean
cli_greeting_mux_ping (CliTalk *talk, gint64 deadline, GError **error)
{
    g_auto (DunlinMuxMessage) message = { 0 };
    g_autoptr (GBytes) frame = NULL;

    dunlin_mux_write_empty (cli_talk_outbox (talk), DUNLIN_MUX_TPING, DUNLIN_MUX_TAG_CONTROL);
    return read_mux (talk, deadline, &message, &frame, error) &&
           expect_kind (&message, DUNLIN_MUX_RPING, error);
}

static DunlinTtwitterEncoding
ttwitter_encoding (DunlinEncoding encoding)
{
    return encoding == DUNLIN_ENCODING_BINARY ? DUNLIN_TTWITTER_BINARY : DUNLIN_TTWITTER_COMPACT;
}

gboolean
cli_greeting_upgrade (CliTalk *talk, DunlinEncoding encoding, gint64 deadline, gboolean *upgraded,
                      GError **error)
{
    DunlinBuffer *out = cli_talk_outbox (talk);
    gsize mark = dunlin_frame_begin (out);
    g_autoptr (GBytes) frame = NULL;
    const guint8 *data;
    gsize n;

    dunlin_ttwitter_write_upgrade (out, ttwitter_encoding (encoding));
    dunlin_frame_end (out, mark);
    frame = cli_talk_frame (talk, deadline, error);
    if (frame == NULL)
        return FALSE;
    data = g_bytes_get_data (frame, &n);
    return dunlin_ttwitter_read_upgrade_reply (data, n, upgraded, error);
}

static void
write_ping (DunlinBuffer *out, DunlinEncoding encoding, gboolean upgraded)
{
    DunlinMessageHeader header = { .name = PING,
                                   .name_length = strlen (PING),
                                   .type = DUNLIN_MESSAGE_CALL,
                                   .seqid = SEQUENCE,
                                   .encoding = encoding,
                                   .strict = TRUE };
    const DunlinContext context = { 0 };
    gsize mark = dunlin_frame_begin (out);

    if (upgraded)
        dunlin_ttwitter_write_request (out, ttwitter_encoding (encoding), &context);
    dunlin_message_write (out, &header);
    dunlin_buffer_u8 (out, 0); /* no arguments */
    dunlin_frame_end (out, mark);
}

static gboolean
read_pong (GBytes *frame, DunlinEncoding encoding, gboolean upgraded, const char **answer,
           GError **error)
{
    gsize n;
    gsize used;
    const guint8 *data = g_bytes_get_data (frame, &n);
    DunlinReader in = dunlin_reader (data, n);
    DunlinMessageHeader header;

    if (upgraded && !dunlin_ttwitter_skip_response (&in, ttwitter_encoding (encoding), error))
        return FALSE;
    if (!dunlin_message_read (in.data, in.left, encoding, &header, &used, error))
        return FALSE;
    *answer = header.type == DUNLIN_MESSAGE_REPLY
                  ? "ping() answers"
                  : "answers that it has no ping(), or that it failed";
    return TRUE;
}

gboolean
cli_greeting_call_ping (CliTalk *talk, DunlinEncoding encoding, gboolean upgraded, gint64 deadline,
                        const char **answer, GError **error)
{
    g_autoptr (GBytes) frame = NULL;

    write_ping (cli_talk_outbox (talk), encoding, upgraded);
    frame = cli_talk_frame (talk, deadline, error);
    return frame != NULL && read_pong (frame, encoding, upgraded, answer, error);
}
