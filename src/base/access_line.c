/* Lines of the access log, put together without printf: this runs once a call. */
#include "base/access_line.h"

#include <string.h>
#include <time.h>

/* Enough for every honest name; a peer's longer ones are cut. */
#define TEXT_MAX 128

static const char hex[] = "0123456789abcdef";

static char *
put_literal (char *out, const char *text, gsize length)
{
    memcpy (out, text, length);
    return out + length;
}

#define PUT(out, literal) put_literal (out, literal, sizeof (literal) - 1)

static char *
put_number (char *out, guint64 number)
{
    char digits[20];
    gsize n = 0;

    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (n > 0)
        *out++ = digits[--n];
    return out;
}

static char *
put_hex (char *out, guint64 number)
{
    for (int shift = 60; shift >= 0; shift -= 4)
        *out++ = hex[number >> shift & 15];
    return out;
}

static char *
put_trace (char *out, const DunlinAccessEntry *entry)
{
    if (entry->trace_id_high != 0)
        out = put_hex (out, entry->trace_id_high);
    return put_hex (out, entry->trace_id);
}

static gboolean
has_trace (const DunlinAccessEntry *entry)
{
    return (entry->trace_id | entry->trace_id_high) != 0;
}

/* Printable ASCII but space, quote and backslash, which would blur where a field ends. */
static inline gboolean
is_plain (guchar c)
{
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Every other byte becomes \xNN: a line is always one line of ASCII with the same fields. */
static char *
put_text (char *out, const char *text)
{
    const char *end = NULL;

    if (text == NULL || text[0] == '\0')
        return PUT (out, "-");
    end = text + TEXT_MAX;
    for (; *text != '\0' && text < end; text++) {
        guchar c = (guchar)*text;

        if (G_LIKELY (is_plain (c))) {
            *out++ = (char)c;
            continue;
        }
        out = PUT (out, "\\x");
        *out++ = hex[c >> 4];
        *out++ = hex[c & 15];
    }
    return out;
}

/* JSON */

/* The bytes of the character at @text, or 0 when there is none that is UTF-8. */
static gsize
char_length (const char *text, gsize left)
{
    gunichar c = g_utf8_get_char_validated (text, (gssize)left);

    if (c == (gunichar)-1 || c == (gunichar)-2)
        return 0;
    return (gsize)g_unichar_to_utf8 (c, NULL);
}

/* One character that is not plain; *text moves on. */
static char *
put_json_char (char *out, const char **text, gsize left)
{
    guchar c = (guchar) * *text;
    gsize length = 1;

    if (c == ' ') {
        *out++ = ' ';
    } else if (c == '"' || c == '\\') {
        *out++ = '\\';
        *out++ = (char)c;
    } else if (c < 0x80) {
        out = PUT (out, "\\u00");
        *out++ = hex[c >> 4];
        *out++ = hex[c & 15];
    } else {
        length = char_length (*text, left);
        if (length == 0)
            out = PUT (out, "\xef\xbf\xbd");
        else
            out = put_literal (out, *text, length);
        length = MAX (length, 1);
    }
    *text += length;
    return out;
}

static char *
put_json_text (char *out, const char *text)
{
    gsize length = strnlen (text, TEXT_MAX);
    const char *end = text + length;

    *out++ = '"';
    while (text < end) {
        if (G_LIKELY (is_plain ((guchar)*text)))
            *out++ = *text++;
        else
            out = put_json_char (out, &text, (gsize)(end - text));
    }
    *out++ = '"';
    return out;
}

static gsize
text_line (const DunlinAccessEntry *entry, const char *time, char *out)
{
    char *start = out;

    out = put_text (out, entry->peer);
    out = PUT (out, " - ");
    out = put_text (out, entry->client);
    out = PUT (out, " [");
    out = put_literal (out, time, strlen (time));
    out = PUT (out, "] \"");
    if (entry->service != NULL && entry->service[0] != '\0') {
        out = put_text (out, entry->service);
        *out++ = '.';
    }
    out = put_text (out, entry->method);
    *out++ = ' ';
    out = put_text (out, entry->protocol);
    out = PUT (out, "\" ");
    out = put_text (out, entry->outcome);
    *out++ = ' ';
    out = put_number (out, entry->request_bytes);
    *out++ = ' ';
    out = put_number (out, entry->response_bytes);
    *out++ = ' ';
    out = put_number (out, (guint64)MAX (entry->duration, 0));
    *out++ = ' ';
    out = has_trace (entry) ? put_trace (out, entry) : PUT (out, "-");
    *out++ = '\n';
    return (gsize)(out - start);
}

static char *
put_json_pair (char *out, const char *name, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return out;
    out = PUT (out, ",\"");
    out = put_literal (out, name, strlen (name));
    out = PUT (out, "\":");
    return put_json_text (out, text);
}

static gsize
json_line (const DunlinAccessEntry *entry, const char *time, char *out)
{
    char *start = out;

    out = PUT (out, "{\"time\":\"");
    out = put_literal (out, time, strlen (time));
    *out++ = '"';
    out = put_json_pair (out, "peer", entry->peer);
    out = put_json_pair (out, "client", entry->client);
    out = put_json_pair (out, "service", entry->service);
    out = put_json_pair (out, "method", entry->method);
    out = put_json_pair (out, "protocol", entry->protocol);
    out = put_json_pair (out, "outcome", entry->outcome);
    out = PUT (out, ",\"request_bytes\":");
    out = put_number (out, entry->request_bytes);
    out = PUT (out, ",\"response_bytes\":");
    out = put_number (out, entry->response_bytes);
    out = PUT (out, ",\"duration_us\":");
    out = put_number (out, (guint64)MAX (entry->duration, 0));
    if (has_trace (entry)) {
        out = PUT (out, ",\"trace_id\":\"");
        out = put_trace (out, entry);
        *out++ = '"';
    }
    out = PUT (out, "}\n");
    return (gsize)(out - start);
}

static const struct {
    const char *time;
    gsize (*line) (const DunlinAccessEntry *, const char *, char *);
} formats[DUNLIN_N_ACCESS_FORMATS] = {
    [DUNLIN_ACCESS_TEXT] = { "%d/%b/%Y:%H:%M:%S +0000", text_line },
    [DUNLIN_ACCESS_JSON] = { "%Y-%m-%dT%H:%M:%SZ", json_line },
};

void
dunlin_access_time (DunlinAccessFormat format, gint64 seconds, char out[DUNLIN_ACCESS_TIME_MAX])
{
    time_t then = (time_t)seconds;
    struct tm parts;

    gmtime_r (&then, &parts);
    strftime (out, DUNLIN_ACCESS_TIME_MAX, formats[format].time, &parts);
}

gsize
dunlin_access_line (DunlinAccessFormat format, const DunlinAccessEntry *entry, const char *time,
                    char *out)
{
    return formats[format].line (entry, time, out);
}
